/** The Terraform module has what the config has: its variables say, default to and accept the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CONTRACT_OUTPUT } from '../../config/file/terraform-output';
import { exportOptionsSchema } from '../../config/options';
import { KEY_DELETION_WINDOW_DAYS } from '../../config/options/encryption';
import { STORAGE_CLASSES, TRANSITION_CLASSES } from '../../config/options/storage-classes';
import { exportSchema } from '../../config/schema';
import { KEY_ARN, PRINCIPAL_PATTERN, TRUSTED_PRINCIPAL } from '../../contract/arn';
import { EXPORT_NAME } from '../../contract/name-limits';
import { ROLE_NAME_PREFIX } from '../../contract/names';
import { REGION } from '../../contract/partition';
import { PROVIDER_VERSIONS } from '../../modules/stack/export-stack';
import {
  type ModuleVariable,
  moduleBlocks,
  moduleLocals,
  moduleOutputs,
  modulePreconditions,
  moduleVariables,
  TERRAFORM_MODULE,
} from '../../modules/terraform-files';
import { inModuleWords, OPTIONS, snakeCase } from './module-variables-of';

const VARIABLES = moduleVariables();
const byName = new Map(VARIABLES.map((variable) => [variable.name, variable]));
const read = (name: string) => readFileSync(join(TERRAFORM_MODULE, name), 'utf8');
const FILES = [
  'main',
  'bucket',
  'role',
  'key',
  'retention',
  'replication',
  'readers',
  'declared',
  'handoff',
  'outputs',
];
const made = FILES.map((name) => read(`${name}.tf`)).join('\n');

test('has neither a provider nor a backend of its own, and is for no one partition', () => {
  const types = new Set(moduleBlocks().map(({ type }) => type));
  expect([...types].sort()).toEqual(['data', 'locals', 'output', 'resource', 'terraform', 'variable']);
  const terraform = moduleBlocks().filter(({ type }) => type === 'terraform');
  expect(terraform.map(({ blocks }) => blocks.map(({ type }) => type))).toEqual([['required_providers']]);
  expect(made).not.toMatch(/arn:aws[:-]/);
});

test('takes the same versions of the provider as the stacks', () => {
  expect(read('versions.tf')).toContain(`version = "${PROVIDER_VERSIONS}"`);
});

test('speaks of its variables, and never of the options of the config', () => {
  const texts = [made, read('variables.tf'), read('README.md')].join('\n');
  expect(texts).not.toMatch(
    /\b(encryption|retention|bucketPolicy|accessLogging|replication|role)\.[a-z]+[A-Z]/,
  );
});

test('the README names every file', () => {
  const files = readdirSync(TERRAFORM_MODULE).filter((name) => name.endsWith('.tf'));
  const named = [...read('README.md').matchAll(/^\| `(\w+\.tf)`/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(
    files.filter((name) => !['variables.tf', 'outputs.tf', 'versions.tf'].includes(name)).sort(),
  );
});

test('has the output of a stack for the audit, and what a root module needs', () => {
  expect(Object.keys(moduleOutputs())).toEqual(
    expect.arrayContaining([
      CONTRACT_OUTPUT,
      'role_arn',
      'role_name',
      'policy_arn',
      'bucket_name',
      'bucket_arn',
      'bucket_region',
      'portal_handoff',
      'kms_key_arn',
      'key_policy_statements',
      'reader_policy_arns',
      'reader_role_arns',
    ]),
  );
  for (const description of Object.values(moduleOutputs())) expect(description).not.toBe('');
});

test('uses every variable and every local, and documents every variable and output', () => {
  const readme = read('README.md');
  for (const { name, description } of VARIABLES) {
    expect(made).toMatch(new RegExp(`\\bvar\\.${name}\\b`));
    expect(readme).toContain(`| \`${name}\` |`);
    expect(description).not.toBe('');
  }
  for (const name of Object.keys(moduleLocals())) expect(made).toMatch(new RegExp(`\\blocal\\.${name}\\b`));
  for (const name of Object.keys(moduleOutputs())) expect(readme).toContain(`| \`${name}\` |`);
});

test('allows the moves between storage classes that the config allows', () => {
  const rows = [
    ...read('retention.tf').matchAll(
      /^ {4}(\w+) += \{ minimum_age = (\d+), minimum_stay = (\d+), moves_to = (\[.*\]) \}$/gm,
    ),
  ];
  const classes = rows.map(([, name, age, stay, moves]) => [
    name,
    { fewestDaysBefore: Number(age), leastDays: Number(stay), movesTo: JSON.parse(moves ?? '') },
  ]);
  // Two moves can't be on one day.
  const expected = TRANSITION_CLASSES.map((name) => [
    name,
    { ...STORAGE_CLASSES[name], leastDays: Math.max(STORAGE_CLASSES[name].leastDays, 1) },
  ]);
  expect(Object.fromEntries(classes)).toEqual(Object.fromEntries(expected));
});

/** Options of the config that no variable stands for, and why. */
const NOT_IN_THE_MODULE: Readonly<Record<string, string>> = {
  existingBucketConfirmed: 'An existing bucket is left as it is.',
  preventDestroy: 'Terraform takes no variable there.',
  'replication.existingBucket':
    'Always: the module has a provider of one region, so the bucket of copies is there already.',
  'replication.accessLogging': 'For the same reason nothing of that bucket is touched.',
};

