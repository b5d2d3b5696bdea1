/**
 * The engine against the emulator's own IAM enforcement, over seeded random policies. The emulator has gaps of its own
 * (it knows no boundary, no condition but a few, and does not check the ExternalId), so the policies keep to what it knows:
 * Allow and Deny, wildcards, lists, several statements, inline policies.
 */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { decide, parsePolicy, RequestContext, resourceName } from '../../checks/policy';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';

const SEED = 20_260_101;
const POLICIES = 150;
const BUCKET = 'differential-logs';
const ACTIONS = ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'] as const;

const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
  Action: fc.oneof(
    fc.constantFrom('s3:*', 's3:Put*', 's3:*Object', '*', 's3:GetObject', 's3:PutObject'),
    fc.uniqueArray(fc.constantFrom('s3:PutObject', 's3:GetObject', 's3:DeleteObject', 's3:Get*'), {
      minLength: 1,
      maxLength: 3,
    }),
  ),
  Resource: fc.oneof(
    fc.constantFrom(
      '*',
      `arn:aws:s3:::${BUCKET}/*`,
      `arn:aws:s3:::${BUCKET}/logs/*`,
      'arn:aws:s3:::other/*',
      `arn:aws:s3:::${BUCKET}*`,
    ),
    fc.constantFrom(
      [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
      ['arn:aws:s3:::x/*', `arn:aws:s3:::${BUCKET}/logs/*`],
    ),
  ),
});

describeOnRealParts('the policy engine against the emulator’s enforcement', ['emulator'], () => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator();
  });

  afterAll(() => emulator?.stop());

  test(`${POLICIES} random policies, three actions each, decide alike`, async () => {
    const at = {
      endpoint: emulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    };
    const iam = new IAMClient(at);
    const sts = new STSClient(at);
    const admin = new S3Client({ ...at, forcePathStyle: true });
    await admin.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: EMULATOR_ACCOUNT }, Action: 'sts:AssumeRole' }],
    });
    const cases = fc.sample(fc.array(statement, { minLength: 1, maxLength: 4 }), {
      seed: SEED,
      numRuns: POLICIES,
    });
    const sessions = await Promise.all(
      cases.map(async (Statement, index) => {
        const RoleName = `r${index}`;
        await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
        const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
        await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
        const RoleArn = `arn:aws:iam::${EMULATOR_ACCOUNT}:role/${RoleName}`;
        const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 's' }));
        return { PolicyDocument, RoleArn, RoleName, Credentials };
      }),
    );

    await emulator.enforceIam(true);
    const disagreements: string[] = [];
    const seen = { allowed: 0, denied: 0 };
    for (const { PolicyDocument, RoleArn, RoleName, Credentials } of sessions) {
      const s3 = new S3Client({
        ...at,
        forcePathStyle: true,
        maxAttempts: 1,
        credentials: {
          accessKeyId: Credentials?.AccessKeyId ?? '',
          secretAccessKey: Credentials?.SecretAccessKey ?? '',
          sessionToken: Credentials?.SessionToken ?? '',
        },
      });
      const policy = parsePolicy({ source: 'p', text: PolicyDocument });
      for (const action of ACTIONS) {
        const object = { Bucket: BUCKET, Key: `${RoleName}.json` };
        const ours = decide(
          { identity: [policy] },
          {
            action,
            resource: resourceName(`arn:aws:s3:::${object.Bucket}/${object.Key}`),
            caller: { accountId: EMULATOR_ACCOUNT, roleArn: RoleArn, roleName: RoleName },
            context: new RequestContext({}),
          },
        ).verdict;
        const theirs = await answer(s3, action, object);
        seen[theirs]++;
        if (ours !== theirs)
          disagreements.push(`${action}: we say ${ours}, the emulator ${theirs}: ${PolicyDocument}`);
      }
    }
    expect(disagreements).toEqual([]);
    // Both answers must have come up often, or the comparison proves nothing.
    expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(100);
  }, 120_000);
});

/** Whether the emulator lets the request through; that there is no such object is an answer too. */
async function answer(
  s3: S3Client,
  action: (typeof ACTIONS)[number],
  object: { Bucket: string; Key: string },
): Promise<'allowed' | 'denied'> {
  try {
    if (action === 's3:PutObject') await s3.send(new PutObjectCommand({ ...object, Body: 'x' }));
    else if (action === 's3:GetObject') await s3.send(new GetObjectCommand(object));
    else await s3.send(new DeleteObjectCommand(object));
    return 'allowed';
  } catch (error) {
    const { $metadata, name } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 404) return 'allowed';
    if ($metadata?.httpStatusCode === 403 && name === 'AccessDenied') return 'denied';
    throw error;
  }
}
