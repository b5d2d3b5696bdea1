/**
 * Object Lock on a bucket that is there: switched on, given a retention, taken out of the config again, always without making
 * the bucket anew.
 *
 * What the emulator does not do: it refuses the lock for a bucket with objects in it, which S3 takes since November 2023, so
 * the buckets are empty; and it lets versioning be suspended under the lock, which S3 refuses.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetBucketVersioningCommand, GetObjectLockConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import type { Report } from '../../checks/finding';
import type { ExportInput } from '../../contract/config/schema';
import { altrExport, synthesise } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { applyPlanned, type Planned, plan } from './support/planned';
import { describeOnRealParts } from './support/real-parts';
import { terraform, terraformCliConfig } from './support/terraform';

const LOCK = 'aws_s3_bucket_object_lock_configuration.export_bucket_object_lock';
const VERSIONING = 'aws_s3_bucket_versioning.export_bucket_versioning';
const NOTHING: Planned = { imported: 0, created: [], destroyed: [], updated: [] };

/** Only what the test changes. */
interface StackJson {
  resource: Record<string, Record<string, Record<string, unknown>>>;
}

describeOnRealParts('Object Lock that comes later', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-object-lock-'));
  const config = join(folder, 'altr-exports.json');
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let s3: S3Client;

  const at = (name: string) => ({ cwd: join(folder, 'cdktf.out', 'stacks', name), env });
  const write = async (name: string, retention?: ExportInput['retention']) => {
    const entry: ExportInput = {
      name,
      clientId: 'client-1',
      bucket: `object-lock-${name}`,
      region: 'us-east-1',
      ...(retention ? { retention } : {}),
    };
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: '098765432109' }, exports: [entry] }));
    await synthesise(config, join(folder, 'cdktf.out'), env);
    await terraform(['init', '-input=false', '-no-color'], at(name));
  };
  /** Plans and applies; the next plan must be empty. */
  const apply = async (name: string, retention?: ExportInput['retention']): Promise<Planned> => {
    await write(name, retention);
    const planned = await plan(at(name));
    await applyPlanned(at(name));
    return planned;
  };
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
    s3 = new S3Client({
      endpoint: emulator.url,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
      region: 'us-east-1',
      forcePathStyle: true,
    });
  }, 60_000);

  // Roles of the test before would be undeclared ones.
  beforeEach(() => emulator.reset());

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is added to the bucket, changed and taken out of the config, and the bucket stays', async () => {
    await apply('later');
    expect(await apply('later', { objectLock: true })).toEqual({
      ...NOTHING,
      created: [LOCK, VERSIONING],
    });
    expect(await lockOf('later')).toEqual({ ObjectLockEnabled: 'Enabled' });
    const versioning = await s3.send(new GetBucketVersioningCommand({ Bucket: 'object-lock-later' }));
    expect(versioning.Status).toBe('Enabled');
    expect(await check()).toEqual(compliant);

    const defaultRetention = { mode: 'GOVERNANCE', days: 30 } as const;
    expect(await apply('later', { objectLock: true, defaultRetention })).toEqual({
      ...NOTHING,
      updated: [`${LOCK}.rule`],
    });
    expect((await lockOf('later'))?.Rule?.DefaultRetention).toMatchObject({ Mode: 'GOVERNANCE', Days: 30 });
    expect(await check()).toEqual(compliant);

    expect(await apply('later', { versioning: true })).toEqual({ ...NOTHING, destroyed: [LOCK] });
    expect(await lockOf('later')).toEqual({ ObjectLockEnabled: 'Enabled' });
  }, 300_000);

  test('a bucket that was made with the lock of earlier versions of this kit stays, too', async () => {
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
    await plan(at('made-with'));
    await applyPlanned(at('made-with'));
    expect(await lockOf('made-with')).toEqual({ ObjectLockEnabled: 'Enabled' });

    expect(await apply('made-with', { objectLock: true })).toEqual({ ...NOTHING, created: [LOCK] });
    expect(await check()).toEqual(compliant);
  }, 300_000);
});
