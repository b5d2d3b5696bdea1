/** Reads what only provisioning cares about: how a role and a bucket that exist are set up beyond the contract. */
import { GetPolicyCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { GetBucketEncryptionCommand, GetBucketOwnershipControlsCommand } from '@aws-sdk/client-s3';
import type { ObjectOwnership, Observed, RoleObservation } from '../observation';
import { s3Client } from './s3';
import type { Session } from './session';

/** A role's description, longest session in seconds. */
export async function roleSettings(
  session: Session,
  RoleName: string,
): Promise<Observed<{ description?: string; maxSessionDuration: number }>> {
  const iam = session.clients.iam();
  return session.ask(
    'iam:GetRole',
    session.clients.region,
    (options) => iam.send(new GetRoleCommand({ RoleName }), options),
    ({ Role }) =>
      Role?.MaxSessionDuration === undefined
        ? undefined
        : {
            description: Role.Description,
            maxSessionDuration: Role.MaxSessionDuration,
          },
  );
}

/** How many roles, users and groups each managed policy of a role is attached to, by the policy's ARN. */
export async function policyAttachments(
  session: Session,
  { attachedPolicies }: RoleObservation,
): Promise<Record<string, Observed<number>>> {
  const iam = session.clients.iam();
  const attached = attachedPolicies.state === 'value' ? attachedPolicies.value : [];
  const counts = attached.map(async ({ arn: PolicyArn = '' }) => {
    const count = await session.ask(
      'iam:GetPolicy',
      session.clients.region,
      (options) => iam.send(new GetPolicyCommand({ PolicyArn }), options),
      ({ Policy }) => Policy?.AttachmentCount,
    );
    return [PolicyArn, count] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

/** The managed policy of the role's own name and path, which would take the place of an inline one; absent where there is none. */
export async function namesakePolicy(session: Session, { arn }: RoleObservation): Promise<Observed<string>> {
  const iam = session.clients.iam();
  const PolicyArn = arn.replace(/:role\//, ':policy/');
  return session.ask(
    'iam:GetPolicy',
    session.clients.region,
    (options) => iam.send(new GetPolicyCommand({ PolicyArn }), options),
    ({ Policy }) => Policy?.Arn,
  );
}

/** A bucket's ownership controls; absent where it has none, as buckets from before there were any. */
export async function ownershipControls(
  session: Session,
  Bucket: string,
  region: string,
  ExpectedBucketOwner: string,
): Promise<Observed<ObjectOwnership>> {
  const s3 = s3Client(session.clients, region);
  return session.ask(
    's3:GetBucketOwnershipControls',
    region,
    (options) => s3.send(new GetBucketOwnershipControlsCommand({ Bucket, ExpectedBucketOwner }), options),
    ({ OwnershipControls }) => OwnershipControls?.Rules?.[0]?.ObjectOwnership,
  );
}

/** Whether a bucket's default encryption has S3's bucket keys on; absent where it has no encryption of its own. */
export async function bucketKeys(
  session: Session,
  Bucket: string,
  region: string,
  ExpectedBucketOwner: string,
): Promise<Observed<boolean>> {
  const s3 = s3Client(session.clients, region);
  return session.ask(
    's3:GetBucketEncryption',
    region,
    (options) => s3.send(new GetBucketEncryptionCommand({ Bucket, ExpectedBucketOwner }), options),
    ({ ServerSideEncryptionConfiguration }) =>
      ServerSideEncryptionConfiguration?.Rules?.[0]?.BucketKeyEnabled ?? false,
  );
}
