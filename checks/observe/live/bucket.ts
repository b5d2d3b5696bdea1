/** Reads a bucket's settings; never its objects. */
import {
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
} from '@aws-sdk/client-s3';
import {
  type AclGrant,
  type BucketEncryption,
  type BucketObservation,
  known,
  type ObjectOwnership,
  type Observed,
  type PolicyText,
  type PublicAccessBlock,
  unreadable,
} from '../observation';
import { switches } from './public-access-block';
import { type Session, then } from './session';

interface Owned {
  readonly Bucket: string;
  /** Makes S3 refuse the call where the bucket is somebody else's (Amazon S3 User Guide, "Verifying bucket ownership"). */
  readonly ExpectedBucketOwner: string;
}

/**
 * Everything about a bucket. All settings are asked for at once; what depends on them (the account's block, object
 * ownership, the KMS key) is asked for only where it can change a verdict.
 */
export async function observeBucket(
  session: Session,
  name: string,
  region: string,
  accountId: string,
): Promise<Observed<BucketObservation>> {
  const owned = { Bucket: name, ExpectedBucketOwner: accountId };
  const [headed, policy, block, acl, encryption] = await Promise.all([
    headBucket(session, owned, region),
    bucketPolicy(session, owned, region),
    publicAccessBlock(session, owned, region),
    bucketAcl(session, owned, region),
    bucketEncryption(session, owned, region),
  ]);
  return then<Head, BucketObservation>(headed, async ({ owner, region: seenRegion }) => {
    if (owner.state === 'value' && owner.value === 'another-account') {
      const reason = unreadable({ message: `the bucket ${name} belongs to another account` });
      const settings = { policy: reason, publicAccessBlock: reason, acl: reason, encryption: reason };
      return known({ name, owner, region: seenRegion, ...settings });
    }
    const at = seenRegion.state === 'value' ? seenRegion.value : region;
    const [accountBlock, ownership, kmsKey] = await Promise.all([
      isComplete(block)
        ? undefined
        : (await import('./account-block')).accountPublicAccessBlock(session, accountId, at),
      grantsOthers(acl) ? objectOwnership(session, owned, at) : undefined,
      encryption.state === 'value' && encryption.value.kmsKeyId
        ? (await import('./kms-key')).kmsKeyOf(session, encryption.value.kmsKeyId, at)
        : undefined,
    ]);
    return known({
      name,
      owner,
      region: seenRegion,
      policy,
      publicAccessBlock: block,
      acl: acl.state === 'absent' ? unreadable({ message: 's3:GetBucketAcl found no ACL' }) : acl,
      encryption,
      ...(accountBlock ? { accountPublicAccessBlock: accountBlock } : {}),
      ...(ownership ? { objectOwnership: ownership } : {}),
      ...(kmsKey ? { kmsKey } : {}),
    });
  });
}

type Head = Pick<BucketObservation, 'owner' | 'region'>;

/** HeadBucket answers 403 both for "somebody else's" and for "not allowed": two more questions tell them apart. */
async function headBucket(session: Session, owned: Owned, region: string): Promise<Observed<Head>> {
  const own = await head(session, owned, region);
  if (own.state === 'value')
    return known({ owner: known('audited-account' as const), region: known(own.value) });
  if (own.state === 'absent' || !own.reason.permission) return own;
  const [anyone, mine] = await Promise.all([
    head(session, { Bucket: owned.Bucket }, region),
    ownsBucket(session, owned.Bucket, region),
  ]);
  const seenRegion = anyone.state === 'value' ? known(anyone.value) : own;
  if (mine.state === 'value') {
    return known({
      owner: known(mine.value ? ('audited-account' as const) : ('another-account' as const)),
      region: seenRegion,
    });
  }
  // Refused with the owner's ID and not without it: the owner is another.
  return anyone.state === 'value'
    ? known({ owner: known('another-account' as const), region: seenRegion })
    : own;
}

async function head(
  session: Session,
  input: { Bucket: string; ExpectedBucketOwner?: string },
  region: string,
) {
  const s3 = session.clients.s3(region);
  return session.ask(
    's3:HeadBucket',
    region,
    (options) => s3.send(new HeadBucketCommand(input), options),
    ({ BucketRegion }) => BucketRegion,
  );
}

