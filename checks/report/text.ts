/** `text`: a table of exports with their verdicts, then the findings, the worst first. */
import { diffLines } from 'diff';
import pc from 'picocolors';
import stringWidth from 'string-width';
import type { BaselineComparison, ExportReport, Finding, Report, Verdict } from '../verdict/finding';
import { observationAge } from './age';
import { acceptance } from './exception';
import type { ReportOptions } from './options';
import {
  allByWeight,
  type Block,
  blocksOf,
  NOT_APPLICABLE,
  notApplicable,
  rulesOf,
  STATUSES,
  severityCounts,
  summaryOf,
  waitingFor,
} from './order';
import { placeOf } from './place';
import { line, terminal } from './sanitise';
import { waysOf } from './ways';

type Colours = ReturnType<typeof pc.createColors>;

/** Characters of a name that the table shows: no name that the config allows is longer. */
const LONGEST_CELL = 200;

/** A command is of use only as a whole; AWS takes no policy that is longer. */
const LONGEST_COMMAND = 30_000;

/** Lines of an expected or found value that are shown. */
const LONGEST_VALUE = 40;

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

  const show = (shown: Block<ExportReport>): string => {
    const { finding, entry } = shown;
    const { name } = entry;
    const waiting = waitingFor(shown);
    const { rule, status, severity, resource, message, risk, expected, actual, location, remediation } =
      finding;
    const { exception, baselineState } = finding;
    const lines = [
      `${badge[status]} ${colours.bold(line(rule))} ${colours.dim(`(${severity}${baselineState === 'new' ? ', new' : ''})`)} in ${line(name)}`,
      `    ${wrap(line(message), wrapAt - 4, 4)}`,
    ];
    if (risk) lines.push(block('risk', line(risk)));
    lines.push(block('resource', line(resource)));
    if (location) lines.push(block('where', line(placeOf(location))));
    if (status === 'fail') {
      lines.push(...difference(expected, actual, colours));
    }
    if (waiting) lines.push(block('waiting', line(waiting)));
    if (exception) lines.push(block('accepted', line(acceptance(exception))));
    if (remediation && status !== 'excepted') {
      lines.push(block('fix', line(remediation.summary)));
      for (const remedy of waysOf(finding, entry)) {
        lines.push(`    ${colours.dim(remedy.label)}`);
        for (const each of remedy.lines)
          lines.push(`      ${colours.bold(asTyped(line(each, LONGEST_COMMAND)))}`);
      }
    }
    return lines.join('\n');
  };

  const rules = rulesOf(report.exports);
  const age = observationAge(report);
  const notices = (report.notices ?? []).map(
    (notice) =>
      `${colours.yellow('NOTICE')} ${wrap(line(`${notice.message} (${notice.file}:${notice.line})`), wrapAt - 7, 7)}`,
  );
  const parts = [
    ...(report.exports.length > 0 ? [table(report.exports, rules, paint, wrapAt)] : []),
    ...(report.exports.some((entry) => notApplicable(entry, rules) > 0)
      ? [colours.dim(wrap(NOT_APPLICABLE, wrapAt, 2))]
      : []),
    ...blocksOf(allByWeight(report.exports)).map(show),
    ...(age ? [`${colours.yellow('OLD')} ${wrap(age, wrapAt - 4, 4)}`] : []),
    ...(report.notLookedAt ?? []).map((unseen) => colours.dim(wrap(line(unseen), wrapAt, 2))),
    ...(notices.length > 0 ? [notices.join('\n')] : []),
    ...(report.baseline ? [history(report.baseline, colours)] : []),
    summaryOf(report),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The exports; where the terminal is too narrow, their names are wrapped. */
function table(
  exports: readonly ExportReport[],
  rules: ReadonlySet<string>,
  paint: Record<Verdict, (text: string) => string>,
  width: number,
): string {
  const header = ['export', 'account', 'region', 'verdict', 'findings'];
  const rows = exports.map((entry) => {
    const { name, accountId, region, status, findings } = entry;
    const counts = [...STATUSES].reverse().flatMap((kind) => {
      const own = findings.filter((finding) => finding.status === kind);
      if (own.length === 0) return [];
      return [`${own.length} ${kind}${kind === 'fail' ? ` (${severityCounts(own)})` : ''}`];
    });
    const silent = notApplicable(entry, rules);
    if (silent > 0) counts.push(`${silent} n/a`);
    return [inCell(name), accountId ?? '-', inCell(region), status, counts.join(', ')];
  });
  const widths = header.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map((cell) => columns(cell))),
  );
  // What is too wide for the terminal is taken from the last column, then from the first.
  const spare = widths.reduce((sum, own) => sum + own + 2, 0) - width;
  const shrink = (natural: number, least: number, by: number) =>
    Math.max(Math.min(least, natural), natural - Math.max(0, by));
  const last = shrink(widths[4] ?? 0, 12, spare);
  const first = shrink(widths[0] ?? 0, 10, spare - ((widths[4] ?? 0) - last));
  const drawnWidths = [first, ...widths.slice(1, 4), last];
  const drawn = exports.map(({ status }, index) => drawRow(rows[index] ?? [], drawnWidths, paint[status]));
  return [drawRow(header, drawnWidths, String), ...drawn].join('\n');
}

