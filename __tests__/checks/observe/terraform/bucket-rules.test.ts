/** What S3 will do with a bucket's objects by itself, and settings that the config declares. */
import { observePlan } from '../../../../checks/observe/terraform';
import { BUCKET, bucketOf, OLD_BUCKET, observe, type Part, planOf, ROLE, TARGET } from './support';

const lifecycle = (rule: unknown, more: Partial<Part> = {}): Part => ({
  type: 'aws_s3_bucket_lifecycle_configuration',
  values: { bucket: 'logs', rule },
  ...more,
});

const DECLARED = {
  versioning: true,
  logging: true,
  readers: [],
  formerKeys: [],
  path: '/',
};

/** A bucket whose versioning and logging are declared. */
const declaredOf = (parts: readonly Part[]) => {
  const plan = JSON.stringify(planOf(parts));
  const bucket = observePlan(plan, 'the plan', [{ ...TARGET, declared: DECLARED }]).exports[0]?.bucket;
  if (bucket?.state !== 'value') throw new Error(JSON.stringify(bucket));
  return bucket.value;
};

describe('the lifecycle', () => {
  test('of a new bucket without one is absent, and of one that is there already it is not known', () => {
    expect(bucketOf([BUCKET]).lifecycle).toEqual({ state: 'absent' });
    expect(bucketOf([OLD_BUCKET]).lifecycle?.state).toBe('unreadable');
  });

  test('of a bucket that the provider read is in the bucket itself', () => {
    const read = (lifecycle_rule: unknown): Part => ({
      ...OLD_BUCKET,
      values: { bucket: 'logs', lifecycle_rule },
    });
    expect(bucketOf([read([])]).lifecycle).toEqual({ state: 'absent' });
    const rule = {
      id: 'x',
      enabled: true,
      prefix: 'a/',
      tags: { k: 'v' },
      expiration: [{ days: 1, date: '' }],
    };
    expect(bucketOf([read([rule])]).lifecycle).toMatchObject({
      value: {
        rules: [
          {
            status: 'Enabled',
            filter: { prefix: 'a/', tags: [{ key: 'k', value: 'v' }] },
            expiration: { days: 1 },
          },
        ],
      },
    });
  });

  test('is read whole', () => {
    const rule = {
      id: 'logs',
      status: 'Enabled',
      filter: [
        {
          and: [{ prefix: 'p/', tags: { a: 'b' }, object_size_greater_than: '10', object_size_less_than: 0 }],
        },
      ],
      expiration: [{ days: 730, date: null, expired_object_delete_marker: false }],
      noncurrent_version_expiration: [{ noncurrent_days: 30, newer_noncurrent_versions: '3' }],
      transition: [{ days: 0, storage_class: 'GLACIER' }],
      noncurrent_version_transition: [{ noncurrent_days: 5, storage_class: 'GLACIER' }],
      abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
    };
    const seen = bucketOf([BUCKET, lifecycle([rule])]).lifecycle;
    expect(JSON.parse(JSON.stringify(seen))).toEqual({
      state: 'value',
      value: {
        address: 'aws_s3_bucket_lifecycle_configuration.this',
        rules: [
          {
            id: 'logs',
            status: 'Enabled',
            filter: { prefix: 'p/', tags: [{ key: 'a', value: 'b' }], objectSizeGreaterThan: 10 },
            expiration: { days: 730, expiredObjectDeleteMarker: false },
            noncurrentVersionExpiration: { noncurrentDays: 30, newerNoncurrentVersions: 3 },
            transitions: [{ days: 0, storageClass: 'GLACIER' }],
            noncurrentVersionTransitions: [{ noncurrentDays: 5, storageClass: 'GLACIER' }],
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
    });
  });

  test.each([
    ['the days', { rule: [{ expiration: [{ days: true }] }] }, 'unreadable'],
    ['the rules', { rule: true }, 'unreadable'],
    ['the blocks of a rule', { rule: [{ expiration: true }] }, 'unreadable'],
    ['an ID that the provider gives', { rule: [{ id: true }] }, 'value'],
  ])('of which %s are known after apply', (_name, unknown, state) => {
    const rule = [{ status: 'Enabled', expiration: [{}] }];
    expect(bucketOf([BUCKET, lifecycle(rule, { unknown })]).lifecycle?.state).toBe(state);
  });

  test('that the plan destroys is gone', () => {
    const gone = lifecycle([{ status: 'Enabled', expiration: [{ days: 1 }] }], { actions: ['delete'] });
    expect(bucketOf([OLD_BUCKET, gone]).lifecycle).toEqual({ state: 'absent' });
  });
});

describe('the replication', () => {
  const replication = (destination: unknown, more: Partial<Part> = {}): Part => ({
    type: 'aws_s3_bucket_replication_configuration',
    values: {
      bucket: 'logs',
      role: 'arn:aws:iam::123456789012:role/r',
      rule: [{ status: 'Enabled', destination }],
    },
    ...more,
  });
  const copies: Part = { type: 'aws_s3_bucket', name: 'copies', values: { bucket: 'copies' } };
  const ruleOf = (parts: readonly Part[]) => {
    const { replication: seen } = bucketOf(parts);
    return seen?.state === 'value' ? seen.value.rules[0]?.destination : seen;
  };

  test('of a new bucket without one is absent', () => {
    expect(bucketOf([BUCKET]).replication).toEqual({ state: 'absent' });
  });

  test('to a bucket of the plan is in the account', () => {
    expect(ruleOf([ROLE, BUCKET, copies, replication([{ bucket: 'arn:aws:s3:::copies' }])])).toMatchObject({
      bucket: 'arn:aws:s3:::copies',
      owner: { value: 'audited-account' },
    });
  });

  test('to a bucket whose ARN is known after apply is followed to its resource', () => {
    const open = replication([{}], {
      unknown: { rule: [{ destination: [{ bucket: true }] }] },
      expressions: { rule: [{ destination: [{ bucket: { references: ['aws_s3_bucket.copies.arn'] } }] }] },
    });
    expect(ruleOf([ROLE, BUCKET, copies, open])).toMatchObject({
      bucket: 'arn:aws:s3:::copies',
      owner: { value: 'audited-account' },
    });
    expect(ruleOf([ROLE, BUCKET, open])).toMatchObject({ state: 'unreadable' });
  });

  test('to a bucket that the plan does not hold is nobody’s that it knows, unless it names the account', () => {
    const role: Part = {
      ...ROLE,
      values: { ...ROLE.values, arn: `arn:aws:iam::123456789012:role/${TARGET.roleName}` },
    };
    const to = (account?: string) =>
      ruleOf([role, BUCKET, replication([{ bucket: 'arn:aws:s3:::theirs', account }])]);
    expect(to()).toMatchObject({ owner: { state: 'unreadable' } });
    expect(to('999999999999')).toMatchObject({
      account: '999999999999',
      owner: { value: 'another-account' },
    });
    expect(to('123456789012')).toMatchObject({ owner: { value: 'audited-account' } });
  });

  test('whose key is known after apply is read all the same', () => {
    const open = replication([{ bucket: 'arn:aws:s3:::copies', encryption_configuration: [{}] }], {
      unknown: { rule: [{ destination: [{ encryption_configuration: [{ replica_kms_key_id: true }] }] }] },
    });
    expect(ruleOf([ROLE, BUCKET, copies, open])).toMatchObject({ replicaKmsKeyId: { state: 'unreadable' } });
  });
});

describe('what the file can’t see whole', () => {
  const inventory: Part = {
    type: 'aws_s3_bucket_inventory',
    values: {
      bucket: 'logs',
      name: 'all',
      enabled: true,
      destination: [
        { bucket: [{ bucket_arn: 'arn:aws:s3:::theirs', account_id: '999999999999', format: 'CSV' }] },
      ],
    },
  };

  test('inventories of a new bucket are all there are; of another more may exist', () => {
    expect(bucketOf([BUCKET])).toMatchObject({ inventories: { value: [] } });
    expect(bucketOf([BUCKET]).inventoriesPartial).toBeUndefined();
    expect(bucketOf([OLD_BUCKET])).toMatchObject({ inventories: { value: [] }, inventoriesPartial: true });
    expect(bucketOf([BUCKET, inventory]).inventories).toMatchObject({
      value: [
        {
          id: 'all',
          isEnabled: true,
          destination: { bucket: 'arn:aws:s3:::theirs', accountId: '999999999999' },
        },
      ],
    });
  });

  test('an inventory whose bucket is known after apply may be of this one, unless another resource makes that', () => {
    const open = (references: readonly string[]): Part => ({
      ...inventory,
      values: { name: 'all' },
      unknown: { bucket: true },
      expressions: { bucket: { references } },
    });
    const other: Part = { ...BUCKET, name: 'other', values: {}, unknown: { bucket: true } };
    expect(bucketOf([BUCKET, other, open(['local.x'])]).inventories?.state).toBe('unreadable');
    expect(bucketOf([BUCKET, other, open(['aws_s3_bucket.other.id'])]).inventories).toMatchObject({
      value: [],
    });
  });

  test('grants of the bucket’s key', () => {
    const arn = 'arn:aws:kms:eu-west-1:123456789012:key/k';
    const key = (actions: readonly string[]): Part => ({
      type: 'aws_kms_key',
      values: { arn, key_id: 'k', policy: '{}' },
      actions,
    });
    const encryption: Part = {
      type: 'aws_s3_bucket_server_side_encryption_configuration',
      values: {
        bucket: 'logs',
        rule: [
          {
            apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms', kms_master_key_id: arn }],
            bucket_key_enabled: true,
          },
        ],
      },
    };
    const grant: Part = {
      type: 'aws_kms_grant',
      values: { key_id: 'k', grantee_principal: 'arn:aws:iam::999999999999:root', operations: ['Decrypt'] },
    };
    const seen = bucketOf([BUCKET, encryption, key(['no-op']), grant]);
    expect(seen.encryption).toMatchObject({ value: { bucketKeyEnabled: true } });
    expect(seen.kmsKey).toMatchObject({
      value: {
        grants: { value: [{ granteePrincipal: 'arn:aws:iam::999999999999:root', operations: ['Decrypt'] }] },
        grantsPartial: true,
      },
    });
    const made = bucketOf([BUCKET, encryption, key(['create'])]).kmsKey;
    expect(made).toMatchObject({ value: { grants: { value: [] } } });
    expect(made?.state === 'value' && made.value.grantsPartial).toBeUndefined();
  });

  test('access points are read only where the bucket’s policy delegates to them', () => {
    const policy = (condition: unknown): Part => ({
      type: 'aws_s3_bucket_policy',
      values: {
        bucket: 'logs',
        policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Condition: condition }] }),
      },
    });
    const point: Part = {
      type: 'aws_s3_access_point',
      values: { bucket: 'logs', name: 'open', policy: '{"Statement":[]}' },
    };
    const delegates = policy({ StringEquals: { 's3:DataAccessPointAccount': '123456789012' } });
    expect(bucketOf([BUCKET, delegates, point]).accessPoints).toMatchObject({
      value: [{ name: 'open', networkOrigin: 'Internet', policy: { value: { text: '{"Statement":[]}' } } }],
    });
    expect(bucketOf([BUCKET, policy({}), point]).accessPoints).toBeUndefined();
  });
});

