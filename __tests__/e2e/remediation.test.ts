/**
 * What a finding says is done: its AWS CLI commands are run as they stand, by a shell, on the emulator. Then the violation
 * is gone and nothing else broke: an analyst whose boundary is the role's, another export, a statement of the analyst's in the
 * bucket's policy and a stored log are as they were.
 */
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DetachRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { parse } from 'yaml';
import { observeLive } from '../../checks/observe/live';
import type { Finding } from '../../checks/verdict/finding';
import { judge } from '../../checks/verdict/judge';
import { contractFor, type ExportContract } from '../../contract/contract';
import { permissionDocument, trustDocument } from '../../contract/policies';
import { FIXED_BY_HAND } from '../checks/remedy/fixed-by-hand';
import {
  boundaryStatements,
  joinBystanders,
  otherExport,
  seenOfBystanders,
  setUpBystanders,
} from './support/bystanders';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { makeBucket } from './support/set-up';
import { TAMPERS, type Target } from './support/tampers';
import { run } from './support/terraform';
import { VIOLATIONS, type Violation } from './support/violations';

const target: Target = {
  name: 'acme',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'acme-altr-audit-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataAcme',
  accountId: EMULATOR_ACCOUNT,
  altrAccountId: '111122223333',
};

/** The role of the other export, which the config declares as well. */
const OTHER = otherExport(target).roleName;

interface Case extends Violation {
  config?(target: Target): Partial<Target>;
}

/** AWS refuses to do these twice. */
const ONCE = /^aws \S+ (?:delete|detach|revoke|cancel|enable)-|^altr-export /;

const CASES: readonly Case[] = [
  ...TAMPERS.map(({ fails, summary, loosen, config }) => ({
    fails,
    summary,
    make: loosen,
    ...(config ? { config } : {}),
  })),
  ...VIOLATIONS,
];

describeOnRealParts('what findings say is to be done', ['emulator', 'aws'], () => {
  let emulator: Emulator;
  let clients: { iam: IAMClient; s3: S3Client; kms: KMSClient };
  const before = { ...process.env };

  beforeAll(async () => {
    emulator = await startEmulator();
    process.env = { ...emulator.env };
    const client = { endpoint: emulator.url, region: 'us-east-1' };
    clients = {
      iam: new IAMClient(client),
      s3: new S3Client({ ...client, forcePathStyle: true, followRegionRedirects: true }),
      kms: new KMSClient(client),
    };
  });

  afterAll(async () => {
    process.env = before;
    await emulator?.stop();
  });

  beforeEach(async () => {
    await emulator.reset();
    await setUp(clients);
    await setUpBystanders(clients, target);
  });

  test('a detached policy is attached again, not replaced by an inline one', async () => {
    const { iam } = clients;
    const { roleName: RoleName } = target;
    const PolicyArn = `arn:aws:iam::${target.accountId}:policy/acme.s3.policy`;
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    const [finding] = wrong(await check(contractFor(target)));
    for (const command of finding?.remediation?.commands ?? []) {
      const { code, stderr } = await run('sh', ['-c', command], { env: emulator.env });
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
    }
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(AttachedPolicies?.map((policy) => policy.PolicyArn)).toEqual([PolicyArn]);
    const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    expect(PolicyNames).toEqual([]);
  });

  test('the set-up itself is compliant', async () => {
    expect(wrong(await check(contractFor(target)))).toEqual([]);
  });

  test.each(CASES.map((entry) => [entry.fails.join(' and '), entry.summary, entry] as const))(
    '%s: %s',
    async (_rules, _summary, { fails, make, config, keeps, alone }) => {
      let declared: Target = { ...target, ...config?.(target) };
      await make(clients, target);
      await joinBystanders(clients, target, alone);
      const bystanders = await seenOfBystanders(clients, target);
      const bounds = await boundaryStatements(clients);
      const found = await check(contractFor(declared));
      expect([...new Set(wrong(found).map(({ rule }) => rule))].sort()).toEqual([...fails].sort());
      expect(found.filter(({ status }) => status === 'unknown')).toEqual([]);

      const done = new Set<string>();
      // Roles that the config declares beside the export's: adopted ones, and the old one while ALTR still uses it.
      const beside: string[] = [];
      for (const { remediation, fingerprint, rule } of wrong(found)) {
        expect({ rule, terraform: remediation?.terraform ?? '' }).toEqual({
          rule,
          terraform: expect.stringMatching(/\S/),
        });
        const byHand = FIXED_BY_HAND.includes(rule) ? 'by hand' : '';
        expect({ rule, kit: remediation?.cdktf ?? byHand }).toEqual({
          rule,
          kit: expect.stringMatching(/\S/),
        });
        for (const command of remediation?.commands ?? []) {
          // A person pastes the report from top to bottom: what several findings say is done several times.
          if (done.has(command) && ONCE.test(command)) continue;
          done.add(command);
          expect(command).not.toMatch(/aws iam delete-role(?!-p)|s3api delete-bucket(?!-policy|-lifecycle)/);
          const [, adopted] = /^altr-export adopt .*--role (\S+)/.exec(command) ?? [];
          if (adopted) {
            beside.push(adopted);
            continue;
          }
          const { code, stderr } = await run('sh', ['-c', command], { env: emulator.env });
          expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
        }
        const change = configChange(remediation?.cdktf ?? '');
        if (change.roleName) beside.push(declared.roleName);
        declared = { ...declared, ...change };
        const now = await check(contractFor(declared), beside);
        expect(now.map((finding) => finding.fingerprint)).not.toContain(fingerprint);
        expect(wrong(now).filter((finding) => !fails.includes(finding.rule))).toEqual([]);
      }

      const left = await check(contractFor(declared), beside);
      expect(left.filter(({ status }) => status === 'fail' || status === 'unknown')).toEqual([]);
      expect(await seenOfBystanders(clients, target)).toEqual(bystanders);
      expect(await boundaryStatements(clients)).toEqual(expect.arrayContaining(bounds));
      expect(
        wrong(await check(otherExport(target), [target.roleName, declared.roleName, ...beside])),
      ).toEqual([]);
      const written = found.map(({ remediation }) => JSON.stringify(remediation ?? '')).join();
      for (const text of keeps ?? []) expect(written).toContain(text);
    },
    180_000,
  );
});

async function check(contract: ExportContract, beside: readonly string[] = []): Promise<readonly Finding[]> {
  const observation = await observeLive([contract], { altrAccountId: contract.altrAccountId });
  const [report] = judge(observation, {
    contracts: [contract],
    declaredRoles: [contract, ...[OTHER, ...beside].map((roleName) => ({ ...contract, roleName }))],
  });
  if (!report) throw new Error('no report');
  return report.findings;
}

function wrong(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ status }) => status === 'fail');
}

/** What a remediation changes in the config, where it is YAML of the config. */
function configChange(cdktf: string): Partial<Target> {
  const [first = ''] = cdktf.split('\n\n');
  if (!first.startsWith('# altr-exports.yaml') || first.includes('another entry')) return {};
  return parse(first) as Partial<Target>;
}

/** The set-up that the vendor's page has a person click together. */
async function setUp({ iam, s3 }: { iam: IAMClient; s3: S3Client }): Promise<void> {
  const { bucket: Bucket, roleName: RoleName } = target;
  await makeBucket(s3, Bucket);
  const AssumeRolePolicyDocument = JSON.stringify(
    trustDocument('aws', target.altrAccountId, target.clientId),
  );
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = JSON.stringify(permissionDocument('aws', Bucket));
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'acme.s3.policy', PolicyDocument }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn }));
}
