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
    ['each.key', 'each.value', 'var.LABEL[each.key]', '"b"', '"${each.value}"'],
  ],
  literal: [
    'for_each = { VALUES }',
    ['each.key', 'each.value', 'upper(lower(each.value)) == "A" ? "a" : "b"'],
  ],
  objects: ['for_each = { for k, v in var.LABEL : k => { to = v } }', ['each.value.to', 'each.key']],
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
  suffix: fc.constantFrom('', '', '-suffix'),
});

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
    const sampled = fc.sample(setUps, { numRuns: 6, seed });
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
    expect(applied.some((statuses) => statuses.get('permissions-action-scope')?.includes('fail'))).toBe(true);
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
  return `
variable "${label}" {
  default = { ${values} }
}
resource "aws_s3_bucket" "${label}" {
  bucket = "${made.bucket}"
}
resource "aws_iam_role" "${label}" {
  name               = "${made.roleName}"
  assume_role_policy = ${text(trust)}
}
resource "aws_iam_role" "${label}_other" {
  name               = "${made.roleName}-suffix"
  assume_role_policy = ${text(trust)}
}
${policiesOf(setUp, label, documents)}
resource "aws_iam_role_policy_attachment" "${label}" {
  ${attachmentsOf(setUp, label, values)}
  role       = ${setUp.suffix ? role : `aws_iam_role.${label}.id`}
  depends_on = [aws_iam_role.${label}_other]
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

function attachmentsOf({ policies, repeated, index, shift }: SetUp, label: string, values: string): string {
  if (policies === 'counted')
    return `count = ${2 - shift}\n  policy_arn = aws_iam_policy.${label}[count.index${shift ? ' + 1' : ''}].arn`;
  const [repetition, indices] = REPEATED[repeated];
  const chosen = indices[index % indices.length] ?? '';
  const of = policies === 'module' ? 'module' : 'aws_iam_policy';
  return `${repetition}\n  policy_arn = ${of}.${label}[${chosen}].arn`
    .replaceAll('LABEL', label)
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
