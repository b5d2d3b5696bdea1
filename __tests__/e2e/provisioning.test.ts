/**
 * Every combination of options on real parts: planned, applied, planned again, audited, destroyed. All of them stand in one
 * stack, so that the machine plans and applies once.
 *
 * What the emulator does not do: it enforces neither bucket policies nor key policies on other services' behalf, copies
 * nothing and writes no access logs. There the documents are judged: by the audit of the plan and by `check`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  ListPoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import type { Finding, Report } from '../../checks/verdict/finding';
import type { ExportDefinition } from '../../contract/contract';
import { AltrAuditLogExport } from '../../modules/altr-audit-log-export';
import { PROVIDER_VERSIONS } from '../../modules/stack/export-stack';
import {
  ACCESS_LOG_BUCKET,
  BOUNDARY,
  COPY_ACCESS_LOG_BUCKET,
  type Combination,
  GIVEN_KEY,
  GIVEN_REPLICA_KEY,
  MATRIX,
  MATRIX_ACCOUNT,
} from '../modules/option-matrix';
import { makeAccessLogBucket, protectionOf } from './support/bucket-settings';
import { altrExport } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { makeBucket } from './support/set-up';
import { terraform, terraformCliConfig } from './support/terraform';

const ALTR_ACCOUNT = '098765432109';
const REGION = 'us-east-1';

const definitionOf = ({ name }: Combination): ExportDefinition => ({
  name,
  altrAccountId: ALTR_ACCOUNT,
  clientId: `client-of-${name}`,
  bucket: `matrix-${name}`,
  region: REGION,
  roleName: `ALTRPublishSIEMData-${name}`,
});

const APPLIED = MATRIX.filter(({ plannedOnly }) => !plannedOnly);

/** Those that make a second bucket. */
const COPIED = APPLIED.filter(({ options }) => options.replication && !options.replication.existingBucket);

/** A stack with an export for each combination. */
function stackOf(app: App, id: string, combinations: readonly Combination[]): void {
  const stack = new TerraformStack(app, id);
  new LocalBackend(stack, { path: join(app.outdir, `${id}.tfstate`) });
  const provider = { s3UsePathStyle: true };
  new AwsProvider(stack, 'aws', { region: REGION, ...provider });
  const replicaProvider = new AwsProvider(stack, 'replica', {
    alias: 'replica',
    region: 'eu-west-1',
    ...provider,
  });
  stack.addOverride('terraform.required_providers.aws.version', PROVIDER_VERSIONS);
  for (const combination of combinations) {
    new AltrAuditLogExport(stack, combination.name, {
      ...definitionOf(combination),
      // Everything is destroyed in the end.
      preventDestroy: false,
      ...combination.options,
      replicaProvider,
    });
  }
}

const OWN_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'SetByItsOwner',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:DeleteBucket',
      Resource: 'arn:aws:s3:::matrix-existing-full',
    },
  ],
});

/** Some 250 resources take their time, and more of it on a busy machine. */
jest.setTimeout(400_000);

