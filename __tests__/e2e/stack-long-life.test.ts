/**
 * The life of a stack over twelve changes: none of them loses a log. Each is planned, the plan is judged, and what is not
 * refused is applied and the account judged. It takes minutes, so it runs only with `ALTR_LONG_LIFE=1`; `stack-life.test.ts` is
 * the short one.
 *
 * What the emulator does not do: it refuses Object Lock for a bucket with objects in it, which S3 takes since November 2023, so
 * that step is only planned; it copies nothing, and forgets which encrypted logs and deletions are copied, so that the account's
 * verdict on replication is about the emulator. A plan does not know the ARN of a key or role that it makes, so what depends on
 * it is `unknown` there: of a plan only violations count.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateKeyCommand, DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { declaredOptions } from '../../checks/observe/declared-options';
import { observeLive } from '../../checks/observe/live';
import type { Observation } from '../../checks/observe/observation';
import { observePlan } from '../../checks/observe/terraform';
import { judge } from '../../checks/verdict/judge';
import { declaredBy } from '../../cli/check/opt-in-rules';
import { parseConfig } from '../../config/file/parse';
import { definitionOf, type ExportInput } from '../../config/schema';
import { contractFor } from '../../contract/contract';
import { synthesise } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { plan } from './support/planned';
import { describeOnRealParts } from './support/real-parts';
import { type AccountClients, clientsFor, TESTING } from './support/set-up';
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
const LOG = { Bucket: BEGIN.bucket, Key: 'year=2026/month=01/day=01/log.json' };

/** What became of one change. */
interface Became {
  /** What Terraform would destroy or replace, or the resources for which it refuses to plan. */
  readonly destroys: readonly string[];
  readonly refused?: readonly string[];
  /** What the checks report beside passes and advice, as `status rule`; of a plan only what fails. */
  readonly plan?: readonly string[];
  readonly account?: readonly string[];
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
  const environment = { ...process.env };
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let clients: AccountClients;
  let current: ExportInput = BEGIN;
  let madeKey = '';
  let givenKey = '';
  let copyKey = '';

  const at = () => ({ cwd: stack, env });
  const show = async () => (await terraform(['show', '-json', 'next.plan'], at())).stdout;
  const log = async () =>
    (await (await clients.s3.send(new GetObjectCommand(LOG))).Body?.transformToString()) ?? 'lost';

  /** What a check of the export says of what was observed. */
  const judged = (entry: ExportInput, of: Observation) => {
    const text = JSON.stringify({ altr: { awsAccountId: ALTR }, exports: [entry] });
    const parsed = parseConfig(text, 'life', 'audit').config;
    const contracts = parsed.exports.map((one) => contractFor(definitionOf(parsed, one)));
    const reports = judge(of, {
      contracts,
      declaredRoles: contracts,
      declared: declaredBy(parsed.exports),
    });
    const found = reports.flatMap(({ findings }) =>
      findings.flatMap(({ rule, status }) => (/fail|unknown/.test(status) ? [`${status} ${rule}`] : [])),
    );
    return [...new Set(found)];
  };
  const targetOf = (entry: ExportInput) => {
    const text = JSON.stringify({ altr: { awsAccountId: ALTR }, exports: [entry] });
    const { config: parsed } = parseConfig(text, 'life', 'audit');
    const [one] = parsed.exports;
    if (!one) throw new Error('no export');
    return { ...one, altrAccountId: ALTR, delivery: undefined, declared: declaredOptions(one) };
  };
  const ofPlan = async (entry: ExportInput) =>
    judged(entry, observePlan(await show(), 'the plan', [targetOf(entry)])).filter((each) =>
      each.startsWith('fail'),
    );
  const ofAccount = async (entry: ExportInput) =>
    judged(entry, await observeLive([targetOf(entry)], { altrAccountId: ALTR, listRoles: false }));

