/** For every combination of options, the Terraform module makes the same resources as the construct. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { CONTRACT_OUTPUT, configOfOutputs, contractOutput } from '../../config/file/terraform-output';
import { contractFor, type ExportDefinition } from '../../contract/contract';
import { handoffFor } from '../../contract/handoff';
import { handoffOutput } from '../../contract/handoff-format';
import { AltrAuditLogExport } from '../../modules/altr-audit-log-export';
import { PROVIDER_VERSIONS } from '../../modules/stack/export-stack';
import { TERRAFORM_MODULE } from '../../modules/terraform-files';
import { inModuleWords, variablesOf } from '../modules/module-variables-of';
import { BOUNDARY, type Combination, GIVEN_KEY, MATRIX } from '../modules/option-matrix';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { terraform, terraformCliConfig } from './support/terraform';

const REGION = 'us-east-1';

const definitionOf = ({ name }: Combination): ExportDefinition => ({
  name,
  altrAccountId: '098765432109',
  clientId: `client-of-${name}`,
  bucket: `same-${name}-of-logs`,
  region: REGION,
  roleName: `ALTRPublishSIEMData-${name}`,
});

/** The module takes a provider of one region, and nothing of an existing bucket. */
const isOfModule = ({ options }: Combination) =>
  !options.existingBucketConfirmed && (!options.replication || options.replication.existingBucket === true);

const replica = (name: string) => ({
  bucket: `same-${name}-copy`,
  region: 'eu-west-1',
  existingBucket: true,
});
const KEY_THERE = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555';
const READERS = [
  { name: 'splunk', trustedPrincipals: ['210987654321'], externalId: 'splunk-cloud' },
  { name: 'sentinel', attachedTo: ['arn:aws:iam::123456789012:role/Sentinel*'] },
  { name: 'analysts', trustedPrincipals: ['arn:aws:iam::123456789012:role/Analyst', '210987654321'] },
];

/** Where options meet. */
const MEETINGS: readonly Combination[] = [
  {
    name: 'replicated-under-keys',
    options: {
      encryption: { type: 'kms', bucketKeys: false },
      retention: { objectLock: true, defaultRetention: { mode: 'COMPLIANCE', years: 2 } },
      bucketPolicy: { onlyReaders: ['arn:aws:iam::123456789012:role/Analyst*'] },
      replication: { ...replica('replicated-under-keys'), kmsKeyArn: KEY_THERE, replicateDeletes: true },
      readers: READERS,
    },
  },
  {
    name: 'copies-under-a-key',
    options: {
      replication: { ...replica('copies-under-a-key'), kmsKeyArn: KEY_THERE, storageClass: 'GLACIER_IR' },
    },
  },
  {
    name: 'a-reader-without-a-role',
    options: {
      encryption: { type: 'kms' },
      role: { permissionsBoundary: BOUNDARY },
      readers: [{ name: 'nobody' }, ...READERS.slice(1)],
    },
  },
  {
    name: 'under-a-given-key',
    options: {
      encryption: { type: 'kms', kmsKeyArn: GIVEN_KEY },
      readers: [...READERS, { name: 'nobody' }],
    },
  },
  {
    name: 'no-key-but-former-ones',
    options: {
      encryption: { type: 's3', formerKeys: [GIVEN_KEY, GIVEN_KEY.replace('key/1', 'key/2')] },
      retention: {
        versioning: true,
        noncurrentTransitions: [
          { afterDays: 30, storageClass: 'STANDARD_IA' },
          { afterDays: 60, storageClass: 'DEEP_ARCHIVE' },
        ],
      },
      readers: READERS,
    },
  },
  { name: 'keys-of-the-console', options: { encryption: { bucketKeys: true }, role: { exclusive: false } } },
  {
    name: 'names-that-are-too-long-for-roles-beside-it',
    options: {
      replication: replica('too-long'),
      readers: [{ name: 'the-analysts-of-the-second-floor', trustedPrincipals: ['210987654321'] }],
    },
  },
];
const COMBINATIONS = [...MATRIX.filter(isOfModule), ...MEETINGS];
/** What can be known only when the key is there. */
const APPLIED = COMBINATIONS.filter(({ name }) =>
  [
    'kms-made-settings',
    'kms-switched',
    'replicated-under-keys',
    'a-reader-without-a-role',
    'under-a-given-key',
  ].includes(name),
);

jest.setTimeout(400_000);

