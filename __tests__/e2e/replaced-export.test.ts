/** Another role for a bucket with logs in it, step by step as the page says: the bucket and its key never change hands by being made anew. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, GetKeyPolicyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { parse } from 'yaml';
import type { Report } from '../../checks/verdict/finding';
import type { ExportInput } from '../../config/schema';
import { blocksOf, readPage } from '../docs/pages';
import { protectionOf } from './support/bucket-settings';
import { altrExport, synthesise } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { applied, plan } from './support/planned';
import { describeOnRealParts } from './support/real-parts';
import { clientsFor } from './support/set-up';
import { arnIn } from './support/state';
import { terraform, terraformCliConfig } from './support/terraform';

/** The configs of the page: with both exports, and after the bucket is handed over. */
const [BESIDE, HANDED_OVER] = blocksOf(readPage('docs/provisioning.md'))
  .map(({ code }) => code)
  .filter((code) => code.startsWith('exports:')) as [string, string];
const KEY_ON_THE_PAGE = /arn:aws:kms:us-east-1:\d{12}:key\/[\w-]+/g;
const LOG = { Bucket: 'acme-altr-audit-logs', Key: 'year=2026/month=01/day=01/log.json' };
const [FORMER, NEXT] = ['acme-prod', 'acme-prod-2'] as const;
const ROLES = ['ALTRPublishSIEMDataAcmeProd', 'ALTRPublishSIEMDataAcmeProd2'] as const;

jest.setTimeout(400_000);

describeOnRealParts('an export that replaces another one', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-replaced-'));
  const config = join(folder, 'altr-exports.json');
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let iam: IAMClient;
  let s3: S3Client;
  let kms: KMSClient;
  let key: string;

  const at = (name: string) => ({ cwd: join(folder, 'cdktf.out', 'stacks', name), env });
  const declare = async (exports: readonly ExportInput[]) => {
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: '098765432109' }, exports }));
    await synthesise(config, join(folder, 'cdktf.out'), env);
  };
  const exportsIn = (page: string): ExportInput[] => parse(page.replaceAll(KEY_ON_THE_PAGE, key)).exports;
  const deploy = async (name: string) => {
    if (!existsSync(join(at(name).cwd, '.terraform')))
      await terraform(['init', '-input=false', '-no-color'], at(name));
    return applied(at(name));
  };
  const roles = async () =>
    ((await iam.send(new ListRolesCommand({}))).Roles ?? []).map(({ RoleName }) => RoleName).sort();
  const log = async () => (await s3.send(new GetObjectCommand(LOG))).Body?.transformToString();
  const keyPolicy = async () =>
    (await kms.send(new GetKeyPolicyCommand({ KeyId: key, PolicyName: 'default' }))).Policy;
  const check = async () => {
    const { code, stdout } = await altrExport(['check', '--config', config, '--format', 'json'], { env });
    return {
      code,
      verdicts: (JSON.parse(stdout) as Report).exports.map(({ name, status }) => [name, status]),
    };
  };

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    ({ iam, s3, kms } = await clientsFor(emulator.url));
    await declare(exportsIn(BESIDE).slice(0, 1));
    await deploy(FORMER);
    await s3.send(new PutObjectCommand({ ...LOG, Body: 'logged' }));
    key = arnIn(join(folder, `terraform.${FORMER}.tfstate`), 'aws_kms_key.export_key');
  });

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is made beside it, and its role may use the key', async () => {
    await declare(exportsIn(BESIDE));
    const updated = await plan(at(FORMER));
    await terraform(['apply', '-input=false', '-no-color', 'next.plan'], at(FORMER));
    expect(updated).toMatchObject({ created: [], destroyed: [] });
    expect(updated.updated).toEqual(['aws_kms_key.export_key.policy']);
    const made = await deploy(NEXT);
    expect(made.destroyed).toEqual([]);
    expect(made.created.filter((address) => /^aws_(s3|kms)/.test(address))).toEqual([]);
    expect(await roles()).toEqual(ROLES);
    for (const role of ROLES) expect(await keyPolicy()).toContain(`role/${role}"`);
    expect(await check()).toEqual({
      code: 0,
      verdicts: [
        [FORMER, 'compliant'],
        [NEXT, 'compliant'],
      ],
    });
  });

  test('takes the bucket over as it is', async () => {
    const before = { settings: await protectionOf(s3, LOG.Bucket), keyPolicy: await keyPolicy() };
    await declare(exportsIn(HANDED_OVER));
    const left = await deploy(FORMER);
    expect(left.destroyed).toEqual([]);
    const taken = await deploy(NEXT);
    expect(taken.destroyed).toEqual([]);
    expect(taken.imported).toBe(5);
    expect({ settings: await protectionOf(s3, LOG.Bucket), keyPolicy: await keyPolicy() }).toEqual(before);
    expect((await check()).code).toBe(0);
  });

  test('stays alone, with the bucket, its logs and its key', async () => {
    const before = await protectionOf(s3, LOG.Bucket);
    await terraform(['destroy', '-input=false', '-no-color', '-auto-approve'], at(FORMER));
    const [, { replaces: _, ...next } = {} as ExportInput] = exportsIn(HANDED_OVER);
    await declare([next]);
    expect(await deploy(NEXT)).toMatchObject({ created: [], destroyed: [], updated: [] });
    expect(await roles()).toEqual([ROLES[1]]);
    expect(await protectionOf(s3, LOG.Bucket)).toEqual(before);
    expect(await log()).toBe('logged');
    const described = await kms.send(new DescribeKeyCommand({ KeyId: key }));
    expect(described.KeyMetadata?.KeyState).toBe('Enabled');
    expect(await check()).toEqual({ code: 0, verdicts: [[NEXT, 'compliant']] });
  });
});
