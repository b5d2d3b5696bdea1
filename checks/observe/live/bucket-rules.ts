/** Reads what S3 does with a bucket's objects by itself: deletes, moves, copies and lists them. */
import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketReplicationCommand,
  type LifecycleRule as LifecycleRuleAnswer,
  ListBucketInventoryConfigurationsCommand,
  type ReplicationRule as ReplicationRuleAnswer,
  type Tag,
} from '@aws-sdk/client-s3';
import {
  type Inventory,
  known,
  type Lifecycle,
  type LifecycleRule,
  type Observed,
  type Replication,
  type ReplicationRule,
} from '../observation';
import { toBucket } from './bucket-region';
import { ownsBucket } from './owned-buckets';
import { ifFound, pages, type Session } from './session';

interface Owned {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
}

export function bucketLifecycle(
  session: Session,
  owned: Owned,
  region: string,
): Promise<Observed<Lifecycle>> {
  return session.ask(
    's3:GetBucketLifecycleConfiguration',
    region,
    (options) =>
      toBucket(session, region, (s3) => s3.send(new GetBucketLifecycleConfigurationCommand(owned), options)),
    ({ Rules, TransitionDefaultMinimumObjectSize }) => {
      const rules = Rules?.map(lifecycleRule);
      if (!rules?.every((rule) => rule !== undefined)) return undefined;
      return { rules, transitionDefaultMinimumObjectSize: TransitionDefaultMinimumObjectSize };
    },
  );
}

/** A rule; `undefined` if a part that decides what it does is missing. */
function lifecycleRule(rule: LifecycleRuleAnswer): LifecycleRule | undefined {
  const { ID, Status, Filter, Prefix, Expiration, NoncurrentVersionExpiration } = rule;
  const all = Filter?.And;
  const transitions = (rule.Transitions ?? []).map(({ Days, Date: date, StorageClass }) =>
    StorageClass ? { days: Days, date: date?.toISOString(), storageClass: StorageClass } : undefined,
  );
  const former = (rule.NoncurrentVersionTransitions ?? []).map((transition) =>
    transition.StorageClass
      ? {
          noncurrentDays: transition.NoncurrentDays,
          newerNoncurrentVersions: transition.NewerNoncurrentVersions,
          storageClass: transition.StorageClass,
        }
      : undefined,
  );
  const tags = tagsOf(all?.Tags ?? (Filter?.Tag ? [Filter.Tag] : undefined));
  const abortAfter = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
  if (Status !== 'Enabled' && Status !== 'Disabled') return undefined;
  if (tags === null) return undefined;
  if (!transitions.every((entry) => entry !== undefined)) return undefined;
  if (!former.every((entry) => entry !== undefined)) return undefined;
  return {
    id: ID,
    status: Status,
    filter: {
      prefix: all?.Prefix ?? Filter?.Prefix ?? Prefix,
      tags,
      objectSizeGreaterThan: all?.ObjectSizeGreaterThan ?? Filter?.ObjectSizeGreaterThan,
      objectSizeLessThan: all?.ObjectSizeLessThan ?? Filter?.ObjectSizeLessThan,
    },
    expiration: Expiration && {
      days: Expiration.Days,
      date: Expiration.Date?.toISOString(),
      expiredObjectDeleteMarker: Expiration.ExpiredObjectDeleteMarker,
    },
    noncurrentVersionExpiration: NoncurrentVersionExpiration && {
      noncurrentDays: NoncurrentVersionExpiration.NoncurrentDays,
      newerNoncurrentVersions: NoncurrentVersionExpiration.NewerNoncurrentVersions,
    },
    transitions,
    noncurrentVersionTransitions: former,
    abortIncompleteMultipartUpload:
      abortAfter === undefined ? undefined : { daysAfterInitiation: abortAfter },
  };
}

/** Tags; null if one of them is not whole. */
function tagsOf(tags: readonly Tag[] | undefined): { key: string; value: string }[] | null | undefined {
  if (!tags) return undefined;
  const whole = tags.flatMap(({ Key, Value }) =>
    Key === undefined || Value === undefined ? [] : [{ key: Key, value: Value }],
  );
  return whole.length === tags.length ? whole : null;
}

