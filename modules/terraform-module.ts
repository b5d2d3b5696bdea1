/**
 * The plain Terraform module, made from the construct itself: exports are synthesised with stand-ins for their values, each
 * stand-in becomes the module's variable, and what only an option makes becomes conditional. So what the construct emits and
 * what the module holds can't differ.
 */
import { CONTRACT_OUTPUT } from '../config/file/terraform-output';
import { handoffFor, PORTAL_REGION } from '../contract/handoff';
import { formatHandoff } from '../contract/handoff-format';
import { NAME_HASH_LENGTH, ROLE_NAME_LENGTH } from '../contract/name-limits';
import { conditionalTerraform } from './conditional-terraform';
import { notesExpression } from './module-notes';
import { MODULE_PRECONDITIONS } from './module-preconditions';
import {
  DERIVED_NAMES,
  EVERYTHING,
  LITTLE,
  NOTHING,
  REGION,
  ref,
  referring,
  type StackJson,
  synthesised,
} from './module-stand-ins';
import { OWN_OUTPUTS, readmeFile, variablesFile, versionsFile } from './module-text';

/** Every file of the module by its name. */
export function terraformModule(): Record<string, string> {
  return {
    'main.tf.json': `${JSON.stringify(mainFile(), null, 2)}\n`,
    'variables.tf': variablesFile(),
    'versions.tf': versionsFile(),
    'README.md': readmeFile(),
  };
}

/** As `boundedName` makes it. @param text a template of Terraform's */
function bounded(text: string): string {
  const kept = ROLE_NAME_LENGTH - NAME_HASH_LENGTH - 1;
  return `length("${text}") <= ${ROLE_NAME_LENGTH} ? "${text}" : "\${substr("${text}", 0, ${kept})}-\${substr(sha256("${text}"), 0, ${NAME_HASH_LENGTH})}"`;
}

const orNull = (options: readonly string[]) => options.map((name) => `var.${name} != null`).join(' || ');

const LOCALS = {
  has_key: 'var.encryption_type == "kms"',
  makes_key: 'local.has_key && var.kms_key_arn == null',
  key_arn: 'var.kms_key_arn != null ? var.kms_key_arn : one(aws_kms_key.export_key[*].arn)',
  // Where an existing bucket is given as well, the preconditions say so, and nothing else should.
  replicates: '!var.existing_bucket && var.replication_bucket != null',
  versioned:
    '!var.existing_bucket && (var.versioning == true || var.object_lock == true || local.replicates)',
  has_lifecycle: `!var.existing_bucket && (${orNull([
    'transitions',
    'expire_after_days',
    'noncurrent_expire_after_days',
    'abort_incomplete_uploads_after_days',
  ])})`,
  has_bucket_policy: `!var.existing_bucket && (var.require_tls == true || ${orNull(['minimum_tls_version', 'only_readers'])})`,
  replication_role: `var.replication_role_name != null ? var.replication_role_name : ${bounded(DERIVED_NAMES.replication)}`,
  readers: `{ for reader in var.readers : reader.name => merge(reader, { full_name = reader.role_name != null ? reader.role_name : ${bounded(DERIVED_NAMES.reader)} }) }`,
  reader_roles: '{ for name, reader in local.readers : name => reader if reader.trusted_principals != null }',
  other_roles:
    'concat(local.replicates ? [local.replication_role] : [], [for reader in var.readers : local.readers[reader.name].full_name if reader.trusted_principals != null])',
  known: '[for reader in var.readers : reader.trusted_principals != null || reader.attached_to != null]',
  // Where one is not known, the account's IAM policies say who decrypts.
  readers_known: 'alltrue(local.known) && (length(var.readers) > 0 || var.only_readers != null)',
};

function mainFile(): unknown {
  const nothing = synthesised(NOTHING);
  const { data, resource } = conditionalTerraform(EVERYTHING.map(synthesised), synthesised(LITTLE), nothing);
  const output = withReferences(nothing.output) as StackJson['output'];
  for (const bucket of Object.values(resource.aws_s3_bucket ?? {}))
    bucket.force_destroy = ref('var.force_destroy');
  for (const role of [resource.aws_iam_role?.export_role ?? {}]) {
    const precondition = MODULE_PRECONDITIONS.map(({ condition, message }) => ({
      condition: ref(condition),
      error_message: `${message}.`,
    }));
    role.lifecycle = { precondition };
  }
  const roleArn = String(output.role_arn?.value);
  const handoff = (region: string) =>
    formatHandoff(handoffFor({ bucket: ref('var.bucket'), region, roleArn, notes: ['NOTE'] })).replace(
      /\n(.*)NOTE$/,
      (_, before: string) => ref(`join("", [for note in local.notes : "\\n${before}${ref('note')}"])`),
    );
  const locals = Object.fromEntries(
    Object.entries(LOCALS).map(([name, expression]) => [name, ref(expression)]),
  );
  return {
    '//': 'Made by npm run build:terraform-module from the CDKTF construct. Change that, not this.',
    locals: {
      ...locals,
      notes: ref(notesExpression()),
      portal_handoff: handoff(PORTAL_REGION),
      portal_handoff_elsewhere: handoff(REGION),
    },
    data: { ...data, aws_partition: { current: {} }, aws_region: { current: {} } },
    resource,
    output: {
      ...output,
      // Of what is made or read, so that whoever uses it waits for it.
      bucket_name: {
        ...output.bucket_name,
        value: ref(
          'one(concat(aws_s3_bucket.export_bucket[*].bucket, data.aws_s3_bucket.export_existing_bucket[*].bucket))',
        ),
      },
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
      kms_key_arn: { value: ref('local.key_arn'), description: OWN_OUTPUTS.kms_key_arn },
      key_policy_statements: {
        value: ref('one(data.aws_iam_policy_document.export_given_key_statements[*].json)'),
        description: OWN_OUTPUTS.key_policy_statements,
      },
      reader_policy_arns: {
        value: ref('{ for name, policy in aws_iam_policy.export_reader_policy : name => policy.arn }'),
        description: OWN_OUTPUTS.reader_policy_arns,
      },
      reader_role_arns: {
        value: ref('{ for name, role in aws_iam_role.export_reader_role : name => role.arn }'),
        description: OWN_OUTPUTS.reader_role_arns,
      },
    },
  };
}

function withReferences(value: unknown): unknown {
  if (typeof value === 'string') return referring(value);
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withReferences(entry)]));
}
