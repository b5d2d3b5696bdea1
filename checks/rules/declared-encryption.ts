/** The bucket encrypts as the config declares. */
import { parseArn } from '../../contract/arn';
import type { DeclaringContext } from '../evidence/context';
import { orAsDeclared } from '../evidence/declared';
import { type Outcome, unread } from '../evidence/outcome';
import type { BucketObservation } from '../observe/observation';
import { bucketKeysAsDeclared, encryptAsDeclared } from '../remedy/declared-bucket';
import { declaredBucketRule } from './rule';

export const declaredEncryption = declaredBucketRule(
  {
    id: 'declared-encryption',
    audits: 'encryption',
    title: 'The bucket encrypts as the config declares',
    severity: 'medium',
    requirement: {
      text: 'The bucket’s default encryption is the declared one: `encryption.type`, `encryption.kmsKeyArn`. Who administers the key (`keyAdministrators`) and who may use former keys (`formerKeys`) is not looked at.',
      source: '`encryption` in your config',
    },
    risk: 'Audit logs are written without the key that you declared: who may read the bucket may read them, and no key can be withdrawn.',
    remediation: 'Deploy the export again: that restores the bucket’s encryption for new logs.',
    examples: {
      violating: {
        summary: 'A customer-managed key is declared, and the bucket encrypts with S3’s own.',
        setUp: { declares: { encryption: { type: 'kms' } } },
      },
      compliant: {
        summary: 'The bucket encrypts with S3’s own keys, as declared.',
        setUp: { declares: { encryption: { type: 's3' } } },
      },
    },
  },
  ({ type, kmsKeyArn, bucketKeys }, bucket, context) => {
    if (bucket.encryption.state === 'unreadable') return [unread(bucket.encryption.reason)];
    const found = bucket.encryption.state === 'value' ? bucket.encryption.value : undefined;
    // Stricter protection is fine.
    const outcomes = type === 'kms' ? [...judgeKey(bucket, kmsKeyArn, context)] : [];
    // S3's own keys and DSSE-KMS have no bucket keys.
    if (bucketKeys !== undefined && found?.bucketKeyEnabled === !bucketKeys && found.algorithm === 'aws:kms')
      outcomes.push({
        status: 'advice',
        fact: 'bucket-keys',
        message: `S3 bucket keys are ${bucketKeys ? 'off' : 'on'}, and the config declares them ${bucketKeys ? 'on: S3 asks KMS for every log, which costs more' : 'off'}.`,
        actual: found.bucketKeyEnabled,
        remediation: bucketKeysAsDeclared(found, context),
      });
    return orAsDeclared(outcomes, 'The bucket encrypts as declared.');
  },
);

function judgeKey(
  bucket: BucketObservation,
  declaredArn: string | undefined,
  context: DeclaringContext,
): Outcome[] {
  const { encryption, kmsKey } = bucket;
  const found = encryption.state === 'value' ? encryption.value : { algorithm: 'AES256' as const };
  const expected = declaredArn ?? 'a customer-managed key';
  const wrong = (fact: string, how: string, actual: unknown): Outcome[] => [
    {
      status: 'fail',
      fact,
      message: `The bucket encrypts with ${how}, and the config declares ${declaredArn ? `the key ${declaredArn}` : 'a customer-managed key'}.`,
      expected,
      actual,
      remediation: encryptAsDeclared(bucket, context),
    },
  ];
  if (found.algorithm === 'AES256') return wrong('no-key', 'S3’s own keys', found.algorithm);
  const { kmsKeyId } = found;
  if (!kmsKeyId || /(^|:)alias\/aws\//.test(kmsKeyId))
    return wrong('key-of-aws', 'the key that AWS manages', kmsKeyId ?? null);
  if (kmsKeyId === declaredArn) return [];
  if (!kmsKey) return [unread({ message: `the key ${kmsKeyId} was not read` })];
  if (kmsKey.state === 'unreadable') {
    // Without an alias the ARN alone tells which key it is.
    return declaredArn && /:key\//.test(kmsKeyId)
      ? wrong('other-key', `the key ${kmsKeyId}`, kmsKeyId)
      : [unread(kmsKey.reason)];
  }
  // bucket-encryption-delivery reports a missing key.
  if (kmsKey.state === 'absent') return [];
  if (kmsKey.value.keyManager === 'AWS')
    return wrong('key-of-aws', 'a key that AWS manages', kmsKey.value.arn);
  const { arn } = kmsKey.value;
  if (declaredArn) return arn === declaredArn ? [] : wrong('other-key', `the key ${arn}`, arn);
  // The key that the kit makes is the account's own.
  const { accountId } = context.observation;
  const owner = parseArn(arn)?.accountId;
  return owner && accountId.state === 'value' && owner !== accountId.value
    ? wrong('key-of-another-account', `the key ${arn} of another account`, arn)
    : [];
}
