/**
 * The auditor's own role on real parts: deployed by Terraform, assumed, and enforced by the emulator. It suffices, and
 * each of its permissions is needed: without it some rule becomes unknown.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { App } from 'cdktf';
import { auditorPermissions, auditorPolicy } from '../../checks/auditor-policy';
import { APIS, type Api } from '../../checks/observe/live/api';
import { type ContractDocument, listOf } from '../../contract/statement';
import { AltrAuditorRole } from '../../modules/altr-auditor-role';
import { ExportStack } from '../../modules/stack/export-stack';
import { altrExport, ROOT } from './support/command';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { checkEverything, EVERY_OPTION, setUpEverything } from './support/everything';
import { type FaultProxy, startProxy } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';
import { clientsFor } from './support/set-up';
import { terraform, terraformCliConfig } from './support/terraform';

const ALTR = '111122223333';
const common = { altrAccountId: ALTR, clientId: 'audited-client', region: 'us-east-1' };

/** Deployed with the module; compliant. */
const plain = { ...common, name: 'plain', bucket: 'audited-plain', roleName: 'ALTRPublishSIEMDataPlain' };
/** Set up so that a check asks everything that it ever asks, the logs and the way to their readers included. */
const full = {
  ...common,
  name: 'full',
  bucket: 'audited-full',
  roleName: 'ALTRPublishSIEMDataFull',
  splunkFeed: { readerPrincipalArn: `arn:aws:iam::${EMULATOR_ACCOUNT}:root`, readerExternalId: 'splunk' },
  readers: EVERY_OPTION.readers,
};

/** All that the auditor of both may do. */
const POLICY = auditorPolicy([plain, full], { readLogs: true }).document;
const PERMISSIONS = auditorPermissions({ readLogs: true, hasFeed: true });

