/** Every log is copied as the config declares. */
import type { ExportOptions } from '../../config/options';
import { bucketArn } from '../../contract/policies';
import type { DeclaringContext } from '../evidence/context';
import { judged, orAsDeclared } from '../evidence/declared';
import { type Outcome, unread } from '../evidence/outcome';
import type { BucketObservation, ReplicationRule } from '../observe/observation';
import { redeploy } from '../remedy/hcl';
import { declaredBucketRule } from './rule';

type Declared = NonNullable<ExportOptions['replication']>;

export const declaredReplication = declaredBucketRule(
  {
    id: 'declared-replication',
    audits: 'replication',
    title: 'Every log is copied to the bucket that the config declares',
    severity: 'medium',
    requirement: {
      text: 'S3 copies every object to the declared bucket, under the declared key, and deletions only if they are declared to be copied. What that bucket has to be like is declared-copies’ business. What the replication’s role is allowed is not judged: S3’s metrics and `s3api head-object` of a log (`ReplicationStatus`) tell.',
      source: '`replication` in your config',
    },
    risk: 'The copy that you rely on when a region is lost, or when somebody deletes logs, is missing or incomplete.',
    remediation:
      'Deploy the export again: that restores the replication. S3 copies only what is written from then on.',
    examples: {
      violating: {
        summary: 'Replication is declared, and somebody removed it.',
        setUp: { declares: { replication: { bucket: 'acme-copies', region: 'eu-west-1' } } },
      },
      compliant: {
        summary: 'Every log is copied to the declared bucket.',
        setUp: {
          declares: { replication: { bucket: 'acme-copies', region: 'eu-west-1' } },
          bucket: {
            replication: {
              state: 'value',
              value: {
                role: 'arn:aws:iam::123456789012:role/copies',
                rules: [
                  {
                    id: 'logs',
                    status: 'Enabled',
                    filter: {},
                    destination: {
                      bucket: 'arn:aws:s3:::acme-copies',
                      owner: { state: 'value', value: 'audited-account' },
                    },
                    deleteMarkerReplication: 'Disabled',
                  },
                ],
              },
            },
          },
        },
      },
    },
  },
  (declared, bucket, context) =>
    judged(bucket.replication, 'the bucket’s replication', (found) => {
      const arn = bucketArn(context.contract.partition, declared.bucket);
      const rules = (found?.rules ?? []).filter(
        ({ status, destination }) => status === 'Enabled' && destination.bucket === arn,
      );
      const fail = failing(context);
      if (rules.length === 0)
        return [
          fail(
            'no-replication',
            `No logs are copied to ${declared.bucket}, and the config declares that all are.`,
            arn,
            (found?.rules ?? []).map(({ destination }) => destination.bucket),
          ),
        ];
      const ofAll = rules.filter(({ filter }) => !filter.prefix && (filter.tags ?? []).length === 0);
      if (ofAll.length === 0)
        return [
          fail(
            'some-only',
            `Only some logs are copied to ${declared.bucket}, and the config declares that all are.`,
            'no filter',
            rules.map(({ filter }) => filter),
          ),
        ];
      return orAsDeclared(
        [
          ...judgeDeletes(rules, declared, fail),
          ...judgeEncrypted(ofAll, rules, declared, bucket, fail),
          ...judgeKeyOfCopies(ofAll, rules, declared, fail),
          ...judgeClass(ofAll, declared, context),
        ],
        `The bucket is set to copy every log to ${declared.bucket} as declared.`,
      );
    }),
);

type Fail = (fact: string, message: string, expected: unknown, actual: unknown) => Outcome;

function failing({ contract }: DeclaringContext): Fail {
  return (fact, message, expected, actual) => ({
    status: 'fail',
    fact,
    message,
    expected,
    actual,
    remediation: {
      summary:
        'Deploy the export again: that restores the replication. Logs that were written meanwhile are copied by S3 Batch Replication only.',
      cdktf: redeploy(contract),
    },
  });
}

/** A copy that follows deletions does not outlive them; one that keeps more than declared does no harm. */
function judgeDeletes(rules: readonly ReplicationRule[], declared: Declared, fail: Fail): Outcome[] {
  if (declared.replicateDeletes) return [];
  if (rules.some(({ deleteMarkerReplication }) => deleteMarkerReplication === 'Enabled'))
    return [
      fail(
        'deletes-copied',
        `Deletions are copied to ${declared.bucket}, and the config declares that they are not.`,
        'Disabled',
        'Enabled',
      ),
    ];
  if (rules.every(({ deleteMarkerReplication }) => deleteMarkerReplication === 'Disabled')) return [];
  return [
    {
      status: 'unknown',
      fact: 'deletes-open',
      cause: 'undecidable',
      message: `It can’t be decided: the replication to ${declared.bucket} does not say whether deletions are copied.`,
      expected: 'Disabled',
      actual: null,
    },
  ];
}

