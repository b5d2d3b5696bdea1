import type { SetUp } from '../../../checks/pages/set-up';
import { boundary, put, ROLE } from './builders';
import { EXAMPLE, findingsOf } from './support';

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

const ofKeyRule = (setUp: SetUp) =>
  findingsOf(setUp).filter(({ rule }) => rule === 'bucket-encryption-delivery');
const key = {
  kmsKeyPolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'kms:GenerateDataKey', Resource: '*' }],
  },
};
const guard = (changes: object): SetUp['attachedPolicies'] => ({
  'acme.s3.policy': EXAMPLE.permissions,
  guard: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', NotAction: 's3:*', Resource: '*', ...changes }],
  },
});
const unread = { inlinePolicies: { state: 'unreadable', reason: { message: 'denied' } } } as const;

// IAM User Guide, "Policy evaluation logic": an explicit Deny in any policy wins.
test.each<[string, SetUp, string, string, string | undefined]>([
  [
    'a Deny of the role',
    { ...key, attachedPolicies: guard({}) },
    'fail',
    'a statement denies it',
    '/Statement/0',
  ],
  [
    'a Deny of the role, beside policies that were not read',
    { ...key, attachedPolicies: guard({}), role: unread },
    'fail',
    'a statement denies it',
    '/Statement/0',
  ],
  [
    'a boundary without the key',
    { ...key, ...boundary(put({ Action: 's3:*', Resource: '*' })) },
    'fail',
    'the permissions boundary: nothing allows kms:GenerateDataKey',
    '',
  ],
  [
    'a boundary without the key, beside policies that were not read',
    { ...key, ...boundary(put({ Action: 's3:*', Resource: '*' })), role: unread },
    'fail',
    'the permissions boundary',
    '',
  ],
  ['no Allow at all', { kmsKey: {} }, 'fail', 'nothing allows kms:GenerateDataKey', undefined],
  ['no Allow that was read', { kmsKey: {}, role: unread }, 'unknown', 'denied', undefined],
])('names what decides: %s', (_what, setUp, status, said, pointer) => {
  const [finding] = ofKeyRule(setUp);
  expect(finding).toMatchObject({ status, message: expect.stringContaining(said) });
  expect(finding?.location?.pointer).toBe(pointer);
});

test('a deploy changes no key of an existing bucket, so it is not said to', () => {
  const kmsKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/11111111-1111-4111-8111-111111111111';
  const summaryOf = (existingBucket: boolean) =>
    ofKeyRule({
      declares: { existingBucket, encryption: { type: 'kms', kmsKeyArn } },
      kmsKey: { keySpec: 'RSA_2048', arn: kmsKeyArn },
    })[0]?.remediation?.summary;
  expect(summaryOf(false)).toContain('and deploy the export again');
  expect(summaryOf(true)).toMatch(/^Have the owner of the bucket encrypt with a key that S3 can write with/);
});

test('what was found is the statement that denies, as it was written', () => {
  const deny = { Effect: 'Deny', Action: 'kms:*', Resource: '*' };
  const denied = {
    inlinePolicies: { more: { Version: '2012-10-17', Statement: [deny] } },
  };
  const actualOf = (setUp: SetUp) => ofKeyRule({ ...setUp, ...denied }).map(({ actual }) => actual);
  expect(actualOf(key)).toEqual([deny]);
  expect(actualOf({ kmsKey: { keyManager: 'AWS' } })).toEqual([deny]);
});

test('a statement of the key’s policy that would do but for its condition is named', () => {
  const [finding] = findingsOf({
    kmsKeyPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: ROLE },
          Action: 'kms:GenerateDataKey',
          Resource: '*',
          Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
        },
      ],
    },
  }).filter(({ rule }) => rule === 'bucket-encryption-delivery');
  expect(finding).toMatchObject({ status: 'fail', location: { pointer: '/Statement/0' } });
  expect(finding?.message).toContain('kms:ViaService s3.eu-west-1.amazonaws.com');
});

test('says which statements of the key’s policy have no effect', () => {
  const Statement = [
    { Effect: 'Allow', Principal: { AWS: `${ROLE}Admin` }, Action: 'kms:*', Resource: '*' },
    { Effect: 'Allow', Principal: { AWS: ROLE }, Action: ['kms:GenerateDataKey', 'kms:Decrypt'] },
  ];
  const [finding] = ofKeyRule({ kmsKeyPolicy: { Version: '2012-10-17', Statement } });
  expect(finding).toMatchObject({
    status: 'fail',
    message: expect.stringMatching(
      /so it can’t write: .*\. KMS gives no effect to a statement of its policy without an Action or a Resource: \/Statement\/1\.$/,
    ),
  });
});
