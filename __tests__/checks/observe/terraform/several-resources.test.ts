/** Several resources that set the same thing, or may. */
import { BUCKET, bucketOf, inlineOf, OFF, observe, type Part, ROLE, TARGET } from './support';

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
