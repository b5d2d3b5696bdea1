/**
 * The Terraform module refuses what the config refuses, and nothing else. Terraform itself judges made-up variables by the
 * conditions in the `.tf` files, all in one run without a provider; the config judges the same values as options.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { exportOptionsSchema, optionFaults } from '../../config/options';
import { STORAGE_CLASSES } from '../../config/options/storage-classes';
import { definitionFaults } from '../../contract/definition-faults';
import {
  accountIdFaults,
  bucketNameFaults,
  clientIdFaults,
  iamPathFaults,
  policyNameFaults,
  roleNameFaults,
  vendorRoleNameFaults,
} from '../../contract/names';
import { REGION_PREFIXES } from '../../contract/partition';
import { moduleLocals, modulePreconditions, moduleVariables } from '../../modules/terraform-files';
import { defaultsOf, optionsOf, type Variables } from '../modules/module-variables-of';
import { describeOnRealParts } from './support/real-parts';
import { terraform } from './support/terraform';

const VARIABLES_OF_MODULE = moduleVariables();
const PRECONDITIONS = modulePreconditions();
const LOCALS = moduleLocals();
const ACCOUNT = '123456789012';
const ALTR = '098765432109';

interface Case {
  readonly variables: Variables;
  readonly region: string;
  readonly partition: string;
}

const REGIONS = {
  'us-east-1': 'aws',
  'eu-west-1': 'aws',
  'us-gov-west-1': 'aws-us-gov',
  'cn-north-1': 'aws-cn',
};

/** Mostly nothing, else mostly one of the good values. */
const option = <T>(good: readonly T[], bad: readonly T[] = []): fc.Arbitrary<T | null> =>
  fc.oneof(
    { weight: 30, arbitrary: fc.constant(null) },
    { weight: 30, arbitrary: fc.constantFrom(...good) },
    ...(bad.length > 0 ? [{ weight: 1, arbitrary: fc.constantFrom(...bad) }] : []),
  );
const mostly = <T>(good: readonly T[], bad: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  );

const key = (region: string, account = ACCOUNT, partition = 'aws') =>
  `arn:${partition}:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`;
const role = (name: string, account = ACCOUNT, partition = 'aws') =>
  `arn:${partition}:iam::${account}:role/${name}`;
const DAYS = [1, 29, 30, 31, 60, 61, 90, 91, 180, 365, 366];
const CLASSES = Object.keys(STORAGE_CLASSES).filter((name) => name !== 'STANDARD');
const days = option(DAYS, [0, 1.5, 36_501]);
const lists = <T>(element: fc.Arbitrary<T>, most: number) =>
  fc.oneof(
    { weight: 30, arbitrary: fc.constant(null) },
    { weight: 30, arbitrary: fc.array(element, { minLength: 1, maxLength: most }) },
    { weight: 1, arbitrary: fc.constant([] as T[]) },
  );
const transitions = lists(
  fc.record({ after_days: mostly(DAYS, [0, 36_501]), storage_class: mostly(CLASSES, ['STANDARD']) }),
  3,
).map((list) => list && (list.length % 2 ? list : [...list].sort((a, b) => a.after_days - b.after_days)));
const pattern = mostly([role('Analyst*'), role('a/b', '210987654321')], ['*', role('x', ACCOUNT, 'aws-cn')]);

