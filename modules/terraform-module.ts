/**
 * The plain Terraform module, made from the construct itself: an export is synthesised with stand-ins for its values, and
 * each stand-in becomes the module's variable. So what the construct emits and what the module holds can't differ.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { CONTRACT_OUTPUT } from '../contract/contract-output';
import { handoffFor, PORTAL_REGION } from '../contract/handoff';
import { formatHandoff } from '../contract/handoff-format';
import { MODULE_VARIABLES, type ModuleVariable, type Validation } from '../contract/module-variables';
import { ExportStack, PROVIDER_VERSIONS } from './export-stack';

/** A value that the contract accepts, and what takes its place in the module. */
const STAND_INS = {
  name: 'stand-in-export',
  altrAccountId: '999999999901',
  clientId: 'stand-in-client',
  bucket: 'stand-in-bucket',
  region: PORTAL_REGION,
  roleName: 'ALTRPublishSIEMDataStandIn',
  forceDestroy: true,
  tags: { 'stand-in': 'stand-in' },
  role: {
    path: '/stand-in/',
    policyName: 'StandInPolicy',
    description: 'Stand-in description.',
    maxSessionHours: 11,
    permissionsBoundary: 'arn:aws:iam::999999999902:policy/stand-in',
  },
};

/** A reference of Terraform’s. */
const ref = (expression: string) => `\${${expression}}`;

const REGION = ref('data.aws_region.current.id');

/** In this order: a longer stand-in goes before one that it holds. */
const IN_TEXT: readonly (readonly [standIn: string, reference: string])[] = [
  [STAND_INS.role.permissionsBoundary, ref('var.permissions_boundary')],
  [STAND_INS.role.policyName, ref('coalesce(var.policy_name, var.role_name)')],
  [STAND_INS.role.description, ref('var.role_description')],
  [STAND_INS.role.path, ref('var.role_path')],
  [STAND_INS.roleName, ref('var.role_name')],
  [STAND_INS.bucket, ref('var.bucket')],
  [STAND_INS.clientId, ref('var.client_id')],
  [STAND_INS.altrAccountId, ref('var.altr_account_id')],
  // An export's name takes fewer characters than a role's.
  [STAND_INS.name, ref('replace(var.role_name, "/[^A-Za-z0-9_-]/", "-")')],
  ['arn:aws:', `arn:${ref('data.aws_partition.current.partition')}:`],
];

/** Every file of the module by its name. */
export function terraformModule(): Record<string, string> {
  return {
    'main.tf.json': `${JSON.stringify(mainFile(), null, 2)}\n`,
    'variables.tf': `${MODULE_VARIABLES.map(variableBlock).join('\n\n')}\n`,
    'versions.tf': versionsFile(),
    'README.md': readme(),
  };
}

interface StackJson {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly data: Record<string, unknown>;
  readonly output: Record<string, { value: unknown; description: string }>;
}

/** What the construct emits for the stand-ins. The rules of the audit have judged it. */
function synthesised(): unknown {
  const outdir = mkdtempSync(join(tmpdir(), 'altr-module-'));
  try {
    const stack = new ExportStack(new App({ outdir, skipValidation: true }), STAND_INS);
    const faults = stack.node.findAll().flatMap(({ node }) => node.validate());
    if (faults.length > 0) throw new Error(`the module would violate the contract: ${faults.join('; ')}`);
    return stack.toTerraform();
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function mainFile(): unknown {
  const { resource, data, output } = referring(synthesised()) as StackJson;
  for (const bucket of Object.values(resource.aws_s3_bucket ?? {}))
    bucket.force_destroy = ref('var.force_destroy');
  const roleArn = String(output.role_arn?.value);
  const handoff = (region: string) =>
    formatHandoff(handoffFor({ bucket: ref('var.bucket'), region, roleArn }));
  return {
    '//': 'Made by npm run build:terraform-module from the CDKTF construct. Change that, not this.',
    locals: { portal_handoff: handoff(PORTAL_REGION), portal_handoff_elsewhere: handoff(REGION) },
    data: { ...data, aws_partition: { current: {} }, aws_region: { current: {} } },
    resource,
    output: {
      ...output,
      bucket_region: { ...output.bucket_region, value: REGION },
      [CONTRACT_OUTPUT]: {
        ...output[CONTRACT_OUTPUT],
        value: { ...(output[CONTRACT_OUTPUT]?.value as object), region: REGION },
      },
      portal_handoff: {
        ...output.portal_handoff,
        value: ref(
          `data.aws_region.current.id == "${PORTAL_REGION}" ? local.portal_handoff : local.portal_handoff_elsewhere`,
        ),
      },
    },
  };
}

/** The same value with references in the place of stand-ins, and without cdktf's metadata. */
function referring(value: unknown): unknown {
  if (typeof value === 'string')
    return IN_TEXT.reduce((text, [from, to]) => text.replaceAll(from, to), value);
  if (value === STAND_INS.role.maxSessionHours * 3600) return ref('var.max_session_hours * 3600');
  if (Array.isArray(value)) return value.map(referring);
  if (typeof value !== 'object' || value === null) return value;
  if (JSON.stringify(value) === JSON.stringify(STAND_INS.tags)) return ref('var.tags');
  const entries = Object.entries(value).filter(([key]) => key !== '//');
  return Object.fromEntries(entries.map(([key, entry]) => [key, referring(entry)]));
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
      `  condition     = ${otherwise === null ? `var.${name} == null ? true : ` : ''}${condition(`var.${name}`, validation)}`,
      `  error_message = ${quoted(`${name} ${validation.message}.`)}`,
      '}',
    ].join('\n'),
  );
  const body = [...lines, ...blocks.flatMap((block) => ['', ...block.split('\n')])];
  return [`variable "${name}" {`, ...body.map((line) => (line === '' ? '' : `  ${line}`)), '}'].join('\n');
}

function condition(value: string, validation: Validation): string {
  if ('pattern' in validation) {
    const { pattern, caseless, refused } = validation;
    return `${refused ? '!' : ''}can(regex(${quoted(pattern)}, ${caseless ? `lower(${value})` : value}))`;
  }
  if ('lowest' in validation) {
    return `${value} >= ${validation.lowest} && ${value} <= ${validation.highest} && floor(${value}) == ${value}`;
  }
  return `length(${value}) >= ${validation.shortest} && length(${value}) <= ${validation.longest}`;
}

/** A string of HCL. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{');
}

function versionsFile(): string {
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

function readme(): string {
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
| \`${CONTRACT_OUTPUT}\` | What was deployed, for \`altr-export check --terraform-output\`. |

This folder is generated from the CDKTF construct of the ALTR audit-log export kit.
`;
}
