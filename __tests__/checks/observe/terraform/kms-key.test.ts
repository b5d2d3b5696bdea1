/** The key that a bucket encrypts with is one of the bucket's region and account. */
import { observePlan } from '../../../../checks/observe/terraform';
import { BUCKET, bucketOf, type Part, planOf, ROLE, TARGET } from './support';

const WEST = 'arn:aws:kms:eu-west-1:123456789012';
const NORTH = 'arn:aws:kms:eu-north-1:123456789012';
const OTHER = 'arn:aws:kms:eu-west-1:222222222222';

const encryption = (kms_master_key_id: string): Part => ({
  type: 'aws_s3_bucket_server_side_encryption_configuration',
  values: {
    bucket: 'logs',
    rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms', kms_master_key_id }] }],
  },
});
const key = (where: string, id = 'mrk-1'): Part => ({
  type: 'aws_kms_key',
  values: { arn: `${where}:key/${id}`, key_id: id, policy: '{}' },
});
const alias = (where: string): Part => ({
  type: 'aws_kms_alias',
  values: { arn: `${where}:alias/logs`, name: 'alias/logs', target_key_id: 'mrk-1' },
});
const newPolicy = (key_id: string): Part => ({
  type: 'aws_kms_key_policy',
  name: 'new',
  values: { key_id, policy: '{}' },
});
/** An alias that the plan makes: its ARN is known after apply. */
const newAlias: Part = {
  type: 'aws_kms_alias',
  values: { name: 'alias/logs', target_key_id: 'mrk-1' },
  unknown: { arn: true },
};

test.each<[what: string, named: string, parts: Part[], state: string]>([
  ['an alias’s name', 'alias/logs', [key(WEST), alias(WEST)], 'value'],
  ['the name of an alias of another region', 'alias/logs', [key(NORTH), alias(NORTH)], 'unreadable'],
  ['an alias’s ARN', `${WEST}:alias/logs`, [key(WEST), alias(WEST)], 'value'],
  ['an alias’s ARN of another region', `${NORTH}:alias/logs`, [key(WEST), alias(WEST)], 'unreadable'],
  ['an alias’s ARN of another account', `${OTHER}:alias/logs`, [key(WEST), alias(WEST)], 'unreadable'],
  ['a new alias’s ARN', `${WEST}:alias/logs`, [key(WEST), newAlias], 'value'],
  [
    'a new alias’s name in the ARN of another region',
    `${NORTH}:alias/logs`,
    [key(WEST), newAlias],
    'unreadable',
  ],
  [
    'a new alias’s name in the ARN of another account',
    `${OTHER}:alias/logs`,
    [key(WEST), newAlias],
    'unreadable',
  ],
  ['an ID', 'mrk-1', [key(WEST)], 'value'],
  ['the ID of a multi-Region key of which another region’s is seen', 'mrk-1', [key(NORTH)], 'unreadable'],
  ['an ARN', `${WEST}:key/mrk-1`, [key(WEST)], 'value'],
])('%s', (_what, named, parts, state) => {
  expect(bucketOf([ROLE, BUCKET, encryption(named), ...parts]).kmsKey?.state).toBe(state);
});

test('a key that is named by the ARN of another region is seen as it is: that it can’t work is for a rule to say', () => {
  expect(bucketOf([BUCKET, encryption(`${NORTH}:key/mrk-1`), key(NORTH)]).kmsKey).toMatchObject({
    value: { arn: `${NORTH}:key/mrk-1` },
  });
});

test.each([
  ['aws_kms_key', { is_enabled: false }, 'Disabled'],
  ['aws_kms_key', { is_enabled: true }, 'Enabled'],
  ['aws_kms_replica_key', { enabled: false }, 'Disabled'],
  ['aws_kms_replica_key', { enabled: true }, 'Enabled'],
  ['aws_kms_external_key', { enabled: true, key_state: 'Enabled' }, 'Enabled'],
  ['aws_kms_external_key', { enabled: true, key_state: 'Disabled' }, 'Enabled'],
  ['aws_kms_external_key', { enabled: false, key_state: 'Enabled' }, 'Disabled'],
  ['aws_kms_external_key', { enabled: false, key_state: 'PendingImport' }, 'PendingImport'],
  ['aws_kms_replica_external_key', { enabled: false, key_state: 'Disabled' }, 'Disabled'],
])('%s with %o is %s', (type, switched, keyState) => {
  const values = { ...key(WEST).values, ...switched };
  const seen = bucketOf([ROLE, BUCKET, encryption(`${WEST}:key/mrk-1`), { type, values }]).kmsKey;
  expect(seen).toMatchObject({ value: { keyState } });
});

