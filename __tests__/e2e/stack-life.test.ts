/** One bucket through changes of its stack: no step deletes a log, its key, or the settings that protect it. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateKeyCommand, DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ExportInput } from '../../config/schema';
import { synthesise } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { applied } from './support/planned';
import { describeOnRealParts } from './support/real-parts';
import { clientsFor } from './support/set-up';
import { addressesIn, arnIn } from './support/state';
import { terraform, terraformCliConfig } from './support/terraform';

const ALTR_ACCOUNT = '098765432109';
const EXPORT: ExportInput = {
  name: 'life',
  accountId: '123456789012',
  clientId: 'client-1',
  bucket: 'life-altr-audit-logs',
  region: 'us-east-1',
};
const PROTECTED: Partial<ExportInput> = { retention: { versioning: true, expireAfterDays: 365 } };
const LOG = { Bucket: EXPORT.bucket, Key: 'year=2026/month=01/day=01/log.json' };

jest.setTimeout(400_000);

describeOnRealParts('the life of a bucket with logs in it', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-life-'));
  const config = join(folder, 'altr-exports.json');
  const stack = join(folder, 'cdktf.out', 'stacks', EXPORT.name);
  const state = join(folder, `terraform.${EXPORT.name}.tfstate`);
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let s3: S3Client;
  let kms: KMSClient;
  let madeKey: string;
  let givenKey: string;

  /** Synthesises and applies the export with these options, and says what that destroyed. */
  const deploy = async (options: Partial<ExportInput>) => {
    const exports = [{ ...EXPORT, ...options }];
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: ALTR_ACCOUNT }, exports }));
    await synthesise(config, join(folder, 'cdktf.out'), env);
    if (!existsSync(join(stack, '.terraform')))
      await terraform(['init', '-input=false', '-no-color'], { cwd: stack, env });
    return (await applied({ cwd: stack, env })).destroyed;
  };
  const keyState = async (KeyId: string) =>
    (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
  const log = async () => (await s3.send(new GetObjectCommand(LOG))).Body?.transformToString();
  const settings = async () => {
    const { Bucket } = LOG;
    const [block, lifecycle, encryption] = await Promise.all([
      s3.send(new GetPublicAccessBlockCommand({ Bucket })),
      s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
      s3.send(new GetBucketEncryptionCommand({ Bucket })),
    ]);
    return {
      isBlocked: block.PublicAccessBlockConfiguration?.RestrictPublicBuckets,
      expiresAfter: lifecycle.Rules?.[0]?.Expiration?.Days,
      encryption: encryption.ServerSideEncryptionConfiguration,
    };
  };

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    ({ s3, kms } = await clientsFor(emulator.url));
    givenKey = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
    await deploy({ ...PROTECTED, encryption: { type: 'kms' } });
    await s3.send(new PutObjectCommand({ ...LOG, Body: 'logged' }));
    madeKey = arnIn(state, 'aws_kms_key.export_key');
  });

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a destroy is refused while the config declares how long logs are kept', async () => {
    const { stdout, stderr } = await terraform(['plan', '-destroy', '-input=false', '-no-color'], {
      cwd: stack,
      env,
      codes: [1],
    });
    expect(stdout + stderr).toContain('Instance cannot be destroyed');
    expect(stdout + stderr).toContain('aws_kms_key.export_key');
  });

  test('another key takes over, and the former one is forgotten, not deleted', async () => {
    const encryption = { type: 'kms' as const, kmsKeyArn: givenKey, formerKeys: [madeKey] };
    expect(await deploy({ ...PROTECTED, encryption })).toEqual([]);
    expect(addressesIn(state)).not.toContain('aws_kms_key.export_key');
    expect(await keyState(madeKey)).toBe('Enabled');
    expect(await log()).toBe('logged');
  });

  test('a bucket that gets another owner is forgotten with its settings', async () => {
    const before = await settings();
    expect(before).toMatchObject({ isBlocked: true, expiresAfter: 365 });
    const encryption = { type: 'kms' as const, kmsKeyArn: givenKey, formerKeys: [madeKey] };
    expect(await deploy({ existingBucket: true, encryption })).toEqual([]);
    expect(addressesIn(state).filter((address) => /^aws_s3_bucket/.test(address))).toEqual([]);
    expect(await settings()).toEqual(before);
  });

  test('then a destroy removes the export and leaves the bucket as it is', async () => {
    const before = await settings();
    await terraform(['destroy', '-input=false', '-no-color', '-auto-approve'], { cwd: stack, env });
    expect(addressesIn(state)).toEqual([]);
    expect(await settings()).toEqual(before);
    expect(await log()).toBe('logged');
    expect(await keyState(givenKey)).toBe('Enabled');
  });
});
