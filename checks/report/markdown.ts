/** `markdown`: fits a pull-request comment or `$GITHUB_STEP_SUMMARY`; says what it leaves out. */
import type { BaselineComparison, Finding, Report } from '../verdict/finding';
import { acceptance } from './exception';
import { allByWeight } from './order';
import { markdown as safe } from './sanitise';

/**
 * GitHub's limit of a comment, in characters, less room for the lines that say what is left out. A step's summary may
 * have 1 MiB, which as many characters never reach.
 */
const LARGEST = 65_536 - 500;

/** How much of it the table of exports may take. */
const LARGEST_TABLE = LARGEST / 3;

const SIGN: Readonly<Record<string, string>> = { compliant: '✅', violating: '❌', unknown: '❓' };

export function markdown(report: Report): string {
  const { summary } = report;
  const head = [
    '## ALTR audit-log exports',
    '',
    `${summary.exports} ${summary.exports === 1 ? 'export' : 'exports'}: ${summary.compliant} compliant, ${summary.violating} violating, ${summary.unknown} unknown.`,
    '',
    '| export | account | region | verdict |',
    '|---|---|---|---|',
  ].join('\n');
  const rows = report.exports.map(
    ({ name, accountId, region, status }) =>
      `| ${safe(name)} | ${accountId ?? '–'} | ${safe(region)} | ${SIGN[status]} ${status} |`,
  );
  const notices = (report.notices ?? []).map(
    ({ message, file, line }) => `- ⚠️ ${safe(message)} (${safe(`${file}:${line}`)})`,
  );
  const items = allByWeight(report.exports).map(({ finding, entry }) => item(finding, entry.name));
  const parts: string[] = [head];
  const room = () => LARGEST - parts.reduce((sum, part) => sum + part.length + 1, 0);
  parts.push(...asMuchAsFits(rows, LARGEST_TABLE, 'exports'), '');
  if (notices.length > 0) parts.push(...asMuchAsFits(notices, room() / 4, 'notices'), '');
  if (report.baseline) parts.push(...asMuchAsFits(history(report.baseline), room() / 4, 'lines'), '');
  parts.push(...asMuchAsFits(items, room(), 'findings'));
  return `${parts.join('\n').trimEnd()}\n`;
}

/** What changed since the baseline. */
function history({ startedAt, new: fresh, unchanged, resolved }: BaselineComparison): string[] {
  return [
    `Since the baseline of ${safe(startedAt)}: ${fresh} new, ${unchanged} unchanged, ${resolved.length} resolved.`,
    '',
    ...resolved.map(
      ({ export: name, rule, message }) => `- **resolved** ${safe(name)}: ${safe(rule)}: ${safe(message)}`,
    ),
    ...(resolved.length > 0 ? [''] : []),
  ];
}

function item(finding: Finding, name: string): string {
  const { rule, status, severity, message, location, remediation, exception, baselineState } = finding;
  const where = location
    ? ` (${safe(location.document)}${location.pointer ? ` at ${safe(location.pointer)}` : ''})`
    : '';
  const accepted = exception ? `<br>Accepted ${safe(acceptance(exception))}` : '';
  const mend = remediation && status !== 'excepted' ? `<br>Mend: ${safe(remediation.summary)}` : '';
  const commands =
    status === 'fail' && remediation?.commands?.length
      ? `<details><summary>AWS CLI</summary><pre><code>${remediation.commands.map(safe).join('\n')}</code></pre></details>`
      : '';
  return `- **${status}** ${safe(rule)} (${severity}${baselineState === 'new' ? ', **new**' : ''}) in ${safe(name)}: ${safe(message)}${where}${accepted}${mend}${commands}`;
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