test.each(['aws_kms_replica_key', 'aws_kms_external_key'])(
  'whether %s is enabled may be known after apply',
  (type) => {
    const replica = { ...key(WEST), type, unknown: { enabled: true, key_state: true } };
    expect(bucketOf([ROLE, BUCKET, encryption(`${WEST}:key/mrk-1`), replica]).kmsKey?.state).toBe(
      'unreadable',
    );
  },
);

describe('a key policy that the plan destroys', () => {
  const ARN = `${WEST}:key/mrk-1`;
  const gone = (values: Record<string, unknown>): Part => ({
    type: 'aws_kms_key_policy',
    values: { policy: '{}', ...values },
    actions: ['delete'],
  });
  test.each<[what: string, parts: Part[], state: string]>([
    ['by the key’s ID', [gone({ key_id: 'mrk-1' })], 'unreadable'],
    ['by the key’s ARN', [gone({ key_id: ARN })], 'unreadable'],
    ['beside another one', [gone({ key_id: ARN }), newPolicy(ARN)], 'unreadable'],
    ['of another key', [gone({ key_id: 'another' })], 'value'],
    [
      'that may lock its owner out, so that the provider leaves it',
      [gone({ key_id: ARN, bypass_policy_lockout_safety_check: true })],
      'value',
    ],
    ['none', [newPolicy(ARN)], 'value'],
  ])('%s', (_what, parts, state) => {
    const seen = bucketOf([ROLE, BUCKET, encryption(ARN), key(WEST), ...parts]).kmsKey;
    expect(seen).toMatchObject({ value: { policy: { state } } });
  });
});

describe('the key that AWS manages for S3', () => {
  const account: Part = {
    type: 'aws_caller_identity',
    mode: 'data',
    values: { account_id: '123456789012' },
    actions: ['read'],
  };
  const AWS = 'alias/aws/s3';

  test.each<[what: string, named: string, parts: Part[], isAwsKey: boolean]>([
    ['its name', AWS, [account], true],
    ['its name where the account is not known', AWS, [], true],
    ['its ARN', `${WEST}:${AWS}`, [account], true],
    ['that of another region', `${NORTH}:${AWS}`, [account], false],
    ['that of another account', `${OTHER}:${AWS}`, [account], false],
    ['that of another partition', `${WEST.replace('aws', 'aws-cn')}:${AWS}`, [account], false],
    ['an ARN where the account is not known', `${WEST}:${AWS}`, [], false],
    ['the key of another service', 'alias/aws/ebs', [account], false],
  ])('%s', (_what, named, parts, isAwsKey) => {
    const { encryption: seen, kmsKey } = bucketOf([ROLE, BUCKET, encryption(named), ...parts]);
    expect(seen).toMatchObject({ value: { algorithm: 'aws:kms', kmsKeyId: isAwsKey ? undefined : named } });
    expect(kmsKey?.state).toBe(isAwsKey ? undefined : 'unreadable');
  });
});

test('a former key is seen where the file manages it, and of others the file tells nothing', () => {
  const formerKeys = [`${WEST}:key/old`, `${WEST}:key/off`, `${WEST}:key/elsewhere`];
  const declared = {
    versioning: false,
    logging: false,
    readers: [],
    formerKeys,
    path: '/',
  };
  const off = key(WEST, 'off');
  const parts = [
    ROLE,
    BUCKET,
    key(WEST, 'old'),
    { ...off, name: 'off', values: { ...off.values, is_enabled: false } },
  ];
  const observed = (target: typeof TARGET & { declared?: typeof declared }) =>
    observePlan(JSON.stringify(planOf(parts)), 'the plan', [target]).exports[0]?.formerKeys;
  expect(observed({ ...TARGET, declared })).toMatchObject([
    { arn: formerKeys[0], key: { value: { keyState: 'Enabled', policy: { value: { text: '{}' } } } } },
    { arn: formerKeys[1], key: { value: { keyState: 'Disabled' } } },
    { arn: formerKeys[2], key: undefined },
  ]);
  expect(observed({ ...TARGET, declared: { ...declared, formerKeys: [] } })).toBeUndefined();
});
