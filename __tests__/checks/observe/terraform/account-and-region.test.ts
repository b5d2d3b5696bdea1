/** Region, account and credentials of what a file holds. */
import { observePlan, observeSynthesised } from '../../../../checks/observe/terraform';
import { BUCKET, bucketOf, inlineOf, observe, type Part, planOf, ROLE, TARGET } from './support';

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
          resource_changes: [],
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

describe('OpenTofu', () => {
  const names = { provider_name: 'registry.opentofu.org/hashicorp/aws' };
  const tofu = 'registry.opentofu.org/hashicorp/aws';

  test('the names of its registry make no difference, in a plan and in a state', () => {
    const plan = planOf([ROLE, BUCKET]);
    const renamed = {
      ...plan,
      planned_values: {
        root_module: {
          resources: plan.planned_values.root_module.resources.map((entry) => ({ ...entry, ...names })),
        },
      },
      resource_changes: plan.resource_changes.map((entry) => ({ ...entry, ...names })),
      configuration: {
        ...plan.configuration,
        provider_config: { aws: { ...plan.configuration.provider_config.aws, full_name: tofu } },
      },
    };
    const state = (more: object) => ({
      format_version: '1.0',
      values: {
        root_module: {
          resources: plan.planned_values.root_module.resources.map((entry) => ({ ...entry, ...more })),
        },
      },
    });
    const exportsOf = (file: unknown) => observePlan(JSON.stringify(file), 'the file', [TARGET]).exports;
    expect(exportsOf(renamed)).toEqual(exportsOf(plan));
    expect(exportsOf(state(names))).toEqual(
      exportsOf(state({ provider_name: 'registry.terraform.io/hashicorp/aws' })),
    );
  });

  test('a provider by another local name is AWS’s by its full name', () => {
    const configuration = {
      root_module: { resources: [{ address: 'aws_s3_bucket.this', provider_config_key: 'amazon' }] },
      provider_config: {
        amazon: {
          name: 'amazon',
          full_name: tofu,
          expressions: { region: { constant_value: 'eu-north-1' } },
        },
      },
    };
    expect(bucketOf([BUCKET], { configuration }).region).toMatchObject({ value: 'eu-north-1' });
  });
});
