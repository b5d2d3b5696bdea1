/** What S3 will do with a bucket's objects by itself: delete, move, copy and list them. */
import { partitionOf } from '../../../contract/partition';
import { bucketArn } from '../../../contract/policies';
import {
  ABSENT,
  type BucketObservation,
  type Inventory,
  known,
  type LifecycleRule,
  NO_ACCOUNT,
  type Observed,
  type ReplicationRule,
  unreadable,
} from '../observation';
import { placeOf, sameAccount } from './account';
import { type BucketPlace, ownSetting, settingOf, unmanaged } from './bucket-setting';
import { Reader } from './reader';
import {
  blocks,
  hasOpenBlocks,
  isApplied,
  KnownAfterApply,
  managed,
  ofType,
  referred,
  refersTo,
  type TerraformResource,
} from './resource';
import { afterApply, unclearSetting } from './role';

type Block = Readonly<Record<string, unknown>>;

/** What a setting of a bucket says: in a resource of its own, or in the bucket as before provider 4. */
type Written =
  | { readonly address: string; readonly values: Block; readonly isOwn: boolean }
  | Exclude<Observed<never>, { readonly state: 'value' }>;

/**
 * The setting of a bucket.
 * @param own name of the blocks in the bucket itself, which the provider also fills with what it read
 * @param what for messages
 */
export function writtenSetting(
  { world, bucket, name }: BucketPlace,
  type: string,
  own: string,
  what: string,
): Written {
  const setting = settingOf(world, type, bucket, name);
  if (setting === 'unclear') return unclearSetting(world, what);
  if (setting === 'destroyed') return ABSENT;
  if (setting) return { address: setting.address, values: setting.values, isOwn: false };
  const given = ownSetting(bucket, own);
  if (hasOpenBlocks(given)) return afterApply(world, what);
  const list = blocks(given);
  if (list.length > 0) return { address: bucket.address, values: { [own]: list }, isOwn: true };
  // The provider read the bucket, and it had none.
  if (!bucket.isNew && Array.isArray(given)) return ABSENT;
  return unmanaged(world, bucket, what.replace(/ of the bucket$/, ''), ABSENT) as Exclude<
    Observed<never>,
    { readonly state: 'value' }
  >;
}

export function bucketLifecycle(place: BucketPlace): BucketObservation['lifecycle'] {
  const { world } = place;
  const what = 'the lifecycle of the bucket';
  const written = writtenSetting(place, 'aws_s3_bucket_lifecycle_configuration', 'lifecycle_rule', what);
  if ('state' in written) return written;
  const { address, values, isOwn } = written;
  const reader = new Reader();
  const given = isOwn ? values.lifecycle_rule : values.rule;
  const rules = blocks(given).map((rule) => lifecycleRule(rule, reader, isOwn));
  const smallest = reader.preset(values.transition_default_minimum_object_size);
  if (reader.isOpen(given) || rules.length === 0) return afterApply(world, what);
  return known({ address, rules, transitionDefaultMinimumObjectSize: smallest });
}

function lifecycleRule(rule: Block, reader: Reader, isOwn: boolean): LifecycleRule {
  const [filter = {}] = blocks(rule.filter);
  const [all = filter] = blocks(filter.and);
  const [expiration] = blocks(rule.expiration);
  const [former] = blocks(rule.noncurrent_version_expiration);
  const [abort] = blocks(rule.abort_incomplete_multipart_upload);
  const { transition: transitions, noncurrent_version_transition: formerTransitions } = rule;
  const days = reader.positive(
    isOwn ? rule.abort_incomplete_multipart_upload_days : abort?.days_after_initiation,
  );
  for (const value of [
    rule.filter,
    filter.and,
    rule.expiration,
    rule.noncurrent_version_expiration,
    rule.abort_incomplete_multipart_upload,
    transitions,
    formerTransitions,
  ]) {
    if (hasOpenBlocks(value)) reader.needed(undefined);
  }
  return {
    id: reader.preset(rule.id),
    status: isOwn ? (reader.flag(rule.enabled) ? 'Enabled' : 'Disabled') : reader.status(rule.status),
    filter: {
      prefix: reader.preset(all.prefix) ?? reader.preset(rule.prefix),
      tags: tagsOf(isOwn ? rule.tags : all.tags, filter.tag, reader),
      objectSizeGreaterThan: reader.positive(all.object_size_greater_than),
      objectSizeLessThan: reader.positive(all.object_size_less_than),
    },
    expiration: expiration && {
      days: reader.positive(expiration.days),
      date: dateOf(expiration.date, reader),
      expiredObjectDeleteMarker: reader.flag(expiration.expired_object_delete_marker),
    },
    noncurrentVersionExpiration: former && {
      noncurrentDays: reader.positive(isOwn ? former.days : former.noncurrent_days),
      newerNoncurrentVersions: reader.positive(former.newer_noncurrent_versions),
    },
    transitions: blocks(transitions).map((transition) => ({
      days: reader.number(transition.days),
      date: dateOf(transition.date, reader),
      storageClass: reader.needed(transition.storage_class),
    })),
    noncurrentVersionTransitions: blocks(formerTransitions).map((transition) => ({
      noncurrentDays: reader.number(isOwn ? transition.days : transition.noncurrent_days),
      newerNoncurrentVersions: reader.positive(transition.newer_noncurrent_versions),
      storageClass: reader.needed(transition.storage_class),
    })),
    abortIncompleteMultipartUpload: days === undefined ? undefined : { daysAfterInitiation: days },
  };
}

