/** From a JSON value to one of the three kinds of audit events, or to what is wrong with it. */
import type * as z from 'zod';
import { type CustomAudit, customAuditSchema } from './custom-audit';
import { type QueryAudit, queryAuditSchema } from './query-audit';
import { type SystemAudit, systemAuditSchema } from './system-audit';
import { nanosecondsOf } from './time';

export const AUDIT_KINDS = ['query', 'system', 'custom'] as const;

export type AuditKind = (typeof AUDIT_KINDS)[number];

export interface QueryEvent {
  readonly kind: 'query';
  /** Milliseconds since 1970. */
  readonly eventTime: number;
  /** Nanoseconds since 1970, from the query's `startTime`. */
  readonly startTimeNs?: bigint;
  /** Nanoseconds since 1970, from the query's `completedTime`. */
  readonly completedTimeNs?: bigint;
  /** As it was received, unknown keys too. */
  readonly record: QueryAudit;
}

export interface SystemEvent {
  readonly kind: 'system';
  /** Milliseconds since 1970. */
  readonly eventTime: number;
  readonly record: SystemAudit;
}

export interface CustomEvent {
  readonly kind: 'custom';
  /** Milliseconds since 1970: the customer's time, or when ALTR took the event in. */
  readonly eventTime: number;
  /** Milliseconds since 1970. */
  readonly eventTimeSupplied?: number;
  /** The customer's details, parsed; missing where there are none or `detailsFault` says why not. */
  readonly details?: unknown;
  /** Why `eventDetails` could not be parsed. The event itself is good. */
  readonly detailsFault?: string;
  readonly record: CustomAudit;
}

export type AuditEvent = QueryEvent | SystemEvent | CustomEvent;

/** Why a JSON value is no audit event. */
export interface EventFault {
  readonly code: 'not-an-object' | 'unknown-kind' | 'schema';
  /** One sentence without a full stop. */
  readonly message: string;
}

export type ParsedEvent =
  | { readonly ok: true; readonly event: AuditEvent }
  | { readonly ok: false; readonly fault: EventFault };

/** Parses one audit event. Never throws. */
export function parseAuditEvent(value: unknown): ParsedEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return failed('not-an-object', `the record is ${described(value)}, not an object`);
  }
  switch (kindOf(value)) {
    case 'query':
      return parsed(queryAuditSchema, value, queryEvent);
    case 'custom':
      return parsed(customAuditSchema, value, customEvent);
    case 'system':
      return parsed(systemAuditSchema, value, systemEvent);
    default:
      return failed(
        'unknown-kind',
        'the record is no Query, System or Custom Audit: its eventName ends neither in QueryAudit nor in CustomAudit, and it has no category',
      );
  }
}

/** The vendor names Query and Custom Audits in `eventName`; a System Audit's names what happened, and only it has a category. */
function kindOf(value: object): AuditKind | undefined {
  const { eventName, category } = value as { eventName?: unknown; category?: unknown };
  if (typeof eventName !== 'string') return undefined;
  if (eventName.endsWith('QueryAudit')) return 'query';
  if (eventName.endsWith('CustomAudit')) return 'custom';
  return category === undefined ? undefined : 'system';
}

function parsed<T extends z.ZodType>(
  schema: T,
  value: object,
  make: (record: z.output<T>) => AuditEvent,
): ParsedEvent {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, event: make(result.data) };
  const faults = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${lowerFirst(message)}`);
  return failed('schema', faults.slice(0, 5).join('; '));
}

function queryEvent(record: QueryAudit): QueryEvent {
  const { startTime, completedTime } = record.eventDetails.query;
  const startTimeNs = nanosecondsOf(startTime ?? '');
  const completedTimeNs = nanosecondsOf(completedTime ?? '');
  return {
    kind: 'query',
    eventTime: record.eventTime,
    startTimeNs,
    completedTimeNs,
    record,
  };
}

function systemEvent(record: SystemAudit): SystemEvent {
  return { kind: 'system', eventTime: record.eventTime, record };
}

function customEvent(record: CustomAudit): CustomEvent {
  const { eventTime, eventTimeSupplied, eventDetails } = record;
  const supplied = eventTimeSupplied == null ? {} : { eventTimeSupplied };
  return { kind: 'custom', eventTime, ...supplied, ...detailsOf(eventDetails), record };
}

function detailsOf(text: string | null | undefined): Pick<CustomEvent, 'details' | 'detailsFault'> {
  if (text == null) return {};
  try {
    return { details: JSON.parse(text) };
  } catch {
    return { detailsFault: 'eventDetails is not JSON in a string' };
  }
}

function failed(code: EventFault['code'], message: string): ParsedEvent {
  return { ok: false, fault: { code, message } };
}

function described(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
