/**
 * The variables of the Terraform module for what `ExportOptionsInput` has as options: name, type, description, default and
 * limits come from the config's schema. They are flat, since Terraform drops a misspelt key of an object without a word.
 */
import * as z from 'zod';
import { exportOptionsSchema } from '../config/options';
import { KEY_ARN, PRINCIPAL_PATTERN, TRUSTED_PRINCIPAL } from '../contract/arn';
import { EXPORT_NAME, ROLE_NAME_LENGTH } from '../contract/name-limits';
import { REGION } from '../contract/partition';
import { bucketName, externalId, iamName } from './module-validations';
import type { ModuleVariable, Step, Validation } from './module-variable';

/** Which option of the config a variable is, in the order of the README. */
export const OPTION_OF_VARIABLE: Readonly<Record<string, string>> = {
  encryption_type: 'encryption.type',
  kms_key_arn: 'encryption.kmsKeyArn',
  bucket_keys: 'encryption.bucketKeys',
  key_administrators: 'encryption.keyAdministrators',
  key_deletion_window_days: 'encryption.keyDeletionWindowDays',
  key_alias: 'encryption.keyAlias',
  versioning: 'retention.versioning',
  transitions: 'retention.transitions',
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

/** What the config's validators say of texts, as Terraform can say it. */
const OF_TEXT: Readonly<Record<string, readonly Validation[]>> = {
  'encryption.kmsKeyArn': [
    {
      pattern: KEY_ARN,
      message: 'must be the ARN of a KMS key, like arn:aws:kms:eu-west-1:123456789012:key/…',
    },
  ],
  'encryption.keyAdministrators[]': [
    {
      pattern: PRINCIPAL_PATTERN,
      message: 'must be the ARN of a role or user, which may have * in its name',
    },
  ],
  // RE2 has no lookahead.
  'encryption.keyAlias': [
    {
      pattern: '^[A-Za-z0-9/_-]{1,250}$',
      message: 'must be letters, digits, / _ and -, without "alias/" before it',
    },
    { pattern: '^aws/', refused: true, message: 'must not begin with aws/, which AWS reserves' },
  ],
  'bucketPolicy.onlyReaders[]': [
    {
      pattern: PRINCIPAL_PATTERN,
      message: 'must be the ARN of a role or user, which may have * in its name',
    },
  ],
  'accessLogging.bucket': bucketName,
  'replication.bucket': bucketName,
  'replication.region': [{ pattern: REGION, message: 'must be an AWS region, like eu-west-1' }],
  'replication.kmsKeyArn': [
    {
      pattern: KEY_ARN,
      message: 'must be the ARN of a KMS key, like arn:aws:kms:eu-west-1:123456789012:key/…',
    },
  ],
  'replication.roleName': iamName(ROLE_NAME_LENGTH),
  'readers[].name': [
    {
      pattern: EXPORT_NAME,
      message: 'must be 1 to 64 letters, digits, hyphens or underscores, and begin with a letter or digit',
    },
  ],
  'readers[].trustedPrincipals[]': [
    {
      pattern: TRUSTED_PRINCIPAL,
      message: 'must be an account ID, or the ARN of a role, a user or a root',
    },
  ],
  'readers[].attachedTo[]': [
    {
      pattern: PRINCIPAL_PATTERN,
      message: 'must be the ARN of a role or user, which may have * in its name',
    },
  ],
  'readers[].externalId': externalId,
  'readers[].roleName': iamName(ROLE_NAME_LENGTH),
};

/** Descriptions that differ: the module takes the provider of one region only. */
const OWN_DESCRIPTIONS: Readonly<Record<string, string>> = {
  replication_bucket:
    'Bucket in a second region that logs are copied to, in the same account: it is there already, with versioning on (and Object Lock, if object_lock is true). Without it nothing is replicated.',
};

interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
}

/** @throws Error where the schema has an option by no variable, or a text without limits */
export function optionVariables(): ModuleVariable[] {
  const root = z.toJSONSchema(exportOptionsSchema, { io: 'input', target: 'draft-7' }) as Node;
  return Object.entries(OPTION_OF_VARIABLE).map(([name, option]) => {
    const node = option.split('.').reduce<Node | undefined>((parent, key) => parent?.properties?.[key], root);
    if (!node) throw new Error(`the config has no option ${option}`);
    const otherwise = option === 'readers' ? [] : ((node.default ?? null) as ModuleVariable['default']);
    return {
      name,
      type: typeOf(node),
      description: inModuleWords(OWN_DESCRIPTIONS[name] ?? node.description ?? ''),
      ...(otherwise === undefined ? {} : { default: otherwise }),
      validations: validationsOf(node, option, []),
    };
  });
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

function typeOf({ type, items, properties, required = [] }: Node): string {
  if (type === 'array' && items) return `list(${typeOf(items)})`;
  if (type === 'object' && properties) {
    const attributes = Object.entries(properties).map(
      ([key, node]) =>
        `${snakeCase(key)} = ${required.includes(key) ? typeOf(node) : `optional(${typeOf(node)})`}`,
    );
    return `object({ ${attributes.join(', ')} })`;
  }
  return { boolean: 'bool', integer: 'number' }[type ?? ''] ?? 'string';
}

function validationsOf(node: Node, option: string, at: readonly Step[]): Validation[] {
  const place = at.length > 0 ? { at } : {};
  const placed = (validations: readonly Validation[]) => validations.map((entry) => ({ ...entry, ...place }));
  const { type, items, properties, required = [], minimum, maximum, minItems, maxLength } = node;
  if (type === 'array' && items) {
    return [
      ...(minItems ? placed([{ fewest: minItems, message: 'must name at least one' }]) : []),
      ...validationsOf(items, `${option}[]`, [...at, { each: 'element' }]),
    ];
  }
  if (type === 'object' && properties) {
    return Object.entries(properties).flatMap(([key, child]) =>
      validationsOf(child, `${option}.${key}`, [
        ...at,
        { attribute: snakeCase(key), nullable: !required.includes(key) },
      ]),
    );
  }
  if (type === 'boolean') return [];
  if (minimum !== undefined && maximum !== undefined)
    return placed([
      {
        lowest: minimum,
        highest: maximum,
        message: `must be a whole number from ${minimum} to ${maximum}`,
      },
    ]);
  const values = node.enum ?? (node.const === undefined ? undefined : [node.const]);
  if (values) return placed([{ oneOf: values, message: `must be ${values.join(' or ')}` }]);
  const own = OF_TEXT[option];
  if (own) return placed(own);
  if (maxLength !== undefined)
    return placed([
      { shortest: 0, longest: maxLength, message: `must have at most ${maxLength} characters` },
    ]);
  throw new Error(`the option ${option} has no limits that Terraform could know`);
}
