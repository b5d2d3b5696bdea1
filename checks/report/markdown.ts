/** `markdown`: fits a pull-request comment or `$GITHUB_STEP_SUMMARY`; reports what it leaves out. */
import type { BaselineComparison, ExportReport, Report } from '../verdict/finding';
import { observationAge } from './age';
import { acceptance } from './exception';
import {
  allByWeight,
  type Block,
  blocksOf,
  counted,
  severityCounts,
  violationsOf,
  waitingFor,
} from './order';
import { placeOf } from './place';
import { line, markdown as safe } from './sanitise';
import { type Way, waysOf } from './ways';

/**
 * GitHub's limit of a comment, in characters, less room for the lines that say what is left out. A step's summary may
 * have 1 MiB, which as many characters never reach.
 */
const LARGEST = 65_536 - 500;

/** A command is of use only as a whole; AWS takes no policy that is longer. */
const LONGEST_COMMAND = 30_000;

/** How much of it the table of exports may take. */
const LARGEST_TABLE = LARGEST / 3;

const SIGN: Readonly<Record<string, string>> = { compliant: '✅', violating: '❌', unknown: '❓' };

export function markdown(report: Report): string {
  const { exports, compliant, violating, unknown } = report.summary;
  const verdicts = `${counted(exports, 'export')}: ${compliant} compliant, ${violating} violating, ${unknown} unknown`;
  const age = observationAge(report);
  const head = [
    '## ALTR audit-log exports',
    '',
    `${[verdicts, ...violationsOf(report.exports)].join('; ')}.`,
    ...(age ? ['', `⚠️ ${safe(age)}`] : []),
    ...(report.notLookedAt ?? []).flatMap((unseen) => ['', safe(unseen)]),
    '',
    '| export | account | region | verdict | violations |',
    '|---|---|---|---|---|',
  ].join('\n');
  const rows = report.exports.map(({ name, accountId, region, status, findings }) => {
    const violations = severityCounts(findings.filter((finding) => finding.status === 'fail'));
    return `| ${safe(name)} | ${accountId ?? '–'} | ${safe(region)} | ${SIGN[status]} ${status} | ${violations} |`;
  });
  const notices = (report.notices ?? []).map(
    ({ message, file, line }) => `- ⚠️ ${safe(message)} (${safe(`${file}:${line}`)})`,
  );
  const items = blocksOf(allByWeight(report.exports)).map(item);
  const parts: string[] = [head];
  const room = () => LARGEST - parts.reduce((sum, part) => sum + part.length + 1, 0);
  parts.push(...asMuchAsFits(rows, LARGEST_TABLE, 'exports'), '');
  if (notices.length > 0) parts.push(...asMuchAsFits(notices, room() / 4, 'notices'), '');
  if (report.baseline) parts.push(...asMuchAsFits(history(report.baseline), room() / 4, 'lines'), '');
  parts.push(...asMuchAsFits(items, room(), 'findings'));
  return `${parts.join('\n').trimEnd()}\n`;
}

/** What changed since the baseline. */
function history({ startedAt, new: fresh, unchanged, resolved, note }: BaselineComparison): string[] {
  return [
    `Since the baseline of ${safe(startedAt)}: ${fresh} new, ${unchanged} unchanged, ${resolved.length} resolved.${note ? ` ${safe(note)}` : ''}`,
    '',
    ...resolved.map(
      ({ export: name, rule, message }) => `- **resolved** ${safe(name)}: ${safe(rule)}: ${safe(message)}`,
    ),
    ...(resolved.length > 0 ? [''] : []),
  ];
}

function item(block: Block<ExportReport>): string {
  const { finding, entry } = block;
  const waiting = waitingFor(block);
  const { rule, status, severity, message, location, remediation, exception, baselineState } = finding;
  const where = location ? ` (${safe(placeOf(location))})` : '';
  const waits = waiting ? `<br>Waiting for the same: ${safe(waiting)}` : '';
  const accepted = exception ? `<br>Accepted ${safe(acceptance(exception))}` : '';
  const fix = remediation && status !== 'excepted' ? `<br>Fix: ${safe(remediation.summary)}` : '';
  const ways = waysOf(finding, entry);
  const commands = ways.length > 0 ? codeBlocks(ways) : '';
  return `- **${status}** ${safe(rule)} (${severity}${baselineState === 'new' ? ', **new**' : ''}) in ${safe(entry.name)}: ${safe(message)}${where}${waits}${accepted}${fix}${commands}`;
}

/** Commands in fenced blocks that belong to the list's item. Nothing in one can end it: a command is one line. */
function codeBlocks(ways: readonly Way[]): string {
  const blocks = ways.flatMap(({ label, lines, language }) => {
    const shown = lines.map((command) => line(command, LONGEST_COMMAND));
    const longest = Math.max(2, ...shown.flatMap((text) => text.match(/`+/g) ?? []).map((run) => run.length));
    const fence = '`'.repeat(longest + 1);
    return [safe(label), '', `${fence}${language}`, ...shown, fence, ''];
  });
  const block = ['<details><summary>Commands</summary>', '', ...blocks, '</details>'];
  return `\n${block.map((text) => (text === '' ? '' : `  ${text}`)).join('\n')}`;
}

/** As many entries as fit, and a line that says how many don't. */
function asMuchAsFits(entries: readonly string[], largest: number, what: string): string[] {
  const kept: string[] = [];
  let size = 0;
  for (const [index, text] of entries.entries()) {
    size += text.length + 1;
    if (size > largest) {
      const left = entries.length - index;
      const one = left === 1 ? what.replace(/s$/, '') : what;
      return [
        ...kept,
        '',
        `${left} more ${one} left out for want of room: see the whole report in another format.`,
      ];
    }
    kept.push(text);
  }
  return kept;
}
