/** For each rule the change, through the AWS API, that breaks it, and the way back. */
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
  type ServerSideEncryptionByDefault,
} from '@aws-sdk/client-s3';
import { permissionDocument, trustDocument } from '../../../contract/policies';
import { ALL_BLOCKED } from './set-up';

export interface Clients {
  readonly iam: IAMClient;
  readonly s3: S3Client;
  readonly kms: KMSClient;
}

/** The export that is tampered with. */
export interface Target {
  readonly name: string;
  readonly clientId: string;
  readonly bucket: string;
  readonly region: string;
  readonly roleName: string;
  readonly accountId: string;
  readonly altrAccountId: string;
}

export interface Tamper {
  /** Every rule that the change breaks, and no other. */
  readonly fails: readonly string[];
  /** Completes “fails when …”. */
  readonly summary: string;
  /** The export as the config has to declare it for this case, where it differs. */
  config?(target: Target): {
    name: string;
    clientId: string;
    bucket: string;
    region: string;
    roleName: string;
  };
  loosen(clients: Clients, target: Target): Promise<void>;
  undo(clients: Clients, target: Target): Promise<void>;
  /** Terraform has to bring back what the change took away. */
  readonly restore?: 'terraform';
}

const nothing = async () => {};

/** A change of the trust policy alone. */
function trust(fails: readonly string[], summary: string, statement: (target: Target) => unknown): Tamper {
  const set = (iam: IAMClient, target: Target, document: unknown) =>
    iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: target.roleName,
        PolicyDocument: JSON.stringify(document),
      }),
    );
  return {
    fails,
    summary,
    loosen: async ({ iam }, target) => {
      const Statement = [statement(target)].flat();
      await set(iam, target, { Version: '2012-10-17', Statement });
    },
    undo: async ({ iam }, target) => {
      await set(iam, target, contractTrust(target));
    },
  };
}

/** One more inline policy. */
function inline(fails: readonly string[], summary: string, statement: (target: Target) => unknown): Tamper {
  const PolicyName = 'added-by-hand';
  return {
    fails,
    summary,
    loosen: async ({ iam }, target) => {
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement(target)] });
      await iam.send(new PutRolePolicyCommand({ RoleName: target.roleName, PolicyName, PolicyDocument }));
    },
    undo: async ({ iam }, target) => {
      await iam.send(new DeleteRolePolicyCommand({ RoleName: target.roleName, PolicyName }));
    },
  };
}

/** A bucket policy where there was none. */
function bucketPolicy(
  fails: readonly string[],
  summary: string,
  statement: (target: Target) => unknown,
): Tamper {
  return {
    fails,
    summary,
    loosen: async ({ s3 }, target) => {
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement(target)] });
      await s3.send(new PutBucketPolicyCommand({ Bucket: target.bucket, Policy }));
    },
    undo: async ({ s3 }, target) => {
      await s3.send(new DeleteBucketPolicyCommand({ Bucket: target.bucket }));
    },
  };
}

