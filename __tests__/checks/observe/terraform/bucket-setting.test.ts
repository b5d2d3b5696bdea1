/** Settings of a bucket, in it or in resources of their own. */
import { BUCKET, bucketOf, OFF, OLD_BUCKET, type Part } from './support';

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
    expect(bucketOf([withGrants(grant('ours'), grant('theirs'))]).acl.state).toBe('unreadable');
    // AWS's own default: the owner alone. A configuration may grant the same to somebody else.
    expect(bucketOf([withGrants(grant('ours'))]).acl).toMatchObject({ value: { owner: 'ours' } });
    const configured = { ...withGrants(grant('theirs')), expressions: { grant: [{}] } };
    expect(bucketOf([configured]).acl.state).toBe('unreadable');
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

describe('the tags by which policies decide', () => {
  const abac = (status: string, more: Partial<Part> = {}): Part => ({
    type: 'aws_s3_bucket_abac',
    values: { bucket: 'logs', abac_status: [{ status }] },
    ...more,
  });
  const TAGGED: Part = { ...BUCKET, values: { ...BUCKET.values, tags: { team: 'logs' } } };

  test.each<[string, readonly Part[], object]>([
    ['a new bucket has none: its ABAC is off', [TAGGED], { state: 'absent' }],
    ['they are the bucket’s where its ABAC is on', [TAGGED, abac('Enabled')], { value: { team: 'logs' } }],
    ['they are none where the bucket has none', [BUCKET, abac('Enabled')], { value: {} }],
    ['they are not where its ABAC is off', [TAGGED, abac('Disabled')], { state: 'absent' }],
    ['a bucket that is there may have its ABAC on', [OLD_BUCKET], { state: 'unreadable' }],
    [
      'what becomes of the ABAC that nothing manages any more is not known',
      [OLD_BUCKET, abac('Enabled', { actions: ['delete'] })],
      { state: 'unreadable' },
    ],
  ])('%s', (_what, parts, expected) => {
    expect(bucketOf(parts).abacTags).toMatchObject(expected);
  });
});
