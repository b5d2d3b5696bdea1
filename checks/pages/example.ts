/** The export that every example is about, and what the rules say of a set-up of it. */
import { exportOptionsSchema } from '../../config/options';
import type { Assumptions } from '../../config/options/assumptions';
import { contractFor, type ExportContract } from '../../contract/contract';
import type { Finding } from '../verdict/finding';
import { type JudgeOptions, judge } from '../verdict/judge';
import { observationOf, type SetUp } from './set-up';

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
    ...(setUp.logFeed ? { feeds: new Map([[contract.name, ['splunk']]]) } : {}),
    declared: declaredBy(setUp, contract.name),
    assumptions,
  });
  return report?.findings ?? [];
}

/** What the config of a set-up declares, as `judge` takes it. */
export function declaredBy({ declares }: SetUp, name: string): JudgeOptions['declared'] {
  return declares && new Map([[name, exportOptionsSchema.parse(declares)]]);
}
