/** The set-ups in which bucket-foreign-access decides the outcome, each with the outcome of every rule. Source, unless another is named: IAM User Guide, "IAM JSON policy elements". */
import {
  ALL_USERS,
  ALTR,
  aclGranting,
  allow,
  BUCKET,
  boundary,
  bucketPolicy,
  denyAll,
  FUTURE,
  OBJECTS,
  OWN,
  PAST,
  put,
  ROLE,
  value,
  withAcl,
} from './builders';
import { COMPLIANT, type Expected, FOREIGN_HELD, table } from './table';

const FOREIGN: Expected = { fail: ['bucket-foreign-access'] };
const logDelivery = 'http://acs.amazonaws.com/groups/s3/LogDelivery';
const denied = { state: 'unreadable', reason: { message: 'AWS denied it' } } as const;

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
    'an organization',
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
    'everybody, of whom the public access block spares AWS services',
    bucketPolicy(put({ Principal: '*' })),
    FOREIGN,
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

table('the boundary and the bucket policy', [
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
]);

table('access control lists', [
  [
    'another account',
    withAcl(aclGranting('feed', 'CanonicalUser'), { objectOwnership: value('ObjectWriter') }),
    FOREIGN,
  ],
  [
    'another account, by e-mail',
    withAcl(aclGranting('a@example.com', 'AmazonCustomerByEmail'), {
      objectOwnership: value('BucketOwnerPreferred'),
    }),
    FOREIGN,
  ],
  [
    'another account, where ACLs are switched off',
    withAcl(aclGranting('feed', 'CanonicalUser'), { objectOwnership: value('BucketOwnerEnforced') }),
    COMPLIANT,
  ],
  [
    'another account, and it can’t be read whether ACLs count',
    withAcl(aclGranting('feed', 'CanonicalUser'), { objectOwnership: denied }),
    { unknown: ['bucket-foreign-access'] },
  ],
  [
    'everybody, where public ACLs are ignored',
    withAcl(aclGranting(ALL_USERS, 'Group'), { objectOwnership: value('ObjectWriter') }),
    { advice: ['bucket-public-access'] },
  ],
  [
    'S3’s own log delivery',
    withAcl(aclGranting(logDelivery, 'Group'), { objectOwnership: value('ObjectWriter') }),
    FOREIGN_HELD,
  ],
  ['an ACL that can’t be read', withAcl(denied), { unknown: ['bucket-foreign-access'] }],
]);

// RestrictPublicBuckets spares AWS services, and a service acts for any account that asks it to.
table('public by S3’s meaning, and left to AWS services by RestrictPublicBuckets', [
  [
    'every address',
    allow('*', { Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, Action: 's3:PutObject' }),
    FOREIGN,
  ],
  [
    'half of all addresses',
    allow('*', { Condition: { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1'] } }, Action: 's3:PutObject' }),
    FOREIGN,
  ],
  [
    'a range that is narrow enough not to be public',
    allow('*', { Condition: { IpAddress: { 'aws:SourceIp': '52.1.0.0/16' } }, Action: 's3:PutObject' }),
    FOREIGN,
  ],
  [
    'any source ARN',
    allow('*', { Condition: { ArnLike: { 'aws:SourceArn': '*' } }, Action: 's3:GetObject' }),
    { fail: ['bucket-foreign-access'], advice: ['permissions-action-scope'] },
  ],
  [
    'all accounts but one',
    allow('*', {
      Condition: { StringNotEquals: { 'aws:PrincipalAccount': '222222222222' } },
      Action: 's3:PutObject',
    }),
    FOREIGN,
  ],
  [
    'everybody but AWS services',
    allow('*', { Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } }, Action: 's3:PutObject' }),
    FOREIGN_HELD,
  ],
  [
    'everybody of any account',
    allow('*', { Condition: { Null: { 'aws:PrincipalAccount': 'false' } }, Action: 's3:PutObject' }),
    FOREIGN,
  ],
  [
    'everybody, with a Deny of services for other accounts',
    bucketPolicy(
      put({ Principal: '*' }),
      denyAll({
        StringNotEqualsIfExists: { 'aws:SourceAccount': OWN },
        Bool: { 'aws:PrincipalIsAWSService': 'true' },
      }),
    ),
    FOREIGN_HELD,
  ],
  [
    'everybody, with a Deny of other accounts that AWS services escape',
    bucketPolicy(
      put({ Principal: '*' }),
      denyAll({
        StringNotEquals: { 'aws:PrincipalAccount': OWN },
        Bool: { 'aws:PrincipalIsAWSService': 'false' },
      }),
    ),
    FOREIGN,
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
    FOREIGN,
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
    FOREIGN,
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

// Source: IAM User Guide, "AWS JSON policy elements: NotPrincipal": all but those whom it names are denied.
const lets = (changes: object) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: OBJECTS,
  ...changes,
});
const deniesAllBut = (NotPrincipal: unknown) => ({
  Effect: 'Deny',
  NotPrincipal,
  Action: 's3:GetObject',
  Resource: OBJECTS,
});
const ofAnOrganization = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } } };
const ROOT = `arn:aws:iam::${OWN}:root`;
const OUTSIDER = ['arn:aws:iam::222222222222:root', 'arn:aws:iam::222222222222:role/Reader'];
const ALSO_THE_ROLE = { fail: ['bucket-foreign-access', 'permissions-action-scope'] };
const THE_ROLE_ALONE = { fail: ['permissions-action-scope'], advice: ['bucket-foreign-access'] };

