/** When the plain Terraform module makes what: resources, and parts of them, of the export that has every option. */
import {
  ADMINISTRATOR,
  ONLY_READER,
  READER_ROLE,
  REPLICATION_ROLE,
  ref,
  TRUSTED_ACCOUNT,
  template,
} from './module-stand-ins';

const MAKES_KEY = 'local.makes_key';
const HAS_KEY = 'local.has_key';
const REPLICATES = 'local.replicates';
const MAKES_BUCKET = '!var.existing_bucket';
const EACH_READER = { forEach: 'local.readers' };
const EACH_READER_ROLE = { forEach: 'local.reader_roles' };

/** How often a resource or data source is made. */
export type Times = { readonly when: string } | { readonly forEach: string };

const DOCUMENT = 'data.aws_iam_policy_document';

/** By address. What is not here is always made. */
export const TIMES: Readonly<Record<string, Times>> = {
  'aws_iam_role_policies_exclusive.export_policy_no_inline': { when: 'var.exclusive' },
  'aws_iam_role_policy_attachments_exclusive.export_policy_nothing_else_attached': { when: 'var.exclusive' },
  'aws_kms_key.export_key': { when: MAKES_KEY },
  [`${DOCUMENT}.export_key_policy`]: { when: MAKES_KEY },
  'aws_kms_alias.export_key_alias': { when: `${MAKES_KEY} && var.key_alias != null` },
  [`${DOCUMENT}.export_given_key_statements`]: { when: 'var.kms_key_arn != null' },
  'data.aws_s3_bucket.export_existing_bucket': { when: 'var.existing_bucket' },
  'aws_s3_bucket.export_bucket': { when: MAKES_BUCKET },
  'aws_s3_bucket_public_access_block.export_bucket_public_access_block': { when: MAKES_BUCKET },
  'aws_s3_bucket_ownership_controls.export_bucket_ownership': { when: MAKES_BUCKET },
  'aws_s3_bucket_server_side_encryption_configuration.export_bucket_encryption': { when: MAKES_BUCKET },
  'aws_s3_bucket_versioning.export_bucket_versioning': { when: 'local.versioned' },
  'aws_s3_bucket_object_lock_configuration.export_bucket_object_lock': {
    when: `${MAKES_BUCKET} && var.object_lock == true`,
  },
  'aws_s3_bucket_lifecycle_configuration.export_lifecycle': { when: 'local.has_lifecycle' },
  'aws_s3_bucket_logging.export_access_logging': {
    when: `${MAKES_BUCKET} && var.access_log_bucket != null`,
  },
  'aws_s3_bucket_policy.export_bucket_policy': { when: 'local.has_bucket_policy' },
  [`${DOCUMENT}.export_bucket_policy_document`]: { when: 'local.has_bucket_policy' },
  'aws_iam_role.export_replication_role': { when: REPLICATES },
  'aws_iam_role_policy.export_replication_policy': { when: REPLICATES },
  [`${DOCUMENT}.export_replication_trust`]: { when: REPLICATES },
  [`${DOCUMENT}.export_replication_permissions`]: { when: REPLICATES },
  'aws_s3_bucket_replication_configuration.export_replication_configuration': { when: REPLICATES },
  'aws_iam_policy.export_reader_policy': EACH_READER,
  [`${DOCUMENT}.export_reader_permissions`]: EACH_READER,
  'aws_iam_role.export_reader_role': EACH_READER_ROLE,
  [`${DOCUMENT}.export_reader_trust`]: EACH_READER_ROLE,
  'aws_iam_role_policy_attachment.export_reader_attachment': EACH_READER_ROLE,
};

/**
 * Of a part: when it is there, or for what it is repeated, or what it is. A scalar that is not there is what it is without
 * options.
 */
export type Part = { readonly when: string } | { readonly each: string } | { readonly value: string };

const READERS_KNOWN = { when: 'local.readers_known' };
const statement = (document: string, sid: string) => `${DOCUMENT}.${document}:statement.${sid}`;
const CONFIGURATION = 'aws_s3_bucket_replication_configuration.export_replication_configuration:rule.0';
const ENCRYPTION = 'aws_s3_bucket_server_side_encryption_configuration.export_bucket_encryption:rule.0';
const LIFECYCLE = 'aws_s3_bucket_lifecycle_configuration.export_lifecycle:rule.0';

