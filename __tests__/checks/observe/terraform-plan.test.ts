/** What real plans of the end-to-end tests don't hold: each case is the part of a plan's JSON that matters. */
import fc from 'fast-check';
import { observePlan, observeSynthesised } from '../../../checks/observe/terraform';
import { UserError } from '../../../contract/user-error';

const TARGET = { name: 'x', bucket: 'logs', roleName: 'ALTRPublishSIEMDataX', altrAccountId: '111122223333' };

interface Part {
  readonly type: string;
  /** `this` by default. */
  readonly name?: string;
  /** `module.a["x"].` before the address. */
  readonly module?: string;
  readonly values?: Record<string, unknown>;
  readonly unknown?: Record<string, unknown>;
  readonly actions?: readonly string[];
  /** Expressions in the configuration. */
  readonly expressions?: Record<string, unknown>;
}

/** The JSON of a plan with these resources, and observed. */
function observe(parts: readonly Part[], more: Record<string, unknown> = {}) {
  const addressOf = ({ module = '', type, name = 'this' }: Part) => `${module}${type}.${name}`;
  const stays = ({ actions = ['create'] }: Part) => actions.join() !== 'delete';
  const resource = (part: Part) => ({
    address: addressOf(part),
    mode: 'managed',
    type: part.type,
    values: part.values ?? {},
  });
  const config = (module: string) => ({
    resources: parts
      .filter((part) => (part.module ?? '').replaceAll(/\["[^"]*"\]/g, '') === module)
      .map(({ type, name = 'this', expressions = {} }) => ({ address: `${type}.${name}`, expressions })),
  });
  const plan = {
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: parts.filter((part) => stays(part) && !part.module).map(resource),
        child_modules: [{ resources: parts.filter((part) => stays(part) && part.module).map(resource) }],
      },
    },
    resource_changes: parts.map((part) => ({
      address: addressOf(part),
      mode: 'managed',
      type: part.type,
      change: {
        actions: part.actions ?? ['create'],
        before: part.values ?? {},
        after_unknown: part.unknown ?? {},
      },
    })),
    configuration: {
      root_module: { ...config(''), module_calls: { logs: { module: config('module.logs.') } } },
      provider_config: { aws: { name: 'aws', expressions: { region: { constant_value: 'eu-west-1' } } } },
    },
    ...more,
  };
  const [seen] = observePlan(JSON.stringify(plan), 'the plan', [TARGET]).exports;
  if (!seen) throw new Error('nothing was observed');
  return seen;
}

const ROLE: Part = { type: 'aws_iam_role', values: { name: TARGET.roleName, assume_role_policy: '{}' } };
const BUCKET: Part = { type: 'aws_s3_bucket', values: { bucket: 'logs' } };
const OLD_BUCKET: Part = { ...BUCKET, actions: ['no-op'] };
const OFF = {
  block_public_acls: false,
  ignore_public_acls: false,
  block_public_policy: false,
  restrict_public_buckets: false,
};
const bucketOf = (parts: readonly Part[], more?: Record<string, unknown>) => {
  const { bucket } = observe(parts, more);
  if (bucket.state !== 'value') throw new Error(JSON.stringify(bucket));
  return bucket.value;
};
const inlineOf = (parts: readonly Part[]) => {
  const { role } = observe(parts);
  if (role.state !== 'value' || role.value.inlinePolicies.state !== 'value')
    throw new Error(JSON.stringify(role));
  return role.value.inlinePolicies.value.map(({ document }) =>
    document.state === 'unreadable' ? document.reason.message : document.state,
  );
};

describe('what a value that is not known yet refers to', () => {
  const policy = (references: readonly string[]): Part => ({
    type: 'aws_iam_role_policy',
    values: { name: 'p', policy: '{}' },
    unknown: { role: true },
    expressions: { role: { references } },
  });

  test('the role itself', () => {
    expect(inlineOf([ROLE, policy(['aws_iam_role.this.id', 'aws_iam_role.this'])])).toEqual(['value']);
  });

  test('another role', () => {
    const other: Part = { type: 'aws_iam_role', name: 'other', values: { name: 'other' } };
    expect(inlineOf([ROLE, other, policy(['aws_iam_role.other.id', 'aws_iam_role.other'])])).toEqual([]);
  });

  test.each([
    ['a local, which the plan does not follow', ['local.role']],
    ['a resource that is no role', ['random_pet.this.id', 'random_pet.this']],
    [
      'one of two roles',
      ['aws_iam_role.this.id', 'aws_iam_role.this', 'aws_iam_role.b.id', 'aws_iam_role.b'],
    ],
  ])('%s is not known', (_what, references) => {
    expect(inlineOf([ROLE, policy(references)])).toEqual([
      'the role of aws_iam_role_policy.this is known after apply, says the plan',
    ]);
  });

  test('the instance of the same module', () => {
    const block = (module: string, on: boolean): Part => ({
      type: 'aws_s3_bucket_public_access_block',
      module,
      values: Object.fromEntries(Object.keys(OFF).map((name) => [name, on])),
      unknown: { bucket: true },
      expressions: { bucket: { references: ['aws_s3_bucket.this.id', 'aws_s3_bucket.this'] } },
    });
    const instances = (mine: boolean): Part[] => [
      block('module.logs["b"].', !mine),
      { ...BUCKET, module: 'module.logs["b"].', values: { bucket: 'other' } },
      { ...BUCKET, module: 'module.logs["a"].' },
      block('module.logs["a"].', mine),
    ];
    for (const on of [true, false]) {
      expect(bucketOf(instances(on)).publicAccessBlock).toMatchObject({ value: { blockPublicAcls: on } });
    }
  });
});

