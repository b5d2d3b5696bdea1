/** The set-ups in which bucket-encryption-delivery decides the outcome, each with the outcome of every rule. Source, unless another is named: IAM User Guide, "IAM JSON policy elements". */

import type { BucketEncryption, KmsGrant } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import {
  BUCKET,
  beside,
  boundary,
  FUTURE,
  from,
  KEY,
  OBJECTS,
  OTHER,
  OWN,
  PAST,
  put,
  ROLE,
  refused,
  SOON,
  until,
  useKey,
  value,
} from './builders';
import { COMPLIANT, type Expected, table } from './table';

const keyPolicy = (...Statement: readonly unknown[]) => ({
  kmsKeyPolicy: { Version: '2012-10-17', Statement },
});
const NO_KEY: Expected = { fail: ['bucket-encryption-delivery'] };
const toRole = { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'kms:GenerateDataKey', Resource: '*' };
const toAccount = { Effect: 'Allow', Principal: { AWS: OWN }, Action: 'kms:*', Resource: '*' };
const CONTEXT = 'kms:EncryptionContext:aws:s3:arn';

const useKeyNamed = {
  Effect: 'Allow',
  Principal: { AWS: ROLE },
  Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
};
const toAdmin = { ...toAccount, Principal: { AWS: `arn:aws:iam::${OWN}:role/KeyAdmin` } };
const without = (element: string, statement: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(statement).filter(([name]) => name !== element));

/** A bucket that encrypts with its key so. */
const encryptingSo = (changes: Partial<BucketEncryption>) => ({
  bucket: { encryption: value({ algorithm: 'aws:kms' as const, kmsKeyId: KEY, ...changes }) },
});

/** A key that the role may use for this encryption context alone. */
const askingFor = (context: string, changes: Partial<BucketEncryption>) => ({
  ...keyPolicy({ ...toRole, Condition: { StringLike: { [CONTEXT]: context } } }),
  ...encryptingSo(changes),
});