export async function bucketReplication(
  session: Session,
  owned: Owned,
  region: string,
): Promise<Observed<Replication>> {
  const answer = await session.ask(
    's3:GetBucketReplication',
    region,
    (options) => toBucket(session, region, (s3) => s3.send(new GetBucketReplicationCommand(owned), options)),
    ({ ReplicationConfiguration }) => {
      const rules = ReplicationConfiguration?.Rules?.map(replicationRule);
      if (!rules?.every((rule) => rule !== undefined)) return undefined;
      return { role: ReplicationConfiguration?.Role, rules };
    },
  );
  return ifFound(answer, async ({ role, rules }) =>
    known({
      role,
      rules: await Promise.all(
        rules.map(async ({ destination, ...rule }): Promise<ReplicationRule> => {
          const { bucket, account } = destination;
          const owner = await ownerOf(session, owned, bucket, account, region);
          return { ...rule, destination: { ...destination, owner } };
        }),
      ),
    }),
  );
}

type WithoutOwner<T extends { readonly destination: object }> = Omit<T, 'destination'> & {
  readonly destination: Omit<T['destination'], 'owner'>;
};

function replicationRule(rule: ReplicationRuleAnswer): WithoutOwner<ReplicationRule> | undefined {
  const { ID, Status, Filter, Prefix, Destination, DeleteMarkerReplication } = rule;
  const tags = tagsOf(Filter?.And?.Tags ?? (Filter?.Tag ? [Filter.Tag] : undefined));
  const key = Destination?.EncryptionConfiguration?.ReplicaKmsKeyID;
  if (Status !== 'Enabled' && Status !== 'Disabled') return undefined;
  if (!Destination?.Bucket || tags === null) return undefined;
  return {
    id: ID,
    status: Status,
    filter: { prefix: Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix, tags },
    destination: {
      bucket: Destination.Bucket,
      account: Destination.Account,
      storageClass: Destination.StorageClass,
      replicaKmsKeyId: key === undefined ? undefined : known(key),
    },
    deleteMarkerReplication: DeleteMarkerReplication?.Status,
    sseKmsEncryptedObjects: rule.SourceSelectionCriteria?.SseKmsEncryptedObjects?.Status,
  };
}

export async function bucketInventories(
  session: Session,
  owned: Owned,
  region: string,
): Promise<Observed<readonly Inventory[]>> {
  const listed = await pages(session, 's3:ListBucketInventoryConfigurations', region, (ContinuationToken) =>
    session.ask(
      's3:ListBucketInventoryConfigurations',
      region,
      (options) =>
        toBucket(session, region, (s3) =>
          s3.send(new ListBucketInventoryConfigurationsCommand({ ...owned, ContinuationToken }), options),
        ),
      ({ InventoryConfigurationList = [], IsTruncated, NextContinuationToken: next }) => {
        const items = InventoryConfigurationList.map(({ Id, IsEnabled, Destination }) => {
          const { Bucket, AccountId, Prefix } = Destination?.S3BucketDestination ?? {};
          if (!Id || IsEnabled === undefined || !Bucket) return undefined;
          const destination = { bucket: Bucket, accountId: AccountId, prefix: Prefix };
          return { id: Id, isEnabled: IsEnabled, destination };
        });
        if (IsTruncated === undefined || (IsTruncated && !next)) return undefined;
        if (!items.every((item) => item !== undefined)) return undefined;
        return { items, next: IsTruncated ? next : undefined };
      },
    ),
  );
  return ifFound(listed, async (items) =>
    known(
      await Promise.all(
        items.map(async ({ destination, ...item }): Promise<Inventory> => {
          const { bucket, accountId } = destination;
          const owner = await ownerOf(session, owned, bucket, accountId, region);
          return { ...item, destination: { ...destination, owner } };
        }),
      ),
    ),
  );
}

/** Whose the bucket is that S3 writes to. @param named the account that the configuration names as its owner */
async function ownerOf(
  session: Session,
  { Bucket, ExpectedBucketOwner: own }: Owned,
  arn: string,
  named: string | undefined,
  region: string,
): Promise<ReplicationRule['destination']['owner']> {
  const name = arn.slice(arn.lastIndexOf(':') + 1);
  if (named !== undefined && named !== own) return known('another-account');
  if (name === Bucket) return known('audited-account');
  const isOwn = await ownsBucket(session, name, region);
  return ifFound(isOwn, async (yes) =>
    known(yes ? ('audited-account' as const) : ('another-account' as const)),
  );
}