const setting = (type: string, values: Record<string, unknown>, more: Partial<Part> = {}): Part => ({
  type,
  values: { bucket: 'logs', ...values },
  ...more,
});

describe('Object Lock, which no config has to declare,', () => {
  const rule = [{ default_retention: [{ mode: 'GOVERNANCE', days: 30, years: 0 }] }];
  const RETENTION = { value: { defaultRetention: { mode: 'GOVERNANCE', days: 30 } } };
  const lock = (values: Record<string, unknown>, more?: Partial<Part>) =>
    setting('aws_s3_bucket_object_lock_configuration', values, more);
  const withLock = (bucket: Part, values: Record<string, unknown>): Part => ({
    ...bucket,
    values: { ...bucket.values, ...values },
  });
  const lockOf = (...parts: readonly Part[]) => bucketOf(parts).objectLock;

  test('is absent of a new bucket, and not known of one that is there already', () => {
    expect(lockOf(BUCKET)).toEqual({ state: 'absent' });
    expect(lockOf(OLD_BUCKET)?.state).toBe('unreadable');
  });

  test('is read from a resource of its own', () => {
    expect(lockOf(BUCKET, lock({ rule }))).toMatchObject(RETENTION);
    expect(lockOf(BUCKET, lock({ rule: [] }))).toEqual({
      state: 'value',
      value: { address: 'aws_s3_bucket_object_lock_configuration.this' },
    });
  });

  test('is read from the bucket itself', () => {
    const read = (given: unknown) => lockOf(withLock(OLD_BUCKET, { object_lock_configuration: given }));
    expect(read([])).toEqual({ state: 'absent' });
    expect(read([{ object_lock_enabled: 'Enabled', rule: [] }])).toEqual({
      state: 'value',
      value: { address: 'aws_s3_bucket.this' },
    });
    expect(read([{ object_lock_enabled: 'Enabled', rule }])).toMatchObject(RETENTION);
  });

  test('of a new bucket may be on, with a default retention or without one', () => {
    const on = { object_lock_enabled: true };
    expect(lockOf(withLock(BUCKET, on))).toEqual({
      state: 'value',
      value: { address: 'aws_s3_bucket.this' },
    });
    const retained = { ...on, object_lock_configuration: [{ rule }] };
    expect(lockOf(withLock(BUCKET, retained))).toMatchObject(RETENTION);
  });

  test('a retention that is known after apply is not taken for none', () => {
    expect(lockOf(BUCKET, lock({}, { unknown: { rule: true } }))?.state).toBe('unreadable');
    const mode = { rule: [{ default_retention: [{ mode: true }] }] };
    expect(
      lockOf(BUCKET, lock({ rule: [{ default_retention: [{ days: 30 }] }] }, { unknown: mode }))?.state,
    ).toBe('unreadable');
  });

  test('stays without a default retention if its resource is destroyed', () => {
    expect(lockOf(OLD_BUCKET, lock({}, { actions: ['delete'] }))).toEqual({ state: 'value', value: {} });
  });
});