describe('settings of the bucket', () => {
  const block: Part = { type: 'aws_s3_bucket_public_access_block', values: { bucket: 'logs', ...OFF } };

  test('what the plan takes away is gone, whatever the provider read before', () => {
    const gone = (type: string): Part => ({ type, values: { bucket: 'logs' }, actions: ['delete'] });
    const bucket = bucketOf([
      { ...OLD_BUCKET, values: { bucket: 'logs', policy: '{"Statement":[]}' } },
      gone('aws_s3_bucket_policy'),
      gone('aws_s3_bucket_public_access_block'),
      gone('aws_s3_bucket_ownership_controls'),
      gone('aws_s3_bucket_server_side_encryption_configuration'),
    ]);
    expect(bucket).toMatchObject({
      policy: { state: 'absent' },
      publicAccessBlock: { state: 'absent' },
      objectOwnership: { value: 'ObjectWriter' },
      encryption: { value: { algorithm: 'AES256' } },
    });
  });

  test('what one resource sets is not known where another of the bucket goes, as without a moved block', () => {
    const policy = (actions: readonly string[], name = 'this'): Part => ({
      type: 'aws_s3_bucket_policy',
      name,
      values: { bucket: 'logs', policy: '{}' },
      actions,
    });
    const gone = policy(['delete'], 'old');
    expect(bucketOf([OLD_BUCKET, policy(['create']), gone]).policy.state).toBe('unreadable');
    expect(bucketOf([OLD_BUCKET, policy(['no-op']), gone]).policy.state).toBe('absent');
    // With the old bucket its policy went.
    expect(bucketOf([BUCKET, policy(['create']), gone]).policy.state).toBe('value');
  });

  test('what is left alone while its bucket is replaced goes with the old one', () => {
    const policy = (actions: readonly string[]): Part => ({
      type: 'aws_s3_bucket_policy',
      values: { bucket: 'logs', policy: '{}' },
      actions,
    });
    const replaced: Part = { ...BUCKET, actions: ['delete', 'create'] };
    expect(bucketOf([replaced, policy(['no-op'])]).policy.state).toBe('absent');
    expect(bucketOf([replaced, policy(['update'])]).policy.state).toBe('value');
  });

  test('what the plan only forgets stays as it was', () => {
    const forgotten: Part = {
      ...block,
      values: { ...block.values, skip_destroy: true },
      actions: ['delete'],
    };
    expect(bucketOf([OLD_BUCKET, forgotten]).publicAccessBlock).toMatchObject({
      value: { blockPublicAcls: false },
    });
  });

  test('of a bucket that is there already, what no resource sets is not known', () => {
    const { policy, publicAccessBlock, acl, objectOwnership } = bucketOf([OLD_BUCKET]);
    for (const setting of [policy, publicAccessBlock, acl, objectOwnership])
      expect(setting).toMatchObject({
        state: 'unreadable',
        reason: { message: expect.stringContaining('does not manage') },
      });
  });

  test('a policy of the bucket itself that is not known yet is not taken for none', () => {
    const own: Part = { ...BUCKET, unknown: { policy: true }, expressions: { policy: { references: [] } } };
    expect(bucketOf([own]).policy.state).toBe('unreadable');
    expect(bucketOf([{ ...BUCKET, unknown: { policy: true } }]).policy.state).toBe('absent');
  });

  test('the account’s block counts where the plan has it, and is not known otherwise', () => {
    const account: Part = {
      type: 'aws_s3_account_public_access_block',
      values: { ...OFF, block_public_acls: true },
    };
    expect(bucketOf([BUCKET, block, account]).accountPublicAccessBlock).toMatchObject({
      value: { blockPublicAcls: true, blockPublicPolicy: false },
    });
    expect(bucketOf([BUCKET, block]).accountPublicAccessBlock?.state).toBe('unreadable');
    expect(bucketOf([BUCKET]).accountPublicAccessBlock).toBeUndefined();
  });

  test('of an ACL’s grantees the owner is known only where the configuration says who it is', () => {
    const grant = (id: string) => ({ id, type: 'CanonicalUser', permissions: ['FULL_CONTROL'], uri: '' });
    const everybody = { uri: 'http://acs.amazonaws.com/groups/global/AllUsers', permissions: ['READ'] };
    const withGrants = (...grants: unknown[]): Part => ({
      ...OLD_BUCKET,
      values: { bucket: 'logs', grant: grants },
    });
    const address = 'data.aws_canonical_user_id.x';
    const ours = { address, mode: 'data', type: 'aws_canonical_user_id', values: { id: 'ours' } };
    const prior_state = { values: { root_module: { resources: [ours] } } };
    const configuration = { root_module: { resources: [{ address }, { address: 'aws_s3_bucket.this' }] } };
    expect(bucketOf([withGrants(grant('ours'))]).acl.state).toBe('unreadable');
    expect(bucketOf([withGrants(grant('ours'))], { prior_state, configuration }).acl).toEqual({
      state: 'value',
      value: {
        owner: 'ours',
        grants: [{ grantee: 'ours', granteeType: 'CanonicalUser', permission: 'FULL_CONTROL' }],
      },
    });
    // What is open to everybody is seen, whoever the owner is.
    expect(bucketOf([withGrants(everybody)]).acl.state).toBe('value');
    const setting: Part = {
      type: 'aws_s3_bucket_acl',
      values: {
        bucket: 'logs',
        access_control_policy: [
          { owner: [{ id: 'ours' }], grant: [{ grantee: [{ id: 'theirs' }], permission: 'READ' }] },
        ],
      },
    };
    expect(bucketOf([BUCKET, setting]).acl).toMatchObject({
      value: { owner: 'ours', grants: [{ grantee: 'theirs', permission: 'READ' }] },
    });
  });

  test.each(['a-new-one', '__proto__', 'constructor'])(
    'a canned ACL that is not known is not known: %s',
    (acl) => {
      expect(bucketOf([{ ...BUCKET, values: { bucket: 'logs', acl } }]).acl).toMatchObject({
        reason: { message: `the plan gives the bucket the ACL ${acl}, which this tool does not know` },
      });
    },
  );

  test('a grant with one permission that is not known is not left out', () => {
    const everybody = 'http://acs.amazonaws.com/groups/global/AllUsers';
    const withPermissions = (permissions: unknown[], unknown: Record<string, unknown> = {}): Part => ({
      ...BUCKET,
      values: { bucket: 'logs', grant: [{ uri: everybody, permissions }] },
      unknown,
      expressions: { grant: [{ permissions: { references: ['local.permissions'] } }] },
    });
    const first = withPermissions(['READ', null, 'READ_ACP'], {
      grant: [{ permissions: [false, true, false] }],
    });
    expect(bucketOf([first]).acl.state).toBe('unreadable');
    expect(bucketOf([withPermissions(['READ', 'READ_ACP'])]).acl.state).toBe('value');
    expect(bucketOf([withPermissions([])]).acl.state).toBe('unreadable');
  });

  test('the canonical ID of another account does not stand for the owner', () => {
    const address = 'data.aws_canonical_user_id.x';
    const theirs = { address, mode: 'data', type: 'aws_canonical_user_id', values: { id: 'theirs' } };
    const granting: Part = {
      ...OLD_BUCKET,
      values: { bucket: 'logs', grant: [{ id: 'theirs', permissions: ['READ'] }] },
    };
    const seenBy = (provider_config_key: string) => ({
      prior_state: { values: { root_module: { resources: [theirs] } } },
      configuration: {
        root_module: { resources: [{ address, provider_config_key }, { address: 'aws_s3_bucket.this' }] },
        provider_config: {
          aws: { name: 'aws' },
          'aws.central': { name: 'aws', expressions: { profile: { constant_value: 'central' } } },
        },
      },
    });
    expect(bucketOf([granting], seenBy('aws')).acl.state).toBe('value');
    expect(bucketOf([granting], seenBy('aws.central')).acl.state).toBe('unreadable');
  });

  test('an object ownership that the rules do not know is not taken for one of theirs', () => {
    const controls: Part = {
      type: 'aws_s3_bucket_ownership_controls',
      values: { bucket: 'logs', rule: [{ object_ownership: 'BucketOwnerInvented' }] },
    };
    expect(bucketOf([BUCKET, controls]).objectOwnership).toMatchObject({
      state: 'unreadable',
      reason: { message: expect.stringContaining('BucketOwnerInvented, which this tool does not know') },
    });
  });

  test('AWS’s own key may be named by its alias', () => {
    const encryption = (kms_master_key_id: string): Part => ({
      type: 'aws_s3_bucket_server_side_encryption_configuration',
      values: {
        bucket: 'logs',
        rule: [
          { apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms', kms_master_key_id }] },
        ],
      },
    });
    expect(bucketOf([BUCKET, encryption('alias/aws/s3')]).kmsKey).toBeUndefined();
    expect(bucketOf([BUCKET, encryption('alias/other')]).kmsKey?.state).toBe('unreadable');
  });
});

describe('where more than one resource sets the same thing, or may', () => {
  const block: Part = { type: 'aws_s3_bucket_public_access_block', values: { bucket: 'logs', ...OFF } };
  const throughLocal = (argument: string) => ({
    unknown: { [argument]: true },
    expressions: { [argument]: { references: ['local.id'] } },
  });
  const attachedOf = (parts: readonly Part[]) => {
    const { role } = observe(parts);
    if (role.state !== 'value' || role.value.attachedPolicies.state !== 'value')
      throw new Error(JSON.stringify(role));
    return role.value.attachedPolicies.value;
  };

  test.each([
    ['policy', 'aws_s3_bucket_policy', { policy: '{}' }],
    ['publicAccessBlock', 'aws_s3_bucket_public_access_block', OFF],
    ['acl', 'aws_s3_bucket_acl', { acl: 'private' }],
    [
      'objectOwnership',
      'aws_s3_bucket_ownership_controls',
      { rule: [{ object_ownership: 'BucketOwnerEnforced' }] },
    ],
    [
      'encryption',
      'aws_s3_bucket_server_side_encryption_configuration',
      { rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: 'AES256' }] }] },
    ],
  ] as const)('%s: of two resources of the bucket none is taken for the one', (setting, type, values) => {
    const one: Part = { type, values: { bucket: 'logs', ...values } };
    const another: Part = { ...one, name: 'another' };
    const unclear: Part = { type, name: 'unclear', values, ...throughLocal('bucket') };
    const elsewhere: Part = { type, name: 'elsewhere', values: { bucket: 'other', ...values } };
    expect(bucketOf([BUCKET, one, elsewhere])[setting]?.state).toBe('value');
    for (const more of [another, unclear])
      expect(bucketOf([BUCKET, one, more])[setting]).toMatchObject({
        state: 'unreadable',
        reason: { message: expect.stringMatching(/^which resource sets the .+ says the plan: several do/) },
      });
  });

  test('a policy that another provider writes for the bucket, too', () => {
    const policy: Part = { type: 'aws_s3_bucket_policy', values: { bucket: 'logs', policy: '{}' } };
    const ofOther = (bucket: string): Part => ({ type: 'awscc_s3_bucket_policy', values: { bucket } });
    expect(bucketOf([BUCKET, policy, ofOther('logs')]).policy.state).toBe('unreadable');
    expect(bucketOf([BUCKET, policy, ofOther('other')]).policy.state).toBe('value');
  });

  test('two policies of the bucket’s key', () => {
    const arn = 'arn:aws:kms:eu-west-1:222222222222:key/1';
    const encryption: Part = {
      type: 'aws_s3_bucket_server_side_encryption_configuration',
      values: {
        bucket: 'logs',
        rule: [
          {
            apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms', kms_master_key_id: arn }],
          },
        ],
      },
    };
    const key: Part = {
      type: 'aws_kms_key',
      values: { arn, key_id: '1', customer_master_key_spec: 'RSA_2048' },
    };
    const policy = (name: string): Part => ({
      type: 'aws_kms_key_policy',
      name,
      values: { key_id: '1', policy: '{}' },
    });
    const ofKey = (...policies: Part[]) => bucketOf([BUCKET, encryption, key, ...policies]).kmsKey;
    expect(ofKey(policy('a'))).toMatchObject({ value: { keySpec: 'RSA_2048', policy: { state: 'value' } } });
    expect(ofKey(policy('a'), policy('b'))).toMatchObject({ value: { policy: { state: 'unreadable' } } });
  });

  test('a key’s alias is that of the bucket’s region', () => {
    const named = (provider_config_key: string, address: string) => ({ address, provider_config_key });
    const key = (region: string): Part => ({
      type: 'aws_kms_key',
      name: region,
      values: { arn: `arn:aws:kms:${region}:222222222222:key/mrk-1`, key_id: 'mrk-1' },
    });
    const alias = (region: string): Part => ({
      type: 'aws_kms_alias',
      name: region,
      values: { name: 'alias/logs', target_key_id: 'mrk-1' },
    });
    const encryption: Part = {
      type: 'aws_s3_bucket_server_side_encryption_configuration',
      values: {
        bucket: 'logs',
        rule: [
          {
            apply_server_side_encryption_by_default: [
              { sse_algorithm: 'aws:kms', kms_master_key_id: 'alias/logs' },
            ],
          },
        ],
      },
    };
    const parts = [
      BUCKET,
      encryption,
      ...['eu-north-1', 'eu-west-1'].flatMap((region) => [key(region), alias(region)]),
    ];
    const north = ['aws_kms_key.eu-north-1', 'aws_kms_alias.eu-north-1'];
    const west = ['aws_kms_key.eu-west-1', 'aws_kms_alias.eu-west-1', 'aws_s3_bucket.this'];
    const ofRegion = (region: string) => ({
      name: 'aws',
      expressions: { region: { constant_value: region } },
    });
    const configuration = {
      root_module: {
        resources: [
          ...north.map((address) => named('aws.north', address)),
          ...west.map((address) => named('aws', address)),
        ],
      },
      provider_config: { aws: ofRegion('eu-west-1'), 'aws.north': ofRegion('eu-north-1') },
    };
    expect(bucketOf(parts, { configuration }).kmsKey).toMatchObject({
      value: { arn: 'arn:aws:kms:eu-west-1:222222222222:key/mrk-1' },
    });
    // Of two in one region nobody can tell.
    expect(bucketOf(parts).kmsKey?.state).toBe('unreadable');
  });

  test('the account’s block of a provider with other credentials may be another account’s', () => {
    const account: Part = {
      type: 'aws_s3_account_public_access_block',
      values: { ...OFF, block_public_policy: true },
    };
    const configuration = {
      root_module: {
        resources: [{ address: 'aws_s3_account_public_access_block.this', provider_config_key: 'aws.other' }],
      },
      provider_config: {
        aws: { name: 'aws' },
        'aws.other': { name: 'aws', expressions: { profile: { constant_value: 'other' } } },
      },
    };
    const parts = [BUCKET, block, account];
    expect(bucketOf(parts).accountPublicAccessBlock?.state).toBe('value');
    expect(bucketOf(parts, { configuration }).accountPublicAccessBlock?.state).toBe('unreadable');
  });

  test('a block that is not known yet is not left out', () => {
    const granting: Part = {
      ...BUCKET,
      values: { bucket: 'logs', grant: [{ uri: 'http://acs.amazonaws.com/groups/global/AllUsers' }] },
      unknown: { grant: [true] },
      expressions: { grant: [{}] },
    };
    expect(bucketOf([granting]).acl.state).toBe('unreadable');
    const encryption: Part = {
      type: 'aws_s3_bucket_server_side_encryption_configuration',
      values: { bucket: 'logs', rule: [{}] },
      unknown: { rule: [{ apply_server_side_encryption_by_default: [true] }] },
    };
    expect(bucketOf([BUCKET, encryption]).encryption.state).toBe('unreadable');
    const role: Part = { ...ROLE, unknown: { inline_policy: [true] }, expressions: { inline_policy: [{}] } };
    expect(inlineOf([role])).toEqual([expect.stringContaining('are known after apply')]);
  });

  test('two buckets of the name', () => {
    expect(observe([BUCKET, { ...BUCKET, name: 'again' }, block]).bucket).toMatchObject({
      reason: { message: expect.stringContaining('(aws_s3_bucket.this, aws_s3_bucket.again)') },
    });
  });

  test('an exclusive list may be the role’s', () => {
    const inline: Part = {
      type: 'aws_iam_role_policies_exclusive',
      values: { policy_names: [] },
      ...throughLocal('role_name'),
    };
    expect(inlineOf([ROLE, inline])).toEqual([
      'the role of aws_iam_role_policies_exclusive.this is known after apply, says the plan',
    ]);
    const attached: Part = {
      type: 'aws_iam_role_policy_attachments_exclusive',
      values: { policy_arns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
      ...throughLocal('role_name'),
    };
    expect(attachedOf([ROLE, attached])).toMatchObject([
      { name: '(not known)', document: { state: 'unreadable' } },
    ]);
  });

  test('of two exclusive lists of the role both count, and which is the last is not known', () => {
    const list = (name: string): Part => ({
      type: 'aws_iam_role_policy_attachments_exclusive',
      name,
      values: { role_name: TARGET.roleName, policy_arns: [`arn:aws:iam::aws:policy/${name}`] },
    });
    expect(attachedOf([ROLE, list('A')]).map(({ name }) => name)).toEqual(['A']);
    expect(
      attachedOf([ROLE, list('A'), list('B')])
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['(not known)', 'A', 'B']);
  });
});

