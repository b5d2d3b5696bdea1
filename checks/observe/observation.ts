/**
 * What was seen, without any judgement. Every source (live AWS, Terraform, a saved file) gives this type. It is plain JSON:
 * no dates, maps, classes or `undefined` entries in arrays. Each field is described in `observation-schema.ts`.
 */
import type * as z from 'zod';
import { parseArn } from '../../contract/arn';
import type { SampledObject } from '../../logs';
import type * as schema from './observation-schema';
import { redacted } from './redacted';

export { isObjectOwnership, type ObjectOwnership } from './object-ownership';
export type { SampledObject };

/** Why something could not be read. Never confused with "does not exist". */
export type Unreadable = Shape<typeof schema.unreadable>;

export type Observed<T> = schema.Observed<T>;

/** A type whose fields and lists can't be changed, however deep. */
type ReadonlyDeep<T> = T extends readonly (infer E)[]
  ? readonly ReadonlyDeep<E>[]
  : T extends object
    ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> }
    : T;

/** What a schema describes, unchangeable. */
export type Shape<T extends z.ZodType> = ReadonlyDeep<z.infer<T>>;

export type PolicyText = Shape<typeof schema.policyText>;
export type RolePolicy = Shape<typeof schema.rolePolicy>;
export type RoleObservation = Shape<typeof schema.role>;
export type PublicAccessBlock = Shape<typeof schema.publicAccessBlock>;
export type AclGrant = Shape<typeof schema.aclGrant>;
export type BucketEncryption = Shape<typeof schema.bucketEncryption>;
export type KmsKeyObservation = Shape<typeof schema.kmsKey>;
export type BucketObservation = Shape<typeof schema.bucket>;
export type KmsGrant = Shape<typeof schema.kmsGrant>;
export type LifecycleRule = Shape<typeof schema.lifecycleRule>;
export type Lifecycle = Shape<typeof schema.lifecycle>;
export type ReplicationRule = Shape<typeof schema.replicationRule>;
export type Replication = Shape<typeof schema.replication>;
export type Inventory = Shape<typeof schema.inventory>;
export type AccessPoint = Shape<typeof schema.accessPoint>;
export type AccessGrant = Shape<typeof schema.accessGrant>;
/** A bucket's Object Lock: how every object is locked as it is written, if it is. */
export type ObjectLock = Extract<NonNullable<BucketObservation['objectLock']>, { state: 'value' }>['value'];
export type ReaderObservation = Shape<typeof schema.reader>;
export type FormerKey = Shape<typeof schema.formerKey>;
export type NewestLog = Shape<typeof schema.newestLog>;
export type DeliveryObservation = Shape<typeof schema.delivery>;
export type FeedSubscription = Shape<typeof schema.feedSubscription>;
export type FeedFilter = Shape<typeof schema.feedFilter>;
export type FeedTopicObservation = Shape<typeof schema.feedTopic>;
export type FeedQueueObservation = Shape<typeof schema.feedQueue>;
export type LogFeedObservation = Shape<typeof schema.logFeed>;
export type PlanLoss = Shape<typeof schema.planLoss>;
export type ExportObservation = Shape<typeof schema.exportObservation>;
export type ListedRole = Shape<typeof schema.listedRole>;
export type AccountObservation = Shape<typeof schema.accountObservation>;
export type OrganizationObservation = Shape<typeof schema.organization>;
export type OrganizationTarget = Shape<typeof schema.organizationTarget>;
export type OrganizationPolicy = Shape<typeof schema.organizationPolicy>;
export type SavedOrganization = Shape<typeof schema.savedOrganization>;
export type Observation = Shape<typeof schema.observation>;

/**
 * Whether a name is that of the key that AWS manages for S3 in an account: no other alias may begin with `alias/aws/` (KMS
 * Developer Guide, "Aliases in AWS KMS").
 * @param accountId where it is known: another account's such key is for nobody but that account
 */
export function isAwsKeyOfS3(keyId: string, accountId?: string): boolean {
  if (keyId === 'alias/aws/s3') return true;
  const arn = parseArn(keyId);
  if (arn?.service !== 'kms' || arn.resource !== 'alias/aws/s3') return false;
  return accountId === undefined || arn.accountId === accountId;
}

/** Whether a lifecycle rule deletes former versions, so that it counts whether there are any. */
export function deletesVersions(lifecycle: BucketObservation['lifecycle']): boolean {
  return (
    lifecycle?.state === 'value' &&
    lifecycle.value.rules.some(
      ({ status, noncurrentVersionExpiration: expiry }) => status === 'Enabled' && expiry,
    )
  );
}

export const ABSENT = { state: 'absent' } as const;

export function known<T>(value: T): Observed<T> {
  return { state: 'value', value };
}

/** Messages may quote what AWS, a proxy or a credential helper said: no credential of theirs is kept. */
export function unreadable(reason: Unreadable): {
  readonly state: 'unreadable';
  readonly reason: Unreadable;
} {
  const { message, said } = reason;
  return {
    state: 'unreadable',
    reason: { ...reason, message: redacted(message), ...(said ? { said: redacted(said) } : {}) },
  };
}

/** What every look at a bucket asks for, where none of it may be looked at: another account's bucket. */
export function noSettings(reason: Observed<never>) {
  return {
    policy: reason,
    publicAccessBlock: reason,
    acl: reason,
    encryption: reason,
    lifecycle: reason,
    replication: reason,
    inventories: reason,
    objectLock: reason,
  };
}

/** Stands for the account where nobody knows it yet, as before the first apply. No AWS account has this ID. */
export const NO_ACCOUNT = '000000000000';
