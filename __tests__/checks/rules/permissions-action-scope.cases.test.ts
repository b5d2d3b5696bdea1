/** The set-ups in which permissions-action-scope decides the outcome, each with the outcome of every rule. Source, unless another is named: IAM User Guide, "IAM JSON policy elements". */
import type { KmsGrant } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import {
  allow,
  allowAltr,
  BUCKET,
  beside,
  boundary,
  bucketPolicy,
  FUTURE,
  KEY,
  OBJECTS,
  OWN,
  PAST,
  policy,
  put,
  ROLE,
  refused,
  SESSION,
  trust,
  useKey,
  value,
} from './builders';
import { COMPLIANT, type Expected, FOREIGN_HELD, table } from './table';

const MORE_OF_BOTH: Expected = { fail: ['permissions-action-scope', 'permissions-resource-scope'] };
const HELD_BOTH: Expected = { advice: ['permissions-action-scope', 'permissions-resource-scope'] };
const MORE_ACTIONS: Expected = { fail: ['permissions-action-scope'] };
const HELD_ACTIONS: Expected = { advice: ['permissions-action-scope'] };
const read = (Condition: unknown) => beside(put({ Action: 's3:GetObject', Condition }));
const everyS3Action = policy(put({ Action: 's3:*' }));
const allAnd = (...Statement: unknown[]) => ({ ...everyS3Action, ...beside(...Statement) });

table('spellings that mean the vendor’s permission', [
  ['the vendor’s own', policy(put()), COMPLIANT],
  ['the action in lower case', policy(put({ Action: 's3:putobject' })), COMPLIANT],
  ['one statement, not in a list', { attachedPolicies: { p: { Statement: put() } } }, COMPLIANT],
  [
    'inline instead of attached',
    { attachedPolicies: {}, inlinePolicies: { p: { Version: '2012-10-17', Statement: put() } } },
    COMPLIANT,
  ],
  ['the same twice, in two policies', beside(put()), COMPLIANT],
  [
    'only keys with at least one character, which every key has',
    policy(put({ Resource: `${BUCKET}/?*` })),
    COMPLIANT,
  ],
  ['two stars are one', policy(put({ Resource: `${BUCKET}/**` })), COMPLIANT],
  ['beside it a grant on some keys', beside(put({ Resource: `${BUCKET}/year=*` })), COMPLIANT],
  [
    'a condition that always holds',
    policy(put({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })),
    COMPLIANT,
  ],
]);

table('the role can do more', [
  ['read', beside(put({ Action: 's3:GetObject' })), MORE_ACTIONS],
  ['read, spelled in another case', beside(put({ Action: 'S3:GETOBJECT' })), MORE_ACTIONS],
  ['s3:*', policy(put({ Action: 's3:*' })), MORE_ACTIONS],
  ['s3:Put*', policy(put({ Action: 's3:Put*' })), MORE_ACTIONS],
  ['s3:PutObject*', policy(put({ Action: 's3:PutObject*' })), MORE_ACTIONS],
  [
    's3:PutObject?, which is none of the letters of PutObject',
    policy(put({ Action: ['s3:PutObject', 's3:PutObject?'] })),
    MORE_ACTIONS,
  ],
  ['s3:?utObject', policy(put({ Action: 's3:?utObject' })), MORE_ACTIONS],
  ['PutObjectAcl', policy(put({ Action: ['s3:PutObject', 's3:PutObjectAcl'] })), MORE_ACTIONS],
  [
    'AbortMultipartUpload',
    policy(put({ Action: ['s3:PutObject', 's3:AbortMultipartUpload'] })),
    MORE_ACTIONS,
  ],
  ['list the bucket', beside(put({ Action: 's3:ListBucket', Resource: BUCKET })), MORE_ACTIONS],
  ['an action that no catalogue knows', beside(put({ Action: 's3:PutObjectOnTheMoon' })), MORE_ACTIONS],
  ['everything', beside(put({ Action: '*', Resource: '*' })), MORE_OF_BOTH],
  ['NotAction', beside(put({ Action: undefined, NotAction: 's3:GetObject' })), MORE_ACTIONS],
  [
    'NotAction of everything but PutObject elsewhere',
    beside(put({ Action: undefined, NotAction: 'iam:*', Resource: '*' })),
    MORE_OF_BOTH,
  ],
  [
    'key actions where the bucket has no key of its own',
    beside(put({ Action: 'kms:GenerateDataKey', Resource: '*' })),
    MORE_OF_BOTH,
  ],
  ['something else altogether', beside(put({ Action: 'ec2:RunInstances', Resource: '*' })), MORE_OF_BOTH],
  [
    'only under a condition that the caller can meet',
    beside(put({ Action: 's3:GetObject', Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } })),
    MORE_ACTIONS,
  ],
  [
    'by the bucket policy',
    bucketPolicy({ Effect: 'Allow', Principal: { AWS: ROLE }, Action: 's3:DeleteObject', Resource: OBJECTS }),
    MORE_ACTIONS,
  ],
]);

