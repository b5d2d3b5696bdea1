/** The files of the plain Terraform module that people read: its variables and its README. */
import { CONTRACT_OUTPUT } from '../config/file/terraform-output';
import type { ModuleVariable, Step, Validation } from './module-variable';
import { MODULE_VARIABLES } from './module-variables';
import { PROVIDER_VERSIONS } from './stack/export-stack';

/** `variables.tf`. */
export function variablesFile(): string {
  return `${MODULE_VARIABLES.map(variableBlock).join('\n\n')}\n`;
}

function variableBlock({ name, type, description, default: otherwise, validations }: ModuleVariable): string {
  const lines = [`description = ${quoted(description)}`, `type        = ${type}`];
  if (otherwise !== undefined)
    lines.push(
      `default     = ${typeof otherwise === 'string' ? quoted(otherwise) : JSON.stringify(otherwise)}`,
    );
  if (otherwise !== null) lines.push('nullable    = false');
  const blocks = validations.map((validation) =>
    [
      'validation {',
      `  condition     = ${conditionOf({ name, default: otherwise }, validation)}`,
      `  error_message = ${quoted(`${placeOf(name, validation.at)} ${validation.message}.`)}`,
      '}',
    ].join('\n'),
  );
  const body = [...lines, ...blocks.flatMap((block) => ['', ...block.split('\n')])];
  return [`variable "${name}" {`, ...body.map((line) => (line === '' ? '' : `  ${line}`)), '}'].join('\n');
}

/** The condition of a variable, as an expression of Terraform's. */
export function conditionOf(
  {
    name,
    default: otherwise,
  }: Pick<ModuleVariable, 'name'> & { readonly default?: ModuleVariable['default'] | undefined },
  validation: Validation,
): string {
  const value = `var.${name}`;
  return `${otherwise === null ? `${value} == null ? true : ` : ''}${within(value, validation.at ?? [], validation)}`;
}

/** The condition of what is found by some steps. */
function within(value: string, [next, ...more]: readonly Step[], validation: Validation): string {
  if (!next) return condition(value, validation);
  if ('attribute' in next) {
    const inner = `${value}.${next.attribute}`;
    return `${next.nullable ? `${inner} == null ? true : ` : ''}${within(inner, more, validation)}`;
  }
  const elements = { element: value, key: `keys(${value})`, value: `values(${value})` }[next.each];
  const each = `entry${more.length}`;
  return `alltrue([for ${each} in ${elements} : ${within(each, more, validation)}])`;
}

/** For example `readers[*].external_id`. */
function placeOf(name: string, at: readonly Step[] = []): string {
  return at.reduce((place, next) => `${place}${'attribute' in next ? `.${next.attribute}` : '[*]'}`, name);
}

function condition(value: string, validation: Validation): string {
  if ('pattern' in validation) {
    const { pattern, caseless, refused } = validation;
    return `${refused ? '!' : ''}can(regex(${quoted(pattern)}, ${caseless ? `lower(${value})` : value}))`;
  }
  if ('oneOf' in validation) return `contains([${validation.oneOf.map(quoted).join(', ')}], ${value})`;
  if ('fewest' in validation) return `length(${value}) >= ${validation.fewest}`;
  if ('most' in validation) return `length(${value}) <= ${validation.most}`;
  if ('lowest' in validation) {
    return `${value} >= ${validation.lowest} && ${value} <= ${validation.highest} && floor(${value}) == ${value}`;
  }
  return `length(${value}) >= ${validation.shortest} && length(${value}) <= ${validation.longest}`;
}

/** A string of HCL. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{');
}

/** `versions.tf`. */
export function versionsFile(): string {
  return `terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "${PROVIDER_VERSIONS}"
    }
  }
}
`;
}

/** Outputs that a stack of the construct has not. */
export const OWN_OUTPUTS = {
  kms_key_arn: 'ARN of the key that the bucket encrypts with, made or given; null without one.',
  key_policy_statements:
    'What the policy of the key kms_key_arn must hold, unless it leaves the key to the account’s IAM policies: a policy document. Null without a given key.',
  reader_policy_arns: 'ARN of each reader’s policy, by the reader’s name.',
  reader_role_arns: 'ARN of each reader’s role, by the reader’s name; none where nobody may assume one.',
} as const;

/** `README.md`. */
export function readmeFile(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = MODULE_VARIABLES.map(({ name, type, description, default: otherwise }) => {
    const shown = otherwise === undefined ? 'required' : `\`${JSON.stringify(otherwise)}\``;
    return `| \`${name}\` | \`${type}\` | ${shown} | ${cell(description)} |`;
  });
  return `# ALTR audit-log export

The bucket that ALTR writes a customer's audit logs to, the role that only ALTR's account may assume with the customer's client
ID, and the policy by which it puts objects into the bucket and does nothing else.

\`\`\`hcl
module "altr_export" {
  source = "./terraform" # this folder

  altr_account_id = "111122223333"
  client_id       = "1c42465e-4bf2-4e83-90d6-f6fbcac03634"
  bucket          = "acme-altr-audit-logs"
  role_name       = "ALTRPublishSIEMDataAcmeProd"
}

output "portal_handoff" {
  value = module.altr_export.portal_handoff
}
\`\`\`

The bucket is in the region of the provider, which the module takes from you.

| variable | type | default | what it is |
|---|---|---|---|
${rows.join('\n')}

| output | what it is |
|---|---|
| \`role_arn\` | ARN of the role that ALTR assumes. |
| \`bucket_name\`, \`bucket_region\` | The bucket that ALTR writes to. |
| \`portal_handoff\` | What to enter in ALTR’s portal. |
${Object.entries(OWN_OUTPUTS)
  .map(([name, description]) => `| \`${name}\` | ${cell(description)} |`)
  .join('\n')}
| \`${CONTRACT_OUTPUT}\` | What was deployed, for \`altr-export check --terraform-output\`. |

This folder is generated from the CDKTF construct of the ALTR audit-log export kit.
`;
}
