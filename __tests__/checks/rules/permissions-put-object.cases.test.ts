/** The set-ups in which permissions-put-object decides the outcome, each with the outcome of every rule. Source, unless another is named: IAM User Guide, "IAM JSON policy elements". */
import type { BucketObservation } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import type { Assumptions } from '../../../config/options/assumptions';
import {
  allow,
  BUCKET,
  beside,
  boundary,
  bucketPolicy,
  denyAll,
  FUTURE,
  from,
  NOT_SOON,
  OBJECTS,
  OWN,
  PAST,
  policy,
  put,
  ROLE,
  refused,
  SESSION,
  SOON,
  until,
  value,
} from './builders';
import { findingsOf } from './support';
import { COMPLIANT, type Expected, table } from './table';

const BROKEN: Expected = {
  unknown: ['permissions-action-scope', 'permissions-put-object', 'permissions-resource-scope'],
};
const NO_PUT: Expected = { fail: ['permissions-put-object'] };
const PUT_UNKNOWN: Expected = { unknown: ['permissions-put-object'] };
const denyPut = (Condition: unknown) => bucketPolicy(denyAll(Condition, { Action: 's3:PutObject' }));
const HEADER = 's3:x-amz-server-side-encryption';

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
    'an organization that the config does not declare',
    bucketPolicy(denyAll({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })),
    PUT_UNKNOWN,
  ],
  [
    'the organization that the config declares',
    bucketPolicy(denyAll({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })),
    COMPLIANT,
    { organizationId: 'o-abcdefghij' },
  ],
  [
    'a unit of the organization that the config declares',
    bucketPolicy(
      denyAll({ 'ForAnyValue:StringNotLike': { 'aws:PrincipalOrgPaths': 'o-abcdefghij/r-ab12/*' } }),
    ),
    PUT_UNKNOWN,
    { organizationId: 'o-abcdefghij' },
  ],
  [
    'all paths of the organization that the config declares',
    bucketPolicy(denyAll({ 'ForAnyValue:StringNotLike': { 'aws:PrincipalOrgPaths': 'o-abcdefghij/*' } })),
    COMPLIANT,
    { organizationId: 'o-abcdefghij' },
  ],
  [
    'paths of an organization that the config does not declare',
    bucketPolicy(denyAll({ 'ForAnyValue:StringNotLike': { 'aws:PrincipalOrgPaths': 'o-abcdefghij/*' } })),
    PUT_UNKNOWN,
  ],
  [
    'TLS 1.3 is demanded',
    bucketPolicy(denyAll({ NumericLessThan: { 's3:TlsVersion': '1.3' } })),
    PUT_UNKNOWN,
  ],
]);

table('documents that are not understood', [
  ['the attached policy is not JSON', { attachedPolicies: { p: '{' } }, BROKEN],
  ['one of two policies is not JSON', { inlinePolicies: { p: 'x' } }, { unknown: BROKEN.unknown ?? [] }],
  [
    'a resource that is no ARN',
    policy(put({ Resource: 'acme-altr-audit-logs/*' })),
    { unknown: ['permissions-put-object', 'permissions-resource-scope'] },
  ],
  [
    'a policy of the role that names principals, which IAM refuses to store',
    beside({ Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 's3:*', Resource: '*' }),
    { unknown: ['permissions-action-scope', 'permissions-resource-scope'] },
  ],
]);

