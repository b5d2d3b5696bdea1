/** Picks events by what people look for. */
import { type BlockList, isIP } from 'node:net';
import type { AuditEvent, EventKind } from './events/event';
import { categoryOf, subjectOf, tagsOf, userOf } from './events/facts';
import { addressOf, columnsOf, decisionsOf, rolesOf, rowsOf } from './fields';
import { matchesPattern } from './pattern';

/** All that is given has to hold. Texts are compared without case; `*` stands for any text. */
export interface EventFilter {
  readonly kinds?: readonly EventKind[];
  readonly eventName?: string;
  /** A System Audit's category, a Custom Audit's type, a query's statement type. */
  readonly category?: string;
  /** The user's name, the administrator's ID, or the user whose access a System Audit is about. */
  readonly user?: string;
  readonly role?: string;
  /** A tag that the query touched: its name, or `NAME=VALUE`. */
  readonly tag?: string;
  /** Part of a query's text, such as a table's name. */
  readonly text?: string;
  /** A column that ALTR's column policy or a change of columns names. */
  readonly column?: string;
  /** What ALTR decided, for example `ALLOW`. */
  readonly decision?: string;
  readonly minRows?: number;
  readonly maxRows?: number;
  /** Made by `addressesOf`. */
  readonly addresses?: BlockList;
  readonly eventId?: string;
  /** When it happened, milliseconds since 1970; `until` is not part of it. */
  readonly since?: number;
  readonly until?: number;
}

/** Whether an event is what is looked for. */
export function matches(event: AuditEvent, filter: EventFilter): boolean {
  const { kinds, eventName, category, user, role, tag, text, column, decision, eventId } = filter;
  const { since, until } = filter;
  return (
    (since === undefined || event.eventTime >= since) &&
    (until === undefined || event.eventTime < until) &&
    (kinds === undefined || kinds.includes(event.kind)) &&
    isAmong(eventId, () => [event.record.eventID]) &&
    isAmong(eventName, () => [event.record.eventName]) &&
    isAmong(category, () => [categoryOf(event)]) &&
    isAmong(user, () => [userOf(event), subjectOf(event)]) &&
    isAmong(role, () => rolesOf(event)) &&
    isAmong(tag, () => tagsOf(event).flatMap(({ name, value }) => [name, `${name}=${value ?? ''}`])) &&
    isAmong(column, () => columnsOf(event)) &&
    isAmong(decision, () => decisionsOf(event)) &&
    hasRows(event, filter) &&
    hasAddress(event, filter) &&
    (text === undefined || holds(event, text))
  );
}

function isAmong(pattern: string | undefined, values: () => readonly (string | undefined)[]): boolean {
  if (pattern === undefined) return true;
  return values().some((value) => value !== undefined && matchesPattern(value, pattern));
}

function hasRows(event: AuditEvent, { minRows, maxRows }: EventFilter): boolean {
  if (minRows === undefined && maxRows === undefined) return true;
  const rows = rowsOf(event);
  return rows !== undefined && rows >= (minRows ?? 0) && rows <= (maxRows ?? Number.POSITIVE_INFINITY);
}

function hasAddress(event: AuditEvent, { addresses }: EventFilter): boolean {
  if (addresses === undefined) return true;
  const address = addressOf(event) ?? '';
  const version = isIP(address);
  return version !== 0 && addresses.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

function holds(event: AuditEvent, text: string): boolean {
  const query = event.kind === 'query' ? event.record.eventDetails?.query?.text : undefined;
  return query?.toLowerCase().includes(text.toLowerCase()) ?? false;
}
