/** The Terraform module keeps to what OpenTofu has had since its first release, 1.6, which began as Terraform 1.5. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HclBlock, readHcl } from '../../modules/read-hcl';
import { TERRAFORM_MODULE } from '../../modules/terraform-files';

/** Terraform has `ephemeral`, `action`, `list` and others beside these; OpenTofu has them later or never. */
const TOP_LEVEL = ['data', 'locals', 'module', 'output', 'provider', 'resource', 'terraform', 'variable'];
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  // Not `ephemeral`, `deprecated` or `const`.
  variable: ['type', 'description', 'default', 'nullable', 'sensitive'],
  output: ['value', 'description', 'sensitive', 'depends_on'],
  // Not `action_trigger`, or OpenTofu's own `enabled`.
  lifecycle: ['create_before_destroy', 'ignore_changes', 'prevent_destroy', 'replace_triggered_by'],
};
const LIFECYCLE_BLOCKS = ['precondition', 'postcondition'];
/** Functions that came after, and the namespace of those that providers bring. */
const LATER_FUNCTIONS = /\b(?:ephemeralasnull|issensitive|templatestring)\s*\(|\bprovider::/;

/** What a module may not be written with, each as it is spelled. */
function beyond(text: string): string[] {
  const within = (block: HclBlock): string[] => {
    const allowed = ARGUMENTS[block.type];
    const names = Object.keys(block.attributes);
    return [
      ...(allowed ? names.filter((name) => !allowed.includes(name)) : []),
      ...names.filter((name) => /_wo(?:_version)?$/.test(name)),
      ...(block.type === 'lifecycle' ? block.blocks : [])
        .map(({ type }) => type)
        .filter((type) => !LIFECYCLE_BLOCKS.includes(type)),
      ...Object.values(block.attributes).flatMap((expression) => LATER_FUNCTIONS.exec(expression)?.[0] ?? []),
      ...block.blocks.flatMap(within),
    ];
  };
  const blocks = readHcl(text);
  return [
    ...blocks.map(({ type }) => type).filter((type) => !TOP_LEVEL.includes(type)),
    ...blocks.flatMap(within),
  ];
}

const files = (readdirSync(TERRAFORM_MODULE, { recursive: true, encoding: 'utf8' }) as string[]).filter(
  (name) => name.endsWith('.tf'),
);

test('there are files to read, in the examples too', () => {
  expect(files).toEqual(expect.arrayContaining(['main.tf', join('examples', 'complete', 'main.tf')]));
});

test.each(files)('%s is written with what OpenTofu has', (name) => {
  expect(beyond(readFileSync(join(TERRAFORM_MODULE, name), 'utf8'))).toEqual([]);
});

test.each([
  ['ephemeral "aws_secretsmanager_secret_version" "key" {\n}\n', 'ephemeral'],
  ['action "aws_lambda_invoke" "told" {\n}\n', 'action'],
  ['variable "secret" {\n  ephemeral = true\n}\n', 'ephemeral'],
  ['resource "aws_ssm_parameter" "key" {\n  value_wo = "x"\n}\n', 'value_wo'],
  [
    'resource "aws_s3_bucket" "logs" {\n  lifecycle {\n    action_trigger {\n    }\n  }\n}\n',
    'action_trigger',
  ],
  ['locals {\n  text = templatestring(var.text, {})\n}\n', 'templatestring('],
])('notices %j', (text, found) => {
  expect(beyond(text)).toEqual([found]);
});

test('the version that the module asks for is one that OpenTofu has reached', () => {
  const [terraform] = readHcl(readFileSync(join(TERRAFORM_MODULE, 'versions.tf'), 'utf8'));
  expect(terraform?.attributes.required_version).toBe('">= 1.3"');
});