table('everybody, with a Deny of all but some', [
  ['of the account', bucketPolicy(lets(ofAnOrganization), deniesAllBut({ AWS: ROOT })), THE_ROLE_ALONE],
  [
    'of another account',
    bucketPolicy(lets(ofAnOrganization), deniesAllBut({ AWS: [ROOT, ...OUTSIDER] })),
    ALSO_THE_ROLE,
  ],
  [
    'a service that may act for others',
    bucketPolicy(lets({}), deniesAllBut({ AWS: ROOT, Service: 'cloudfront.amazonaws.com' })),
    ALSO_THE_ROLE,
  ],
  [
    'a service that acts for the owner of the bucket alone',
    bucketPolicy(lets({}), deniesAllBut({ AWS: ROOT, Service: 'logging.s3.amazonaws.com' })),
    THE_ROLE_ALONE,
  ],
]);

const OTHER_ACCOUNT = '222222222222';
const DISTRIBUTION = (account: string) => `arn:aws:cloudfront::${account}:distribution/E2QWRUHAPOMQZL`;
const TRAIL = (account: string) => `arn:aws:cloudtrail:us-east-1:${account}:trail/events`;
const service = (name: string, Condition?: unknown, changes = {}) =>
  allow({ Service: name }, { Action: 's3:PutObject', Condition, ...changes });
const serves = (Condition?: unknown) =>
  service('cloudfront.amazonaws.com', Condition, { Action: 's3:GetObject' });
const anyService = (Condition: unknown) => allow('*', { Condition });
/** The role itself is no service, so its share of the grant is held back. */
const BY_SERVICE: Expected = { fail: ['bucket-foreign-access'], advice: ['permissions-action-scope'] };
const IS_SERVICE = { Bool: { 'aws:PrincipalIsAWSService': 'true' } };

