/**
 * Each declared option, loosened by hand in what Terraform has made, is named by exactly its rule; and as declared it is
 * compliant. One apply; every change goes through the AWS API, and so does the way back.
 *
 * The emulator copies nothing and forgets which encrypted logs are copied, so replication has an export without a key. A role's
 * path can't be changed by hand: AWS has no call for it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import {
  type BucketVersioningStatus,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketReplicationCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetObjectLockConfigurationCommand,
  type LifecycleRule,
  type LoggingEnabled,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  type ServerSideEncryptionConfiguration,
} from '@aws-sdk/client-s3';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { declaredOptions } from '../../checks/observe/declared-options';
import { observeLive } from '../../checks/observe/live';
import { judge } from '../../checks/verdict/judge';
import { declaredBy } from '../../cli/check/opt-in-rules';
import { readerName } from '../../config/names';
import type { ExportOptionsInput } from '../../config/options';
import { configSchema } from '../../config/schema';
import { contractFor, type ExportDefinition } from '../../contract/contract';
import { AltrAuditLogExport } from '../../modules/altr-audit-log-export';
import { PROVIDER_VERSIONS } from '../../modules/stack/export-stack';
import { makeAccessLogBucket } from './support/bucket-settings';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { type AccountClients, clientsFor } from './support/set-up';
import { terraform, terraformCliConfig } from './support/terraform';

const ALTR = '098765432109';
const REGION = 'us-east-1';
const BOUNDARY = `arn:aws:iam::${EMULATOR_ACCOUNT}:policy/declared-boundary`;
const ANALYST = `arn:aws:iam::${EMULATOR_ACCOUNT}:role/Analyst*`;
/** A key that the emulator makes before anything else. */
let formerKey = '';
const SIEM = { name: 'siem', trustedPrincipals: ['210987654321'], externalId: 'siem-1' };
const BI = { name: 'bi', attachedTo: [`arn:aws:iam::${EMULATOR_ACCOUNT}:role/Dashboards`] };

const define = (name: string): ExportDefinition => ({
  name,
  altrAccountId: ALTR,
  clientId: `client-of-${name}`,
  bucket: `declared-${name}`,
  region: REGION,
  roleName: `ALTRPublishSIEMData-${name}`,
});
const full = define('full');
const copied = define('copied');
const optionsNow = (): Readonly<Record<string, ExportOptionsInput>> => ({
  full: {
    encryption: {
      type: 'kms',
      bucketKeys: true,
      keyAdministrators: [`arn:aws:iam::${EMULATOR_ACCOUNT}:role/KeyAdmin`],
      formerKeys: [formerKey],
    },
    retention: {
      objectLock: true,
      defaultRetention: { mode: 'GOVERNANCE', days: 30 },
      transitions: [{ afterDays: 30, storageClass: 'STANDARD_IA' }],
      expireAfterDays: 400,
      abortIncompleteUploadsAfterDays: 7,
    },
    bucketPolicy: { requireTls: true, minimumTlsVersion: '1.2', onlyReaders: [ANALYST] },
    accessLogging: { bucket: 'declared-access-logs', prefix: 'full/' },
    role: { path: '/altr/', permissionsBoundary: BOUNDARY, maxSessionHours: 2 },
    readers: [SIEM, BI],
    tags: { team: 'security' },
  },
  copied: {
    bucketPolicy: { requireTls: true, onlyReaders: [ANALYST] },
    readers: [SIEM],
    replication: { bucket: 'declared-copied-copy', region: 'eu-west-1', storageClass: 'STANDARD_IA' },
  },
});

interface Loosened {
  /** What the checks then report beside passes, as `status rule`. */
  readonly reported: readonly string[];
  readonly of: ExportDefinition;
  /** Loosens the setting. @returns the way back */
  loosen(clients: AccountClients): Promise<() => Promise<unknown>>;
}