/** Variables that are no option of how an export is provisioned. */
const OF_THE_EXPORT = ['altr_account_id', 'client_id', 'bucket', 'role_name', 'partition_confirmed'];

test('has a variable for every option of the config, or says why not', () => {
  const inVariables = new Set(Object.values(OPTIONS));
  const missing = leaves(ROOT).filter(
    (option) =>
      !inVariables.has(option) && !Object.keys(NOT_IN_THE_MODULE).some((name) => option.startsWith(name)),
  );
  expect(missing).toEqual([]);
  expect(VARIABLES.map(({ name }) => name).sort()).toEqual(
    [...OF_THE_EXPORT, ...Object.keys(OPTIONS)].sort(),
  );
});

interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
}

const ROOT = z.toJSONSchema(exportOptionsSchema, { io: 'input', target: 'draft-7' }) as Node;

/** Options that have none below them. */
function leaves({ properties = {} }: Node): string[] {
  return Object.entries(properties).flatMap(([key, node]) =>
    node.properties ? leaves(node).map((below) => `${key}.${below}`) : [key],
  );
}

const CASES = Object.entries(OPTIONS).map(([name, option]) => {
  const node = option.split('.').reduce<Node | undefined>((parent, key) => parent?.properties?.[key], ROOT);
  return [name, option, node ?? {}] as const;
});

const variable = (name: string): ModuleVariable => {
  const found = byName.get(name);
  if (!found) throw new Error(`there is no variable ${name}`);
  return found;
};

/** Variables that do less than the option, so that they say something else. */
const OWN_DESCRIPTIONS: Readonly<Record<string, string>> = {
  replication_bucket: 'The module has a provider of one region, so the bucket is there already.',
  existing_bucket: 'There is no existingBucketConfirmed.',
  tags: 'There are no defaultTags.',
};

test.each(CASES.filter(([name]) => !(name in OWN_DESCRIPTIONS)))(
  '%s is described as %s is',
  (name, _, node) => {
    expect(variable(name).description).toBe(inModuleWords(node.description ?? ''));
  },
);

test.each([
  ['client_id', exportSchema.in.shape.clientId],
  ['bucket', exportSchema.in.shape.bucket],
])('%s is described as in the config', (name, schema) => {
  expect(variable(name).description).toBe(schema.description);
});

/** Where the config has no default and Terraform has a better one than null. */
const OWN_DEFAULTS: Readonly<Record<string, string>> = {
  existing_bucket: 'false',
  force_destroy: 'false',
  tags: '{}',
  readers: '[]',
};

test.each(CASES)('%s has the default and the type of %s', (name, _, node) => {
  const { default: text, type, nullable } = variable(name);
  expect(text).toBe(OWN_DEFAULTS[name] ?? JSON.stringify(node.default ?? null));
  expect(nullable).toBe(text === 'null');
  expect(words(type)).toBe(words(name === 'tags' ? 'map(string)' : typeOf(node)));
});

test.each(['altr_account_id', 'client_id', 'bucket', 'role_name'])('%s is required', (name) => {
  expect(variable(name)).toMatchObject({ default: undefined, nullable: false, type: 'string' });
});

const words = (text: string) => text.replaceAll(/[\s,]+/g, '');

function typeOf({ type, items, properties, required = [] }: Node): string {
  if (type === 'array' && items) return `list(${typeOf(items)})`;
  if (type === 'object' && properties) {
    const attributes = Object.entries(properties).map(
      ([key, node]) =>
        `${snakeCase(key)} = ${required.includes(key) ? typeOf(node) : `optional(${typeOf(node)})`}`,
    );
    return `object({ ${attributes.join(', ')} })`;
  }
  return { boolean: 'bool', integer: 'number' }[type ?? ''] ?? 'string';
}

/** What the schema limits: the sentence of the refusal, and what its condition must hold. */
interface Limit {
  readonly message: string;
  readonly holds: readonly string[];
}

/** Texts that the config judges by one regular expression, which Terraform reads alike. */
const PATTERNS: Readonly<Record<string, string>> = {
  'encryption.kmsKeyArn': KEY_ARN,
  'encryption.formerKeys[]': KEY_ARN,
  'encryption.keyAdministrators[]': PRINCIPAL_PATTERN,
  'bucketPolicy.onlyReaders[]': PRINCIPAL_PATTERN,
  'replication.region': REGION,
  'replication.kmsKeyArn': KEY_ARN,
  'readers[].name': EXPORT_NAME,
  'readers[].trustedPrincipals[]': TRUSTED_PRINCIPAL,
  'readers[].attachedTo[]': PRINCIPAL_PATTERN,
};

/** Texts that are judged as a variable is on which an end-to-end test has Terraform judge made-up names. */
const JUDGED_AS: Readonly<Record<string, string>> = {
  'accessLogging.bucket': 'bucket',
  'replication.bucket': 'bucket',
  'replication.roleName': 'policy_name',
  'readers[].externalId': 'client_id',
  'readers[].roleName': 'policy_name',
};

