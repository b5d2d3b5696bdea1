/**
 * Object Lock on a bucket that is there: switched on, given a retention, taken out of the config again, always without making
 * the bucket anew.
 *
 * What the emulator does not do: it refuses the lock for a bucket with objects in it, which S3 takes since November 2023, so
 * the buckets are empty; and it lets versioning be suspended under the lock, which S3 refuses.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IAMClient } from '@aws-sdk/client-iam';
import {
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { parse } from 'yaml';
import type { Report } from '../../checks/verdict/finding';
import { parseConfig } from '../../config/file/parse';
import type { ExportInput } from '../../config/schema';
import { clickBucket, clickRole } from './support/clicked';
import { altrExport, synthesise } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { applied, type Planned, plan } from './support/planned';
import { describeOnRealParts } from './support/real-parts';
import { clientsFor } from './support/set-up';
import { terraform, terraformCliConfig } from './support/terraform';

const ALTR_ACCOUNT = '098765432109';
/** A default retention needs a checksum with every log, and only ALTR knows whether it sends one. */
const ALTR = { awsAccountId: ALTR_ACCOUNT, assumptions: { checksumHeader: 'sent' } };
const LOCK = 'aws_s3_bucket_object_lock_configuration.export_bucket_object_lock';
const VERSIONING = 'aws_s3_bucket_versioning.export_bucket_versioning';
const NOTHING: Planned = { imported: 0, created: [], destroyed: [], updated: [] };

/** Only what the test changes. */
interface StackJson {
  resource: Record<string, Record<string, Record<string, unknown>>>;
}

/** Terraform and its provider take their time on a busy machine. */
jest.setTimeout(400_000);