const json = (...Statement: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const Bucket = full.bucket;
const RoleName = full.roleName;
const siemRole = readerName(full, SIEM);
const biPolicy = `arn:aws:iam::${EMULATOR_ACCOUNT}:policy/altr/${readerName(full, BI)}`;

const encryption =
  (change: (rule: ServerSideEncryptionConfiguration) => void) =>
  async ({ s3 }: AccountClients) => {
    const set = (ServerSideEncryptionConfiguration: ServerSideEncryptionConfiguration) =>
      s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
    const { ServerSideEncryptionConfiguration: before } = await s3.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    if (!before) throw new Error('no encryption');
    const after = structuredClone(before);
    change(after);
    await set(after);
    return () => set(before);
  };

const lifecycle =
  (change: (rules: LifecycleRule[]) => LifecycleRule[]) =>
  async ({ s3 }: AccountClients) => {
    const set = (Rules: LifecycleRule[]) =>
      Rules.length > 0
        ? s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }))
        : s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    const { Rules: before = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    await set(change(structuredClone(before)));
    return () => set(before);
  };

interface Statement {
  Action: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

const bucketPolicy =
  (change: (statements: Statement[]) => Statement[]) =>
  async ({ s3 }: AccountClients) => {
    const set = (Policy: string | undefined) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    const { Policy: before = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    const left = change((JSON.parse(before) as { Statement: Statement[] }).Statement);
    if (left.length > 0) await set(json(...left));
    else await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    return () => set(before);
  };
const without = (key: string) => (statements: Statement[]) =>
  statements.filter(({ Condition = {} }) => !Object.values(Condition).some((keys) => key in keys));

const logging =
  (target: LoggingEnabled | undefined) =>
  async ({ s3 }: AccountClients) => {
    const set = (LoggingEnabled: LoggingEnabled | undefined) =>
      s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }));
    const { LoggingEnabled: before } = await s3.send(new GetBucketLoggingCommand({ Bucket }));
    await set(target);
    return () => set(before);
  };

const versioning =
  (Status: BucketVersioningStatus) =>
  ({ s3 }: AccountClients) =>
    s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

const lockedFor =
  (Days: number) =>
  async ({ s3 }: AccountClients) => {
    const { ObjectLockConfiguration: before } = await s3.send(
      new GetObjectLockConfigurationCommand({ Bucket }),
    );
    const after = { ...before, Rule: { DefaultRetention: { Mode: 'GOVERNANCE' as const, Days } } };
    const set = (ObjectLockConfiguration: typeof before) =>
      s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
    await set(after);
    return () => set(before);
  };

const boundary =
  (PermissionsBoundary: string | undefined, of = RoleName) =>
  async ({ iam }: AccountClients) => {
    const put = (arn: string) =>
      iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: of, PermissionsBoundary: arn }));
    if (PermissionsBoundary) await put(PermissionsBoundary);
    else await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: of }));
    return () => put(BOUNDARY);
  };

const trust =
  (change: (way: Record<string, unknown>) => unknown) =>
  async ({ iam }: AccountClients) => {
    const set = (PolicyDocument: string) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: siemRole, PolicyDocument }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: siemRole }));
    const before = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
    const { Statement } = JSON.parse(before) as { Statement: Record<string, unknown>[] };
    await set(json(...Statement.map(change)));
    return () => set(before);
  };

const inline =
  (of: string, statement: unknown) =>
  async ({ iam }: AccountClients) => {
    const added = { RoleName: of, PolicyName: 'added-by-hand' };
    await iam.send(new PutRolePolicyCommand({ ...added, PolicyDocument: json(statement) }));
    return () => iam.send(new DeleteRolePolicyCommand(added));
  };

/** Another default version of the policy that somebody attaches to a reader of one's own. */
const ofBi =
  (change: (statements: unknown[]) => unknown[]) =>
  async ({ iam }: AccountClients) => {
    const of = { PolicyArn: biPolicy };
    const { Policy } = await iam.send(new GetPolicyCommand(of));
    const before = { ...of, VersionId: Policy?.DefaultVersionId };
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand(before));
    const { Statement } = JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '')) as {
      Statement: unknown[];
    };
    const PolicyDocument = json(...change(Statement));
    const made = await iam.send(
      new CreatePolicyVersionCommand({ ...of, PolicyDocument, SetAsDefault: true }),
    );
    return async () => {
      await iam.send(new SetDefaultPolicyVersionCommand(before));
      await iam.send(new DeletePolicyVersionCommand({ ...of, VersionId: made.PolicyVersion?.VersionId }));
    };
  };

const COPIES = 'declared-copied-copy';

