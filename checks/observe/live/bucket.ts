/** Reads a bucket's settings; never its objects. */
import {
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
} from '@aws-sdk/client-s3';
import type { DeclaredOptions } from '../declared-options';
import { delegatesToAccessPoints } from '../named-keys';
import {
  ABSENT,
  type AclGrant,
  type BucketEncryption,
  type BucketObservation,
  deletesVersions,
  isAwsKeyOfS3,
  isObjectOwnership,
  known,
  noSettings,
  type ObjectOwnership,
  type Observed,
  type PolicyText,
  type PublicAccessBlock,
} from '../observation';
import { bucketLogging, bucketVersioning, objectLock } from './bucket-declared';
import { bucketRegionIn, toBucket } from './bucket-region';
import { bucketInventories, bucketLifecycle, bucketReplication } from './bucket-rules';
import { ownsBucket } from './owned-buckets';
import { switches } from './public-access-block';
import { ifFound, type Session } from './session';

interface Owned {
  readonly Bucket: string;
  /** Makes S3 refuse the call where the bucket is somebody else's (Amazon S3 User Guide, "Verifying bucket ownership"). */
  readonly ExpectedBucketOwner: string;
}

/**
 * Everything about a bucket. All settings are asked for at once; what depends on them (the account's block, object
 * ownership, the KMS key) is asked for only where it can change a verdict.
 */
export function observeBucket(
  session: Session,
  name: string,
  region: string,
  accountId: string,
  wanted?: WantedSettings,
): Promise<Observed<BucketObservation>> {
  return session.untilItExists(() => readBucket(session, name, region, accountId, wanted));
}

/** Settings that are asked for only if the config declares them, and what it asks for. */
export type WantedSettings = Partial<Pick<DeclaredOptions, 'versioning' | 'logging'>> & {
  readonly accessGrants?: boolean;
};

async function readBucket(
  session: Session,
  name: string,
  region: string,
  accountId: string,
  wanted: WantedSettings = {},
): Promise<Observed<BucketObservation>> {
  const owned = { Bucket: name, ExpectedBucketOwner: accountId };
  const [own, settings] = await Promise.all([
    head(session, owned, region),
    settingsOf(session, owned, region, wanted),
  ]);
  const { policy, publicAccessBlock, acl, encryption } = settings;
  const headed = await headOf(session, owned, region, own, [policy, publicAccessBlock, acl, encryption]);
  return ifFound<Head, BucketObservation>(headed, async (found) => {
    if (found.owner.state === 'value' && found.owner.value === 'another-account') {
      const message = `the bucket ${name} belongs to another account`;
      const reason = await session.unreadable('s3:HeadBucket', region, message);
      return known({ name, ...found, ...unreadableSettings(reason, wanted) });
    }
    const at = found.region.state === 'value' ? found.region.value : region;
    const dependent = await dependentSettings(session, owned, at, settings, wanted);
    return known({ name, ...found, ...settings, ...dependent });
  });
}

type Settings = Awaited<ReturnType<typeof settingsOf>>;

async function settingsOf(session: Session, owned: Owned, region: string, wanted: WantedSettings) {
  const [policy, block, acl, encryption, lifecycle, replication, inventories, lock, versioning, logging] =
    await Promise.all([
      bucketPolicy(session, owned, region),
      publicAccessBlock(session, owned, region),
      bucketAcl(session, owned, region),
      bucketEncryption(session, owned, region),
      bucketLifecycle(session, owned, region),
      bucketReplication(session, owned, region),
      bucketInventories(session, owned, region),
      objectLock(session, owned, region),
      wanted.versioning ? bucketVersioning(session, owned, region) : undefined,
      wanted.logging ? bucketLogging(session, owned, region) : undefined,
    ]);
  return {
    policy,
    publicAccessBlock: block,
    acl,
    encryption,
    lifecycle,
    replication,
    inventories,
    objectLock: lock,
    versioning,
    logging,
  };
}

/** Settings that are read only if others make them matter. */
async function dependentSettings(
  session: Session,
  owned: Owned,
  region: string,
  settings: Settings,
  wanted: WantedSettings,
) {
  const { Bucket: name, ExpectedBucketOwner: accountId } = owned;
  const { policy, publicAccessBlock, acl, encryption, lifecycle } = settings;
  const [accountPublicAccessBlock, ownership, kmsKey, accessPoints, accessGrants, versioning] =
    await Promise.all([
      isComplete(publicAccessBlock)
        ? undefined
        : (await import('./account-block')).accountPublicAccessBlock(session, accountId, region),
      grantsOthers(acl) ? objectOwnership(session, owned, region) : undefined,
      encryption.state === 'value' && encryption.value.kmsKeyId
        ? (await import('./kms-key')).kmsKeyOf(session, encryption.value.kmsKeyId, region, accountId)
        : undefined,
      policy.state === 'value' && delegatesToAccessPoints(policy.value.text)
        ? (await import('./access-points')).accessPointsOf(session, name, accountId, region)
        : undefined,
      wanted.accessGrants
        ? (await import('./access-grants')).accessGrantsOf(session, name, accountId, region)
        : undefined,
      settings.versioning ??
        (deletesVersions(lifecycle) ? bucketVersioning(session, owned, region) : undefined),
    ]);
  return {
    accountPublicAccessBlock,
    objectOwnership: ownership,
    kmsKey,
    accessPoints,
    accessGrants,
    versioning,
  };
}

function unreadableSettings(reason: Observed<never>, wanted: WantedSettings) {
  return {
    ...noSettings(reason),
    versioning: wanted.versioning ? reason : undefined,
    logging: wanted.logging ? reason : undefined,
    accessGrants: wanted.accessGrants ? reason : undefined,
  };
}

type Head = Pick<BucketObservation, 'owner' | 'region'>;

