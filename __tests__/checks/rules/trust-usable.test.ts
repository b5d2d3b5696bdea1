import { allowAltr, deny, from, SOON, trust, until, whenAlso } from './builders';
import { EXAMPLE, findingsOf } from './support';

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

test('a trust that ends soon is advice with the date, the place, and what to do before then', () => {
  const findings = findingsOf(whenAlso(until(SOON))).filter(({ rule }) => rule === 'trust-usable');
  expect(findings.map(({ status }) => status)).toEqual(['pass', 'advice']);
  expect(findings[1]).toMatchObject({
    message:
      'ALTR can assume the role only until 2026-01-31T00:00:00Z: DateLessThan aws:CurrentTime 2026-01-31T00:00:00Z (trust policy of role ALTRPublishSIEMDataAcmeProd, /Statement/0).',
    remediation: {
      summary:
        'Before then, if the export is to go on, set a later date, or do this: Restore the contract’s trust policy.',
      document: { Statement: [allowAltr()] },
    },
  });
});

test('a Deny that begins soon is never advised to lose its condition', () => {
  const [, advice] = findingsOf(trust(allowAltr(), deny(from(SOON)))).filter(
    ({ rule }) => rule === 'trust-usable',
  );
  const spared = { StringNotEquals: { 'aws:PrincipalAccount': [EXAMPLE.altrAccountId] } };
  expect(advice?.remediation?.document).toMatchObject({
    Statement: [allowAltr(), deny({ ...from(SOON), ...spared })],
  });
  expect(advice?.remediation?.summary).not.toMatch(/condition/i);
});
