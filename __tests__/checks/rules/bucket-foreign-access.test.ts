import type { SetUp } from '../../../checks/pages/set-up';
import { allow, bucketPolicy, OBJECTS, OTHER, OWN } from './builders';
import { findingsOf } from './support';

test('the statement is taken out, and with the last one the policy', () => {
  const [finding] = findingsOf({
    bucketPolicy: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: '222222222222' },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::acme-altr-audit-logs/*',
      },
    },
  }).filter(({ rule }) => rule === 'bucket-foreign-access');
  expect(finding).toMatchObject({
    status: 'fail',
    location: { pointer: '/Statement/Principal/AWS' },
    remediation: { commands: ['aws s3api delete-bucket-policy --bucket acme-altr-audit-logs'] },
  });
});

test('one ACL is one finding, with S3’s own log delivery as advice', () => {
  const grant = (grantee: string, permission: string, granteeType: 'Group' | 'CanonicalUser') =>
    ({ grantee, permission, granteeType }) as const;
  const DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery';
  const findings = findingsOf({
    bucket: {
      objectOwnership: { state: 'value', value: 'ObjectWriter' },
      acl: {
        state: 'value',
        value: {
          owner: 'c0ffee',
          grants: [
            grant('c0ffee', 'FULL_CONTROL', 'CanonicalUser'),
            grant('aaaa', 'READ', 'CanonicalUser'),
            grant('aaaa', 'WRITE', 'CanonicalUser'),
            grant('bbbb', 'READ', 'CanonicalUser'),
            grant(DELIVERY, 'WRITE', 'Group'),
            grant(DELIVERY, 'READ_ACP', 'Group'),
          ],
        },
      },
    },
  }).filter(({ rule }) => rule === 'bucket-foreign-access');
  expect(findings.map(({ status, message }) => [status, message])).toEqual([
    ['advice', 'The bucket’s ACL gives WRITE, READ_ACP to S3’s own log delivery.'],
    ['fail', 'The bucket’s ACL gives READ, WRITE to aaaa; READ to bbbb, who are not the bucket’s owner.'],
  ]);
});

const organization = (id: string, more: object = {}) =>
  allow(
    { Service: 'cloudtrail.amazonaws.com' },
    { Condition: { StringEquals: { 'aws:SourceOrgID': id } }, ...more },
  );

test.each<[string, SetUp, string, string]>([
  [
    'the own organization',
    organization('o-own'),
    'medium',
    'also if it acts for another account of your organization',
  ],
  [
    'the own organization, by a variable',
    organization('${aws:ResourceOrgID}'),
    'medium',
    'also if it acts for another account of your organization',
  ],
  [
    'the own organization, by a variable in a Deny',
    bucketPolicy(
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: OBJECTS,
      },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: OBJECTS,
        Condition: {
          StringNotEqualsIfExists: { 'aws:SourceOrgID': '${aws:ResourceOrgID}' },
          Bool: { 'aws:PrincipalIsAWSService': 'true' },
        },
      },
    ),
    'medium',
    'also if it acts for another account of your organization',
  ],
  [
    'any organization but the own, by a variable',
    allow(
      { Service: 'cloudtrail.amazonaws.com' },
      { Condition: { StringNotEquals: { 'aws:SourceOrgID': '${aws:ResourceOrgID}' } } },
    ),
    'high',
    'also if it acts for another account',
  ],
  [
    'principals of the own organization, by a variable',
    allow('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } } }),
    'medium',
    'AWS services, also if they act for another account of your organization; RestrictPublicBuckets does not hold them back',
  ],
  ['another organization', organization('o-other'), 'high', 'also if it acts for another account'],
  [
    'principals of the own organization',
    allow('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-own' } } }),
    'medium',
    'which is outside the account, within your organization',
  ],
  [
    'principals of the own organization or another',
    allow('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-own', 'o-other'] } } }),
    'high',
    'which is outside the account',
  ],
  [
    'two services',
    allow({ Service: ['cloudtrail.amazonaws.com', 'cloudfront.amazonaws.com'] }),
    'high',
    'cloudtrail.amazonaws.com, cloudfront.amazonaws.com, also if they act for another account',
  ],
  [
    'any service',
    allow('*'),
    'high',
    'AWS services, also if they act for another account; RestrictPublicBuckets does not hold them back',
  ],
])('says how far a grant goes: %s', (_what, setUp, severity, said) => {
  const [found, ...more] = findingsOf(setUp, { organizationId: 'o-own' }).filter(
    ({ rule, status }) => rule === 'bucket-foreign-access' && status === 'fail',
  );
  expect(more).toEqual([]);
  expect(found?.severity).toBe(severity);
  expect(found?.message).toMatch(new RegExp(`${said.replace(/[.*]/g, '\\$&')}\\.$`));
});

const TRAIL = {
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 's3:PutObject',
  Resource: OBJECTS,
};
const OF_ACL = { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } };
const LEFT = { 'aws:SourceAccount': [OWN] };

test.each<[string, object, object | undefined]>([
  ['goes on for this account', TRAIL, { ...TRAIL, Condition: { StringEquals: LEFT } }],
  [
    'keeps its other conditions',
    { ...TRAIL, Condition: OF_ACL },
    { ...TRAIL, Condition: { StringEquals: { ...OF_ACL.StringEquals, ...LEFT } } },
  ],
  [
    'goes on without another account',
    { ...TRAIL, Principal: { ...TRAIL.Principal, AWS: OTHER } },
    { ...TRAIL, Principal: { Service: ['cloudtrail.amazonaws.com'] }, Condition: { StringEquals: LEFT } },
  ],
  [
    'that acts for another account by its condition is taken out',
    { ...TRAIL, Condition: { StringEquals: { 'aws:SourceAccount': OTHER } } },
    undefined,
  ],
  [
    'among all services goes on for this account',
    { ...TRAIL, Principal: '*', Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } },
    {
      ...TRAIL,
      Principal: '*',
      Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' }, StringEquals: LEFT },
    },
  ],
])('a service that acts for anybody %s', (_what, statement, corrected) => {
  const tls = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: OBJECTS,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  const [finding] = findingsOf(bucketPolicy(tls, statement)).filter(
    ({ rule, status }) => rule === 'bucket-foreign-access' && status === 'fail',
  );
  const document = finding?.remediation?.document as { Statement: unknown[] };
  expect(document.Statement).toEqual(corrected ? [tls, corrected] : [tls]);
  const again = findingsOf({ bucketPolicy: document }).filter(({ rule }) => rule === 'bucket-foreign-access');
  expect(again.filter(({ status }) => status === 'fail' || status === 'unknown')).toEqual([]);
});
