/**
 * Every API that a check calls, spoilt in every way, once and always. The matrix is made from the calls that are seen, so
 * a new call is covered by itself.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  S3Client,
} from '@aws-sdk/client-s3';
import type { ExportReport, Finding } from '../../checks/finding';
import { exitCodeOf, judge } from '../../checks/judge';
import { observeLive } from '../../checks/observe/live';
import { mapBounded } from '../../checks/observe/live/limit';
import { contractFor } from '../../contract/contract';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { laneProfiles } from './support/lanes';
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

/** Cells under way at once: most of them wait for a retry or a hang. */
const LANES = 10;

describeOnRealParts('faults between the check and AWS', ['emulator'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-faults-'));
  let emulator: Emulator;
  let proxy: FaultProxy;
  const before = { ...process.env };

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startProxy(emulator.url);
    process.env = {
      ...emulator.env,
      ...laneProfiles(folder, LANES),
      AWS_ENDPOINT_URL: proxy.url,
      AWS_MAX_ATTEMPTS: '2',
    };
    await setUpEverything(emulator.url);
    proxy.keepAnswers();
  }, 60_000);

  afterAll(async () => {
    process.env = before;
    await proxy?.stop();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Checks through a lane, by a role that it assumes. */
  const check = async (lane: string): Promise<{ code: number; report: ExportReport; calls: string[] }> => {
    const { seen } = proxy.lane(lane);
    seen.length = 0;
    const target = {
      ...contract,
      profile: lane,
      assumeRoleArn: `arn:aws:iam::${EMULATOR_ACCOUNT}:role/auditor`,
    };
    const observation = await observeLive([target], {
      altrAccountId: contract.altrAccountId,
      callTimeout: 1_500,
    });
    const exports = judge(observation, { contracts: [contract], declaredRoles: [contract] });
    const [report] = exports;
    if (!report) throw new Error('no report');
    return { code: exitCodeOf(exports), report, calls: [...seen] };
  };

  test('the matrix holds in every cell', async () => {
    const whole = await check('LANE0');
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
      'sts:AssumeRole',
      'sts:GetCallerIdentity',
    ]);
    const baseline = verdicts(whole.report.findings);
    const needs = new Map<string, readonly string[]>();
    const problems: string[] = [];
    // What an API is needed for shows where its answer is denied.
    await inLanes(apis, async (lane, api) => {
      proxy.lane(lane).spoil(api, 'denied', 'always');
      const denied = await check(lane);
      const needed = unknowns(denied.report.findings);
      if (needed.length === 0) problems.push(`${api}: nothing needs it`);
      needs.set(api, needed);
    });
    const cells = apis.flatMap((api) =>
      // HeadBucket's 404 is AWS's own way to say that there is no bucket.
      FAULTS.filter((fault) => !(api === 's3:HeadBucket' && fault === 'not-found')).flatMap((fault) =>
        (['once', 'always'] as const).map((times) => ({ api, fault, times })),
      ),
    );
    const judged = async (lane: string, { api, fault, times }: (typeof cells)[number]): Promise<string[]> => {
      proxy.lane(lane).spoil(api, fault, times);
      const { code, report } = await check(lane);
      const found = wrong(api, fault, times, code, report, needs.get(api) ?? [], baseline, whole.code);
      return found.map((text) => `${api} ${fault} ${times}: ${text}`);
    };
    const suspects: typeof cells = [];
    await inLanes(cells, async (lane, cell) => {
      if ((await judged(lane, cell)).length > 0) suspects.push(cell);
    });
    // A busy machine may starve a call of its time beside the other lanes; what is wrong is wrong alone, too.
    for (const cell of suspects) {
      problems.push(...(await judged('LANE0', cell)));
      proxy.lane('LANE0').clear();
    }
    process.stderr.write(`fault matrix: ${cells.length} cells\n`);
    expect(problems).toEqual([]);
    expect(cells.length).toBe(apis.length * FAULTS.length * 2 - 2);
  });

  /** Works through the items with every lane; each lane is clean before its next item. */
  async function inLanes<T>(
    items: readonly T[],
    work: (lane: string, item: T) => Promise<void>,
  ): Promise<void> {
    const free = Array.from({ length: LANES }, (_, index) => `LANE${index}`);
    await mapBounded(items, LANES, async (item) => {
      const lane = free.pop() ?? '';
      await work(lane, item);
      proxy.lane(lane).clear();
      free.push(lane);
    });
  }
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
