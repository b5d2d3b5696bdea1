import { findingsOf } from './support';

const of = (setUp: Parameters<typeof findingsOf>[0]) =>
  findingsOf(setUp).filter(({ rule }) => rule.startsWith('bucket-'));

test('somebody else’s bucket is a violation, and its settings are not judged', () => {
  expect(of({ bucket: { owner: { state: 'value', value: 'another-account' } } })).toMatchObject([
    {
      rule: 'bucket-exists',
      status: 'fail',
      severity: 'critical',
      message: 'The bucket acme-altr-audit-logs belongs to another AWS account.',
    },
  ]);
});

test('an owner that can’t be read is unknown', () => {
  const [finding] = of({
    bucket: {
      owner: { state: 'unreadable', reason: { message: 'AWS denied it', permission: 's3:ListBucket' } },
    },
  });
  expect(finding).toMatchObject({ rule: 'bucket-exists', status: 'unknown', cause: 'unreadable' });
  expect(finding?.remediation?.summary).toMatch(/Allow s3:ListBucket/);
});