describeOnRealParts('the Terraform module and the construct', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-same-'));
  const emulators: Emulator[] = [];
  let cli: Readonly<Record<string, string>>;

  beforeAll(async () => {
    cli = { TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    emulators.push(...(await Promise.all([startEmulator(), startEmulator()])));
    cpSync(TERRAFORM_MODULE, join(folder, 'terraform'), { recursive: true });
  });

  /** In either account. */
  async function makeBuckets(combinations: readonly Combination[]): Promise<void> {
    const existing = combinations.filter(({ options }) => options.existingBucket);
    for (const { url: endpoint } of emulators) {
      const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
      const s3 = new S3Client({ endpoint, region: REGION, credentials, forcePathStyle: true });
      for (const combination of existing)
        await s3.send(new CreateBucketCommand({ Bucket: definitionOf(combination).bucket }));
    }
  }

  afterAll(async () => {
    await Promise.all(emulators.map((emulator) => emulator.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string, emulator: Emulator | undefined) => ({
    cwd: join(folder, name),
    env: { ...emulator?.env, ...cli },
  });

  async function modules(name: string, combinations: readonly Combination[]) {
    const place = at(name, emulators[0]);
    mkdirSync(place.cwd);
    const calls = combinations.map((combination) => [
      combination.name,
      { source: '../terraform', ...variablesOf(definitionOf(combination), combination.options) },
    ]);
    const provider = { aws: { region: REGION, s3_use_path_style: true } };
    const output = Object.fromEntries(
      combinations.map((combination) => [combination.name, { value: `\${module.${combination.name}}` }]),
    );
    writeFileSync(
      join(place.cwd, 'main.tf.json'),
      JSON.stringify({ provider, module: Object.fromEntries(calls), output }),
    );
    await terraform(['init', '-input=false', '-no-color'], place);
    return place;
  }

  async function constructs(name: string, combinations: readonly Combination[]) {
    const app = new App({ outdir: join(folder, 'cdktf.out'), skipValidation: true });
    const stack = new TerraformStack(app, name);
    const provider = { s3UsePathStyle: true };
    new AwsProvider(stack, 'aws', { region: REGION, ...provider });
    const replicaProvider = new AwsProvider(stack, 'replica', {
      alias: 'replica',
      region: 'eu-west-1',
      ...provider,
    });
    stack.addOverride('terraform.required_providers.aws.version', PROVIDER_VERSIONS);
    for (const combination of combinations) {
      const definition = definitionOf(combination);
      const made = new AltrAuditLogExport(stack, combination.name, {
        ...definition,
        ...combination.options,
        replicaProvider,
      });
      const { bucket, region } = definition;
      const handoff = handoffFor({ bucket, region, roleArn: made.role.arn, notes: made.notes() });
      new TerraformOutput(stack, `${combination.name}-handoff`, {
        value: { portal_handoff: handoffOutput(handoff) },
        staticId: true,
      });
    }
    app.synth();
    const place = at(join('cdktf.out', 'stacks', name), emulators[1]);
    await terraform(['init', '-input=false', '-no-color'], place);
    return place;
  }

  test('plan the same', async () => {
    await makeBuckets(COMBINATIONS);
    const places = await Promise.all([modules('planned', COMBINATIONS), constructs('planned', COMBINATIONS)]);
    const [ofModule, ofConstruct] = await Promise.all(
      places.map(async (place) => {
        await terraform(['plan', '-input=false', '-no-color', '-out=plan'], place);
        const { stdout } = await terraform(['show', '-json', 'plan'], place);
        const plan = JSON.parse(stdout) as Plan;
        return { resources: resourcesOf(plan.planned_values), outputs: plan.output_changes };
      }),
    );
    expect(Object.values(ofConstruct?.resources ?? {}).flat().length).toBeGreaterThan(
      COMBINATIONS.length * 8,
    );
    expect(ofModule?.resources).toEqual(ofConstruct?.resources);
    const declared = COMBINATIONS.map((combination) => {
      const definition = definitionOf(combination);
      const name = definition.roleName;
      const roleArn = `arn:aws:iam::123456789012:role/${name}`;
      return {
        // The module names the export after its role. The role's ARN is known after apply.
        found: configOf({ ...ofModule?.outputs[combination.name]?.after.altr_export, roleArn }),
        expected: configOf(
          contractOutput(contractFor({ ...definition, name }), roleArn, combination.options),
        ),
      };
    });
    expect(declared.map(({ found }) => found)).toEqual(declared.map(({ expected }) => expected));
  });

  test('make the same, with the keys that are made in every policy, and leave the same to others', async () => {
    const places = await Promise.all([modules('applied', APPLIED), constructs('applied', APPLIED)]);
    const [ofModule, ofConstruct] = await Promise.all(
      places.map(async (place) => {
        await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], place);
        const { stdout } = await terraform(['show', '-json'], place);
        const { values } = JSON.parse(stdout) as { values: Values };
        return { resources: resourcesOf(values), handoffs: handoffsOf(values) };
      }),
    );
    expect(ofModule?.resources).toEqual(ofConstruct?.resources);
    expect(ofModule?.handoffs).toEqual(ofConstruct?.handoffs);
    // A given key, a reader whom nobody knows; a former key; a boundary, and the roles that it bounds; Object Lock's default retention, the bucket and the key of the copies.
    expect(ofModule?.handoffs.flat().filter((line) => line.includes('Note:'))).toHaveLength(8);
  });
});

interface Plan {
  readonly planned_values: Values;
  readonly output_changes: Readonly<Record<string, { readonly after: { readonly altr_export?: object } }>>;
}

/** The export that an audit by this output is about, with all that it declares. */
function configOf(value: object) {
  const text = JSON.stringify({ [CONTRACT_OUTPUT]: { value } });
  const { config, notices } = configOfOutputs([{ file: 'outputs.json', text }]);
  return { ...config, exports: config.exports, notices };
}

interface Values {
  readonly root_module: Module;
  readonly outputs?: Readonly<Record<string, { readonly value: { readonly portal_handoff: string } }>>;
}
interface Module {
  readonly resources?: readonly { readonly mode: string; readonly type: string; readonly values?: object }[];
  readonly child_modules?: readonly Module[];
}

/**
 * The lines of each hand-off, in the module's words and in any order. Terraform writes the keys of JSON in its own order, and
 * the module leaves out what storage is charged for and not used.
 */
function handoffsOf({ outputs = {} }: Values): string[][] {
  return Object.entries(outputs)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { value }]) =>
      inModuleWords(value.portal_handoff)
        .split('\n')
        .filter((line) => !/ and S3 charges for \d+ days/.test(line))
        .map((line) => line.replace(/[[{].*[\]}]$/, (json) => JSON.stringify(sortedKeys(JSON.parse(json)))))
        .sort(),
    );
}

