/** `brief`: plain text for a pager, a mail or SNS, within a number of bytes. */
import type { Report } from '../verdict/finding';
import { digestOf } from './digest';
import type { ReportOptions } from './options';

/** Bytes unless `--max-bytes` says otherwise: a screen or two. */
const LARGEST = 8_192;

export function brief(
  report: Report,
  { maxBytes = LARGEST, wholeReports }: Pick<ReportOptions, 'maxBytes' | 'wholeReports'>,
): string {
  const { title, facts, sections, elsewhere } = digestOf(report, { wholeReports });
  const head = [title, ...facts];
  const foot = elsewhere === undefined ? [] : ['', elsewhere];
  const body = sections.flatMap((section) => [
    '',
    `${section.title}:`,
    ...section.lines.map((text) => `- ${text}`),
  ]);
  const whole = joined([...head, ...body, ...foot]);
  if (Buffer.byteLength(whole) <= maxBytes) return whole;
  const count = body.filter(isEntry).length;
  const more = (left: number) => ['', `… and ${left} more`, ...foot];
  let room = maxBytes - Buffer.byteLength(joined([...head, ...more(count)]));
  const fits = body.findIndex((text) => {
    room -= Buffer.byteLength(text) + 1;
    return room < 0;
  });
  const kept = body.slice(0, body.slice(0, fits).findLastIndex(isEntry) + 1);
  return cutAt(joined([...head, ...kept, ...more(count - kept.filter(isEntry).length)]), maxBytes);
}

/** Neither an empty line nor the title of a section. */
function isEntry(text: string): boolean {
  return text.startsWith('- ');
}

/** The text's beginning, in whole characters. It is cut only if its own facts are too long. */
function cutAt(text: string, bytes: number): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  return buffer
    .subarray(0, bytes)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
}

function joined(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
