/** From alerts to one mail. Everything in an event may be hostile: it must stay text, on its own line. */

import type { AuditEvent } from '../events/event';
import { categoryOf, ruleOf, subjectOf, summaryOf, userOf } from '../events/facts';
import type { NewObject } from './notification';

/** An event that raises an alert, and where it stands. */
export interface Alert extends NewObject {
  readonly event: AuditEvent;
}

export interface Mail {
  /** As SNS wants it: printable ASCII, no line break, below 100 characters (Amazon SNS API Reference, Publish, `Subject`). */
  readonly subject: string;
  /** Plain text, below SNS's 256 KiB. */
  readonly body: string;
}

/** An object with records that are no events as far as ALTR's formats are known. */
export interface UnreadObject extends NewObject {
  /** How many such records it has. */
  readonly faults: number;
}

/** What a mail counts beyond what it tells in full. */
export interface Totals {
  /** All alerts. */
  readonly count: number;
  /** The first objects with records that could not be read, and how many such objects there are. */
  readonly unread: readonly UnreadObject[];
  readonly unreadCount: number;
  /** The first objects that were gone before they were read, and how many there are. */
  readonly gone?: readonly NewObject[];
  readonly goneCount?: number;
}

/** What a mail tells in full; of more it tells the number. With `MOST_CHARACTERS` a value a mail stays below 256 KiB. */
export const MOST_TOLD = { alerts: 20, unread: 5, gone: 5 } as const;

const MOST_CHARACTERS = 400;

/** One alert in full, or a digest of many; and the objects of which something could not be read. */
export function mailOf(
  exportName: string,
  alerts: readonly Alert[],
  linkTo: (object: NewObject) => string,
  { count, unread, unreadCount, gone = [], goneCount = 0 }: Totals = {
    count: alerts.length,
    unread: [],
    unreadCount: 0,
  },
): Mail {
  const [first] = alerts;
  if (!first && unread.length === 0 && gone.length === 0)
    throw new RangeError('a mail needs something to tell');
  const shown = alerts.slice(0, MOST_TOLD.alerts);
  const what = [
    ...(first ? [count === 1 ? titleOf(first) : `${count} alerts`] : []),
    ...(unread.length > 0 ? ['records that could not be read'] : []),
    ...(gone.length > 0 ? ['objects that were gone'] : []),
  ].join(', ');
  return {
    subject: header(`ALTR ${exportName}: ${what}`),
    body: [
      ...(first
        ? [`${count === 1 ? 'An alert' : `${count} alerts`} in the ALTR audit logs of ${line(exportName)}.`]
        : []),
      ...shown.map((alert) => paragraph(alert, linkTo(alert))),
      ...(count > shown.length ? [`… and ${count - shown.length} more: search the bucket for them.`] : []),
      ...unreadParagraphs(exportName, unread, unreadCount, linkTo),
      ...goneParagraphs(exportName, gone, goneCount),
      'Values are shown as text: control characters and angle brackets are replaced.',
    ].join('\n\n'),
  };
}

function unreadParagraphs(
  exportName: string,
  unread: readonly UnreadObject[],
  count: number,
  linkTo: (object: NewObject) => string,
): string[] {
  if (unread.length === 0) return [];
  return [
    `Records in the ALTR audit logs of ${line(exportName)} could not be read as events. An alert may be among them: look at them.`,
    ...unread.map((object) =>
      [
        `Object: ${line(`s3://${object.bucket}/${object.key}`)}`,
        `Count:  ${object.faults}`,
        `Link:   ${linkTo(object)}`,
      ].join('\n'),
    ),
    ...(count > unread.length
      ? [`… and ${count - unread.length} more objects: see the function’s log.`]
      : []),
  ];
}

function goneParagraphs(exportName: string, gone: readonly NewObject[], count: number): string[] {
  if (gone.length === 0) return [];
  return [
    `Objects of the ALTR audit logs of ${line(exportName)} were gone before they were read. An alert may have been in them: find out who deleted them.`,
    gone.map((object) => `Object: ${line(`s3://${object.bucket}/${object.key}`)}`).join('\n'),
    ...(count > gone.length ? [`… and ${count - gone.length} more objects: see the function’s log.`] : []),
  ];
}

function titleOf({ event }: Alert): string {
  return event.kind === 'custom' ? (categoryOf(event) ?? 'Custom Audit') : event.record.eventName;
}

function paragraph(alert: Alert, link: string): string {
  const { event, key, bucket } = alert;
  const about = subjectOf(event);
  return [
    `What:   ${line(titleOf(alert))}${event.kind === 'system' ? ` (${line(categoryOf(event) ?? '')})` : ''}`,
    `Who:    ${line(userOf(event) ?? 'the event does not say')}`,
    ...(about === undefined ? [] : [`About:  ${line(about)}`]),
    `When:   ${timeOf(event.eventTime)}`,
    `Rule:   ${line(ruleOf(event) ?? 'the event does not say')}`,
    `Event:  ${line(event.record.eventID)}`,
    `Object: ${line(`s3://${bucket}/${key}`)}`,
    `Link:   ${link}`,
    ...event.warnings.slice(0, 1).map(({ path, message }) => `Odd:    ${line(`${path} ${message}`)}`),
    `More:   ${line(summaryOf(event))}`,
  ].join('\n');
}

/** A time that no calendar holds is shown as it came. */
function timeOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? `${milliseconds} (no date)` : date.toISOString();
}

/** Control characters, bidirectional overrides, what draws nothing, and halves of surrogate pairs. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+/gu;

/** One line of plain text that no mail client takes for markup. */
function line(text: string): string {
  const plain = text.replaceAll(INVISIBLE, ' ').replaceAll('<', '‹').replaceAll('>', '›');
  // By whole characters: a cut pair would be no text.
  const characters = Array.from(plain.slice(0, 2 * MOST_CHARACTERS + 2));
  return characters.length > MOST_CHARACTERS
    ? `${characters.slice(0, MOST_CHARACTERS).join('')}… (cut)`
    : plain;
}

/** A header's value: nothing but printable ASCII, so no second header and no encoded word (RFC 2047) can begin in it. */
function header(text: string): string {
  const ascii = text.replaceAll(/[^\x20-\x7e]+/g, '?').replaceAll('=?', '= ?');
  return ascii.length < 100 ? ascii : `${ascii.slice(0, 96)}...`;
}
