import type { SetUp } from '../../../checks/pages/set-up';
import { findingsOf } from './support';

test.each([
  ['a symmetric key', 'SYMMETRIC_DEFAULT', 'pass'],
  ['a key for signatures, which S3 can’t encrypt with', 'RSA_2048', 'fail'],
])('with %s', (_what, keySpec, status) => {
  const use = { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: '*' };
  const inlinePolicies: SetUp['inlinePolicies'] = { use: { Version: '2012-10-17', Statement: [use] } };
  const found = findingsOf({ inlinePolicies, kmsKey: { keySpec } });
  expect(
    found.filter(({ rule }) => rule === 'bucket-encryption-delivery').map((finding) => finding.status),
  ).toEqual([status]);
});

test('the corrected policy names the key and keeps the contract’s statement', () => {
  const [finding] = findingsOf({ kmsKey: {} }).filter(({ rule }) => rule === 'bucket-encryption-delivery');
  expect(finding).toMatchObject({ status: 'fail' });
  const document = finding?.remediation?.document as {
    Statement: { Action: unknown; Resource: string }[];
  };
  const { Statement } = document;
  expect(Statement.map(({ Action }) => Action)).toEqual([
    's3:PutObject',
    ['kms:GenerateDataKey', 'kms:Decrypt'],
  ]);
  expect(Statement[1]?.Resource).toMatch(/^arn:aws:kms:/);
});

const unreadRegion = {
  state: 'unreadable',
  reason: { api: 's3:HeadBucket', code: 'AccessDenied', message: 'denied' },
} as const;

test.each([
  ['fails what no region would allow', undefined, 'fail'],
  ['is unknown where another region would forbid it', ['kms:GenerateDataKey', 'kms:Decrypt'], 'unknown'],
])('without the bucket’s region, it %s', (_what, Action, status) => {
  const use = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
  const found = findingsOf({
    ...(Action ? { inlinePolicies: { use } } : {}),
    kmsKey: {},
    bucket: { region: unreadRegion },
  });
  expect(
    found.filter(({ rule }) => rule === 'bucket-encryption-delivery').map((finding) => finding.status),
  ).toEqual([status]);
});
