/**
 * A violation stays detected while something else can't be read: each change of the tamper list, under each single permanent
 * fault. What hides a violation is said here by reason, not taken from the observer.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { observeLive } from '../../checks/observe/live';
import { exitCodeOf, judge } from '../../checks/verdict/judge';
import { contractFor } from '../../contract/contract';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { type KeptAnswers, keepAnswers } from './support/kept-answers';
import { laneProfiles, problemsOf } from './support/lanes';
import { FAULTS, type Fault, type FaultProxy, startProxy } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';
import { clientsFor, setUpExport } from './support/set-up';
import { TAMPERS } from './support/tampers';

const contract = contractFor({
  name: 'visible',
  altrAccountId: '111122223333',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'visible-altr-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataVisible',
});

const ROLE = ['iam:GetRole'];
const INLINE = [...ROLE, 'iam:ListRolePolicies', 'iam:GetRolePolicy'];
/** Without the account's ID nobody can say whose the bucket is. */
const ACCOUNT = ['sts:GetCallerIdentity'];

/** Any of the role's policies could allow what is missed. */
const POLICIES = [
  ...INLINE,
  ...ACCOUNT,
  'iam:ListAttachedRolePolicies',
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
];

/** The calls without which a rule's violation can't be seen. */
const HIDDEN_WITHOUT: Readonly<Record<string, readonly string[]>> = {
  'role-exists': ROLE,
  'role-name-prefix': ROLE,
  'trust-principal': ROLE,
  'trust-external-id': ROLE,
  'trust-action': ROLE,
  'trust-usable': ROLE,
  'permissions-put-object': [...POLICIES, 's3:GetBucketPolicy'],
  'permissions-action-scope': INLINE,
  'permissions-resource-scope': INLINE,
  'bucket-exists': ACCOUNT,
  'bucket-encryption-delivery': [
    ...POLICIES,
    's3:GetBucketEncryption',
    'kms:DescribeKey',
    'kms:GetKeyPolicy',
  ],
  'bucket-region': [...ACCOUNT, 's3:HeadBucket'],
  'bucket-public-access': [...ACCOUNT, 's3:GetPublicAccessBlock', 's3control:GetPublicAccessBlock'],
  'bucket-foreign-access': [...ACCOUNT, 's3:GetBucketPolicy'],
  'logs-kept': [...ACCOUNT, 's3:GetBucketLifecycleConfiguration'],
  'undeclared-altr-role': [...ACCOUNT, 'iam:ListRoles'],
};

/** Cells under way at once: some of them wait for an answer that never comes. */
const LANES = 10;

describeOnRealParts('violations under faults', ['emulator'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-visibility-'));
  let emulator: Emulator;
  let proxy: FaultProxy;
  let kept: KeptAnswers;
  let cells = 0;
  let visible = 0;
  const before = { ...process.env };
  const target = { ...contract, accountId: EMULATOR_ACCOUNT };

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startProxy(emulator.url);
    kept = keepAnswers(proxy);
    process.env = {
      ...emulator.env,
      ...laneProfiles(folder, LANES),
      AWS_ENDPOINT_URL: proxy.url,
      AWS_MAX_ATTEMPTS: '1',
    };
  }, 60_000);

  afterAll(async () => {
    process.stderr.write(`violations under faults: ${cells} cells, ${visible} of them not hidden\n`);
    process.env = before;
    kept?.stop();
    await proxy?.stop();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(TAMPERS.map((tamper) => [tamper.summary, tamper] as const))('%s', async (_summary, tamper) => {
    await emulator.reset();
    const clients = await clientsFor(emulator.url);
    await setUpExport(clients, contract);
    await tamper.loosen(clients, target);
    kept.forget();
    const declared = { ...contract, ...tamper.config?.(target) };
    const judged = contractFor(declared);
    const check = async (profile: string) => {
      const observation = await kept.inLane(profile, () =>
        observeLive([{ ...declared, profile }], {
          altrAccountId: contract.altrAccountId,
          callTimeout: 1_500,
        }),
      );
      const exports = judge(observation, { contracts: [judged], declaredRoles: [declared] });
      return { code: exitCodeOf(exports), findings: exports[0]?.findings ?? [] };
    };
    const failing = async (profile: string) => {
      const { code, findings } = await check(profile);
      return {
        code,
        fails: findings.filter(({ status }) => status === 'fail').map(({ rule }) => rule),
        findings,
      };
    };
    const lane = proxy.lane('LANE0');
    lane.clear();
    const whole = await failing('LANE0');
    expect({ code: whole.code, fails: [...new Set(whole.fails)].sort() }).toEqual({
      code: 1,
      fails: [...tamper.fails].sort(),
    });
    const items = [...new Set(lane.seen)].flatMap((api) => FAULTS.map((fault) => ({ api, fault })));
    const judgedUnder = async (profile: string, { api, fault }: { api: string; fault: Fault }) => {
      proxy.lane(profile).spoil(api, fault, 'always');
      const { fails, findings } = await failing(profile);
      proxy.lane(profile).clear();
      return tamper.fails.flatMap((rule) => {
        if (fails.includes(rule)) return [];
        const passes = findings.some((finding) => finding.rule === rule && finding.status === 'pass');
        return [
          ...(isHidden(rule, api) ? [] : [`${api} ${fault}: ${rule} is no longer detected`]),
          ...(passes ? [`${api} ${fault}: ${rule} passes`] : []),
        ];
      });
    };
    const problems = await problemsOf(LANES, items, judgedUnder);
    cells += items.length;
    visible += items.flatMap(({ api }) => tamper.fails.filter((rule) => !isHidden(rule, api))).length;
    expect(problems).toEqual([]);
    expect(items.length).toBeGreaterThan(80);
  });
});

function isHidden(rule: string, api: string): boolean {
  return HIDDEN_WITHOUT[rule]?.includes(api) ?? false;
}
