/** What an export needs, made by the SDK: for tests of the observer, which don't need Terraform. */
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { ExportContract } from '../../../contract/contract';

export interface AccountClients {
  readonly iam: IAMClient;
  readonly s3: S3Client;
  readonly kms: KMSClient;
}

/** The emulator takes any. */
export const TESTING = { accessKeyId: 'testing', secretAccessKey: 'testing' };

/** Clients of the emulator's default account, or of another one that it makes up. */
export async function clientsFor(endpoint: string, accountId?: string): Promise<AccountClients> {
  const at = { endpoint, region: 'us-east-1', credentials: TESTING };
  const credentials = accountId === undefined ? TESTING : await credentialsIn(new STSClient(at), accountId);
  const inAccount = { ...at, credentials };
  return {
    iam: new IAMClient(inAccount),
    s3: new S3Client({ ...inAccount, forcePathStyle: true, followRegionRedirects: true }),
    kms: new KMSClient(inAccount),
  };
}

async function credentialsIn(sts: STSClient, accountId: string) {
  const RoleArn = `arn:aws:iam::${accountId}:role/set-up`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'set-up' }));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}

/** Makes a compliant export: a role with one attached policy, a bucket that blocks all public access. */
export async function setUpExport({ iam, s3 }: AccountClients, contract: ExportContract): Promise<void> {
  const { roleName: RoleName, bucket: Bucket, region } = contract;
  await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(contract.trust) }),
  );
  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: `${RoleName}-put`,
      PolicyDocument: JSON.stringify(contract.permissions),
    }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn ?? '' }));
  await makeBucket(s3, Bucket, region);
}

export const ALL_BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const;

/** Makes a bucket that blocks all public access, as one of the console does and the emulator's by itself does not. */
export async function makeBucket(s3: S3Client, Bucket: string, region = 'us-east-1'): Promise<void> {
  const LocationConstraint = region as BucketLocationConstraint;
  const elsewhere = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint } };
  await s3.send(new CreateBucketCommand({ Bucket, ...elsewhere }));
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: ALL_BLOCKED }));
}
