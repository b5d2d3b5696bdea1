/** Settings of a bucket beyond AWS's defaults: lifecycle, access logging, bucket policy. */
import { S3BucketLoggingA } from '@cdktf/provider-aws/lib/s3-bucket-logging';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import type { Construct } from 'constructs';
import type { ExportOptions } from '../../config/options';
import type { ContractDocument } from '../../contract/statement';
import { policyDocument } from '../policy-document';
import { bucketLifecycle } from './lifecycle';
import type { BucketPlace } from './log-bucket';

export interface BucketProtection {
  /** @default no lifecycle */
  readonly retention?: ExportOptions['retention'];
  /** @default none */
  readonly accessLogging?: ExportOptions['accessLogging'];
  /** @default none */
  readonly policy?: ContractDocument | undefined;
}

/** Makes them one after the other, after the bucket's other settings. */
export function protectBucket(
  scope: Construct,
  bucket: BucketPlace,
  { retention, accessLogging, policy }: BucketProtection,
): void {
  const { id, settings } = bucket;
  const { provider } = bucket;
  if (retention) bucketLifecycle(scope, bucket, retention);
  if (accessLogging) {
    const { bucket: targetBucket, prefix: targetPrefix } = accessLogging;
    settings.next(
      new S3BucketLoggingA(scope, 'AccessLogging', {
        bucket: id,
        targetBucket,
        targetPrefix,
        dependsOn: settings.after,
        provider,
      }),
    );
  }
  if (policy) {
    settings.next(
      new S3BucketPolicy(scope, 'BucketPolicy', {
        bucket: id,
        policy: policyDocument(scope, 'BucketPolicyDocument', policy).json,
        dependsOn: settings.after,
        provider,
      }),
    );
  }
}
