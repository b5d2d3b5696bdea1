/** What the role may do and who may touch the bucket, each with what it comes to. */
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
const MORE_OF_BOTH: Expected = { fail: ['permissions-action-scope', 'permissions-resource-scope'] };
const HELD_ACTIONS: Expected = { advice: ['permissions-action-scope'] };
const HELD_BOTH: Expected = { advice: ['permissions-action-scope', 'permissions-resource-scope'] };
const FOREIGN: Expected = { fail: ['bucket-foreign-access'] };
const BROKEN: Expected = {
  unknown: ['permissions-action-scope', 'permissions-put-object', 'permissions-resource-scope'],
};

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
  ['the bucket’s own ARN beside its objects', policy(put({ Resource: [BUCKET, OBJECTS] })), COMPLIANT],
  [
    'only keys with at least one character, which every key has',
    policy(put({ Resource: `${BUCKET}/?*` })),
    COMPLIANT,
  ],
  ['two stars are one', policy(put({ Resource: `${BUCKET}/**` })), COMPLIANT],
  [
    'any partition',
    policy(put({ Resource: 'arn:*:s3:::acme-altr-audit-logs/*' })),
    { advice: ['permissions-resource-scope'] },
  ],
  ['beside it a grant on some keys', beside(put({ Resource: `${BUCKET}/year=*` })), COMPLIANT],
  [
    'a condition that always holds',
    policy(put({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })),
    COMPLIANT,
  ],
]);

