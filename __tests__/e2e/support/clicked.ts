/** A set-up clicked together by the vendor's page, through the API calls that the console makes, with its defaults. */
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  type IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ALL_BLOCKED } from './set-up';

export interface Clicked {
  readonly bucket: string;
  readonly region: string;
  readonly roleName: string;
  readonly policyName: string;
  readonly altrAccountId: string;
  readonly clientId: string;
  /** IAM path of both. The console makes none. */
  readonly path?: string;
  /** In place of the vendor's page's documents. */
  readonly trust?: object;
  readonly permissions?: object;
}

/** Step 1 of the page: a bucket with every default of the console's form accepted. */
export async function clickBucket(s3: S3Client, bucket: string, region: string): Promise<void> {
  const LocationConstraint = region as BucketLocationConstraint;
  await s3.send(
    new CreateBucketCommand({
      Bucket: bucket,
      ...(region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint } }),
    }),
  );
  await s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    }),
  );
  await s3.send(
    new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration: ALL_BLOCKED }),
  );
  // The form has “Bucket Key: Enable” chosen, for SSE-S3 too.
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket: bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: true }],
      },
    }),
  );
}

/** Steps 3 and 4: the policy, then the role of the S3 use case, whose description the console fills in. @returns the policy's ARN */
export async function clickRole(iam: IAMClient, clicked: Clicked): Promise<string> {
  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: clicked.policyName,
      PolicyDocument: JSON.stringify(permissionsOf(clicked), null, 4),
      ...pathOf(clicked),
    }),
  );
  const PolicyArn = Policy?.Arn ?? '';
  await createRole(iam, clicked);
  await iam.send(new AttachRolePolicyCommand({ RoleName: clicked.roleName, PolicyArn }));
  return PolicyArn;
}

/** The same with the permission as an inline policy of the role, which the console offers beside the other. */
export async function clickInlineRole(iam: IAMClient, clicked: Clicked): Promise<void> {
  await createRole(iam, clicked);
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: clicked.roleName,
      PolicyName: clicked.policyName,
      PolicyDocument: JSON.stringify(permissionsOf(clicked), null, 4),
    }),
  );
}

function permissionsOf({ permissions, bucket }: Clicked): object {
  return (
    permissions ?? {
      Version: '2012-10-17',
      Statement: [
        { Sid: 'ALTR0', Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${bucket}/*` },
      ],
    }
  );
}

async function createRole(iam: IAMClient, clicked: Clicked): Promise<void> {
  const trust = clicked.trust ?? {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${clicked.altrAccountId}:root` },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': [clicked.clientId] } },
      },
    ],
  };
  await iam.send(
    new CreateRoleCommand({
      RoleName: clicked.roleName,
      Description: 'Allows S3 to call AWS services on your behalf.',
      AssumeRolePolicyDocument: JSON.stringify(trust, null, 2),
      ...pathOf(clicked),
    }),
  );
}

function pathOf({ path }: Clicked): { Path?: string } {
  return path ? { Path: path } : {};
}
