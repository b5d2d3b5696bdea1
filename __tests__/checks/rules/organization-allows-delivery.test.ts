import { EXAMPLE_ORGANIZATION, type SetUp } from '../../../checks/pages/set-up';
import { bucketPolicy, denyAll, ROLE } from './builders';
import { denyAs, denyOwn, full, inOrganization, rcp, scp } from './organization';
import { findingsOf } from './support';

const findingOf = (setUp: SetUp) =>
  findingsOf(setUp).find(({ rule }) => rule === 'organization-allows-delivery');

test('the fix exempts the role, policy by policy', () => {
  const finding = findingOf(
    inOrganization({ root: { ...scp(full, denyOwn('s3:*')), ...rcp(denyAs('s3:PutObject')) } }),
  );
  expect(finding?.status).toBe('fail');
  expect(finding?.remediation?.commands).toBeUndefined();
  expect(finding?.remediation?.summary).toContain(
    `add "ArnNotLikeIfExists": {"aws:PrincipalArn": "${ROLE}"} to the condition at /Statement/1; exempt the role in the resource control policy`,
  );
  const spared = { ArnNotLikeIfExists: { 'aws:PrincipalArn': [ROLE] } };
  expect(finding?.remediation?.document).toEqual({
    'Own (p-0)': { Version: '2012-10-17', Statement: [full, denyOwn('s3:*', spared)] },
    'Perimeter (p-2)': { Version: '2012-10-17', Statement: [denyAs('s3:PutObject', spared)] },
  });
});

test('a key of another account is bound by policies that nobody read', () => {
  const arn = 'arn:aws:kms:us-east-1:222222222222:key/11111111-2222-3333-4444-555555555555';
  const finding = findingOf({ kmsKey: { arn }, ...inOrganization({}) });
  expect(finding).toMatchObject({ status: 'unknown', cause: 'undecidable' });
  expect(finding?.message).toContain('account 222222222222');
});

test('a service-linked role is bound by none', () => {
  const finding = findingOf({
    rolePath: '/aws-service-role/x/',
    ...inOrganization({ root: scp(denyOwn('*')) }),
  });
  expect(finding?.status).toBe('pass');
});

test('a bucket policy’s condition on the organization is decided by the one that was read', () => {
  const outside = bucketPolicy(denyAll({ StringNotEquals: { 'aws:PrincipalOrgID': EXAMPLE_ORGANIZATION } }));
  const statusOf = (setUp: SetUp) =>
    findingsOf(setUp).find(({ rule }) => rule === 'permissions-put-object')?.status;
  expect(statusOf(outside)).toBe('unknown');
  expect(statusOf({ ...outside, ...inOrganization({}) })).toBe('pass');
});