table('the boundary and the bucket policy', [
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
  [
    'a Deny on an ARN that ends after the service',
    beside({ Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:*' }),
    NO_PUT,
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
]);

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
  ['keys of the customer’s', denyPut({ Null: { [`${HEADER}-customer-algorithm`]: 'false' } }), COMPLIANT],
  [
    'a key of the customer’s is demanded',
    denyPut({ Null: { [`${HEADER}-customer-algorithm`]: 'true' } }),
    NO_PUT,
  ],
  ['an encryption that S3 has not', denyPut({ StringEquals: { [HEADER]: 'aws:fsx' } }), COMPLIANT],
  [
    'encryptions that S3 has not, if there is a header',
    denyPut({
      StringNotEquals: { [HEADER]: ['AES256', 'aws:kms', 'aws:kms:dsse'] },
      Null: { [HEADER]: 'false' },
    }),
    COMPLIANT,
  ],
  [
    'encryptions that S3 has not, or no header',
    denyPut({ StringNotEquals: { [HEADER]: ['AES256', 'aws:kms', 'aws:kms:dsse'] } }),
    PUT_UNKNOWN,
  ],
  [
    'encryptions that S3 has not, by a pattern',
    denyPut({ StringNotLike: { [HEADER]: ['AES*', 'aws:kms*'] }, Null: { [HEADER]: 'false' } }),
    COMPLIANT,
  ],
  [
    'an encryption of S3’s, if there is a header',
    denyPut({ StringNotEquals: { [HEADER]: ['aws:kms', 'aws:kms:dsse'] }, Null: { [HEADER]: 'false' } }),
    PUT_UNKNOWN,
  ],
  [
    'every encryption of S3’s, where there is a header',
    denyPut({ StringLike: { [HEADER]: '*' } }),
    PUT_UNKNOWN,
  ],
  [
    'two encryptions at once',
    denyPut({ StringEquals: { [HEADER]: 'AES256' }, StringLike: { [HEADER]: 'aws:*' } }),
    COMPLIANT,
  ],
  [
    'double encryption is demanded, and ALTR sends it',
    denyPut({ StringNotEquals: { [HEADER]: 'aws:kms:dsse' } }),
    COMPLIANT,
    { serverSideEncryptionHeader: 'aws:kms:dsse' },
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
    COMPLIANT,
  ],
  ['the ACL private', denyPut({ StringEquals: { 's3:x-amz-acl': 'private' } }), COMPLIANT],
  [
    'every ACL but the owner’s, if there is one',
    denyPut({
      StringNotEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' },
      Null: { 's3:x-amz-acl': 'false' },
    }),
    COMPLIANT,
  ],
  ['every ACL', denyPut({ Null: { 's3:x-amz-acl': 'false' } }), PUT_UNKNOWN],
  [
    'the owner’s ACL',
    denyPut({ StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } }),
    PUT_UNKNOWN,
  ],
  ['the ACL private is demanded', denyPut({ StringNotEquals: { 's3:x-amz-acl': 'private' } }), NO_PUT],
  [
    'public ACLs, and ALTR sends none',
    denyPut({ StringEquals: { 's3:x-amz-acl': ['public-read', 'public-read-write'] } }),
    COMPLIANT,
    { aclHeader: 'none' },
  ],
  ['grants by header', denyPut({ Null: { 's3:x-amz-grant-read': 'false' } }), COMPLIANT],
  ['grants by header are demanded', denyPut({ Null: { 's3:x-amz-grant-full-control': 'true' } }), NO_PUT],
  ['conditional writes are demanded', denyPut({ Null: { 's3:if-none-match': 'true' } }), PUT_UNKNOWN],
  ['conditional writes by ETag are demanded', denyPut({ Null: { 's3:if-match': 'true' } }), NO_PUT],
  ['conditional writes by ETag', denyPut({ Null: { 's3:if-match': 'false' } }), COMPLIANT],
  ['conditional writes', denyPut({ StringEquals: { 's3:if-none-match': '*' } }), PUT_UNKNOWN],
  ['a storage class', denyPut({ StringNotEquals: { 's3:x-amz-storage-class': 'STANDARD_IA' } }), PUT_UNKNOWN],
  [
    'a storage class of another kind of buckets',
    denyPut({ StringEquals: { 's3:x-amz-storage-class': 'SNOW' } }),
    COMPLIANT,
  ],
  ['a lock of objects', denyPut({ StringEquals: { 's3:object-lock-mode': 'COMPLIANCE' } }), COMPLIANT],
  [
    'a long lock of objects',
    denyPut({ NumericGreaterThan: { 's3:object-lock-remaining-retention-days': '10' } }),
    COMPLIANT,
  ],
  ['a lock of objects is demanded', denyPut({ Null: { 's3:object-lock-mode': 'true' } }), NO_PUT],
  ['tags of objects', denyPut({ StringLike: { 's3:RequestObjectTag/team': '*' } }), COMPLIANT],
  [
    'tags of objects are demanded',
    denyPut({ StringNotEquals: { 's3:RequestObjectTag/team': 'logs' } }),
    NO_PUT,
  ],
  ['copies', denyPut({ StringLike: { 's3:x-amz-copy-source': '*' } }), COMPLIANT],
  [
    'tags of the bucket, which nobody reads',
    denyPut({ StringNotEquals: { 'aws:ResourceTag/team': 'logs' } }),
    PUT_UNKNOWN,
  ],
  [
    'tags of the bucket are demanded, and its ABAC is off',
    {
      ...denyPut({ StringNotEquals: { 'aws:ResourceTag/team': 'logs' } }),
      bucket: { abacTags: { state: 'absent' } },
    },
    NO_PUT,
  ],
  [
    'tags of the bucket are demanded, and it has them',
    {
      ...denyPut({ StringNotEquals: { 'aws:ResourceTag/team': 'logs' } }),
      bucket: { abacTags: { state: 'value', value: { team: 'logs' } } },
    },
    COMPLIANT,
  ],
  ['signatures in the query', denyPut({ StringNotEquals: { 's3:authType': 'REST-HEADER' } }), PUT_UNKNOWN],
  ['a way to authenticate that S3 has not', denyPut({ StringEquals: { 's3:authType': 'BASIC' } }), COMPLIANT],
  [
    'a key of S3’s for other actions',
    denyPut({ StringNotEquals: { 's3:ExistingObjectTag/a': 'b' } }),
    NO_PUT,
  ],
  ['a key that nobody defines', denyPut({ StringEquals: { 's3:x-amz-colour': 'blue' } }), COMPLIANT],
  ['a key that nobody defines is demanded', denyPut({ StringNotEquals: { 'aws:Colour': 'blue' } }), NO_PUT],
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
    'unique IDs, and the role’s is one of them',
    {
      roleId: 'AROAIOSFODNN7EXAMPLEX',
      ...bucketPolicy(denyAll({ StringNotLike: { 'aws:userId': ['AROAIOSFODNN7EXAMPLEX:*', OWN] } })),
    },
    COMPLIANT,
  ],
  [
    'unique IDs, and the role’s is none of them',
    {
      roleId: 'AROAIOSFODNN7EXAMPLEY',
      ...bucketPolicy(denyAll({ StringNotLike: { 'aws:userId': ['AROAIOSFODNN7EXAMPLEX:*', OWN] } })),
    },
    NO_PUT,
  ],
  [
    'the unique ID with the name of one session',
    {
      roleId: 'AROAIOSFODNN7EXAMPLEX',
      ...bucketPolicy(denyAll({ StringNotEquals: { 'aws:userid': 'AROAIOSFODNN7EXAMPLEX:altr' } })),
    },
    PUT_UNKNOWN,
  ],
  [
    'the unique ID without a session',
    {
      roleId: 'AROAIOSFODNN7EXAMPLEX',
      ...bucketPolicy(denyAll({ StringNotEquals: { 'aws:userid': 'AROAIOSFODNN7EXAMPLEX' } })),
    },
    NO_PUT,
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
    'a tag of the role, which has it',
    {
      roleTags: { Team: 'logs', env: 'prod' },
      ...bucketPolicy(denyAll({ StringNotEquals: { 'aws:PrincipalTag/team': 'logs' } })),
    },
    COMPLIANT,
  ],
  [
    'a tag of the role, which has another value',
    {
      roleTags: { team: 'web' },
      ...bucketPolicy(denyAll({ StringNotEquals: { 'aws:PrincipalTag/team': 'logs' } })),
    },
    NO_PUT,
  ],
  [
    'a tag of the role, which has none',
    { roleTags: {}, ...bucketPolicy(denyAll({ StringNotEquals: { 'aws:PrincipalTag/team': 'logs' } })) },
    NO_PUT,
  ],
  [
    'a Deny of a tag that the role has not',
    { roleTags: {}, ...bucketPolicy(denyAll({ StringEquals: { 'aws:PrincipalTag/team': 'web' } })) },
    COMPLIANT,
  ],
  [
    'a tag of the role as a variable',
    {
      roleTags: { folder: '*' },
      ...policy(put({ Resource: `${BUCKET}/\${aws:PrincipalTag/folder}` })),
    },
    NO_PUT,
  ],
  [
    'a tag of the role that was not read',
    {
      ...bucketPolicy(denyAll({ StringNotEquals: { 'aws:PrincipalTag/team': 'logs' } })),
      role: { tags: undefined },
    },
    PUT_UNKNOWN,
  ],
]);