/** A row, over as many lines as its cells need. The verdict is the fourth cell; the last one breaks at spaces. */
function drawRow(
  row: readonly string[],
  widths: readonly number[],
  paintVerdict: (text: string) => string,
): string {
  const cells = row.map((cell, column) => {
    const width = widths[column] ?? 0;
    return (column === 4 ? wrap(cell, width, 0) : chop(cell, width)).split('\n');
  });
  const lineAt = (index: number): string => {
    const parts = cells.map((lines, column) => {
      const shown = lines[index] ?? '';
      const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - columns(shown)));
      return `${column === 3 && shown ? paintVerdict(shown) : shown}${padding}`;
    });
    return parts.join('  ').trimEnd();
  };
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) => lineAt(index)).join('\n');
}

/** A command after a prompt; lines of the config as they are. */
function asTyped(text: string): string {
  return /^(aws|npx|for|policy=)/.test(text) ? `$ ${text}` : text;
}

/** Text of a cell, which may be broken anywhere: no part of it can begin a workflow command. */
function inCell(text: string): string {
  return line(text, LONGEST_CELL).replaceAll('::', ':\\u{3a}');
}

/** What changed since the baseline. */
function history(baseline: BaselineComparison, colours: Colours): string {
  const { startedAt, resolved, note } = baseline;
  return [
    `Since the baseline of ${line(startedAt)}: ${baseline.new} new, ${baseline.unchanged} unchanged, ${resolved.length} resolved`,
    ...(note ? [`  ${note}`] : []),
    ...resolved.map(
      (finding) =>
        `  ${colours.green('RESOLVED')} ${line(finding.export)}: ${colours.bold(line(finding.rule))} ${line(finding.message)}`,
    ),
  ].join('\n');
}

/** The expected and the found value, each under its label. What differs is coloured: green belongs there, red does not. */
function difference(expected: unknown, actual: unknown, colours: Colours): string[] {
  if (expected === null && actual === null) return [];
  const text = (given: unknown) => {
    if (given === null) return '';
    // IAM reads a list of one as its entry.
    const value = Array.isArray(given) && given.length === 1 ? given[0] : given;
    return `${terminal(typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? ''))}\n`;
  };
  const parts = diffLines(text(expected), text(actual));
  const side = (label: string, other: 'added' | 'removed', paint: Colours['green']): string[] => {
    const rows = parts
      .filter((part) => !part[other])
      .flatMap(({ value, added, removed }) => {
        const lines = value.replace(/\n$/, '').split('\n');
        return added || removed ? lines.map(paint) : lines;
      });
    const head = `    ${colours.dim(label.padEnd(10))}`;
    if (rows.length <= 1) return [`${head}${rows[0] ?? 'nothing'}`];
    const left = rows.length - LONGEST_VALUE;
    const shown = left > 0 ? [...rows.slice(0, LONGEST_VALUE), colours.dim(`… ${left} more lines`)] : rows;
    return [head.trimEnd(), ...shown.map((row) => `      ${row}`)];
  };
  return [...side('expected', 'added', colours.green), ...side('found', 'removed', colours.red)];
}

/** Columns of a text on a terminal. Most texts are ASCII, a column a character, and looking further takes long. */
function columns(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text);
}

/** Breaks a text anywhere. */
function chop(value: string, width: number): string {
  if (columns(value) <= width) return value;
  let used = 0;
  return Array.from(value, (character) => {
    const size = columns(character);
    used += size;
    if (used <= width) return character;
    used = size;
    return `\n${character}`;
  }).join('');
}

/** Breaks a line at spaces; following lines are indented. */
function wrap(value: string, width: number, indent: number): string {
  const lines: string[] = [];
  let current = '';
  let used = 0;
  for (const word of value.split(' ')) {
    const size = columns(word);
    if (current !== '' && used + 1 + size > width) {
      lines.push(current);
      current = word;
      used = size;
    } else {
      used += size + (current === '' ? 0 : 1);
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current].join(`\n${' '.repeat(indent)}`);
}