const GITHUB = {
  providerArn: `arn:aws:iam::${EMULATOR_ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
  audience: 'sts.amazonaws.com',
  subjects: ['repo:acme/infra:*'],
};

/**
 * What the emulator demands where AWS demands something else: it has no ARNs of policies, keys, topics and queues, HeadBucket
 * is an action of its own, and all settings of a bucket that it doesn't know by name are ListBucket.
 */
const EMULATOR_DIALECT: ContractDocument = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['iam:GetPolicy', 'iam:GetPolicyVersion', 'kms:*'], Resource: '*' },
    { Effect: 'Allow', Action: ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic'], Resource: '*' },
    { Effect: 'Allow', Action: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'], Resource: '*' },
    { Effect: 'Allow', Action: ['s3:HeadBucket', 's3:ListBucket', 's3:GetPublicAccessBlock'], Resource: '*' },
  ],
};

/** Permissions that the emulator does not enforce by AWS's name or ARN, as a test of each shows: a proxy refuses their APIs in its place. */
const ENFORCED_BY_PROXY = [
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'kms:ListGrants',
  's3:GetAccountPublicAccessBlock',
  's3:GetBucketAbac',
  's3:GetBucketOwnershipControls',
  's3:GetBucketPublicAccessBlock',
  's3:GetBucketObjectLockConfiguration',
  's3:GetEncryptionConfiguration',
  's3:GetInventoryConfiguration',
  's3:GetReplicationConfiguration',
  's3:ListBucket',
  's3:ListTagsForResource',
  'sns:GetTopicAttributes',
  'sns:ListSubscriptionsByTopic',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
];

/** The emulator takes the signature of a query with a slash in it for wrong: these answers are kept from before it enforces any. */
const NOT_VERIFIABLE = /^s3:ListObjectsV2$/;

describeOnRealParts('the auditor’s role', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-auditor-'));
  const before = { ...process.env };
  let emulator: Emulator;
  let proxy: FaultProxy;
  let iam: IAMClient;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startProxy(emulator.url);
    process.env = { ...emulator.env };
    iam = new IAMClient({ endpoint: emulator.url });

    const app = new App({ outdir: join(folder, 'out') });
    const stack = new ExportStack(app, plain);
    new AltrAuditorRole(stack, 'Auditor', {
      exports: [plain, full],
      trust: { accountId: EMULATOR_ACCOUNT, externalId: 'central-scan' },
      readLogs: true,
    });
    new AltrAuditorRole(stack, 'Ci', { exports: [plain], trust: GITHUB, roleName: 'altr-auditor-ci' });
    app.synth();
    const cwd = join(folder, 'out', 'stacks', 'plain');
    const real = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig() };
    await terraform(['init', '-input=false', '-no-color'], { cwd, env: real });
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], { cwd, env: real });
    await setUpEverything(emulator.url, full);

    const sts = new STSClient({ endpoint: emulator.url });
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${EMULATOR_ACCOUNT}:role/altr-auditor`,
        RoleSessionName: 'scan',
        ExternalId: 'central-scan',
      }),
    );
    env = {
      ...emulator.env,
      AWS_ENDPOINT_URL: proxy.url,
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
      AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
    };
    await put('emulators-dialect', EMULATOR_DIALECT);
    process.env = { ...env };
    proxy.keepAnswers(NOT_VERIFIABLE);
    await checkEverything(full, {});
  }, 120_000);

  afterAll(async () => {
    process.env = before;
    await proxy?.stop();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const put = (PolicyName: string, document: ContractDocument) =>
    iam.send(
      new PutRolePolicyCommand({
        RoleName: 'altr-auditor',
        PolicyName,
        PolicyDocument: JSON.stringify(document),
      }),
    );

  /** The rules that are unknown to the auditor's role, enforced by the emulator, in this process. */
  const unknowns = async (): Promise<string[]> => {
    await emulator.enforceIam(true);
    try {
      const { findings } = await checkEverything(full, { declaredRoles: [plain, full] });
      return findings.filter(({ status }) => status === 'unknown').map(({ rule }) => rule);
    } finally {
      await emulator.enforceIam(false);
    }
  };

  test('what is deployed is what the command prints', async () => {
    const config = join(folder, 'altr-exports.yaml');
    const exports = [plain, full].map(({ altrAccountId: _, ...entry }) => entry);
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: ALTR }, exports }));
    const command = ['auditor-policy', '--config', config];
    const printed = await altrExport([...command, '--read-logs'], { env: emulator.env });
    expect(JSON.parse(printed.stdout)).toEqual(POLICY);
    const { PolicyDocument = '' } = await iam.send(
      new GetRolePolicyCommand({ RoleName: 'altr-auditor', PolicyName: 'read-what-is-audited' }),
    );
    expect(sorted(JSON.parse(decodeURIComponent(PolicyDocument)))).toEqual(sorted(POLICY));
    const asTerraform = await altrExport([...command, '--format', 'terraform'], { env: emulator.env });
    const file = join(folder, 'auditor.tf');
    writeFileSync(file, asTerraform.stdout);
    await terraform(['fmt', '-check', '-diff', file], { cwd: folder, env: emulator.env });

    await emulator.enforceIam(true);
    try {
      const args = ['check', '--config', config, '--only', 'plain', '--format', 'json'];
      const { code, stdout } = await altrExport(args, { env, cwd: ROOT });
      expect({ code, status: JSON.parse(stdout).exports[0].status }).toEqual({
        code: 0,
        status: 'compliant',
      });
    } finally {
      await emulator.enforceIam(false);
    }
  });

  test('a CI system is let in by its tokens’ audience and subject, as the contract says', async () => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'altr-auditor-ci' }));
    const trust = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''));
    expect(trust.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Federated: GITHUB.providerArn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
          StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/infra:*' },
        },
      },
    ]);
  });

  test('it suffices for a set-up in which everything is asked', async () => {
    proxy.clear();
    expect(await unknowns()).toEqual([]);
    const asked = new Set(proxy.seen);
    // Asked only where HeadBucket is refused; its permission has a case of its own below.
    expect(Object.keys(APIS).filter((api) => !asked.has(api))).toEqual(['s3:ListBuckets']);
  });

  test('it lets the auditor change nothing and read no object but the logs', async () => {
    const admin = await clientsFor(emulator.url);
    await admin.s3.send(new CreateBucketCommand({ Bucket: 'not-audited' }));
    await admin.s3.send(new PutObjectCommand({ Bucket: 'not-audited', Key: 'secret', Body: 'x' }));
    await emulator.enforceIam(true);
    try {
      const s3 = new S3Client({ endpoint: emulator.url, forcePathStyle: true });
      const denied = { $metadata: expect.objectContaining({ httpStatusCode: 403 }) };
      await expect(s3.send(new CreateBucketCommand({ Bucket: 'made-by-auditor' }))).rejects.toMatchObject(
        denied,
      );
      await expect(
        s3.send(new PutBucketPolicyCommand({ Bucket: plain.bucket, Policy: '{}' })),
      ).rejects.toMatchObject(denied);
      const command = new DeleteRolePolicyCommand({ RoleName: plain.roleName, PolicyName: 'x' });
      await expect(new IAMClient({ endpoint: emulator.url }).send(command)).rejects.toMatchObject(denied);
      const log = { Bucket: full.bucket, Key: 'log.json' };
      await expect(s3.send(new PutObjectCommand({ ...log, Body: '{}' }))).rejects.toMatchObject(denied);
      const elsewhere = { Bucket: 'not-audited', Key: 'secret' };
      await expect(s3.send(new GetObjectCommand(elsewhere))).rejects.toMatchObject(denied);
    } finally {
      await emulator.enforceIam(false);
    }
  });

  describe('every permission is needed', () => {
    afterEach(async () => {
      proxy.clear();
      await put('read-what-is-audited', POLICY);
    });

    const refuse = async (permission: string) => {
      if (ENFORCED_BY_PROXY.includes(permission)) proxy.deny(apisOf(permission));
      else await put('read-what-is-audited', lacking(POLICY, permission));
    };

    test.each(PERMISSIONS.filter((permission) => permission !== 's3:ListAllMyBuckets'))(
      'without %s some rule becomes unknown',
      async (permission) => {
        await refuse(permission);
        expect(await unknowns()).not.toEqual([]);
      },
    );

    test('without s3:ListAllMyBuckets nobody knows whose a bucket is that refuses all its own answers', async () => {
      const isWhoseUnknown = async () => {
        proxy.spoil(/^s3:(HeadBucket|Get)/, 'denied', 'always');
        return (await unknowns()).includes('bucket-exists');
      };
      expect(await isWhoseUnknown()).toBe(false);
      await refuse('s3:ListAllMyBuckets');
      expect(await isWhoseUnknown()).toBe(true);
    });

    test.each(ENFORCED_BY_PROXY)(
      'the emulator does not know %s, so the proxy stands in',
      async (permission) => {
        expect(PERMISSIONS).toContain(permission);
        await put('read-what-is-audited', lacking(POLICY, permission));
        expect(await unknowns()).toEqual([]);
      },
    );
  });
});

/** The APIs that a permission allows. */
function apisOf(permission: string): RegExp {
  const apis = Object.entries<Api>(APIS).filter(([, api]) => api.permission === permission);
  return new RegExp(`^(${apis.map(([name]) => name).join('|')})$`);
}

/** A document with its lists in one order. */
function sorted({ Statement }: ContractDocument) {
  return Statement.map(({ Sid, Action, Resource }) => ({
    Sid,
    Action: [...listOf(Action)].sort(),
    Resource: [...listOf(Resource ?? [])].sort(),
  }));
}

function lacking(document: ContractDocument, permission: string): ContractDocument {
  const Statement = document.Statement.map((statement) => ({
    ...statement,
    Action: listOf(statement.Action).filter((action) => action !== permission),
  })).filter(({ Action }) => Action.length > 0);
  return { ...document, Statement };
}
