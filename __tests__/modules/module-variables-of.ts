/** From options of the construct to variables of the Terraform module, and back. */
import type { ExportOptionsInput } from '../../config/options';
import type { ExportDefinition } from '../../contract/contract';
import { type ModuleVariable, moduleVariables } from '../../modules/terraform-files';

export type Variables = Readonly<Record<string, unknown>>;

/** Which option of the config a variable is. */
const OPTION_OF_VARIABLE: Readonly<Record<string, string>> = {
  encryption_type: 'encryption.type',
  kms_key_arn: 'encryption.kmsKeyArn',
  bucket_keys: 'encryption.bucketKeys',
  former_key_arns: 'encryption.formerKeys',
  key_administrators: 'encryption.keyAdministrators',
  key_deletion_window_days: 'encryption.keyDeletionWindowDays',
  key_alias: 'encryption.keyAlias',
  versioning: 'retention.versioning',
  transitions: 'retention.transitions',
  noncurrent_transitions: 'retention.noncurrentTransitions',
  expire_after_days: 'retention.expireAfterDays',
  noncurrent_expire_after_days: 'retention.noncurrentExpireAfterDays',
  abort_incomplete_uploads_after_days: 'retention.abortIncompleteUploadsAfterDays',
  object_lock: 'retention.objectLock',
  default_retention_mode: 'retention.defaultRetention.mode',
  default_retention_days: 'retention.defaultRetention.days',
  default_retention_years: 'retention.defaultRetention.years',
  require_tls: 'bucketPolicy.requireTls',
  minimum_tls_version: 'bucketPolicy.minimumTlsVersion',
  only_readers: 'bucketPolicy.onlyReaders',
  access_log_bucket: 'accessLogging.bucket',
  access_log_prefix: 'accessLogging.prefix',
  replication_bucket: 'replication.bucket',
  replication_region: 'replication.region',
  replication_kms_key_arn: 'replication.kmsKeyArn',
  replication_storage_class: 'replication.storageClass',
  replicate_deletes: 'replication.replicateDeletes',
  replication_role_name: 'replication.roleName',
  readers: 'readers',
  exclusive: 'role.exclusive',
};

/** Which variable an option is, beside those that are options of the same kind. */
const OTHER_OPTIONS: Readonly<Record<string, string>> = {
  role_path: 'role.path',
  role_description: 'role.description',
  max_session_hours: 'role.maxSessionHours',
  permissions_boundary: 'role.permissionsBoundary',
  policy_name: 'role.policyName',
  existing_bucket: 'existingBucket',
  force_destroy: 'forceDestroy',
  tags: 'tags',
};
/** The option of the config for each variable. */
export const OPTIONS: Readonly<Record<string, string>> = { ...OTHER_OPTIONS, ...OPTION_OF_VARIABLE };

/** The module's variables for an export. @throws Error where the module has no variable for an option */
export function variablesOf(definition: ExportDefinition, options: ExportOptionsInput): Variables {
  const left = structuredClone(options) as Record<string, unknown>;
  if (options.replication?.existingBucket)
    Reflect.deleteProperty(left.replication as object, 'existingBucket');
  const variables = Object.entries(OPTIONS).flatMap(([name, option]) => {
    const value = take(left, option.split('.'));
    return value === undefined ? [] : [[name, inSnakeCase(value)]];
  });
  if (JSON.stringify(left) !== '{}')
    throw new Error(`the module has no variable for ${JSON.stringify(left)}`);
  const { altrAccountId, clientId, bucket, roleName } = definition;
  return {
    altr_account_id: altrAccountId,
    client_id: clientId,
    bucket,
    role_name: roleName,
    ...Object.fromEntries(variables),
  };
}

/** The default of each variable; `null` for a required one. */
export function defaultsOf(variables: readonly ModuleVariable[]): Variables {
  return Object.fromEntries(
    variables.map(({ name, default: text }) => [name, text === undefined ? null : JSON.parse(text)]),
  );
}

const DEFAULTS = defaultsOf(moduleVariables());

/** The options that variables stand for. What is null or as by default is left out. */
export function optionsOf(variables: Variables): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, otherwise] of Object.entries(DEFAULTS)) {
    const option = OPTIONS[name];
    const value = variables[name];
    if (option === undefined || value === undefined || JSON.stringify(value) === JSON.stringify(otherwise))
      continue;
    put(options, option.split('.'), inCamelCase(value));
  }
  const { replication } = options;
  if (typeof replication === 'object') options.replication = { ...replication, existingBucket: true };
  return options;
}

function take(value: Record<string, unknown>, [key = '', ...more]: readonly string[]): unknown {
  const inner = value[key];
  const taken =
    more.length === 0 || inner === undefined ? inner : take(inner as Record<string, unknown>, more);
  if (more.length === 0 || JSON.stringify(inner) === '{}') Reflect.deleteProperty(value, key);
  return taken;
}

function put(target: Record<string, unknown>, [key = '', ...more]: readonly string[], value: unknown): void {
  if (more.length === 0) {
    target[key] = value;
    return;
  }
  target[key] ??= {};
  put(target[key] as Record<string, unknown>, more, value);
}

/** Keys of the objects in lists; those of tags stay as they are. */
function inSnakeCase(value: unknown): unknown {
  return inLists(value, snakeCase);
}

function inCamelCase(value: unknown): unknown {
  return inLists(value, (key) => key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
}

function inLists(value: unknown, rename: (key: string) => string): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((entry) =>
    typeof entry === 'object' && entry !== null
      ? Object.fromEntries(
          Object.entries(entry as object).flatMap(([key, inner]) =>
            inner === null ? [] : [[rename(key), inner]],
          ),
        )
      : entry,
  );
}

/** A text about options, with the variables in their place. */
export function inModuleWords(text: string): string {
  const byLength = Object.entries(OPTION_OF_VARIABLE).sort(([, a], [, b]) => b.length - a.length);
  return byLength
    .reduce((words, [variable, option]) => {
      const last = option.split('.').at(-1) ?? option;
      // A bare word that is everyday English, such as `name`, is left alone.
      const named = /[A-Z]/.test(last)
        ? `(?:${option.replaceAll('.', '\\.')}|(?<![.\\w])${last})`
        : option.replaceAll('.', '\\.');
      return option === 'readers'
        ? words
        : words.replaceAll(new RegExp(`${named}(?!\\.?\\w)`, 'g'), variable);
    }, text)
    .replaceAll('trustedPrincipals', 'trusted_principals')
    .replaceAll('attachedTo', 'attached_to')
    .replaceAll('role.permissionsBoundary', 'permissions_boundary')
    .replaceAll('retention.defaultRetention', 'default_retention_mode')
    .replaceAll(/(?<!\w)type kms/g, 'encryption_type kms');
}

export function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