/** Versioning of the copies. */
const suspended = async ({ s3 }: AccountClients) => {
  const set = (Status: BucketVersioningStatus) =>
    s3.send(new PutBucketVersioningCommand({ Bucket: COPIES, VersioningConfiguration: { Status } }));
  await set('Suspended');
  return () => set('Enabled');
};

/** A lifecycle of the copies, which have none. */
const expiring =
  (Days: number) =>
  async ({ s3 }: AccountClients) => {
    const rule: LifecycleRule = { Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days } };
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: COPIES,
        LifecycleConfiguration: { Rules: [rule] },
      }),
    );
    return () => s3.send(new DeleteBucketLifecycleCommand({ Bucket: COPIES }));
  };

/** The policy of the copies without its statements. */
const openedCopies = async ({ s3 }: AccountClients) => {
  const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: COPIES }));
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: COPIES }));
  return () => s3.send(new PutBucketPolicyCommand({ Bucket: COPIES, Policy }));
};

const replication =
  (change: 'disabled' | 'elsewhere' | 'gone') =>
  async ({ s3 }: AccountClients) => {
    const at = { Bucket: copied.bucket };
    const { ReplicationConfiguration: before } = await s3.send(new GetBucketReplicationCommand(at));
    const set = (ReplicationConfiguration: typeof before) =>
      s3.send(new PutBucketReplicationCommand({ ...at, ReplicationConfiguration }));
    if (change === 'gone') await s3.send(new DeleteBucketReplicationCommand(at));
    else {
      const after = structuredClone(before);
      const [rule] = after?.Rules ?? [];
      if (rule && change === 'disabled') rule.Status = 'Disabled';
      if (rule?.Destination && change === 'elsewhere') rule.Destination.Bucket = 'arn:aws:s3:::declared-full';
      await set(after);
    }
    return () => set(before);
  };

const keyPolicy =
  (keyOf: (clients: AccountClients) => Promise<string>, change: (statements: unknown[]) => unknown[]) =>
  async (clients: AccountClients) => {
    const of = { KeyId: await keyOf(clients), PolicyName: 'default' };
    const { Policy: before = '' } = await clients.kms.send(new GetKeyPolicyCommand(of));
    const set = (Policy: string) => clients.kms.send(new PutKeyPolicyCommand({ ...of, Policy }));
    await set(json(...change((JSON.parse(before) as { Statement: unknown[] }).Statement)));
    return () => set(before);
  };