describeOnRealParts('Object Lock that comes later', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-object-lock-'));
  const config = join(folder, 'altr-exports.json');
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let iam: IAMClient;
  let s3: S3Client;

  const at = (name: string) => ({ cwd: join(folder, 'cdktf.out', 'stacks', name), env });
  const synth = async (name: string) => {
    await synthesise(config, join(folder, 'cdktf.out'), env);
    const isInitialised = existsSync(join(at(name).cwd, '.terraform'));
    if (!isInitialised) await terraform(['init', '-input=false', '-no-color'], at(name));
  };
  const write = async (name: string, retention?: ExportInput['retention']) => {
    const entry: ExportInput = {
      name,
      clientId: 'client-1',
      bucket: `object-lock-${name}`,
      region: 'us-east-1',
      ...(retention ? { retention } : {}),
    };
    writeFileSync(config, JSON.stringify({ altr: ALTR, exports: [entry] }));
    await synth(name);
  };
  /** Applies a change. Since this names all that changes, it also shows that the one before settled. */
  const change = async (name: string, retention: ExportInput['retention']): Promise<Planned> => {
    await write(name, retention);
    return applied(at(name));
  };
  const expectSettled = (name: string) =>
    terraform(['plan', '-input=false', '-no-color', '-detailed-exitcode'], at(name));
  const lockOf = async (name: string) => {
    const Bucket = `object-lock-${name}`;
    return (await s3.send(new GetObjectLockConfigurationCommand({ Bucket }))).ObjectLockConfiguration;
  };
  const check = async () => {
    const { code, stdout } = await altrExport(['check', '--config', config, '--format', 'json'], { env });
    return { code, summary: (JSON.parse(stdout) as Report).summary };
  };
  const compliant = { code: 0, summary: { exports: 1, compliant: 1, violating: 0, unknown: 0 } };

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    ({ iam, s3 } = await clientsFor(emulator.url));
  });

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is added to a bucket that is there', async () => {
    await write('later');
    await applied(at('later'));
    expect(await change('later', { objectLock: true })).toEqual({
      ...NOTHING,
      created: [LOCK, VERSIONING],
    });
    expect(await lockOf('later')).toEqual({ ObjectLockEnabled: 'Enabled' });
    const versioning = await s3.send(new GetBucketVersioningCommand({ Bucket: 'object-lock-later' }));
    expect(versioning.Status).toBe('Enabled');
    expect(await check()).toEqual(compliant);
  });

  test('gets a default retention', async () => {
    const defaultRetention = { mode: 'GOVERNANCE', days: 30 } as const;
    await write('later', { objectLock: true, defaultRetention });
    expect(await plan(at('later'))).toEqual({ ...NOTHING, updated: [`${LOCK}.rule`] });
    await terraform(['apply', '-input=false', '-no-color', 'next.plan'], at('later'));
    expect((await lockOf('later'))?.Rule?.DefaultRetention).toMatchObject({ Mode: 'GOVERNANCE', Days: 30 });
    expect(await check()).toEqual(compliant);
  });

  test('stays where the config does not ask for it any more', async () => {
    expect(await change('later', { versioning: true })).toEqual({ ...NOTHING, destroyed: [LOCK] });
    await expectSettled('later');
    expect(await lockOf('later')).toEqual({ ObjectLockEnabled: 'Enabled' });
  });

  test('a bucket that was made with the lock of earlier versions of this kit stays, too', async () => {
    // The role of the tests before would be an undeclared one.
    await emulator.reset();
    await write('made-with');
    const file = join(at('made-with').cwd, 'cdk.tf.json');
    const stack = JSON.parse(readFileSync(file, 'utf8')) as StackJson;
    const bucket = stack.resource.aws_s3_bucket?.export_bucket;
    writeFileSync(
      file,
      JSON.stringify({
        ...stack,
        resource: {
          ...stack.resource,
          aws_s3_bucket: { export_bucket: { ...bucket, object_lock_enabled: true } },
          aws_s3_bucket_versioning: {
            export_bucket_versioning: {
              bucket: '${aws_s3_bucket.export_bucket.id}',
              versioning_configuration: { status: 'Enabled' },
            },
          },
        },
      }),
    );
    await applied(at('made-with'));
    expect(await lockOf('made-with')).toEqual({ ObjectLockEnabled: 'Enabled' });

    expect(await change('made-with', { objectLock: true })).toEqual({ ...NOTHING, created: [LOCK] });
    await expectSettled('made-with');
    expect(await check()).toEqual(compliant);
  });

  test('an adopted bucket keeps its lock and its default retention', async () => {
    await emulator.reset();
    const Bucket = 'object-lock-by-hand';
    await clickBucket(s3, Bucket, 'us-east-1');
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const Rule = { DefaultRetention: { Mode: 'GOVERNANCE' as const, Days: 30 } };
    const lock = { ObjectLockEnabled: 'Enabled' as const, Rule };
    await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: lock }));
    const before = await lockOf('by-hand');
    await clickRole(iam, {
      altrAccountId: ALTR_ACCOUNT,
      bucket: Bucket,
      region: 'us-east-1',
      roleName: 'ALTRPublishSIEMDataByHand',
      policyName: 'acme.s3.policy',
      clientId: 'client-1',
    });
    const args = ['adopt', '--altr-account-id', ALTR_ACCOUNT, '--output', config, '--force'];
    const { code, stdout } = await altrExport(args, { env });
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('changes nothing in AWS'),
    });
    const { exports } = parseConfig(readFileSync(config, 'utf8'), config, 'provision').config;
    expect(exports[0]?.retention).toEqual({
      objectLock: true,
      defaultRetention: { mode: 'GOVERNANCE', days: 30 },
    });

    await synth('by-hand');
    expect(await applied(at('by-hand'))).toEqual({ ...NOTHING, imported: 11 });
    await expectSettled('by-hand');
    expect(await lockOf('by-hand')).toEqual(before);
    expect(await check()).toEqual({ code: 2, summary: { ...compliant.summary, compliant: 0, unknown: 1 } });
    const adopted = parse(readFileSync(config, 'utf8')) as object;
    writeFileSync(config, JSON.stringify({ ...adopted, altr: ALTR }));
    expect(await check()).toEqual(compliant);
  });
});
