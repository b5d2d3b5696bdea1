/** In which order findings are shown. */
import { type Finding, type FindingStatus, SEVERITIES } from '../finding';

const STATUSES: readonly FindingStatus[] = ['fail', 'unknown', 'excepted', 'advice', 'pass'];

/** Violations first, the worst of them at the top. Stable otherwise. */
export function byWeight(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
}
