/** What a plan takes away from an export, and what is none of its business. */

import { observePlan } from '../../../../checks/observe/terraform';
import { OLD_BUCKET, observe, type Part, planOf, ROLE, TARGET } from './support';

type Change = Omit<Part, 'unknown'> & {
  readonly before?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
  readonly unknown?: Record<string, unknown>;
  readonly deposed?: string;
};

const DELETE = ['delete'];
const REPLACE = ['delete', 'create'];
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/old';
const NEW_KEY = 'arn:aws:kms:eu-west-1:123456789012:key/new';
const bucket = (name: string, more: Partial<Change> = {}): Change => ({
  type: 'aws_s3_bucket',
  values: { bucket: name },
  ...more,
});
const key = (more: Partial<Change> = {}, values = {}): Change => ({
  type: 'aws_kms_key',
  actions: DELETE,
  values: { arn: KEY, key_id: 'old', policy: '{}', ...values },
  ...more,
});
const encryption = (kmsKey: string, more: Partial<Change> = {}): Change => ({
  type: 'aws_s3_bucket_server_side_encryption_configuration',
  actions: ['update'],
  values: {
    bucket: 'logs',
    rule: [
      { apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms', kms_master_key_id: kmsKey }] },
    ],
  },
  ...more,
});
const setting = (type: string, more: Partial<Change> = {}, values = {}): Change => ({
  type,
  actions: DELETE,
  values: { bucket: 'logs', ...values },
  ...more,
});
const BLOCK = 'aws_s3_bucket_public_access_block';
const POLICY = 'aws_s3_bucket_policy';
const KEPT: Change = { ...OLD_BUCKET, name: 'kept' };
const grant = (name: string) => JSON.stringify({ Statement: { Resource: `arn:aws:s3:::${name}/*` } });

const ownPolicy = (policy: string): Change => ({
  type: 'aws_iam_role_policy',
  actions: ['no-op'],
  values: { role: TARGET.roleName, policy },
});
const TO_NEW = { name: 'alias/logs', target_key_id: NEW_KEY, target_key_arn: KEY };
const alias = (more: Partial<Change> = {}, target = KEY): Change => ({
  type: 'aws_kms_alias',
  actions: ['no-op'],
  values: { name: 'alias/logs', target_key_id: target, target_key_arn: target },
  ...more,
});
const inline = (kmsKey: string) => ({
  bucket: 'logs',
  server_side_encryption_configuration: [encryption(kmsKey).values],
});
const ofCloudControl = (kmsKey: string) => ({
  bucket_name: 'logs',
  bucket_encryption: {
    server_side_encryption_configuration: [
      { server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: kmsKey } },
    ],
  },
});

const COPIES = { replication: { bucket: 'copies', region: 'eu-central-1' } };
const replicating = (to: string, more: Partial<Change> = {}): Change => ({
  type: 'aws_s3_bucket_replication_configuration',
  values: { bucket: 'logs', rule: [{ destination: [{ bucket: `arn:aws:s3:::${to}` }] }] },
  ...more,
});

/** Losses of a plan with these changes, each as a short sentence. */
function losses(changes: readonly Change[], target: object = {}, more: Record<string, unknown> = {}) {
  const plan = planOf([ROLE, ...changes], more);
  changes.forEach(({ after, deposed }, index) => {
    const entry = plan.resource_changes[index + 1];
    const values = entry?.change.actions.join() === 'delete' ? null : entry?.change.before;
    Object.assign(entry?.change ?? {}, { after: after ?? values });
    if (deposed) Object.assign(entry ?? {}, { deposed });
  });
  const [seen] = observePlan(JSON.stringify(plan), 'the plan', [{ ...TARGET, ...target }]).exports;
  return seen?.planLosses?.map(
    ({ kind, name, isReplaced, withLogs, madeAgainAt, doubt }) =>
      `${kind} ${name}${isReplaced ? ' replaced' : ''}${withLogs ? ' with logs' : ''}${madeAgainAt ? `, again at ${madeAgainAt}` : ''}${doubt ? `? ${doubt}` : ''}`,
  );
}