const VARIABLES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  altr_account_id: mostly([ALTR], ['1234']),
  client_id: mostly(['client-1'], ['QUERY-AUDIT-1']),
  bucket: mostly(['acme-logs'], ['acme..logs', 'other-bucket']),
  role_name: mostly(['ALTRPublishSIEMDataAcme'], ['acme']),
  role_path: mostly(['/', '/altr/'], ['altr']),
  role_description: mostly(['', 'Écrit.'], ['’', 'x'.repeat(1001)]),
  max_session_hours: mostly([1, 12], [13, 1.5]),
  permissions_boundary: option(
    [`arn:aws:iam::${ACCOUNT}:policy/b`, 'arn:aws:iam::aws:policy/b'],
    ['b', 'arn:aws:iam::210987654321:policy/b', `arn:aws-cn:iam::${ACCOUNT}:policy/b`],
  ),
  policy_name: option(['acme.s3.policy', 'reader'], ['no spaces']),
  existing_bucket: fc.constantFrom(false, false, false, false, true),
  force_destroy: fc.boolean(),
  partition_confirmed: fc.boolean(),
  tags: fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom({}, { team: 'security é' }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom({ 'AWS:x': '' }, { '': 'x' }, { x: '#' }, { x: 'y'.repeat(257) }),
    },
    {
      weight: 1,
      arbitrary: fc.constant(Object.fromEntries([...Array(51).keys()].map((index) => [`k${index}`, '']))),
    },
  ),
  encryption_type: mostly(['s3', 'kms'], ['aes']),
  kms_key_arn: option(
    [key('us-east-1'), key('eu-west-1')],
    ['alias/x', key('us-east-1', '210987654321'), key('cn-north-1', ACCOUNT, 'aws-cn')],
  ),
  bucket_keys: option([true, false]),
  former_key_arns: lists(
    mostly(
      [key('us-east-1'), key('eu-west-1')],
      ['alias/x', key('us-east-1', '210987654321'), key('us-east-1', ACCOUNT, 'aws-cn')],
    ),
    2,
  ),
  key_administrators: lists(pattern, 2),
  key_deletion_window_days: option([7, 30], [6, 31]),
  key_alias: option(['altr/logs'], ['aws/x', 'alias:x', '']),
  versioning: option([true, false]),
  transitions,
  noncurrent_transitions: transitions,
  expire_after_days: days,
  noncurrent_expire_after_days: days,
  abort_incomplete_uploads_after_days: days,
  object_lock: option([true, false]),
  default_retention_mode: option(['GOVERNANCE', 'COMPLIANCE'], ['governance']),
  default_retention_days: days,
  default_retention_years: option([1, 2], [101]),
  require_tls: option([true, false]),
  minimum_tls_version: option(['1.2'], ['1.3']),
  only_readers: lists(pattern, 2),
  access_log_bucket: option(['acme-access', 'acme-copies'], ['acme-logs', 'Acme']),
  access_log_prefix: mostly(['', 'logs/'], ['x'.repeat(513)]),
  replication_bucket: option(['acme-copies'], ['acme-logs', 'A']),
  replication_region: option(['eu-west-1', 'eu-north-1'], ['us-east-1', 'cn-north-1', 'here']),
  replication_kms_key_arn: option(
    [key('eu-west-1'), key('eu-north-1')],
    ['x', key('eu-west-1', '210987654321')],
  ),
  replication_storage_class: option(['STANDARD', 'GLACIER'], ['COLD']),
  replicate_deletes: fc.boolean(),
  replication_role_name: option(['Copies', 'reader'], ['ALTRPublishSIEMDataCopies', 'a b']),
  readers: fc.array(
    fc.record({
      name: mostly(['splunk', 'analysts', 'Splunk'], ['a b']),
      trusted_principals: lists(
        mostly(
          ['210987654321', role('Splunk', '210987654321'), `arn:aws:iam::${ACCOUNT}:root`],
          [ALTR, role('x', ALTR), role('x', ACCOUNT, 'aws-cn'), role('x*'), 'splunk'],
        ),
        2,
      ),
      attached_to: lists(
        mostly([role('Analyst*')], ['*', role('x', '210987654321'), role('x', ACCOUNT, 'aws-cn')]),
        2,
      ),
      external_id: option(['splunk-cloud'], ['x', 'a b']),
      role_name: option(['Reader'], ['ALTRPublishSIEMDataReader', 'a b']),
    }),
    { maxLength: 2 },
  ),
  exclusive: fc.boolean(),
};

