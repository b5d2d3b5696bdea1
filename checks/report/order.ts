/** In which order findings are shown. */
import { type ExportReport, type Finding, type FindingStatus, SEVERITIES } from '../verdict/finding';

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

function compare(a: Finding, b: Finding): number {
  return (
    STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)
  );
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
