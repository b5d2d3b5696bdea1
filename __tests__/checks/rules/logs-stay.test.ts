import type { SetUp } from '../../../checks/pages/set-up';
import { beside, KEY, OTHER, OWN, useKey, value } from './builders';
import { findingsOf } from './support';

const failed = (setUp: SetUp) =>
  findingsOf(setUp).filter(({ rule, status }) => rule === 'logs-stay' && status === 'fail');
const copies = (...ids: readonly string[]): SetUp => ({
  bucket: {
    replication: value({
      rules: ids.map((id) => ({
        id,
        status: 'Enabled' as const,
        filter: {},
        destination: {
          bucket: `arn:aws:s3:::${id}`,
          owner: id === 'own' ? value('audited-account' as const) : value('another-account' as const),
        },
      })),
    }),
  },
});

test('a replication of one rule is stopped as a whole, and its copies are mentioned', () => {
  const [finding] = failed(copies('stranger'));
  expect(finding?.message).toBe(
    'The replication rule stranger copies logs to arn:aws:s3:::stranger, which belongs to another account.',
  );
  expect(finding?.remediation?.summary).toMatch(/Copies that are there already stay/);
  expect(finding?.remediation?.commands).toEqual([
    'aws s3api delete-bucket-replication --bucket acme-altr-audit-logs',
  ]);
});

test('of several rules the others are kept', () => {
  const [finding] = failed(copies('stranger', 'own'));
  expect(finding?.remediation?.commands).toEqual([
    expect.stringContaining(`Rules: Rules[?ID!='\\''stranger'\\'']`),
    expect.stringContaining('put-bucket-replication'),
  ]);
});

test('the key’s policy keeps what it says of the account', () => {
  const account = { Effect: 'Allow', Principal: { AWS: OWN }, Action: 'kms:*', Resource: '*' };
  const [finding] = failed({
    ...beside(useKey),
    kmsKeyPolicy: {
      Version: '2012-10-17',
      Statement: [account, { ...account, Principal: { AWS: [OWN, OTHER] }, Action: 'kms:Decrypt' }],
    },
  });
  expect(finding?.location?.pointer).toBe('/Statement/1/Principal/AWS/1');
  expect(finding?.remediation?.document).toEqual({
    Version: '2012-10-17',
    Statement: [account, { ...account, Principal: { AWS: [OWN] }, Action: 'kms:Decrypt' }],
  });
});

test('a grant is revoked by its ID, where the key is', () => {
  const [finding] = failed({
    ...beside(useKey),
    kmsKey: {
      grants: value([
        { grantId: 'abc', granteePrincipal: `arn:aws:iam::${OTHER}:root`, operations: ['Decrypt'] },
      ]),
    },
  });
  expect(finding?.remediation?.commands).toEqual([
    `aws kms revoke-grant --region us-east-1 --key-id ${KEY} --grant-id abc`,
  ]);
});

test('names of logs are less than logs', () => {
  const destination = { bucket: 'arn:aws:s3:::x', owner: value('another-account' as const) };
  const [finding] = failed({
    bucket: { inventories: value([{ id: 'i', isEnabled: true, destination }]) },
  });
  expect(finding).toMatchObject({ severity: 'medium' });
  expect(finding?.remediation?.commands?.[0]).toContain('delete-bucket-inventory-configuration');
});

test('of grants that a plan does not show, observing again is no help', () => {
  const [finding] = findingsOf({
    ...beside(useKey),
    kmsKey: { grants: value([]), grantsPartial: true },
  }).filter(({ rule, status }) => rule === 'logs-stay' && status === 'advice');
  expect(finding?.message).toMatch(/audit the account, too\.$/);
  expect(finding?.message).not.toContain('Observe again');
});