table('held back', [
  [
    's3:* by a Deny of everything else',
    policy(put({ Action: 's3:*' }), { Effect: 'Deny', NotAction: 's3:PutObject', Resource: '*' }),
    HELD_ACTIONS,
  ],
  [
    'reading by a Deny of reading',
    policy(put({ Action: ['s3:PutObject', 's3:GetObject'] }), {
      Effect: 'Deny',
      Action: 's3:Get*',
      Resource: '*',
    }),
    HELD_ACTIONS,
  ],
  [
    'reading by a Deny on another bucket',
    policy(put({ Action: ['s3:PutObject', 's3:GetObject'] }), {
      Effect: 'Deny',
      Action: 's3:Get*',
      Resource: 'arn:aws:s3:::other/*',
    }),
    MORE_ACTIONS,
  ],
  [
    'reading by a Deny under a condition',
    policy(put({ Action: ['s3:PutObject', 's3:GetObject'] }), {
      Effect: 'Deny',
      Action: 's3:Get*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/a': 'b' } },
    }),
    MORE_ACTIONS,
  ],
  [
    's3:* by a Deny of some actions only',
    policy(put({ Action: 's3:*' }), { Effect: 'Deny', Action: ['s3:Get*', 's3:Delete*'], Resource: '*' }),
    MORE_ACTIONS,
  ],
  [
    'everything by the boundary',
    { ...policy(put({ Action: '*', Resource: '*' })), ...boundary(put()) },
    HELD_BOTH,
  ],
  [
    'everything by a boundary that lets reading through',
    {
      ...policy(put({ Action: '*', Resource: '*' })),
      ...boundary(put({ Action: ['s3:PutObject', 's3:GetObject'] })),
    },
    { fail: ['permissions-action-scope'], advice: ['permissions-resource-scope'] },
  ],
  [
    'a grant whose condition never holds',
    beside(put({ Action: 's3:GetObject', Condition: { Null: { 'aws:PrincipalArn': 'true' } } })),
    HELD_ACTIONS,
  ],
]);

table('a key of one’s own', [
  ['every key action', { ...beside({ ...useKey, Action: 'kms:*' }), kmsKey: {} }, MORE_ACTIONS],
]);

