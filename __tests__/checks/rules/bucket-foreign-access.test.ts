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
