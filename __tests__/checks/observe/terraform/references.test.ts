/** Which resource a value that is known after apply refers to. */
import { attachedOf, BUCKET, bucketOf, inlineOf, OFF, observe, type Part, ROLE, TARGET } from './support';

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
    const other: Part = { type: 'aws_iam_role', name: 'b', values: { name: 'b' } };
    const pet: Part = { type: 'random_pet' };
    expect(inlineOf([ROLE, other, pet, policy(references)])).toEqual([
      'the role of aws_iam_role_policy.this is known after apply, says the plan',
    ]);
  });

  // Source: IAM API Reference, CreateRole, "Names are not distinguished by case".
  test('the role’s name in another case is undecided', () => {
    const named = (role: string): Part => ({
      ...policy([]),
      values: { name: 'x', role, policy: '{}' },
      unknown: {},
    });
    expect(inlineOf([ROLE, named(TARGET.roleName.toLowerCase())])).toEqual([
      'aws_iam_role_policy.this names the role in another case, says the plan; write the name as the role has it',
    ]);
    expect(inlineOf([ROLE, named(TARGET.roleName)])).toEqual(['value']);
    expect(inlineOf([ROLE, named('another')])).toEqual([]);
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

describe('which instance an index means', () => {
  const policy = (
    key: string,
    name = 'p',
    of: Record<string, unknown> = { name: `policy-${key}` },
  ): Part => ({
    type: 'aws_iam_policy',
    name,
    key,
    values: { ...of, policy: key },
    unknown: { arn: true },
  });
  const attachment = (key: string, references: readonly string[], forEach?: unknown): Part => ({
    type: 'aws_iam_role_policy_attachment',
    key,
    values: { role: TARGET.roleName },
    unknown: { policy_arn: true },
    expressions: { policy_arn: { references } },
    forEach,
  });
  const BY_KEY = [policy('["a"]'), policy('["b"]')];
  const BY_INDEX = [policy('[0]'), policy('[1]'), policy('[2]')];
  const variables = {
    m: { value: { a: 'b', b: 'a' } },
    objects: { value: { a: { role: 'b' }, b: { role: 'a' } } },
    which: { value: 'b' },
    number: { value: 1 },
    other: { value: { a: 'b' } },
  };
  const P = 'aws_iam_policy.p';
  const m = { references: ['var.m'] };

  test.each<[what: string, Part[], forEach: unknown, key: string, references: string[], document: string]>([
    ['each.key is the own one', BY_KEY, m, '["a"]', [P, 'each.key'], '["a"]'],
    [
      'each.value, by a variable: a for over it looks the same',
      BY_KEY,
      m,
      '["a"]',
      [P, 'each.value'],
      'not known',
    ],
    [
      'each.value, by a literal',
      BY_KEY,
      { constant_value: { a: 'b', b: 'a' } },
      '["a"]',
      [P, 'each.value'],
      '["b"]',
    ],
    [
      'a part of each.value, by a literal',
      BY_KEY,
      { constant_value: { a: { role: 'b' }, b: { role: 'a' } } },
      '["a"]',
      [P, 'each.value.role', 'each.value'],
      '["b"]',
    ],
    [
      'a part of each.value that a literal lacks',
      BY_KEY,
      { constant_value: { a: { role: 'b' }, b: { role: 'a' } } },
      '["a"]',
      [P, 'each.value.policy', 'each.value'],
      'not known',
    ],
    [
      'a part of each.value, by a variable',
      BY_KEY,
      { references: ['var.objects'] },
      '["a"]',
      [P, 'each.value.role', 'each.value'],
      'not known',
    ],
    [
      'each.value of a literal beside something else',
      BY_KEY,
      { constant_value: { a: 'b', b: 'a' } },
      '["a"]',
      [P, 'each.value', 'var.which'],
      'not known',
    ],
    [
      'each.value of what is not known',
      BY_KEY,
      { references: ['local.m'] },
      '["a"]',
      [P, 'each.value'],
      'not known',
    ],
    [
      'each.value of a map with other keys',
      BY_KEY,
      { references: ['var.other'] },
      '["a"]',
      [P, 'each.value'],
      'not known',
    ],
    ['each.value of what an expression made', BY_KEY, {}, '["a"]', [P, 'each.value'], 'not known'],
    [
      'a look-up: one in a look-up looks the same',
      BY_KEY,
      {},
      '["a"]',
      [P, 'var.m', 'each.key'],
      'not known',
    ],
    ['a look-up in what is not known', BY_KEY, {}, '["a"]', [P, 'local.m', 'each.key'], 'not known'],
    ['a variable: a condition on it looks the same', BY_KEY, undefined, '', [P, 'var.which'], 'not known'],
    ['a number: one more looks the same', BY_INDEX, undefined, '', [P, 'var.number'], 'not known'],
    ['the workspace', BY_KEY, undefined, '', [P, 'terraform.workspace'], 'not known'],
    [
      'a key beside one by the workspace',
      BY_KEY,
      undefined,
      '',
      [`${P}["a"].arn`, `${P}["a"]`, P, 'terraform.workspace'],
      'not known',
    ],
    ['a key', BY_KEY, undefined, '', [`${P}["a"].arn`, `${P}["a"]`, P], '["a"]'],
    [
      'each.value of a resource’s instances is the one of the own key',
      BY_KEY,
      { references: [P] },
      '["a"]',
      ['each.value.arn', 'each.value'],
      '["a"]',
    ],
    ['no index', BY_KEY, undefined, '', [P], 'not known'],
    [
      'count.index, with as many on both sides',
      BY_INDEX.slice(0, 2),
      undefined,
      '[0]',
      [P, 'count.index'],
      '[0]',
    ],
    ['count.index + 1 looks the same', BY_INDEX, undefined, '[0]', [P, 'count.index'], 'not known'],
    [
      'each.key with a text after it',
      [...BY_KEY, policy('["a-x"]')],
      m,
      '["a"]',
      [P, 'each.key'],
      'not known',
    ],
    ['the only instance', [policy('["z"]')], m, '["a"]', [P, 'each.value'], '["z"]'],
    [
      'the same, its attribute in brackets',
      BY_KEY,
      { references: [P] },
      '["a"]',
      ['each.value["arn"]', 'each.value'],
      '["a"]',
    ],
    [
      'another attribute of it than a name',
      BY_KEY,
      { references: [P] },
      '["a"]',
      ['each.value["description"]', 'each.value'],
      'not known',
    ],
    ['an instance that is not there', BY_KEY, m, '["a"]', [`${P}["c"].arn`, `${P}["c"]`, P], 'not known'],
    [
      'one that is there and one that is not',
      [policy('["z"]')],
      undefined,
      '',
      [`${P}["z"].arn`, `${P}["z"]`, P, `${P}["c"].arn`, `${P}["c"]`, P],
      '["z"]',
    ],
    [
      'another attribute than a name',
      [policy('["z"]')],
      undefined,
      '',
      [`${P}["z"].tags_all["x"]`, `${P}["z"]`, P],
      'not known',
    ],
  ])('%s', (_what, policies, forEach, key, references, document) => {
    const other = key === '["a"]' ? '["b"]' : '[1]';
    const both = key === '' ? [''] : [key, other];
    const parts = both.map((own): Part => {
      const part = attachment(own, references, forEach);
      return own === key ? part : { ...part, values: { role: 'another' } };
    });
    const [seen] = attachedOf([ROLE, ...policies, ...parts], { variables });
    expect(seen?.document.state === 'value' ? seen.document.value.text : 'not known').toBe(document);
  });

  test('a name that another name contains may be part of a template', () => {
    const named = (name: string, label: string): Part => ({
      type: 'aws_iam_role',
      name: label,
      values: { name, assume_role_policy: '{}' },
    });
    const inline: Part = {
      type: 'aws_iam_role_policy',
      values: { name: 'p', policy: '{}' },
      unknown: { role: true },
      expressions: { role: { references: ['aws_iam_role.this.id', 'aws_iam_role.this'] } },
    };
    const unclear = ['the role of aws_iam_role_policy.this is known after apply, says the plan'];
    expect(inlineOf([ROLE, named('Other', 'other'), inline])).toEqual(['value']);
    expect(inlineOf([ROLE, named(`${TARGET.roleName}-suffix`, 'other'), inline])).toEqual(unclear);
    // The same from the other side: "${aws_iam_role.other.id}X" may be this role.
    const short = { references: ['aws_iam_role.other.id', 'aws_iam_role.other'] };
    expect(
      inlineOf([ROLE, named('ALTRPublish', 'other'), { ...inline, expressions: { role: short } }]),
    ).toEqual(unclear);
  });
});

describe('what a data source will find during the apply', () => {
  const found = (more: Partial<Part>): Part => ({
    type: 'aws_iam_role',
    mode: 'data',
    name: 'found',
    ...more,
  });
  const named = (name: string) => found({ values: { name }, unknown: { id: true } });
  const policy: Part = {
    type: 'aws_iam_role_policy',
    values: { name: 'p', policy: '{}' },
    unknown: { role: true },
    expressions: { role: { references: ['data.aws_iam_role.found.id', 'data.aws_iam_role.found'] } },
  };
  const undecided = ['the role of aws_iam_role_policy.this is known after apply, says the plan'];

  test.each<[what: string, parts: readonly Part[], expected: readonly string[]]>([
    ['the role, by its name', [named(TARGET.roleName)], ['value']],
    ['another role', [named('Another')], []],
    ['a role of that name, in another case', [named(TARGET.roleName.toLowerCase())], undecided],
    ['a role whose name is a part of the role’s, as in a template', [named('ALTRPublish')], undecided],
    ['a role whose name is not known either', [found({ unknown: { name: true, id: true } })], undecided],
  ])('%s', (_what, parts, expected) => {
    expect(inlineOf([ROLE, ...parts, policy])).toEqual(expected);
  });

  test('a role of that name of another provider may be in another account', () => {
    // Nothing says which provider that module has.
    const role = { ...ROLE, module: 'module.other.' };
    expect(inlineOf([role, named(TARGET.roleName), policy])).toEqual(undecided);
  });

  test('the bucket, and another bucket', () => {
    const block = (bucket: string): Part[] => [
      { type: 'aws_s3_bucket', mode: 'data', name: 'found', values: { bucket }, unknown: { id: true } },
      {
        type: 'aws_s3_bucket_public_access_block',
        values: OFF,
        unknown: { bucket: true },
        expressions: { bucket: { references: ['data.aws_s3_bucket.found.id', 'data.aws_s3_bucket.found'] } },
      },
    ];
    const isBlocked = (bucket: string) => bucketOf([BUCKET, ...block(bucket)]).publicAccessBlock;
    expect(isBlocked('logs')).toMatchObject({ value: { blockPublicAcls: false } });
    expect(isBlocked('other')).toMatchObject({ value: { blockPublicAcls: true } });
  });

  test('a key is never told from another by its data source', () => {
    const key: Part = {
      type: 'aws_kms_key',
      values: { arn: 'arn:aws:kms:eu-west-1:123456789012:key/1', key_id: '1', policy: 'its own' },
      actions: ['no-op'],
    };
    const encryption: Part = {
      type: 'aws_s3_bucket_server_side_encryption_configuration',
      values: {
        bucket: 'logs',
        rule: [
          {
            apply_server_side_encryption_by_default: [
              { sse_algorithm: 'aws:kms', kms_master_key_id: key.values?.arn },
            ],
          },
        ],
      },
    };
    const keyPolicy: Part = {
      type: 'aws_kms_key_policy',
      values: { policy: 'another' },
      unknown: { key_id: true },
      expressions: { key_id: { references: ['data.aws_kms_key.found.id', 'data.aws_kms_key.found'] } },
    };
    const data: Part = { type: 'aws_kms_key', mode: 'data', name: 'found', values: { key_id: '1' } };
    expect(bucketOf([BUCKET, key, encryption, data, keyPolicy]).kmsKey).toMatchObject({
      value: { policy: { state: 'unreadable' } },
    });
  });
});

test.each<[what: string, references: readonly string[], expected: string]>([
  [
    'one of several policies: which they are',
    ['aws_iam_policy.a.arn', 'aws_iam_policy.a', 'aws_iam_policy.b.arn', 'aws_iam_policy.b'],
    'which policy (of aws_iam_policy.a, aws_iam_policy.b) role aws_iam_role.this has is known after apply, says the plan',
  ],
  [
    'any policy: whose it is',
    ['local.arn'],
    'which policy role aws_iam_role.this has is known after apply, says the plan',
  ],
])('%s', (_what, references, expected) => {
  const policies = ['a', 'b'].map(
    (name): Part => ({ type: 'aws_iam_policy', name, values: { policy: '{}' }, unknown: { arn: true } }),
  );
  const attachment: Part = {
    type: 'aws_iam_role_policy_attachment',
    values: { role: TARGET.roleName },
    unknown: { policy_arn: true },
    expressions: { policy_arn: { references } },
  };
  const messages = attachedOf([ROLE, ...policies, attachment]).map(({ document }) =>
    document.state === 'unreadable' ? document.reason.message : document.state,
  );
  expect(messages).toEqual([expected]);
});

describe('a policy’s ARN that is written out, of a policy that the plan makes', () => {
  const policy: Part = {
    type: 'aws_iam_policy',
    values: { name: 'put', path: '/altr/', policy: 'the document' },
    unknown: { arn: true },
  };
  const written: Part = {
    type: 'aws_iam_role_policy_attachment',
    values: { role: TARGET.roleName, policy_arn: 'arn:aws:iam::123456789012:policy/altr/put' },
  };
  const isKnown = (...parts: Part[]) =>
    attachedOf([ROLE, ...parts]).map(({ document }) => document.state === 'value');

  test.each<[what: string, policy: Part, expected: boolean]>([
    ['is that policy', policy, true],
    ['is not one of another path', { ...policy, values: { ...policy.values, path: '/' } }, false],
    ['is not one of another name', { ...policy, values: { ...policy.values, name: 'putter' } }, false],
    // Nothing says which provider that module has.
    ['may be in another account than one of another provider', { ...policy, module: 'module.other.' }, false],
    [
      'is not one that has another ARN',
      {
        ...policy,
        unknown: {},
        values: { ...policy.values, arn: 'arn:aws:iam::210987654321:policy/altr/put' },
      },
      false,
    ],
  ])('%s', (_what, made, expected) => {
    expect(isKnown(made, written)).toEqual([expected]);
  });

  test('is undecided between two of the same name', () => {
    expect(isKnown(policy, { ...policy, name: 'again' }, written)).toEqual([false]);
  });

  test('says what a boundary allows', () => {
    const bound: Part = {
      ...ROLE,
      values: { ...ROLE.values, permissions_boundary: written.values?.policy_arn },
    };
    expect(observe([bound, policy]).role).toMatchObject({
      value: { permissionsBoundary: { value: { document: { value: { text: 'the document' } } } } },
    });
  });
});

test('what was seen carries the address of the resource that holds it', () => {
  const policy: Part = {
    type: 'aws_iam_policy',
    name: 'put',
    module: 'module.logs["a"].',
    values: { name: 'put', arn: 'arn:aws:iam::123456789012:policy/put', policy: '{}' },
  };
  const parts: Part[] = [
    ROLE,
    BUCKET,
    policy,
    {
      type: 'aws_iam_role_policy',
      name: 'put',
      values: { role: TARGET.roleName, name: 'put', policy: '{}' },
    },
    {
      type: 'aws_iam_role_policy_attachment',
      values: { role: TARGET.roleName, policy_arn: policy.values?.arn },
    },
    { type: 'aws_s3_bucket_policy', name: 'b', values: { bucket: 'logs', policy: '{}' } },
  ];
  expect(observe(parts)).toMatchObject({
    role: {
      value: {
        address: 'aws_iam_role.this',
        trustPolicy: { value: { address: 'aws_iam_role.this' } },
        inlinePolicies: { value: [{ document: { value: { address: 'aws_iam_role_policy.put' } } }] },
        attachedPolicies: {
          value: [
            {
              address: 'aws_iam_role_policy_attachment.this',
              document: { value: { address: 'module.logs["a"].aws_iam_policy.put' } },
            },
          ],
        },
      },
    },
    bucket: {
      value: { address: 'aws_s3_bucket.this', policy: { value: { address: 'aws_s3_bucket_policy.b' } } },
    },
  });
});