describeOnRealParts('provisioning', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-provisioning-'));
  const config = join(folder, 'altr-exports.json');
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let iam: IAMClient;
  let s3: S3Client;
  let bucketsBefore: string[];

  const run = (stack: 'applied' | 'planned', args: readonly string[], codes: readonly number[] = [0]) =>
    terraform([...args], { cwd: join(folder, 'stacks', stack), env, codes });
  const plan = (stack: 'applied' | 'planned', ...more: string[]) =>
    run(stack, ['plan', '-input=false', '-no-color', '-detailed-exitcode', ...more], [0, 2]);
  const check = async (...args: string[]): Promise<{ code: number; report: Report }> => {
    const { code, stdout, stderr } = await altrExport(
      ['check', '--config', config, '--format', 'json', ...args],
      { env },
    );
    if (stdout === '') throw new Error(`check printed no report: ${stderr}`);
    return { code, report: JSON.parse(stdout) as Report };
  };
  const buckets = async () =>
    ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name ?? '').sort();

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    const at = {
      endpoint: emulator.url,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    };
    iam = new IAMClient({ ...at, region: REGION });
    s3 = new S3Client({ ...at, region: REGION, forcePathStyle: true, followRegionRedirects: true });
    const keys = {
      [GIVEN_KEY]: await makeKey(new KMSClient({ ...at, region: REGION })),
      [GIVEN_REPLICA_KEY]: await makeKey(new KMSClient({ ...at, region: 'eu-west-1' })),
    };
    const matrix = JSON.parse(
      Object.entries(keys).reduce(
        (text, [standIn, arn]) => text.replaceAll(standIn, arn),
        JSON.stringify(MATRIX),
      ),
    ) as Combination[];
    await prepare(iam, s3, matrix);
    bucketsBefore = await buckets();

    const app = new App({ outdir: folder });
    stackOf(
      app,
      'applied',
      matrix.filter(({ plannedOnly }) => !plannedOnly),
    );
    stackOf(
      app,
      'planned',
      matrix.filter(({ plannedOnly }) => plannedOnly),
    );
    app.synth();
    writeFileSync(
      config,
      JSON.stringify({
        // A default retention needs a checksum with every log, and only ALTR knows whether it sends one.
        altr: { awsAccountId: ALTR_ACCOUNT, assumptions: { checksumHeader: 'sent' } },
        exports: matrix.map((combination) => {
          const { altrAccountId: _, ...definition } = definitionOf(combination);
          return { ...definition, ...combination.options };
        }),
      }),
    );
    for (const stack of ['applied', 'planned'] as const)
      await run(stack, ['init', '-input=false', '-no-color']);
  });

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('applies 25 combinations at least, each under a name of its own', () => {
    expect(new Set(MATRIX.map(({ name }) => name)).size).toBe(MATRIX.length);
    expect(APPLIED.length).toBeGreaterThanOrEqual(25);
  });

  test.each([
    ['applied', APPLIED],
    ['planned', MATRIX.filter(({ plannedOnly }) => plannedOnly)],
  ] as const)(
    'the first plan of those %s only makes things, and its audit finds no violation',
    async (stack, those) => {
      const { stdout } = await plan(stack, '-out=first.plan');
      expect(stdout).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
      writeFileSync(join(folder, 'plan.json'), (await run(stack, ['show', '-json', 'first.plan'])).stdout);
      const { report } = await check(
        '--plan',
        join(folder, 'plan.json'),
        ...those.flatMap(({ name }) => ['--only', name]),
      );
      expect(report.summary.exports).toBe(those.length);
      expect(findings(report, ({ status, cause }) => status === 'fail' || cause === 'undecidable')).toEqual(
        [],
      );
    },
  );

  test('apply, and then an empty plan', async () => {
    await run('applied', ['apply', '-input=false', '-no-color', 'first.plan']);
    const { code, stdout } = await plan('applied');
    expect(code === 0 ? '' : stdout).toBe('');
  });

  test('every combination is compliant', async () => {
    const { code, report } = await check(...APPLIED.flatMap(({ name }) => ['--only', name]));
    expect(findings(report, ({ status }) => status === 'fail' || status === 'unknown')).toEqual([]);
    expect({ code, summary: report.summary }).toEqual({
      code: 0,
      summary: { exports: APPLIED.length, compliant: APPLIED.length, violating: 0, unknown: 0 },
    });
  });

  test.each(COPIED.map((combination) => [combination.name, combination] as const))(
    'the copies of %s are as well protected as the originals',
    async (_name, { name, options }) => {
      const { bucket: copy = '' } = options.replication ?? {};
      const original = await protectionOf(s3, `matrix-${name}`);
      const ofCopy = await protectionOf(s3, copy);
      const asOriginal = JSON.stringify(ofCopy).replaceAll(copy, `matrix-${name}`);
      // Replication reads originals, and nothing of the copies.
      const copier = `,"arn:aws:iam::${MATRIX_ACCOUNT}:role/matrix-${name}-replication"`;
      const expected = JSON.stringify(original).replace(JSON.stringify(copier).slice(1, -1), '');
      expect(JSON.parse(asOriginal)).toEqual({
        ...JSON.parse(expected),
        // Where accesses are logged to is a question of the region.
        logging: options.replication?.accessLogging ? COPY_ACCESS_LOG_BUCKET : undefined,
      });
      expect(ofCopy.versioning).toBe('Enabled');
    },
  );

  test('the auditor’s rules for buckets find nothing in the copies either', async () => {
    const ofCopies = join(folder, 'copies.json');
    const exports = COPIED.map((combination) => {
      const { altrAccountId: _, ...definition } = definitionOf(combination);
      return { ...definition, ...pick(combination.options.replication) };
    });
    writeFileSync(ofCopies, JSON.stringify({ altr: { awsAccountId: ALTR_ACCOUNT }, exports }));
    const { stdout } = await altrExport(['check', '--config', ofCopies, '--format', 'json'], { env });
    const report = JSON.parse(stdout) as Report;
    const ofBuckets = report.exports.flatMap((entry) =>
      entry.findings.filter(({ rule }) => rule.startsWith('bucket-')),
    );
    expect(ofBuckets.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(new Set(ofBuckets.map(({ rule }) => rule)).size).toBeGreaterThanOrEqual(4);
    expect(report.exports.map(({ name }) => name)).toEqual(COPIED.map(({ name }) => name));
  });

  test('policies that somebody adds to a role show up in the plan, where the role is exclusive', async () => {
    const rogue = (RoleName: string) => ({ RoleName, PolicyName: 'rogue' });
    const attached = { RoleName: 'ALTRPublishSIEMData-tags', PolicyArn: BOUNDARY };
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
    });
    const roles = ['ALTRPublishSIEMData-plain', 'ALTRPublishSIEMData-not-exclusive'];
    for (const role of roles) await iam.send(new PutRolePolicyCommand({ ...rogue(role), PolicyDocument }));
    await iam.send(new AttachRolePolicyCommand(attached));
    // The plan before was empty, so only what belongs to these roles can have changed.
    const targets = (await run('applied', ['state', 'list'])).stdout
      .split('\n')
      .filter((address) => /^aws_iam_role\w*\.(plain|not-exclusive|tags)_/.test(address))
      .map((address) => `-target=${address}`);
    expect(targets.length).toBeGreaterThan(8);
    const { stdout } = await plan('applied', ...targets);
    for (const role of roles) await iam.send(new DeleteRolePolicyCommand(rogue(role)));
    await iam.send(new DetachRolePolicyCommand(attached));
    expect(stdout.match(/# aws_iam_role_policies_exclusive\.plain_\w+ will be updated/g)).toHaveLength(1);
    expect(stdout).toMatch(/- "rogue"/);
    expect(
      stdout.match(/# aws_iam_role_policy_attachments_exclusive\.tags_\w+ will be updated/g),
    ).toHaveLength(1);
    expect(stdout).toContain(`- "${BOUNDARY}"`);
    // Nothing of the role that is not exclusive.
    expect(stdout).toMatch(/Plan: 0 to add, 2 to change, 0 to destroy/);
  });

  test('destroy leaves what was there before, as it was, and nothing else', async () => {
    await run('applied', ['destroy', '-input=false', '-no-color', '-auto-approve', '-refresh=false']);
    expect(await buckets()).toEqual(bucketsBefore);
    expect((await iam.send(new ListRolesCommand({}))).Roles?.map(({ RoleName }) => RoleName)).toEqual([]);
    const policies = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }));
    expect(policies.Policies?.map(({ Arn }) => Arn)).toEqual([BOUNDARY]);
    const Bucket = 'matrix-existing-full';
    expect(await s3.send(new GetBucketPolicyCommand({ Bucket }))).toMatchObject({ Policy: OWN_POLICY });
    expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toMatchObject([
      { ID: 'set-by-its-owner' },
    ]);
  });
});