async function ownsBucket(session: Session, bucket: string, region: string): Promise<Observed<boolean>> {
  const s3 = session.clients.s3(region);
  return session.ask(
    's3:ListBuckets',
    region,
    (options) => s3.send(new ListBucketsCommand({ Prefix: bucket, MaxBuckets: 1000 }), options),
    ({ Buckets }) => Buckets?.some(({ Name }) => Name === bucket),
  );
}

async function bucketPolicy(session: Session, owned: Owned, region: string): Promise<Observed<PolicyText>> {
  const s3 = session.clients.s3(region);
  return session.ask(
    's3:GetBucketPolicy',
    region,
    (options) => s3.send(new GetBucketPolicyCommand(owned), options),
    ({ Policy }) =>
      Policy === undefined ? undefined : { source: `bucket policy of ${owned.Bucket}`, text: Policy },
  );
}

async function publicAccessBlock(
  session: Session,
  owned: Owned,
  region: string,
): Promise<Observed<PublicAccessBlock>> {
  const s3 = session.clients.s3(region);
  return session.ask(
    's3:GetPublicAccessBlock',
    region,
    (options) => s3.send(new GetPublicAccessBlockCommand(owned), options),
    ({ PublicAccessBlockConfiguration: block }) => block && switches(block),
  );
}

async function bucketAcl(session: Session, owned: Owned, region: string) {
  const s3 = session.clients.s3(region);
  return session.ask(
    's3:GetBucketAcl',
    region,
    (options) => s3.send(new GetBucketAclCommand(owned), options),
    ({ Owner, Grants }) => {
      if (!Owner?.ID || !Grants) return undefined;
      const grants = Grants.map(({ Grantee, Permission }): AclGrant | undefined => {
        const grantee = Grantee?.ID ?? Grantee?.URI ?? Grantee?.EmailAddress;
        if (!grantee || !Permission || !isGranteeType(Grantee?.Type)) return undefined;
        return { grantee, granteeType: Grantee.Type, permission: Permission };
      });
      return grants.every((grant) => grant !== undefined) ? { owner: Owner.ID, grants } : undefined;
    },
  );
}

async function objectOwnership(
  session: Session,
  owned: Owned,
  region: string,
): Promise<Observed<ObjectOwnership>> {
  const s3 = session.clients.s3(region);
  const ownership = await session.ask(
    's3:GetBucketOwnershipControls',
    region,
    (options) => s3.send(new GetBucketOwnershipControlsCommand(owned), options),
    ({ OwnershipControls }) => OwnershipControls?.Rules?.[0]?.ObjectOwnership,
  );
  // A bucket without controls is as buckets were before there were any (Amazon S3 User Guide, "Controlling ownership of objects").
  return ownership.state === 'absent' ? known('ObjectWriter' as const) : ownership;
}

async function bucketEncryption(
  session: Session,
  owned: Owned,
  region: string,
): Promise<Observed<BucketEncryption>> {
  const s3 = session.clients.s3(region);
  return session.ask(
    's3:GetBucketEncryption',
    region,
    (options) => s3.send(new GetBucketEncryptionCommand(owned), options),
    ({ ServerSideEncryptionConfiguration }) => {
      const byDefault = ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
      const algorithm = byDefault?.SSEAlgorithm;
      if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') return undefined;
      return { algorithm, ...(byDefault?.KMSMasterKeyID ? { kmsKeyId: byDefault.KMSMasterKeyID } : {}) };
    },
  );
}

function isComplete(block: Observed<PublicAccessBlock>): boolean {
  return block.state === 'value' && Object.values(block.value).every(Boolean);
}

function grantsOthers(acl: Observed<{ owner: string; grants: readonly AclGrant[] }>): boolean {
  return acl.state === 'value' && acl.value.grants.some(({ grantee }) => grantee !== acl.value.owner);
}

function isGranteeType(type: string | undefined): type is AclGrant['granteeType'] {
  return type === 'CanonicalUser' || type === 'Group' || type === 'AmazonCustomerByEmail';
}
