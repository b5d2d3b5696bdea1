/** How to make the bucket's settings as the config declares them. The first fix is to deploy the kit's stack again. */
import type { DeclaringContext, RuleContext } from '../evidence/context';
import type { Remediation } from '../verdict/finding';
import { resourceWithBlocks } from './blocks';
import { fixBucketPolicy } from './corrected-bucket-policy';
import { redeploy } from './hcl';
import { quote, quoteJson } from './shell';

/** Encrypts new logs with the declared key. */
export function encryptAsDeclared({ contract, declared: { encryption } }: DeclaringContext): Remediation {
  const { bucket } = contract;
  const summary = 'Deploy the export again: that restores the declared encryption for new logs.';
  if (encryption?.type === 'kms' && !encryption.kmsKeyArn)
    return {
      summary: `${summary} Elsewhere name the key in encryption.kmsKeyArn.`,
      cdktf: redeploy(contract),
    };
  const byKey = encryption?.kmsKeyArn
    ? { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: encryption.kmsKeyArn }
    : { SSEAlgorithm: 'AES256' };
  const bucketKeys = encryption?.bucketKeys ?? encryption?.type === 'kms';
  const rules = {
    Rules: [{ ApplyServerSideEncryptionByDefault: byKey, BucketKeyEnabled: bucketKeys }],
  };
  return {
    summary,
    commands: [
      `aws s3api put-bucket-encryption --bucket ${quote(bucket)} --server-side-encryption-configuration ${quoteJson(rules)}`,
    ],
    terraform: resourceWithBlocks('aws_s3_bucket_server_side_encryption_configuration', bucket, {
      bucket,
      rule: {
        bucket_key_enabled: bucketKeys,
        apply_server_side_encryption_by_default: {
          sse_algorithm: byKey.SSEAlgorithm,
          kms_master_key_id: encryption?.kmsKeyArn,
        },
      },
    }),
    cdktf: redeploy(contract),
  };
}

export function versionAsDeclared({ contract }: RuleContext): Remediation {
  const { bucket } = contract;
  return {
    summary: 'Switch versioning on.',
    commands: [
      `aws s3api put-bucket-versioning --bucket ${quote(bucket)} --versioning-configuration Status=Enabled`,
    ],
    terraform: resourceWithBlocks('aws_s3_bucket_versioning', bucket, {
      bucket,
      versioning_configuration: { status: 'Enabled' },
    }),
    cdktf: redeploy(contract),
  };
}

/** Object Lock with the declared default retention, if one is declared. It can't be switched off again. */
export function lockAsDeclared({ contract, declared: { retention } }: DeclaringContext): Remediation {
  const { bucket } = contract;
  const { mode, days, years } = retention?.defaultRetention ?? {};
  const Rule = mode && { DefaultRetention: { Mode: mode, Days: days, Years: years } };
  return {
    summary:
      'Switch Object Lock on as declared. Versioning must be on, and Object Lock can’t be switched off again.' +
      (mode ? ' S3 then refuses a writer that sends no checksum: ask ALTR first.' : ''),
    commands: [
      `aws s3api put-object-lock-configuration --bucket ${quote(bucket)} --object-lock-configuration ${quoteJson({ ObjectLockEnabled: 'Enabled', Rule })}`,
    ],
    terraform: resourceWithBlocks('aws_s3_bucket_object_lock_configuration', bucket, {
      bucket,
      rule: mode ? { default_retention: { mode, days, years } } : undefined,
    }),
    cdktf: redeploy(contract),
  };
}

export function logAsDeclared({ contract, declared: { accessLogging } }: DeclaringContext): Remediation {
  const { bucket } = contract;
  const target = accessLogging?.bucket ?? '';
  const prefix = accessLogging?.prefix ?? '';
  const status = { LoggingEnabled: { TargetBucket: target, TargetPrefix: prefix } };
  return {
    summary: `Log accesses to ${target}, as declared. That bucket’s policy must let logging.s3.amazonaws.com put objects.`,
    commands: [
      `aws s3api put-bucket-logging --bucket ${quote(bucket)} --bucket-logging-status ${quoteJson(status)}`,
    ],
    terraform: resourceWithBlocks('aws_s3_bucket_logging', bucket, {
      bucket,
      target_bucket: target,
      target_prefix: prefix,
    }),
    cdktf: redeploy(contract),
  };
}

/** Adds what the declared policy denies to the policy that is there, which otherwise stays. */
export function denyAsDeclared(context: DeclaringContext): Remediation {
  return {
    ...fixBucketPolicy(context),
    summary: context.declared.bucketPolicy?.onlyReaders
      ? 'Add the declared denials to the bucket policy. Everybody but the declared readers can’t read logs from then on.'
      : 'Add the declared denials to the bucket policy.',
  };
}