/** Of several rules with one destination S3 follows the one with the highest priority, which the observation does not have. */
function severalRules(
  fact: string,
  what: string,
  bucket: string,
  expected: unknown,
  actual: unknown,
): Outcome {
  return {
    status: 'unknown',
    fact,
    cause: 'undecidable',
    message: `It can’t be decided: several rules copy to ${bucket}, and they differ in ${what}.`,
    expected,
    actual,
    remediation: { summary: 'Leave one rule that copies to this bucket.' },
  };
}

/** Without its selection S3 copies no object that is encrypted with a KMS key. */
function judgeEncrypted(
  ofAll: readonly ReplicationRule[],
  rules: readonly ReplicationRule[],
  { bucket, kmsKeyArn }: Declared,
  { encryption }: BucketObservation,
  fail: Fail,
): readonly Outcome[] {
  const isSelected = ({ sseKmsEncryptedObjects }: ReplicationRule) => sseKmsEncryptedObjects === 'Enabled';
  if (rules.every(isSelected)) return [];
  const isUnreadable = encryption.state === 'unreadable';
  if (isUnreadable && !kmsKeyArn) return [unread(encryption.reason)];
  if (!isUnreadable && (encryption.state === 'absent' || encryption.value.algorithm === 'AES256')) return [];
  if (ofAll.some(isSelected))
    return [
      severalRules(
        'encrypted-open',
        'whether logs under a KMS key are copied',
        bucket,
        'Enabled',
        rules.map(({ sseKmsEncryptedObjects }) => sseKmsEncryptedObjects ?? null),
      ),
    ];
  const left = fail(
    'encrypted-left-out',
    `Logs that are encrypted with a KMS key are not copied to ${bucket}, and the config declares that all are.`,
    'Enabled',
    null,
  );
  if (kmsKeyArn) return [left];
  return [
    {
      ...left,
      remediation: {
        summary:
          'Have the bucket encrypt with S3’s own keys again, or declare encryption.type kms and replication.kmsKeyArn. Logs that were written meanwhile are copied by S3 Batch Replication only.',
      },
    },
  ];
}

function judgeKeyOfCopies(
  ofAll: readonly ReplicationRule[],
  rules: readonly ReplicationRule[],
  { bucket, kmsKeyArn }: Declared,
  fail: Fail,
): readonly Outcome[] {
  if (!kmsKeyArn) return [];
  const keys = rules.map(({ destination }) => destination.replicaKmsKeyId);
  const unreadable = keys.find((key) => key?.state === 'unreadable');
  if (unreadable?.state === 'unreadable') return [unread(unreadable.reason)];
  const idOf = ({ destination: { replicaKmsKeyId: key } }: ReplicationRule) =>
    key?.state === 'value' ? key.value : null;
  const ids = rules.map(idOf);
  if (ids.every((id) => id === kmsKeyArn)) return [];
  if (ofAll.some((rule) => idOf(rule) === kmsKeyArn))
    return [severalRules('key-open', 'the key of the copies', bucket, kmsKeyArn, ids)];
  const [id] = ofAll.map(idOf);
  return [
    fail(
      'other-key',
      `Copies in ${bucket} are encrypted ${id ? `with the key ${id}` : 'without a key of yours'}, and the config declares the key ${kmsKeyArn}.`,
      kmsKeyArn,
      ids,
    ),
  ];
}

function judgeClass(
  rules: readonly ReplicationRule[],
  { bucket, storageClass }: Declared,
  { contract }: DeclaringContext,
): Outcome[] {
  const found = rules.map(({ destination }) => destination.storageClass);
  if (!storageClass || found.includes(storageClass)) return [];
  return [
    {
      status: 'advice',
      fact: 'storage-class',
      message: `Copies in ${bucket} get the storage class ${found[0] ?? 'of the original'}, and the config declares ${storageClass}.`,
      expected: storageClass,
      actual: found[0] ?? null,
      remediation: { summary: 'Deploy the export again.', cdktf: redeploy(contract) },
    },
  ];
}
