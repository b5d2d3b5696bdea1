/** The options of `altr-export logs …`, as commander gives them. */
import type { AuditKind, EventKind } from '../../logs';

export interface ValidateOptions {
  readonly maxRecord: number;
  readonly format: 'text' | 'json';
}

export interface BucketOptions {
  readonly config?: string;
  readonly prefix?: string;
}

export interface TailOptions extends BucketOptions {
  readonly kind: readonly EventKind[];
  readonly user?: string;
  readonly text?: string;
  readonly tag?: string;
  readonly category?: string;
  readonly format: 'text' | 'json';
  /** Milliseconds. */
  readonly since: number;
  /** Milliseconds. */
  readonly interval: number;
  readonly follow: boolean;
  readonly maxRecord: number;
}

export interface StatsOptions extends BucketOptions {
  /** Milliseconds. */
  readonly since: number;
  readonly format: 'text' | 'json';
  readonly maxRecord: number;
}

export interface HealthOptions {
  readonly config?: string;
  readonly format: 'text' | 'json';
}

export interface GenerateCommandOptions {
  readonly config?: string;
  readonly count: number;
  readonly seed: number;
  readonly kind: readonly AuditKind[];
  readonly clientId: string;
  /** ISO 8601, the end of the time that the events lie in. */
  readonly until?: string;
  /** Milliseconds before that. */
  readonly spread: number;
  readonly out?: string;
  readonly gzip?: true;
  readonly put?: string;
  readonly yes?: true;
}