describe('what the config declares', () => {
  const versioning = (status: string, more?: Partial<Part>) =>
    setting('aws_s3_bucket_versioning', { versioning_configuration: [{ status }] }, more);

  test('is not looked at where it does not', () => {
    const { versioning: seen, logging } = bucketOf([BUCKET, versioning('Enabled')]);
    expect([seen, logging]).toEqual([undefined, undefined]);
    expect(observe([ROLE, BUCKET]).readers).toBeUndefined();
  });

  test('is looked at all the same where a rule of the lifecycle deletes former versions', () => {
    const expires = (status: string) =>
      lifecycle([{ id: 'x', status, noncurrent_version_expiration: [{ noncurrent_days: 1 }] }]);
    expect(bucketOf([BUCKET, versioning('Enabled'), expires('Enabled')]).versioning).toMatchObject({
      value: { status: 'Enabled' },
    });
    expect(bucketOf([BUCKET, expires('Enabled')]).versioning).toEqual({ state: 'absent' });
    expect(bucketOf([BUCKET, versioning('Enabled'), expires('Disabled')]).versioning).toBeUndefined();
  });

  test('is absent of a new bucket, and not known of one that is there already', () => {
    expect(declaredOf([BUCKET])).toMatchObject({
      versioning: { state: 'absent' },
      logging: { state: 'absent' },
    });
    expect(declaredOf([OLD_BUCKET])).toMatchObject({
      versioning: { state: 'unreadable' },
      logging: { state: 'unreadable' },
    });
  });

  test('is read from resources of their own', () => {
    const logging = setting('aws_s3_bucket_logging', { target_bucket: 'access', target_prefix: 'a/' });
    expect(declaredOf([BUCKET, versioning('Enabled'), logging])).toMatchObject({
      versioning: { value: { status: 'Enabled' } },
      logging: { value: { targetBucket: 'access', targetPrefix: 'a/' } },
    });
  });

  test('is read from the bucket itself', () => {
    const values = {
      bucket: 'logs',
      versioning: [{ enabled: true, mfa_delete: false }],
      logging: [{ target_bucket: 'access', target_prefix: '' }],
    };
    expect(declaredOf([{ ...OLD_BUCKET, values }])).toMatchObject({
      versioning: { value: { status: 'Enabled' } },
      logging: { value: { targetBucket: 'access' } },
    });
  });

  test('goes as the provider takes it away', () => {
    const gone = { actions: ['delete'] };
    expect(
      declaredOf([OLD_BUCKET, versioning('Enabled', gone), setting('aws_s3_bucket_logging', {}, gone)]),
    ).toMatchObject({
      versioning: { value: { status: 'Suspended' } },
      logging: { state: 'absent' },
    });
  });

  test('a status that is known after apply is not taken for any', () => {
    const open = versioning('', { unknown: { versioning_configuration: [{ status: true }] } });
    expect(declaredOf([BUCKET, open]).versioning?.state).toBe('unreadable');
  });

  test('readers are found by their role, or by their policy’s name and path', () => {
    const readers = [
      { name: 'a', roleName: 'reader-a', hasRole: true },
      { name: 'b', roleName: 'reader-b', hasRole: false },
      { name: 'c', roleName: 'reader-c', hasRole: false },
    ];
    const target = { ...TARGET, declared: { ...DECLARED, path: '/logs/', readers } };
    const parts: Part[] = [
      ROLE,
      BUCKET,
      { type: 'aws_iam_role', name: 'a', values: { name: 'reader-a', assume_role_policy: '{}' } },
      { type: 'aws_iam_policy', name: 'b', values: { name: 'reader-b', path: '/logs/', policy: '{}' } },
      { type: 'aws_iam_policy', name: 'c', values: { name: 'reader-c', path: '/', policy: '{}' } },
    ];
    const [seen] = observePlan(JSON.stringify(planOf(parts)), 'the plan', [target]).exports;
    expect(seen?.readers).toMatchObject([
      { name: 'a', role: { value: { name: 'reader-a' } } },
      { name: 'b', policy: { value: { text: '{}' } } },
      { name: 'c', policy: { state: 'unreadable' } },
    ]);
  });
});