describe('what an exclusive list does not name', () => {
  const NO_OP = ['no-op'];
  const inlineList = (actions: readonly string[], policy_names: unknown[] = []): Part => ({
    type: 'aws_iam_role_policies_exclusive',
    values: { role_name: TARGET.roleName, policy_names },
    actions,
  });
  const inline = (actions: readonly string[]): Part => ({
    type: 'aws_iam_role_policy',
    values: { role: TARGET.roleName, name: 'put', policy: '{}' },
    actions,
  });
  const attachedList = (actions: readonly string[], policy_arns: unknown[] = []): Part => ({
    type: 'aws_iam_role_policy_attachments_exclusive',
    values: { role_name: TARGET.roleName, policy_arns },
    actions,
  });
  const arn = 'arn:aws:iam::222222222222:policy/put';
  const OLD_ROLE: Part = {
    ...ROLE,
    values: { ...ROLE.values, inline_policy: [], managed_policy_arns: [arn] },
    actions: NO_OP,
  };
  const policy: Part = { type: 'aws_iam_policy', values: { arn, policy: '{}' }, actions: NO_OP };
  const attachment = (actions: readonly string[]): Part => ({
    type: 'aws_iam_role_policy_attachment',
    values: { role: TARGET.roleName, policy_arn: arn },
    actions,
  });
  const attached = (...parts: Part[]) => {
    const { role } = observe([OLD_ROLE, policy, ...parts]);
    if (role.state !== 'value' || role.value.attachedPolicies.state !== 'value')
      throw new Error(JSON.stringify(role));
    return role.value.attachedPolicies.value.map(({ document }) => document.state);
  };
  const shared = (actions: readonly string[]): Part => ({
    type: 'aws_iam_policy_attachment',
    values: { policy_arn: arn, roles: [TARGET.roleName] },
    actions,
  });
  const stateOf = (message: string) => (message === 'value' ? 'value' : 'unreadable');

  test.each<[string, list: readonly string[], policy: readonly string[], comesTo: readonly string[]]>([
    ['is removed where the list is made and the policy is there', ['create'], NO_OP, []],
    ['is removed where the list is changed and the policy is there', ['update'], NO_OP, []],
    ['stays where the policy is made and the list is left alone', NO_OP, ['create'], ['value']],
    ['is not known where both are made', ['create'], ['create'], ['unreadable']],
    ['is not known where the list is made and the policy changed', ['create'], ['update'], ['unreadable']],
    ['is not known where neither is touched, which can’t be', NO_OP, NO_OP, ['unreadable']],
  ])('%s', (_what, list, actions, comesTo) => {
    expect(inlineOf([OLD_ROLE, inlineList(list), inline(actions)]).map(stateOf)).toEqual(comesTo);
    expect(attached(attachedList(list), attachment(actions))).toEqual(comesTo);
  });

  test.each([[['create']], [['update']], [NO_OP]])('does not touch what it names (%s)', (list) => {
    expect(inlineOf([OLD_ROLE, inlineList(list, ['put']), inline(NO_OP)])).toEqual(['value']);
    expect(attached(attachedList(list, [arn]), attachment(NO_OP))).toEqual(['value']);
  });

  test('says which list and which policy', () => {
    expect(inlineOf([OLD_ROLE, inlineList(['create']), inline(['create'])])).toEqual([
      'aws_iam_role_policies_exclusive.this does not name what aws_iam_role_policy.this gives the role, and which of them is the last to be applied the plan does not say; name it there, or remove it',
    ]);
  });

  describe('what is left alone while its role is replaced', () => {
    const replaced: Part = { ...ROLE, actions: ['delete', 'create'] };
    const goes = (address: string) => [
      `aws_iam_role.this is replaced and ${address} is not, so it goes with the old role, or keeps that from being deleted, says the plan; name the role by its id there, or replace both`,
    ];

    test('goes with the old role', () => {
      expect(inlineOf([replaced, inline(NO_OP)])).toEqual(goes('aws_iam_role_policy.this'));
      expect(inlineOf([replaced, inline(['update'])])).toEqual(['value']);
      expect(inlineOf([replaced, inline(['delete', 'create'])])).toEqual(['value']);
    });

    test.each<[string, Part[], string[]]>([
      ['an attachment', [attachment(NO_OP)], ['unreadable']],
      ['an attachment that is replaced, too', [attachment(['delete', 'create'])], ['value']],
      ['an attachment of several roles', [shared(NO_OP)], ['unreadable']],
      ['one that is changed, which attaches to new roles alone', [shared(['update'])], ['unreadable']],
      ['an exclusive list', [attachedList(NO_OP, [arn])], ['unreadable']],
      [
        'an attachment that a list makes again',
        [attachment(NO_OP), attachedList(['update'], [arn])],
        ['value'],
      ],
    ])('%s', (_what, parts, comesTo) => {
      const { role } = observe([replaced, policy, ...parts]);
      if (role.state !== 'value' || role.value.attachedPolicies.state !== 'value')
        throw new Error(JSON.stringify(role));
      expect(role.value.attachedPolicies.value.map(({ document }) => document.state)).toEqual(comesTo);
    });
  });

  describe('what one resource gives and another takes away', () => {
    const old = (part: Part): Part => ({ ...part, name: 'old', actions: ['delete'] });
    test.each<[string, actions: readonly string[], comesTo: readonly string[]]>([
      ['is gone where the one is left alone', NO_OP, []],
      ['is not known where the one is made, as without a moved block', ['create'], ['unreadable']],
    ])('%s', (_what, actions, comesTo) => {
      expect(inlineOf([OLD_ROLE, inline(actions), old(inline(NO_OP))]).map(stateOf)).toEqual(comesTo);
      for (const taker of [old(attachment(NO_OP)), old(shared(NO_OP))])
        expect(attached(attachment(actions), taker)).toEqual(comesTo);
    });

    test('stays where the other gives it still, or gave it to another role, or the role is new', () => {
      expect(attached(attachment(NO_OP), { ...shared(['update']), name: 'old' })).toEqual(['value']);
      const others = { ...shared(['delete']), values: { policy_arn: arn, roles: ['other'] } };
      expect(attached(attachment(NO_OP), others)).toEqual(['value']);
      expect(inlineOf([ROLE, inline(['create']), old(inline(NO_OP))])).toEqual(['value']);
    });

    test('says what to do', () => {
      expect(inlineOf([OLD_ROLE, inline(['create']), old(inline(NO_OP))])).toEqual([
        expect.stringMatching(
          /^aws_iam_role_policy\.old takes away what aws_iam_role_policy\.this gives the role, .*; tell Terraform of the change with a moved block, or apply it in two steps$/,
        ),
      ]);
    });
  });

  test('a name that is not known yet is told by the resource that it is of', () => {
    const named: Part = { ...inline(['create']), unknown: { name: true }, expressions: { name_prefix: {} } };
    const listOf = (references: readonly string[]): Part => ({
      ...inlineList(['create'], [null]),
      unknown: { policy_names: [true] },
      expressions: { policy_names: { references } },
    });
    expect(
      inlineOf([ROLE, named, listOf(['aws_iam_role_policy.this.name', 'aws_iam_role_policy.this'])]),
    ).toEqual(['value']);
    expect(
      inlineOf([ROLE, named, listOf(['aws_iam_role_policy.other.name', 'aws_iam_role_policy.other'])]).map(
        stateOf,
      ),
    ).toEqual(['unreadable']);
  });
});

