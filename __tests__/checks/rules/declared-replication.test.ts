/** The set-ups in which declared-replication decides the outcome, each with the outcome of every rule. */
import type { ReplicationRule } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import { beside, KEY, refused, useKey, value } from './builders';
import { findingsOf } from './support';
import { COMPLIANT, type Expected, table } from './table';

const WEAKER: Expected = { fail: ['declared-replication'] };
const REPLICA_KEY = KEY.replace('us-east-1', 'eu-west-1');
const destination = {
  bucket: 'arn:aws:s3:::acme-copies',
  owner: value('audited-account' as const),
};
const rule = (changes: Partial<ReplicationRule> = {}): ReplicationRule => ({
  id: 'logs',
  status: 'Enabled',
  filter: {},
  destination,
  deleteMarkerReplication: 'Disabled',
  ...changes,
});
const copying = (changes: Partial<ReplicationRule> = {}, declares: object = {}): SetUp => ({
  declares: { replication: { bucket: 'acme-copies', region: 'eu-west-1', ...declares } },
  bucket: { replication: value({ rules: [rule(changes)] }) },
});
const elsewhere = { ...destination, bucket: 'arn:aws:s3:::elsewhere' };
const underKey = (changes: Partial<ReplicationRule>): SetUp => ({
  ...copying(changes, { kmsKeyArn: REPLICA_KEY }),
  ...beside(useKey),
  kmsKey: {},
});
const twoRules = (...rules: readonly Partial<ReplicationRule>[]): SetUp => ({
  ...underKey({}),
  bucket: {
    replication: value({ rules: rules.map((changes, index) => rule({ id: `${index}`, ...changes })) }),
  },
});
const FOREIGN_KEY = REPLICA_KEY.replace(/\d{12}/, '222222222222');
const UNKNOWN: Expected = { unknown: ['declared-replication'] };
const withKey = { ...destination, replicaKmsKeyId: value(REPLICA_KEY) };

// Source: Amazon S3 User Guide, "Replication configuration file elements".
table('replication is declared', [
  ['and as declared', copying(), COMPLIANT],
  ['and off', { ...copying(), bucket: {} }, WEAKER],
  ['and its rule is off', copying({ status: 'Disabled' }), WEAKER],
  ['and to another bucket', copying({ destination: elsewhere }), { ...WEAKER, advice: ['logs-stay'] }],
  ['and of some logs', copying({ filter: { prefix: 'a/' } }), WEAKER],
  ['and of some logs, by a tag', copying({ filter: { tags: [{ key: 'a', value: 'b' }] } }), WEAKER],
  ['and of deletions, too', copying({ deleteMarkerReplication: 'Enabled' }), WEAKER],
  [
    'and does not tell of deletions',
    copying({ deleteMarkerReplication: undefined }),
    { unknown: ['declared-replication'] },
  ],
  [
    'and of deletions, as declared',
    copying({ deleteMarkerReplication: 'Enabled' }, { replicateDeletes: true }),
    COMPLIANT,
  ],
  ['and of no deletions, which keeps more', copying({}, { replicateDeletes: true }), COMPLIANT],
  ['and in another class', copying({}, { storageClass: 'GLACIER' }), { advice: ['declared-replication'] }],
  [
    'and could not be read',
    { ...copying(), bucket: { replication: refused('s3:GetReplicationConfiguration') } },
    { unknown: ['declared-replication', 'logs-stay'] },
  ],
]);

table('replication under keys is declared', [
  ['and as declared', underKey({ destination: withKey, sseKmsEncryptedObjects: 'Enabled' }), COMPLIANT],
  ['and logs under a key are left out', underKey({ destination: withKey }), WEAKER],
  [
    'and copies get another key',
    underKey({ destination: { ...withKey, replicaKmsKeyId: value(KEY) }, sseKmsEncryptedObjects: 'Enabled' }),
    WEAKER,
  ],
  [
    'and a second rule to the same bucket leaves out logs under a key',
    twoRules({ destination: withKey, sseKmsEncryptedObjects: 'Enabled' }, { destination: withKey }),
    UNKNOWN,
  ],
  [
    'and a second rule to the same bucket gives some copies another key',
    twoRules(
      { destination: withKey, sseKmsEncryptedObjects: 'Enabled' },
      {
        filter: { prefix: 'year=' },
        destination: { ...withKey, replicaKmsKeyId: value(FOREIGN_KEY) },
        sseKmsEncryptedObjects: 'Enabled',
      },
    ),
    { ...UNKNOWN, advice: ['logs-stay'] },
  ],
  [
    'and two rules are as declared',
    twoRules(
      { destination: withKey, sseKmsEncryptedObjects: 'Enabled' },
      { destination: withKey, sseKmsEncryptedObjects: 'Enabled' },
    ),
    COMPLIANT,
  ],
  ['and copies get no key', underKey({ sseKmsEncryptedObjects: 'Enabled' }), WEAKER],
]);

table('replication without keys is declared', [
  ['and the bucket encrypts with a key', { ...copying(), ...beside(useKey), kmsKey: {} }, WEAKER],
  [
    'and the bucket encrypts with a key, and its logs are copied',
    {
      ...copying({ destination: withKey, sseKmsEncryptedObjects: 'Enabled' }),
      ...beside(useKey),
      kmsKey: {},
    },
    COMPLIANT,
  ],
  [
    'and the bucket encrypts with AWS’s own key',
    {
      ...copying(),
      bucket: { ...copying().bucket, encryption: value({ algorithm: 'aws:kms' as const }) },
    },
    WEAKER,
  ],
]);

test('the fix says that logs of the gap are not copied by themselves', () => {
  const found = findingsOf({ ...copying(), bucket: {} }).find(
    ({ rule: id }) => id === 'declared-replication',
  );
  expect(found?.remediation).toEqual({
    summary: expect.stringContaining('S3 Batch Replication'),
    cdktf: 'npx cdktf deploy acme-prod',
  });
});
