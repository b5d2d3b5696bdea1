/**
 * Permissions and bucket policies in which it is easy to go wrong, in either direction. Source, where none is named: IAM
 * User Guide, "IAM JSON policy elements", "AWS global condition context keys", "Permissions boundaries for IAM entities".
 */
import type { BucketObservation } from '../../../checks/observe/observation';
import {
  ALTR,
  BUCKET,
  beside,
  boundary,
  bucketPolicy,
  denyAll,
  OBJECTS,
  OWN,
  policy,
  put,
  ROLE,
} from './builders';
import { type Expected, table } from './table';

const COMPLIANT: Expected = {};
const NO_PUT: Expected = { fail: ['permissions-put-object'] };
const PUT_UNKNOWN: Expected = { unknown: ['permissions-put-object'] };
const MORE_ACTIONS: Expected = { fail: ['permissions-action-scope'] };
const MORE_RESOURCES: Expected = { fail: ['permissions-resource-scope'] };
const HELD_ACTIONS: Expected = { advice: ['permissions-action-scope'] };
const FOREIGN: Expected = { fail: ['bucket-foreign-access'] };
const FOREIGN_HELD: Expected = { advice: ['bucket-foreign-access'] };
const PAST = '2025-01-01T00:00:00Z';
const FUTURE = '2031-01-01T00:00:00Z';
const SESSION = `arn:aws:sts::${OWN}:assumed-role/ALTRPublishSIEMDataAcmeProd/altr`;
const read = (Condition: unknown) => beside(put({ Action: 's3:GetObject', Condition }));
const allow = (Principal: unknown, changes = {}) =>
  bucketPolicy({ Effect: 'Allow', Principal, Action: 's3:DeleteObject', Resource: OBJECTS, ...changes });
const denyPut = (Condition: unknown) => bucketPolicy(denyAll(Condition, { Action: 's3:PutObject' }));

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

const all = policy(put({ Action: 's3:*' }));
const with2 = (...Statement: unknown[]) => ({ ...all, ...beside(...Statement) });
table('held back by several together', [
  [
    'two Denies',
    with2(
      { Effect: 'Deny', NotAction: ['s3:PutObject', 's3:GetObject'], Resource: '*' },
      { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' },
    ),
    HELD_ACTIONS,
  ],
  [
    'two Denies, the second on a part only',
    with2(
      { Effect: 'Deny', NotAction: ['s3:PutObject', 's3:GetObject'], Resource: '*' },
      { Effect: 'Deny', Action: 's3:GetObject', Resource: `${BUCKET}/x*` },
    ),
    MORE_ACTIONS,
  ],
  [
    'a Deny that lets one action more through',
    with2({ Effect: 'Deny', NotAction: ['s3:PutObject', 's3:GetObject'], Resource: '*' }),
    MORE_ACTIONS,
  ],
  [
    'a Deny that ends on a day',
    with2({
      Effect: 'Deny',
      NotAction: 's3:PutObject',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:CurrentTime': FUTURE } },
    }),
    MORE_ACTIONS,
  ],
  [
    'a Deny over TLS only',
    with2({
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
      ...with2({ Effect: 'Deny', Action: 's3:GetObject', Resource: '*' }),
      ...boundary(put({ Action: ['s3:PutObject', 's3:GetObject'] })),
    },
    HELD_ACTIONS,
  ],
  [
    'a boundary by NotAction',
    { ...all, ...boundary(put({ Action: undefined, NotAction: 's3:GetObject' })) },
    MORE_ACTIONS,
  ],
  [
    'a boundary that was not understood',
    { ...all, permissionsBoundary: '{' },
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
  [
    'the bucket policy grants the role, the boundary does not',
    {
      attachedPolicies: {},
      ...allow({ AWS: ROLE }, { Action: 's3:PutObject' }),
      ...boundary(put({ Action: 's3:GetObject' })),
    },
    NO_PUT,
  ],
  [
    'the bucket policy grants everybody with the role’s ARN, the boundary does not',
    {
      attachedPolicies: {},
      ...allow('*', { Action: 's3:PutObject', Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } }),
      ...boundary(put({ Action: 's3:GetObject' })),
    },
    FOREIGN_HELD,
  ],
  [
    'the bucket policy grants everybody with the role’s ARN',
    {
      attachedPolicies: {},
      ...allow('*', { Action: 's3:PutObject', Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } }),
    },
    FOREIGN_HELD,
  ],
  [
    'the bucket policy grants one session',
    { attachedPolicies: {}, ...allow({ AWS: SESSION }, { Action: 's3:PutObject' }) },
    PUT_UNKNOWN,
  ],
  [
    'a boundary through a VPC endpoint',
    boundary(put({ Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } })),
    NO_PUT,
  ],
  [
    'NotPrincipal spares the role, its account and a session',
    bucketPolicy(denyAll(undefined, { Principal: undefined, NotPrincipal: { AWS: [OWN, ROLE, SESSION] } })),
    PUT_UNKNOWN,
  ],
  [
    'NotPrincipal with Deny always hits a role that has a boundary',
    {
      ...bucketPolicy(
        denyAll(undefined, { Principal: undefined, NotPrincipal: { AWS: [OWN, ROLE, SESSION] } }),
      ),
      ...boundary(put()),
    },
    NO_PUT,
  ],
  [
    'NotPrincipal of another role hits this one',
    bucketPolicy(
      denyAll(undefined, { Principal: undefined, NotPrincipal: { AWS: `arn:aws:iam::${OWN}:role/Other` } }),
    ),
    NO_PUT,
  ],
  ['a Deny of one session', bucketPolicy(denyAll(undefined, { Principal: { AWS: SESSION } })), PUT_UNKNOWN],
  [
    'a Deny of a session of another role',
    bucketPolicy(denyAll(undefined, { Principal: { AWS: `arn:aws:sts::${OWN}:assumed-role/Other/x` } })),
    COMPLIANT,
  ],
]);