/** Tags that are written as a map, or as blocks of one each. */
function tagsOf(map: unknown, list: unknown, reader: Reader): { key: string; value: string }[] | undefined {
  if (hasOpenBlocks(list)) reader.needed(undefined);
  const tags = [
    ...Object.entries(reader.map(map) ?? {}).map(([key, value]) => ({ key, value })),
    ...blocks(list).map((tag) => ({ key: reader.needed(tag.key), value: reader.text(tag.value) ?? '' })),
  ];
  return tags.length > 0 ? tags : undefined;
}

function dateOf(value: unknown, reader: Reader): string | undefined {
  const text = reader.text(value);
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? text : new Date(time).toISOString();
}

export function bucketReplication(place: BucketPlace): BucketObservation['replication'] {
  const { world } = place;
  const what = 'the replication of the bucket';
  const type = 'aws_s3_bucket_replication_configuration';
  const written = writtenSetting(place, type, 'replication_configuration', what);
  if ('state' in written) return written;
  const { address, values, isOwn } = written;
  const [configuration = {}] = isOwn ? blocks(values.replication_configuration) : [values];
  const given = isOwn ? configuration.rules : configuration.rule;
  const reader = new Reader();
  const rules = blocks(given).map((rule) => replicationRule(place, rule, reader, isOwn));
  if (reader.isOpen(given) || rules.length === 0) return afterApply(world, what);
  const role = typeof configuration.role === 'string' ? configuration.role : undefined;
  return known({ address, role, rules });
}

function replicationRule(place: BucketPlace, rule: Block, reader: Reader, isOwn: boolean): ReplicationRule {
  const [filter = {}] = blocks(rule.filter);
  const [all = filter] = blocks(filter.and);
  const [destination = {}] = blocks(rule.destination);
  const [deletes] = blocks(rule.delete_marker_replication);
  const [selection = {}] = blocks(rule.source_selection_criteria);
  const [encrypted] = blocks(selection.sse_kms_encrypted_objects);
  const [encryption = {}] = blocks(destination.encryption_configuration);
  for (const value of [
    rule.filter,
    filter.and,
    rule.destination,
    rule.delete_marker_replication,
    rule.source_selection_criteria,
    selection.sse_kms_encrypted_objects,
    destination.encryption_configuration,
  ]) {
    if (hasOpenBlocks(value)) reader.needed(undefined);
  }
  const account = reader.text(isOwn ? destination.account_id : destination.account);
  const key = isOwn ? destination.replica_kms_key_id : encryption.replica_kms_key_id;
  const deleteMarkers = isOwn ? rule.delete_marker_replication_status : deletes?.status;
  return {
    id: reader.preset(rule.id),
    status: reader.status(rule.status),
    filter: {
      prefix: reader.preset(all.prefix) ?? reader.preset(rule.prefix),
      tags: tagsOf(all.tags, filter.tag, reader),
    },
    destination: {
      ...destinationOf(place, destination.bucket, account, reader),
      account,
      storageClass: reader.text(destination.storage_class),
      replicaKmsKeyId: replicaKeyOf(place, key),
    },
    deleteMarkerReplication:
      deleteMarkers === undefined || deleteMarkers === null || deleteMarkers === ''
        ? undefined
        : reader.status(deleteMarkers),
    sseKmsEncryptedObjects:
      encrypted &&
      (isOwn ? (reader.flag(encrypted.enabled) ? 'Enabled' : 'Disabled') : reader.status(encrypted.status)),
  };
}

