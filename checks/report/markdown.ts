/** `markdown`: fits a pull-request comment or `$GITHUB_STEP_SUMMARY`; says what it leaves out. */
import type { BaselineComparison, ExportReport, Finding, Report } from '../finding';
import { acceptance } from './exception';
import { byWeight } from './order';
import { markdown as safe } from './sanitise';

/** GitHub's limit of a comment, in characters, less room for the last line. */
const LARGEST = 65_536 - 300;

const SIGN: Readonly<Record<string, string>> = { compliant: '✅', violating: '❌', unknown: '❓' };

export function markdown(report: Report): string {
  const { summary } = report;
  const head = [
    '## ALTR audit-log exports',
    '',
    `${summary.exports} exports: ${summary.compliant} compliant, ${summary.violating} violating, ${summary.unknown} unknown.`,
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
  return asMuchAsFits(head, [
    ...rows,
    '',
    ...notices,
    ...(notices.length > 0 ? [''] : []),
    ...(report.baseline ? history(report.baseline) : []),
    ...report.exports.flatMap(section),
  ]);
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

function section({ name, findings }: ExportReport): string[] {
  const shown = byWeight(findings).filter(({ status }) => status !== 'pass');
  return shown.length === 0 ? [] : [`### ${safe(name)}`, '', ...shown.map(item), ''];
}

function item(finding: Finding): string {
  const { rule, status, severity, message, location, remediation, exception, baselineState } = finding;
  const where = location
    ? ` (${safe(location.document)}${location.pointer ? ` at ${safe(location.pointer)}` : ''})`
    : '';
  const accepted = exception ? `<br>Accepted ${safe(acceptance(exception))}` : '';
  const mend = remediation && status !== 'excepted' ? `<br>Mend: ${safe(remediation.summary)}` : '';
  return `- **${status}** ${safe(rule)} (${severity}${baselineState === 'new' ? ', **new**' : ''}): ${safe(message)}${where}${accepted}${mend}`;
}

/** As many lines as fit. */
function asMuchAsFits(head: string, lines: readonly string[]): string {
  const kept: string[] = [head];
  let size = head.length;
  for (const [index, text] of lines.entries()) {
    if (size + text.length + 1 > LARGEST) {
      kept.push(
        '',
        `${lines.length - index} more lines are left out: see the whole report in another format.`,
      );
      break;
    }
    kept.push(text);
    size += text.length + 1;
  }
  return `${kept.join('\n').trimEnd()}\n`;
}
