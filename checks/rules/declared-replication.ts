/** Every log is copied as the config declares. */
import type { ExportOptions } from '../../config/options';
import { bucketArn } from '../../contract/policies';
import type { DeclaringContext } from '../evidence/context';
import { judged, orAsDeclared } from '../evidence/declared';
import { type Outcome, unread } from '../evidence/outcome';
import type { ReplicationRule } from '../observe/observation';
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
      text: 'S3 copies every object to the declared bucket, under the declared key, and deletions only if they are declared to be copied.',
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
      const isEncrypted =
        declared.kmsKeyArn !== undefined &&
        (bucket.encryption.state !== 'value' || bucket.encryption.value.algorithm !== 'AES256');
      return orAsDeclared(
        [
          ...judgeDeletes(rules, declared, fail),
          ...judgeKey(ofAll, declared, isEncrypted, fail),
          ...judgeClass(ofAll, declared, context),
        ],
        `Every log is copied to ${declared.bucket} as declared.`,
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

/** Without its selection S3 copies no object that is encrypted with a KMS key. */
function judgeKey(
  rules: readonly ReplicationRule[],
  { bucket, kmsKeyArn }: Declared,
  isEncrypted: boolean,
  fail: Fail,
): readonly Outcome[] {
  if (!kmsKeyArn) return [];
  if (isEncrypted && !rules.some(({ sseKmsEncryptedObjects }) => sseKmsEncryptedObjects === 'Enabled'))
    return [
      fail(
        'encrypted-left-out',
        `Logs that are encrypted with a KMS key are not copied to ${bucket}, and the config declares that all are.`,
        'Enabled',
        null,
      ),
    ];
  const keys = rules.map(({ destination }) => destination.replicaKmsKeyId);
  const unreadable = keys.find((key) => key?.state === 'unreadable');
  if (unreadable?.state === 'unreadable') return [unread(unreadable.reason)];
  const ids = keys.map((key) => (key?.state === 'value' ? key.value : null));
  return ids.includes(kmsKeyArn)
    ? []
    : [
        fail(
          'other-key',
          `Copies in ${bucket} are encrypted ${ids[0] ? `with the key ${ids[0]}` : 'without a key of yours'}, and the config declares the key ${kmsKeyArn}.`,
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
