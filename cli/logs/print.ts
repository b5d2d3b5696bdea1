/** How events and faults look on a terminal. The content of a log may be hostile. */

import { cut, line } from '../../checks/report/sanitise';
import {
  type AuditEvent,
  categoryOf,
  EVENT_KINDS,
  type EventRecord,
  type KindCounts,
  summaryOf,
  tagsOf,
  userOf,
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
  return JSON.stringify({ kind: event?.kind, key, offset, record: event?.raw });
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
