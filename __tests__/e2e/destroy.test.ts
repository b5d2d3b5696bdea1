/** What a destroy takes, and what it leaves, on real parts: buckets with logs in them, and buckets of somebody else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketLoggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { readPage } from '../docs/pages';
import { makeAccessLogBucket, protectionOf } from './support/bucket-settings';
import { altrExport, synthesise } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { clientsFor } from './support/set-up';
import { addressesIn } from './support/state';
import { terraform, terraformCliConfig } from './support/terraform';

jest.setTimeout(300_000);

const PROTECTED = {
  encryption: { type: 'kms', keyAlias: 'altr/logs' },
  retention: { versioning: true, expireAfterDays: 365 },
  // Not requireTls: the emulator denies by a statement whatever its condition, and this one would be a log's writing.
  bucketPolicy: { onlyReaders: ['arn:aws:iam::123456789012:role/Analyst'] },
};
/** Buckets for access logs: where the owner of an existing bucket sends them, and where the export does. */
const OWNERS = 'destroy-owners-access-logs';
const OURS = 'destroy-our-access-logs';
const LOG = { Key: 'logs/1.json', Body: '{}' };

const COPIES = { bucket: 'destroy-copies', region: 'eu-west-1' };

/** What the page has a user make Terraform forget: the bucket of logs, and that of copies. */
const [BY_THE_PAGE, OF_THE_COPIES] = [
  ...readPage('docs/provisioning.md').matchAll(
    /terraform state list \| grep -E '(.+)' \| xargs terraform state rm/g,
  ),
].map(([, pattern = '']) => new RegExp(pattern)) as [RegExp, RegExp];

const exportOf = (name: string, options: object) => ({
  name,
  clientId: 'client-1',
  bucket: `destroy-${name}`,
  region: 'us-east-1',
  ...options,
});

