/**
 * The set-ups in which organization-allows-delivery decides the outcome. Source, unless another is named: AWS Organizations User
 * Guide, "Service control policies (SCPs)", "SCP evaluation", "Resource control policies (RCPs)".
 */
import type { SetUp } from '../../../checks/pages/set-up';
import { beside, ROLE } from './builders';
import { denyAs, denyOwn, full, inOrganization, rcp, scp, withTarget } from './organization';
import { type Expected, table } from './table';

const STOPPED: Expected = { fail: ['organization-allows-delivery'] };
const UNDECIDED: Expected = { unknown: ['organization-allows-delivery'] };
const FREE: Expected = {};
const OWN = '123456789012';
const ABAC_OFF = { state: 'absent' } as const;
const tags = (value: Readonly<Record<string, string>>) => ({ state: 'value', value }) as const;
const allow = (Action: string, changes: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...changes,
});

table('service control policies: an Allow at every level', [
  ['full access everywhere', inOrganization({}), FREE],
  ['nothing at the root', inOrganization({ root: { serviceControlPolicies: {} } }), STOPPED],
  ['nothing at the unit', inOrganization({ unit: { serviceControlPolicies: {} } }), STOPPED],
  ['nothing at the account', inOrganization({ account: { serviceControlPolicies: {} } }), STOPPED],
  ['another service at the unit', inOrganization({ unit: scp(allow('ec2:*')) }), STOPPED],
  ['S3 at the unit', inOrganization({ unit: scp(allow('s3:*')) }), FREE],
  [
    'everything but another service',
    inOrganization({ unit: scp({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }) }),
    FREE,
  ],
  [
    'everything but S3',
    inOrganization({ unit: scp({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }) }),
    STOPPED,
  ],
  [
    'other buckets at the unit',
    inOrganization({ unit: scp(allow('s3:*', { Resource: 'arn:aws:s3:::other/*' })) }),
    STOPPED,
  ],
  [
    'the role alone, by a condition',
    inOrganization({ unit: scp(allow('s3:*', { Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } })) }),
    FREE,
  ],
]);