table('a grant under a condition that whoever holds the session can meet', [
  ['over plain HTTP', read({ Bool: { 'aws:SecureTransport': 'false' } }), MORE_ACTIONS],
  ['through a VPC endpoint', read({ StringEquals: { 'aws:SourceVpce': 'vpce-1' } }), MORE_ACTIONS],
  ['with MFA', read({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }), MORE_ACTIONS],
  ['from a private address', read({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }), MORE_ACTIONS],
  [
    'by way of an AWS service',
    read({ 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } }),
    MORE_ACTIONS,
  ],
  ['with a source identity', read({ StringLike: { 'aws:SourceIdentity': '*' } }), MORE_ACTIONS],
  ['from a day to come', read({ DateGreaterThan: { 'aws:CurrentTime': FUTURE } }), MORE_ACTIONS],
  ['until a day past', read({ DateLessThan: { 'aws:CurrentTime': PAST } }), HELD_ACTIONS],
  ['as an IAM user, which no role is', read({ StringEquals: { 'aws:username': 'altr' } }), HELD_ACTIONS],
  ['as another account', read({ StringEquals: { 'aws:PrincipalAccount': '222222222222' } }), HELD_ACTIONS],
  [
    'as another role',
    read({ ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/other` } }),
    HELD_ACTIONS,
  ],
  ['as an AWS service', read({ Bool: { 'aws:PrincipalIsAWSService': 'true' } }), HELD_ACTIONS],
]);

table('held back by several together', [
  [
    'two Denies',
    allAnd(
      { Effect: 'Deny', NotAction: ['s3:PutObject', 's3:GetObject'], Resource: '*' },
      { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' },
    ),
    HELD_ACTIONS,
  ],
  [
    'two Denies, the second on a part only',
    allAnd(
      { Effect: 'Deny', NotAction: ['s3:PutObject', 's3:GetObject'], Resource: '*' },
      { Effect: 'Deny', Action: 's3:GetObject', Resource: `${BUCKET}/x*` },
    ),
    MORE_ACTIONS,
  ],
  [
    'a Deny that lets one action more through',
    allAnd({ Effect: 'Deny', NotAction: ['s3:PutObject', 's3:GetObject'], Resource: '*' }),
    MORE_ACTIONS,
  ],
  [
    'a Deny that ends on a day',
    allAnd({
      Effect: 'Deny',
      NotAction: 's3:PutObject',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:CurrentTime': FUTURE } },
    }),
    MORE_ACTIONS,
  ],
  [
    'a Deny over TLS only',
    allAnd({
      Effect: 'Deny',
      NotAction: 's3:PutObject',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'true' } },
    }),
    MORE_ACTIONS,
  ],
  [
    'boundary and Deny',
    {
      ...allAnd({ Effect: 'Deny', Action: 's3:GetObject', Resource: '*' }),
      ...boundary(put({ Action: ['s3:PutObject', 's3:GetObject'] })),
    },
    HELD_ACTIONS,
  ],
  [
    'a boundary by NotAction',
    { ...everyS3Action, ...boundary(put({ Action: undefined, NotAction: 's3:GetObject' })) },
    MORE_ACTIONS,
  ],
  [
    'a boundary that was not understood',
    { ...everyS3Action, permissionsBoundary: '{' },
    { fail: ['permissions-action-scope'], unknown: ['permissions-put-object'] },
  ],
]);

table('the boundary and the bucket policy', [
  [
    'it limits what is granted to the role by its ARN',
    { ...allow({ AWS: ROLE }), ...boundary(put()) },
    HELD_ACTIONS,
  ],
  [
    'it does not limit what is granted to a session',
    { ...allow({ AWS: SESSION }), ...boundary(put()) },
    MORE_ACTIONS,
  ],
  [
    'nor to everybody with the role’s ARN (AWS JSON policy elements: Principal)',
    { ...allow('*', { Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } }), ...boundary(put()) },
    { ...MORE_ACTIONS, ...FOREIGN_HELD },
  ],
]);

table('spellings of actions', [
  ['upper case', policy(put({ Action: 'S3:PUTOBJECT' })), COMPLIANT],
  [
    'a space at the end',
    policy(put({ Action: 's3:PutObject ' })),
    { fail: ['permissions-action-scope', 'permissions-put-object'] },
  ],
  [
    'a unicode escape',
    {
      attachedPolicies: {
        p: JSON.stringify({ Version: '2012-10-17', Statement: put() }).replace(
          'PutObject',
          'Put\\u004fbject',
        ),
      },
    },
    COMPLIANT,
  ],
  [
    'a letter of another alphabet',
    policy(put({ Action: 's3:PutObj\u0435ct' })),
    { fail: ['permissions-action-scope', 'permissions-put-object'] },
  ],
  ['another service with the same end', beside(put({ Action: 's3express:PutObject' })), MORE_ACTIONS],
  ['any service', beside(put({ Action: '*:PutObject' })), MORE_ACTIONS],
  [
    'an action of every form but its own',
    policy(put(), put({ Action: undefined, NotAction: 's3:*' })),
    MORE_ACTIONS,
  ],
  [
    'GenerateDataKey* on the bucket’s key, as AWS’s own examples write it',
    { ...beside({ Effect: 'Allow', Action: 'kms:GenerateDataKey*', Resource: KEY }), kmsKey: {} },
    COMPLIANT,
  ],
  [
    'GenerateDataKeyWithoutPlaintext on the bucket’s key',
    {
      ...beside(useKey, {
        Effect: 'Allow',
        Action: 'kms:GenerateDataKeyWithoutPlaintext',
        Resource: KEY,
      }),
      kmsKey: {},
    },
    COMPLIANT,
  ],
  [
    'GenerateData*, of which the key’s family is a part',
    { ...beside({ Effect: 'Allow', Action: 'kms:Generate*', Resource: KEY }), kmsKey: {} },
    MORE_ACTIONS,
  ],
  [
    'GenerateDataKey* where the bucket has no key',
    beside({ Effect: 'Allow', Action: 'kms:GenerateDataKey*', Resource: KEY }),
    { fail: ['permissions-action-scope', 'permissions-resource-scope'] },
  ],
  [
    'GenerateDataKey* on another key',
    {
      ...beside(useKey, {
        Effect: 'Allow',
        Action: 'kms:GenerateDataKey*',
        Resource: KEY.replace('1111-', '9999-'),
      }),
      kmsKey: {},
    },
    { fail: ['permissions-resource-scope'] },
  ],
]);

const keyUsers = (Action: unknown, changes = {}): SetUp => ({
  kmsKeyPolicy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: OWN }, Action: 'kms:*', Resource: '*' },
      {
        Effect: 'Allow',
        Principal: { AWS: ROLE },
        Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        Resource: '*',
      },
      { Effect: 'Allow', Principal: { AWS: ROLE }, Action, Resource: '*', ...changes },
    ],
  },
});
const GRANTS = ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'];

// Source: KMS Developer Guide, "Default key policy", "Allows key users to use the KMS key".
table('what the policy of the bucket’s key grants the role', [
  [
    'the console’s key users',
    keyUsers(['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey']),
    COMPLIANT,
  ],
  ['GenerateDataKey with a star', keyUsers('kms:GenerateDataKey*'), COMPLIANT],
  [
    'the console’s grants for AWS services',
    keyUsers(GRANTS, { Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }),
    COMPLIANT,
  ],
  [
    'the same by a comparison of texts',
    keyUsers(GRANTS, { Condition: { StringEquals: { 'kms:GrantIsForAWSResource': ['true'] } } }),
    COMPLIANT,
  ],
  [
    'grants for everybody but AWS services',
    keyUsers(GRANTS, { Condition: { Bool: { 'kms:GrantIsForAWSResource': 'false' } } }),
    MORE_ACTIONS,
  ],
  [
    'grants that are for AWS services only if that is told',
    keyUsers(GRANTS, { Condition: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'true' } } }),
    MORE_ACTIONS,
  ],
  ['grants for anybody', keyUsers(GRANTS), MORE_ACTIONS],
  ['another key policy', keyUsers('kms:PutKeyPolicy'), MORE_ACTIONS],
  ['deletion', keyUsers('kms:ScheduleKeyDeletion'), MORE_ACTIONS],
  ['everything', keyUsers('kms:*'), MORE_ACTIONS],
  ['everything but one action', keyUsers(undefined, { NotAction: 'kms:Decrypt' }), MORE_ACTIONS],
  ['everything, for another role', keyUsers('kms:*', { Principal: { AWS: `${ROLE}Admin` } }), COMPLIANT],
  [
    'deletion, held back by the role’s own Deny',
    {
      ...keyUsers('kms:ScheduleKeyDeletion'),
      ...beside({ Effect: 'Deny', Action: 'kms:ScheduleKeyDeletion', Resource: '*' }),
    },
    HELD_ACTIONS,
  ],
]);

const grant = (changes: Partial<KmsGrant>, setUp: SetUp = beside(useKey)): SetUp => ({
  ...setUp,
  kmsKey: {
    grants: value([
      { grantId: 'g', granteePrincipal: ROLE, operations: ['GenerateDataKey', 'Decrypt'], ...changes },
    ]),
  },
});
const OF_VOLUMES = { encryptionContextEquals: { 'aws:ebs:id': 'vol-1' } };
const OF_LOGS = { encryptionContextSubset: { 'aws:s3:arn': BUCKET } };

// Source: KMS Developer Guide, "Grant operations", "Granting CreateGrant permission".
table('what grants of the bucket’s key let the role do', [
  ['write', grant({}), COMPLIANT],
  [
    'use the key in every way',
    grant({
      operations: [
        'Encrypt',
        'Decrypt',
        'ReEncryptFrom',
        'ReEncryptTo',
        'GenerateDataKey',
        'GenerateDataKeyWithoutPlaintext',
        'GenerateDataKeyPair',
        'GenerateDataKeyPairWithoutPlaintext',
        'DescribeKey',
      ],
    }),
    COMPLIANT,
  ],
  ['make grants', grant({ operations: ['GenerateDataKey', 'Decrypt', 'CreateGrant'] }), MORE_ACTIONS],
  [
    'make grants, as one of its sessions',
    grant({ granteePrincipal: SESSION, operations: ['CreateGrant'] }),
    MORE_ACTIONS,
  ],
  ['give the grant up', grant({ operations: ['Decrypt', 'RetireGrant'] }), MORE_ACTIONS],
  ['sign', grant({ operations: ['Sign'] }), MORE_ACTIONS],
  ['what no list knows', grant({ operations: ['Borrow'] }), MORE_ACTIONS],
  ['make grants for logs', grant({ operations: ['CreateGrant'], constraints: OF_LOGS }), MORE_ACTIONS],
  [
    'make grants for what an application marks',
    grant({ operations: ['CreateGrant'], constraints: { encryptionContextSubset: { tenant: 'x' } } }),
    MORE_ACTIONS,
  ],
  [
    'make grants for a service’s own data',
    grant({ operations: ['Decrypt', 'CreateGrant', 'RetireGrant'], constraints: OF_VOLUMES }),
    COMPLIANT,
  ],
  ['sign for a service', grant({ operations: ['Sign'], constraints: OF_VOLUMES }), MORE_ACTIONS],
  [
    'nothing: another role may',
    grant({ granteePrincipal: `${ROLE}Admin`, operations: ['CreateGrant'] }),
    COMPLIANT,
  ],
  [
    'nothing: a session of another role may',
    grant({ granteePrincipal: SESSION.replace('/altr', 'Admin/altr'), operations: ['CreateGrant'] }),
    COMPLIANT,
  ],
  [
    'make grants, which a policy of the role denies',
    grant(
      { operations: ['GenerateDataKey', 'Decrypt', 'CreateGrant'] },
      beside(useKey, { Effect: 'Deny', Action: 'kms:CreateGrant', Resource: '*' }),
    ),
    HELD_ACTIONS,
  ],
  [
    'make grants, which a policy of the role denies on another key',
    grant(
      { operations: ['GenerateDataKey', 'Decrypt', 'CreateGrant'] },
      beside(useKey, { Effect: 'Deny', Action: 'kms:CreateGrant', Resource: KEY.replace('1111-', '9999-') }),
    ),
    MORE_ACTIONS,
  ],
  [
    'make grants, which the boundary does not allow: how it limits a grant is not documented',
    { ...grant({ operations: ['CreateGrant'] }), ...boundary(put(), useKey) },
    MORE_ACTIONS,
  ],
]);

const keyGrant = { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'kms:*', Resource: '*' };
const butUse = { Effect: 'Deny', NotAction: ['kms:GenerateDataKey', 'kms:Decrypt'] };
const useAlone = { ...butUse, Principal: { AWS: ROLE }, Resource: '*' };
const keyPolicyOf = (...Statement: readonly unknown[]) => ({
  kmsKeyPolicy: { Version: '2012-10-17', Statement },
});

// Source: IAM User Guide, "Policy evaluation logic": an explicit Deny in any policy wins.
table('what the key’s policy gives and takes', [
  ['all of KMS', keyPolicyOf(keyGrant), { fail: ['permissions-action-scope'] }],
  ['all of KMS, and a Deny of all but the use', keyPolicyOf(keyGrant, useAlone), HELD_ACTIONS],
  [
    'all of KMS, and a Deny of somebody else',
    keyPolicyOf(keyGrant, { ...useAlone, Principal: { AWS: `arn:aws:iam::${OWN}:role/x` } }),
    { fail: ['permissions-action-scope'] },
  ],
  [
    'all of KMS, and the role’s own Deny for the key',
    { ...keyPolicyOf(keyGrant), ...beside({ ...butUse, Resource: [KEY, BUCKET] }) },
    HELD_ACTIONS,
  ],
  [
    'the role’s own grant on the key, which the key’s policy denies',
    {
      ...keyPolicyOf({ ...keyGrant, Principal: { AWS: OWN } }, useAlone),
      ...beside({ ...useKey, Action: 'kms:*' }),
    },
    HELD_ACTIONS,
  ],
  [
    'the role’s own grant on every key, of which the key’s policy denies one',
    {
      ...keyPolicyOf({ ...keyGrant, Principal: { AWS: OWN } }, useAlone),
      ...beside({ ...useKey, Action: 'kms:*', Resource: '*' }),
    },
    MORE_OF_BOTH,
  ],
]);

const ofTeam = (team: string) =>
  beside(put({ Action: 's3:*', Condition: { StringEquals: { 'aws:PrincipalTag/team': team } } }));
const tags = { roleTags: { team: 'logs' } };
const withTags = trust(allowAltr(), allowAltr({ Action: 'sts:TagSession', Condition: undefined }));

// Source: IAM User Guide, "Passing session tags in AWS STS": the trust policy must allow sts:TagSession.
table('grants under the role’s tags', [
  ['a tag that the role has', { ...ofTeam('logs'), ...tags }, { fail: ['permissions-action-scope'] }],
  ['a tag that it has not', { ...ofTeam('other'), ...tags }, HELD_ACTIONS],
  [
    'a tag that it has not, where callers may pass tags',
    { ...ofTeam('other'), ...tags, ...withTags },
    { fail: ['permissions-action-scope', 'trust-action'] },
  ],
  [
    'a tag of a role whose tags were not read',
    { ...ofTeam('other'), role: { tags: refused('iam:GetRole') } },
    { fail: ['permissions-action-scope'] },
  ],
]);
