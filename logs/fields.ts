/** The fields of an event that people name: those that all kinds have in some form, and any path of the record. */
import type { AuditEvent } from './events/event';
import { categoryOf, ruleOf, subjectOf, tagsOf, userOf } from './events/facts';

type Values = readonly (string | undefined)[];

const FIELDS: Readonly<Record<string, (event: AuditEvent) => Values>> = {
  kind: ({ kind }) => [kind],
  event: ({ record }) => [record.eventName],
  category: (event) => [categoryOf(event)],
  user: (event) => [userOf(event)],
  subject: (event) => [subjectOf(event)],
  rule: (event) => [ruleOf(event)],
  role: rolesOf,
  tag: (event) => tagsOf(event).map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)),
  column: columnsOf,
  decision: decisionsOf,
  rows: (event) => [rowsOf(event)?.toString()],
  ip: (event) => [addressOf(event)],
  id: ({ record }) => [record.eventID],
  client: ({ record }) => [record.clientID],
  source: ({ record }) => [record.eventSource ?? undefined],
  hour: ({ eventTime }) => [`${new Date(eventTime).toISOString().slice(0, -11)}:00Z`],
  day: ({ eventTime }) => [new Date(eventTime).toISOString().slice(0, -14)],
};

/** The names that `valuesOf` knows; any other is a path. */
export const FIELD_NAMES: readonly string[] = Object.keys(FIELDS);

/**
 * The values of a field, each once: one of `FIELD_NAMES`, or a path of the record such as `eventDetails.query.warehouse`.
 * A path goes through lists, and into the JSON of a Custom Audit's details.
 */
export function valuesOf(event: AuditEvent, field: string): readonly string[] {
  const known = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
  const values = known ? known(event) : atPath(searchable(event), field.split('.')).map(asText);
  return [...new Set(values)].filter((value) => value !== undefined);
}

/** The roles that a query's user had, the current one first; an administrator's role; the role that details name. */
export function rolesOf(event: AuditEvent): Values {
  switch (event.kind) {
    case 'query': {
      const { currentRole, roles } = event.record.eventDetails?.actor ?? {};
      return [currentRole ?? undefined, ...(roles ?? [])];
    }
    case 'system':
      return [event.record.userIdentity?.role ?? undefined];
    case 'custom':
      return [detailOf(event, ['role', 'role_name', 'roleName'])];
    case 'other':
      return [];
  }
}

/**
 * Columns that ALTR’s column policy or a change of columns names. The vendor’s page shows both empty, so names are taken
 * from texts and from keys such as `columnName`, wherever they are.
 */
export function columnsOf(event: AuditEvent): readonly string[] {
  const raw = searchable(event);
  const places = [['eventDetails', 'result', 'columnPolicy'], ['columnAudit']];
  return [
    ...new Set(places.flatMap((path) => atPath(raw, path)).flatMap((value) => columnNames(value, true))),
  ];
}

const COLUMN_KEY = /^column(s|_?names?)?$/i;

function columnNames(value: unknown, isColumn: boolean): string[] {
  if (typeof value === 'string') return isColumn && value !== '' ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((entry) => columnNames(entry, isColumn));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) =>
    columnNames(entry, COLUMN_KEY.test(key) || (isColumn && key === 'name')),
  );
}

/** What ALTR decided about the query’s tags and columns, for example `ALLOW`. */
export function decisionsOf(event: AuditEvent): readonly string[] {
  return [...new Set(atPath(searchable(event), ['eventDetails', 'result']).flatMap(decisionTypes))];
}

function decisionTypes(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) =>
    key === 'decisionType' && typeof entry === 'string' ? [entry] : decisionTypes(entry),
  );
}

/** The number of rows that a query gave. */
export function rowsOf(event: AuditEvent): number | undefined {
  return event.kind === 'query' ? (event.record.eventDetails?.result?.rowCount ?? undefined) : undefined;
}

/** The client’s address: a query’s, or the one that the details of a Custom Audit name. */
export function addressOf(event: AuditEvent): string | undefined {
  if (event.kind === 'query') return event.record.eventDetails?.actor?.ipAddress ?? undefined;
  if (event.kind === 'custom')
    return detailOf(event, ['client_ip', 'clientIp', 'ipAddress', 'ip_address', 'ip']);
  return undefined;
}

/** The first of these keys that a Custom Audit’s details give a text for. */
export function detailOf(event: AuditEvent, keys: readonly string[]): string | undefined {
  if (event.kind !== 'custom') return undefined;
  const details = (event.details ?? {}) as Readonly<Record<string, unknown>>;
  return keys.map((key) => details[key]).find((value) => typeof value === 'string') as string | undefined;
}

/** The record as it was received, with a Custom Audit’s details as the JSON that they hold. */
function searchable(event: AuditEvent): object {
  if (event.kind !== 'custom' || event.details === undefined) return event.raw;
  return { ...event.raw, eventDetails: event.details };
}

function atPath(value: unknown, [key, ...rest]: readonly string[]): unknown[] {
  if (key === undefined) return Array.isArray(value) ? value : [value];
  if (Array.isArray(value)) return value.flatMap((entry) => atPath(entry, [key, ...rest]));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  return atPath((value as Record<string, unknown>)[key], rest);
}

/** ALTR sends `{}` and null for what is not there. */
function asText(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'object') return String(value);
  return Object.keys(value).length > 0 ? JSON.stringify(value) : undefined;
}