describeOnRealParts('destroy', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-destroy-'));
  const config = join(folder, 'altr-exports.json');
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let s3: S3Client;
  let iam: IAMClient;

  const run = (name: string, args: readonly string[], codes?: readonly number[]) =>
    terraform(args, { cwd: join(folder, 'cdktf.out', 'stacks', name), env, ...(codes ? { codes } : {}) });
  const apply = (name: string) => run(name, ['apply', '-input=false', '-no-color', '-auto-approve']);
  const destroy = (name: string, codes?: readonly number[]) =>
    run(name, ['destroy', '-input=false', '-no-color', '-auto-approve'], codes);
  const state = (name: string) => addressesIn(join(folder, `terraform.${name}.tfstate`));
  /** Writes the stack of one export anew. */
  const declare = async (entry: object) => {
    const file = join(folder, 'one.json');
    writeFileSync(file, JSON.stringify({ altr: { awsAccountId: '098765432109' }, exports: [entry] }));
    await synthesise(file, join(folder, 'cdktf.out'), env);
  };
  const logs = async (Bucket: string) =>
    (await s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key);
  const setLogging = (TargetBucket: string) =>
    s3.send(
      new PutBucketLoggingCommand({
        Bucket: 'destroy-existing',
        BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix: '' } },
      }),
    );
  const roles = async () => (await iam.send(new ListRolesCommand({}))).Roles?.map(({ RoleName }) => RoleName);

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    ({ iam, s3 } = await clientsFor(emulator.url));
    const exports = [
      // Guarded by default, as retention is declared.
      exportOf('logs', PROTECTED),
      exportOf('copied', { preventDestroy: true, replication: COPIES }),
      exportOf('existing', {
        existingBucket: true,
        existingBucketConfirmed: true,
        retention: { versioning: true },
        accessLogging: { bucket: OURS },
      }),
    ];
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: '098765432109' }, exports }));
    await synthesise(config, join(folder, 'cdktf.out'), env);
    await makeExisting();
    // The provider waits for a minute until a lifecycle has settled: the stacks wait side by side.
    await Promise.all(
      exports.map(async ({ name }) => {
        await run(name, ['init', '-input=false', '-no-color']);
        await apply(name);
      }),
    );
  });

  /** With versioning and access logging of its owner's. */
  async function makeExisting(): Promise<void> {
    for (const Bucket of [OWNERS, OURS]) await makeAccessLogBucket(s3, Bucket);
    const Bucket = 'destroy-existing';
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    await setLogging(OWNERS);
  }

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('a bucket with logs in it', () => {
    const Bucket = 'destroy-logs';
    let before: Awaited<ReturnType<typeof protectionOf>>;

    beforeAll(async () => {
      await s3.send(new PutObjectCommand({ Bucket, ...LOG }));
      before = await protectionOf(s3, Bucket);
    });

    test('is refused to a destroy before anything is touched, under the guard', async () => {
      const all = { state: state('logs'), roles: await roles() };
      const { stderr } = await destroy('logs', [1]);
      expect(stderr).toContain('prevent_destroy');
      expect(await protectionOf(s3, Bucket)).toEqual(before);
      expect({ state: state('logs'), roles: await roles() }).toEqual(all);
      const { code } = await altrExport(['check', '--config', config, '--only', 'logs'], { env });
      expect(code).toBe(0);
    });

    test('stays without the guard with its logs, its key and the key’s alias; its settings and ALTR’s role are gone', async () => {
      await declare(exportOf('logs', { ...PROTECTED, preventDestroy: false }));
      const { stderr } = await destroy('logs', [1]);
      expect(stderr).toContain('BucketNotEmpty');
      expect(state('logs')).toEqual([
        'aws_kms_alias.export_key_alias',
        'aws_kms_key.export_key',
        'aws_s3_bucket.export_bucket',
      ]);
      expect(await logs(Bucket)).toEqual([LOG.Key]);
      // AWS itself goes back to its own keys, where the emulator has no encryption.
      expect(await protectionOf(s3, Bucket)).toEqual({ versioning: 'Suspended' });
      expect(await roles()).not.toContain('ALTRPublishSIEMDataLogs');
    });

    test('gets all of it back by the next apply', async () => {
      await apply('logs');
      expect(await protectionOf(s3, Bucket)).toEqual(before);
      expect(await logs(Bucket)).toEqual([LOG.Key]);
      const { code } = await run('logs', ['plan', '-input=false', '-no-color', '-detailed-exitcode'], [0, 2]);
      expect(code).toBe(0);
    });

    test('stays as it is where Terraform has forgotten it, and the rest goes', async () => {
      const all = state('logs');
      const kept = all.filter((address) => BY_THE_PAGE.test(address));
      await run('logs', ['state', 'rm', ...kept]);
      await destroy('logs');
      expect(await protectionOf(s3, Bucket)).toEqual(before);
      expect(await roles()).not.toContain('ALTRPublishSIEMDataLogs');
      expect(state('logs')).toEqual([]);
    });
  });

  describe('what is taken out of the config', () => {
    const without = (options: object) => declare(exportOf('copied', options));
    const planned = (codes?: readonly number[]) =>
      run('copied', ['plan', '-input=false', '-no-color'], codes);

    test('is not guarded: a bucket of copies that becomes somebody else’s', async () => {
      await without({ preventDestroy: true, replication: { ...COPIES, existingBucket: true } });
      const { stdout } = await planned();
      expect(stdout).toContain('aws_s3_bucket.export_replication_bucket will be destroyed');
      expect(stdout).not.toContain('aws_s3_bucket.export_bucket will be destroyed');
    });

    test('can’t be the replication, until Terraform has forgotten the bucket of the copies, which stays as it is', async () => {
      const before = await protectionOf(s3, COPIES.bucket);
      await without({ preventDestroy: true });
      expect((await planned([1])).stderr).toContain('Provider configuration not present');
      const copies = state('copied').filter((address) => OF_THE_COPIES.test(address));
      expect(copies.length).toBeGreaterThan(4);
      await run('copied', ['state', 'rm', ...copies]);
      await apply('copied');
      expect(state('copied').filter((address) => address.includes('replication'))).toEqual([]);
      expect(await roles()).not.toContain('destroy-copied-replication');
      expect(await protectionOf(s3, COPIES.bucket)).toEqual(before);
    });
  });

  describe('a bucket of somebody else, with settings that its owner has left to the export', () => {
    const Bucket = 'destroy-existing';
    const settings = async () => {
      const { versioning, logging } = await protectionOf(s3, Bucket);
      return { versioning, logging };
    };

    test('keeps those that Terraform has forgotten', async () => {
      expect(await settings()).toEqual({ versioning: 'Enabled', logging: OURS });
      const taken = [
        'aws_s3_bucket_versioning.export_versioning',
        'aws_s3_bucket_logging.export_access_logging',
      ];
      await run('existing', ['state', 'rm', ...taken]);
      await destroy('existing');
      expect(await settings()).toEqual({ versioning: 'Enabled', logging: OURS });
    });

    test('loses them by a destroy, as the hand-off says, also what its owner had set', async () => {
      await setLogging(OWNERS);
      await apply('existing');
      expect(await settings()).toEqual({ versioning: 'Enabled', logging: OURS });
      const { stdout } = await run('existing', ['output', '-raw', 'portal_handoff']);
      expect(stdout).toMatch(/retention\.versioning .*a destroy suspends its versioning/);
      expect(stdout).toMatch(
        /accessLogging .*an apply replaces its access logging, and a destroy removes it/,
      );
      await destroy('existing');
      expect(await settings()).toEqual({ versioning: 'Suspended', logging: undefined });
    });
  });
});
