/** From a JSON value to an audit event, or to what is wrong with it. */
import type * as z from 'zod';
import { CORE_KEYS, type OtherRecord, otherEventSchema } from './common';
import { type CustomAudit, customAuditSchema } from './custom-audit';
import { described, type EventWarning, readLeniently, warningsOf } from './lenient';
import { type QueryAudit, queryAuditSchema } from './query-audit';
import { type SystemAudit, systemAuditSchema } from './system-audit';
import { nanosecondsOf } from './time';

/** The kinds that the vendor documents. */
export const AUDIT_KINDS = ['query', 'system', 'custom'] as const;

export type AuditKind = (typeof AUDIT_KINDS)[number];

/** `other` is an event of ALTR that fits none of the documented kinds. */
export const EVENT_KINDS = [...AUDIT_KINDS, 'other'] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

interface CommonEvent<K extends EventKind, R> {
  readonly kind: K;
  /** Milliseconds since 1970. */
  readonly eventTime: number;
  /** The record with its unknown keys; fields that are not as documented are converted or null. */
  readonly record: R;
  /** The record exactly as it was received. */
  readonly raw: object;
  /** Fields that are not as documented. */
  readonly warnings: readonly EventWarning[];
}

export interface QueryEvent extends CommonEvent<'query', QueryAudit> {
  /** Nanoseconds since 1970, from the query's `startTime`. */
  readonly startTimeNs?: bigint;
  /** Nanoseconds since 1970, from the query's `completedTime`. */
  readonly completedTimeNs?: bigint;
}

export type SystemEvent = CommonEvent<'system', SystemAudit>;

/** `eventTime` is the customer's time, or when ALTR took the event in. */
export interface CustomEvent extends CommonEvent<'custom', CustomAudit> {
  /** Milliseconds since 1970. */
  readonly eventTimeSupplied?: number;
  /** The customer's details, parsed; missing if there are none or `detailsFault` says why not. */
  readonly details?: unknown;
  /** Why `eventDetails` could not be parsed. The event itself is good. */
  readonly detailsFault?: string;
}

export type OtherEvent = CommonEvent<'other', OtherRecord>;

export type AuditEvent = QueryEvent | SystemEvent | CustomEvent | OtherEvent;

/** Why a JSON value is no audit event. */
export interface EventFault {
  readonly code: 'not-an-object' | 'wrapper' | 'unknown-kind' | 'schema';
  /** One sentence without a full stop. */
  readonly message: string;
}

export type ParsedEvent =
  | { readonly ok: true; readonly event: AuditEvent }
  | { readonly ok: false; readonly fault: EventFault };

/**
 * Parses one audit event. A record is an event if its ID, time, client and name can be read; whatever else is odd is a
 * warning. Never throws.
 */
export function parseAuditEvent(value: unknown): ParsedEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return failed('not-an-object', `the record is ${described(value)}, not an object`);
  }
  const { eventName } = value as { eventName?: unknown };
  if (typeof eventName !== 'string') return noEvent(withReadableTime(value).record);
  switch (kindOf(eventName, value)) {
    case 'query':
      return read(queryAuditSchema, value, queryEvent);
    case 'custom':
      return read(customAuditSchema, value, customEvent);
    case 'system':
      return read(systemAuditSchema, value, (rest) => ({ kind: 'system', ...rest }));
    default:
      return read(otherEventSchema, value, (rest) => ({ kind: 'other', ...rest }));
  }
}

/**
 * The vendor names Query and Custom Audits in `eventName`; a System Audit's names what happened, and only it has a category
 * or keys named `…Audit`.
 */
function kindOf(eventName: string, record: object): EventKind {
  if (/QueryAudit(V\d+)?$/.test(eventName)) return 'query';
  if (/CustomAudit(V\d+)?$/.test(eventName)) return 'custom';
  const { category } = record as { category?: unknown };
  return category != null || Object.keys(record).some((key) => key.endsWith('Audit')) ? 'system' : 'other';
}

interface Timed {
  readonly record: object;
  readonly warnings: readonly EventWarning[];
}

/** `eventTime` can be read as text too, if it is milliseconds in digits or an instant, and with a fraction. ALTR's times are in UTC. */
function withReadableTime(value: object): Timed {
  const { eventTime } = value as { eventTime?: unknown };
  const isText = typeof eventTime === 'string';
  const lacksZone = isText && nanosecondsOf(`${eventTime}Z`) !== undefined;
  const ms = isText ? millisecondsOf(lacksZone ? `${eventTime}Z` : eventTime) : eventTime;
  if (typeof ms !== 'number' || !Number.isFinite(ms)) return { record: value, warnings: [] };
  if (!isText && Number.isInteger(ms)) return { record: value, warnings: [] };
  const found = isText ? 'text' : 'a number with a fraction';
  const message = lacksZone
    ? 'is text without a time zone, not a whole number; it is taken to be in UTC'
    : `is ${found}, not a whole number`;
  const warnings = [{ path: 'eventTime', message }];
  return { record: { ...value, eventTime: Math.floor(ms) }, warnings };
}

