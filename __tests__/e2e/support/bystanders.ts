/** What else is in an account, and must be the same after a fix: an analyst, another export, a statement, a log. */
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  GetBucketPolicyCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { contractFor, type ExportContract } from '../../../contract/contract';
import { type AccountClients, setUpExport } from './set-up';
import type { Target } from './tampers';

const ANALYST = 'Analyst';
const LOG = 'audit/2026/01/01/queries.json.gz';
const READ = 'analyst-reads';

/** A second export of the same account. */
export function otherExport({ altrAccountId }: Target): ExportContract {
  return contractFor({
    name: 'other',
    altrAccountId,
    clientId: '5d0e9c1a-0b1c-4d5e-8f90-a1b2c3d4e5f6',
    bucket: 'other-altr-audit-logs',
    region: 'us-east-1',
    roleName: 'ALTRPublishSIEMDataOther',
  });
}

/** An analyst whose boundary is that of ALTR's role, and another export that works. */
export async function setUpBystanders(clients: AccountClients, target: Target): Promise<void> {
  const { iam } = clients;
  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: 'team-boundary',
      PolicyDocument: json([{ Sid: 'Team', Effect: 'Allow', Action: '*', Resource: '*' }]),
    }),
  );
  const PermissionsBoundary = Policy?.Arn ?? '';
  const Principal = { AWS: `arn:aws:iam::${target.accountId}:root` };
  await iam.send(
    new CreateRoleCommand({
      RoleName: ANALYST,
      PermissionsBoundary,
      AssumeRolePolicyDocument: json([{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }]),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: ANALYST,
      PolicyName: READ,
      PolicyDocument: json([{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }]),
    }),
  );
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: target.roleName, PermissionsBoundary }));
  await setUpExport(clients, otherExport(target));
}

/**
 * What stays beside a loosening: the analyst gets the boundary that ALTR's role has by now; a log is in the bucket, and in its
 * policy a statement of the analyst's.
 * @param alone without that statement
 */
export async function joinBystanders(
  { iam, s3 }: AccountClients,
  target: Target,
  alone = false,
): Promise<void> {
  const boundary = await boundaryOf(iam, target.roleName).catch(() => undefined);
  if (boundary)
    await iam.send(
      new PutRolePermissionsBoundaryCommand({ RoleName: ANALYST, PermissionsBoundary: boundary }),
    );
  const { bucket: Bucket } = target;
  const stored = await s3
    .send(new PutObjectCommand({ Bucket, Key: LOG, Body: 'a stored log' }))
    .catch(() => undefined);
  // The loosening deleted the bucket.
  if (!stored || alone) return;
  const read = {
    Sid: READ,
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${target.accountId}:role/${ANALYST}` },
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${Bucket}/*`,
  };
  const Policy = json([...(await bucketStatements(s3, Bucket)), read]);
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
}

/** All that a fix must leave as it is. */
export async function seenOfBystanders({ iam, s3 }: AccountClients, target: Target) {
  const { bucket: Bucket } = target;
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: ANALYST }));
  const { PolicyDocument } = await iam.send(
    new GetRolePolicyCommand({ RoleName: ANALYST, PolicyName: READ }),
  );
  const log = await s3.send(new GetObjectCommand({ Bucket, Key: LOG })).catch(() => undefined);
  const ofBucket = await bucketStatements(s3, Bucket);
  return {
    role: [Role?.AssumeRolePolicyDocument, Role?.PermissionsBoundary?.PermissionsBoundaryArn, PolicyDocument],
    statement: ofBucket.filter((statement) => (statement as { Sid?: string }).Sid === READ),
    log: await log?.Body?.transformToString(),
  };
}

/** The statements of the analyst's boundary: a fix may add to them, for everybody whom it bounds. */
export async function boundaryStatements({ iam }: AccountClients): Promise<unknown[]> {
  const PolicyArn = await boundaryOf(iam, ANALYST);
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId;
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return statementsOf(decodeURIComponent(PolicyVersion?.Document ?? '{}'));
}

async function boundaryOf(iam: AccountClients['iam'], RoleName: string): Promise<string | undefined> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return Role?.PermissionsBoundary?.PermissionsBoundaryArn;
}

async function bucketStatements(s3: AccountClients['s3'], Bucket: string): Promise<unknown[]> {
  const seen = await s3.send(new GetBucketPolicyCommand({ Bucket })).catch(() => undefined);
  return seen?.Policy ? statementsOf(seen.Policy) : [];
}

function statementsOf(document: string): unknown[] {
  return [(JSON.parse(document) as { Statement?: unknown }).Statement ?? []].flat();
}

function json(Statement: readonly unknown[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