table('the role can do more', [
  [
    'a star in region or account, which runs on into other buckets',
    policy(put({ Resource: 'arn:aws:s3:*:*:acme-altr-audit-logs/*' })),
    { fail: ['permissions-resource-scope'] },
  ],
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

table('the role reaches more', [
  ['another bucket', beside(put({ Resource: 'arn:aws:s3:::other/*' })), MORE_RESOURCES],
  ['every bucket', beside(put({ Resource: '*' })), MORE_RESOURCES],
  ['every bucket, as an ARN', beside(put({ Resource: 'arn:aws:s3:::*' })), MORE_RESOURCES],
  ['no slash after the bucket', policy(put({ Resource: `${BUCKET}*` })), MORE_RESOURCES],
  [
    'a wildcard in the bucket’s name',
    policy(put({ Resource: 'arn:aws:s3:::acme-*-logs/*' })),
    MORE_RESOURCES,
  ],
  [
    'a question mark in the bucket’s name',
    policy(put({ Resource: 'arn:aws:s3:::acme-altr-audit-log?/*' })),
    MORE_RESOURCES,
  ],
  [
    'the bucket’s name as the beginning of another',
    policy(put(), put({ Resource: 'arn:aws:s3:::acme-altr-audit-logs-2/*' })),
    MORE_RESOURCES,
  ],
  ['NotResource', beside(put({ Resource: undefined, NotResource: 'arn:aws:s3:::other/*' })), MORE_RESOURCES],
  [
    'an access point',
    beside(put({ Resource: `arn:aws:s3:us-east-1:${OWN}:accesspoint/ap/object/*` })),
    MORE_RESOURCES,
  ],
  [
    'a variable that may be anything',
    beside(put({ Resource: 'arn:aws:s3:::${aws:PrincipalTag/bucket}/*' })),
    { unknown: ['permissions-resource-scope'] },
  ],
  [
    'a variable below the bucket',
    beside(put({ Resource: `${BUCKET}/\${aws:PrincipalTag/team}/*` })),
    COMPLIANT,
  ],
  [
    'a variable whose value is known',
    beside(put({ Resource: 'arn:aws:s3:::logs-${aws:PrincipalAccount}/*' })),
    MORE_RESOURCES,
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
    'another bucket by a boundary of this one',
    { ...beside(put({ Resource: 'arn:aws:s3:::other/*' })), ...boundary(put()) },
    { advice: ['permissions-resource-scope'] },
  ],
  [
    'a grant whose condition never holds',
    beside(put({ Action: 's3:GetObject', Condition: { Null: { 'aws:PrincipalArn': 'true' } } })),
    HELD_ACTIONS,
  ],
]);

table('the role can’t put', [
  ['no policy at all', { attachedPolicies: {} }, NO_PUT],
  ['an empty policy', policy(), NO_PUT],
  ['the bucket’s own ARN alone', policy(put({ Resource: BUCKET })), NO_PUT],
  ['some keys only', policy(put({ Resource: `${BUCKET}/altr/*` })), NO_PUT],
  [
    'some keys only, in two statements',
    policy(put({ Resource: `${BUCKET}/a*` }), put({ Resource: `${BUCKET}/b*` })),
    NO_PUT,
  ],
  ['keys with an extension only', policy(put({ Resource: `${BUCKET}/*.json` })), NO_PUT],
  [
    'the placeholder was left',
    policy(put({ Resource: 'arn:aws:s3:::[bucket]/*' })),
    { fail: ['permissions-put-object', 'permissions-resource-scope'] },
  ],
  [
    'upper and lower case count in the bucket’s name',
    policy(put({ Resource: 'arn:aws:s3:::Acme-altr-audit-logs/*' })),
    { fail: ['permissions-put-object', 'permissions-resource-scope'] },
  ],
  ['another partition', policy(put({ Resource: 'arn:aws-cn:s3:::acme-altr-audit-logs/*' })), NO_PUT],
  [
    'a Deny in the same policy',
    policy(put(), { Effect: 'Deny', Action: 's3:PutObject', Resource: OBJECTS }),
    NO_PUT,
  ],
  ['a Deny by wildcard', beside({ Effect: 'Deny', Action: 's3:P*', Resource: '*' }), NO_PUT],
  [
    'a Deny of some keys',
    beside({ Effect: 'Deny', Action: 's3:PutObject', Resource: `${BUCKET}/private/*` }),
    NO_PUT,
  ],
  [
    'a Deny of all but some keys',
    beside({ Effect: 'Deny', Action: 's3:PutObject', NotResource: `${BUCKET}/altr/*` }),
    NO_PUT,
  ],
  ['a Deny by NotAction', beside({ Effect: 'Deny', NotAction: 's3:GetObject', Resource: '*' }), NO_PUT],
  ['a boundary without it', boundary(put({ Action: 's3:GetObject' })), NO_PUT],
  ['a boundary for another bucket', boundary(put({ Resource: 'arn:aws:s3:::other/*' })), NO_PUT],
  ['a bucket policy that denies everybody', bucketPolicy(denyAll()), NO_PUT],
  [
    'a bucket policy that denies the role',
    bucketPolicy(denyAll(undefined, { Principal: { AWS: ROLE } })),
    NO_PUT,
  ],
  [
    'a bucket policy that denies the account',
    bucketPolicy(denyAll(undefined, { Principal: { AWS: OWN } })),
    NO_PUT,
  ],
  [
    'a VPC endpoint is demanded',
    bucketPolicy(denyAll({ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } })),
    NO_PUT,
  ],
  [
    'a private address range is demanded',
    bucketPolicy(denyAll({ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })),
    NO_PUT,
  ],
  [
    'MFA is demanded',
    bucketPolicy(denyAll({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } })),
    NO_PUT,
  ],
  [
    'other principals are denied',
    bucketPolicy(denyAll({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/Admin' } })),
    NO_PUT,
  ],
  [
    'a condition that the allow can’t meet',
    policy(put({ Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } })),
    NO_PUT,
  ],
  [
    'an allow until a day in the past',
    policy(put({ Condition: { DateLessThan: { 'aws:CurrentTime': '2021-01-01T00:00:00Z' } } })),
    NO_PUT,
  ],
]);

table('nothing that hinders', [
  ['a Deny of plain HTTP', bucketPolicy(denyAll({ Bool: { 'aws:SecureTransport': 'false' } })), COMPLIANT],
  ['a Deny of old TLS', bucketPolicy(denyAll({ NumericLessThan: { 's3:TlsVersion': '1.2' } })), COMPLIANT],
  [
    'a Deny of reading',
    bucketPolicy(denyAll(undefined, { Action: ['s3:GetObject', 's3:DeleteObject*'] })),
    COMPLIANT,
  ],
  [
    'a Deny on another bucket',
    beside({ Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::other/*' }),
    COMPLIANT,
  ],
  [
    'a Deny of everything outside the bucket',
    beside({ Effect: 'Deny', Action: '*', NotResource: OBJECTS }),
    COMPLIANT,
  ],
  [
    'a Deny of another principal',
    bucketPolicy(denyAll(undefined, { Principal: { AWS: 'arn:aws:iam::123456789012:role/Other' } })),
    COMPLIANT,
  ],
  [
    'a Deny that spares the role by its ARN',
    bucketPolicy(denyAll({ ArnNotEquals: { 'aws:PrincipalArn': ROLE } })),
    COMPLIANT,
  ],
  [
    'a Deny outside the account',
    bucketPolicy(denyAll({ StringNotEquals: { 'aws:PrincipalAccount': OWN } })),
    COMPLIANT,
  ],
  [
    'a Deny outside the account, by resource account',
    bucketPolicy(denyAll({ StringNotEquals: { 's3:ResourceAccount': OWN } })),
    COMPLIANT,
  ],
  ['a boundary that allows everything', boundary(put({ Action: '*', Resource: '*' })), COMPLIANT],
  [
    'the bucket policy allows what the role’s policy doesn’t',
    {
      attachedPolicies: {},
      ...bucketPolicy({
        Effect: 'Allow',
        Principal: { AWS: ROLE },
        Action: 's3:PutObject',
        Resource: OBJECTS,
      }),
    },
    COMPLIANT,
  ],
  [
    'the bucket policy allows the account, and the role’s policy too',
    bucketPolicy({ Effect: 'Allow', Principal: { AWS: OWN }, Action: 's3:*', Resource: [BUCKET, OBJECTS] }),
    COMPLIANT,
  ],
  [
    'the bucket policy allows the account, which is not the role',
    {
      attachedPolicies: {},
      ...bucketPolicy({
        Effect: 'Allow',
        Principal: { AWS: OWN },
        Action: 's3:PutObject',
        Resource: OBJECTS,
      }),
    },
    NO_PUT,
  ],
]);

table('facts that only ALTR knows', [
  [
    'an encryption header is demanded',
    bucketPolicy(
      denyAll(
        { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
        { Action: 's3:PutObject' },
      ),
    ),
    PUT_UNKNOWN,
  ],
  [
    'the header that the config declares',
    bucketPolicy(
      denyAll(
        { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
        { Action: 's3:PutObject' },
      ),
    ),
    COMPLIANT,
    { serverSideEncryptionHeader: 'AES256' },
  ],
  [
    'another header than the config declares',
    bucketPolicy(
      denyAll(
        { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
        { Action: 's3:PutObject' },
      ),
    ),
    NO_PUT,
    { serverSideEncryptionHeader: 'AES256' },
  ],
  [
    'no header, as the config declares',
    bucketPolicy(
      denyAll({ Null: { 's3:x-amz-server-side-encryption': 'true' } }, { Action: 's3:PutObject' }),
    ),
    NO_PUT,
    { serverSideEncryptionHeader: 'none' },
  ],
  [
    'a header only if there is one',
    bucketPolicy(
      denyAll({ StringNotEqualsIfExists: { 's3:x-amz-acl': 'private' } }, { Action: 's3:PutObject' }),
    ),
    { fail: ['permissions-put-object'] },
    { aclHeader: 'none' },
  ],
  [
    'an ACL header is demanded',
    bucketPolicy(
      denyAll(
        { StringNotEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
        { Action: 's3:PutObject' },
      ),
    ),
    PUT_UNKNOWN,
  ],
  [
    'a public address range',
    bucketPolicy(denyAll({ NotIpAddress: { 'aws:SourceIp': '52.1.0.0/16' } })),
    PUT_UNKNOWN,
  ],
  [
    'the range that the config declares',
    bucketPolicy(denyAll({ NotIpAddress: { 'aws:SourceIp': '52.1.0.0/16' } })),
    COMPLIANT,
    { sourceIpRanges: ['52.1.2.0/24'] },
  ],
  [
    'a part of the range that the config declares',
    bucketPolicy(denyAll({ NotIpAddress: { 'aws:SourceIp': '52.1.2.0/25' } })),
    PUT_UNKNOWN,
    { sourceIpRanges: ['52.1.2.0/24'] },
  ],
  [
    'everybody’s addresses',
    bucketPolicy(denyAll({ NotIpAddress: { 'aws:SourceIp': ['0.0.0.0/0', '::/0'] } })),
    COMPLIANT,
  ],
  [
    'an organisation that the config does not declare',
    bucketPolicy(denyAll({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })),
    PUT_UNKNOWN,
  ],
  [
    'the organisation that the config declares',
    bucketPolicy(denyAll({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })),
    COMPLIANT,
    { organizationId: 'o-abcdefghij' },
  ],
  [
    'TLS 1.3 is demanded',
    bucketPolicy(denyAll({ NumericLessThan: { 's3:TlsVersion': '1.3' } })),
    PUT_UNKNOWN,
  ],
]);

table('the bucket policy lets others in', [
  [
    'another account',
    bucketPolicy(put({ Principal: { AWS: '222222222222' }, Action: 's3:GetObject' })),
    FOREIGN,
  ],
  [
    'a role of another account',
    bucketPolicy(put({ Principal: { AWS: 'arn:aws:iam::222222222222:role/x' }, Action: 's3:GetObject' })),
    FOREIGN,
  ],
  ['ALTR’s account directly', bucketPolicy(put({ Principal: { AWS: ALTR } })), FOREIGN],
  [
    'a canonical user',
    bucketPolicy(put({ Principal: { CanonicalUser: 'feed' }, Action: 's3:GetObject' })),
    FOREIGN,
  ],
  [
    'the account’s own canonical ID',
    bucketPolicy(put({ Principal: { CanonicalUser: 'c0ffee' }, Action: 's3:GetObject' })),
    COMPLIANT,
  ],
  [
    'an organisation',
    bucketPolicy(
      put({
        Principal: '*',
        Action: 's3:PutObject',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
      }),
    ),
    FOREIGN,
  ],
  [
    'everybody, held back by the public access block',
    bucketPolicy(put({ Principal: '*' })),
    { advice: ['bucket-foreign-access'] },
  ],
  [
    'everybody of the account itself',
    bucketPolicy(put({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': OWN } } })),
    { advice: ['bucket-foreign-access'] },
  ],
  [
    'an AWS service for this account',
    bucketPolicy(
      put({
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': OWN } },
      }),
    ),
    { advice: ['bucket-foreign-access'] },
  ],
  [
    'a role of the account',
    bucketPolicy(put({ Principal: { AWS: `arn:aws:iam::${OWN}:role/Reader` }, Action: 's3:GetObject' })),
    COMPLIANT,
  ],
]);

const off = { state: 'absent' } as const;
table('public', [
  ['no public access block', { bucket: { publicAccessBlock: off } }, { fail: ['bucket-public-access'] }],
  [
    'three of four switches',
    {
      bucket: {
        publicAccessBlock: {
          state: 'value',
          value: {
            blockPublicAcls: true,
            ignorePublicAcls: true,
            blockPublicPolicy: true,
            restrictPublicBuckets: false,
          },
        },
      },
    },
    { fail: ['bucket-public-access'] },
  ],
  [
    'a public policy and no block',
    { bucket: { publicAccessBlock: off }, ...bucketPolicy(put({ Principal: '*', Action: 's3:PutObject' })) },
    { fail: ['bucket-foreign-access', 'bucket-public-access'] },
  ],
  [
    'a block that can’t be read',
    { bucket: { publicAccessBlock: { state: 'unreadable', reason: { message: 'AWS denied it' } } } },
    { unknown: ['bucket-public-access'] },
  ],
  [
    'the account’s block can’t be read, the bucket’s is missing',
    {
      bucket: {
        publicAccessBlock: off,
        accountPublicAccessBlock: { state: 'unreadable', reason: { message: 'AWS denied it' } },
      },
    },
    { unknown: ['bucket-public-access'] },
  ],
]);

const keyPolicy = (...Statement: readonly unknown[]) => ({
  kmsKeyPolicy: { Version: '2012-10-17', Statement },
});
const KEY = `arn:aws:kms:us-east-1:${OWN}:key/11111111-2222-3333-4444-555555555555`;
const useKey = { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: KEY };
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
  ['every key action', { ...beside({ ...useKey, Action: 'kms:*' }), kmsKey: {} }, MORE_ACTIONS],
  ['every key', { ...beside({ ...useKey, Resource: '*' }), kmsKey: {} }, MORE_RESOURCES],
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

table('documents that are not understood', [
  ['the attached policy is not JSON', { attachedPolicies: { p: '{' } }, BROKEN],
  ['one of two policies is not JSON', { inlinePolicies: { p: 'x' } }, { unknown: BROKEN.unknown ?? [] }],
  [
    'a resource that is no ARN',
    policy(put({ Resource: 'acme-altr-audit-logs/*' })),
    { unknown: ['permissions-put-object', 'permissions-resource-scope'] },
  ],
]);