describe('where and whose', () => {
  test('the region is the provider’s: a constant, a variable of the root, or that of the resource’s own provider', () => {
    expect(bucketOf([BUCKET]).region).toEqual({ state: 'value', value: 'eu-west-1' });
    const configuration = (expressions: unknown) => ({
      configuration: { root_module: {}, provider_config: { aws: { name: 'aws', expressions } } },
    });
    const byVariable = configuration({ region: { references: ['var.region'] } });
    const variables = { region: { value: 'eu-north-1' } };
    expect(bucketOf([BUCKET], { ...byVariable, variables }).region).toMatchObject({ value: 'eu-north-1' });
    expect(bucketOf([BUCKET], configuration({})).region.state).toBe('unreadable');
    const aliased = {
      configuration: {
        root_module: { resources: [{ address: 'aws_s3_bucket.this', provider_config_key: 'aws.frankfurt' }] },
        provider_config: {
          aws: { name: 'aws', expressions: { region: { constant_value: 'us-east-1' } } },
          'aws.frankfurt': {
            name: 'aws',
            alias: 'frankfurt',
            expressions: { region: { constant_value: 'eu-central-1' } },
          },
        },
      },
    };
    expect(bucketOf([BUCKET], aliased).region).toMatchObject({ value: 'eu-central-1' });
  });

  describe('the account of an export', () => {
    const resource = (address: string, values: Record<string, unknown>) => {
      const mode = address.startsWith('data.') ? 'data' : 'managed';
      return { address, mode, type: address.replace('data.', '').split('.')[0], values };
    };
    const central = resource('data.aws_caller_identity.central', { account_id: '333333333333' });
    const bucket = resource('aws_s3_bucket.this', { bucket: 'logs' });
    const policy = resource('aws_s3_bucket_policy.this', {
      bucket: 'logs',
      policy: '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"333333333333"},"Action":"s3:GetObject"}]}',
    });
    const accountIn = (resources: unknown[], accountId?: string) => {
      const text = JSON.stringify({ format_version: '1.0', values: { root_module: { resources } } });
      const target = { ...TARGET, ...(accountId === undefined ? {} : { accountId }) };
      return observePlan(text, 'the state', [target]).exports[0];
    };

    test('is not that of whoever else a state without the role speaks of', () => {
      expect(accountIn([bucket, policy, central])).toMatchObject({
        accountId: {
          reason: {
            message:
              'the state does not say which account aws_s3_bucket.this is in, and something else in it is in 333333333333',
          },
        },
        bucket: { value: { owner: { state: 'unreadable' } } },
      });
      expect(accountIn([bucket, policy, central], '222222222222')?.accountId.state).toBe('unreadable');
    });

    test('is the declared one where nothing in the state speaks against it', () => {
      for (const resources of [[bucket], [bucket, central]]) {
        expect(accountIn(resources, '333333333333')?.accountId).toMatchObject({ value: '333333333333' });
      }
    });

    test('is not told by a file that holds neither its role nor its bucket', () => {
      expect(accountIn([central])?.accountId).toMatchObject({
        reason: {
          message: `the state has no aws_iam_role named ${TARGET.roleName}, so it does not say whether it exists`,
        },
      });
    });

    test('is that of a role which the plan destroys', () => {
      const arn = `arn:aws:iam::222222222222:role/${TARGET.roleName}`;
      const gone: Part = { ...ROLE, values: { ...ROLE.values, arn }, actions: ['delete'] };
      expect(observe([gone, BUCKET]).accountId).toMatchObject({ value: '222222222222' });
    });

    const constant = (constant_value: unknown) => ({ constant_value });
    const assumed = 'arn:aws:iam::222222222222:role/provisioner';

    test.each<[what: string, provider: Record<string, unknown>, variable: string, comesTo: string]>([
      ['its only allowed account', { allowed_account_ids: constant(['222222222222']) }, '', '222222222222'],
      [
        'its allowed account rather than that of the role that it assumes',
        {
          allowed_account_ids: constant(['333333333333']),
          assume_role: [{ role_arn: constant(assumed) }],
        },
        '',
        '333333333333',
      ],
      [
        'one of several',
        { allowed_account_ids: constant(['222222222222', '333333333333']) },
        '',
        '000000000000',
      ],
      [
        'the last role that it assumes',
        { assume_role: [{ role_arn: constant('arn:aws:iam::1:role/x') }, { role_arn: constant(assumed) }] },
        '',
        '222222222222',
      ],
      [
        'a variable that is a whole ARN',
        { assume_role: [{ role_arn: { references: ['var.assumed'] } }] },
        assumed,
        '222222222222',
      ],
      [
        'a variable that is part of one',
        { assume_role: [{ role_arn: { references: ['var.assumed'] } }] },
        '222222222222',
        '000000000000',
      ],
      [
        'a list with a variable, of which the file leaves out the rest',
        { allowed_account_ids: { references: ['var.assumed'] } },
        '222222222222',
        '000000000000',
      ],
    ])('is by the role’s provider: %s', (_what, expressions, variable, comesTo) => {
      const seen = observe([ROLE], {
        configuration: {
          root_module: { resources: [{ address: 'aws_iam_role.this' }] },
          provider_config: { aws: { name: 'aws', expressions } },
        },
        variables: { assumed: { value: variable } },
      });
      expect(seen.accountId).toEqual({ state: 'value', value: comesTo });
    });

    test('is not told by a module’s variable of the name of a root’s', () => {
      const key = 'module.logs:aws';
      const expressions = { assume_role: [{ role_arn: { references: ['var.assumed'] } }] };
      const seen = observe([ROLE], {
        configuration: {
          root_module: { resources: [{ address: 'aws_iam_role.this', provider_config_key: key }] },
          provider_config: { [key]: { name: 'aws', module_address: 'module.logs', expressions } },
        },
        variables: { assumed: { value: assumed } },
      });
      expect(seen.accountId).toEqual({ state: 'value', value: '000000000000' });
    });

    test('is that of an export which declares it and has the same provider', () => {
      const other = { ...TARGET, name: 'y', roleName: 'ALTRPublishSIEMDataY', accountId: '222222222222' };
      const role = ({ roleName }: { roleName: string }) =>
        resource(`aws_iam_role.${roleName}`, { name: roleName, assume_role_policy: '{}' });
      const resources = [role(TARGET), role(other)];
      const configOf = (key: string) => [
        { address: `aws_iam_role.${TARGET.roleName}` },
        { address: `aws_iam_role.${other.roleName}`, provider_config_key: key },
      ];
      const accountsWith = (key: string) => {
        const profile = { profile: { constant_value: 'other' } };
        const provider_config = { aws: { expressions: {} }, 'aws.other': { expressions: profile } };
        const text = JSON.stringify({
          format_version: '1.0',
          planned_values: { root_module: { resources } },
          configuration: { root_module: { resources: configOf(key) }, provider_config },
        });
        const { exports, accounts } = observePlan(text, 'the plan', [TARGET, other]);
        return [
          exports[0]?.accountId,
          accounts.map(({ roles }) => roles.state === 'value' && roles.value.length),
        ];
      };
      expect(accountsWith('aws')).toEqual([{ state: 'value', value: '222222222222' }, [2]]);
      expect(accountsWith('aws.other')).toEqual([{ state: 'value', value: '000000000000' }, [1, 1]]);
    });
  });

  test('a variable counts as region only where it is one, and a module’s own variable is not the root’s', () => {
    const configuration = (key: string, entry: Record<string, unknown> = {}) => ({
      configuration: {
        root_module: { resources: [{ address: 'aws_s3_bucket.this', provider_config_key: key }] },
        provider_config: {
          [key]: { name: 'aws', expressions: { region: { references: ['var.region'] } }, ...entry },
        },
      },
      variables: { region: { value: 'eu-north-1' }, prefix: { value: 'eu' } },
    });
    const made = { expressions: { region: { references: ['var.prefix'] } } };
    const inModule = { module_address: 'module.logs' };
    expect(bucketOf([BUCKET], configuration('aws')).region).toMatchObject({ value: 'eu-north-1' });
    expect(bucketOf([BUCKET], configuration('aws', made)).region.state).toBe('unreadable');
    expect(bucketOf([BUCKET], configuration('module.logs:aws', inModule)).region.state).toBe('unreadable');
  });

  test('what was left over in a state beside its successor is not taken for it', () => {
    const resource = (type: string, values: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
      address: `${type}.this`,
      mode: 'managed',
      type,
      values,
      ...more,
    });
    const role = { name: TARGET.roleName, arn: `arn:aws:iam::222222222222:role/${TARGET.roleName}` };
    const attach = (policy_arn: string) => ({ role: TARGET.roleName, policy_arn });
    const resources = [
      resource('aws_iam_role', { ...role, managed_policy_arns: [] }),
      resource('aws_iam_role_policy_attachment', attach('arn:aws:iam::222222222222:policy/new')),
      resource('aws_iam_role_policy_attachment', attach('arn:aws:iam::222222222222:policy/old'), {
        deposed_key: '00000001',
      }),
    ];
    const text = JSON.stringify({ format_version: '1.0', values: { root_module: { resources } } });
    const [seen] = observePlan(text, 'the state', [TARGET]).exports;
    if (seen?.role.state !== 'value' || seen.role.value.attachedPolicies.state !== 'value')
      throw new Error(JSON.stringify(seen));
    expect(seen.role.value.attachedPolicies.value.map(({ name }) => name)).toEqual(['new', 'old']);
  });

  test('a plan of several accounts does not say which is the export’s', () => {
    const key = (account: string): Part => ({
      type: 'aws_kms_key',
      name: `k${account}`,
      values: { arn: `arn:aws:kms:eu-west-1:${account}:key/1` },
    });
    expect(observe([BUCKET, key('222222222222')]).accountId).toMatchObject({ value: '222222222222' });
    expect(observe([BUCKET, key('222222222222'), key('333333333333')]).accountId).toMatchObject({
      state: 'unreadable',
    });
  });

  test('what a provider with other credentials sees does not tell the export’s account', () => {
    const identity = (name: string) => ({
      address: `data.aws_caller_identity.${name}`,
      mode: 'data',
      type: 'aws_caller_identity',
      values: { account_id: name === 'central' ? '333333333333' : '222222222222' },
    });
    const centrally = { provider_config_key: 'aws.central' };
    const seenBy = (...names: string[]) => ({
      prior_state: { values: { root_module: { resources: names.map(identity) } } },
      configuration: {
        root_module: {
          resources: [
            { address: 'data.aws_caller_identity.central', ...centrally },
            ...['data.aws_caller_identity.own', 'aws_iam_role.this'].map((address) => ({ address })),
          ],
        },
        provider_config: {
          aws: { name: 'aws' },
          'aws.central': { name: 'aws', expressions: { profile: { constant_value: 'central' } } },
        },
      },
    });
    const policy: Part = {
      type: 'aws_s3_bucket_policy',
      values: { bucket: 'logs', policy: '{"Principal":{"AWS":"333333333333"}}' },
    };
    const accountOf = (...names: string[]) => observe([ROLE, BUCKET, policy], seenBy(...names)).accountId;
    expect(accountOf('central')).toMatchObject({ state: 'unreadable' });
    expect(accountOf('central', 'own')).toMatchObject({ value: '222222222222' });
  });

  test('nor in a synthesised stack', () => {
    const stack = (central: Record<string, unknown>) => ({
      provider: { aws: [{ region: 'eu-west-1' }, { alias: 'central', region: 'eu-west-1', ...central }] },
      data: { aws_caller_identity: { central: { provider: 'aws.central' } } },
      resource: {
        aws_iam_role: { this: ROLE.values },
        aws_s3_bucket: { this: BUCKET.values },
        aws_s3_bucket_policy: {
          this: { bucket: 'logs', policy: '{"AWS":"${data.aws_caller_identity.central.account_id}"}' },
        },
      },
    });
    const policyWith = (central: Record<string, unknown>) => {
      const text = JSON.stringify(stack(central));
      const [seen] = observeSynthesised([{ text, source: 'the stack', target: TARGET }]).exports;
      if (seen?.bucket.state !== 'value') throw new Error(JSON.stringify(seen));
      return seen.bucket.value.policy;
    };
    expect(policyWith({})).toMatchObject({ value: { text: expect.stringMatching(/"AWS":"\d{12}"/) } });
    expect(policyWith({ profile: 'central' }).state).toBe('unreadable');
  });

  test('two roles of the name are one too many', () => {
    expect(observe([ROLE, { ...ROLE, name: 'again' }]).role).toMatchObject({
      reason: { message: expect.stringContaining('(aws_iam_role.this, aws_iam_role.again)') },
    });
  });

  test('a bucket whose provider has other credentials than the role’s may be in another account', () => {
    const aliased = (expressions: unknown) => ({
      configuration: {
        root_module: {
          resources: [
            { address: 'aws_s3_bucket.this', provider_config_key: 'aws.other' },
            { address: 'aws_iam_role.this' },
          ],
        },
        provider_config: { aws: { name: 'aws' }, 'aws.other': { name: 'aws', alias: 'other', expressions } },
      },
    });
    const ownerWith = (expressions: unknown) => bucketOf([ROLE, BUCKET], aliased(expressions)).owner.state;
    expect(ownerWith({ region: { constant_value: 'eu-west-1' } })).toBe('value');
    expect(ownerWith({ profile: { constant_value: 'other' } })).toBe('unreadable');
    expect(ownerWith({ assume_role: [{ role_arn: { references: ['var.role'] } }] })).toBe('unreadable');
  });

  test('what another provider may add is not taken for none', () => {
    const [message] = inlineOf([ROLE, { type: 'awscc_iam_role_policy' }]);
    expect(message).toMatch(/^awscc_iam_role_policy\.this, which this tool does not read/);
    expect(bucketOf([BUCKET, { type: 'awscc_s3_bucket_policy' }]).policy.state).toBe('unreadable');
    expect(inlineOf([ROLE, { type: 'awscc_sqs_queue' }])).toEqual([]);
  });

  test('a bucket that a data source found is there, and not known to be the account’s', () => {
    const found = { address: 'data.aws_s3_bucket.x', mode: 'data', type: 'aws_s3_bucket' };
    const prior_state = {
      values: { root_module: { resources: [{ ...found, values: { bucket: 'logs', region: 'eu-west-1' } }] } },
    };
    expect(bucketOf([ROLE], { prior_state })).toMatchObject({
      owner: { state: 'unreadable' },
      region: { value: 'eu-west-1' },
      policy: { state: 'unreadable' },
    });
  });
});