const IP = 'aws:SourceIp';
const DECLARED = { sourceIpRanges: ['52.1.2.0/24', '2600:1f00::/24'] };
const WITHIN = ['52.1.0.0/16', '2600::/16'];

table('declared addresses, in every spelling', [
  ['NotIpAddress of wider ranges', denyPut({ NotIpAddress: { [IP]: WITHIN } }), COMPLIANT, DECLARED],
  ['NotIpAddressIfExists', denyPut({ NotIpAddressIfExists: { [IP]: WITHIN } }), COMPLIANT, DECLARED],
  [
    'ForAllValues:NotIpAddress',
    denyPut({ 'ForAllValues:NotIpAddress': { [IP]: WITHIN } }),
    COMPLIANT,
    DECLARED,
  ],
  [
    'ForAnyValue:NotIpAddress',
    denyPut({ 'ForAnyValue:NotIpAddress': { [IP]: WITHIN } }),
    COMPLIANT,
    DECLARED,
  ],
  ['NotIpAddress of other ranges', denyPut({ NotIpAddress: { [IP]: '54.0.0.0/8' } }), NO_PUT, DECLARED],
  [
    'NotIpAddress of one range of two',
    denyPut({ NotIpAddress: { [IP]: '52.1.0.0/16' } }),
    PUT_UNKNOWN,
    DECLARED,
  ],
  ['IpAddress of other ranges', denyPut({ IpAddress: { [IP]: '54.0.0.0/8' } }), COMPLIANT, DECLARED],
  [
    'IpAddressIfExists of other ranges',
    denyPut({ IpAddressIfExists: { [IP]: '54.0.0.0/8' } }),
    COMPLIANT,
    DECLARED,
  ],
  ['IpAddress of the ranges', denyPut({ IpAddress: { [IP]: WITHIN } }), NO_PUT, DECLARED],
  [
    'an Allow of the ranges',
    policy(put({ Condition: { IpAddress: { [IP]: WITHIN } } })),
    COMPLIANT,
    DECLARED,
  ],
  [
    'an Allow of other ranges',
    policy(put({ Condition: { IpAddress: { [IP]: '54.0.0.0/8' } } })),
    NO_PUT,
    DECLARED,
  ],
  [
    'an Allow of all but the ranges',
    policy(put({ Condition: { NotIpAddress: { [IP]: WITHIN } } })),
    NO_PUT,
    DECLARED,
  ],
  [
    'an endpoint or the ranges, with both declared away',
    denyPut({ NotIpAddress: { [IP]: WITHIN }, StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }),
    COMPLIANT,
    DECLARED,
  ],
  ['endpoints are denied', denyPut({ Null: { 'aws:SourceVpce': 'false' } }), COMPLIANT, DECLARED],
  [
    'endpoints are denied, and nothing is declared',
    denyPut({ Null: { 'aws:SourceVpce': 'false' } }),
    PUT_UNKNOWN,
  ],
  ['addresses in a VPC', denyPut({ NotIpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' } }), NO_PUT, DECLARED],
  [
    'addresses in a VPC, and nothing is declared',
    denyPut({ IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' } }),
    PUT_UNKNOWN,
  ],
]);

const ENDING: Expected = { advice: ['permissions-put-object'] };

table('a permission to put that ends', [
  ['within 30 days', policy(put({ Condition: until(SOON) })), ENDING],
  ['a second later', policy(put({ Condition: until(NOT_SOON) })), COMPLIANT],
  ['already', policy(put({ Condition: until(PAST) })), NO_PUT],
  ['another policy goes on', beside(put({ Condition: until(SOON) })), COMPLIANT],
  [
    'the boundary’s, within 30 days',
    boundary({ Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: until(SOON) }),
    ENDING,
  ],
  [
    'the boundary’s, already',
    boundary({ Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: until(PAST) }),
    NO_PUT,
  ],
  [
    'by the bucket’s policy, which alone grants it',
    {
      attachedPolicies: {},
      ...bucketPolicy({ ...put({ Principal: { AWS: ROLE } }), Condition: until(SOON) }),
    },
    ENDING,
  ],
  [
    'by the bucket’s policy, which granted it alone',
    {
      attachedPolicies: {},
      ...bucketPolicy({ ...put({ Principal: { AWS: ROLE } }), Condition: until(PAST) }),
    },
    NO_PUT,
  ],
  ['by a Deny in the bucket’s policy from a date on', denyPut(from(SOON)), ENDING],
  ['by a Deny in the bucket’s policy, already', denyPut(from(PAST)), NO_PUT],
  ['a Deny in the bucket’s policy that is over', denyPut(until(PAST)), COMPLIANT],
]);

const DEFAULT = { defaultRetention: { mode: 'COMPLIANCE' as const, days: 30 } };
/** A bucket with this Object Lock, of which the config says nothing unless it declares it. */
const locked = (objectLock: BucketObservation['objectLock'], declares?: SetUp['declares']): SetUp => ({
  declares,
  bucket: { objectLock, versioning: value({ status: 'Enabled' }) },
});
const lockIt = { retention: { objectLock: true, ...DEFAULT } };
const LOCK_UNKNOWN: Expected = { unknown: ['declared-retention'] };
const NONE = { checksumHeader: 'none' } as const;
const SENT = { checksumHeader: 'sent' } as const;

// Source: Amazon S3 User Guide, "Managing Object Lock".
table('a default retention that nobody declared, and ALTR’s checksum', [
  ['nobody says whether ALTR sends one', locked(value(DEFAULT)), PUT_UNKNOWN],
  ['ALTR sends one', locked(value(DEFAULT)), COMPLIANT, SENT],
  ['ALTR sends none', locked(value(DEFAULT)), NO_PUT, NONE],
  ['in the weaker mode', locked(value({ defaultRetention: { mode: 'GOVERNANCE', years: 1 } })), PUT_UNKNOWN],
  ['a lock without a retention', locked(value({})), COMPLIANT, NONE],
  ['no lock', locked({ state: 'absent' }), COMPLIANT, NONE],
  ['AWS refuses to show it', locked(refused('s3:GetObjectLockConfiguration')), PUT_UNKNOWN],
  [
    'AWS refuses to show it, and ALTR sends one',
    locked(refused('s3:GetObjectLockConfiguration')),
    COMPLIANT,
    SENT,
  ],
  ['an older observation lacks it', locked(undefined), { advice: ['permissions-put-object'] }],
  ['an older observation lacks it, and ALTR sends one', locked(undefined), COMPLIANT, SENT],
  ['other settings are declared', locked(value(DEFAULT), { retention: { versioning: true } }), PUT_UNKNOWN],
  [
    'a Deny hides nothing of it',
    { ...locked(value(DEFAULT)), ...bucketPolicy(denyAll()) },
    { ...NO_PUT, ...PUT_UNKNOWN },
  ],
  ['it is declared, and nobody says whether ALTR sends one', locked(value(DEFAULT), lockIt), LOCK_UNKNOWN],
  [
    'it is declared, and ALTR sends none',
    locked(value(DEFAULT), lockIt),
    { fail: ['declared-retention'] },
    NONE,
  ],
  ['only the lock is declared', locked(value(DEFAULT), { retention: { objectLock: true } }), LOCK_UNKNOWN],
  [
    'it is declared, and AWS refuses to show it',
    locked(refused('s3:GetObjectLockConfiguration'), lockIt),
    LOCK_UNKNOWN,
  ],
]);

describe('a default retention that nobody declared', () => {
  const own = (setUp: SetUp, assumptions?: Assumptions) =>
    findingsOf(setUp, assumptions).filter(({ rule }) => rule === 'permissions-put-object');

  test.each([undefined, 'none'] as const)(
    'is a finding of the bucket with ALTR’s checksum %s, and nothing passes',
    (checksumHeader) => {
      const found = own(locked(value(DEFAULT)), { checksumHeader });
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject({ resource: BUCKET, severity: 'high' });
      // What takes the lock away weakens the owner's protection, and does not undo what is locked.
      expect(found[0]?.remediation).toEqual({
        summary: expect.stringMatching(/^Ask ALTR .*altr\.assumptions\.checksumHeader/),
      });
    },
  );

  test('that was not looked at passes nothing', () => {
    expect(own(locked(undefined)).map(({ status, message }) => ({ status, message }))).toEqual([
      {
        status: 'advice',
        message:
          'Not looked at when the observation was made: the bucket’s Object Lock. permissions-put-object does not judge it. Observe again.',
      },
    ]);
  });

  test('passes on the assumption that it names', () => {
    const rests = 'This rests on altr.assumptions in the config: checksumHeader.';
    expect(own(locked(value(DEFAULT)), SENT)[0]?.message).toContain(rests);
    expect(own(locked(value({})), SENT)[0]?.message).not.toContain('rests');
  });

  test('of another account’s bucket is that account’s business', () => {
    const setUp = locked(value(DEFAULT));
    const foreign = { ...setUp, bucket: { ...setUp.bucket, owner: value('another-account' as const) } };
    expect(own(foreign, NONE).map(({ status }) => status)).not.toContain('fail');
  });
});

test('tags of the bucket that the auditor may not read are one cause, and no Deny is opened for want of them', () => {
  const byTag = { StringNotEquals: { 'aws:ResourceTag/team': 'logs' } };
  const found = findingsOf({
    ...denyPut(byTag),
    organization: {
      root: {
        resourceControlPolicies: { ByTag: [{ ...denyAll(byTag), Principal: '*', Action: 's3:*' }] },
      },
    },
    bucket: { abacTags: refused('s3:GetBucketAbac') },
  }).filter(({ status }) => status === 'unknown');
  expect(found.map(({ rule }) => rule).sort()).toEqual([
    'organization-allows-delivery',
    'permissions-put-object',
  ]);
  expect(new Set(found.map(({ causeId }) => causeId)).size).toBe(1);
  for (const { cause, message, remediation } of found) {
    expect({ cause, message }).toMatchObject({
      cause: 'unreadable',
      message: expect.stringContaining('s3:GetBucketAbac'),
    });
    expect(remediation?.commands).toBeUndefined();
  }
});