table('service control policies: a Deny anywhere', [
  ['at the root', inOrganization({ root: scp(full, denyOwn('s3:PutObject')) }), STOPPED],
  ['at the account', inOrganization({ account: scp(full, denyOwn('s3:*')) }), STOPPED],
  [
    'of another bucket',
    inOrganization({ root: scp(full, denyOwn('s3:*', {}, { Resource: 'arn:aws:s3:::other/*' })) }),
    FREE,
  ],
  [
    'of everything but the bucket',
    inOrganization({
      root: scp(
        full,
        denyOwn('s3:*', {}, { Resource: undefined, NotResource: 'arn:aws:s3:::acme-altr-audit-logs/*' }),
      ),
    }),
    FREE,
  ],
  [
    'of everything but another bucket',
    inOrganization({
      root: scp(full, denyOwn('s3:*', {}, { Resource: undefined, NotResource: 'arn:aws:s3:::other/*' })),
    }),
    STOPPED,
  ],
  [
    'of other roles',
    inOrganization({
      root: scp(full, denyOwn('*', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ALTR*' } })),
    }),
    FREE,
  ],
  [
    'of the role',
    inOrganization({
      root: scp(full, denyOwn('*', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ALTR*' } })),
    }),
    STOPPED,
  ],
  [
    'of the root user',
    inOrganization({
      root: scp(full, denyOwn('*', { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:root' } })),
    }),
    FREE,
  ],
  [
    'outside the bucket’s region',
    inOrganization({
      root: scp(full, denyOwn('*', { StringNotEquals: { 'aws:RequestedRegion': ['us-east-1'] } })),
    }),
    FREE,
  ],
  [
    'in the bucket’s region',
    inOrganization({
      root: scp(full, denyOwn('*', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } })),
    }),
    STOPPED,
  ],
  [
    'without TLS',
    inOrganization({ root: scp(full, denyOwn('s3:*', { Bool: { 'aws:SecureTransport': 'false' } })) }),
    FREE,
  ],
  [
    'outside an office',
    inOrganization({ root: scp(full, denyOwn('*', { NotIpAddress: { 'aws:SourceIp': '52.0.0.0/8' } })) }),
    UNDECIDED,
  ],
  [
    'of buckets outside the organization',
    inOrganization({
      root: scp(full, denyOwn('s3:*', { StringNotEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } })),
    }),
    FREE,
  ],
  [
    'of buckets of other accounts',
    inOrganization({
      root: scp(
        full,
        denyOwn('s3:*', { StringNotEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } }),
      ),
    }),
    FREE,
  ],
  [
    'by a header that only ALTR knows',
    inOrganization({
      root: scp(
        full,
        denyOwn('s3:PutObject', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } }),
      ),
    }),
    UNDECIDED,
  ],
]);

table('resource control policies', [
  ['a Deny of everybody', inOrganization({ root: rcp(denyAs('s3:*')) }), STOPPED],
  [
    'a Deny of everybody outside: the role is inside',
    inOrganization({
      root: rcp(denyAs('s3:*', { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorg1' } })),
    }),
    FREE,
  ],
  [
    'outside the unit: the role is inside',
    inOrganization({
      root: rcp(
        denyAs('s3:*', {
          'ForAllValues:StringNotLike': {
            'aws:PrincipalOrgPaths': 'o-exampleorg1/r-ab12/ou-ab12-11111111/*',
          },
        }),
      ),
    }),
    FREE,
  ],
  [
    'outside another unit: the role is outside, too',
    inOrganization({
      root: rcp(
        denyAs('s3:*', {
          'ForAllValues:StringNotLike': {
            'aws:PrincipalOrgPaths': 'o-exampleorg1/r-ab12/ou-ab12-22222222/*',
          },
        }),
      ),
    }),
    STOPPED,
  ],
  [
    'buckets without a tag: nobody read the bucket’s',
    inOrganization({
      root: rcp(denyAs('s3:*', { StringNotEqualsIfExists: { 'aws:ResourceTag/logs': 'yes' } })),
    }),
    UNDECIDED,
  ],
  [
    'roles without a tag',
    inOrganization({
      root: rcp(denyAs('s3:*', { StringNotEqualsIfExists: { 'aws:PrincipalTag/logs': 'yes' } })),
    }),
    STOPPED,
  ],
  [
    'roles without a tag, and the role has it',
    {
      roleTags: { logs: 'yes' },
      ...inOrganization({
        root: rcp(denyAs('s3:*', { StringNotEqualsIfExists: { 'aws:PrincipalTag/logs': 'yes' } })),
      }),
    },
    FREE,
  ],
]);

const keyed = (
  levels: Parameters<typeof inOrganization>[0],
  change?: Parameters<typeof inOrganization>[1],
): SetUp => ({
  kmsKey: {},
  ...beside({ Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: KEY }),
  ...inOrganization(levels, change),
});
const KEY = `arn:aws:kms:us-east-1:${OWN}:key/11111111-2222-3333-4444-555555555555`;
const keyOfS3: SetUp = {
  bucket: { encryption: { state: 'value', value: { algorithm: 'aws:kms' } } },
};
const denyKeys = { root: rcp(denyAs('kms:*')) };
table('the key', [
  ['an RCP denies it', keyed(denyKeys), STOPPED],
  [
    'an RCP denies it to those outside',
    keyed({ root: rcp(denyAs('kms:*', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } })) }),
    FREE,
  ],
  ['an SCP denies it', keyed({ root: scp(full, denyOwn('kms:*')) }), STOPPED],
  ['an SCP allows S3 alone', keyed({ unit: scp(allow('s3:*')) }), STOPPED],
  [
    'an SCP denies it outside the region',
    keyed({ root: scp(full, denyOwn('*', { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } })) }),
    FREE,
  ],
  ['without a key nobody needs it', inOrganization(denyKeys), FREE],
  ['no RCP binds the key that AWS manages', { ...keyOfS3, ...inOrganization(denyKeys) }, FREE],
  ['an SCP binds its use', { ...keyOfS3, ...inOrganization({ root: scp(full, denyOwn('kms:*')) }) }, STOPPED],
]);

const unreadable = { state: 'unreadable', reason: { message: 'AWS denied it' } } as const;
table('which policies bind, and what was not seen', [
  [
    'the management account is bound by none',
    inOrganization({ root: scp(denyOwn('*')) }, () => ({ managementAccountId: OWN })),
    FREE,
  ],
  [
    'service control policies that are not enabled',
    inOrganization({ root: scp() }, withTarget('r-ab12', { serviceControlPolicies: { state: 'absent' } })),
    FREE,
  ],
  [
    'a level that could not be read, and nobody demands it',
    inOrganization({}, withTarget('ou-ab12-11111111', { serviceControlPolicies: unreadable })),
    FREE,
  ],
  [
    'a Deny that was seen beside a level that was not',
    inOrganization(
      { root: scp(denyOwn('s3:*')) },
      withTarget('ou-ab12-11111111', { serviceControlPolicies: unreadable }),
    ),
    STOPPED,
  ],
  [
    'a short ARN, which no page explains',
    inOrganization({ root: scp(full, denyOwn('s3:*', {}, { Resource: 'arn:aws:s3' })) }),
    UNDECIDED,
  ],
]);

const scps = (...statements: readonly object[]): SetUp => inOrganization({ root: scp(full, ...statements) });
const rcps = (...statements: readonly object[]): SetUp => inOrganization({ root: rcp(...statements) });
const elsewhere = { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-central-1'] } };
const GLOBAL = ['iam:*', 'organizations:*', 'route53:*', 'support:*', 'sts:*'];
// AWS Control Tower User Guide, "Region deny"; IAM User Guide, "AWS: Denies access to AWS based on the requested Region".
table('service control policies as companies write them', [
  [
    'regions, with global services spared',
    scps(denyOwn('', elsewhere, { Action: undefined, NotAction: GLOBAL })),
    STOPPED,
  ],
  [
    'regions, with S3 spared',
    scps(denyOwn('', elsewhere, { Action: undefined, NotAction: [...GLOBAL, 's3:*'] })),
    FREE,
  ],
  [
    'regions, with other calls of S3 spared',
    scps(
      denyOwn('', elsewhere, {
        Action: undefined,
        NotAction: [...GLOBAL, 's3:GetAccount*', 's3:PutAccount*'],
      }),
    ),
    STOPPED,
  ],
  [
    'regions, with the role spared',
    scps(
      denyOwn(
        '',
        { ...elsewhere, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ALTRPublishSIEMData*' } },
        { Action: undefined, NotAction: GLOBAL },
      ),
    ),
    FREE,
  ],
  [
    'regions, with an administrator spared',
    scps(
      denyOwn(
        '',
        { ...elsewhere, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/AWSControlTowerExecution' } },
        { Action: undefined, NotAction: GLOBAL },
      ),
    ),
    STOPPED,
  ],
  [
    'the role spared by StringNotLike and IfExists',
    scps(denyOwn('s3:*', { StringNotLikeIfExists: { 'aws:PrincipalArn': [ROLE] } })),
    FREE,
  ],
  [
    'the session spared by its ARN: aws:PrincipalArn is the role’s',
    scps(denyOwn('s3:*', { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:sts::${OWN}:assumed-role/*` } })),
    STOPPED,
  ],
  ['no TLS', scps(denyOwn('*', { Bool: { 'aws:SecureTransport': 'false' } })), FREE],
  ['an old TLS', scps(denyOwn('s3:*', { NumericLessThan: { 's3:TlsVersion': '1.2' } })), FREE],
  [
    'any TLS but the newest',
    scps(denyOwn('s3:*', { NumericLessThan: { 's3:TlsVersion': '1.3' } })),
    UNDECIDED,
  ],
  [
    'unencrypted uploads, by the header',
    scps(denyOwn('s3:PutObject', { Null: { 's3:x-amz-server-side-encryption': 'true' } })),
    UNDECIDED,
  ],
  [
    'SSE-C',
    scps(
      denyOwn('s3:PutObject', { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } }),
    ),
    FREE,
  ],
  [
    'public ACLs',
    scps(denyOwn('s3:PutObject', { StringEquals: { 's3:x-amz-acl': ['public-read', 'public-read-write'] } })),
    FREE,
  ],
  ['the root user', scps(denyOwn('*', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:root' } })), FREE],
  ['IAM users', scps(denyOwn('*', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/*' } })), FREE],
  [
    'whom no person logged in',
    scps(denyOwn('*', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } })),
    STOPPED,
  ],
  ['leaving the organization', scps(denyOwn('organizations:LeaveOrganization')), FREE],
  ['deleting logs', scps(denyOwn('s3:Delete*', {}, { Resource: 'arn:aws:s3:::*' })), FREE],
  ['changing settings of buckets', scps(denyOwn('s3:PutBucket*')), FREE],
  ['writing, by a star', scps(denyOwn('s3:Put*')), STOPPED],
  ['actions in another case', scps(denyOwn('S3:putobject')), STOPPED],
  [
    'the bucket without its objects',
    scps(denyOwn('s3:*', {}, { Resource: 'arn:aws:s3:::acme-altr-audit-logs' })),
    FREE,
  ],
  [
    'some objects of the bucket',
    scps(denyOwn('s3:*', {}, { Resource: 'arn:aws:s3:::acme-altr-audit-logs/private/*' })),
    STOPPED,
  ],
  ['buckets of another partition', scps(denyOwn('s3:*', {}, { Resource: 'arn:aws-us-gov:s3:::*' })), FREE],
  [
    'other units',
    scps(
      denyOwn('*', {
        'ForAnyValue:StringNotLike': { 'aws:PrincipalOrgPaths': 'o-exampleorg1/r-ab12/ou-ab12-11111111/*' },
      }),
    ),
    FREE,
  ],
  [
    'what the service does for the role',
    scps(denyOwn('s3:*', { Bool: { 'aws:ViaAWSService': 'true' } })),
    FREE,
  ],
  [
    'whatever the role does not do through a service',
    scps(denyOwn('s3:*', { Bool: { 'aws:ViaAWSService': 'false' } })),
    STOPPED,
  ],
  [
    'outside a VPC',
    // ALTR does not come through the customer's.
    scps(denyOwn('s3:*', { StringNotEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' } })),
    STOPPED,
  ],
  [
    'private addresses alone, or through a service',
    scps(
      denyOwn('s3:*', {
        NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
        BoolIfExists: { 'aws:ViaAWSService': 'false' },
      }),
    ),
    STOPPED,
  ],
  [
    'a tag of the session that ALTR passes not',
    scps(denyOwn('s3:*', { Null: { 'aws:PrincipalTag/team': 'true' } })),
    STOPPED,
  ],
  [
    'a Principal, which AWS stores in no such policy',
    scps(denyAs('s3:*', {}, { Principal: { AWS: '222222222222' } })),
    UNDECIDED,
  ],
  [
    'a NotPrincipal, which AWS stores in no such policy',
    scps(denyAs('s3:*', {}, { Principal: undefined, NotPrincipal: { AWS: ROLE } })),
    UNDECIDED,
  ],
  [
    'a Deny without a resource, which AWS stores in no such policy',
    scps(denyOwn('s3:*', {}, { Resource: undefined })),
    UNDECIDED,
  ],
]);

table('lists of what is allowed', [
  [
    'S3 and STS at each level',
    inOrganization({
      root: scp(allow('s3:*'), allow('sts:*')),
      unit: scp(allow('s3:*')),
      account: scp(allow('s3:PutObject')),
    }),
    FREE,
  ],
  [
    'each level another service',
    inOrganization({ root: scp(allow('s3:*')), unit: scp(allow('kms:*')) }),
    STOPPED,
  ],
  ['reading alone', inOrganization({ account: scp(allow('s3:Get*'), allow('s3:List*')) }), STOPPED],
  [
    'S3 in another region',
    inOrganization({
      unit: scp(allow('s3:*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } })),
    }),
    STOPPED,
  ],
  [
    'S3 for those of the organization',
    inOrganization({
      unit: scp(allow('s3:*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } } })),
    }),
    FREE,
  ],
  [
    'some objects of the bucket',
    inOrganization({ unit: scp(allow('s3:*', { Resource: 'arn:aws:s3:::acme-altr-audit-logs/altr/*' })) }),
    STOPPED,
  ],
  [
    'all but some objects of the bucket',
    inOrganization({
      unit: scp({
        Effect: 'Allow',
        Action: 's3:*',
        NotResource: 'arn:aws:s3:::acme-altr-audit-logs/private/*',
      }),
    }),
    STOPPED,
  ],
  [
    'all but other buckets',
    inOrganization({ unit: scp({ Effect: 'Allow', Action: 's3:*', NotResource: 'arn:aws:s3:::other/*' }) }),
    FREE,
  ],
  [
    'two policies of which one allows',
    inOrganization({ unit: { serviceControlPolicies: { A: [allow('ec2:*')], B: [allow('s3:*')] } } }),
    FREE,
  ],
  ['an Allow with a Principal', inOrganization({ unit: scp({ ...full, Principal: '*' }) }), UNDECIDED],
]);

table('resource control policies as companies write them', [
  ['old TLS', rcps(denyAs('s3:*', { NumericLessThan: { 's3:TlsVersion': '1.2' } })), FREE],
  [
    'no TLS, with BoolIfExists',
    rcps(denyAs('*', { BoolIfExists: { 'aws:SecureTransport': 'false' } })),
    FREE,
  ],
  [
    'SSE-C',
    rcps(denyAs('s3:PutObject', { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } })),
    FREE,
  ],
  [
    'all but one role, and it is another',
    rcps(denyAs('s3:*', { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/Admin` } })),
    STOPPED,
  ],
  ['all but the role', rcps(denyAs('s3:*', { ArnNotEquals: { 'aws:PrincipalArn': ROLE } })), FREE],
  [
    'networks, unless the role is tagged',
    {
      roleTags: { 'dp:exclude:network': 'true' },
      ...rcps(
        denyAs('s3:*', {
          NotIpAddressIfExists: { 'aws:SourceIp': '10.0.0.0/8' },
          StringNotEqualsIfExists: { 'aws:PrincipalTag/dp:exclude:network': 'true' },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
        }),
      ),
    },
    FREE,
  ],
  [
    'networks, and the role is not tagged',
    rcps(
      denyAs('s3:*', {
        NotIpAddressIfExists: { 'aws:SourceIp': '10.0.0.0/8' },
        StringNotEqualsIfExists: { 'aws:PrincipalTag/dp:exclude:network': 'true' },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
      }),
    ),
    STOPPED,
  ],
  [
    'networks, unless the caller’s account is ALTR’s: the session is of the bucket’s account',
    rcps(
      denyAs('s3:*', {
        NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
        StringNotEquals: { 'aws:PrincipalAccount': '111122223333' },
      }),
    ),
    STOPPED,
  ],
  [
    'buckets of another account',
    rcps(denyAs('s3:*', { StringEquals: { 'aws:ResourceAccount': '222222222222' } })),
    FREE,
  ],
  [
    'another bucket',
    rcps(denyAs('s3:*', {}, { Resource: ['arn:aws:s3:::other', 'arn:aws:s3:::other/*'] })),
    FREE,
  ],
  [
    'everything but logs',
    rcps(denyAs('s3:*', {}, { Resource: undefined, NotResource: 'arn:aws:s3:::*-logs/*' })),
    FREE,
  ],
  ['another service', rcps(denyAs('sqs:*')), FREE],
  [
    'a bucket’s tag that is there',
    rcps(denyAs('s3:*', { StringEquals: { 'aws:ResourceTag/locked': 'yes' } })),
    UNDECIDED,
  ],
  [
    'a bucket’s tag, whose ABAC is off',
    {
      ...rcps(denyAs('s3:*', { StringEquals: { 'aws:ResourceTag/locked': 'yes' } })),
      bucket: { abacTags: ABAC_OFF },
    },
    FREE,
  ],
  [
    'buckets without a tag, and its ABAC is off',
    {
      ...rcps(denyAs('s3:*', { StringNotEqualsIfExists: { 'aws:ResourceTag/logs': 'yes' } })),
      bucket: { abacTags: ABAC_OFF },
    },
    STOPPED,
  ],
  [
    'a bucket’s tag that it has',
    {
      ...rcps(denyAs('s3:*', { StringEquals: { 'aws:ResourceTag/Locked': 'yes' } })),
      bucket: { abacTags: tags({ locked: 'yes' }) },
    },
    STOPPED,
  ],
  [
    'a bucket’s tag that it has, under S3’s own name of the key',
    {
      ...scps(full, denyOwn('s3:*', { StringEquals: { 's3:BucketTag/locked': 'yes' } })),
      bucket: { abacTags: tags({ locked: 'yes' }) },
    },
    STOPPED,
  ],
  [
    'a bucket’s tag that has another value',
    {
      ...rcps(denyAs('s3:*', { StringEquals: { 'aws:ResourceTag/locked': 'yes' } })),
      bucket: { abacTags: tags({ locked: 'no' }) },
    },
    FREE,
  ],
  [
    'a bucket’s tag that it has not',
    {
      ...rcps(denyAs('s3:*', { StringEquals: { 'aws:ResourceTag/locked': 'yes' } })),
      bucket: { abacTags: tags({}) },
    },
    FREE,
  ],
  [
    'buckets without a tag, and the bucket has it',
    {
      ...rcps(denyAs('s3:*', { StringNotEqualsIfExists: { 'aws:ResourceTag/logs': 'yes' } })),
      bucket: { abacTags: tags({ logs: 'yes' }) },
    },
    FREE,
  ],
  [
    'a bucket’s tag that is there twice, in capitals and without',
    {
      ...rcps(denyAs('s3:*', { StringEquals: { 'aws:ResourceTag/locked': 'yes' } })),
      bucket: { abacTags: tags({ locked: 'no', Locked: 'yes' }) },
    },
    UNDECIDED,
  ],
  [
    'a bucket’s tag, and AWS refused to say whether its ABAC is on',
    {
      ...rcps(denyAs('s3:*', { StringEquals: { 'aws:ResourceTag/locked': 'yes' } })),
      bucket: { abacTags: { state: 'unreadable', reason: { message: 'AWS denied s3:GetBucketAbac' } } },
    },
    UNDECIDED,
  ],
  [
    'a bucket’s tag, for others only',
    rcps(
      denyAs('s3:*', {
        StringNotEqualsIfExists: { 'aws:ResourceTag/open': 'yes', 'aws:PrincipalOrgID': 'o-exampleorg1' },
      }),
    ),
    FREE,
  ],
]);

table('service-linked roles', [
  [
    'no policy binds their sessions',
    { role: { path: '/aws-service-role/x.amazonaws.com/' }, ...scps(denyOwn('s3:*')) },
    FREE,
  ],
]);

const ELSEWHERE = '222222222222';
const KEY_ELSEWHERE = `arn:aws:kms:us-east-1:${ELSEWHERE}:key/11111111-2222-3333-4444-555555555555`;
const keyElsewhere: Partial<SetUp> = {
  kmsKey: { arn: KEY_ELSEWHERE },
  kmsKeyPolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'kms:GenerateDataKey', Resource: '*' }],
  },
  ...beside({ Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: KEY_ELSEWHERE }),
};
/** The key's account is in another unit, to which this policy is attached. */
const withKeyElsewhere = (levels: Parameters<typeof inOrganization>[0], ofKey: object[] = []): SetUp => ({
  ...keyElsewhere,
  ...inOrganization(levels, ({ accounts, targets, policies }) => {
    const text = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ ...full, Principal: '*' }, ...ofKey],
    });
    const document = { state: 'value', value: { source: 'Keys', text } } as const;
    const none = { state: 'absent' } as const;
    const [id, type] = ['p-keys', 'RESOURCE_CONTROL_POLICY' as const];
    const own = {
      serviceControlPolicies: none,
      resourceControlPolicies: { state: 'value', value: [id] },
    } as const;
    const path = { state: 'value', value: ['r-ab12', 'ou-ab12-33333333', ELSEWHERE] } as const;
    return {
      accounts: [...accounts, { accountId: ELSEWHERE, path }],
      targets: [
        ...targets,
        { id: 'ou-ab12-33333333', type: 'ORGANIZATIONAL_UNIT', ...own },
        { id: ELSEWHERE, type: 'ACCOUNT', serviceControlPolicies: none, resourceControlPolicies: none },
      ],
      policies: [...policies, { id, name: 'Keys', type, document }],
    };
  }),
});
const inUnit = (unit: string) => ({
  'ForAllValues:StringNotLike': { 'aws:ResourceOrgPaths': `o-exampleorg1/r-ab12/${unit}/*` },
});
/** That the bucket's key is another account's is advice of its own. */
const besideKey = (expected: Expected): Expected => ({ ...expected, advice: ['logs-stay'] });
table('a key of another account', [
  ['whose place nobody read', { ...keyElsewhere, ...inOrganization({}) }, besideKey(UNDECIDED)],
  ['in a unit that stops nothing', withKeyElsewhere({}), besideKey(FREE)],
  ['in a unit that denies it', withKeyElsewhere({}, [denyAs('kms:*')]), besideKey(STOPPED)],
  [
    'a Deny at the role’s unit does not bind it',
    withKeyElsewhere({ unit: rcp(denyAs('kms:*')) }),
    besideKey(FREE),
  ],
  ['a Deny at the root binds it', withKeyElsewhere({ root: rcp(denyAs('kms:*')) }), besideKey(STOPPED)],
  [
    'keys of one’s own account alone',
    withKeyElsewhere({
      root: scp(
        full,
        denyOwn('kms:*', { StringNotEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } }),
      ),
    }),
    besideKey(STOPPED),
  ],
  [
    'keys of one’s own unit alone',
    withKeyElsewhere({ root: scp(full, denyOwn('kms:*', inUnit('ou-ab12-11111111'))) }),
    besideKey(STOPPED),
  ],
  [
    'keys of the key’s unit alone',
    withKeyElsewhere({ root: scp(full, denyOwn('kms:*', inUnit('ou-ab12-33333333'))) }),
    besideKey(FREE),
  ],
]);
table('a key of the account', [
  [
    'keys of one’s own account alone',
    keyed({
      root: scp(
        full,
        denyOwn('kms:*', { StringNotEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } }),
      ),
    }),
    FREE,
  ],
  [
    'keys of one’s own unit alone',
    keyed({ root: scp(full, denyOwn('kms:*', inUnit('ou-ab12-11111111'))) }),
    FREE,
  ],
]);