describe('lost', () => {
  test.each<[what: string, Change[], losses: string[], target?: object]>([
    ['the bucket', [bucket('logs', { actions: DELETE })], ['bucket logs']],
    [
      'the declared bucket of copies',
      [KEPT, bucket('copies', { actions: DELETE })],
      ['bucket copies'],
      COPIES,
    ],
    [
      'the bucket of copies that is renamed',
      [KEPT, bucket('copies-of-old', { actions: REPLACE, after: { bucket: 'copies' } })],
      ['bucket copies-of-old replaced'],
      COPIES,
    ],
    [
      'the bucket of copies that the replication names, which goes as well',
      [KEPT, bucket('copies', { actions: DELETE }), replicating('copies', { actions: DELETE })],
      ['bucket copies'],
    ],
    [
      'the declared key of copies',
      [KEPT, key()],
      [`key ${KEY}`],
      { replication: { bucket: 'copies', kmsKeyArn: KEY } },
    ],
    [
      'the public access block of the bucket of copies',
      [KEPT, setting(BLOCK, {}, { bucket: 'copies' })],
      ['public-access-block copies'],
      COPIES,
    ],
    [
      'the bucket with all that is in it',
      [bucket('logs', { actions: DELETE, values: { bucket: 'logs', force_destroy: true } })],
      ['bucket logs with logs'],
    ],
    [
      'a bucket that is renamed',
      [bucket('old', { actions: REPLACE, after: { bucket: 'logs' } })],
      ['bucket old replaced'],
    ],
    [
      'a bucket that is renamed, the new one made first',
      [bucket('old', { actions: ['create', 'delete'], after: { bucket: 'logs' } })],
      ['bucket old replaced'],
    ],
    [
      'a bucket under another name and address, which the role wrote to',
      [
        bucket('old', { actions: DELETE, name: 'old' }),
        bucket('logs'),
        {
          type: 'aws_iam_role_policy',
          actions: ['update'],
          values: { role: TARGET.roleName, policy: grant('old') },
        },
      ],
      ['bucket old'],
    ],
    [
      'the same with an attached policy, and a renamed role',
      [
        bucket('old', { actions: DELETE, name: 'old' }),
        bucket('logs'),
        {
          type: 'aws_iam_role',
          name: 'renamed',
          actions: REPLACE,
          values: { name: 'was' },
          after: { name: TARGET.roleName },
        },
        { type: 'aws_iam_policy', actions: ['update'], values: { arn: 'arn:p', policy: grant('old') } },
        {
          type: 'aws_iam_role_policy_attachment',
          actions: REPLACE,
          values: { role: 'was', policy_arn: 'arn:p' },
        },
      ],
      ['bucket old'],
    ],
    [
      'a leftover of the bucket',
      [KEPT, bucket('old', { name: 'kept', actions: DELETE, deposed: 'a1' })],
      ['bucket old'],
    ],
    [
      'a bucket whose address changed without a moved block',
      [bucket('logs', { actions: DELETE }), bucket('logs', { name: 'again' })],
      ['bucket logs, again at aws_s3_bucket.again'],
    ],
    [
      'a bucket whose next name is known after apply',
      [bucket('old', { actions: REPLACE, unknown: { bucket: true }, after: {} })],
      ['bucket old replaced? the name of the bucket that replaces it is known after apply'],
    ],
    [
      'a bucket of another provider',
      [{ type: 'awscc_s3_bucket', actions: DELETE, values: { bucket_name: 'logs' } }],
      ['bucket logs'],
    ],
    [
      'a bucket of Cloud Control',
      [
        {
          type: 'aws_cloudcontrolapi_resource',
          actions: DELETE,
          values: { id: 'logs', type_name: 'AWS::S3::Bucket' },
        },
      ],
      ['bucket logs'],
    ],
    ['the public access block', [KEPT, setting(BLOCK)], ['public-access-block logs']],
    ['the bucket’s policy', [KEPT, setting(POLICY)], ['bucket-policy logs']],
    [
      'a setting that is made again',
      [KEPT, setting(BLOCK), setting(BLOCK, { name: 'again', actions: ['create'] })],
      ['public-access-block logs, again at aws_s3_bucket_public_access_block.again'],
    ],
    [
      'a bucket with its settings, once',
      [bucket('logs', { actions: DELETE }), setting(BLOCK), setting(POLICY)],
      ['bucket logs'],
    ],
    ['the key by its ARN', [KEPT, encryption(KEY), key()], [`key ${KEY}`]],
    ['the key by its ID', [KEPT, encryption('old'), key()], [`key ${KEY}`]],
    [
      'the key by its alias',
      [
        KEPT,
        encryption('alias/logs'),
        { type: 'aws_kms_alias', actions: ['no-op'], values: { name: 'alias/logs', target_key_id: 'old' } },
        key(),
      ],
      [`key ${KEY}`],
    ],
    [
      'the key in the bucket itself',
      [
        bucket('logs', {
          actions: ['no-op'],
          values: { bucket: 'logs', server_side_encryption_configuration: [encryption(KEY).values] },
        }),
        key(),
      ],
      [`key ${KEY}`],
    ],
    ['the key replaced', [KEPT, encryption(KEY), key({ actions: REPLACE })], [`key ${KEY} replaced`]],
    [
      'a former key, although it is declared as one',
      [KEPT, encryption('new'), key()],
      [`key ${KEY}`],
      { encryption: { formerKeys: [KEY] } },
    ],
    [
      'a key of which only the policy names the role',
      [KEPT, encryption('new'), key({}, { policy: `"arn:aws:iam::123456789012:role/${TARGET.roleName}"` })],
      [`key ${KEY}? its policy names the role ${TARGET.roleName}, so logs may be encrypted with it`],
    ],
    [
      'a key, and the plan says nothing of the bucket',
      [key()],
      [`key ${KEY}? which key the bucket encrypts with the plan does not say`],
    ],
    [
      'the former key, which nothing keeps readable',
      [KEPT, encryption(KEY, { after: encryption(NEW_KEY).values })],
      [`former-key ${KEY} replaced`],
    ],
    [
      'the former key of a bucket that goes back to S3’s own keys',
      [KEPT, encryption(KEY, { after: { bucket: 'logs', rule: [] } })],
      [`former-key ${KEY} replaced`],
    ],
    [
      'a key that is known after apply takes over',
      [
        KEPT,
        encryption(KEY, {
          after: { bucket: 'logs', rule: [] },
          unknown: { rule: [{ apply_server_side_encryption_by_default: [{ kms_master_key_id: true }] }] },
        }),
      ],
      [`former-key ${KEY} replaced? whether the bucket gets another key the plan does not say`],
    ],
    [
      'an alias takes over, perhaps of the same key',
      [KEPT, encryption(KEY, { after: encryption('alias/logs').values })],
      [`former-key ${KEY} replaced? whether the bucket gets another key the plan does not say`],
    ],
    [
      'an alias that gets another key while the bucket names it',
      [KEPT, encryption('alias/logs', { actions: ['no-op'] }), alias({ actions: ['update'], after: TO_NEW })],
      [`former-key ${KEY} replaced`],
    ],
    [
      'an alias that gets a key that is known after apply',
      [
        KEPT,
        encryption('alias/logs', { actions: ['no-op'] }),
        alias({ actions: ['update'], after: { name: 'alias/logs' }, unknown: { target_key_id: true } }),
      ],
      [`former-key ${KEY} replaced? whether the bucket gets another key the plan does not say`],
    ],
    [
      'the former key where the encryption gets another address',
      [KEPT, encryption(KEY, { actions: DELETE }), encryption(NEW_KEY, { name: 'new', actions: ['create'] })],
      [`former-key ${KEY} replaced`],
    ],
    [
      'the former key where the encryption is taken away',
      [KEPT, encryption(KEY, { actions: DELETE })],
      [`former-key ${KEY} replaced`],
    ],
    [
      'the former key where another bucket’s encryption is made, perhaps this one’s',
      [
        KEPT,
        encryption(KEY, { actions: DELETE }),
        encryption(NEW_KEY, {
          name: 'new',
          actions: ['create'],
          unknown: { bucket: true },
          after: { rule: encryption(NEW_KEY).values?.rule },
        }),
      ],
      [`former-key ${KEY} replaced? whether the bucket gets another key the plan does not say`],
    ],
    [
      'the former key in the bucket itself',
      [bucket('logs', { actions: ['update'], values: inline(KEY), after: inline(NEW_KEY) })],
      [`former-key ${KEY} replaced`],
    ],
    [
      'the former key in a bucket of another provider',
      [
        {
          type: 'awscc_s3_bucket',
          actions: ['update'],
          values: ofCloudControl(KEY),
          after: ofCloudControl(NEW_KEY),
        },
      ],
      [`former-key ${KEY} replaced`],
    ],
    [
      'a key, and the bucket names an alias that is not in the plan',
      [KEPT, encryption('alias/logs'), key()],
      [`key ${KEY}? which key the bucket encrypts with the plan does not say`],
    ],
    [
      'a key that only the role’s own policy names',
      [KEPT, encryption(NEW_KEY), ownPolicy(JSON.stringify({ Resource: [KEY, NEW_KEY] })), key()],
      [`key ${KEY}? the role’s own policy names it, so logs may be encrypted with it`],
    ],
    ...[
      ...['aws_iam_role_policy_attachments_exclusive', 'aws_iam_policy_attachment'].map((type): Change[] => [
        { type: 'aws_iam_policy', values: { arn: 'arn:p', policy: grant('old') }, actions: ['no-op'] },
        {
          type,
          actions: ['no-op'],
          values: {
            ...(type === 'aws_iam_policy_attachment'
              ? { roles: [TARGET.roleName], policy_arn: 'arn:p' }
              : { role_name: TARGET.roleName, policy_arns: ['arn:p'] }),
          },
        },
      ]),
      [
        { type: 'aws_iam_policy', values: { arn: 'arn:p', policy: grant('old') }, actions: ['no-op'] },
        {
          type: 'aws_iam_role',
          name: 'same',
          actions: ['no-op'],
          values: { name: TARGET.roleName, managed_policy_arns: ['arn:p'] },
        },
      ],
      [
        {
          type: 'awscc_iam_role',
          actions: ['no-op'],
          values: { role_name: TARGET.roleName, policies: [{ policy_document: grant('old') }] },
        },
      ],
    ].map((written, index): [string, Change[], string[]] => [
      `a bucket under another name and address, which the role wrote to in way ${index}`,
      [bucket('old', { actions: DELETE, name: 'old' }), bucket('logs'), ...written],
      ['bucket old'],
    ]),
    [
      'a bucket that the role could write to by a pattern',
      [KEPT, bucket('old-logs', { actions: DELETE }), ownPolicy(grant('old-log*'))],
      ['bucket old-logs? the role could write to it, so logs may be in it'],
    ],
    [
      'a bucket beside which the export’s is made',
      [bucket('old', { actions: DELETE, name: 'old' }), bucket('logs')],
      ['bucket old? the export’s bucket is made by the same plan, so this may be the one that it replaces'],
    ],
    [
      'the bucket of copies, for certain, while the export’s is made',
      [bucket('logs'), bucket('copies', { name: 'copies', actions: DELETE })],
      ['bucket copies'],
      COPIES,
    ],
    [
      'a stack, which may hold anything',
      [KEPT, { type: 'aws_cloudformation_stack', actions: DELETE, values: { name: 's' } }],
      ['stack s? what it holds the plan does not say'],
    ],
    [
      'a product of Service Catalog, which is a stack',
      [KEPT, { type: 'aws_servicecatalog_provisioned_product', actions: DELETE, values: { name: 's' } }],
      ['stack s? what it holds the plan does not say'],
    ],
    [
      'a stack by Cloud Control',
      [
        KEPT,
        {
          type: 'aws_cloudcontrolapi_resource',
          actions: DELETE,
          values: { type_name: 'AWS::CloudFormation::Stack', id: 's' },
        },
      ],
      ['stack s? what it holds the plan does not say'],
    ],
  ])('%s', (...[, changes, expected, target]) => {
    expect(losses(changes, target)).toEqual(expected);
  });
});

