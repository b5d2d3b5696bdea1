/** The set-ups in which declared-encryption decides the outcome, each with the outcome of every rule. */
import type { SetUp } from '../../../checks/pages/set-up';
import type { ExportOptionsInput } from '../../../config/options';
import { beside, KEY, refused, useKey, value } from './builders';
import { findingsOf } from './support';
import { COMPLIANT, type Expected, table } from './table';

const WEAKER: Expected = { fail: ['declared-encryption'] };
const OTHER_KEY = KEY.replace('1111', '9999');
const FOREIGN_KEY = KEY.replace(/\d{12}/, '222222222222');
const kms = (changes: object = {}): SetUp => ({ declares: { encryption: { type: 'kms', ...changes } } });
const withKey: SetUp = { ...beside(useKey), kmsKey: {} };
const encrypting = (kmsKeyId?: string): SetUp => ({
  bucket: { encryption: value({ algorithm: 'aws:kms' as const, kmsKeyId }) },
});

table('a customer-managed key is declared', [
  ['and there is one', { ...kms(), ...withKey }, COMPLIANT],
  ['and S3’s own keys encrypt', kms(), WEAKER],
  [
    'and a key of another account encrypts, which is not the one that the kit makes',
    { ...kms(), ...beside({ ...useKey, Resource: FOREIGN_KEY }), kmsKey: { arn: FOREIGN_KEY } },
    { ...WEAKER, advice: ['logs-stay'] },
  ],
  ['and AWS’s own key encrypts', { ...kms(), ...encrypting() }, WEAKER],
  ['and AWS’s own key encrypts, by its alias', { ...kms(), ...encrypting('alias/aws/s3') }, WEAKER],
  ['and AWS’s own key encrypts, as it was read', { ...kms(), kmsKey: { keyManager: 'AWS' } }, WEAKER],
  ['and S3’s own keys encrypt, though the role may use the key', { ...kms(), ...beside(useKey) }, WEAKER],
  [
    'and S3’s own keys encrypt, though the role may use every key',
    { ...kms(), ...beside({ ...useKey, Resource: KEY.replace(/[^/]+$/, '*') }) },
    { fail: ['declared-encryption', 'permissions-resource-scope'] },
  ],
  [
    'and S3’s own keys encrypt, though the role may use a key of another account',
    { ...kms(), ...beside({ ...useKey, Resource: KEY.replace(/\d{12}/, '222222222222') }) },
    { fail: ['declared-encryption', 'permissions-resource-scope'] },
  ],
  ['and nothing is set', { ...kms(), bucket: { encryption: { state: 'absent' } } }, WEAKER],
]);

table('a certain key is declared', [
  ['and it encrypts', { ...kms({ kmsKeyArn: KEY }), ...withKey }, COMPLIANT],
  ['and another one encrypts', { ...kms({ kmsKeyArn: OTHER_KEY }), ...withKey }, WEAKER],
  [
    'and none encrypts, though the role may use it',
    { ...kms({ kmsKeyArn: KEY }), ...beside(useKey) },
    WEAKER,
  ],
  [
    'and none encrypts, though the role may use another one',
    { ...kms({ kmsKeyArn: OTHER_KEY }), ...beside(useKey) },
    { fail: ['declared-encryption', 'permissions-resource-scope'] },
  ],
  [
    'and another one encrypts, which could not be read',
    {
      ...kms({ kmsKeyArn: OTHER_KEY }),
      bucket: { ...encrypting(KEY).bucket, kmsKey: refused('kms:DescribeKey') },
    },
    {
      ...WEAKER,
      unknown: ['bucket-encryption-delivery', 'logs-stay', 'permissions-action-scope'],
    },
  ],
  [
    'and an alias that could not be resolved',
    {
      ...kms({ kmsKeyArn: KEY }),
      bucket: { ...encrypting('alias/logs').bucket, kmsKey: refused('kms:DescribeKey') },
    },
    {
      unknown: ['bucket-encryption-delivery', 'declared-encryption', 'logs-stay', 'permissions-action-scope'],
    },
  ],
]);

table('stricter than declared', [
  ['a key, where S3’s own are declared', { declares: { encryption: { type: 's3' } }, ...withKey }, COMPLIANT],
  ['a key, where nothing is declared', withKey, COMPLIANT],
]);

