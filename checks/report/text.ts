/** `text`: a table of exports with their verdicts, then what is wrong, the worst first. */
import pc from 'picocolors';
import type { BaselineComparison, ExportReport, Finding, Report, Verdict } from '../finding';
import { acceptance } from './exception';
import type { ReportOptions } from './options';
import { byWeight } from './order';
import { line, terminal } from './sanitise';

export function text(report: Report, { colour, width }: ReportOptions): string {
  const colours = pc.createColors(colour);
  const paint: Record<Verdict, (text: string) => string> = {
    compliant: colours.green,
    violating: colours.red,
    unknown: colours.yellow,
  };
  const badge: Record<Finding['status'], string> = {
    fail: colours.red('FAIL'),
    unknown: colours.yellow('UNKNOWN'),
    advice: colours.cyan('ADVICE'),
    excepted: colours.dim('EXCEPTED'),
    pass: colours.green('pass'),
  };
  const wrapAt = Math.max(40, Math.min(width, 120));
  const block = (label: string, value: string) =>
    `    ${colours.dim(label.padEnd(10))}${wrap(value, wrapAt - 14, 14)}`;

  const show = (finding: Finding): string => {
    const { rule, status, severity, resource, message, risk, expected, actual, location, remediation } =
      finding;
    const { exception, baselineState } = finding;
    const lines = [
      `  ${badge[status]} ${colours.bold(rule)} ${colours.dim(`(${severity}${baselineState === 'new' ? ', new' : ''})`)}`,
      `    ${wrap(line(message), wrapAt - 4, 4)}`,
    ];
    if (risk) lines.push(block('risk', line(risk)));
    lines.push(block('resource', line(resource)));
    if (location)
      lines.push(
        block('where', line(`${location.document}${location.pointer ? ` at ${location.pointer}` : ''}`)),
      );
    if (status === 'fail') {
      lines.push(...difference(expected, actual, colours).map((row) => `    ${row}`));
    }
    if (exception) lines.push(block('accepted', line(acceptance(exception))));
    if (remediation && status !== 'excepted') {
      lines.push(block('mend', line(remediation.summary)));
      for (const command of remediation.commands ?? [])
        lines.push(`      ${colours.bold(`$ ${line(command)}`)}`);
    }
    return lines.join('\n');
  };

  const section = (entry: ExportReport): string => {
    const shown = byWeight(entry.findings).filter(({ status }) => status !== 'pass');
    const passed = entry.findings.filter(({ status }) => status === 'pass').length;
    const head = `${colours.bold(line(entry.name))}: ${paint[entry.status](entry.status)}, ${passed} of ${entry.findings.length} findings pass`;
    return [head, ...shown.map(show)].join('\n\n');
  };

  const { summary } = report;
  const total = [
    `${summary.exports} ${summary.exports === 1 ? 'export' : 'exports'}`,
    colours.green(`${summary.compliant} compliant`),
    colours.red(`${summary.violating} violating`),
    colours.yellow(`${summary.unknown} unknown`),
  ].join(', ');
  const notices = (report.notices ?? []).map(
    (notice) =>
      `${colours.yellow('NOTICE')} ${wrap(line(`${notice.message} (${notice.file}:${notice.line})`), wrapAt - 7, 7)}`,
  );
  const parts = [
    table(report.exports, paint),
    ...report.exports.filter(({ findings }) => findings.some(({ status }) => status !== 'pass')).map(section),
    ...(notices.length > 0 ? [notices.join('\n')] : []),
    ...(report.baseline ? [history(report.baseline, colours)] : []),
    `${total}${report.partial ? ' (cancelled before everything was judged)' : ''}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function table(exports: readonly ExportReport[], paint: Record<Verdict, (text: string) => string>): string {
  const rows = exports.map((entry) => [line(entry.name), entry.accountId ?? '-', entry.region, entry.status]);
  const header = ['export', 'account', 'region', 'verdict'];
  const widths = header.map((title, column) =>
    Math.max(...[header, ...rows].map((row) => (row[column] ?? title).length)),
  );
  const draw = (row: readonly string[], last: (text: string) => string) =>
    row.map((cell, column) => (column === 3 ? last(cell) : cell.padEnd(widths[column] ?? 0))).join('  ');
  return [
    draw(header, (cell) => cell),
    ...rows.map((row, index) => draw(row, paint[exports[index]?.status ?? 'unknown'])),
  ].join('\n');
}

/** What changed since the baseline. */
function history(baseline: BaselineComparison, colours: ReturnType<typeof pc.createColors>): string {
  const { startedAt, resolved } = baseline;
  return [
    `Since the baseline of ${line(startedAt)}: ${baseline.new} new, ${baseline.unchanged} unchanged, ${resolved.length} resolved`,
    ...resolved.map(
      (finding) =>
        `  ${colours.green('RESOLVED')} ${line(finding.export)}: ${colours.bold(line(finding.rule))} ${line(finding.message)}`,
    ),
  ].join('\n');
}

/** Expected against found, as a diff shows it: `-` is what the contract wants, `+` what is there. */
function difference(
  expected: unknown,
  actual: unknown,
  colours: ReturnType<typeof pc.createColors>,
): string[] {
  const rows = (value: unknown) =>
    (typeof value === 'string' ? terminal(value) : terminal(JSON.stringify(value, null, 2) ?? 'null'))
      .split('\n')
      .slice(0, 30);
  if (expected === null && actual === null) return [];
  return [
    ...rows(expected).map((row) => colours.green(`- ${row}`)),
    ...rows(actual).map((row) => colours.red(`+ ${row}`)),
  ];
}

/** Breaks a line at spaces; following lines are indented. */
function wrap(value: string, width: number, indent: number): string {
  const lines: string[] = [];
  let current = '';
  for (const word of value.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current].join(`\n${' '.repeat(indent)}`);
}
