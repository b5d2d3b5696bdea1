/**
 * `slack`: a message in Block Kit, as an incoming webhook or `chat.postMessage` takes it. Every text is `plain_text`, so that
 * nothing from the account is markup (https://docs.slack.dev/reference/block-kit/blocks).
 */
import type { Report } from '../verdict/finding';
import { digestOf } from './digest';
import type { ReportOptions } from './options';
import { json } from './sanitise';

/** Slack's limits: blocks of a message, characters of a section's text and of a header's. */
const MOST_BLOCKS = 50;
const LONGEST_TEXT = 3_000;
const LONGEST_HEADER = 150;

/** Slack refuses all blocks together (`msg_blocks_too_long`) from about 13,200 characters on, which it does not document. */
const LARGEST = 12_000;

interface Block {
  readonly type: 'header' | 'section';
  readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: false };
}

export function slack(report: Report, { wholeReports }: Pick<ReportOptions, 'wholeReports'>): string {
  const { title, facts, sections, elsewhere } = digestOf(report, { wholeReports });
  const blocks: Block[] = [
    block('header', short(title, LONGEST_HEADER)),
    block('section', short(facts.join('\n'), LONGEST_TEXT)),
  ];
  const foot = elsewhere === undefined ? [] : [block('section', elsewhere)];
  /** What is left, beside the foot and a line that counts what is left out. */
  const room = () => LARGEST - size([...blocks, ...foot]) - 200;
  let left = 0;
  for (const section of sections) {
    let text = section.title;
    for (const entry of section.lines) {
      const longer = `${text}\n• ${entry}`;
      const fits = escaped(longer).length <= LONGEST_TEXT && size([block('section', longer)]) <= room();
      if (fits && blocks.length + foot.length + 2 <= MOST_BLOCKS) text = longer;
      else left++;
    }
    if (text !== section.title) blocks.push(block('section', text));
  }
  if (left > 0) blocks.push(block('section', `… and ${left} more`));
  // The text is what notifications and screen readers show.
  return `${json({ text: escaped(title), blocks: [...blocks, ...foot] }, 2)}\n`;
}

function block(type: Block['type'], text: string): Block {
  return { type, text: { type: 'plain_text', text: escaped(text), emoji: false } };
}

function short(text: string, longest: number): string {
  const room = longest - (escaped(text).length - text.length);
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
}

function size(blocks: readonly Block[]): number {
  return JSON.stringify(blocks).length;
}

/** The three characters that Slack acts on (https://docs.slack.dev/messaging/formatting-message-text). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