describe('a file that is no plan', () => {
  test('a byte order mark, as Windows programs write it, does no harm', () => {
    const text = `\uFEFF${JSON.stringify({ format_version: '1.0', values: { root_module: { resources: [] } } })}`;
    expect(() => observePlan(text, 'the plan', [])).toThrow(/no resource of the AWS provider/);
  });

  test('whatever is broken in it, it is refused in one sentence or read', () => {
    const role = { address: 'aws_iam_role.a', mode: 'managed', type: 'aws_iam_role' };
    const plan = {
      format_version: '1.2',
      planned_values: {
        root_module: {
          resources: [{ ...role, values: { name: TARGET.roleName, inline_policy: [{ name: 'a' }] } }],
          child_modules: [{ resources: [{ ...role, address: 'module.m.aws_iam_role.b', values: {} }] }],
        },
      },
      resource_changes: [
        { ...role, change: { actions: ['create'], after_unknown: { inline_policy: [{ policy: true }] } } },
        { ...role, address: 'aws_iam_role.gone', change: { actions: ['delete'], before: { name: 'x' } } },
      ],
      prior_state: {
        values: { root_module: { resources: [{ ...role, mode: 'data', address: 'data.x.y' }] } },
      },
      variables: { region: { value: 'eu-west-1' } },
      configuration: {
        root_module: {
          resources: [{ address: 'aws_iam_role.a', expressions: { inline_policy: [{ policy: {} }] } }],
          module_calls: { m: { expressions: { x: { references: ['var.y'] } }, module: { resources: [] } } },
        },
        provider_config: { aws: { name: 'aws', expressions: { region: { references: ['var.region'] } } } },
      },
    };
    const pathsOf = (value: unknown): string[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, entry]) => [
            [key],
            ...pathsOf(entry).map((path) => [key, ...path]),
          ])
        : [];
    const put = (value: unknown, [key = '', ...rest]: string[], other: unknown): unknown => {
      const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
      copy[key] = rest.length === 0 ? other : put(copy[key], rest, other);
      return copy;
    };
    const broken = fc
      .tuple(
        fc.constantFrom(...pathsOf(plan)),
        fc.constantFrom<unknown>(null, 7, '', 'text', [], {}, [null], [{}], [7], true),
      )
      .map(([path, other]) => JSON.stringify(put(plan, path, other)));
    fc.assert(
      fc.property(broken, (text) => {
        try {
          observePlan(text, 'the plan', [TARGET]);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as Error).message).toMatch(/^the plan [^\n]+$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('a plan that broke off is refused', () => {
    expect(() => observe([ROLE], { errored: true })).toThrow(/is a plan that ended with an error/);
  });
});
