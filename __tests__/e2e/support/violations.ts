/** Set-ups that violate the contract in ways that a single changed statement does not show. */
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DetachRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateKeyCommand,
  DisableKeyCommand,
  type KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import {
  DeletePublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { trustDocument } from '../../../contract/policies';
import type { Clients, Target } from './tampers';

export interface Violation {
  /** Every rule that fails. */
  readonly fails: readonly string[];
  readonly summary: string;
  make(clients: Clients & { readonly kms: KMSClient }, target: Target): Promise<void>;
  /** Texts that the corrected documents still have to hold. */
  readonly keeps?: readonly string[];
  /** Nothing else is in the bucket's policy, so that the fix deletes it. */
  readonly alone?: true;
}

const json = (...Statement: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const objects = ({ bucket }: Target) => `arn:aws:s3:::${bucket}/*`;
const roleArn = ({ accountId, roleName }: Target) => `arn:aws:iam::${accountId}:role/${roleName}`;
const put = (target: Target) => ({ Effect: 'Allow', Action: 's3:PutObject', Resource: objects(target) });

async function inline(
  { iam }: Clients,
  { roleName: RoleName }: Target,
  PolicyName: string,
  ...statements: unknown[]
) {
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: json(...statements) }));
}

async function onBucket({ s3 }: Clients, { bucket: Bucket }: Target, ...statements: unknown[]) {
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: json(...statements) }));
}

/** Another policy in place of the one that the role was set up with. */
async function replaceAttached({ iam }: Clients, target: Target, ...statements: unknown[]) {
  const { roleName: RoleName } = target;
  const attached = `arn:aws:iam::${target.accountId}:policy/acme.s3.policy`;
  await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: attached }));
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'replaced', Path: '/audit/', PolicyDocument: json(...statements) }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn }));
}

async function encryptWithKey(
  { s3, kms }: Clients & { kms: KMSClient },
  { bucket: Bucket }: Target,
  policy?: string,
) {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand(policy ? { Policy: policy } : {}));
  const KMSMasterKeyID = KeyMetadata?.Arn ?? '';
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } }],
      },
    }),
  );
  return KMSMasterKeyID;
}

