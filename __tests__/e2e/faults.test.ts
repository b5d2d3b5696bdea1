/**
 * Every API that a check calls, spoilt in every way, once and always. The matrix is made from the calls that are seen, so
 * a new call is covered by itself.
 */
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  PutBucketAclCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ExportReport, Finding } from '../../checks/finding';
import { exitCodeOf, judge } from '../../checks/judge';
import { observeLive } from '../../checks/observe/live';
import { contractFor } from '../../contract/contract';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { FAULTS, type Fault, type FaultProxy, startProxy, TRANSIENT } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';

const contract = contractFor({
  name: 'faulty',
  altrAccountId: '111122223333',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'faulty-altr-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataFaulty',
});

describeOnRealParts('faults between the check and AWS', ['emulator'], () => {
  let emulator: Emulator;
  let proxy: FaultProxy;
  const before = { ...process.env };

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startProxy(emulator.url);
    process.env = { ...emulator.env, AWS_ENDPOINT_URL: proxy.url, AWS_MAX_ATTEMPTS: '2' };
    await setUpEverything(emulator.url);
  }, 60_000);

  afterAll(async () => {
    process.env = before;
    await proxy?.stop();
    await emulator?.stop();
  });

  const check = async (): Promise<{ code: number; report: ExportReport; calls: string[] }> => {
    proxy.seen.length = 0;
    const observation = await observeLive([contract], {
      altrAccountId: contract.altrAccountId,
      callTimeout: 200,
    });
    const exports = judge(observation, { contracts: [contract], declaredRoles: [contract] });
    const [report] = exports;
    if (!report) throw new Error('no report');
    return { code: exitCodeOf(exports), report, calls: [...proxy.seen] };
  };

  test('the matrix holds in every cell', async () => {
    const whole = await check();
    const apis = [...new Set(whole.calls)].sort();
    expect(apis).toEqual([
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:GetRole',
      'iam:GetRolePolicy',
      'iam:ListAttachedRolePolicies',
      'iam:ListRolePolicies',
      'iam:ListRoles',
      'kms:DescribeKey',
      'kms:GetKeyPolicy',
      's3:GetBucketAcl',
      's3:GetBucketEncryption',
      's3:GetBucketOwnershipControls',
      's3:GetBucketPolicy',
      's3:GetPublicAccessBlock',
      's3:HeadBucket',
      's3control:GetPublicAccessBlock',
      'sts:GetCallerIdentity',
    ]);
    const baseline = verdicts(whole.report.findings);
    const problems: string[] = [];
    let cells = 0;
    for (const api of apis) {
      // What the API is needed for shows where its answer is denied.
      proxy.spoil(api, 'denied', 'always');
      const denied = await check();
      proxy.clear();
      const needed = unknowns(denied.report.findings);
      if (needed.length === 0) problems.push(`${api}: nothing needs it`);
      // HeadBucket's 404 is AWS's own way to say that there is no bucket.
      for (const fault of FAULTS.filter((name) => !(api === 's3:HeadBucket' && name === 'not-found'))) {
        for (const times of ['once', 'always'] as const) {
          cells++;
          proxy.spoil(api, fault, times);
          const { code, report } = await check();
          proxy.clear();
          problems.push(
            ...wrong(api, fault, times, code, report, needed, baseline, whole.code).map(
              (text) => `${api} ${fault} ${times}: ${text}`,
            ),
          );
        }
      }
    }
    process.stderr.write(`fault matrix: ${cells} cells\n`);
    expect(problems).toEqual([]);
  }, 400_000);

  test('a violation that a fault does not hide is still reported', async () => {
    const s3 = new S3Client({ endpoint: emulator.url, region: 'us-east-1', forcePathStyle: true });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '222222222222' },
          Action: 's3:GetObject',
          Resource: contract.objectsArn,
        },
      ],
    });
    await s3.send(new PutBucketPolicyCommand({ Bucket: contract.bucket, Policy }));
    proxy.spoil('iam:GetRole', 'denied', 'always');
    const { code, report } = await check();
    proxy.clear();
    expect(code).toBe(2);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ rule: 'bucket-foreign-access', status: 'fail' }),
    );
    expect(report.status).toBe('violating');
  });
});

function wrong(
  api: string,
  fault: Fault,
  times: 'once' | 'always',
  code: number,
  report: ExportReport,
  needed: readonly string[],
  baseline: string,
  baselineCode: number,
): string[] {
  const problems: string[] = [];
  if (times === 'once' && TRANSIENT.includes(fault)) {
    if (verdicts(report.findings) !== baseline || code !== baselineCode)
      problems.push(`it did not end as without the fault (exit ${code})`);
    return problems;
  }
  // A body that is cut off or garbage may be asked for again, and be right the second time.
  const recovered = times === 'once' && verdicts(report.findings) === baseline;
  if (recovered) return problems;
  const decided = needed.filter((rule) => !unknowns(report.findings).includes(rule));
  if (decided.length > 0) problems.push(`decided without the answer of ${api}: ${decided.join(', ')}`);
  if (code !== 2) problems.push(`exit ${code}`);
  return problems;
}

function unknowns(findings: readonly Finding[]): string[] {
  return [...new Set(findings.filter(({ status }) => status === 'unknown').map(({ rule }) => rule))];
}

function verdicts(findings: readonly Finding[]): string {
  return JSON.stringify(findings.map(({ rule, status, message }) => [rule, status, message]));
}

/** A set-up in which a check has to ask for everything that it can ask for. */
async function setUpEverything(endpoint: string): Promise<void> {
  const at = { endpoint, region: 'us-east-1' };
  const iam = new IAMClient(at);
  const s3 = new S3Client({ ...at, forcePathStyle: true });
  const { KeyMetadata } = await new KMSClient(at).send(new CreateKeyCommand({}));
  const keyArn = KeyMetadata?.Arn ?? '';
  const boundary = await iam.send(
    new CreatePolicyCommand({
      PolicyName: 'boundary',
      PolicyDocument: document({ Effect: 'Allow', Action: ['s3:*', 'kms:*'], Resource: '*' }),
    }),
  );
  const RoleName = contract.roleName;
  await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify(contract.trust),
      PermissionsBoundary: boundary.Policy?.Arn ?? '',
    }),
  );
  const attached = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'put', PolicyDocument: JSON.stringify(contract.permissions) }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: attached.Policy?.Arn ?? '' }));
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: 'key',
      PolicyDocument: document({
        Effect: 'Allow',
        Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        Resource: keyArn,
      }),
    }),
  );
  const Bucket = contract.bucket;
  await s3.send(new CreateBucketCommand({ Bucket, ObjectOwnership: 'BucketOwnerPreferred' }));
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } }],
      },
    }),
  );
  await s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
  // The bucket has no block of its own: the account's stands in.
  await fetch(`${endpoint}/v20180820/configuration/publicAccessBlock`, {
    method: 'PUT',
    headers: {
      'x-amz-account-id': EMULATOR_ACCOUNT,
      authorization: 'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request',
    },
    body: '<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>false</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>',
  });
}

function document(statement: unknown): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}