table('a key of one’s own', [
  ['the role’s policy names the key', { ...beside(useKey), kmsKey: {} }, COMPLIANT],
  ['nothing lets the role use it', { kmsKey: {} }, { fail: ['bucket-encryption-delivery'] }],
  [
    'the key’s policy names the role',
    keyPolicy({ Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'kms:GenerateDataKey', Resource: '*' }),
    COMPLIANT,
  ],
  [
    'the key’s policy leaves nothing to IAM',
    {
      ...beside(useKey),
      ...keyPolicy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${OWN}:role/KeyAdmin` },
        Action: 'kms:*',
        Resource: '*',
      }),
    },
    { fail: ['bucket-encryption-delivery'] },
  ],
  [
    'the key is disabled',
    { ...beside(useKey), kmsKey: { keyState: 'Disabled' } },
    { fail: ['bucket-encryption-delivery'] },
  ],
  [
    'the key is about to be deleted',
    { ...beside(useKey), kmsKey: { keyState: 'PendingDeletion' } },
    { fail: ['bucket-encryption-delivery'] },
  ],
  // Source: KMS Developer Guide, "Updating the primary Region".
  ['the key’s primary Region changes', { ...beside(useKey), kmsKey: { keyState: 'Updating' } }, COMPLIANT],
  [
    'Decrypt alone',
    { ...beside({ ...useKey, Action: 'kms:Decrypt' }), kmsKey: {} },
    { fail: ['bucket-encryption-delivery'] },
  ],
  [
    'only through S3, as ALTR’s writes come',
    {
      ...beside({
        ...useKey,
        Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
      }),
      kmsKey: {},
    },
    COMPLIANT,
  ],
  [
    'only through another service',
    {
      ...beside({
        ...useKey,
        Condition: { StringEquals: { 'kms:ViaService': 'sqs.us-east-1.amazonaws.com' } },
      }),
      kmsKey: {},
    },
    { fail: ['bucket-encryption-delivery'] },
  ],
  ['AWS’s own key for S3', { kmsKey: { keyManager: 'AWS' } }, COMPLIANT],
]);

table('key policies', [
  [
    'the encryption context of the bucket and its objects',
    keyPolicy({ ...toRole, Condition: { StringLike: { [CONTEXT]: [BUCKET, OBJECTS] } } }),
    COMPLIANT,
  ],
  [
    'the encryption context of the bucket, by a pattern',
    keyPolicy({ ...toRole, Condition: { ArnLike: { [CONTEXT]: `${BUCKET}*` } } }),
    COMPLIANT,
  ],
  [
    'the encryption context of another bucket',
    keyPolicy({ ...toRole, Condition: { StringLike: { [CONTEXT]: 'arn:aws:s3:::other/*' } } }),
    NO_KEY,
  ],
  [
    'the encryption context of objects, which a bucket key changes',
    keyPolicy({ ...toRole, Condition: { StringLike: { [CONTEXT]: OBJECTS } } }),
    { unknown: ['bucket-encryption-delivery'] },
  ],
  [
    'the encryption context of objects, and the bucket has a bucket key',
    askingFor(OBJECTS, { bucketKeyEnabled: true }),
    NO_KEY,
  ],
  [
    'the encryption context of objects, and the bucket has no bucket key',
    askingFor(OBJECTS, { bucketKeyEnabled: false }),
    COMPLIANT,
  ],
  [
    'the encryption context of the bucket alone, and it has a bucket key',
    askingFor(BUCKET, { bucketKeyEnabled: true }),
    COMPLIANT,
  ],
  [
    'the encryption context of the bucket alone, and it has no bucket key',
    askingFor(BUCKET, { bucketKeyEnabled: false }),
    NO_KEY,
  ],
  [
    'the encryption context of objects, encrypted twice, for which a bucket key does not count',
    askingFor(OBJECTS, { algorithm: 'aws:kms:dsse', bucketKeyEnabled: true }),
    COMPLIANT,
  ],
  [
    'a Deny of all that is not for the bucket’s objects, and the bucket has a bucket key',
    {
      ...beside(useKey, {
        Effect: 'Deny',
        Action: 'kms:*',
        Resource: '*',
        Condition: { StringNotLike: { [CONTEXT]: OBJECTS } },
      }),
      kmsKey: {},
      ...encryptingSo({ bucketKeyEnabled: true }),
    },
    NO_KEY,
  ],
  [
    'everybody of the account, by way of S3',
    keyPolicy({
      ...toRole,
      Principal: { AWS: '*' },
      Condition: {
        StringEquals: { 'kms:CallerAccount': OWN, 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
      },
    }),
    COMPLIANT,
  ],
  [
    'everybody of another account',
    keyPolicy({
      ...toRole,
      Principal: { AWS: '*' },
      Condition: { StringEquals: { 'kms:CallerAccount': '222222222222' } },
    }),
    NO_KEY,
  ],
  [
    'a Deny of all but S3',
    {
      ...beside(useKey),
      ...keyPolicy(toAccount, {
        Effect: 'Deny',
        Principal: '*',
        Action: 'kms:*',
        Resource: '*',
        Condition: { StringNotEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
      }),
    },
    COMPLIANT,
  ],
  [
    'a Deny of the role',
    { ...beside(useKey), ...keyPolicy(toAccount, { ...toRole, Effect: 'Deny' }) },
    NO_KEY,
  ],
  ['a boundary without the key', { ...beside(useKey), kmsKey: {}, ...boundary(put()) }, NO_KEY],
  [
    'a role of the same name in another account',
    keyPolicy({ ...toRole, Principal: { AWS: ROLE.replace(OWN, '222222222222') } }),
    NO_KEY,
  ],
  [
    'the account with a condition that it meets',
    {
      ...beside(useKey),
      ...keyPolicy({ ...toAccount, Condition: { StringEquals: { 'kms:CallerAccount': OWN } } }),
    },
    COMPLIANT,
  ],
  [
    'a key policy that is not JSON',
    { ...beside(useKey), kmsKeyPolicy: '{' },
    { unknown: ['bucket-encryption-delivery', 'logs-stay', 'permissions-action-scope'] },
  ],
]);

const toRoleAll = { ...toRole, Action: ['kms:GenerateDataKey', 'kms:Decrypt'] };
const denyOfRole = (...Statement: readonly unknown[]) => ({
  ...beside(...Statement),
  ...keyPolicy(toRoleAll),
});
const managed = { state: 'value', value: { algorithm: 'aws:kms' } } as const;
const encrypting = (kmsKeyId: string) =>
  ({ encryption: { state: 'value', value: { algorithm: 'aws:kms', kmsKeyId } } }) as const;
const ALIAS = `arn:aws:kms:us-east-1:${OWN}:alias/aws/s3`;
const UNREAD: Expected = { unknown: ['bucket-encryption-delivery'] };
const deny = (changes = {}) => ({ Effect: 'Deny', Action: 'kms:*', Resource: '*', ...changes });

// Source: IAM User Guide, "Policy evaluation logic": an explicit Deny in any policy wins.
table('the role’s own Deny and the key’s policy', [
  ['the key’s policy names the role, nothing denies', keyPolicy(toRoleAll), COMPLIANT],
  ['a Deny of KMS', denyOfRole(deny()), NO_KEY],
  ['a Deny of all but S3', denyOfRole(deny({ Action: undefined, NotAction: 's3:*' })), NO_KEY],
  [
    'a Deny of another key',
    denyOfRole(deny({ Resource: `arn:aws:kms:us-east-1:${OWN}:key/other` })),
    COMPLIANT,
  ],
  [
    'a Deny of KMS outside of S3',
    denyOfRole(deny({ Condition: { StringNotEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } })),
    COMPLIANT,
  ],
]);

// Source: KMS Developer Guide, "AWS managed keys".
table('the AWS managed key', [
  ['aws/s3 by default', { bucket: { encryption: managed } }, COMPLIANT],
  ['aws/s3 by its alias', { bucket: encrypting('alias/aws/s3') }, COMPLIANT],
  ['aws/s3 and a Deny of KMS', { bucket: { encryption: managed }, ...beside(deny()) }, NO_KEY],
  ['aws/s3 as it was read, and a Deny of KMS', { kmsKey: { keyManager: 'AWS' }, ...beside(deny()) }, NO_KEY],
  [
    'aws/s3 and a Deny of another key',
    {
      bucket: { encryption: managed },
      ...beside(deny({ Resource: `arn:aws:kms:us-east-1:${OWN}:key/other` })),
    },
    COMPLIANT,
  ],
  [
    'aws/s3 and a boundary without KMS',
    { bucket: { encryption: managed }, ...boundary(put()) },
    { unknown: ['bucket-encryption-delivery'] },
  ],
  [
    'aws/s3 and a boundary with KMS',
    { bucket: { encryption: managed }, ...boundary(put(), put({ Action: 'kms:*', Resource: '*' })) },
    COMPLIANT,
  ],
  ['another service’s key by its alias', { bucket: encrypting('alias/aws/ebs') }, NO_KEY],
  [
    'another service’s key as it was read',
    {
      kmsKey: { keyManager: 'AWS' },
      ...keyPolicy({
        ...toRole,
        Principal: { AWS: '*' },
        Condition: {
          StringEquals: { 'kms:CallerAccount': OWN, 'kms:ViaService': 'ec2.us-east-1.amazonaws.com' },
        },
      }),
    },
    NO_KEY,
  ],
  ['S3’s own keys and a Deny of KMS', beside(deny()), COMPLIANT],
  ['aws/s3 by its alias’s ARN', { bucket: encrypting(ALIAS) }, COMPLIANT],
  ['aws/s3 of another account, by its alias', { bucket: encrypting(ALIAS.replace(OWN, OTHER)) }, NO_KEY],
  [
    'aws/s3 of another region, by its alias',
    { bucket: encrypting(ALIAS.replace('us-east-1', 'eu-west-1')) },
    NO_KEY,
  ],
  [
    'aws/s3 of another account, as it was read',
    { kmsKey: { keyManager: 'AWS', arn: KEY.replace(OWN, OTHER) } },
    NO_KEY,
  ],
  [
    'one whose policy could not be read, which may be another service’s',
    { kmsKey: { keyManager: 'AWS', policy: refused('kms:GetKeyPolicy') } },
    UNREAD,
  ],
  [
    'one whose policy could not be read, and a Deny of KMS',
    { kmsKey: { keyManager: 'AWS', policy: refused('kms:GetKeyPolicy') }, ...beside(deny()) },
    NO_KEY,
  ],
  ['one whose policy names no service', { kmsKey: { keyManager: 'AWS' }, ...keyPolicy(toAccount) }, UNREAD],
]);

table('the key’s region', [
  [
    'another region than the bucket’s',
    { kmsKey: { arn: KEY.replace('us-east-1', 'eu-west-1') }, ...keyPolicy(toRoleAll) },
    NO_KEY,
  ],
  [
    'another region, where the key could not be read',
    {
      bucket: {
        ...encrypting(KEY.replace('us-east-1', 'eu-west-1')),
        kmsKey: { state: 'unreadable', reason: { message: 'AWS denied it' } },
      },
    },
    { ...NO_KEY, unknown: ['logs-stay', 'permissions-action-scope'] },
  ],
]);

const grantOf = (changes: Partial<KmsGrant> = {}): SetUp => ({
  kmsKey: {
    grants: value([
      { grantId: 'g-1', granteePrincipal: ROLE, operations: ['GenerateDataKey', 'Decrypt'], ...changes },
    ]),
  },
});

// Source: KMS Developer Guide, "Grants in AWS KMS".
table('a grant of the key', [
  ['to the role', grantOf(), COMPLIANT],
  ['to another role', grantOf({ granteePrincipal: `${ROLE}Admin` }), NO_KEY],
  ['of another operation', grantOf({ operations: ['Decrypt'] }), NO_KEY],
  [
    'within constraints',
    grantOf({ constraints: { encryptionContextSubset: { 'aws:s3:arn': 'arn:aws:s3:::other' } } }),
    UNREAD,
  ],
  ['and a Deny of the role', { ...grantOf(), ...beside(deny()) }, NO_KEY],
  [
    'and a Deny of which nobody knows whether it applies',
    { ...grantOf(), ...beside(deny({ Condition: { StringEquals: { 'kms:KeyOrigin': 'AWS_KMS' } } })) },
    UNREAD,
  ],
  ['and a boundary without KMS', { ...grantOf(), ...boundary(put()) }, UNREAD],
]);

// Source: IAM User Guide, "Forward access sessions".
table('the key’s use through S3, which AWS counts as that of a service', [
  [
    'a Deny of direct calls',
    keyPolicy(toRoleAll, {
      ...toRoleAll,
      Effect: 'Deny',
      Condition: { BoolIfExists: { 'aws:ViaAWSService': 'false' } },
    }),
    COMPLIANT,
  ],
  [
    'a Deny of services’ calls',
    keyPolicy(toRoleAll, {
      ...toRoleAll,
      Effect: 'Deny',
      Condition: { Bool: { 'aws:ViaAWSService': 'true' } },
    }),
    NO_KEY,
  ],
]);

const ENDING: Expected = { advice: ['bucket-encryption-delivery'] };

table('the use of a key that ends', [
  ['the key’s policy, within 30 days', keyPolicy({ ...toRole, Condition: until(SOON) }), ENDING],
  ['the key’s policy, years later', keyPolicy({ ...toRole, Condition: until(FUTURE) }), COMPLIANT],
  ['the key’s policy, already', keyPolicy({ ...toRole, Condition: until(PAST) }), NO_KEY],
  [
    'the role’s own policy, within 30 days',
    { ...beside({ ...useKey, Condition: until(SOON) }), kmsKey: {} },
    ENDING,
  ],
  [
    'the role’s own policy, already',
    { ...beside({ ...useKey, Condition: until(PAST) }), kmsKey: {} },
    NO_KEY,
  ],
  [
    'what the key’s policy leaves to the account, within 30 days',
    { ...beside(useKey), ...keyPolicy({ ...toAccount, Condition: until(SOON) }) },
    ENDING,
  ],
  [
    'the key’s policy allows what the role’s no longer does',
    { ...beside({ ...useKey, Condition: until(SOON) }), ...keyPolicy(toRole) },
    COMPLIANT,
  ],
  [
    'a Deny in the key’s policy from a date on',
    keyPolicy(toRole, { ...toRole, Effect: 'Deny', Condition: from(SOON) }),
    ENDING,
  ],
]);

// KMS API Reference, PutKeyPolicy: without Resource or Action "the policy statement has no effect", and is stored all the same.
table('statements of a key’s policy that have no effect', [
  [
    'the account’s has no Resource',
    { ...beside(useKey), ...keyPolicy(without('Resource', toAccount)) },
    NO_KEY,
  ],
  ['the role’s has no Resource', keyPolicy(toAdmin, useKeyNamed), NO_KEY],
  ['the role’s has one', keyPolicy(toAdmin, { ...useKeyNamed, Resource: '*' }), COMPLIANT],
  ['the role’s has no Action', keyPolicy(toAdmin, { ...without('Action', toRole) }), NO_KEY],
  [
    'a Deny has no Resource',
    keyPolicy(toRole, { Effect: 'Deny', Principal: '*', Action: 'kms:GenerateDataKey' }),
    COMPLIANT,
  ],
  ['a Deny has no Action', keyPolicy(toRole, { Effect: 'Deny', Principal: '*', Resource: '*' }), COMPLIANT],
  [
    'a stranger’s has no Resource',
    keyPolicy(toRole, { Effect: 'Allow', Principal: { AWS: OTHER }, Action: 'kms:Decrypt' }),
    COMPLIANT,
  ],
  [
    'one that administers has no Resource',
    keyPolicy(toRole, { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'kms:*' }),
    COMPLIANT,
  ],
]);
