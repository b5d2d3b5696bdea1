import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import type { Construct } from 'constructs';
import type { Retention } from '../../config/options/retention';
import type { BucketPlace } from './log-bucket';

/** The bucket's lifecycle, in one rule for all objects. Makes nothing if no lifecycle option is given. */
export function bucketLifecycle(
  scope: Construct,
  { id, settings, provider }: BucketPlace,
  retention: Retention,
): void {
  const { transitions, noncurrentTransitions, abortIncompleteUploadsAfterDays } = retention;
  const { expireAfterDays, noncurrentExpireAfterDays } = retention;
  const rule = {
    ...(transitions?.length
      ? { transition: transitions.map(({ afterDays: days, storageClass }) => ({ days, storageClass })) }
      : {}),
    ...(noncurrentTransitions?.length
      ? {
          noncurrentVersionTransition: noncurrentTransitions.map(({ afterDays, storageClass }) => ({
            noncurrentDays: afterDays,
            storageClass,
          })),
        }
      : {}),
    ...(expireAfterDays ? { expiration: [{ days: expireAfterDays }] } : {}),
    ...(noncurrentExpireAfterDays
      ? { noncurrentVersionExpiration: [{ noncurrentDays: noncurrentExpireAfterDays }] }
      : {}),
    ...(abortIncompleteUploadsAfterDays
      ? { abortIncompleteMultipartUpload: [{ daysAfterInitiation: abortIncompleteUploadsAfterDays }] }
      : {}),
  };
  if (Object.keys(rule).length === 0) return;
  settings.next(
    new S3BucketLifecycleConfiguration(scope, 'Lifecycle', {
      bucket: id,
      dependsOn: settings.after,
      provider,
      rule: [{ id: 'logs', status: 'Enabled', filter: [{ prefix: '' }], ...rule }],
    }),
  );
}