  /** Changes the export, and says what became of it. One that is refused, or only planned, is taken back. */
  const change = async (changes: Partial<ExportInput>, how?: 'only-plan'): Promise<Became> => {
    const next = { ...current, ...changes };
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: ALTR }, exports: [next] }));
    await synthesise(config, join(folder, 'cdktf.out'), env);
    await terraform(['init', '-input=false', '-no-color'], at());
    const tried = await plan(at()).catch((error: Error) => error);
    if (tried instanceof Error) {
      const names = [...tried.message.matchAll(/Resource (\S+) has lifecycle\.prevent_destroy/g)];
      if (names.length === 0) throw tried;
      return { destroys: [], refused: names.map(([, name = '']) => name).sort(), log: await log() };
    }
    const planned = { destroys: tried.destroyed, plan: await ofPlan(next) };
    if (how) return { ...planned, log: await log() };
    await terraform(['apply', '-input=false', '-no-color', 'next.plan'], at());
    current = next;
    return { ...planned, account: await ofAccount(next), log: await log() };
  };

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

  test('it begins with versioning and a year of retention', async () => {
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: ALTR }, exports: [BEGIN] }));
    await synthesise(config, join(folder, 'cdktf.out'), env);
    await terraform(['init', '-input=false', '-no-color'], at());
    await plan(at());
    expect(await ofPlan(BEGIN)).toEqual([]);
    await terraform(['apply', '-input=false', '-no-color', 'next.plan'], at());
    await clients.s3.send(new PutObjectCommand({ ...LOG, Body: 'logged' }));
    expect(await ofAccount(BEGIN)).toEqual([]);
  });

  test('1. a key is made', async () => {
    expect(await change({ encryption: { type: 'kms' } })).toEqual(SAFE);
    const { stdout } = await terraform(['state', 'show', '-no-color', 'aws_kms_key.export_key'], at());
    madeKey = /\barn\s+= "([^"]+)"/.exec(stdout)?.[1] ?? '';
  });

  test('2. the key is switched', async () => {
    const encryption = { type: 'kms' as const, kmsKeyArn: givenKey, formerKeys: [madeKey] };
    expect(await change({ encryption })).toEqual(SAFE);
    const { KeyMetadata } = await clients.kms.send(new DescribeKeyCommand({ KeyId: madeKey }));
    expect(KeyMetadata?.KeyState).toBe('Enabled');
  });

  test('3. the role is renamed', async () => {
    const { destroys, ...became } = await change({ roleName: 'ALTRPublishSIEMDataRenamed' });
    expect(became).toEqual({ plan: [], account: [], log: 'logged' });
    expect(destroys.filter((address) => !/^aws_iam_/.test(address))).toEqual([]);
  });

  test('4. the client ID changes', async () => {
    expect(await change({ clientId: 'client-2' })).toEqual(SAFE);
  });

  test('5. the bucket is renamed, which is refused', async () => {
    expect(await change({ bucket: 'long-life-renamed' })).toEqual({
      destroys: [],
      refused: ['aws_s3_bucket.export_bucket'],
      log: 'logged',
    });
    const unguarded = await change({ bucket: 'long-life-renamed', preventDestroy: false }, 'only-plan');
    expect(unguarded).toMatchObject({ plan: ['fail plan-keeps-logs'], log: 'logged' });
    expect(unguarded.destroys).toContain('aws_s3_bucket.export_bucket');
  });

  test('6. the region changes, which the audit of the plan reports', async () => {
    // Terraform itself plans it: the bucket stays where it is, and Terraform would look for it elsewhere.
    const became = await change({ region: 'eu-west-1', encryption: { type: 's3' } }, 'only-plan');
    expect(became.plan).toContain('fail bucket-region');
    expect(became.log).toBe('logged');
  });

  test('7. Object Lock is switched on, as far as the plan', async () => {
    const retention = { ...BEGIN.retention, objectLock: true };
    expect(await change({ retention }, 'only-plan')).toEqual({ destroys: [], plan: [], log: 'logged' });
  });

  test('8. replication is switched on', async () => {
    const replication = { bucket: 'long-life-copy', region: 'eu-west-1', kmsKeyArn: copyKey };
    expect(await change({ replication })).toEqual({ ...SAFE, account: ['fail declared-replication'] });
  });

  test('9. replication is switched off, which is refused', async () => {
    expect(await change({ replication: undefined })).toMatchObject({ log: 'logged' });
  });

  test('10. the retention is shortened', async () => {
    const became = await change({ retention: { versioning: true, expireAfterDays: 30 } });
    expect(became).toMatchObject({ destroys: [], plan: [], log: 'logged' });
  });

  test('11. the guard is removed, and a plan that destroys all is reported', async () => {
    expect(await change({ preventDestroy: false })).toMatchObject({ destroys: [], plan: [], log: 'logged' });
    await terraform(['plan', '-destroy', '-input=false', '-no-color', '-out=next.plan'], at());
    expect(await ofPlan(current)).toContain('fail plan-keeps-logs');
  });

  test('12. the bucket gets another owner, and is forgotten', async () => {
    const { retention: _, replication: __, ...rest } = current;
    current = { ...rest, preventDestroy: undefined };
    expect(await change({ existingBucket: true })).toMatchObject({ log: 'logged' });
  });

  test('then a destroy leaves the bucket and its logs', async () => {
    await terraform(['destroy', '-input=false', '-no-color', '-auto-approve'], at());
    expect(await log()).toBe('logged');
    const { KeyMetadata } = await clients.kms.send(new DescribeKeyCommand({ KeyId: givenKey }));
    expect(KeyMetadata?.KeyState).toBe('Enabled');
  });
});
