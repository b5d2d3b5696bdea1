/** The bucket's tags, by which policies may decide once its ABAC is on. */
import { ABSENT, type BucketObservation, known, unreadable } from '../observation';
import { type BucketPlace, settingOf, unmanaged } from './bucket-setting';
import { Reader } from './reader';
import { blocks, configured } from './resource';
import { afterApply, unclearSetting } from './role';

export function bucketTags({ world, bucket, name }: BucketPlace): BucketObservation['abacTags'] {
  const what = 'the ABAC of the bucket';
  const setting = settingOf(world, 'aws_s3_bucket_abac', bucket, name);
  if (setting === 'unclear') return unclearSetting(world, what);
  if (setting === 'destroyed')
    return unreadable({
      message: `${world.source} does not say what becomes of ${what} once nothing manages it`,
    });
  // "By default, ABAC is disabled for all Amazon S3 general purpose buckets" (Amazon S3 User Guide).
  if (!setting) return unmanaged(world, bucket, what, ABSENT);
  const reader = new Reader();
  const [block] = blocks(setting.values.abac_status);
  const status = reader.text(block?.status);
  if (reader.isOpen(setting.values.abac_status)) return afterApply(world, what);
  if (status === 'Disabled') return ABSENT;
  if (status !== 'Enabled')
    return unreadable({ message: `${world.source} gives ${what} no state that this tool knows` });
  if (bucket.mode === 'data')
    return unreadable({ message: `${world.source} does not hold the tags of the bucket` });
  // `tags_all` holds the provider's default tags, too; what CDKTF synthesised has none.
  const tags = reader.map(configured(bucket, 'tags_all') ?? configured(bucket, 'tags')) ?? {};
  return reader.isOpen() ? afterApply(world, 'a tag of the bucket') : known(tags);
}
