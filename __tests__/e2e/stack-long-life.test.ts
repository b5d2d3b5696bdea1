/**
 * The life of a stack over twelve changes: none of them loses a log. Each is planned, the plan is judged, and what is not
 * refused is applied and the account judged. It takes minutes, so it runs only with `ALTR_LONG_LIFE=1`; `stack-life.test.ts` is
 * the short one.
 *
 * What the emulator does not do: it refuses Object Lock for a bucket with objects in it, which S3 takes since November 2023, so
 * that step is only planned; it copies nothing, so the test puts a copy, and forgets which encrypted logs and deletions are copied, so that the account's
 * verdict on replication is about the emulator.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateKeyCommand, DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type ObserveTarget, observeLive } from '../../checks/observe/live';
import type { Observation } from '../../checks/observe/observation';
import { observePlan } from '../../checks/observe/terraform';
import { judge } from '../../checks/verdict/judge';
import { declaredBy, targetsOf } from '../../cli/check/opt-in-rules';
import { parseConfig } from '../../config/file/parse';
import { definitionOf, type ExportInput } from '../../config/schema';
import { contractFor } from '../../contract/contract';
import { readPage } from '../docs/pages';
import { synthesise } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { planJson, plannedBy } from './support/planned';
import { describeOnRealParts } from './support/real-parts';
import { type AccountClients, clientsFor, TESTING } from './support/set-up';
import { addressesIn, arnIn } from './support/state';
import { terraform, terraformCliConfig } from './support/terraform';

const ALTR = '098765432109';
const BEGIN: ExportInput = {
  name: 'life',
  accountId: '123456789012',
  clientId: 'client-1',
  bucket: 'long-life-altr-audit-logs',
  region: 'us-east-1',
  retention: { versioning: true, expireAfterDays: 365 },
};
/** What the page has a user make Terraform forget before replication ends. */
const OF_THE_COPIES = new RegExp(
  /state list \| grep -E '(.+export_replication_.+)' \| xargs/.exec(readPage('docs/provisioning.md'))?.[1] ??
    'none',
);
const LOG = { Bucket: BEGIN.bucket, Key: 'year=2026/month=01/day=01/log.json' };
const COPY = { Bucket: 'long-life-copy', Key: LOG.Key };

/** What became of one change. */
interface Became {
  /** What Terraform would destroy or replace; missing if it refuses to plan. */
  readonly destroys?: readonly string[];
  /** The resources for which it refuses. */
  readonly refused?: readonly string[];
  /** What the checks report beside passes and advice, as `status rule`. */
  readonly plan?: readonly string[];
  readonly account: readonly string[];
  readonly log: string;
}

jest.setTimeout(900_000);

const describeIfAsked: typeof describeOnRealParts =
  process.env.ALTR_LONG_LIFE === '1'
    ? describeOnRealParts
    : (name, _parts, body) => describe.skip(`${name} (only with ALTR_LONG_LIFE=1)`, body);

