import { findingsOf } from './support';

test('surplus actions of a statement are one finding that says how to take it away', () => {
  const [finding] = findingsOf({
    inlinePolicies: {
      "it's more": {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['s3:PutObject', 's3:Get*', 's3:List*'],
            Resource: 'arn:aws:s3:::acme-altr-audit-logs/*',
          },
        ],
      },
    },
  }).filter(({ rule, status }) => rule === 'permissions-action-scope' && status === 'fail');
  expect(finding).toMatchObject({ expected: 's3:PutObject', actual: ['s3:Get*', 's3:List*'] });
  expect(finding?.remediation?.commands).toEqual([
    `aws iam delete-role-policy --role-name ALTRPublishSIEMDataAcmeProd --policy-name 'it'\\''s more'`,
  ]);
});