test('a role’s session, tags and description, as AWS gives them where the configuration says nothing', () => {
  const roleOf = (more: Partial<Part>) => {
    const { role } = observe([{ ...ROLE, ...more, values: { ...ROLE.values, ...more.values } }, BUCKET]);
    if (role.state !== 'value') throw new Error(JSON.stringify(role));
    return role.value;
  };
  expect(roleOf({})).toMatchObject({
    maxSessionDuration: { value: 3600 },
    tags: { value: {} },
    description: { state: 'absent' },
  });
  const values = {
    max_session_duration: 7200,
    tags: { a: 'b' },
    tags_all: { a: 'b', c: 'd' },
    description: 'x',
  };
  expect(roleOf({ values })).toMatchObject({
    maxSessionDuration: { value: 7200 },
    tags: { value: { a: 'b', c: 'd' } },
    description: { value: 'x' },
  });
  const expressions = {
    tags: { references: ['local.x'] },
    max_session_duration: { references: ['local.y'] },
  };
  expect(
    roleOf({ unknown: { tags_all: true, tags: true, max_session_duration: true }, expressions }),
  ).toMatchObject({ tags: { state: 'unreadable' }, maxSessionDuration: { state: 'unreadable' } });
});

test.each(['lifecycle', 'replication'] as const)(
  'of a bucket without it, the plan does not manage the %s',
  (what) => {
    const { bucket } = observe([ROLE, OLD_BUCKET]);
    const found = bucket.state === 'value' ? bucket.value[what] : undefined;
    expect(found).toMatchObject({
      state: 'unreadable',
      reason: { message: expect.stringMatching(new RegExp(`does not manage the ${what} of the bucket$`)) },
    });
  },
);
