/** What a short message says of a report: the counts, what is new, the top causes, and where the whole report is. Pure. */
import type { BaselineComparison, Finding, Report } from '../verdict/finding';
import { observationAge } from './age';
import type { ReportOptions } from './options';
import { allByWeight, counted, groupBy, summaryOf } from './order';
import { line } from './sanitise';

/** All texts are harmless lines. */
export interface Digest {
  readonly title: string;
  readonly facts: readonly string[];
  /** The most important first. */
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** Where the whole report is, if it was written to a file. */
  readonly elsewhere?: string;
}

/** Characters of a line, and of an export's name in a list. */
const LONGEST_LINE = 500;
const LONGEST_NAME = 100;

/** Exports that a cause names. */
const NAMED = 3;

type Found = ReturnType<typeof allByWeight>[number];

export function digestOf(report: Report, { wholeReports = [] }: Pick<ReportOptions, 'wholeReports'>): Digest {
  const { exports, baseline, notLookedAt = [], notices = [] } = report;
  const open = allByWeight(exports).filter(
    ({ finding: { status } }) => status === 'fail' || status === 'unknown',
  );
  const fresh = open.filter(({ finding }) => finding.baselineState === 'new');
  const age = observationAge(report);
  const sections = [
    { title: 'New since the baseline', lines: causes(fresh) },
    {
      title: baseline ? 'Everything that is open' : 'Top causes',
      lines: fresh.length === open.length && baseline ? [] : causes(open),
    },
    { title: 'Resolved since the baseline', lines: (baseline?.resolved ?? []).map(resolvedLine) },
    {
      title: 'Notices',
      lines: notices.map((notice) => shown(`${notice.message} (${notice.file}:${notice.line})`)),
    },
  ];
  return {
    title: `ALTR audit-log exports: ${verdict(report)}`,
    facts: [
      summaryOf(report),
      ...(baseline ? [historyLine(baseline)] : []),
      ...(age ? [age] : []),
      ...notLookedAt.map(shown),
    ],
    sections: sections.filter(({ lines }) => lines.length > 0),
    elsewhere: wholeReports.length > 0 ? shown(`Whole report: ${wholeReports.join(', ')}`) : undefined,
  };
}

function verdict({ summary: { exports, violating, unknown } }: Report): string {
  if (exports === 0) return 'nothing was judged';
  if (violating > 0) return `${violating} of ${exports} violating`;
  return unknown > 0 ? `${unknown} of ${exports} unknown` : 'compliant';
}

/**
 * A line for each cause: findings that one cause explains are one, whatever their rules; the others are one for each rule. With
 * the exports that it concerns.
 */
function causes(open: readonly Found[]): string[] {
  const groups = groupBy(
    open,
    ({ finding: { causeId, status, severity, rule } }) => causeId ?? `${status} ${severity} ${rule}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [causeLine(first.finding, group)] : [];
  });
}

function causeLine({ status, severity, rule, message }: Finding, group: readonly Found[]): string {
  const exports = [...new Set(group.map(({ entry }) => entry))];
  const others = new Set(group.map(({ finding }) => finding.rule)).size - 1;
  const label = status === 'fail' ? severity : 'unknown';
  const names = exports.slice(0, NAMED).map(({ name }) => line(name, LONGEST_NAME));
  const where =
    exports.length === 1
      ? names.join()
      : `${counted(exports.length, 'export')} (${names.join(', ')}${exports.length > NAMED ? ', …' : ''})`;
  const rules = others > 0 ? `${rule} and ${counted(others, 'other rule')}` : rule;
  return `${label} ${rules} in ${where}: ${exports.length > 1 ? 'for example, ' : ''}${shown(message)}`;
}

function historyLine({ startedAt, new: fresh, unchanged, resolved }: BaselineComparison): string {
  return shown(
    `Since the baseline of ${startedAt}: ${fresh} new, ${unchanged} unchanged, ${resolved.length} resolved`,
  );
}

function resolvedLine({
  export: name,
  rule,
  message,
}: Pick<BaselineComparison['resolved'][number], 'export' | 'rule' | 'message'>): string {
  return `${rule} in ${line(name, LONGEST_NAME)}: ${shown(message)}`;
}

function shown(text: string): string {
  return line(text, LONGEST_LINE);
}
