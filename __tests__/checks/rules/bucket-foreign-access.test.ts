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