/**
 * Whose the bucket is, and where. HeadBucket answers 403 both for "somebody else's" and for "not allowed", without a body.
 * Where a setting was given all the same, the bucket is the account's own: S3 gives it only where `ExpectedBucketOwner` is
 * right. Where none was, two more questions tell the two apart.
 */
async function headOf(
  session: Session,
  owned: Owned,
  region: string,
  own: HeadAnswer,
  settings: readonly Observed<unknown>[],
): Promise<Observed<Head>> {
  const { answer } = own;
  const mine = known('audited-account' as const);
  const anothers = known('another-account' as const);
  if (answer.state === 'value') return known({ owner: mine, region: answer });
  const hasSetting = settings.some(({ state }) => state === 'value');
  if (answer.state === 'absent') {
    if (!hasSetting) return answer;
    const message = `s3:HeadBucket finds no bucket ${owned.Bucket}, whose settings were read beside it; run it again`;
    return known({ owner: mine, region: await session.unreadable('s3:HeadBucket', region, message) });
  }
  // Whoever may ask for a setting is told that there is no bucket (Amazon S3 API Reference, "Error responses").
  if (settings.some((seen) => seen.state === 'unreadable' && seen.reason.code === 'NoSuchBucket'))
    return ABSENT;
  const ownRegion = own.region === undefined ? answer : known(own.region);
  if (hasSetting) return known({ owner: mine, region: ownRegion });
  if (!answer.reason.permission) return answer;
  const [anyone, listed] = await Promise.all([
    head(session, { Bucket: owned.Bucket }, region),
    ownsBucket(session, owned.Bucket, region),
  ]);
  const seenRegion = anyone.answer.state === 'value' ? anyone.answer : ownRegion;
  if (listed.state === 'value') return known({ owner: listed.value ? mine : anothers, region: seenRegion });
  // Refused with the owner's ID and not without it: the owner is another.
  return anyone.answer.state === 'value' ? known({ owner: anothers, region: seenRegion }) : answer;
}

interface HeadAnswer {
  /** The bucket's region. */
  readonly answer: Observed<string>;
  /**
   * The region that a refusal names: "regardless of the permissions on the bucket, you will receive a response header with the
   * correct bucket location" (Amazon S3 API Reference, HeadBucket).
   */
  readonly region: string | undefined;
}

async function head(
  session: Session,
  input: { Bucket: string; ExpectedBucketOwner?: string },
  region: string,
): Promise<HeadAnswer> {
  let inHeader: string | undefined;
  const answer = await session.ask(
    's3:HeadBucket',
    region,
    (options) =>
      toBucket(session, region, (s3) => s3.send(new HeadBucketCommand(input), options)).catch((error) => {
        inHeader = bucketRegionIn(error);
        throw error;
      }),
    ({ BucketRegion }) => BucketRegion,
  );
  return { answer, region: inHeader };
}

async function bucketPolicy(session: Session, owned: Owned, region: string): Promise<Observed<PolicyText>> {
  return session.ask(
    's3:GetBucketPolicy',
    region,
    (options) => toBucket(session, region, (s3) => s3.send(new GetBucketPolicyCommand(owned), options)),
    ({ Policy }) =>
      isDocument(Policy) ? { source: `bucket policy of ${owned.Bucket}`, text: Policy } : undefined,
  );
}

/** The body is the policy, so whatever comes would be taken for one; and S3 stores no policy that is not JSON. */
function isDocument(text: string | undefined): text is string {
  try {
    return text !== undefined && typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

async function publicAccessBlock(
  session: Session,
  owned: Owned,
  region: string,
): Promise<Observed<PublicAccessBlock>> {
  return session.ask(
    's3:GetPublicAccessBlock',
    region,
    (options) => toBucket(session, region, (s3) => s3.send(new GetPublicAccessBlockCommand(owned), options)),
    ({ PublicAccessBlockConfiguration: block }) => block && switches(block),
  );
}

async function bucketAcl(session: Session, owned: Owned, region: string) {
  return session.ask(
    's3:GetBucketAcl',
    region,
    (options) => toBucket(session, region, (s3) => s3.send(new GetBucketAclCommand(owned), options)),
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
  const ownership = await session.ask(
    's3:GetBucketOwnershipControls',
    region,
    (options) =>
      toBucket(session, region, (s3) => s3.send(new GetBucketOwnershipControlsCommand(owned), options)),
    ({ OwnershipControls }) => {
      const ownership = OwnershipControls?.Rules?.[0]?.ObjectOwnership;
      return isObjectOwnership(ownership) ? ownership : undefined;
    },
  );
  // A bucket without controls is as buckets were before there were any (Amazon S3 User Guide, "Controlling ownership of objects").
  return ownership.state === 'absent' ? known('ObjectWriter' as const) : ownership;
}

async function bucketEncryption(
  session: Session,
  owned: Owned,
  region: string,
): Promise<Observed<BucketEncryption>> {
  return session.ask(
    's3:GetBucketEncryption',
    region,
    (options) => toBucket(session, region, (s3) => s3.send(new GetBucketEncryptionCommand(owned), options)),
    ({ ServerSideEncryptionConfiguration }) => {
      const byDefault = ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
      const algorithm = byDefault?.SSEAlgorithm;
      if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') return undefined;
      const kmsKeyId = byDefault?.KMSMasterKeyID;
      const isNamed = kmsKeyId && !isAwsKeyOfS3(kmsKeyId, owned.ExpectedBucketOwner);
      const bucketKeyEnabled = ServerSideEncryptionConfiguration?.Rules?.[0]?.BucketKeyEnabled ?? false;
      return { algorithm, kmsKeyId: isNamed ? kmsKeyId : undefined, bucketKeyEnabled };
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