function millisecondsOf(text: string): number | undefined {
  const instant = nanosecondsOf(text);
  if (instant !== undefined) return Number(instant / 1_000_000n);
  return /^\d{12,15}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function read<T extends z.ZodType>(
  schema: T,
  raw: object,
  make: (rest: Omit<CommonEvent<EventKind, z.output<T>>, 'kind'>) => AuditEvent,
): ParsedEvent {
  const timed = withReadableTime(raw);
  const { record, warnings } = readLeniently(schema, timed.record);
  if (record === undefined) return noEvent(timed.record);
  const { eventTime } = record as OtherRecord;
  return { ok: true, event: make({ eventTime, record, raw, warnings: [...timed.warnings, ...warnings] }) };
}

function queryEvent(rest: Omit<CommonEvent<'query', QueryAudit>, 'kind'>): QueryEvent {
  const { startTime, completedTime, id } = rest.record.eventDetails?.query ?? {};
  // Newer formats may name the query's ID otherwise.
  const isDocumented = rest.record.eventName.endsWith('QueryAudit');
  return {
    kind: 'query',
    startTimeNs: nanosecondsOf(startTime ?? ''),
    completedTimeNs: nanosecondsOf(completedTime ?? ''),
    ...rest,
    warnings: isDocumented && !id ? withMissing(rest.warnings, 'eventDetails.query.id') : rest.warnings,
  };
}

function customEvent(rest: Omit<CommonEvent<'custom', CustomAudit>, 'kind'>): CustomEvent {
  const { eventTimeSupplied, eventDetails, eventType } = rest.record;
  const details = detailsOf(eventDetails);
  const { detailsFault } = details;
  const warnings = eventType ? rest.warnings : withMissing(rest.warnings, 'eventType');
  return {
    kind: 'custom',
    ...(eventTimeSupplied == null ? {} : { eventTimeSupplied }),
    ...details,
    ...rest,
    warnings: detailsFault ? [...warnings, { path: 'eventDetails', message: detailsFault }] : warnings,
  };
}

function withMissing(warnings: readonly EventWarning[], path: string): readonly EventWarning[] {
  const isKnown = warnings.some((warning) => path.startsWith(warning.path));
  return isKnown ? warnings : [...warnings, { path, message: 'is missing' }];
}

function detailsOf(text: string | null | undefined): Pick<CustomEvent, 'details' | 'detailsFault'> {
  if (text == null) return {};
  try {
    return { details: JSON.parse(text) };
  } catch {
    return { detailsFault: 'is not JSON in a string' };
  }
}

/** Keys under which other services wrap a list of events; CloudTrail uses `Records`. */
const WRAPPERS = ['Records', 'records', 'events', 'logEvents', 'detail', 'Message'];

/** Why a record is no event: a wrapper, something else, or an event that lacks a key. */
function noEvent(value: object): ParsedEvent {
  const present = CORE_KEYS.filter((key) => Object.hasOwn(value, key));
  const wrapper = WRAPPERS.find((key) => {
    const inner = (value as Record<string, unknown>)[key];
    return Object.hasOwn(value, key) && inner !== null && (typeof inner === 'object' || key === 'Message');
  });
  if (present.length === 0 && wrapper !== undefined) {
    const inner = (value as Record<string, unknown>)[wrapper];
    const what = Array.isArray(inner) ? `a list of ${inner.length} records` : 'another record';
    return failed(
      'wrapper',
      `the record is a wrapper around ${what} (its key ${wrapper}), as CloudTrail and other services write; ALTR writes events without one`,
    );
  }
  if (isOfCloudTrail(value)) {
    return failed('unknown-kind', 'the record is an event of AWS CloudTrail, no audit event of ALTR');
  }
  if (present.length < 2) {
    const missing = CORE_KEYS.filter((key) => !present.includes(key));
    return failed('unknown-kind', `the record is no audit event of ALTR: it has no ${missing.join(', ')}`);
  }
  const { error } = otherEventSchema.safeParse(value);
  const issues = (error?.issues ?? []).filter(({ path }) => CORE_KEYS.some((key) => key === path[0]));
  const faults = warningsOf(issues, value).map(({ path, message }) => `${path}: ${message}`);
  return failed('schema', faults.join('; '));
}

/** Its events have an ID, a time and a name, too (AWS CloudTrail User Guide, “CloudTrail record contents”). */
function isOfCloudTrail(value: object): boolean {
  const { eventSource, clientID, awsRegion } = value as Readonly<Record<string, unknown>>;
  return (
    clientID === undefined &&
    typeof awsRegion === 'string' &&
    typeof eventSource === 'string' &&
    /\.amazonaws\.com(\.cn)?$/.test(eventSource)
  );
}

function failed(code: EventFault['code'], message: string): ParsedEvent {
  return { ok: false, fault: { code, message } };
}