function replicaKeyOf(
  { world }: BucketPlace,
  key: unknown,
): ReplicationRule['destination']['replicaKmsKeyId'] {
  if (key instanceof KnownAfterApply) return afterApply(world, 'the key of the copies');
  return typeof key === 'string' && key !== '' ? known(key) : undefined;
}

/** A bucket that S3 writes to, by its ARN or by the resource that makes it. @param named the account that is named as its owner */
function destinationOf(
  place: BucketPlace,
  value: unknown,
  named: string | undefined,
  reader: Reader,
): Pick<ReplicationRule['destination'], 'bucket' | 'owner'> {
  const { world, bucket } = place;
  const buckets = ofType(world, 'aws_s3_bucket');
  const nameIn = typeof value === 'string' ? value.slice(value.lastIndexOf(':') + 1) : undefined;
  const found =
    nameIn === undefined
      ? referred(value, buckets, ['arn'])
      : buckets.find(({ values }) => values.bucket === nameIn);
  const made = found === 'unclear' ? undefined : found;
  const name = nameIn ?? made?.values.bucket;
  if (typeof name !== 'string' || name === '') {
    return { bucket: reader.needed(undefined), owner: afterApply(world, 'a destination of the bucket') };
  }
  const partition = partitionOf(bucket.region ?? world.region ?? '') ?? 'aws';
  return {
    bucket: typeof value === 'string' ? value : bucketArn(partition, name),
    owner: ownerOf(place, name, made, named),
  };
}

function ownerOf(
  { world, bucket, name: own, accountId }: BucketPlace,
  name: string,
  made: TerraformResource | undefined,
  named: string | undefined,
): ReplicationRule['destination']['owner'] {
  if (name === own) return known('audited-account');
  const account = accountId.state === 'value' && accountId.value !== NO_ACCOUNT ? accountId.value : undefined;
  if (named !== undefined && account !== undefined)
    return known(named === account ? 'audited-account' : 'another-account');
  const isOwn = made?.mode === 'managed' ? sameAccount(world, made, bucket) : undefined;
  if (isOwn !== undefined) return known(isOwn ? 'audited-account' : 'another-account');
  const owner = made && placeOf(world, made);
  if (owner !== undefined && account !== undefined)
    return known(owner === account ? 'audited-account' : 'another-account');
  return unreadable({ message: `${world.source} does not say whose the bucket ${name} is` });
}

export function bucketInventories(
  place: BucketPlace,
): Pick<BucketObservation, 'inventories' | 'inventoriesPartial'> {
  const { world, bucket, name } = place;
  const type = 'aws_s3_bucket_inventory';
  const ofBucket = managed(world, type)
    .filter((resource) => !bucket.isNew || isApplied(resource))
    .map((resource) => ({ resource, speaks: refersTo(resource.values.bucket, bucket, name) }))
    .filter(({ speaks }) => speaks !== false);
  const read = ofBucket.map(({ resource, speaks }) => (speaks ? inventoryOf(place, resource) : undefined));
  return {
    inventories: read.every((inventory) => inventory !== undefined)
      ? known(read)
      : afterApply(world, 'an inventory of the bucket'),
    inventoriesPartial: bucket.isNew && !world.isPartial ? undefined : true,
  };
}

function inventoryOf(place: BucketPlace, { address, values }: TerraformResource): Inventory | undefined {
  const reader = new Reader();
  const [outer = {}] = blocks(values.destination);
  const [target = {}] = blocks(outer.bucket);
  const accountId = reader.text(target.account_id);
  const inventory = {
    address,
    id: reader.needed(values.name),
    isEnabled: reader.flag(values.enabled) ?? true,
    destination: {
      ...destinationOf(place, target.bucket_arn, accountId, reader),
      accountId,
      prefix: reader.preset(target.prefix),
    },
  };
  return reader.isOpen(values.destination, outer.bucket) ? undefined : inventory;
}