/** With what an option needs, so that not everything is refused for the same few reasons. */
function completed(variables: Record<string, unknown>): Variables {
  const replicates = variables.replication_bucket !== null && variables.replication_region !== null;
  const kms = variables.encryption_type === 'kms';
  return {
    ...variables,
    ...(kms && variables.kms_key_arn === null
      ? {}
      : { key_administrators: null, key_deletion_window_days: null, key_alias: null }),
    ...(kms ? {} : { kms_key_arn: null }),
    ...(replicates
      ? {}
      : {
          replication_bucket: null,
          replication_region: null,
          replication_kms_key_arn: null,
          replication_storage_class: null,
          replication_role_name: null,
          replicate_deletes: false,
        }),
    ...(variables.access_log_bucket === null ? { access_log_prefix: '' } : {}),
    ...(variables.default_retention_mode === null
      ? { default_retention_days: null, default_retention_years: null }
      : { object_lock: true, default_retention_years: null }),
  };
}

/** What is asked of a bucket. */
const OF_THE_BUCKET = Object.keys(VARIABLES).filter((name) =>
  /^(encryption|kms|bucket_keys|versioning|object|transitions|noncurrent_transitions|expire|require|access_log_b|force)/.test(
    name,
  ),
);

/** Variables that conditions are about together. */
const GROUPS: readonly (readonly string[])[] = [
  Object.keys(VARIABLES),
  ...Object.keys(VARIABLES).map((name) => [name]),
  ...Array(8).fill([
    'object_lock',
    'default_retention_mode',
    'default_retention_days',
    'default_retention_years',
    'expire_after_days',
  ]),
  ...Array(16).fill(['transitions', 'expire_after_days']),
  ...Array(16).fill(['versioning', 'noncurrent_transitions', 'noncurrent_expire_after_days']),
  ...Array(8).fill(['encryption_type', 'kms_key_arn', 'former_key_arns']),
  ...Array(4).fill([
    'versioning',
    'object_lock',
    'noncurrent_expire_after_days',
    'replication_bucket',
    'replication_region',
  ]),
  ...Array(4).fill(Object.keys(VARIABLES).filter((name) => /^(encryption|kms|key)_/.test(name))),
  ...Array(8).fill(
    Object.keys(VARIABLES).filter((name) =>
      /^(bucket$|versioning|encryption_type|kms_key_arn|replicat)/.test(name),
    ),
  ),
  ...Array(16).fill(['readers', 'only_readers']),
  ...Array(4).fill(['readers', 'policy_name']),
  ...OF_THE_BUCKET.flatMap((name) => Array(3).fill(['existing_bucket', name])),
  ...Array(4).fill(['existing_bucket', 'replication_bucket', 'replication_region']),
  ...Array(8).fill(['readers', 'replication_bucket', 'replication_region', 'replication_role_name']),
  ...Array(4).fill(['access_log_bucket', 'replication_bucket', 'replication_region']),
  ...Array(4).fill(['bucket', 'access_log_bucket', 'access_log_prefix']),
];

const cases: fc.Arbitrary<Case> = fc
  .tuple(
    fc.record(VARIABLES),
    fc.constantFrom(...GROUPS, ...Array(30).fill(Object.keys(VARIABLES))),
    fc.constantFrom(true, true, false),
    fc.constantFrom('us-east-1', 'us-east-1', 'us-east-1', ...Object.keys(REGIONS)),
  )
  .map(([all, group, isCompleted, region]) => {
    const chosen = { ...NOTHING, ...Object.fromEntries(group.map((name: string) => [name, all[name]])) };
    const variables = isCompleted ? completed(chosen) : chosen;
    return { variables, region, partition: REGIONS[region as keyof typeof REGIONS] };
  });

