/**
 * What the Terraform module refuses of variables that are right each for itself: the faults of `provisioning-faults.ts` as
 * Terraform can say them. An end-to-end test has Terraform judge made-up variables by them, and compares with those faults.
 */

import { STORAGE_CLASSES } from '../config/options/storage-classes';
import { ROLE_NAME_PREFIX } from '../contract/names';
import { REGION_PREFIXES } from '../contract/partition';

export interface Precondition {
  /** An expression of Terraform's, of variables and of the data sources that say where the provider is. */
  readonly condition: string;
  /** A whole sentence without its full stop. */
  readonly message: string;
}

const PARTITION = 'data.aws_partition.current.partition';
const REGION = 'data.aws_region.current.id';
const ACCOUNT = 'data.aws_caller_identity.export_account.account_id';

const list = (name: string) => `(var.${name} == null ? [] : var.${name})`;
const TRANSITIONS = list('transitions');
const BEFORE = `${TRANSITIONS}[max(index - 1, 0)]`;
/** A table of the storage classes. */
const classes = (of: (name: keyof typeof STORAGE_CLASSES) => unknown) =>
  JSON.stringify(
    Object.fromEntries(
      Object.keys(STORAGE_CLASSES).map((name) => [name, of(name as keyof typeof STORAGE_CLASSES)]),
    ),
  );
const FEWEST_DAYS = classes((name) => STORAGE_CLASSES[name].fewestDaysBefore);
const LEAST_DAYS = classes((name) => Math.max(STORAGE_CLASSES[name].leastDays, 1));
const WAYS = classes((name) => STORAGE_CLASSES[name].movesTo.join(' '));
const LOCKED_DAYS =
  '(var.default_retention_days != null ? var.default_retention_days : var.default_retention_years != null ? var.default_retention_years * 365 : 0)';
const REPLICA_PARTITION = `try([for entry in ${JSON.stringify(REGION_PREFIXES)} : entry[1] if startswith(var.replication_region, entry[0])][0], "aws")`;
/** Of each trusted principal of each reader: it, and for an ARN its parts. */
const everyPrincipal = (judge: string) =>
  `alltrue(flatten([for reader in var.readers : [for text in (reader.trusted_principals == null ? [] : reader.trusted_principals) : ${judge}]]))`;

/** Whether no two of a list of names, where they are given, are the same for IAM. */
const differ = (names: string) => {
  const given = `[for name in ${names} : lower(name) if name != null]`;
  return `length(distinct(${given})) == length(${given})`;
};

const part = (name: string, index: number) => `split(":", var.${name})[${index}]`;
/** A key is in the partition and account of the export, and in one region. */
const keyPlace = (name: string, region: string): Precondition[] => [
  {
    condition: `var.${name} == null ? true : ${part(name, 1)} == ${PARTITION} && ${part(name, 4)} == ${ACCOUNT}`,
    message: `${name} must be a key of the account and the partition that the provider is for`,
  },
  {
    condition: `var.${name} == null ? true : ${part(name, 3)} == ${region}`,
    message: `${name} must be a key of the bucket’s own region, which is all that S3 takes`,
  },
];

const absent = (...names: readonly string[]) => names.map((name) => `var.${name} == null`).join(' && ');
const OF_ITS_OWNER = 'Terraform would replace what the bucket’s owner has set';
/** What can't be asked for of a bucket that somebody else owns: when it is not, and why. */
const OF_EXISTING: readonly (readonly [option: string, without: string, because: string])[] = [
  [
    'require_tls, minimum_tls_version or only_readers',
    absent('require_tls', 'minimum_tls_version', 'only_readers'),
    OF_ITS_OWNER,
  ],
  [
    'transitions or days after which logs go',
    absent(
      'transitions',
      'expire_after_days',
      'noncurrent_expire_after_days',
      'abort_incomplete_uploads_after_days',
    ),
    OF_ITS_OWNER,
  ],
  ['replication_bucket', absent('replication_bucket'), OF_ITS_OWNER],
  [
    'encryption_type kms without kms_key_arn',
    'var.encryption_type != "kms" || var.kms_key_arn != null',
    OF_ITS_OWNER,
  ],
  ['versioning', 'var.versioning != true', OF_ITS_OWNER],
  ['access_log_bucket', absent('access_log_bucket'), OF_ITS_OWNER],
  ['object_lock', 'var.object_lock != true', 'the bucket’s owner must switch it on'],
  ['bucket_keys', absent('bucket_keys'), 'nothing of an existing bucket’s encryption is touched'],
  ['force_destroy', '!var.force_destroy', 'the bucket is never destroyed from here'],
];

