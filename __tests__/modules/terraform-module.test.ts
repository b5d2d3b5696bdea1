/** The plain Terraform module: made from the construct, with variables that accept what the contract accepts. */
import fc from 'fast-check';
import * as z from 'zod';
import { exportOptionsSchema } from '../../config/options';
import {
  accountIdFaults,
  bucketNameFaults,
  clientIdFaults,
  iamPathFaults,
  policyNameFaults,
  roleNameFaults,
  vendorRoleNameFaults,
} from '../../contract/names';
import type { Validation } from '../../modules/module-variable';
import { MODULE_VARIABLES } from '../../modules/module-variables';
import { terraformModule } from '../../modules/terraform-module';
import { optionNames } from './module-variables-of';

const files = terraformModule();

test('has no stand-in left, and neither a provider nor a backend of its own', () => {
  const text = Object.values(files).join('\n');
  expect(text).not.toMatch(/stand-?in|9999999999|8001|36499|7001/i);
  // Messages may show an example.
  expect(files['main.tf.json']).not.toMatch(/arn:aws:/);
  const main = JSON.parse(files['main.tf.json'] ?? '') as Record<string, unknown>;
  expect(Object.keys(main).sort()).toEqual(['//', 'data', 'locals', 'output', 'resource']);
});

test('speaks of its variables, and never of the options of the config', () => {
  const texts = [files['main.tf.json'], files['variables.tf'], files['README.md']].join('\n');
  expect(texts).not.toMatch(
    /\b(encryption|retention|bucketPolicy|accessLogging|replication|role)\.[a-z]+[A-Z]/,
  );
});

/** Options of the config that no variable stands for, and why. */
const NOT_IN_THE_MODULE: Readonly<Record<string, string>> = {
  existingBucketConfirmed: 'An existing bucket is left as it is.',
  preventDestroy: 'Terraform takes no variable there.',
  'replication.existingBucket':
    'Always: the module has a provider of one region, so the bucket of copies is there already.',
  'replication.accessLogging': 'For the same reason nothing of that bucket is touched.',
};

test('has a variable for every option of the config, or says why not', () => {
  const root = z.toJSONSchema(exportOptionsSchema, { io: 'input' }) as Node;
  const inVariables = new Set(optionNames());
  const missing = leaves(root).filter(
    (option) =>
      !inVariables.has(option) && !Object.keys(NOT_IN_THE_MODULE).some((name) => option.startsWith(name)),
  );
  expect(missing).toEqual([]);
});

interface Node {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Node>>;
}

/** Options that have none below them. */
function leaves({ properties = {} }: Node): string[] {
  return Object.entries(properties).flatMap(([key, node]) =>
    node.properties ? leaves(node).map((below) => `${key}.${below}`) : [key],
  );
}

test('uses every variable, and documents it', () => {
  for (const { name, description } of MODULE_VARIABLES) {
    expect(files['main.tf.json']).toMatch(new RegExp(`\\bvar\\.${name}\\b`));
    expect(files['README.md']).toContain(`| \`${name}\` |`);
    expect(description).not.toBe('');
  }
});

/** As Terraform would decide. */
function accepts(validations: readonly Validation[], value: string): boolean {
  return validations.every((validation) => {
    if ('pattern' in validation) {
      const { pattern, caseless, refused } = validation;
      return new RegExp(pattern).test(caseless ? value.toLowerCase() : value) !== (refused === true);
    }
    if ('shortest' in validation)
      return value.length >= validation.shortest && value.length <= validation.longest;
    throw new Error('not a validation of text');
  });
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

const VALIDATORS: readonly [
  name: string,
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

test.each(VALIDATORS)(
  '%s accepts what the contract accepts, and nothing else',
  (name, faultsOf, examples) => {
    const validations = MODULE_VARIABLES.find((variable) => variable.name === name)?.validations ?? [];
    let accepted = 0;
    fc.assert(
      fc.property(examples, (text) => {
        const valid = faultsOf(text).length === 0;
        if (valid) accepted++;
        return accepts(validations, text) === valid;
      }),
      { numRuns: 1000 },
    );
    // Where nothing was accepted, nothing was compared.
    expect(accepted).toBeGreaterThan(0);
  },
);