const pick = ({ bucket, region }: { bucket?: string; region?: string } = {}) => ({ bucket, region });

/** What the options take for granted. */
async function prepare(iam: IAMClient, s3: S3Client, matrix: readonly Combination[]): Promise<void> {
  await iam.send(
    new CreatePolicyCommand({
      PolicyName: 'matrix-boundary',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: [
              ...['s3:PutObject', 's3:GetObject', 's3:ListBucket'],
              ...['kms:GenerateDataKey', 'kms:Decrypt'],
            ],
            Resource: '*',
          },
        ],
      }),
    }),
  );
  await makeAccessLogBucket(s3, ACCESS_LOG_BUCKET);
  await makeAccessLogBucket(s3, COPY_ACCESS_LOG_BUCKET, 'eu-west-1');
  for (const { name, before, options } of matrix) {
    const Bucket = `matrix-${name}`;
    if (before?.startsWith('bucket')) await makeExisting(s3, Bucket, options.encryption?.kmsKeyArn);
    if (before === 'bucket-with-policy-and-lifecycle') {
      await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: OWN_POLICY }));
      const Rules = [
        {
          ID: 'set-by-its-owner',
          Status: 'Enabled' as const,
          Filter: { Prefix: '' },
          Expiration: { Days: 9 },
        },
      ];
      await s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }),
      );
    }
    if (before === 'replica-bucket' && options.replication) {
      const copy = options.replication.bucket;
      await makeBucket(s3, copy, 'eu-west-1');
      await s3.send(
        new PutBucketVersioningCommand({ Bucket: copy, VersioningConfiguration: { Status: 'Enabled' } }),
      );
    }
  }
}

/** A bucket with the console's defaults, which the emulator does not give by itself, and on demand with a key. */
async function makeExisting(s3: S3Client, Bucket: string, KMSMasterKeyID: string | undefined): Promise<void> {
  await makeBucket(s3, Bucket);
  if (!KMSMasterKeyID) return;
  const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID };
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault }] },
    }),
  );
}

async function makeKey(kms: KMSClient): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  return KeyMetadata?.Arn ?? '';
}

/** Some of the findings, as `export: rule: message`. */
function findings(report: Report, which: (finding: Finding) => boolean): string[] {
  return report.exports.flatMap((entry) =>
    entry.findings.filter(which).map(({ rule, message }) => `${entry.name}: ${rule}: ${message}`),
  );
}
