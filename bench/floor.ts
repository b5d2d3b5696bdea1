/** The floor: the bare SDK calls that a check of one export makes, in the same order of need, and nothing else. */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import {
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketInventoryConfigurationsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

const [, , RoleName = '', Bucket = ''] = process.argv;

async function attachedPolicies(iam: IAMClient): Promise<void> {
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  for (const { PolicyArn = '' } of AttachedPolicies) {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId ?? '' }));
  }
}

async function main(): Promise<void> {
  const iam = new IAMClient({});
  const s3 = new S3Client({ forcePathStyle: true });
  await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    iam.send(new ListRolePoliciesCommand({ RoleName })),
    attachedPolicies(iam),
    iam.send(new ListRolesCommand({ MaxItems: 1000 })),
    new STSClient({}).send(new GetCallerIdentityCommand({})).then(({ Account }) => {
      const owned = { Bucket, ...(Account ? { ExpectedBucketOwner: Account } : {}) };
      return Promise.all([
        s3.send(new HeadBucketCommand(owned)),
        s3.send(new GetBucketPolicyCommand(owned)).catch(() => {}),
        s3.send(new GetPublicAccessBlockCommand(owned)),
        s3.send(new GetBucketAclCommand(owned)),
        s3.send(new GetBucketEncryptionCommand(owned)),
        s3.send(new GetBucketLifecycleConfigurationCommand(owned)).catch(() => {}),
        s3.send(new GetBucketReplicationCommand(owned)).catch(() => {}),
        s3.send(new ListBucketInventoryConfigurationsCommand(owned)),
        s3.send(new GetObjectLockConfigurationCommand(owned)).catch(() => {}),
      ]);
    }),
  ]);
}

void main();
