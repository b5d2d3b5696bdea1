/** Judges set-ups that are described by what differs from the vendor page's own. */

import type { Finding, FindingStatus } from '../../checks/finding';
import { judge } from '../../checks/judge';
import { observationOf, type SetUp } from '../../checks/rules/set-up';
import type { Assumptions } from '../../contract/config/assumptions';
import { contractFor, type ExportContract } from '../../contract/contract';

/** The export that every example is about. */
export const EXAMPLE: ExportContract = contractFor({
  name: 'acme-prod',
  altrAccountId: '111122223333',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'acme-altr-audit-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataAcmeProd',
});

/** All findings of a set-up. */
export function findingsOf(setUp: SetUp, assumptions?: Assumptions): readonly Finding[] {
  // A role of another name is the one that the config declares, so that its name alone is judged.
  const contract = setUp.roleName ? contractFor({ ...EXAMPLE, roleName: setUp.roleName }) : EXAMPLE;
  const [report] = judge(observationOf(setUp, contract), {
    contracts: [contract],
    declaredRoles: [contract],
    ...(assumptions ? { assumptions } : {}),
  });
  return report?.findings ?? [];
}

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