/** A policy document's list of one is the one, and in the others the order says nothing. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? sortedKeys(value[0]) : value.map(sortedKeys).sort();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortedKeys(inner)]));
}

/** What AWS makes up, so that it differs from one account to the other. */
const MADE_UP = ['id', 'unique_id', 'policy_id', 'create_date', 'creation_date', 'key_id'];

/** Every managed resource by its type, in the order of their values, with each key under the name of its description. */
function resourcesOf({ root_module: root }: Values): Record<string, unknown[]> {
  const all = within(root).filter(({ mode }) => mode === 'managed');
  const keys = all
    .filter(({ type }) => type === 'aws_kms_key')
    .map(({ values }) => values as Record<string, string>);
  const byType: Record<string, unknown[]> = {};
  // Terraform leaves out the values where none of them is known before the apply, as of an attachment.
  for (const { type, values = {} } of all) {
    const text = keys.reduce(
      (json, { key_id: id, description }) => (id ? json.replaceAll(id, `key of ${description}`) : json),
      // Terraform leaves the values out where it knows none before the apply.
      JSON.stringify(values ?? {}),
    );
    byType[type] = [...(byType[type] ?? []), said(JSON.parse(text))];
  }
  const sorted = Object.entries(byType).map(([type, list]) => [
    type,
    list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  ]);
  return Object.fromEntries(sorted);
}

function within({
  resources = [],
  child_modules: children = [],
}: Module): NonNullable<Module['resources']>[number][] {
  return [...resources, ...children.flatMap(within)];
}

/** Without what is empty or made up: no tags are the same as an empty map of them. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  // The provider sorts a statement's ARNs, and so by key IDs that AWS made up.
  if (typeof value === 'string' && value.startsWith('{"Statement"')) return sortedKeys(JSON.parse(value));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key]) => !MADE_UP.includes(key))
    .map(([key, entry]) => [key, said(entry)] as const)
    .filter(([, entry]) => !['null', '{}', '[]', '""'].includes(JSON.stringify(entry)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}