// Source: IAM User Guide, "The confused deputy problem", "Cross-service confused deputy prevention".
table('services on behalf of others', [
  ['any distribution of any account', serves(), FOREIGN],
  [
    'a distribution of another account',
    serves({ StringEquals: { 'aws:SourceArn': DISTRIBUTION(OTHER_ACCOUNT) } }),
    FOREIGN,
  ],
  [
    'a distribution of this account',
    serves({ StringEquals: { 'aws:SourceArn': DISTRIBUTION(OWN) } }),
    FOREIGN_HELD,
  ],
  [
    'any distribution of this account',
    serves({ ArnLike: { 'aws:SourceArn': DISTRIBUTION(OWN).replace(/[^/]*$/, '*') } }),
    FOREIGN_HELD,
  ],
  [
    'distributions of this account and of another',
    serves({ StringEquals: { 'aws:SourceArn': [DISTRIBUTION(OWN), DISTRIBUTION(OTHER_ACCOUNT)] } }),
    FOREIGN,
  ],
  [
    'this account, if the service tells the account at all',
    serves({ StringEqualsIfExists: { 'aws:SourceAccount': OWN } }),
    FOREIGN,
  ],
  ['any account but another', serves({ StringNotEquals: { 'aws:SourceAccount': OTHER_ACCOUNT } }), FOREIGN],
  [
    'CloudTrail for another account',
    service('cloudtrail.amazonaws.com', { StringEquals: { 'aws:SourceAccount': OTHER_ACCOUNT } }),
    FOREIGN,
  ],
  [
    'CloudTrail for a trail of this account',
    service('cloudtrail.amazonaws.com', { StringEquals: { 'aws:SourceArn': TRAIL(OWN) } }),
    FOREIGN_HELD,
  ],
  [
    'server access logs of another account',
    service('logging.s3.amazonaws.com', { StringEquals: { 'aws:SourceAccount': OTHER_ACCOUNT } }),
    FOREIGN,
  ],
  [
    'server access logs, which S3 delivers within one account',
    service('logging.s3.amazonaws.com'),
    FOREIGN_HELD,
  ],
  [
    'server access logs of a bucket, which must be one of the account',
    service('logging.s3.amazonaws.com', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::other' } }),
    FOREIGN_HELD,
  ],
  [
    'server access logs of several buckets by name',
    service('logging.s3.amazonaws.com', {
      ArnLike: { 'aws:SourceArn': ['arn:aws:s3:::a', 'arn:aws:s3:::b'] },
    }),
    FOREIGN_HELD,
  ],
  [
    'server access logs of a bucket of another account',
    service('logging.s3.amazonaws.com', {
      ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::other' },
      StringEquals: { 'aws:SourceAccount': OTHER_ACCOUNT },
    }),
    FOREIGN,
  ],
  [
    'inventories of a bucket of unknown account',
    service('s3.amazonaws.com', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::other' } }),
    { unknown: ['bucket-foreign-access'] },
  ],
  [
    'S3 inventories of another account',
    service('s3.amazonaws.com', { StringEquals: { 'aws:SourceAccount': OTHER_ACCOUNT } }),
    FOREIGN,
  ],
  [
    'S3 inventories of another bucket of this account',
    service('s3.amazonaws.com', {
      StringEquals: { 'aws:SourceAccount': OWN },
      ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::another' },
    }),
    FOREIGN_HELD,
  ],
  [
    'S3 inventories of this bucket',
    service('s3.amazonaws.com', { ArnLike: { 'aws:SourceArn': BUCKET } }),
    FOREIGN_HELD,
  ],
  [
    'S3 inventories of a bucket whose owner its ARN does not tell',
    service('s3.amazonaws.com', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::another' } }),
    { unknown: ['bucket-foreign-access'] },
  ],
  [
    'this bucket in another spelling',
    service('s3.amazonaws.com', { 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:SourceArn': BUCKET } }),
    FOREIGN_HELD,
  ],
  ['its objects', service('s3.amazonaws.com', { ArnLike: { 'aws:SourceArn': OBJECTS } }), FOREIGN_HELD],
  [
    'buckets whose names begin as its own',
    service('s3.amazonaws.com', { ArnLike: { 'aws:SourceArn': `${BUCKET}*` } }),
    FOREIGN,
  ],
  [
    'this bucket, if a source is told',
    service('s3.amazonaws.com', { ArnLikeIfExists: { 'aws:SourceArn': BUCKET } }),
    FOREIGN,
  ],
  [
    'this bucket and a trail of this account',
    service('cloudtrail.amazonaws.com', { ArnLike: { 'aws:SourceArn': [BUCKET, TRAIL(OWN)] } }),
    FOREIGN_HELD,
  ],
  [
    'this bucket and a trail of another account',
    service('cloudtrail.amazonaws.com', { ArnLike: { 'aws:SourceArn': [BUCKET, TRAIL(OTHER_ACCOUNT)] } }),
    FOREIGN,
  ],
  [
    'another bucket and a trail of this account',
    service('cloudtrail.amazonaws.com', {
      ArnLike: { 'aws:SourceArn': ['arn:aws:s3:::another', TRAIL(OWN)] },
    }),
    { unknown: ['bucket-foreign-access'] },
  ],
  [
    'another bucket, by a variable that nobody can follow',
    service('s3.amazonaws.com', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::${aws:PrincipalTag/bucket}' } }),
    FOREIGN,
  ],
  [
    'an organization',
    service('cloudtrail.amazonaws.com', { StringEquals: { 'aws:SourceOrgID': 'o-abcdefghij' } }),
    FOREIGN,
  ],
  ['everything', service('config.amazonaws.com', undefined, { Action: 's3:*' }), FOREIGN],
  [
    'a service with a Deny of other accounts',
    bucketPolicy(
      {
        Effect: 'Allow',
        Principal: { Service: 'config.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: OBJECTS,
      },
      {
        Effect: 'Deny',
        Principal: { Service: 'config.amazonaws.com' },
        Action: 's3:*',
        Resource: OBJECTS,
        Condition: { StringNotEquals: { 'aws:SourceAccount': OWN } },
      },
    ),
    FOREIGN_HELD,
  ],
  ['every service', anyService(IS_SERVICE), BY_SERVICE],
  [
    'one service, by its name in a condition',
    anyService({ StringEquals: { 'aws:PrincipalServiceName': 'cloudfront.amazonaws.com' } }),
    BY_SERVICE,
  ],
  [
    'every service, for this bucket',
    anyService({ ArnLike: { 'aws:SourceArn': BUCKET } }),
    { advice: ['bucket-foreign-access', 'permissions-action-scope'] },
  ],
  [
    'every service, for a bucket whose owner its ARN does not tell',
    anyService({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::another' } }),
    { unknown: ['bucket-foreign-access'], advice: ['permissions-action-scope'] },
  ],
  [
    'every service, for this account by its older key',
    anyService({ StringEquals: { 'aws:SourceOwner': OWN } }),
    { advice: ['bucket-foreign-access', 'permissions-action-scope'] },
  ],
  [
    'every service, for this account',
    anyService({ ...IS_SERVICE, StringEquals: { 'aws:SourceAccount': OWN } }),
    { advice: ['bucket-foreign-access', 'permissions-action-scope'] },
  ],
  [
    'every service, for another account',
    anyService({ StringEquals: { 'aws:SourceAccount': OTHER_ACCOUNT } }),
    BY_SERVICE,
  ],
]);

const ORG = 'o-abcdefghij';
const byService = (Service: string, Condition: Record<string, unknown>) =>
  bucketPolicy(put({ Principal: { Service }, Action: 's3:PutObject', Condition }));
const byAnyone = (Condition: Record<string, unknown>) =>
  bucketPolicy(put({ Principal: '*', Action: 's3:PutObject', Condition }));
const otherBucket = { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::other' } };

// Source: IAM User Guide, "AWS global condition context keys".
const byTrails = (SourceArn: string) =>
  byService('cloudtrail.amazonaws.com', { StringLike: { 'aws:SourceArn': SourceArn } });

// AWS CloudTrail User Guide, "Naming requirements for CloudTrail resources": letters, numbers, periods, underscores and dashes.
table('trails by a pattern whose star can’t run past the account', [
  ['in any region', byTrails(`arn:aws:cloudtrail:*:${OWN}:trail/*`), FOREIGN_HELD],
  ['of any account', byTrails('arn:aws:cloudtrail:*:*:trail/*'), FOREIGN],
  ['of another account', byTrails('arn:aws:cloudtrail:*:222222222222:trail/*'), FOREIGN],
  ['in any partition, which may end anywhere', byTrails(`arn:*:cloudtrail:*:${OWN}:trail/*`), FOREIGN],
]);

table('whom a service acts for', [
  [
    'another bucket of an unknown account',
    byService('s3.amazonaws.com', otherBucket),
    { unknown: ['bucket-foreign-access'] },
  ],
  [
    'another bucket of another account',
    byService('s3.amazonaws.com', {
      ...otherBucket,
      StringEquals: { 'aws:SourceAccount': '222222222222' },
    }),
    FOREIGN,
  ],
  [
    'another bucket of this account',
    byService('s3.amazonaws.com', { ...otherBucket, StringEquals: { 'aws:SourceAccount': OWN } }),
    FOREIGN_HELD,
  ],
  [
    'log delivery, by the principal',
    byService('logging.s3.amazonaws.com', { Bool: { 'aws:SecureTransport': 'true' } }),
    FOREIGN_HELD,
  ],
  [
    'log delivery, by a condition',
    byAnyone({ StringEquals: { 'aws:PrincipalServiceName': 'logging.s3.amazonaws.com' } }),
    FOREIGN_HELD,
  ],
  [
    'log delivery for another account, by a condition',
    byAnyone({
      StringEquals: {
        'aws:PrincipalServiceName': 'logging.s3.amazonaws.com',
        'aws:SourceAccount': '222222222222',
      },
    }),
    FOREIGN,
  ],
  [
    'another service, by a condition',
    byAnyone({ StringEquals: { 'aws:PrincipalServiceName': 'cloudtrail.amazonaws.com' } }),
    FOREIGN,
  ],
  [
    'the account that owns the bucket, by a variable',
    byService('cloudtrail.amazonaws.com', {
      StringEquals: { 'aws:SourceAccount': '${aws:ResourceAccount}' },
    }),
    FOREIGN_HELD,
  ],
  [
    'any account but the bucket’s, by a variable',
    byService('cloudtrail.amazonaws.com', {
      StringNotEquals: { 'aws:SourceAccount': '${aws:ResourceAccount}' },
    }),
    FOREIGN,
  ],
  [
    'everybody of the account that owns the bucket, by a variable',
    byAnyone({ StringEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } }),
    FOREIGN_HELD,
  ],
  [
    'the own organization',
    byService('cloudtrail.amazonaws.com', { StringEquals: { 'aws:SourceOrgID': ORG } }),
    FOREIGN,
    { organizationId: ORG },
  ],
]);
