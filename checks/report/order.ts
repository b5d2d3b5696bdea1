/** The order in which findings are shown, and how they are counted. */
import {
  type ExportReport,
  type Finding,
  type FindingStatus,
  type Report,
  SEVERITIES,
} from '../verdict/finding';

export const STATUSES: readonly FindingStatus[] = ['fail', 'unknown', 'excepted', 'advice', 'pass'];

/** Violations first, the worst of them at the top. Stable otherwise. */
export function byWeight(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(compare);
}

/** Findings of all exports that are no pass, each with its export: violations first, the worst at the top. */
export function allByWeight(
  exports: readonly ExportReport[],
): { readonly finding: Finding; readonly entry: ExportReport }[] {
  return exports
    .flatMap((entry) =>
      entry.findings.filter(({ status }) => status !== 'pass').map((finding) => ({ finding, entry })),
    )
    .sort((a, b) => compare(a.finding, b.finding));
}

/** What is shown as one: the worst finding of a cause, with the others of that cause. */
export interface Block<E> {
  readonly finding: Finding;
  readonly entry: E;
  /** How many findings are shown as this one. */
  readonly count: number;
  /** The rules that wait for the same, by the exports in which they do; without the finding's own. */
  readonly waiting: readonly { readonly rule: string; readonly entry: E }[];
}

/** Findings of one cause together, at the place of the first. */
export function blocksOf<E>(
  findings: readonly { readonly finding: Finding; readonly entry: E }[],
): Block<E>[] {
  const groups = groupBy(findings, (each) => each.finding.causeId ?? each);
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group;
    if (!first) return [];
    const silent = group.flatMap(({ finding, entry }) =>
      (finding.waiting ?? []).map((rule) => ({ rule, entry })),
    );
    const waiting = [...others.map(({ finding: { rule }, entry }) => ({ rule, entry })), ...silent];
    return [{ ...first, count: group.length, waiting }];
  });
}

/** Exports of a block that are named. */
const MOST_NAMED = 5;

/** For example `trust-action, trust-usable`, and the exports if there are several; nothing if no other rule waits. */
export function waitingFor({ entry, waiting }: Block<{ readonly name: string }>): string | undefined {
  if (waiting.length === 0) return undefined;
  const rules = [...new Set(waiting.map(({ rule }) => rule))].join(', ');
  const names = [...new Set([entry.name, ...waiting.map((each) => each.entry.name)])];
  if (names.length === 1) return rules;
  const more = names.length - MOST_NAMED;
  return `${rules}; in ${names.length} exports: ${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function compare(a: Finding, b: Finding): number {
  return (
    STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)
  );
}

/** For example `2 critical, 1 high`. */
export function severityCounts(findings: readonly Finding[]): string {
  return SEVERITIES.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count > 0 ? [`${count} ${severity}`] : [];
  }).join(', ');
}

/** How many rules judged another export of the run and have no finding for this one, not even a pass. */
export function notApplicable({ findings }: ExportReport, rulesOfRun: ReadonlySet<string>): number {
  return rulesOfRun.size - new Set(findings.map(({ rule }) => rule)).size;
}

/** The rules that judged any export. */
export function rulesOf(exports: readonly ExportReport[]): ReadonlySet<string> {
  return new Set(exports.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
}

/** Explains why exports of one run differ in their number of passes. */
export const NOT_APPLICABLE =
  'n/a: not applicable, since the export does not declare the rule’s option, or its role or bucket does not exist';

/** For example `2 exports, 1 compliant, 1 violating, 0 unknown; 3 violations: 2 critical, 1 high`. */
export function summaryOf(report: Report): string {
  const { exports, compliant, violating, unknown } = report.summary;
  const verdicts = `${counted(exports, 'export')}, ${compliant} compliant, ${violating} violating, ${unknown} unknown`;
  const cancelled = report.partial ? ' (cancelled before everything was judged)' : '';
  return `${[verdicts, ...violationsOf(report.exports)].join('; ')}${cancelled}`;
}

/** For example `3 violations: 2 critical, 1 high`; nothing without one. */
export function violationsOf(exports: readonly ExportReport[]): string[] {
  const fails = exports.flatMap(({ findings }) => findings.filter(({ status }) => status === 'fail'));
  return fails.length > 0 ? [`${counted(fails.length, 'violation')}: ${severityCounts(fails)}`] : [];
}

/** For example `1 export`, `2 exports`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Lists by key, in the order of their first entries. */
export function groupBy<T, K>(list: readonly T[], keyOf: (entry: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const entry of list) {
    const group = groups.get(keyOf(entry));
    if (group) group.push(entry);
    else groups.set(keyOf(entry), [entry]);
  }
  return groups;
}
