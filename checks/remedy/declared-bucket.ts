/** How to make the bucket's settings as the config declares them. The first fix is to deploy the kit's stack again. */
import { makesKey } from '../../config/options/encryption';
import { lockedDays } from '../../config/options/retention';
import type { ExportContract } from '../../contract/contract';
import type { DeclaringContext } from '../evidence/context';
import type { BucketObservation, ObjectLock } from '../observe/observation';
import type { Remediation } from '../verdict/finding';
import { redeploy, redeployBucket, resource } from './hcl';
import { quote, quoteJson } from './shell';

/** Encrypts new logs with the declared key. What encrypts twice goes on doing so. */
export function encryptAsDeclared(
  { encryption: found }: BucketObservation,
  context: DeclaringContext,
): Remediation {
  const { contract, declared } = context;
  const { encryption } = declared;
  const cdktf = redeployBucket(context);
  if (makesKey(declared))
    return {
      summary: `${RESTORES_ENCRYPTION} Elsewhere name the key in encryption.kmsKeyArn.`,
      cdktf,
    };
  const isTwice = found.state === 'value' && found.value.algorithm === 'aws:kms:dsse';
  return {
    summary:
      cdktf === undefined
        ? 'Have the owner of the bucket set the declared encryption: a deploy leaves an existing bucket’s encryption alone.'
        : isTwice
          ? 'Encrypt new logs with the declared key, twice as before. A deploy would encrypt them once.'
          : RESTORES_ENCRYPTION,
    ...replaceEncryption(
      {
        algorithm: !encryption?.kmsKeyArn ? 'AES256' : isTwice ? 'aws:kms:dsse' : 'aws:kms',
        kmsKeyId: encryption?.kmsKeyArn,
        bucketKeyEnabled: encryption?.bucketKeys ?? encryption?.type === 'kms',
      },
      contract,
    ),
    cdktf: isTwice ? undefined : cdktf,
  };
}

const RESTORES_ENCRYPTION = 'Deploy the export again: that restores the declared encryption for new logs.';

/** Switches S3 bucket keys on or off as declared, and leaves algorithm and key as they are. */
export function bucketKeysAsDeclared(found: Encryption, context: DeclaringContext): Remediation {
  const { contract, declared } = context;
  const { type, kmsKeyArn, bucketKeys } = declared.encryption ?? {};
  const isDeclared = type === 'kms' && (kmsKeyArn === undefined || kmsKeyArn === found.kmsKeyId);
  return {
    summary: `Switch S3 bucket keys ${bucketKeys ? 'on' : 'off'}, and leave the key as it is.`,
    ...replaceEncryption({ ...found, bucketKeyEnabled: bucketKeys }, contract),
    // A deploy sets the declared algorithm and key, too.
    cdktf: isDeclared ? redeployBucket(context) : undefined,
  };
}

type Encryption = Extract<BucketObservation['encryption'], { state: 'value' }>['value'];

/** Replaces a bucket's default encryption. */
export function replaceEncryption(
  { algorithm, kmsKeyId, bucketKeyEnabled }: Partial<Encryption> & Pick<Encryption, 'algorithm'>,
  { bucket }: ExportContract,
): Pick<Remediation, 'commands' | 'terraform'> {
  // Amazon S3 User Guide, "Using dual-layer server-side encryption": S3 Bucket Keys aren't supported for DSSE-KMS.
  const keys = algorithm === 'aws:kms:dsse' ? undefined : bucketKeyEnabled;
  const rules = {
    Rules: [
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, KMSMasterKeyID: kmsKeyId },
        BucketKeyEnabled: keys,
      },
    ],
  };
  return {
    commands: [
      `aws s3api put-bucket-encryption --bucket ${quote(bucket)} --server-side-encryption-configuration ${quoteJson(rules)}`,
    ],
    terraform: resource('aws_s3_bucket_server_side_encryption_configuration', bucket, {
      bucket,
      rule: {
        bucket_key_enabled: keys,
        apply_server_side_encryption_by_default: {
          sse_algorithm: algorithm,
          kms_master_key_id: kmsKeyId,
        },
      },
    }),
  };
}

export function versionAsDeclared(context: DeclaringContext): Remediation {
  const { bucket } = context.contract;
  return {
    summary: 'Switch versioning on.',
    commands: [
      `aws s3api put-bucket-versioning --bucket ${quote(bucket)} --versioning-configuration Status=Enabled`,
    ],
    terraform: resource('aws_s3_bucket_versioning', bucket, {
      bucket,
      versioning_configuration: { status: 'Enabled' },
    }),
    cdktf: redeployTakenOver(context),
  };
}

/**
 * Object Lock with the declared default retention, if one is declared, or with what is stricter already: mode and period
 * each. It can't be switched off again.
 */
export function lockAsDeclared(found: Lock | undefined, context: DeclaringContext): Remediation {
  const { bucket } = context.contract;
  const declared = context.declared.retention?.defaultRetention;
  const { mode, days, years } = stricter(found, declared) ?? {};
  const Rule = mode && { DefaultRetention: { Mode: mode, Days: days, Years: years } };
  const isAsDeclared = mode === declared?.mode && lockedDays({ days, years }) === lockedDays(declared ?? {});
  return {
    summary:
      (isAsDeclared
        ? 'Switch Object Lock on as declared. Versioning must be on, and Object Lock can’t be switched off again.'
        : 'Lock new logs as declared, and leave the mode or the period that is stricter already as it is. A deploy would weaken it.') +
      (mode ? ' S3 then refuses a writer that sends no checksum: ask ALTR first.' : ''),
    commands: [
      `aws s3api put-object-lock-configuration --bucket ${quote(bucket)} --object-lock-configuration ${quoteJson({ ObjectLockEnabled: 'Enabled', Rule })}`,
    ],
    terraform: resource('aws_s3_bucket_object_lock_configuration', bucket, {
      bucket,
      rule: mode ? { default_retention: { mode, days, years } } : undefined,
    }),
    cdktf: isAsDeclared ? redeployBucket(context) : undefined,
  };
}

type Lock = NonNullable<ObjectLock['defaultRetention']>;

function stricter(found: Lock | undefined, declared: Lock | undefined): Lock | undefined {
  if (!found || !declared) return found ?? declared;
  const { days, years } = lockedDays(found) > lockedDays(declared) ? found : declared;
  const isCompliance = [found, declared].some(({ mode }) => mode === 'COMPLIANCE');
  return { mode: isCompliance ? 'COMPLIANCE' : 'GOVERNANCE', days, years };
}

export function logAsDeclared(context: DeclaringContext): Remediation {
  const { bucket } = context.contract;
  const { accessLogging } = context.declared;
  const target = accessLogging?.bucket ?? '';
  const prefix = accessLogging?.prefix ?? '';
  const status = { LoggingEnabled: { TargetBucket: target, TargetPrefix: prefix } };
  return {
    summary: `Log accesses to ${target}, as declared. That bucket’s policy must let logging.s3.amazonaws.com put objects.`,
    commands: [
      `aws s3api put-bucket-logging --bucket ${quote(bucket)} --bucket-logging-status ${quoteJson(status)}`,
    ],
    terraform: resource('aws_s3_bucket_logging', bucket, {
      bucket,
      target_bucket: target,
      target_prefix: prefix,
    }),
    cdktf: redeployTakenOver(context),
  };
}

/** For what a deploy sets on an existing bucket, too, if its owner agrees: versioning and access logging. */
function redeployTakenOver(context: DeclaringContext): string | undefined {
  return context.declared.existingBucketConfirmed ? redeploy(context.contract) : redeployBucket(context);
}
