/** Judges set-ups that are described by what differs from the vendor page's own. */

import { EXAMPLE, findingsOf } from '../../../checks/pages/example';
import type { SetUp } from '../../../checks/pages/set-up';
import type { Finding, FindingStatus } from '../../../checks/verdict/finding';
import type { Assumptions } from '../../../config/options/assumptions';

export { EXAMPLE, findingsOf };

/** The rules that have a finding of this status, each once, sorted. */
export function rulesWith(status: FindingStatus, findings: readonly Finding[]): string[] {
  return [...new Set(findings.filter((finding) => finding.status === status).map(({ rule }) => rule))].sort();
}

/** What a set-up comes to: rules that fail, are unknown, give advice. Rules that pass are not named. */
export function verdicts(
  setUp: SetUp,
  assumptions?: Assumptions,
): { fail?: string[]; unknown?: string[]; advice?: string[] } {
  const findings = findingsOf(setUp, assumptions);
  const of = (status: FindingStatus) => rulesWith(status, findings);
  const [fail, unknown, advice] = [of('fail'), of('unknown'), of('advice')];
  return {
    ...(fail.length > 0 ? { fail } : {}),
    ...(unknown.length > 0 ? { unknown } : {}),
    ...(advice.length > 0 ? { advice } : {}),
  };
}
