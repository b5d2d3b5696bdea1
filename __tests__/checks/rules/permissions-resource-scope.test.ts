import { findingsOf } from './support';

test('an attached policy gets a new version without the statement', () => {
  const keep = { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::acme-altr-audit-logs/*' };
  const wide = { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::other/*' };
  const [finding] = findingsOf({
    attachedPolicies: { p: { Version: '2012-10-17', Statement: [keep, wide] } },
  }).filter(({ rule }) => rule === 'permissions-resource-scope');
  expect(finding).toMatchObject({
    status: 'fail',
    actual: ['arn:aws:s3:::other/*'],
    location: { pointer: '/Statement/1/Resource' },
    remediation: { document: { Version: '2012-10-17', Statement: [keep] } },
  });
  expect(finding?.remediation?.commands).toEqual([
    expect.stringMatching(/^for version in .*list-policy-versions/),
    expect.stringMatching(/^aws iam create-policy-version .*--set-as-default/),
  ]);
});
