/** A bucket's versioning, Object Lock and access logging. */
import { ABSENT, type BucketObservation, known } from '../observation';
import { writtenSetting } from './bucket-rules';
import { type BucketPlace, settingOf } from './bucket-setting';
import { Reader } from './reader';
import { blocks, KnownAfterApply, ofType } from './resource';
import { afterApply } from './role';

export function bucketVersioning(place: BucketPlace): BucketObservation['versioning'] {
  const { world, bucket, name } = place;
  const what = 'the versioning of the bucket';
  const type = 'aws_s3_bucket_versioning';
  // The provider suspends it (internal/service/s3/bucket_versioning.go).
  if (settingOf(world, type, bucket, name) === 'destroyed') return known({ status: 'Suspended' });
  const written = writtenSetting(place, type, 'versioning', what);
  if ('state' in written) return written;
  const { address, values, isOwn } = written;
  const given = isOwn ? values.versioning : values.versioning_configuration;
  const [block] = blocks(given);
  const reader = new Reader();
  const status = isOwn ? reader.flag(block?.enabled) : reader.text(block?.status);
  const mfa = block?.mfa_delete;
  if (reader.isOpen(given) || !block) return afterApply(world, what);
  const mfaDelete = mfa instanceof KnownAfterApply ? undefined : mfa === true || mfa === 'Enabled';
  if (status === true || status === 'Enabled') return known({ address, status: 'Enabled', mfaDelete });
  // In the bucket itself, "off" is both never switched on and suspended.
  return status === 'Suspended' ? known({ address, status, mfaDelete }) : ABSENT;
}

export function objectLock(place: BucketPlace): BucketObservation['objectLock'] {
  const { world, bucket, name } = place;
  const what = 'the Object Lock of the bucket';
  const type = 'aws_s3_bucket_object_lock_configuration';
  const setting = settingOf(world, type, bucket, name);
  const enabled = bucket.values.object_lock_enabled;
  // A destroy takes the rule away and leaves the lock (internal/service/s3/bucket_object_lock_configuration.go).
  if (setting === 'destroyed') return known({});
  const written = writtenSetting(place, type, 'object_lock_configuration', what);
  if ('state' in written)
    return written.state === 'absent' && bucket.isNew && enabled === true
      ? known({ address: bucket.address })
      : written;
  const { address, values, isOwn } = written;
  const [configuration = {}] = isOwn ? blocks(values.object_lock_configuration) : [values];
  const reader = new Reader();
  const [rule] = blocks(configuration.rule);
  const [retention] = blocks(rule?.default_retention);
  const mode = retention && reader.needed(retention.mode);
  const days = reader.positive(retention?.days);
  const years = reader.positive(retention?.years);
  if (reader.isOpen(configuration.rule, rule?.default_retention)) return afterApply(world, what);
  if (mode !== undefined && mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') return afterApply(world, what);
  return known({ address, defaultRetention: mode && { mode, days, years } });
}

export function bucketLogging(place: BucketPlace): BucketObservation['logging'] {
  const { world } = place;
  const what = 'the access logging of the bucket';
  const written = writtenSetting(place, 'aws_s3_bucket_logging', 'logging', what);
  if ('state' in written) return written;
  const { address, values, isOwn } = written;
  const [block = {}] = isOwn ? blocks(values.logging) : [values];
  const target = block.target_bucket;
  const targetBucket = target instanceof KnownAfterApply ? nameOf(place, target) : target;
  const reader = new Reader();
  const targetPrefix = reader.text(block.target_prefix) ?? '';
  if (typeof targetBucket !== 'string' || targetBucket === '' || reader.isOpen())
    return afterApply(world, what);
  return known({ address, targetBucket, targetPrefix });
}

/** The name of the bucket that a value comes from alone. */
function nameOf({ world }: BucketPlace, { origin }: KnownAfterApply): unknown {
  const [address, ...more] = origin.addresses;
  if (!origin.complete || more.length > 0) return undefined;
  return ofType(world, 'aws_s3_bucket').find((bucket) => bucket.address === address)?.values.bucket;
}