/** By address and path: statements go by their Sid, conditions by their key, elements of lists by themselves. */
export const PARTS: Readonly<Record<string, Part>> = {
  [statement('export_policy_permissions', 'ALTRKey')]: { when: HAS_KEY },
  [`${ENCRYPTION}.apply_server_side_encryption_by_default.sse_algorithm`]: { when: HAS_KEY },
  [`${ENCRYPTION}.bucket_key_enabled`]: {
    value: `var.bucket_keys != null ? var.bucket_keys : ${HAS_KEY} ? true : null`,
  },
  [`${statement('export_key_policy', 'KeyAdministration')}.condition.aws:PrincipalArn`]: {
    when: 'var.key_administrators != null',
  },
  [`${statement('export_key_policy', 'ReadersDecryptThroughS3')}.condition.aws:PrincipalArn`]: READERS_KNOWN,
  [statement('export_key_policy', 'ReplicationDecryptsThroughS3')]: { when: REPLICATES },
  [statement('export_given_key_statements', 'ReadersDecryptThroughS3')]: {
    when: 'var.only_readers != null || anytrue(local.known)',
  },
  [statement('export_given_key_statements', 'ReplicationDecryptsThroughS3')]: { when: REPLICATES },
  [statement('export_bucket_policy_document', 'DenyWithoutTls')]: { when: 'var.require_tls == true' },
  [statement('export_bucket_policy_document', 'DenyOldTls')]: { when: 'var.minimum_tls_version != null' },
  [statement('export_bucket_policy_document', 'DenyOtherReaders')]: { when: 'var.only_readers != null' },
  'aws_s3_bucket_object_lock_configuration.export_bucket_object_lock:rule': {
    when: 'var.default_retention_mode != null',
  },
  [`${LIFECYCLE}.transition.0`]: { each: 'var.transitions == null ? [] : var.transitions' },
  [`${LIFECYCLE}.expiration.0`]: { when: 'var.expire_after_days != null' },
  [`${LIFECYCLE}.noncurrent_version_expiration.0`]: { when: 'var.noncurrent_expire_after_days != null' },
  [`${LIFECYCLE}.abort_incomplete_multipart_upload.0`]: {
    when: 'var.abort_incomplete_uploads_after_days != null',
  },
  [`${statement('export_replication_permissions', 'ReadVersions')}.actions.s3:GetObjectRetention`]: {
    when: 'var.object_lock == true',
  },
  [`${statement('export_replication_permissions', 'ReadVersions')}.actions.s3:GetObjectLegalHold`]: {
    when: 'var.object_lock == true',
  },
  [`${statement('export_replication_permissions', 'WriteCopies')}.actions.s3:ReplicateDelete`]: {
    when: 'var.replicate_deletes',
  },
  [statement('export_replication_permissions', 'DecryptOriginals')]: { when: HAS_KEY },
  [statement('export_replication_permissions', 'EncryptCopies')]: {
    when: 'var.replication_kms_key_arn != null',
  },
  [`${CONFIGURATION}.delete_marker_replication.status`]: { when: 'var.replicate_deletes' },
  [`${CONFIGURATION}.source_selection_criteria`]: {
    when: `${HAS_KEY} || var.replication_kms_key_arn != null`,
  },
  [`${CONFIGURATION}.destination.encryption_configuration`]: { when: 'var.replication_kms_key_arn != null' },
  [statement('export_reader_permissions', 'DecryptLogs')]: { when: HAS_KEY },
  [`${statement('export_reader_trust', '0')}.condition.sts:ExternalId`]: {
    when: 'each.value.external_id != null',
  },
};

/** Elements of lists in whose place several come, or none: each an expression of a list. */
export const SPLICES: readonly (readonly [
  is: (element: string) => boolean,
  expression: (element: string) => string,
])[] = [
  [
    (element) => element === ADMINISTRATOR,
    () => 'var.key_administrators == null ? [] : var.key_administrators',
  ],
  [(element) => element === ONLY_READER, () => 'var.only_readers == null ? [] : var.only_readers'],
  [
    (element) => element.endsWith(`/${READER_ROLE}`),
    (element) =>
      `flatten([for reader in var.readers : reader.trusted_principals != null ? tolist([${template(element.replace(READER_ROLE, ref('local.readers[reader.name].full_name')))}]) : reader.attached_to != null ? reader.attached_to : tolist([])])`,
  ],
  [
    (element) => element.endsWith(`/${REPLICATION_ROLE}`),
    (element) => `${REPLICATES} ? [${template(element)}] : []`,
  ],
  [
    (element) => element.includes(TRUSTED_ACCOUNT),
    (element) =>
      `[for text in each.value.trusted_principals : can(regex("^[0-9]{12}$", text)) ? ${template(element.replace(TRUSTED_ACCOUNT, ref('text')))} : text]`,
  ],
];
