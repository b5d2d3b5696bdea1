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
    'a level that could not be read',
    inOrganization({}, withTarget('ou-ab12-11111111', { serviceControlPolicies: unreadable })),
    UNDECIDED,
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