export const TAMPERS: readonly Tamper[] = [
  {
    fails: ['role-exists'],
    summary: 'the role is deleted',
    loosen: ({ iam }, target) => deleteRole(iam, target.roleName),
    undo: nothing,
    restore: 'terraform',
  },
  {
    fails: ['role-name-prefix'],
    summary: 'the role is made anew with the prefix in another case',
    config: ({ name, clientId, bucket, region }) => ({
      name,
      clientId,
      bucket,
      region,
      roleName: 'AltrPublishSiemDataSlice',
    }),
    loosen: async ({ iam }, target) => {
      await deleteRole(iam, target.roleName);
      await createRole(iam, 'AltrPublishSiemDataSlice', target);
    },
    undo: ({ iam }) => deleteRole(iam, 'AltrPublishSiemDataSlice'),
    restore: 'terraform',
  },
  trust(['trust-principal'], 'everybody who knows the client ID may assume the role', (target) => ({
    ...contractTrust(target).Statement[0],
    Principal: { AWS: '*' },
  })),
  trust(['trust-principal'], 'another account is let in beside ALTR’s', (target) => ({
    ...contractTrust(target).Statement[0],
    Principal: { AWS: [target.altrAccountId, 'arn:aws:iam::222222222222:root'] },
  })),
  trust(['trust-principal', 'trust-usable'], 'another account takes the place of ALTR’s', (target) => ({
    ...contractTrust(target).Statement[0],
    Principal: { AWS: '222222222222' },
  })),
  trust(['trust-external-id'], 'the condition is removed', (target) => {
    const { Condition: _, ...rest } = contractTrust(target).Statement[0] ?? {};
    return rest;
  }),
  trust(['trust-external-id'], 'the condition holds only if the key is there', (target) => ({
    ...contractTrust(target).Statement[0],
    Condition: { StringEqualsIfExists: { 'sts:ExternalId': target.clientId } },
  })),
  trust(['trust-external-id'], 'a second client ID is accepted', (target) => ({
    ...contractTrust(target).Statement[0],
    Condition: { StringEquals: { 'sts:externalid': [target.clientId, 'someone-else'] } },
  })),
  trust(['trust-external-id', 'trust-usable'], 'another client ID is demanded', (target) => ({
    ...contractTrust(target).Statement[0],
    Condition: { StringEquals: { 'sts:ExternalId': 'someone-else' } },
  })),
  trust(['trust-action'], 'session tags are allowed too', (target) => ({
    ...contractTrust(target).Statement[0],
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  })),
  trust(['trust-usable'], 'a statement denies ALTR’s account', (target) => [
    ...contractTrust(target).Statement,
    { Effect: 'Deny', Principal: { AWS: target.altrAccountId }, Action: 'sts:AssumeRole' },
  ]),
  {
    fails: ['permissions-put-object'],
    summary: 'the policy is detached',
    loosen: async ({ iam }, target) => {
      await detachAll(iam, target.roleName);
    },
    undo: nothing,
    restore: 'terraform',
  },
  bucketPolicy(
    ['permissions-put-object'],
    'the bucket policy denies the role',
    ({ roleName, bucket, accountId }) => ({
      Effect: 'Deny',
      Principal: { AWS: `arn:aws:iam::${accountId}:role/${roleName}` },
      Action: 's3:Put*',
      Resource: `arn:aws:s3:::${bucket}/*`,
    }),
  ),
  inline(['permissions-action-scope'], 'an inline policy lets the role read', (target) => ({
    Effect: 'Allow',
    Action: 's3:getobject',
    Resource: `arn:aws:s3:::${target.bucket}/*`,
  })),
  inline(['permissions-action-scope'], 'an inline policy spells the action with a wildcard', (target) => ({
    Effect: 'Allow',
    Action: 's3:Put*',
    Resource: `arn:aws:s3:::${target.bucket}/*`,
  })),
  inline(['permissions-resource-scope'], 'an inline policy names another bucket', () => ({
    Effect: 'Allow',
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::another-bucket/*',
  })),
  inline(['permissions-resource-scope'], 'an inline policy lacks the slash after the bucket', (target) => ({
    Effect: 'Allow',
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${target.bucket}*`,
  })),
  inline(
    ['permissions-action-scope', 'permissions-resource-scope'],
    'an inline policy allows everything',
    () => ({
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
    }),
  ),
  {
    fails: ['bucket-exists'],
    summary: 'the bucket is deleted',
    loosen: async ({ s3 }, target) => {
      await s3.send(new DeleteBucketCommand({ Bucket: target.bucket }));
    },
    undo: nothing,
    restore: 'terraform',
  },
  {
    fails: ['bucket-region'],
    summary: 'the bucket is made anew in another region',
    loosen: async ({ s3 }, { bucket: Bucket }) => {
      await s3.send(new DeleteBucketCommand({ Bucket }));
      const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
      await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: ALL_BLOCKED }));
    },
    undo: async ({ s3 }, { bucket: Bucket }) => {
      await s3.send(new DeleteBucketCommand({ Bucket }));
    },
    restore: 'terraform',
  },
  {
    fails: ['bucket-public-access'],
    summary: 'the public access block is removed',
    loosen: async ({ s3 }, { bucket: Bucket }) => {
      await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    },
    undo: async ({ s3 }, { bucket: Bucket }) => {
      await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: ALL_BLOCKED }));
    },
  },
  bucketPolicy(['bucket-foreign-access'], 'the bucket policy lets another account read', ({ bucket }) => ({
    Effect: 'Allow',
    Principal: { AWS: '222222222222' },
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${bucket}/*`,
  })),
  {
    fails: ['bucket-encryption-delivery'],
    summary: 'the bucket gets a key of its own, which the role may not use',
    loosen: async ({ s3, kms }, { bucket }) => {
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
      await encrypt(s3, bucket, { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KeyMetadata?.Arn });
    },
    undo: ({ s3 }, { bucket }) => encrypt(s3, bucket, { SSEAlgorithm: 'AES256' }),
  },
  {
    fails: ['logs-kept'],
    summary: 'a lifecycle deletes every log after a day',
    loosen: async ({ s3 }, { bucket: Bucket }) => {
      const everyDay = { ID: 'tidy', Status: 'Enabled' as const, Filter: {}, Expiration: { Days: 1 } };
      const LifecycleConfiguration = { Rules: [everyDay] };
      await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
    },
    undo: async ({ s3 }, { bucket: Bucket }) => {
      await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    },
  },
  {
    fails: ['undeclared-altr-role'],
    summary: 'a second role with the prefix appears',
    loosen: ({ iam }, target) => createRole(iam, 'ALTRPublishSIEMDataForgotten', target),
    undo: ({ iam }) => deleteRole(iam, 'ALTRPublishSIEMDataForgotten'),
  },
];

function contractTrust({ altrAccountId, clientId }: Target) {
  return trustDocument('aws', altrAccountId, clientId);
}

async function encrypt(
  s3: S3Client,
  Bucket: string,
  ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
): Promise<void> {
  const ServerSideEncryptionConfiguration = { Rules: [{ ApplyServerSideEncryptionByDefault }] };
  await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
}

async function createRole(iam: IAMClient, RoleName: string, target: Target): Promise<void> {
  await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(contractTrust(target)) }),
  );
  const PolicyDocument = JSON.stringify(permissionDocument('aws', target.bucket));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'put', PolicyDocument }));
}

async function detachAll(iam: IAMClient, RoleName: string): Promise<string[]> {
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  const arns = (AttachedPolicies ?? []).map((policy) => policy.PolicyArn ?? '');
  for (const PolicyArn of arns) await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  return arns;
}

async function deleteRole(iam: IAMClient, RoleName: string): Promise<void> {
  await detachAll(iam, RoleName);
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'put' })).catch(nothing);
  await iam.send(new DeleteRoleCommand({ RoleName }));
}
