/** The bare SDK calls that a check of many exports in many accounts makes, in a plain loop, and nothing else. */
import { readFileSync } from 'node:fs';
import {
  GetRoleCommand,
  GetRolePolicyCommand,
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
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

interface Entry {
  readonly roleName: string;
  readonly bucket: string;
  readonly assumeRoleArn: string;
}

/** Exports under way at once in each of the accounts, all of which are visited at once: as many as the check allows itself. */
const AT_ONCE = 16;

async function oneAccount(RoleArn: string, entries: readonly Entry[]): Promise<void> {
  const assumed = await new STSClient({}).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'bench' }));
  const credentials = {
    accessKeyId: assumed.Credentials?.AccessKeyId ?? '',
    secretAccessKey: assumed.Credentials?.SecretAccessKey ?? '',
    sessionToken: assumed.Credentials?.SessionToken ?? '',
  };
  const iam = new IAMClient({ credentials });
  const s3 = new S3Client({ credentials, forcePathStyle: true });
  const { Account } = await new STSClient({ credentials }).send(new GetCallerIdentityCommand({}));
  await iam.send(new ListRolesCommand({ MaxItems: 1000 }));
  const queue = entries.values();
  const work = async () => {
    for (const { roleName: RoleName, bucket: Bucket } of queue) {
      const owned = { Bucket, ...(Account ? { ExpectedBucketOwner: Account } : {}) };
      await Promise.all([
        iam.send(new GetRoleCommand({ RoleName })),
        iam.send(new ListRolePoliciesCommand({ RoleName })),
        iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'put' })),
        iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
        s3.send(new HeadBucketCommand(owned)),
        s3.send(new GetBucketPolicyCommand(owned)).catch(() => {}),
        s3.send(new GetPublicAccessBlockCommand(owned)),
        s3.send(new GetBucketAclCommand(owned)),
        s3.send(new GetBucketEncryptionCommand(owned)).catch(() => {}),
        s3.send(new GetBucketLifecycleConfigurationCommand(owned)).catch(() => {}),
        s3.send(new GetBucketReplicationCommand(owned)).catch(() => {}),
        s3.send(new ListBucketInventoryConfigurationsCommand(owned)),
        s3.send(new GetObjectLockConfigurationCommand(owned)).catch(() => {}),
      ]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function main(): Promise<void> {
  const { exports } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
    exports: readonly Entry[];
  };
  const accounts = grouped(exports);
  await Promise.all([...accounts].map(([arn, entries]) => oneAccount(arn, entries)));
}

function grouped(exports: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of exports) {
    const group = groups.get(entry.assumeRoleArn);
    if (group) group.push(entry);
    else groups.set(entry.assumeRoleArn, [entry]);
  }
  return groups;
}

void main();