const madeKey = async ({ s3 }: AccountClients) => {
  const { ServerSideEncryptionConfiguration: found } = await s3.send(
    new GetBucketEncryptionCommand({ Bucket }),
  );
  return found?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID ?? '';
};
/** The emulator disables and deletes keys by their ID alone. */
const formerId = () => ({ KeyId: formerKey.replace(/.*\//, '') });
const everybody = { AWS: `arn:aws:iam::${EMULATOR_ACCOUNT}:root` };

const fails = (rule: string, loosen: Loosened['loosen'], of = full): Loosened => ({
  reported: [`fail ${rule}`],
  of,
  loosen,
});
const advises = (rule: string, loosen: Loosened['loosen'], of = full): Loosened => ({
  reported: [`advice ${rule}`],
  of,
  loosen,
});

const CASES: Readonly<Record<string, Loosened>> = {
  'the bucket encrypts with a key of S3': fails(
    'declared-encryption',
    encryption(({ Rules: [rule] = [] }) => {
      if (rule) rule.ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'AES256' };
    }),
  ),
  'the bucket’s key is used for every log': advises(
    'declared-encryption',
    encryption(({ Rules: [rule] = [] }) => {
      if (rule) rule.BucketKeyEnabled = !rule.BucketKeyEnabled;
    }),
  ),
  'everybody may administer the key': fails(
    'declared-encryption',
    keyPolicy(madeKey, (statements) => [
      ...statements,
      { Effect: 'Allow', Principal: everybody, Action: 'kms:*', Resource: '*' },
    ]),
  ),
  'the declared administrator may not administer the key': fails(
    'declared-encryption',
    keyPolicy(madeKey, ([, ...others]) => others),
  ),
  'a former key is disabled': fails('declared-encryption', async ({ kms }) => {
    await kms.send(new DisableKeyCommand(formerId()));
    return () => kms.send(new EnableKeyCommand(formerId()));
  }),
  'a former key is about to be deleted': fails('declared-encryption', async ({ kms }) => {
    await kms.send(new ScheduleKeyDeletionCommand({ ...formerId(), PendingWindowInDays: 7 }));
    return async () => {
      await kms.send(new CancelKeyDeletionCommand(formerId()));
      await kms.send(new EnableKeyCommand(formerId()));
    };
  }),
  'a former key lets no reader decrypt': fails(
    'declared-encryption',
    keyPolicy(
      async () => formerKey,
      () => [{ Effect: 'Allow', Principal: everybody, Action: 'kms:PutKeyPolicy', Resource: '*' }],
    ),
  ),
  'versioning is suspended': fails('declared-retention', async (clients) => {
    await versioning('Suspended')(clients);
    return () => versioning('Enabled')(clients);
  }),
  'logs are locked for a day': fails('declared-retention', lockedFor(1)),
  'the lifecycle deletes logs sooner': fails(
    'logs-kept',
    lifecycle((rules) =>
      rules.map((rule) => (rule.Expiration?.Days ? { ...rule, Expiration: { Days: 100 } } : rule)),
    ),
  ),
  'the lifecycle is gone': advises(
    'declared-retention',
    lifecycle(() => []),
  ),
  'the bucket policy is gone': fails(
    'declared-bucket-policy',
    bucketPolicy(() => []),
  ),
  'the bucket policy takes requests without TLS': fails(
    'declared-bucket-policy',
    bucketPolicy(without('aws:SecureTransport')),
  ),
  'the bucket policy takes an old version of TLS': fails(
    'declared-bucket-policy',
    bucketPolicy(without('s3:TlsVersion')),
  ),
  'the bucket policy lets others read': fails(
    'declared-bucket-policy',
    bucketPolicy(without('aws:PrincipalArn')),
  ),
  'accesses are not logged': fails('declared-access-logging', logging(undefined)),
  'accesses are logged elsewhere': fails(
    'declared-access-logging',
    logging({ TargetBucket: 'declared-access-logs', TargetPrefix: 'other/' }),
  ),
  'the copying is switched off': fails('declared-replication', replication('disabled'), copied),
  'the copies go to another bucket': {
    ...fails('declared-replication', replication('elsewhere'), copied),
    // That copies leave for a bucket that nobody declared is advice of its own.
    reported: ['advice logs-stay', 'fail declared-replication'],
  },
  'nothing is copied': fails('declared-replication', replication('gone'), copied),
  'copies are not versioned': fails('declared-copies', suspended, copied),
  'copies are deleted after a day': fails('declared-copies', expiring(1), copied),
  'copies are deleted after a year': advises('declared-copies', expiring(365), copied),
  'the policy of the copies is gone': fails('declared-copies', openedCopies, copied),
  'the role has no boundary': fails('declared-role', boundary(undefined)),
  'the role has another boundary': fails('declared-role', boundary(`${BOUNDARY}-2`)),
  'the role allows longer sessions': fails('declared-role', async ({ iam }) => {
    const set = (hours: number) =>
      iam.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: hours * 3600 }));
    await set(12);
    return () => set(2);
  }),
  'the role has one more policy, which allows nothing more': fails(
    'declared-role',
    inline(RoleName, { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/*` }),
  ),
  'the role has lost a tag': fails('declared-role', async ({ iam }) => {
    await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['team'] }));
    return () => iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'team', Value: 'security' }] }));
  }),
  'a reader’s role takes any external ID': fails(
    'declared-readers',
    trust(({ Condition: _, ...way }) => way),
  ),
  'a reader’s role trusts another account, too': fails(
    'declared-readers',
    trust((way) => ({ ...way, Principal: { AWS: ['210987654321', '333333333333'] } })),
  ),
  'a reader’s role may delete': fails(
    'declared-readers',
    inline(siemRole, { Effect: 'Allow', Action: 's3:DeleteObject', Resource: `arn:aws:s3:::${Bucket}/*` }),
  ),
  'a reader’s role has no boundary': fails('declared-readers', boundary(undefined, siemRole)),
  'a reader’s policy is for every bucket': fails(
    'declared-readers',
    ofBi((statements) => [...statements, { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }]),
  ),
  'a reader’s policy lets nobody read': fails(
    'declared-readers',
    ofBi(() => [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${Bucket}` }]),
  ),
  'a reader’s role has lost its policy': fails('declared-readers', async ({ iam }) => {
    const policy = {
      RoleName: siemRole,
      PolicyArn: `arn:aws:iam::${EMULATOR_ACCOUNT}:policy/altr/${siemRole}`,
    };
    await iam.send(new DetachRolePolicyCommand(policy));
    return () => iam.send(new AttachRolePolicyCommand(policy));
  }),
};

const configNow = () =>
  configSchema.parse({
    altr: { awsAccountId: ALTR, assumptions: { checksumHeader: 'sent' } },
    exports: [full, copied].map(({ altrAccountId: _, ...definition }) => ({
      ...definition,
      ...optionsNow()[definition.name],
    })),
  });

/** What the rules of a check report beside passes, as `export: status rule`; and the rules that passed for each export. */
async function check() {
  const { exports: entries, altr } = configNow();
  const targets = entries.map((entry) => ({
    ...entry,
    delivery: undefined,
    declared: declaredOptions(entry),
  }));
  const observation = await observeLive(targets, { altrAccountId: ALTR, listRoles: false });
  const reports = judge(observation, {
    contracts: [full, copied].map(contractFor),
    declaredRoles: [full, copied],
    declared: declaredBy(entries),
    assumptions: altr.assumptions,
  });
  return {
    reported: reports.flatMap(({ name, findings }) => [
      ...new Set(
        findings
          .filter(({ status }) => status !== 'pass')
          .map(({ rule, status }) => `${name}: ${status} ${rule}`),
      ),
    ]),
    passed: reports.flatMap(({ name, findings }) =>
      findings
        .filter(({ rule, status }) => status === 'pass' && rule.startsWith('declared-'))
        .map(({ rule }) => `${name}: ${rule}`),
    ),
    messages: reports.flatMap(({ findings }) =>
      findings.filter(({ status }) => status !== 'pass').map(({ message }) => message),
    ),
  };
}

jest.setTimeout(400_000);

describeOnRealParts('what was declared, loosened by hand', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-declared-'));
  let emulator: Emulator;
  let clients: AccountClients;
  const environment = { ...process.env };

  beforeAll(async () => {
    emulator = await startEmulator();
    process.env = { ...emulator.env };
    clients = await clientsFor(emulator.url);
    const limits = json({ Effect: 'Allow', Action: ['s3:*', 'kms:*'], Resource: '*' });
    for (const PolicyName of ['declared-boundary', 'declared-boundary-2'])
      await clients.iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: limits }));
    formerKey = (await clients.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
    await makeAccessLogBucket(clients.s3, 'declared-access-logs');

    const app = new App({ outdir: folder });
    const stack = new TerraformStack(app, 'declared');
    new LocalBackend(stack, { path: join(folder, 'declared.tfstate') });
    new AwsProvider(stack, 'aws', { region: REGION, s3UsePathStyle: true });
    const replicaProvider = new AwsProvider(stack, 'replica', {
      alias: 'replica',
      region: 'eu-west-1',
      s3UsePathStyle: true,
    });
    stack.addOverride('terraform.required_providers.aws.version', PROVIDER_VERSIONS);
    for (const definition of [full, copied])
      new AltrAuditLogExport(stack, definition.name, {
        ...definition,
        ...optionsNow()[definition.name],
        replicaProvider,
      });
    app.synth();
    const env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    const at = { cwd: join(folder, 'stacks', 'declared'), env };
    await terraform(['init', '-input=false', '-no-color'], at);
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], at);
  });

  afterAll(async () => {
    process.env = environment;
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is compliant as declared, by every rule', async () => {
    expect(await check()).toEqual({
      reported: [],
      passed: [
        'full: declared-encryption',
        'full: declared-retention',
        'full: declared-bucket-policy',
        'full: declared-access-logging',
        'full: declared-readers',
        'full: declared-role',
        'copied: declared-bucket-policy',
        'copied: declared-replication',
        'copied: declared-copies',
        'copied: declared-readers',
      ],
      messages: [],
    });
  });

  test.each(Object.entries(CASES))('%s', async (_what, { reported, of, loosen }) => {
    const restore = await loosen(clients);
    const { reported: found, messages } = await check();
    await restore();
    expect({ found, messages }).toEqual({
      found: reported.map((each) => `${of.name}: ${each}`),
      messages: expect.anything(),
    });
    expect((await check()).reported).toEqual([]);
  });
});
