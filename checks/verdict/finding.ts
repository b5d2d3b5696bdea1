/** Findings and reports. The JSON report contains these objects as they are. */

/** The worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** `excepted`: a fail or unknown that an exception of the config covers. */
export type FindingStatus = 'pass' | 'fail' | 'unknown' | 'advice' | 'excepted';

/** The place in a document that a finding is about. */
export interface FindingLocation {
  /** For example `trust policy of role ALTRPublishSIEMDataAcme`. */
  readonly document: string;
  /** JSON pointer (RFC 6901) into the document, `""` for the whole. */
  readonly pointer: string;
}

/** How to fix it. Names in the commands are shell-quoted. */
export interface Remediation {
  /** One sentence. */
  readonly summary: string;
  /** The corrected policy document in full, where the fault lies in a document. */
  readonly document?: unknown;
  /** AWS CLI commands that fix it, in order. */
  readonly commands?: readonly string[];
  /** The change in Terraform (HCL), for configurations of your own. */
  readonly terraform?: string;
  /** The change for exports that this kit deploys: of the config, as YAML, or a command. */
  readonly cdktf?: string;
}

export interface Finding {
  /** Id of the rule. */
  readonly rule: string;
  readonly status: FindingStatus;
  readonly severity: Severity;
  /** ARN or name of what the finding is about. */
  readonly resource: string;
  /** What is wrong (or right), one plain sentence. */
  readonly message: string;
  /** What an attacker gains from it, or what log is lost by it. */
  readonly risk?: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly location: FindingLocation | null;
  readonly remediation: Remediation | null;
  /** Stable across runs, machines and reordered documents; changes when the fact changes. */
  readonly fingerprint: string;
  /**
   * Why a finding is unknown: an API that could not be read; a fact that nobody but ALTR knows; a document that was not
   * understood; nothing there that the chosen rules judge; or a bug of the rule. An exception can cover the second alone.
   */
  readonly cause?: UnknownCause;
  /** The exception of the config that covers the finding, or did until it expired. */
  readonly exception?: FindingException;
  /** With a baseline: whether that report had the same finding open already. Not set where nothing is wrong. */
  readonly baselineState?: 'new' | 'unchanged';
}

export type UnknownCause =
  | 'unreadable'
  | 'undecidable'
  | 'not-understood'
  | 'nothing-to-judge'
  | 'broken-rule';

/** Who accepted a finding, why, and for how long. */
export interface FindingException {
  readonly owner: string;
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`, UTC. */
  readonly until: string;
  /** True where that day has passed: the finding counts again. */
  readonly expired: boolean;
  /** What the finding is without the exception. */
  readonly covers: 'fail' | 'unknown';
}

export type Verdict = 'compliant' | 'violating' | 'unknown';

export interface ExportReport {
  readonly name: string;
  /** The account that the credentials belong to; null where it could not be read. */
  readonly accountId: string | null;
  readonly region: string;
  readonly status: Verdict;
  readonly findings: readonly Finding[];
  /** The documents that findings which are no pass point into, by name: as JSON, or as text where they are none. */
  readonly documents?: Readonly<Record<string, unknown>>;
}

/** Something to know about the config's exceptions. No finding, and never part of a verdict. */
export interface Notice {
  /** Its day has passed; it will within 30 days; it matches nothing. */
  readonly kind: 'exception-expired' | 'exception-expiring' | 'exception-stale';
  /** One sentence. */
  readonly message: string;
  /** The config file as it was given, and the 1-based line. */
  readonly file: string;
  readonly line: number;
}

/** A finding of the baseline that is no more. */
export type ResolvedFinding = { readonly export: string } & Pick<
  Finding,
  'rule' | 'status' | 'severity' | 'resource' | 'message' | 'fingerprint'
>;

/** How a run differs from an earlier one. Counts violations and unknowns. */
export interface BaselineComparison {
  /** When the earlier run began, ISO 8601. */
  readonly startedAt: string;
  readonly new: number;
  readonly unchanged: number;
  readonly resolved: readonly ResolvedFinding[];
}

/** A whole run: what `--format json` prints. */
export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** True where the run was cancelled or timed out before everything was judged. */
  readonly partial?: boolean;
  readonly summary: {
    readonly exports: number;
    readonly compliant: number;
    readonly violating: number;
    readonly unknown: number;
  };
  readonly exports: readonly ExportReport[];
  /** Missing where there is nothing to say. */
  readonly notices?: readonly Notice[];
  /** Missing where no baseline was given. */
  readonly baseline?: BaselineComparison;
}
