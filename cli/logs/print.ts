/** How events and faults look on a terminal. The content of a log may be hostile. */

import { csv, cut, json, line } from '../../checks/report/sanitise';
import {
  type AuditEvent,
  categoryOf,
  EVENT_KINDS,
  type EventRecord,
  type KindCounts,
  summaryOf,
  tagsOf,
  userOf,
  valuesOf,
} from '../../logs';

const LONGEST_SUMMARY = 300;

/** One line: when, which kind, who, what, which tags. */
export function eventLine(event: AuditEvent): string {
  const tags = tagsOf(event).map(({ name, value }) => (value === undefined ? name : `${name}=${value}`));
  const summary = cut(summaryOf(event).replaceAll(/\s+/g, ' '), LONGEST_SUMMARY);
  return [
    new Date(event.eventTime).toISOString(),
    event.kind.padEnd(6),
    line(cut(userOf(event) ?? '-', 60)),
    line(cut(categoryOf(event) ?? '-', 60)),
    line(summary),
    ...(tags.length > 0 ? [line(`[${cut(tags.join(', '), 200)}]`)] : []),
  ].join('  ');
}

/** One line of JSON: the event's place, and the record as it was received. */
export function eventJson({ key, offset, event }: EventRecord): string {
  return json({ kind: event?.kind, key, offset, record: event?.raw });
}

/** Columns of a spreadsheet: fields that `valuesOf` knows. */
const COLUMNS = [
  'kind',
  'event',
  'category',
  'user',
  'role',
  'ip',
  'tag',
  'column',
  'decision',
  'rows',
  'id',
] as const;

/** Spreadsheets take a file without the byte-order mark for one in their system's old encoding. */
export function csvHeader(): string {
  return `\ufeff${csvRow(['time', ...COLUMNS, 'summary', 'object', 'offset'])}`;
}

/** One row (RFC 4180). Formulas come out as text. */
export function csvLine({ key, offset, event }: EventRecord & { readonly event: AuditEvent }): string {
  return csvRow([
    new Date(event.eventTime).toISOString(),
    ...COLUMNS.map((column) => valuesOf(event, column).join('; ')),
    summaryOf(event),
    key,
    String(offset),
  ]);
}

function csvRow(cells: readonly string[]): string {
  return `${cells.map(csv).join(',')}\r\n`;
}

/** How many events of each kind; other kinds only if there are any. */
export function kindsInWords(kinds: KindCounts): string {
  return EVENT_KINDS.filter((kind) => kind !== 'other' || kinds.other > 0)
    .map((kind) => `${kinds[kind]} ${kind}`)
    .join(', ');
}

/** One line: where, and what is wrong. */
export function faultLine({ key, offset, fault }: EventRecord): string {
  return line(`${key}: byte ${offset}: ${fault?.message ?? ''}`);
}