const NOTHING: Variables = {
  ...defaultsOf(VARIABLES_OF_MODULE),
  altr_account_id: ALTR,
  client_id: 'client-1',
  bucket: 'acme-logs',
  role_name: 'ALTRPublishSIEMDataAcme',
};

/** What the contract has against it. */
function faultsOf({ variables, region }: Case): string[] {
  const definition = {
    name: 'module',
    altrAccountId: String(variables.altr_account_id),
    clientId: String(variables.client_id),
    bucket: String(variables.bucket),
    region,
    roleName: String(variables.role_name),
  };
  const parsed = exportOptionsSchema.safeParse(optionsOf(variables));
  const facts = { accountId: ACCOUNT, partitionConfirmed: variables.partition_confirmed === true };
  return [
    ...definitionFaults(definition),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`),
    ...(parsed.data ? optionFaults(definition, parsed.data, facts) : []).map(
      ({ option: name, message }) => `${name} ${message}`,
    ),
  ];
}

const CONDITIONS = [...VARIABLES_OF_MODULE.flatMap(({ validations }) => validations), ...PRECONDITIONS];

/** An expression with each local in it replaced by what it is. */
function withoutLocals(expression: string): string {
  return expression.replaceAll(/\blocal\.(\w+)/g, (_, name: string) => {
    const local = LOCALS[name];
    if (local === undefined) throw new Error(`there is no local.${name}`);
    return `(${withoutLocals(local)})`;
  });
}

/** A condition for one of the cases. What can't be evaluated refuses, too. */
function ofCase(condition: string): string {
  const text = withoutLocals(condition)
    .replaceAll(/\bvar\./g, 'made_up.variables.')
    .replaceAll('data.aws_region.current.id', 'made_up.region')
    .replaceAll('data.aws_partition.current.partition', 'made_up.partition')
    .replaceAll('data.aws_caller_identity.current.account_id', `"${ACCOUNT}"`);
  return `try(${text}, false)`;
}

const ALPHABET = [...'abzABZ019_+=,.@:/-<>[] ~é\n', '${', '*'];
const noise = fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 70 });
const near = (...words: string[]) =>
  fc.oneof(
    noise,
    fc
      .tuple(fc.constantFrom(...words, ''), noise, fc.constantFrom(...words, ''))
      .map((parts) => parts.join('')),
  );

const NAMES: readonly [
  variable: string,
  faultsOf: (text: string) => string[],
  examples: fc.Arbitrary<string>,
][] = [
  ['altr_account_id', accountIdFaults, near('111122223333', '12345678901')],
  [
    'client_id',
    clientIdFaults,
    fc.oneof(
      near('QUERY-AUDIT-', 'custom-audit-', 'client'),
      fc.constantFrom('a'.repeat(1224), 'a'.repeat(1225)),
    ),
  ],
  [
    'bucket',
    bucketNameFaults,
    near(
      'xn--',
      'sthree-',
      'amzn-s3-demo-',
      '-s3alias',
      '--ol-s3',
      '.mrap',
      '--x-s3',
      '1.2.3.4',
      '..',
      'acme',
    ),
  ],
  [
    'role_name',
    (name) => [...roleNameFaults(name), ...vendorRoleNameFaults(name)],
    near('ALTRPublishSIEMData', 'altrpublishsiemdata'),
  ],
  ['role_path', iamPathFaults, near('/', '/altr/', 'x'.repeat(510))],
  ['policy_name', policyNameFaults, near('acme.s3.policy', 'x'.repeat(128))],
];

describeOnRealParts('the Terraform module', ['terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-refusals-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What Terraform makes of an expression about `var.cases`. */
  async function evaluated(name: string, type: string, all: readonly unknown[], expression: string) {
    const cwd = join(folder, name);
    mkdirSync(cwd);
    const config = { variable: { cases: { type } }, output: { result: { value: `\${${expression}}` } } };
    writeFileSync(join(cwd, 'main.tf.json'), JSON.stringify(config));
    writeFileSync(join(cwd, 'cases.auto.tfvars.json'), JSON.stringify({ cases: all }));
    const at = { cwd, env: { ...process.env, TF_IN_AUTOMATION: '1' } as Readonly<Record<string, string>> };
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], at);
    const { stdout } = await terraform(['output', '-json', 'result'], at);
    return JSON.parse(stdout) as unknown;
  }

  /** Which of the conditions each case fails. */
  async function refusals(all: readonly Case[]): Promise<number[][]> {
    const attributes = VARIABLES_OF_MODULE.map(({ name, type }) => `${name} = optional(${type})`).join(', ');
    return (await evaluated(
      'judged',
      `list(object({ region = string, partition = string, variables = object({ ${attributes} }) }))`,
      all,
      `[for made_up in var.cases : [for index, holds in [${CONDITIONS.map(({ condition }) => ofCase(condition)).join(', ')}] : index if !holds]]`,
    )) as number[][];
  }

  test('refuses what the config refuses, and nothing else', async () => {
    // Some are always the same, so that each precondition is met for certain.
    const all = [...fc.sample(cases, { numRuns: 1500, seed: 1 }), ...fc.sample(cases, 200)];
    const refused = await refusals(all);
    const differing = all.flatMap((one, index) => {
      const faults = faultsOf(one);
      const failed = (refused[index] ?? []).map((at) => CONDITIONS[at]?.message ?? '');
      const set = Object.fromEntries(
        Object.entries(one.variables).filter(
          ([name, value]) => JSON.stringify(value) !== JSON.stringify(NOTHING[name]),
        ),
      );
      return failed.length > 0 === faults.length > 0
        ? []
        : [{ ...one, variables: set, contract: faults, module: failed }];
    });
    expect(differing.slice(0, 5)).toEqual([]);
    // Where all or none were refused, nothing was compared.
    const accepted = refused.filter((failed) => failed.length === 0).length;
    expect(accepted).toBeGreaterThan(100);
    expect(refused.length - accepted).toBeGreaterThan(100);
    const met = new Set(refused.flat().map((at) => CONDITIONS[at]));
    expect(PRECONDITIONS.length).toBeGreaterThan(40);
    expect(PRECONDITIONS.filter((condition) => !met.has(condition))).toEqual([]);
  }, 240_000);

  test.each(NAMES)(
    '%s accepts what the contract accepts, and nothing else',
    async (name, faultsOf, examples) => {
      const texts = fc.sample(examples, 1000);
      const validations = VARIABLES_OF_MODULE.find((variable) => variable.name === name)?.validations ?? [];
      const conditions = validations.map(
        ({ condition }) => `try(${condition.replaceAll(`var.${name}`, 'text')}, false)`,
      );
      const accepted = await evaluated(
        name,
        'list(string)',
        texts,
        `[for text in var.cases : alltrue([${conditions.join(', ')}])]`,
      );
      const differing = texts.filter(
        (text, index) => (accepted as boolean[])[index] !== (faultsOf(text).length === 0),
      );
      expect(differing).toEqual([]);
      // Where nothing was accepted, nothing was compared.
      expect(accepted).toContain(true);
    },
    60_000,
  );

  test('knows storage classes and partitions as the config does', async () => {
    const tables = await evaluated(
      'tables',
      'list(string)',
      [],
      `[${withoutLocals('local.storage_classes')}, ${withoutLocals('local.partition_prefixes')}]`,
    );
    const { STANDARD: _, ...classes } = STORAGE_CLASSES;
    const expected = Object.entries(classes).map(([name, { fewestDaysBefore, leastDays, movesTo }]) => [
      name,
      { minimum_age: fewestDaysBefore, minimum_stay: Math.max(leastDays, 1), moves_to: movesTo },
    ]);
    expect(tables).toEqual([Object.fromEntries(expected), Object.fromEntries(REGION_PREFIXES)]);
  }, 60_000);
});
