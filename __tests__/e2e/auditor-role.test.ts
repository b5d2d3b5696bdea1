/**
 * The auditor's own role on real parts: deployed by Terraform, assumed, and enforced by the emulator. It suffices, and
 * each of its permissions is needed: without it some rule becomes unknown.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  PutBucketAclCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { App } from 'cdktf';
import { auditorPermissions, auditorPolicy } from '../../checks/auditor-policy';
import type { Finding } from '../../checks/finding';
import { judge } from '../../checks/judge';
import { observeLive } from '../../checks/observe/live';
import { APIS, type Api, type ApiName } from '../../checks/observe/live/api';
import { contractFor } from '../../contract/contract';
import { type ContractDocument, listOf } from '../../contract/statement';
import { AltrAuditorRole } from '../../modules/altr-auditor-role';
import { ExportStack } from '../../modules/export-stack';
import { altrExport, ROOT } from './support/command';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { type FaultProxy, startProxy } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';
import { terraform, terraformCliConfig } from './support/terraform';

const ALTR = '111122223333';
const common = { altrAccountId: ALTR, clientId: 'audited-client', region: 'us-east-1' };

/** Deployed with the module; compliant. */
const plain = { ...common, name: 'plain', bucket: 'audited-plain', roleName: 'ALTRPublishSIEMDataPlain' };
/** Set up so that a check asks everything that it ever asks. */
const full = { ...common, name: 'full', bucket: 'audited-full', roleName: 'ALTRPublishSIEMDataFull' };

const GITHUB = {
  providerArn: `arn:aws:iam::${EMULATOR_ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
  audience: 'sts.amazonaws.com',
  subjects: ['repo:acme/infra:*'],
};

/**
 * What the emulator demands where AWS demands something else: it has no ARNs of policies and keys, HeadBucket is an
 * action of its own, and all settings of a bucket that it doesn't know by name are ListBucket.
 */
const EMULATOR_DIALECT: ContractDocument = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['iam:GetPolicy', 'iam:GetPolicyVersion', 'kms:*'], Resource: '*' },
    { Effect: 'Allow', Action: ['s3:HeadBucket', 's3:ListBucket', 's3:GetPublicAccessBlock'], Resource: '*' },
  ],
};

/** Permissions that the emulator does not enforce by AWS's name or ARN: a proxy refuses their APIs in its place. */
const ENFORCED_BY_PROXY = [
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  's3:GetAccountPublicAccessBlock',
  's3:GetBucketOwnershipControls',
  's3:GetBucketPublicAccessBlock',
  's3:GetEncryptionConfiguration',
  's3:ListBucket',
];

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
    });
    new AltrAuditorRole(stack, 'Ci', { exports: [plain], trust: GITHUB, roleName: 'altr-auditor-ci' });
    app.synth();
    const cwd = join(folder, 'out', 'stacks', 'plain');
    const real = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig() };
    await terraform(['init', '-input=false', '-no-color'], { cwd, env: real });
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], { cwd, env: real });
    await deployFull(emulator.url, iam);

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

  /** Observes and judges an export in this process, as the auditor's role, enforced by the emulator. */
  const findings = async (target: typeof plain): Promise<readonly Finding[]> => {
    await emulator.enforceIam(true);
    try {
      const observation = await observeLive([target], { altrAccountId: ALTR });
      const [report] = judge(observation, {
        contracts: [contractFor(target)],
        declaredRoles: [plain, full],
      });
      return report?.findings ?? [];
    } finally {
      await emulator.enforceIam(false);
    }
  };
  const unknowns = async (target: typeof plain) =>
    (await findings(target)).filter(({ status }) => status === 'unknown').map(({ rule }) => rule);

  test('what is deployed is what the command prints', async () => {
    const config = join(folder, 'altr-exports.yaml');
    const declared = ({ name, clientId, bucket, region, roleName }: typeof plain) => ({
      name,
      clientId,
      bucket,
      region,
      roleName,
    });
    writeFileSync(
      config,
      JSON.stringify({ altr: { awsAccountId: ALTR }, exports: [plain, full].map(declared) }),
    );
    const printed = await altrExport(['auditor-policy', '--config', config], { env: emulator.env });
    const { document } = auditorPolicy([plain, full]);
    expect(JSON.parse(printed.stdout)).toEqual(document);
    const asTerraform = await altrExport(['auditor-policy', '--config', config, '--format', 'terraform'], {
      env: emulator.env,
    });
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
    expect(await unknowns(full)).toEqual([]);
    const asked = new Set(proxy.seen);
    // Asked only where HeadBucket is refused; its permission has a case of its own below. No feed is declared here.
    const always = Object.entries<Api>(APIS).filter(([, { optional, feed }]) => !optional && !feed);
    expect(always.map(([api]) => api).filter((api) => !asked.has(api))).toEqual(['s3:ListBuckets']);
  });

  test('it lets the auditor change nothing and read no object', async () => {
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
    } finally {
      await emulator.enforceIam(false);
    }
  });

  describe('every permission is needed', () => {
    test.each(auditorPermissions())('without %s some rule becomes unknown', async (permission) => {
      const { document } = auditorPolicy([plain, full]);
      const apis = apisOf(permission);
      const forbid = async (without: () => Promise<readonly string[]>) => {
        if (ENFORCED_BY_PROXY.includes(permission)) {
          const rules = [];
          for (const api of apis) {
            proxy.spoil(api, 'denied', 'always');
            rules.push(...(await without()));
          }
          return rules;
        }
        await put('read-what-is-audited', lacking(document, permission));
        return without();
      };
      try {
        if (permission === 's3:ListAllMyBuckets') {
          // Asked only where the bucket's own answers are all refused: then it tells whose the bucket is.
          const whose = async () => {
            proxy.spoil(/^s3:(HeadBucket|Get)/, 'denied', 'always');
            return (await unknowns(full)).filter((rule) => rule === 'bucket-exists');
          };
          expect(await whose()).toEqual([]);
          expect(await forbid(whose)).toEqual(['bucket-exists']);
        } else {
          expect(await forbid(() => unknowns(full))).not.toEqual([]);
        }
      } finally {
        proxy.clear();
        await put('read-what-is-audited', document);
      }
    });

    test('the proxy stands in only for permissions that the emulator does not know', () => {
      expect(ENFORCED_BY_PROXY.filter((permission) => !auditorPermissions().includes(permission))).toEqual(
        [],
      );
    });
  });
});

function apisOf(permission: string): ApiName[] {
  return (Object.keys(APIS) as (keyof typeof APIS)[]).filter((api) => {
    const entry: Api = APIS[api];
    return entry.permission === permission && !entry.optional;
  });
}

function lacking(document: ContractDocument, permission: string): ContractDocument {
  const Statement = document.Statement.map((statement) => ({
    ...statement,
    Action: listOf(statement.Action).filter((action) => action !== permission),
  })).filter(({ Action }) => Action.length > 0);
  return { ...document, Statement };
}

/** A bucket without a block, open by its ACL, under a key; a role with a policy of either kind and a boundary. */
async function deployFull(endpoint: string, iam: IAMClient): Promise<void> {
  const { bucket: Bucket, roleName: RoleName } = full;
  const { trust, permissions } = contractFor(full);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const PolicyDocument = JSON.stringify(permissions);
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'full', PolicyDocument }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn ?? '' }));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'inline', PolicyDocument }));
  const s3 = new S3Client({ endpoint, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    }),
  );
  await s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
  const kms = new KMSClient({ endpoint });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: KeyMetadata?.Arn ?? '',
            },
          },
        ],
      },
    }),
  );
}
