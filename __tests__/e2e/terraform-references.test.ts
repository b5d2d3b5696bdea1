/**
 * A plan's verdict is never milder than the state's after apply: random ways to refer to instances of roles, policies and modules,
 * in one configuration. Real Terraform, real provider.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { observePlan } from '../../checks/observe/terraform';
import type { FindingStatus } from '../../checks/verdict/finding';
import { judge } from '../../checks/verdict/judge';
import { contractFor } from '../../contract/contract';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { terraform, terraformCliConfig } from './support/terraform';

const RULES = ['permissions-action-scope', 'permissions-put-object', 'permissions-resource-scope'];

/** How the attachments are repeated, how many there are, and the indices that are possible then. */
const REPEATED = {
  variable: [
    'for_each = var.LABEL',
    [
      'each.key',
      'each.value',
      'each.value == "a" ? "b" : "a"',
      'var.LABEL[each.key]',
      'lookup(var.LABEL, var.LABEL[each.key], "b")',
      '"b"',
      '"${each.value}"',
      'var.LABEL_which',
      'var.LABEL_which == "a" ? "b" : "a"',
    ],
  ],
  literal: [
    'for_each = { VALUES }',
    ['each.key', 'each.value', 'upper(lower(each.value)) == "A" ? "a" : "b"'],
  ],
  objects: ['for_each = { for k, v in var.LABEL : k => { to = v } }', ['each.value.to', 'each.key']],
  flipped: ['for_each = { for k, v in var.LABEL : k => v == "a" ? "b" : "a" }', ['each.value', 'each.key']],
  objectsFlipped: [
    'for_each = { for k, v in var.LABEL : k => { to = v == "a" ? "b" : "a" } }',
    ['each.value.to', 'var.LABEL[each.value.to == "a" ? each.key : each.key]'],
  ],
  // What gives the instances of a resource one another's keys is a limit: docs/audit-a-terraform-plan.md.
  chained: ['for_each = { for k, v in POLICIES : k => v if k == "FIRST" }', ['each.value']],
  swapped: ['for_each = { for k, v in { VALUES } : k => v == "a" ? "b" : "a" }', ['each.key', 'each.value']],
  set: ['for_each = toset(keys(var.LABEL))', ['each.key', 'each.value', 'var.LABEL[each.value]']],
} as const;

interface SetUp {
  readonly repeated: keyof typeof REPEATED;
  readonly index: number;
  /** What each key leads to. */
  readonly values: Readonly<Record<string, string>>;
  /** The key of the policy that allows all of S3. */
  readonly loose: 'a' | 'b';
  readonly policies: 'resource' | 'module' | 'counted';
  readonly shift: 0 | 1;
  /** What counts, where policies are counted. */
  readonly by: 'count.index' | 'var.LABEL_number';
  /** What stands after the role's ID. */
  readonly suffix: '' | '-suffix';
}

const setUps: fc.Arbitrary<SetUp> = fc.record({
  repeated: fc.constantFrom(...(Object.keys(REPEATED) as (keyof typeof REPEATED)[])),
  index: fc.nat(20),
  values: fc.constantFrom<Record<string, string>>({ a: 'a' }, { a: 'b' }, { b: 'a' }, { a: 'b', b: 'a' }),
  loose: fc.constantFrom('a', 'b'),
  policies: fc.constantFrom('resource', 'module', 'counted'),
  shift: fc.constantFrom(0, 1),
  by: fc.constantFrom('count.index', 'var.LABEL_number'),
  suffix: fc.constantFrom('', '', '-suffix'),
});

const BY_KEY = {
  index: 0,
  values: { a: 'a' },
  policies: 'resource',
  shift: 0,
  by: 'count.index',
  suffix: '',
} as const;

/** Set-ups that a plan decides: with a plan that decides nothing, the property would hold of itself. */
const DECIDED: readonly SetUp[] = [
  { ...BY_KEY, repeated: 'variable', loose: 'a' },
  { ...BY_KEY, repeated: 'chained', loose: 'b' },
];

describeOnRealParts('references to instances', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-references-'));
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator();
  });

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('no rule passes by the plan that fails by the state', async () => {
    const seed = Number(process.env.FC_SEED ?? Date.now() % 1_000_000);
    const sampled = [...DECIDED, ...fc.sample(setUps, { numRuns: 6, seed })];
    mkdirSync(join(folder, 'policy'));
    writeFileSync(join(folder, 'policy', 'main.tf'), MODULE);
    writeFileSync(join(folder, 'main.tf'), PROVIDER + sampled.map(configurationOf).join(''));
    const env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig() };
    const run = (...args: string[]) => terraform(args, { cwd: folder, env });
    await run('init', '-input=false', '-no-color');
    await run('plan', '-input=false', '-no-color', '-out=first');
    const planned = statuses((await run('show', '-json', 'first')).stdout, sampled.length);
    await run('apply', '-input=false', '-no-color', 'first');
    const applied = statuses((await run('show', '-json')).stdout, sampled.length);
    const milder = sampled.flatMap((setUp, index) =>
      RULES.filter(
        (rule) =>
          applied[index]?.get(rule)?.includes('fail') &&
          !planned[index]?.get(rule)?.some((status) => status === 'fail' || status === 'unknown'),
      ).map((rule) => ({ seed, rule, setUp, configuration: configurationOf(setUp, index) })),
    );
    expect(milder).toEqual([]);
    for (const views of [planned, applied])
      expect(views.slice(0, 2).map((byRule) => byRule.get('permissions-action-scope'))).toEqual([
        ['fail'],
        ['pass'],
      ]);
  }, 180_000);
});