export const MODULE_PRECONDITIONS: readonly Precondition[] = [
  ...OF_EXISTING.map(([option, without, because]) => ({
    condition: `!var.existing_bucket || (${without})`,
    message: `existing_bucket can’t go with ${option}: ${because}`,
  })),
  {
    condition: `${PARTITION} == "aws" || var.partition_confirmed`,
    message:
      'The provider’s region is outside the partition aws, and a role can’t be assumed across partitions: ask ALTR whether it has an account there, give that account, and set partition_confirmed to true',
  },
  {
    condition: 'var.kms_key_arn == null || var.encryption_type == "kms"',
    message:
      'kms_key_arn can’t go with encryption_type s3: S3’s own keys take no key of yours; set encryption_type to kms',
  },
  ...['key_administrators', 'key_deletion_window_days', 'key_alias'].map((name) => ({
    condition: `var.${name} == null || (var.encryption_type == "kms" && var.kms_key_arn == null)`,
    message: `${name} is a setting of a key that is made: it needs encryption_type kms, and can’t go with kms_key_arn`,
  })),
  ...keyPlace('kms_key_arn', REGION),
  {
    condition: `var.permissions_boundary == null ? true : ${part('permissions_boundary', 1)} == ${PARTITION} && contains([${ACCOUNT}, "aws"], ${part('permissions_boundary', 4)})`,
    message:
      'permissions_boundary must be a policy of AWS’s, or of the account and the partition that the provider is for',
  },
  ...['key_administrators', 'only_readers'].map((name) => ({
    condition: `alltrue([for text in ${list(name)} : split(":", text)[1] == ${PARTITION}])`,
    message: `${name} must be in the provider’s partition`,
  })),
  {
    condition: 'var.object_lock != true || var.versioning != false',
    message: 'object_lock can’t go with versioning false: S3 locks versions',
  },
  {
    condition: 'var.default_retention_mode == null || var.object_lock == true',
    message: 'default_retention_mode needs object_lock: without it nothing is locked',
  },
  {
    condition:
      'var.default_retention_mode == null ? var.default_retention_days == null && var.default_retention_years == null : (var.default_retention_days == null) != (var.default_retention_years == null)',
    message:
      'default_retention_mode needs either default_retention_days or default_retention_years, and neither goes without it',
  },
  {
    condition:
      'var.noncurrent_expire_after_days == null || var.versioning == true || var.object_lock == true || var.replication_bucket != null',
    message: 'noncurrent_expire_after_days needs versioning: without it there are no former versions',
  },
  {
    condition: `var.expire_after_days == null ? true : var.expire_after_days >= ${LOCKED_DAYS}`,
    message: 'expire_after_days can’t be sooner than the end of the default retention, which locks logs',
  },
  {
    condition: `alltrue([for entry in ${TRANSITIONS} : entry.after_days >= lookup(${FEWEST_DAYS}, entry.storage_class, 0)])`,
    message: 'transitions move logs too early: S3 wants 30 days before STANDARD_IA and ONEZONE_IA',
  },
  {
    condition: `alltrue([for entry in ${TRANSITIONS} : var.expire_after_days == null ? true : var.expire_after_days > entry.after_days])`,
    message: 'transitions must come before expire_after_days: logs would be deleted before they are moved',
  },
  {
    condition: `alltrue([for index, entry in ${TRANSITIONS} : index == 0 ? true : contains(split(" ", lookup(${WAYS}, ${BEFORE}.storage_class, "")), entry.storage_class)])`,
    message:
      'transitions must go from each class to one that S3 moves objects to from there, in the order of the list',
  },
  {
    condition: `alltrue([for index, entry in ${TRANSITIONS} : index == 0 ? true : ${BEFORE}.after_days + lookup(${LEAST_DAYS}, ${BEFORE}.storage_class, 1) <= entry.after_days])`,
    message:
      'transitions must leave logs in each class for its least duration, and a day at least, before the next one',
  },
  {
    condition: 'var.access_log_bucket != var.bucket',
    message: 'access_log_bucket can’t be bucket: every log of an access would be logged itself, without end',
  },
  {
    condition: 'var.access_log_bucket != null || var.access_log_prefix == ""',
    message: 'access_log_prefix needs access_log_bucket',
  },
  {
    condition: '(var.replication_bucket == null) == (var.replication_region == null)',
    message: 'replication_bucket and replication_region need each other',
  },
  {
    condition:
      'var.replication_bucket != null || (var.replication_kms_key_arn == null && var.replication_storage_class == null && var.replication_role_name == null && !var.replicate_deletes)',
    message:
      'replication_kms_key_arn, replication_storage_class, replication_role_name and replicate_deletes need replication_bucket',
  },
  {
    condition: 'var.replication_bucket == null || var.versioning != false',
    message: 'replication_bucket can’t go with versioning false: S3 replicates buckets with versioning only',
  },
  {
    condition:
      'var.replication_bucket == null || var.encryption_type != "kms" || var.replication_kms_key_arn != null',
    message:
      'replication_bucket can’t go with encryption_type kms alone: copies under a KMS key need one in their own region: give replication_kms_key_arn',
  },
  {
    condition: 'var.access_log_bucket == null || var.access_log_bucket != var.replication_bucket',
    message:
      'access_log_bucket can’t be replication_bucket: S3 logs accesses to a bucket in the region of the export’s only',
  },
  {
    condition: 'var.replication_bucket != var.bucket',
    message: 'replication_bucket must be another one than bucket',
  },
  {
    condition: `var.replication_region == null ? true : var.replication_region != ${REGION} && ${REPLICA_PARTITION} == ${PARTITION}`,
    message: 'replication_region must be another region than the provider’s, in the same partition',
  },
  ...keyPlace('replication_kms_key_arn', 'var.replication_region'),
  {
    condition: 'length(distinct([for reader in var.readers : lower(reader.name)])) == length(var.readers)',
    message: 'readers must have a name each',
  },
  {
    condition: differ(
      'concat([for reader in var.readers : reader.role_name if reader.trusted_principals != null], [var.replication_role_name])',
    ),
    message: 'role_name of readers and replication_role_name must differ: each is the name of a role',
  },
  {
    condition: differ('concat([for reader in var.readers : reader.role_name], [var.policy_name])'),
    message: 'role_name of readers and policy_name must differ: each is the name of a policy',
  },
  {
    condition:
      'alltrue([for reader in var.readers : reader.external_id == null || reader.trusted_principals != null])',
    message:
      'readers with external_id need trusted_principals: without them no role is made that could demand it',
  },
  {
    condition:
      'alltrue([for reader in var.readers : reader.attached_to == null || reader.trusted_principals == null])',
    message:
      'readers with attached_to can’t have trusted_principals: the role that is made has the policy already',
  },
  {
    condition:
      'var.only_readers == null || alltrue([for reader in var.readers : reader.attached_to != null || reader.trusted_principals != null])',
    message:
      'readers need trusted_principals or attached_to beside only_readers: no role is made that the bucket’s policy could let through',
  },
  {
    condition: `alltrue(flatten([for reader in var.readers : [for text in (reader.attached_to == null ? [] : reader.attached_to) : split(":", text)[1] == ${PARTITION} && split(":", text)[4] == ${ACCOUNT}]]))`,
    message:
      'readers must name in attached_to who is in the account and the partition that the provider is for',
  },
  {
    condition: everyPrincipal(
      'text != var.altr_account_id && try(split(":", text)[4], "") != var.altr_account_id',
    ),
    message: 'readers can’t trust ALTR’s account: ALTR may write logs, and not read them',
  },
  {
    condition: everyPrincipal(`try(split(":", text)[1], ${PARTITION}) == ${PARTITION}`),
    message: 'readers must trust principals of the provider’s partition',
  },
  {
    condition: `alltrue([for name in concat([for reader in var.readers : reader.role_name], [var.replication_role_name]) : name == null ? true : !startswith(name, "${ROLE_NAME_PREFIX}")])`,
    message: `role_name of readers and replication_role_name can’t begin with ${ROLE_NAME_PREFIX}: that prefix is for the role that ALTR assumes`,
  },
];