table('patterns of resources', [
  ['an ARN that ends after the service', policy(put({ Resource: 'arn:aws:s3:*' })), MORE_RESOURCES],
  ['an ARN that ends within the service', policy(put({ Resource: 'arn:aws:s3*' })), MORE_RESOURCES],
  ['any ARN', policy(put({ Resource: 'arn:*' })), MORE_RESOURCES],
  [
    'a Deny on an ARN that ends after the service',
    beside({ Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:*' }),
    NO_PUT,
  ],
  ['an ARN without anything after the service', beside(put({ Resource: 'arn:aws:s3' })), MORE_RESOURCES],
  [
    'a star before the bucket runs on past the colon',
    policy(put({ Resource: 'arn:aws:s3:*:acme-altr-audit-logs/*' })),
    // AWS completes it with ":*": only keys with a colon are among what it matches.
    { fail: ['permissions-put-object', 'permissions-resource-scope'] },
  ],
  ['keys with a slash only', policy(put({ Resource: `${BUCKET}/*/*` })), NO_PUT],
  ['the empty key, which there is none of', policy(put({ Resource: `${BUCKET}/` })), NO_PUT],
  ['keys that begin with a slash', policy(put({ Resource: `${BUCKET}//*` })), NO_PUT],
  [
    'keys of one character, and keys of more',
    policy(put({ Resource: [`${BUCKET}/?`, `${BUCKET}/??*`] })),
    PUT_UNKNOWN,
  ],
  ['keys of two characters and more', policy(put({ Resource: `${BUCKET}/??*` })), NO_PUT],
  [
    'a Deny of keys with a colon',
    beside({ Effect: 'Deny', Action: 's3:PutObject', Resource: `${BUCKET}/*:*` }),
    NO_PUT,
  ],
  [
    'a Deny of an access point',
    beside({ Effect: 'Deny', Action: 's3:*', Resource: `arn:aws:s3:us-east-1:${OWN}:accesspoint/*` }),
    COMPLIANT,
  ],
  [
    'a literal dollar sign',
    policy(put(), { Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:::other-${$}/*' }),
    COMPLIANT,
  ],
  [
    'a variable by default',
    policy(put({ Resource: "arn:aws:s3:::${aws:username, 'acme-altr-audit-logs'}/*" })),
    COMPLIANT,
  ],
  [
    'a variable by default, in Version 2008: a text',
    {
      attachedPolicies: {
        p: {
          Version: '2008-10-17',
          Statement: put({ Resource: "arn:aws:s3:::${aws:username, 'acme-altr-audit-logs'}/*" }),
        },
      },
    },
    { fail: ['permissions-put-object', 'permissions-resource-scope'] },
  ],
  [
    'a literal star in the bucket’s place',
    policy(put(), put({ Resource: 'arn:aws:s3:::${*}/*' })),
    MORE_RESOURCES,
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
    'GenerateDataKey* is more than one action',
    {
      ...beside({
        Effect: 'Allow',
        Action: 'kms:GenerateDataKey*',
        Resource: `arn:aws:kms:us-east-1:${OWN}:key/11111111-2222-3333-4444-555555555555`,
      }),
      kmsKey: {},
    },
    MORE_ACTIONS,
  ],
]);

const HEADER = 's3:x-amz-server-side-encryption';
table('encryption, ACL and other headers', [
  [
    'unencrypted uploads, as the console suggests it',
    bucketPolicy(
      denyAll({ StringNotEquals: { [HEADER]: 'AES256' } }, { Action: 's3:PutObject' }),
      denyAll({ Null: { [HEADER]: 'true' } }, { Action: 's3:PutObject' }),
    ),
    PUT_UNKNOWN,
  ],
  [
    'the same, and ALTR sends the header',
    bucketPolicy(
      denyAll({ StringNotEquals: { [HEADER]: 'AES256' } }, { Action: 's3:PutObject' }),
      denyAll({ Null: { [HEADER]: 'true' } }, { Action: 's3:PutObject' }),
    ),
    COMPLIANT,
    { serverSideEncryptionHeader: 'AES256' },
  ],
  [
    'a Deny only where a wrong header is sent',
    denyPut({ StringNotEquals: { [HEADER]: 'AES256' }, Null: { [HEADER]: 'false' } }),
    COMPLIANT,
    { serverSideEncryptionHeader: 'none' },
  ],
  ['keys of the customer’s', denyPut({ Null: { [`${HEADER}-customer-algorithm`]: 'false' } }), PUT_UNKNOWN],
  [
    'keys of the customer’s, and ALTR sends no encryption header',
    denyPut({ Null: { [`${HEADER}-customer-algorithm`]: 'false' } }),
    COMPLIANT,
    { serverSideEncryptionHeader: 'none' },
  ],
  [
    'another KMS key, if one is named',
    denyPut({
      StringNotEqualsIfExists: { [`${HEADER}-aws-kms-key-id`]: 'arn:aws:kms:us-east-1:123456789012:key/x' },
      Null: { [`${HEADER}-aws-kms-key-id`]: 'false' },
    }),
    COMPLIANT,
    { serverSideEncryptionHeader: 'AES256' },
  ],
  [
    'a KMS key, where ALTR names none',
    denyPut({
      StringNotEquals: { [`${HEADER}-aws-kms-key-id`]: 'arn:aws:kms:us-east-1:123456789012:key/x' },
    }),
    NO_PUT,
    { serverSideEncryptionHeader: 'AES256' },
  ],
  [
    'public ACLs',
    denyPut({ StringEquals: { 's3:x-amz-acl': ['public-read', 'public-read-write'] } }),
    PUT_UNKNOWN,
  ],
  [
    'public ACLs, and ALTR sends none',
    denyPut({ StringEquals: { 's3:x-amz-acl': ['public-read', 'public-read-write'] } }),
    COMPLIANT,
    { aclHeader: 'none' },
  ],
  [
    'grants by header, which no canned ACL goes with',
    denyPut({ Null: { 's3:x-amz-grant-read': 'false' } }),
    COMPLIANT,
    { aclHeader: 'private' },
  ],
  ['conditional writes are demanded', denyPut({ Null: { 's3:if-none-match': 'true' } }), PUT_UNKNOWN],
  ['a storage class', denyPut({ StringNotEquals: { 's3:x-amz-storage-class': 'STANDARD_IA' } }), PUT_UNKNOWN],
  ['a key that PutObject never carries', denyPut({ StringNotLike: { 's3:prefix': 'altr/*' } }), NO_PUT],
  [
    'a number that PutObject never carries',
    denyPut({ NumericGreaterThan: { 's3:max-keys': '10' } }),
    COMPLIANT,
  ],
  ['a key of another service', denyPut({ StringNotEquals: { 'ec2:Region': 'us-east-1' } }), NO_PUT],
]);

table('who and whence', [
  [
    'a VPC endpoint, except for the role',
    bucketPolicy(
      denyAll({
        StringNotEquals: { 'aws:SourceVpce': 'vpce-1' },
        ArnNotEquals: { 'aws:PrincipalArn': ROLE },
      }),
    ),
    COMPLIANT,
  ],
  [
    'a pattern that spares the role',
    bucketPolicy(
      denyAll({ StringNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ALTRPublishSIEMData*' } }),
    ),
    COMPLIANT,
  ],
  [
    'the session’s ARN instead of the role’s',
    bucketPolicy(denyAll({ ArnNotLike: { 'aws:PrincipalArn': SESSION.replace('/altr', '/*') } })),
    NO_PUT,
  ],
  [
    'the role’s ARN with its path',
    {
      rolePath: '/altr/',
      ...bucketPolicy(denyAll({ ArnNotEquals: { 'aws:PrincipalArn': ROLE.replace('role/', 'role/altr/') } })),
    },
    COMPLIANT,
  ],
  [
    'the role’s ARN without its path',
    { rolePath: '/altr/', ...bucketPolicy(denyAll({ ArnNotEquals: { 'aws:PrincipalArn': ROLE } })) },
    NO_PUT,
  ],
  [
    'a Deny of the role, by its ARN with the path',
    {
      rolePath: '/altr/',
      ...bucketPolicy(denyAll(undefined, { Principal: { AWS: ROLE.replace('role/', 'role/altr/') } })),
    },
    NO_PUT,
  ],
  [
    'a Deny of a role of the same name elsewhere',
    { rolePath: '/altr/', ...bucketPolicy(denyAll(undefined, { Principal: { AWS: ROLE } })) },
    COMPLIANT,
  ],
  [
    'unique IDs, which are not all known',
    bucketPolicy(denyAll({ StringNotLike: { 'aws:userId': ['AROAIOSFODNN7EXAMPLEX:*', OWN] } })),
    PUT_UNKNOWN,
  ],
  [
    'the remains of a deleted role are denied',
    bucketPolicy(denyAll(undefined, { Principal: { AWS: 'AROAIOSFODNN7EXAMPLEX' } })),
    COMPLIANT,
  ],
  [
    'a source account, which a direct call never carries',
    bucketPolicy(denyAll({ StringNotEquals: { 'aws:SourceAccount': OWN } })),
    NO_PUT,
  ],
  [
    'a source account, where there is one',
    bucketPolicy(
      denyAll({ StringNotEquals: { 'aws:SourceAccount': OWN }, Null: { 'aws:SourceAccount': 'false' } }),
    ),
    COMPLIANT,
  ],
  [
    'access points only',
    bucketPolicy(denyAll({ StringNotEquals: { 's3:DataAccessPointAccount': OWN } })),
    NO_PUT,
  ],
  ['a region', bucketPolicy(denyAll({ StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } })), COMPLIANT],
  [
    'another region',
    bucketPolicy(denyAll({ StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } })),
    NO_PUT,
  ],
  ['only by way of AWS services', bucketPolicy(denyAll({ Bool: { 'aws:ViaAWSService': 'false' } })), NO_PUT],
  [
    'AWS services only',
    bucketPolicy(denyAll({ BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } })),
    NO_PUT,
  ],
  [
    'a network perimeter',
    bucketPolicy(
      denyAll({
        NotIpAddressIfExists: { 'aws:SourceIp': '52.1.0.0/16' },
        StringNotEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
      }),
    ),
    PUT_UNKNOWN,
  ],
  [
    'sessions that were revoked on a day past, as the console does it',
    beside({
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': PAST } },
    }),
    COMPLIANT,
  ],
  [
    'sessions that are revoked until a day to come',
    beside({
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': FUTURE } },
    }),
    NO_PUT,
  ],
  [
    'a tag of the role',
    bucketPolicy(denyAll({ StringNotEquals: { 'aws:PrincipalTag/team': 'logs' } })),
    PUT_UNKNOWN,
  ],
]);

const on = (acl: BucketObservation['acl'], more: Partial<BucketObservation> = {}) => ({
  bucket: { acl, ...more },
});
const grants = (grantee: string, granteeType: 'CanonicalUser' | 'Group' | 'AmazonCustomerByEmail') =>
  ({
    state: 'value',
    value: {
      owner: 'c0ffee',
      grants: [
        { grantee: 'c0ffee', granteeType: 'CanonicalUser', permission: 'FULL_CONTROL' },
        { grantee, granteeType, permission: 'WRITE' },
      ],
    },
  }) as const;
const everybody = 'http://acs.amazonaws.com/groups/global/AllUsers';
const logDelivery = 'http://acs.amazonaws.com/groups/s3/LogDelivery';
const value = <T>(it: T) => ({ state: 'value', value: it }) as const;
const denied = { state: 'unreadable', reason: { message: 'AWS denied it' } } as const;
table('access control lists', [
  [
    'another account',
    on(grants('feed', 'CanonicalUser'), { objectOwnership: value('ObjectWriter') }),
    FOREIGN,
  ],
  [
    'another account, by e-mail',
    on(grants('a@example.com', 'AmazonCustomerByEmail'), { objectOwnership: value('BucketOwnerPreferred') }),
    FOREIGN,
  ],
  [
    'another account, where ACLs are switched off',
    on(grants('feed', 'CanonicalUser'), { objectOwnership: value('BucketOwnerEnforced') }),
    COMPLIANT,
  ],
  [
    'another account, and it can’t be read whether ACLs count',
    on(grants('feed', 'CanonicalUser'), { objectOwnership: denied }),
    { unknown: ['bucket-foreign-access'] },
  ],
  [
    'everybody, where public ACLs are ignored',
    on(grants(everybody, 'Group'), { objectOwnership: value('ObjectWriter') }),
    COMPLIANT,
  ],
  [
    'everybody, and no public access block',
    on(grants(everybody, 'Group'), {
      objectOwnership: value('ObjectWriter'),
      publicAccessBlock: { state: 'absent' },
    }),
    { fail: ['bucket-public-access'] },
  ],
  [
    'S3’s own log delivery',
    on(grants(logDelivery, 'Group'), { objectOwnership: value('ObjectWriter') }),
    FOREIGN_HELD,
  ],
  ['an ACL that can’t be read', on(denied), { unknown: ['bucket-foreign-access'] }],
]);

table('public by S3’s meaning, and held back by RestrictPublicBuckets', [
  [
    'every address',
    allow('*', { Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, Action: 's3:PutObject' }),
    FOREIGN_HELD,
  ],
  [
    'half of all addresses',
    allow('*', { Condition: { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1'] } }, Action: 's3:PutObject' }),
    FOREIGN_HELD,
  ],
  [
    'a range that is narrow enough not to be public',
    allow('*', { Condition: { IpAddress: { 'aws:SourceIp': '52.1.0.0/16' } }, Action: 's3:PutObject' }),
    FOREIGN,
  ],
  [
    'any source ARN',
    allow('*', { Condition: { ArnLike: { 'aws:SourceArn': '*' } }, Action: 's3:GetObject' }),
    { advice: ['bucket-foreign-access', 'permissions-action-scope'] },
  ],
  [
    'all accounts but one',
    allow('*', {
      Condition: { StringNotEquals: { 'aws:PrincipalAccount': '222222222222' } },
      Action: 's3:PutObject',
    }),
    FOREIGN_HELD,
  ],
  [
    'access points of the account, whose policies then decide',
    bucketPolicy({
      Effect: 'Allow',
      Principal: '*',
      Action: '*',
      Resource: [BUCKET, OBJECTS],
      Condition: { StringEquals: { 's3:DataAccessPointAccount': OWN } },
    }),
    { fail: ['bucket-foreign-access', 'permissions-action-scope'] },
  ],
]);

table('outsiders in the bucket policy', [
  [
    'another account, with a Deny of all outside',
    bucketPolicy(
      put({ Principal: { AWS: '222222222222' } }),
      denyAll({ StringNotEquals: { 'aws:PrincipalAccount': OWN } }),
    ),
    FOREIGN_HELD,
  ],
  [
    'another account, with a Deny of all outside until a day to come',
    bucketPolicy(
      put({ Principal: { AWS: '222222222222' } }),
      denyAll({
        StringNotEquals: { 'aws:PrincipalAccount': OWN },
        DateLessThan: { 'aws:CurrentTime': FUTURE },
      }),
    ),
    FOREIGN,
  ],
  [
    'another account from a day to come',
    bucketPolicy(
      put({
        Principal: { AWS: '222222222222' },
        Condition: { DateGreaterThan: { 'aws:CurrentTime': FUTURE } },
      }),
    ),
    FOREIGN,
  ],
  [
    'another account until a day past',
    bucketPolicy(
      put({ Principal: { AWS: '222222222222' }, Condition: { DateLessThan: { 'aws:CurrentTime': PAST } } }),
    ),
    FOREIGN_HELD,
  ],
  [
    'ALTR’s account through its own VPC endpoint',
    bucketPolicy(
      put({ Principal: { AWS: ALTR }, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
    ),
    FOREIGN,
  ],
  [
    'everybody but one account',
    bucketPolicy({
      Effect: 'Allow',
      NotPrincipal: { AWS: '222222222222' },
      Action: 's3:PutObject',
      Resource: OBJECTS,
    }),
    FOREIGN_HELD,
  ],
  [
    'a SAML provider of the account',
    bucketPolicy(put({ Principal: { Federated: `arn:aws:iam::${OWN}:saml-provider/x` } })),
    COMPLIANT,
  ],
  [
    'a SAML provider of another account',
    bucketPolicy(put({ Principal: { Federated: 'arn:aws:iam::222222222222:saml-provider/x' } })),
    FOREIGN,
  ],
  [
    'a service of AWS without a condition',
    bucketPolicy(put({ Principal: { Service: 'delivery.logs.amazonaws.com' } })),
    FOREIGN_HELD,
  ],
  [
    'a federated user of the account',
    bucketPolicy(put({ Principal: { AWS: `arn:aws:sts::${OWN}:federated-user/x` } })),
    COMPLIANT,
  ],
  [
    'a canonical user, where the owner’s ID can’t be read',
    { ...bucketPolicy(put({ Principal: { CanonicalUser: 'feed' } })), bucket: { acl: denied } },
    { unknown: ['bucket-foreign-access'] },
  ],
]);

const KEY = `arn:aws:kms:us-east-1:${OWN}:key/11111111-2222-3333-4444-555555555555`;
const useKey = { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: KEY };
const keyPolicy = (...Statement: readonly unknown[]) => ({
  kmsKeyPolicy: { Version: '2012-10-17', Statement },
});
const NO_KEY: Expected = { fail: ['bucket-encryption-delivery'] };
const toRole = { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'kms:GenerateDataKey', Resource: '*' };
const toAccount = { Effect: 'Allow', Principal: { AWS: OWN }, Action: 'kms:*', Resource: '*' };
const CONTEXT = 'kms:EncryptionContext:aws:s3:arn';
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
    { unknown: ['bucket-encryption-delivery'] },
  ],
]);