describe('not lost', () => {
  test.each<[what: string, Change[], target?: object]>([
    ['a new bucket', [bucket('logs')]],
    ['a bucket that stays', [KEPT, setting(BLOCK, { actions: ['update'] }), encryption(KEY)]],
    [
      'a bucket that is forgotten',
      [bucket('logs', { actions: ['forget'] }), setting(BLOCK, { actions: ['forget'] })],
    ],
    ['a key that is forgotten', [KEPT, encryption(KEY), key({ actions: ['forget'] })]],
    [
      'a former key that the config names',
      [KEPT, encryption(KEY, { after: encryption(NEW_KEY).values })],
      { encryption: { kmsKeyArn: NEW_KEY, formerKeys: [KEY] } },
    ],
    [
      'the key of another bucket',
      [
        KEPT,
        encryption(KEY, { values: { ...encryption(KEY).values, bucket: 'other' }, after: { rule: [] } }),
      ],
    ],
    ['another bucket', [KEPT, bucket('other', { actions: DELETE })]],
    [
      'another bucket that another role writes to',
      [
        KEPT,
        bucket('other', { actions: DELETE }),
        { type: 'aws_iam_role_policy', actions: DELETE, values: { role: 'other', policy: grant('other') } },
      ],
    ],
    [
      'another bucket whose next name is known after apply',
      [KEPT, bucket('other', { actions: REPLACE, unknown: { bucket: true }, after: {} })],
    ],
    [
      'the settings of another bucket',
      [KEPT, setting(BLOCK, {}, { bucket: 'logs-2' }), setting(POLICY, {}, { bucket: 'other' })],
    ],
    ['a block that Terraform only lets go of', [KEPT, setting(BLOCK, {}, { skip_destroy: true })]],
    ['another key', [KEPT, encryption('new'), key()]],
    [
      'a former key by its alias, which the config names',
      [KEPT, encryption('alias/logs', { actions: ['no-op'] }), alias({ actions: ['update'], after: TO_NEW })],
      { encryption: { formerKeys: [KEY] } },
    ],
    [
      'an alias in place of the key that it names',
      [KEPT, encryption(KEY, { after: encryption('alias/logs').values }), alias()],
    ],
    [
      'encryption that gets another address',
      [KEPT, encryption(KEY, { actions: DELETE }), encryption(KEY, { name: 'new', actions: ['create'] })],
    ],
    ['encryption that is forgotten', [KEPT, encryption(KEY, { actions: ['forget'] })]],
    [
      'encryption that leaves the bucket for a resource of its own',
      [bucket('logs', { actions: ['no-op'], values: inline(KEY) }), encryption(KEY, { actions: ['create'] })],
    ],
    [
      'another key while the bucket names an alias of the plan',
      [KEPT, encryption('alias/logs'), alias({}, NEW_KEY), key()],
    ],
    [
      'another bucket, though the role may write to every bucket',
      [KEPT, bucket('other', { actions: DELETE }), ownPolicy(grant('*'))],
    ],
    ['a key beside a bucket that is new', [bucket('logs'), key()]],
    ['a key beside one that the config names', [key()], { encryption: { kmsKeyArn: `${KEY}-new` } }],
    [
      'a key whose policy names a role with a longer name',
      [KEPT, encryption('new'), key({}, { policy: `"role/${TARGET.roleName}Prod"` })],
    ],
  ])('%s', (...[, changes, target]) => {
    expect(losses(changes, target)).toEqual([]);
  });
});

test('a state takes nothing away, and says nothing of it', () => {
  expect(
    observe([ROLE, { ...OLD_BUCKET }], { planned_values: undefined, values: planOf([ROLE]).planned_values })
      .planLosses,
  ).toBeUndefined();
});

test('a plan that does not list its changes is refused', () => {
  expect(() => observe([ROLE], { resource_changes: undefined })).toThrow(
    /does not say what the plan changes/,
  );
});