test.each([
  [true, true, 'pass'],
  [true, false, 'advice'],
  [false, true, 'advice'],
  [undefined, false, 'pass'],
])('bucket keys declared %s, and found %s', (bucketKeys, bucketKeyEnabled, status) => {
  const declares: ExportOptionsInput = { encryption: { type: 'kms', bucketKeys } };
  const { bucket } = encrypting(KEY);
  const key = findingsOf({ ...withKey, declares });
  expect(key.find(({ rule }) => rule === 'declared-encryption')?.status).toBe('pass');
  const encryption = value({ algorithm: 'aws:kms' as const, kmsKeyId: KEY, bucketKeyEnabled });
  const found = findingsOf({ ...withKey, declares, bucket: { ...bucket, encryption } });
  expect(found.filter(({ rule }) => rule === 'declared-encryption').at(-1)?.status).toBe(status);
});

test('the first fix is to deploy; a given key is also set by hand', () => {
  const of = (setUp: SetUp) => findingsOf(setUp).find(({ rule }) => rule === 'declared-encryption');
  expect(of(kms())?.remediation).toMatchObject({ cdktf: 'npx cdktf deploy acme-prod' });
  const given = of(kms({ kmsKeyArn: KEY }))?.remediation;
  expect(given?.commands?.[0]).toContain(`"KMSMasterKeyID":"${KEY}"},"BucketKeyEnabled":true`);
  expect(given?.terraform).toContain(`kms_master_key_id = "${KEY}"`);
});

describe('the advice on bucket keys changes nothing else', () => {
  const advice = (encryption: ExportOptionsInput['encryption'], found: object) =>
    findingsOf({
      ...withKey,
      declares: { encryption },
      bucket: { encryption: value({ algorithm: 'aws:kms' as const, kmsKeyId: KEY, ...found }) },
    }).find(({ rule, status }) => rule === 'declared-encryption' && status === 'advice');
  const command = (keys: boolean) =>
    `aws s3api put-bucket-encryption --bucket acme-altr-audit-logs --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"${KEY}"},"BucketKeyEnabled":${keys}}]}'`;

  test('S3’s own keys are declared, and a key of the customer’s found: it stays', () => {
    const remedy = advice({ type: 's3', bucketKeys: true }, { bucketKeyEnabled: false })?.remediation;
    expect(remedy?.commands).toEqual([command(true)]);
    expect(remedy?.terraform).toContain(`kms_master_key_id = "${KEY}"`);
    expect(remedy?.cdktf).toBeUndefined();
  });

  test('the declared key is found: a deploy does the same', () => {
    const declared = { type: 'kms' as const, kmsKeyArn: KEY, bucketKeys: false };
    expect(advice(declared, { bucketKeyEnabled: true })?.remediation).toMatchObject({
      commands: [command(false)],
      cdktf: 'npx cdktf deploy acme-prod',
    });
  });

  // Amazon S3 User Guide, "Using dual-layer server-side encryption": S3 Bucket Keys aren't supported for DSSE-KMS.
  test('two layers of encryption have no bucket keys, so nothing is advised', () => {
    const declared = { type: 'kms' as const, bucketKeys: true };
    expect(advice(declared, { algorithm: 'aws:kms:dsse', bucketKeyEnabled: false })).toBeUndefined();
  });
});

test('two layers of encryption stay two under the declared key, so no deploy is offered', () => {
  const encryption = value({ algorithm: 'aws:kms:dsse' as const, kmsKeyId: OTHER_KEY });
  const found = findingsOf({
    ...kms({ kmsKeyArn: KEY }),
    bucket: { encryption, kmsKey: refused('kms:DescribeKey') },
  });
  const remedy = found.find(({ rule }) => rule === 'declared-encryption')?.remediation;
  expect(remedy?.commands?.[0]).toContain(`{"SSEAlgorithm":"aws:kms:dsse","KMSMasterKeyID":"${KEY}"}}]`);
  expect(remedy?.cdktf).toBeUndefined();
});

test('a deploy leaves the encryption of an existing bucket alone, so it is set by hand', () => {
  const given = { declares: { existingBucket: true, encryption: { type: 'kms' as const, kmsKeyArn: KEY } } };
  const remedy = findingsOf(given).find(({ rule }) => rule === 'declared-encryption')?.remediation;
  expect(remedy?.commands?.[0]).toContain(KEY);
  expect(remedy?.summary).not.toContain('Deploy');
  expect(remedy?.cdktf).toBeUndefined();
});
