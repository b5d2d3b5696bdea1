/**
 * The plain Terraform module refuses what the contract refuses, and nothing else. Terraform itself judges made-up variables by
 * the module's validations and preconditions, all in one run without a provider; the contract judges the same as options.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { exportOptionsSchema, optionFaults } from '../../config/options';
import { STORAGE_CLASSES } from '../../config/options/storage-classes';
import { definitionFaults } from '../../contract/definition-faults';
import { MODULE_PRECONDITIONS } from '../../modules/module-preconditions';
import { conditionOf } from '../../modules/module-text';
import { MODULE_VARIABLES } from '../../modules/module-variables';
import { optionsOf, type Variables } from '../modules/module-variables-of';
import { describeOnRealParts } from './support/real-parts';
import { terraform } from './support/terraform';

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
  key_administrators: lists(pattern, 2),
  key_deletion_window_days: option([7, 30], [6, 31]),
  key_alias: option(['altr/logs'], ['aws/x', 'alias:x', '']),
  versioning: option([true, false]),
  transitions: lists(
    fc.record({ after_days: mostly(DAYS, [0, 36_501]), storage_class: mostly(CLASSES, ['STANDARD']) }),
    3,
  ).map((list) => list && (list.length % 2 ? list : [...list].sort((a, b) => a.after_days - b.after_days))),
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
function mended(variables: Record<string, unknown>): Variables {
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
  /^(encryption|kms|bucket_keys|versioning|object|transitions|expire|require|access_log_b|force)/.test(name),
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
  .map(([all, group, isMended, region]) => {
    const chosen = { ...NOTHING, ...Object.fromEntries(group.map((name: string) => [name, all[name]])) };
    const variables = isMended ? mended(chosen) : chosen;
    return { variables, region, partition: REGIONS[region as keyof typeof REGIONS] };
  });

const NOTHING: Variables = {
  ...Object.fromEntries(MODULE_VARIABLES.map(({ name, default: otherwise }) => [name, otherwise ?? null])),
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

const CONDITIONS = [
  ...MODULE_VARIABLES.flatMap((variable) =>
    variable.validations.map((validation) => ({
      condition: conditionOf(variable, validation),
      message: `${variable.name} ${validation.message}`,
    })),
  ),
  ...MODULE_PRECONDITIONS,
];

/** A condition of one of the cases. What can't be evaluated refuses, too. */
function ofCase(condition: string): string {
  const text = condition
    .replaceAll(/\bvar\./g, 'made_up.variables.')
    .replaceAll('data.aws_region.current.id', 'made_up.region')
    .replaceAll('data.aws_partition.current.partition', 'made_up.partition')
    .replaceAll('data.aws_caller_identity.export_account.account_id', `"${ACCOUNT}"`);
  return `try(${text}, false)`;
}

describeOnRealParts('the plain Terraform module', ['terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-refusals-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Which of the conditions each case fails. */
  async function refusals(all: readonly Case[]): Promise<number[][]> {
    const cwd = join(folder, 'judged');
    mkdirSync(cwd, { recursive: true });
    const attributes = MODULE_VARIABLES.map(({ name, type }) => `${name} = optional(${type})`).join(', ');
    writeFileSync(
      join(cwd, 'main.tf.json'),
      JSON.stringify({
        variable: {
          cases: {
            type: `list(object({ region = string, partition = string, variables = object({ ${attributes} }) }))`,
          },
        },
        output: {
          refusals: {
            value: `\${[for made_up in var.cases : [for index, holds in [${CONDITIONS.map(({ condition }) => ofCase(condition)).join(', ')}] : index if !holds]]}`,
          },
        },
      }),
    );
    writeFileSync(join(cwd, 'cases.auto.tfvars.json'), JSON.stringify({ cases: all }));
    const at = { cwd, env: { ...process.env, TF_IN_AUTOMATION: '1' } as Readonly<Record<string, string>> };
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], at);
    const { stdout } = await terraform(['output', '-json', 'refusals'], at);
    return JSON.parse(stdout) as number[][];
  }

  test('refuses what the contract refuses, and nothing else', async () => {
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
    expect(MODULE_PRECONDITIONS.filter((condition) => !met.has(condition))).toEqual([]);
  }, 120_000);
});
