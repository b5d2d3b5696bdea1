/** What `altr-export history` does: read the reports, put the runs in order, print when each violation came and went. */
import { counted } from '../../checks/report/order';
import { writeStdout } from '../../checks/report/output';
import { json, line } from '../../checks/report/sanitise';
import type { Baseline } from '../../checks/verdict/finding';
import { historyOf, type PastViolation, type Spell } from '../../checks/verdict/history';
import { UserError } from '../../contract/user-error';
import { parseBaseline } from '../check/baseline-file';
import { inputName, readInput } from '../check/read-input';
import { filesIn, isFolder } from '../files-in';
import { selectByName } from '../select-by-name';
import { TOOL } from '../version';

export interface HistoryOptions {
  readonly only: readonly string[];
  readonly format: 'text' | 'json';
}

/** @throws UserError for a file that is no report, or if there is none */
export async function runHistory(paths: readonly string[], { only, format }: HistoryOptions): Promise<void> {
  const reports = inOrder(paths.flatMap(reportsIn));
  const [first] = reports;
  const last = reports.at(-1);
  if (!first || !last) throw new UserError('there is no report among the files; name others');
  const names = new Map(
    reports.flatMap(({ exports }) => exports.map((entry) => [entry.name, entry] as const)),
  );
  const chosen = new Set(selectByName([...names.values()], only, 'export').map(({ name }) => name));
  const violations = historyOf(reports).filter((violation) => chosen.has(violation.export));
  const runs = { count: reports.length, first: first.startedAt, last: last.startedAt };
  await writeStdout(
    format === 'json'
      ? `${json({ schemaVersion: 1, tool: TOOL, runs, violations }, 2)}\n`
      : historyText(violations, runs),
  );
}

/** The report in a file, or every report in a folder and those below it. */
function reportsIn(path: string): Baseline[] {
  const wanted = 'give reports of check that were written with --format json';
  if (!isFolder(path)) return [parseBaseline(readInput(path), inputName(path), wanted)];
  return filesIn(path)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => {
      try {
        return [parseBaseline(readInput(file), file, 'it is left out')];
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        process.stderr.write(`${line(error.message)}\n`);
        return [];
      }
    });
}

/** By the start of the runs. The same report under two names counts once. */
function inOrder(reports: readonly Baseline[]): Baseline[] {
  const sorted = [...reports].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
  const texts = new Set<string>();
  return sorted.filter((report) => {
    const text = JSON.stringify(report);
    return !texts.has(text) && texts.add(text);
  });
}

interface Runs {
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

function historyText(violations: readonly PastViolation[], { count, first, last }: Runs): string {
  const of = (status: PastViolation['status']) =>
    violations.filter((violation) => violation.status === status).length;
  return `${[
    `${counted(count, 'report')}, ${time(first)} to ${time(last)}`,
    ...violations.map(violationText),
    `${counted(violations.length, 'violation')}: ${of('open')} open, ${of('accepted')} accepted, ${of('gone')} gone`,
  ].join('\n\n')}\n`;
}

function violationText({ status, severity, rule, message, spells, ...violation }: PastViolation): string {
  const head = `${status.toUpperCase()} ${line(rule)} (${severity}) in ${line(violation.export)}`;
  return [head, `    ${line(message)}`, ...spells.map((spell) => `    ${spellText(spell)}`)].join('\n');
}

function spellText({ from, after, last, gone }: Spell): string {
  const came = `came ${time(from)} (${after === null ? 'the first report' : `not yet ${time(after)}`})`;
  return gone === null ? `${came}, last seen ${time(last)}` : `${came}, went ${time(gone)}`;
}

/** `2026-01-01 00:00 UTC` */
function time(iso: string): string {
  return line(iso).replace(/^(.{10})T(\d\d:\d\d).*$/, '$1 $2 UTC');
}