export const VIOLATIONS: readonly Violation[] = [
  {
    fails: ['trust-external-id'],
    summary: 'the condition is gone beside a Deny that does no harm',
    make: async ({ iam }, target) => {
      const { Condition: _, ...open } = trustDocument('aws', target.altrAccountId, target.clientId)
        .Statement[0] as object as Record<string, unknown>;
      const tls = {
        Sid: 'OnlyTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRole',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      };
      await iam.send(
        new UpdateAssumeRolePolicyCommand({ RoleName: target.roleName, PolicyDocument: json(open, tls) }),
      );
    },
    keeps: ['OnlyTls'],
  },
  {
    fails: ['permissions-action-scope'],
    summary: 'the one policy that lets the role write lets it read, too',
    make: (clients, target) =>
      replaceAttached(clients, target, {
        Sid: 'Logs',
        ...put(target),
        Action: ['s3:PutObject', 's3:GetObject'],
      }),
    keeps: ['Logs'],
  },
  {
    fails: ['permissions-action-scope'],
    summary: 'the one policy is too wide, and has as many versions as IAM keeps',
    make: async (clients, target) => {
      const wide = { ...put(target), Action: ['s3:PutObject', 's3:GetObject'] };
      await replaceAttached(clients, target, wide);
      const PolicyArn = `arn:aws:iam::${target.accountId}:policy/audit/replaced`;
      for (let version = 2; version <= 5; version++) {
        await clients.iam.send(
          new CreatePolicyVersionCommand({
            PolicyArn,
            PolicyDocument: json(wide),
            SetAsDefault: version === 5,
          }),
        );
      }
    },
  },
  {
    fails: ['permissions-action-scope', 'permissions-resource-scope'],
    summary: 'the one policy that lets the role write allows everything but IAM',
    make: (clients, target) =>
      replaceAttached(clients, target, { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
  },
  {
    fails: ['permissions-action-scope', 'permissions-resource-scope', 'trust-action', 'trust-principal'],
    summary: 'several statements of several documents are too wide at once',
    make: async (clients, target) => {
      const { iam } = clients;
      await inline(
        clients,
        target,
        'first',
        { ...put(target), Action: 's3:Get*' },
        { ...put(target), Resource: 'arn:aws:s3:::elsewhere/*' },
        { Sid: 'Mine', ...put(target) },
      );
      await inline(clients, target, 'it’s-second'.replace('’', '='), {
        ...put(target),
        Action: 's3:DeleteObject',
      });
      const [way] = trustDocument('aws', target.altrAccountId, target.clientId).Statement;
      const PolicyDocument = json({
        ...way,
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Principal: { AWS: [target.altrAccountId, '222222222222'] },
      });
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: target.roleName, PolicyDocument }));
    },
    keeps: ['Mine'],
  },
  {
    fails: ['permissions-put-object'],
    summary: 'an inline policy of the role denies what another allows',
    make: (clients, target) =>
      inline(
        clients,
        target,
        'stop',
        { Effect: 'Deny', Action: 's3:Put*', Resource: '*' },
        { Sid: 'Never', Effect: 'Deny', Action: 'iam:*', Resource: '*' },
      ),
    keeps: ['Never'],
  },
  {
    fails: ['permissions-put-object'],
    summary: 'the bucket policy denies everybody who comes from elsewhere than one’s own network',
    make: (clients, target) =>
      onBucket(clients, target, {
        Sid: 'OwnNetwork',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${target.bucket}`, objects(target)],
        Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } },
      }),
    keeps: ['OwnNetwork'],
  },
  {
    fails: ['permissions-put-object'],
    summary: 'a permissions boundary leaves out S3',
    make: async ({ iam }, target) => {
      const { Policy } = await iam.send(
        new CreatePolicyCommand({
          PolicyName: 'boundary',
          PolicyDocument: json({ Sid: 'Logs', Effect: 'Allow', Action: 'logs:*', Resource: '*' }),
        }),
      );
      await iam.send(
        new PutRolePermissionsBoundaryCommand({
          RoleName: target.roleName,
          PermissionsBoundary: Policy?.Arn,
        }),
      );
    },
    keeps: ['logs:*'],
  },
  {
    fails: ['bucket-foreign-access'],
    summary: 'one statement names a foreign account beside a role of one’s own',
    make: async (clients, target) => {
      const own = `arn:aws:iam::${target.accountId}:role/${target.roleName}-reader`;
      await onBucket(clients, target, {
        Sid: 'Readers',
        Effect: 'Allow',
        Principal: { AWS: ['222222222222', own] },
        Action: 's3:GetObject',
        Resource: objects(target),
      });
    },
    keeps: ['Readers', '-reader'],
  },
  {
    fails: ['bucket-foreign-access', 'bucket-public-access', 'permissions-action-scope'],
    summary: 'the bucket is public by its policy',
    make: async (clients, target) => {
      await clients.s3.send(new DeletePublicAccessBlockCommand({ Bucket: target.bucket }));
      const tls = {
        Sid: 'OnlyTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: objects(target),
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      };
      await onBucket(
        clients,
        target,
        { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: objects(target) },
        tls,
      );
    },
    keeps: ['OnlyTls'],
  },
  {
    fails: ['bucket-public-access'],
    summary: 'the bucket is public by its ACL',
    make: async ({ s3 }, { bucket: Bucket }) => {
      await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
      await s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
    },
  },
  {
    fails: ['permissions-action-scope'],
    summary: 'the bucket policy lets the role itself read',
    make: (clients, target) =>
      onBucket(clients, target, {
        Effect: 'Allow',
        Principal: { AWS: roleArn(target) },
        Action: 's3:GetObject',
        Resource: objects(target),
      }),
    alone: true,
  },
  {
    fails: ['bucket-encryption-delivery'],
    summary: 'the bucket got a key of its own, and the role nothing that lets it use the key',
    make: async (clients, target) => {
      await encryptWithKey(clients, target);
    },
  },
  {
    fails: ['bucket-encryption-delivery'],
    summary: 'the key’s policy speaks of an administrator only',
    make: async (clients, target) => {
      const admin = `arn:aws:iam::${target.accountId}:role/Admin`;
      await encryptWithKey(
        clients,
        target,
        json({ Sid: 'Admin', Effect: 'Allow', Principal: { AWS: admin }, Action: 'kms:*', Resource: '*' }),
      );
    },
    keeps: ['role/Admin'],
  },
  {
    fails: ['bucket-encryption-delivery'],
    summary: 'the key is disabled',
    make: async (clients, target) => {
      const KeyId = await encryptWithKey(clients, target);
      await inline(clients, target, 'key', {
        Effect: 'Allow',
        Action: 'kms:GenerateDataKey',
        Resource: KeyId,
      });
      await clients.kms.send(new DisableKeyCommand({ KeyId: KeyId.split('/')[1] }));
    },
  },
  {
    fails: ['bucket-encryption-delivery'],
    summary: 'the key is about to be deleted',
    make: async (clients, target) => {
      const KeyId = await encryptWithKey(clients, target);
      await inline(clients, target, 'key', {
        Effect: 'Allow',
        Action: 'kms:GenerateDataKey',
        Resource: KeyId,
      });
      await clients.kms.send(
        new ScheduleKeyDeletionCommand({ KeyId: KeyId.split('/')[1], PendingWindowInDays: 7 }),
      );
    },
  },
];
