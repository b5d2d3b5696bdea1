/** What a bucket that exists already needs of an export's config, and what Terraform would change of it. Pure. */
import { BUCKET_SETTINGS, type BucketSetting } from '../../config/options/adopt';
import { regionFaults } from '../../contract/names';
import {
  ABSENT,
  type BucketObservation,
  type ObjectLock,
  type ObjectOwnership,
  type Observed,
  type PublicAccessBlock,
} from '../observe/observation';

export interface BucketFacts {
  readonly region?: string;
  /** ARN of the customer-managed key that the bucket encrypts with. */
  readonly kmsKeyArn?: string;
  /** Whether S3 bucket keys are on, if that differs from the construct's default. */
  readonly bucketKeys?: boolean;
  /** Its Object Lock, if it is known to have it. */
  readonly objectLock?: ObjectLock;
  /** The settings that exist. The others are made. */
  readonly settings: readonly BucketSetting[];
  /** What Terraform would change, one sentence each without a full stop. */
  readonly changes: readonly string[];
  /** Why the bucket can't be adopted. */
  readonly reasons: readonly string[];
}

const NOTHING = { settings: [], changes: [] };

/** Settings of a bucket that only provisioning cares about. */
export interface BucketExtras {
  /** What its ownership controls say; absent if it has none. */
  readonly ownership: Observed<ObjectOwnership>;
  /** Whether its default encryption has bucket keys on; absent if it has none. */
  readonly bucketKeys: Observed<boolean>;
}

/** What a bucket needs of the config, and what Terraform would change of it. */
export function bucketFacts(
  name: string,
  bucket: Observed<BucketObservation>,
  { ownership, bucketKeys }: BucketExtras,
): BucketFacts {
  if (bucket.state === 'absent') return { ...NOTHING, reasons: [`its bucket ${name} does not exist`] };
  if (bucket.state === 'unreadable') {
    return { ...NOTHING, reasons: [`its bucket ${name} could not be read: ${bucket.reason.message}`] };
  }
  const { owner, region, publicAccessBlock: block, encryption, acl } = bucket.value;
  // An unreadable one is not declared, and so stays as it is.
  const { objectLock = ABSENT } = bucket.value;
  if (owner.state !== 'value' || owner.value !== 'audited-account') {
    const why =
      owner.state === 'unreadable'
        ? `could belong to anybody: ${owner.reason.message}`
        : 'belongs to another account';
    return { ...NOTHING, reasons: [`its bucket ${name} ${why}`] };
  }
  const key = customerKeyOf(name, bucket.value);
  const reasons = [
    ...unreadSettings(name, {
      region,
      'public access block': block,
      encryption,
      ACL: acl,
      'ownership controls': ownership,
      'bucket keys': bucketKeys,
    }),
    ...key.reasons,
    ...(region.state === 'value'
      ? regionFaults(region.value).map((fault) => `the region ${region.value} of its bucket ${name} ${fault}`)
      : []),
    ...aclReasons(name, acl, ownership),
  ];
  const seen = {
    publicAccessBlock: block,
    ownershipControls: ownership,
    encryption,
    // A bucket with Object Lock has versions, always (Amazon S3 User Guide, "Object Lock considerations").
    versioning: objectLock,
    objectLock,
  };
  return {
    ...(region.state === 'value' ? { region: region.value } : {}),
    kmsKeyArn: key.arn,
    // The construct has them on with a KMS key, and does not speak of them with S3's own.
    ...(bucketKeys.state !== 'value' || bucketKeys.value === (key.arn !== undefined)
      ? {}
      : { bucketKeys: bucketKeys.value }),
    ...(objectLock.state === 'value' ? { objectLock: objectLock.value } : {}),
    settings: BUCKET_SETTINGS.filter((setting) => seen[setting].state === 'value'),
    changes: changesOf(name, bucket.value, ownership),
    reasons,
  };
}

function unreadSettings(name: string, settings: Readonly<Record<string, Observed<unknown>>>): string[] {
  return Object.entries(settings).flatMap(([what, seen]) =>
    seen.state === 'unreadable'
      ? [`the ${what} of its bucket ${name} could not be read: ${seen.reason.message}`]
      : [],
  );
}

function aclReasons(
  name: string,
  acl: BucketObservation['acl'],
  ownership: Observed<ObjectOwnership>,
): string[] {
  if (acl.state !== 'value' || ownership.state === 'unreadable' || isEnforced(ownership)) return [];
  const { owner, grants } = acl.value;
  return grants.every(({ grantee }) => grantee === owner)
    ? []
    : [
        `the ACL of its bucket ${name} grants others something, and S3 switches ACLs off only where none does; take the grants out first`,
      ];
}

function customerKeyOf(
  name: string,
  { encryption, kmsKey }: BucketObservation,
): { arn?: string; reasons: string[] } {
  if (encryption.state !== 'value' || encryption.value.algorithm === 'AES256') return { reasons: [] };
  if (encryption.value.algorithm === 'aws:kms:dsse') {
    return {
      reasons: [
        `its bucket ${name} encrypts in two layers (aws:kms:dsse), which the construct does not provision`,
      ],
    };
  }
  if (kmsKey?.state === 'value' && kmsKey.value.keyManager === 'CUSTOMER')
    return { arn: kmsKey.value.arn, reasons: [] };
  const why =
    kmsKey?.state === 'unreadable'
      ? `the KMS key of its bucket ${name} could not be read: ${kmsKey.reason.message}`
      : kmsKey?.state === 'absent'
        ? `the KMS key of its bucket ${name} does not exist`
        : `its bucket ${name} encrypts with AWS’s own KMS key, which the construct does not provision; choose SSE-S3 or a key of yours first`;
  return { reasons: [why] };
}

function changesOf(
  name: string,
  { publicAccessBlock, encryption }: BucketObservation,
  ownership: Observed<ObjectOwnership>,
): string[] {
  return [
    ...blockChanges(name, publicAccessBlock),
    ...(isEnforced(ownership) ? [] : [`ACLs of the bucket ${name} are switched off (BucketOwnerEnforced)`]),
    ...(encryption.state === 'absent'
      ? [`the bucket ${name} encrypts by default with S3’s own keys (AES256)`]
      : []),
  ];
}

function blockChanges(name: string, block: Observed<PublicAccessBlock>): string[] {
  if (block.state === 'unreadable') return [];
  const off =
    block.state === 'absent'
      ? ['all four switches']
      : Object.entries(block.value).flatMap(([key, on]) => (on ? [] : [key]));
  return off.length > 0 ? [`the public access block of the bucket ${name} is closed: ${off.join(', ')}`] : [];
}

function isEnforced(ownership: Observed<ObjectOwnership>): boolean {
  return ownership.state === 'value' && ownership.value === 'BucketOwnerEnforced';
}
