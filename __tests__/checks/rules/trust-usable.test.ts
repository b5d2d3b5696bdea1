import { findingsOf } from './support';

test('what it depends on is named, with the reason why nobody here can know it', () => {
  const [finding] = findingsOf({
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '111122223333' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'sts:ExternalId': '1c42465e-4bf2-4e83-90d6-f6fbcac03634' },
            IpAddress: { 'aws:SourceIp': '52.0.0.0/8' },
          },
        },
      ],
    },
  }).filter(({ rule }) => rule === 'trust-usable');
  expect(finding).toMatchObject({ status: 'unknown', cause: 'undecidable' });
  expect(finding?.message).toMatch(/IpAddress aws:SourceIp 52\.0\.0\.0\/8 .*only ALTR knows/);
});