const PROVIDER = 'provider "aws" {\n  region            = "us-east-1"\n  s3_use_path_style = true\n}\n';

const MODULE = `
variable "name" { type = string }
variable "policy" { type = string }
resource "aws_iam_policy" "this" {
  name   = var.name
  policy = var.policy
}
output "arn" { value = aws_iam_policy.this.arn }
`;

function definition(index: number) {
  return {
    name: `export-${index}`,
    altrAccountId: '111122223333',
    clientId: 'the-client',
    // No name contains another, but for those that shall.
    bucket: `references-${index}-logs`,
    region: 'us-east-1',
    roleName: `ALTRPublishSIEMData-${index}-role`,
  };
}

function configurationOf(setUp: SetUp, index: number): string {
  const made = definition(index);
  const { trust, permissions } = contractFor(made);
  const label = `x${index}`;
  const text = (document: unknown) => JSON.stringify(JSON.stringify(document));
  const tight = text(permissions);
  const loose = text({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${made.bucket}/*` }],
  });
  const documents = `{ a = ${setUp.loose === 'a' ? loose : tight}, b = ${setUp.loose === 'b' ? loose : tight} }`;
  const values = Object.entries(setUp.values)
    .map(([key, value]) => `${key} = "${value}"`)
    .join(', ');
  const role = `"\${aws_iam_role.${label}.id}${setUp.suffix}"`;
  // Without a suffix there is no such role, so that the plan decides which role is meant.
  const other = `resource "aws_iam_role" "${label}_other" {
  name               = "${made.roleName}-suffix"
  assume_role_policy = ${text(trust)}
}`;
  return `
variable "${label}" {
  default = { ${values} }
}
variable "${label}_which" {
  default = "${Object.keys(setUp.values)[0]}"
}
variable "${label}_number" {
  default = 0
}
resource "aws_s3_bucket" "${label}" {
  bucket = "${made.bucket}"
}
resource "aws_iam_role" "${label}" {
  name               = "${made.roleName}"
  assume_role_policy = ${text(trust)}
}
${setUp.suffix ? other : ''}
${policiesOf(setUp, label, documents)}
resource "aws_iam_role_policy_attachment" "${label}" {
  ${attachmentsOf(setUp, label, values)}
  role       = ${setUp.suffix ? role : `aws_iam_role.${label}.id`}
  depends_on = [${setUp.suffix ? `aws_iam_role.${label}_other` : ''}]
}
`;
}

function policiesOf({ policies }: SetUp, label: string, documents: string): string {
  const policy = '{\n  for_each = DOCUMENTS\n'.replace('DOCUMENTS', documents);
  if (policies === 'module')
    return `module "${label}" ${policy}  source = "./policy"\n  name = "${label}-\${each.key}"\n  policy = each.value\n}`;
  if (policies === 'resource')
    return `resource "aws_iam_policy" "${label}" ${policy}  name = "${label}-\${each.key}"\n  policy = each.value\n}`;
  return `resource "aws_iam_policy" "${label}" {
  count  = 3
  name   = "${label}-\${count.index}"
  policy = values(${documents})[min(count.index, 1)]
}`;
}

function attachmentsOf(setUp: SetUp, label: string, values: string): string {
  const { policies, repeated, index, shift, by } = setUp;
  const of = `${policies === 'module' ? 'module' : 'aws_iam_policy'}.${label}`;
  const [repetition, indices] = REPEATED[repeated];
  const chosen = indices[index % indices.length] ?? '';
  const written =
    policies === 'counted'
      ? `count = ${2 - shift}\n  policy_arn = POLICIES[${by}${shift ? ' + 1' : ''}].arn`
      : `${repetition}\n  policy_arn = ${repeated === 'chained' ? chosen : `POLICIES[${chosen}]`}.arn`;
  return written
    .replaceAll('POLICIES', of)
    .replaceAll('LABEL', label)
    .replaceAll('FIRST', Object.keys(setUp.values)[0] ?? '')
    .replaceAll('VALUES', values);
}

function statuses(json: string, count: number): Map<string, FindingStatus[]>[] {
  const targets = Array.from({ length: count }, (_, index) => definition(index));
  const reports = judge(observePlan(json, 'the file', targets), {
    contracts: targets.map((target) => contractFor(target)),
    declaredRoles: [],
  });
  return reports.map(({ findings }) => {
    const byRule = new Map<string, FindingStatus[]>();
    for (const { rule, status } of findings) byRule.set(rule, [...(byRule.get(rule) ?? []), status]);
    return byRule;
  });
}