/** Judged in another way, each by a test of its own. */
const OTHERWISE = ['encryption.keyAlias', 'readers', 'tags'];

function limitsOf(node: Node, option: string, place: string): Limit[] {
  const { type, items, properties, minimum, maximum, minItems, maxLength } = node;
  const limit = (message: string, ...holds: string[]): Limit[] => [
    { message: `${place} ${message}.`, holds },
  ];
  if (type === 'array' && items) {
    return [
      ...(minItems ? limit('must name at least one', `>= ${minItems}`) : []),
      ...limitsOf(items, `${option}[]`, `${place}[*]`),
    ];
  }
  if (type === 'object' && properties)
    return Object.entries(properties).flatMap(([key, child]) =>
      limitsOf(child, `${option}.${key}`, `${place}.${snakeCase(key)}`),
    );
  if (minimum !== undefined && maximum !== undefined)
    return limit(
      `must be a whole number from ${minimum} to ${maximum}`,
      `>= ${minimum} `,
      `<= ${maximum} `,
      'floor(',
    );
  const values = node.enum ?? (node.const === undefined ? undefined : [node.const]);
  if (values) return limit(`must be ${values.join(' or ')}`, JSON.stringify(values).replaceAll(',', ', '));
  if (maxLength !== undefined) return limit(`must have at most ${maxLength} characters`, `<= ${maxLength}`);
  return [];
}

const OPTION_CASES = CASES.filter(([, option]) => !option.startsWith('role.') || option === 'role.exclusive');

test.each(OPTION_CASES)('%s has the limits of %s', (name, option, node) => {
  const { validations } = variable(name);
  for (const { message, holds } of limitsOf(node, option, name)) {
    const found = validations.find((validation) => validation.message === message);
    expect({ message, condition: found?.condition }).toEqual({ message, condition: expect.any(String) });
    for (const part of holds) expect(`${found?.condition} `).toContain(part);
  }
});

/** Every option that is a text, those in lists included, with the place in the variable. */
function textsOf(node: Node, option: string, place: string): (readonly [string, string])[] {
  const { type, items, properties } = node;
  if (type === 'array' && items) return textsOf(items, `${option}[]`, `${place}[*]`);
  if (type === 'object' && properties)
    return Object.entries(properties).flatMap(([key, child]) =>
      textsOf(child, `${option}.${key}`, `${place}.${snakeCase(key)}`),
    );
  return type === 'string' && !node.enum && !node.const && node.maxLength === undefined
    ? [[option, place]]
    : [];
}

const TEXTS = OPTION_CASES.flatMap(([name, option, node]) => textsOf(node, option, name));

test.each(TEXTS.filter(([option]) => !OTHERWISE.includes(option)))(
  '%s is judged alike at %s',
  (option, place) => {
    const { validations } = variable(/^\w+/.exec(place)?.[0] ?? '');
    const own = validations.filter(({ message }) => message.startsWith(`${place} `));
    expect(own.length).toBeGreaterThan(0);
    const pattern = PATTERNS[option];
    if (pattern !== undefined) {
      expect(own.map(({ condition }) => condition).join('\n')).toContain(
        `regex(${JSON.stringify(pattern)}, `,
      );
      return;
    }
    const like = variable(JUDGED_AS[option] ?? `nothing for ${option}`);
    const subject = place.includes('[*].') ? place.replace(/^.*\[\*\]/, 'reader') : `var.${place}`;
    const alike = like.validations.map(({ condition }) => plain(condition, `var.${like.name}`));
    // The end of what is asked of a client ID is that it is none of ALTR's event IDs, which is for the vendor alone.
    const asked = like.name === 'client_id' ? alike.slice(0, 2) : alike;
    const limit = (text: string) => text.replace('<= 128', '<= 64');
    expect(own.map(({ condition }) => plain(condition, subject))).toEqual(
      like.name === 'policy_name' ? asked.map(limit) : asked,
    );
  },
);

/** A condition about TEXT, without what lets null and every element of a list through. */
function plain(condition: string, subject: string): string {
  return condition
    .replace(/^alltrue\(\[for \w+ in var\.\w+ : (.*)\]\)$/, '$1')
    .replaceAll(subject, 'TEXT')
    .replace(/^TEXT == null (\? true :|\|\|) /, '');
}

test('knows the vendor’s prefix of the role’s name, and the default of the key’s deletion window', () => {
  const refusals = modulePreconditions().filter(({ message }) => message.includes(ROLE_NAME_PREFIX));
  expect(refusals.map(({ condition }) => condition.includes(`"${ROLE_NAME_PREFIX}"`))).toEqual([true]);
  expect(variable('role_name').validations.map(({ condition }) => condition)).toContain(
    `can(regex("^${ROLE_NAME_PREFIX}", var.role_name))`,
  );
  expect(read('key.tf')).toContain(`coalesce(var.key_deletion_window_days, ${KEY_DELETION_WINDOW_DAYS})`);
});
