/** In which order findings are shown. */
import { type Finding, type FindingStatus, SEVERITIES } from '../finding';

export const STATUSES: readonly FindingStatus[] = ['fail', 'unknown', 'excepted', 'advice', 'pass'];

/** Violations first, the worst of them at the top. Stable otherwise. */
export function byWeight(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
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
