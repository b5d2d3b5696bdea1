import { findingsOf } from './support';

test('the surplus action alone is named', () => {
  const findings = findingsOf({
    trustPolicy: {
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: '111122223333' },
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        Condition: { StringEquals: { 'sts:ExternalId': '1c42465e-4bf2-4e83-90d6-f6fbcac03634' } },
      },
    },
  }).filter(({ rule }) => rule === 'trust-action');
  expect(findings).toMatchObject([
    {
      status: 'fail',
      expected: 'sts:AssumeRole',
      actual: 'sts:SetSourceIdentity',
      location: { pointer: '/Statement/Action/1' },
    },
  ]);
});