describeIfAsked('the long life of a stack', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-long-life-'));
  const config = join(folder, 'altr-exports.json');
  const stack = join(folder, 'cdktf.out', 'stacks', BEGIN.name);
  const state = join(folder, `terraform.${BEGIN.name}.tfstate`);
  const environment = { ...process.env };
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let clients: AccountClients;
  let current: ExportInput = BEGIN;
  let madeKey = '';
  let givenKey = '';
  let copyKey = '';

  const at = () => ({ cwd: stack, env });
  const log = async () =>
    (await (await clients.s3.send(new GetObjectCommand(LOG))).Body?.transformToString()) ?? 'lost';
  const keyState = async (KeyId: string) =>
    (await clients.kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;

  /** What a check of the export reports of what `observe` finds. */
  const check = async (
    entry: ExportInput,
    ran: readonly string[],
    observe: (target: ObserveTarget) => Observation | Promise<Observation>,
  ) => {
    const text = JSON.stringify({ altr: { awsAccountId: ALTR }, exports: [entry] });
    const parsed = parseConfig(text, 'life', 'audit').config;
    const contracts = parsed.exports.map((one) => contractFor(definitionOf(parsed, one)));
    const [target] = targetsOf(parsed.exports, () => false);
    if (!target) throw new Error('no export');
    const reports = judge(await observe(target), {
      contracts,
      declaredRoles: contracts,
      declared: declaredBy(parsed.exports),
    });
    const all = reports.flatMap(({ findings }) => findings);
    // A rule that never ran reports nothing, too.
    expect(all.map(({ rule }) => rule)).toEqual(expect.arrayContaining(ran));
    const found = all.flatMap(({ rule, status }) =>
      /fail|unknown/.test(status) ? [`${status} ${rule}`] : [],
    );
    return [...new Set(found)].sort();
  };
  const ofPlan = (entry: ExportInput, json: string) =>
    check(entry, ['plan-keeps-logs'], (target) =>
      observePlan(json, 'the plan', [{ ...target, altrAccountId: ALTR }]),
    );
  const ofAccount = (entry: ExportInput) =>
    check(entry, ['role-exists', 'bucket-exists', 'logs-kept', 'logs-stay'], (target) =>
      observeLive([target], { altrAccountId: ALTR, listRoles: false }),
    );

  /** Writes and plans the export, and says what Terraform and the check of the plan say. */
  const tryOut = async (next: ExportInput): Promise<Pick<Became, 'destroys' | 'refused' | 'plan'>> => {
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: ALTR }, exports: [next] }));
    await synthesise(config, join(folder, 'cdktf.out'), env);
    if (!existsSync(join(stack, '.terraform'))) await terraform(['init', '-input=false', '-no-color'], at());
    const json = await planJson(at()).catch((error: Error) => error);
    if (json instanceof Error) {
      const told = json.message.replaceAll(/\s+/g, ' ');
      const refused = [
        ...told.matchAll(
          /Resource (\S+) has lifecycle\.prevent_destroy|To work with (\S+) \(orphan\) its original provider/g,
        ),
      ].map(([, guarded, orphan]) => guarded ?? orphan ?? '');
      if (refused.length === 0) throw json;
      return { refused: refused.sort() };
    }
    return { destroys: plannedBy(json).destroyed, plan: await ofPlan(next, json) };
  };
  /** Tries a change, applies it if it is not refused, and says what is in the account then. */
  const change = async (changes: Partial<ExportInput>): Promise<Became> => {
    const next = { ...current, ...changes };
    const tried = await tryOut(next);
    if (!tried.refused) {
      await terraform(['apply', '-input=false', '-no-color', 'next.plan'], at());
      current = next;
    }
    return { ...tried, account: await ofAccount(current), log: await log() };
  };
  /** Tries a change and does not apply it. */
  const onlyPlan = async (changes: Partial<ExportInput>): Promise<Became> => ({
    ...(await tryOut({ ...current, ...changes })),
    account: await ofAccount(current),
    log: await log(),
  });

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    process.env = { ...emulator.env };
    clients = await clientsFor(emulator.url);
    givenKey = (await clients.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
    const elsewhere = new KMSClient({ endpoint: emulator.url, region: 'eu-west-1', credentials: TESTING });
    copyKey = (await elsewhere.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
  });

  afterAll(async () => {
    process.env = environment;
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const SAFE: Became = { destroys: [], plan: [], account: [], log: 'logged' };

  /** A plan does not know the ARN of a key that it makes, and not what a policy or bucket says with it. */
  const ARN_OPEN = [
    'unknown bucket-encryption-delivery',
    'unknown declared-encryption',
    'unknown logs-stay',
    'unknown permissions-action-scope',
    'unknown permissions-put-object',
    'unknown permissions-resource-scope',
  ];

  /** Nor what the policy of a key says that is not its own. */
  const KEY_ELSEWHERE = [
    'unknown bucket-encryption-delivery',
    'unknown logs-stay',
    'unknown permissions-action-scope',
  ];
  /** Nor anything of a bucket that is not its own; nor, then, what a role may do with it. */
  const BUCKET_ELSEWHERE = [
    'unknown bucket-exists',
    'unknown bucket-foreign-access',
    'unknown bucket-public-access',
    'unknown declared-encryption',
    'unknown logs-kept',
    'unknown logs-stay',
  ];
  const OF_ITS_ROLE = [
    'unknown bucket-encryption-delivery',
    'unknown permissions-action-scope',
    'unknown permissions-put-object',
    'unknown permissions-resource-scope',
  ];
  const UNDER_THAT_KEY: Became = { ...SAFE, plan: KEY_ELSEWHERE };

  test('it begins with versioning and a year of retention', async () => {
    expect(await tryOut(BEGIN)).toEqual({ destroys: [], plan: [] });
    await terraform(['apply', '-input=false', '-no-color', 'next.plan'], at());
    await clients.s3.send(new PutObjectCommand({ ...LOG, Body: 'logged' }));
    expect(await ofAccount(BEGIN)).toEqual([]);
  });

  test('1. a key is made', async () => {
    const became = await change({ encryption: { type: 'kms' } });
    madeKey = arnIn(state, 'aws_kms_key.export_key');
    expect(became).toEqual({ ...SAFE, plan: ARN_OPEN });
  });

  test('2. the key is switched', async () => {
    const encryption = { type: 'kms' as const, kmsKeyArn: givenKey, formerKeys: [madeKey] };
    expect(await change({ encryption })).toEqual(UNDER_THAT_KEY);
    expect(await keyState(madeKey)).toBe('Enabled');
  });

  test('3. the role is renamed', async () => {
    const { destroys = [], ...became } = await change({ roleName: 'ALTRPublishSIEMDataRenamed' });
    expect(became).toEqual({ plan: KEY_ELSEWHERE, account: [], log: 'logged' });
    expect(destroys.filter((address) => !/^aws_iam_/.test(address))).toEqual([]);
  });

  test('4. the client ID changes', async () => {
    expect(await change({ clientId: 'client-2' })).toEqual(UNDER_THAT_KEY);
  });

  test('5. the bucket is renamed, which is refused', async () => {
    expect(await change({ bucket: 'long-life-renamed' })).toEqual({
      refused: ['aws_s3_bucket.export_bucket'],
      account: [],
      log: 'logged',
    });
    const { destroys, ...unguarded } = await onlyPlan({ bucket: 'long-life-renamed', preventDestroy: false });
    expect(unguarded).toEqual({
      plan: ['fail plan-keeps-logs', ...KEY_ELSEWHERE],
      account: [],
      log: 'logged',
    });
    expect(destroys).toContain('aws_s3_bucket.export_bucket');
  });

  test('6. the region changes, which the audit of the plan reports', async () => {
    // Terraform itself plans it: the bucket stays where it is, and Terraform would look for it elsewhere.
    const became = await onlyPlan({ region: 'eu-west-1', encryption: { type: 's3' } });
    expect(became).toEqual({
      destroys: [],
      plan: ['fail bucket-region', 'fail plan-keeps-logs'],
      account: [],
      log: 'logged',
    });
  });

  test('7. Object Lock is switched on, as far as the plan', async () => {
    expect(await onlyPlan({ retention: { ...BEGIN.retention, objectLock: true } })).toEqual(UNDER_THAT_KEY);
  });

  test('8. replication is switched on', async () => {
    const replication = { bucket: COPY.Bucket, region: 'eu-west-1', kmsKeyArn: copyKey };
    expect(await change({ replication })).toEqual({
      ...UNDER_THAT_KEY,
      account: ['fail declared-replication'],
    });
    await clients.s3.send(new PutObjectCommand({ ...COPY, Body: 'copied' }));
  });

  test('9. replication is switched off: refused, until the bucket of the copies is forgotten', async () => {
    const orphans = addressesIn(state).filter((address) => OF_THE_COPIES.test(address));
    expect(orphans).toContain('aws_s3_bucket.export_replication_bucket');
    const refused = await change({ replication: undefined });
    expect(refused).toEqual({ refused: orphans, account: ['fail declared-replication'], log: 'logged' });
    await terraform(['state', 'rm', ...orphans], at());
    expect(await change({ replication: undefined })).toEqual({
      ...UNDER_THAT_KEY,
      destroys: [
        'aws_iam_role.export_replication_role',
        'aws_iam_role_policy.export_replication_policy',
        'aws_s3_bucket_replication_configuration.export_replication_configuration',
      ],
    });
    const { Body } = await clients.s3.send(new GetObjectCommand(COPY));
    expect(await Body?.transformToString()).toBe('copied');
  });

  test('10. the retention is shortened', async () => {
    expect(await change({ retention: { versioning: true, expireAfterDays: 30 } })).toEqual(UNDER_THAT_KEY);
  });

  test('11. the guard is removed, and a plan that destroys all is reported', async () => {
    expect(await change({ preventDestroy: false })).toEqual(UNDER_THAT_KEY);
    const json = await planJson(at(), '-destroy', '-refresh=false');
    expect(await ofPlan(current, json)).toEqual([
      'fail bucket-exists',
      'fail plan-keeps-logs',
      'fail role-exists',
    ]);
    expect(await log()).toBe('logged');
  });

  test('12. the bucket gets another owner, and is forgotten', async () => {
    const { retention: _, ...rest } = current;
    current = { ...rest, preventDestroy: undefined };
    expect(await change({ existingBucket: true })).toEqual({
      ...SAFE,
      plan: [...BUCKET_ELSEWHERE, ...OF_ITS_ROLE].sort(),
    });
    expect(addressesIn(state).filter((address) => /^aws_s3_bucket/.test(address))).toEqual([]);
  });

  test('then a destroy leaves the bucket, its logs and its keys', async () => {
    const json = await planJson(at(), '-destroy', '-refresh=false');
    expect(plannedBy(json).destroyed.filter((address) => !/^aws_iam_/.test(address))).toEqual([]);
    expect(await ofPlan(current, json)).toEqual(['fail role-exists', ...BUCKET_ELSEWHERE]);
    await terraform(['apply', '-input=false', '-no-color', 'next.plan'], at());
    expect(addressesIn(state)).toEqual([]);
    expect(await ofAccount(current)).toEqual(['fail role-exists']);
    expect(await log()).toBe('logged');
    expect([await keyState(madeKey), await keyState(givenKey)]).toEqual(['Enabled', 'Enabled']);
  });
});
