/**
 * Exports that are synthesised with stand-ins for their values, and what takes the place of each stand-in in the plain
 * Terraform module.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { readerName, replicationRoleName } from '../config/names';
import type { ExportOptionsInput } from '../config/options';
import { KEY_DELETION_WINDOW_DAYS, keyPolicyStatements } from '../config/options/encryption';
import { PORTAL_REGION } from '../contract/handoff';
import { roleArn } from '../contract/policies';
import { policyDocument } from './policy-document';
import { ExportStack } from './stack/export-stack';

const ACCOUNT_OF_OPTIONS = '999999999902';

/** Values that the contract accepts. */
export const STAND_INS = {
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
    permissionsBoundary: `arn:aws:iam::${ACCOUNT_OF_OPTIONS}:policy/stand-in`,
  },
} as const;

export const ADMINISTRATOR = `arn:aws:iam::${ACCOUNT_OF_OPTIONS}:role/StandInAdministrator`;
export const ONLY_READER = `arn:aws:iam::${ACCOUNT_OF_OPTIONS}:role/StandInOnlyReader`;
export const TRUSTED_ACCOUNT = '999999999907';
export const READER_ROLE = 'StandInReader';
export const REPLICATION_ROLE = 'StandInReplication';
const REPLICA_REGION = 'eu-north-1';
export const REPLICA_KEY = `arn:aws:kms:${REPLICA_REGION}:${ACCOUNT_OF_OPTIONS}:key/stand-in`;

type Retention = NonNullable<ExportOptionsInput['retention']>;
const everyOption = (defaultRetention: NonNullable<Retention['defaultRetention']>): ExportOptionsInput => ({
  encryption: {
    type: 'kms',
    keyAdministrators: [ADMINISTRATOR],
    keyDeletionWindowDays: 29,
    keyAlias: 'StandInAlias',
  },
  retention: {
    versioning: true,
    transitions: [{ afterDays: 8001, storageClass: 'STANDARD_IA' }],
    expireAfterDays: 36499,
    noncurrentExpireAfterDays: 8003,
    abortIncompleteUploadsAfterDays: 8004,
    objectLock: true,
    defaultRetention,
  },
  bucketPolicy: { requireTls: true, minimumTlsVersion: '1.2', onlyReaders: [ONLY_READER] },
  accessLogging: { bucket: 'stand-in-log-bucket', prefix: 'stand-in-prefix/' },
  replication: {
    bucket: 'stand-in-copies',
    region: REPLICA_REGION,
    existingBucket: true,
    kmsKeyArn: REPLICA_KEY,
    storageClass: 'ONEZONE_IA',
    replicateDeletes: true,
    roleName: REPLICATION_ROLE,
  },
  readers: [
    {
      name: 'stand-in-reader',
      trustedPrincipals: [TRUSTED_ACCOUNT],
      externalId: 'stand-in-external',
      roleName: READER_ROLE,
    },
  ],
});

/** Exports with every option; together they have each attribute once at least. */
export const EVERYTHING: readonly ExportOptionsInput[] = [
  everyOption({ mode: 'GOVERNANCE', days: 7001 }),
  everyOption({ mode: 'GOVERNANCE', years: 91 }),
  { existingBucket: true, forceDestroy: false },
];

/** What is made without any option. */
export const NOTHING: ExportOptionsInput = { role: { exclusive: false } };

/** The same resources as of `EVERYTHING`, but for the key's, each with as little as it can have. */
export const LITTLE: ExportOptionsInput = {
  retention: { objectLock: true, abortIncompleteUploadsAfterDays: 8004 },
  bucketPolicy: { requireTls: true },
  accessLogging: { bucket: 'stand-in-log-bucket' },
  replication: { bucket: 'stand-in-copies', region: REPLICA_REGION, existingBucket: true },
  readers: [{ name: 'stand-in-reader', trustedPrincipals: [TRUSTED_ACCOUNT], roleName: READER_ROLE }],
};

/** A reference of Terraform’s. */
export const ref = (expression: string) => `\${${expression}}`;

export const REGION = ref('data.aws_region.current.id');
const s3In = (region: string) => `s3.${region}.amazonaws.com`;
const s3At = (region: string) => `s3.${region}.${ref('data.aws_partition.current.dns_suffix')}`;

/** In this order: a longer stand-in goes before one that it holds. */
const IN_TEXT: readonly (readonly [standIn: string, reference: string])[] = [
  [STAND_INS.role.permissionsBoundary, ref('var.permissions_boundary')],
  [REPLICA_KEY, ref('var.replication_kms_key_arn')],
  [ref('aws_kms_key.export_key.arn'), ref('local.key_arn')],
  [s3In(STAND_INS.region), s3At(REGION)],
  [s3In(REPLICA_REGION), s3At(ref('var.replication_region'))],
  ['StandInAlias', ref('var.key_alias')],
  ['stand-in-log-bucket', ref('var.access_log_bucket')],
  ['stand-in-prefix/', ref('var.access_log_prefix')],
  ['stand-in-copies', ref('var.replication_bucket')],
  ['stand-in-external', ref('each.value.external_id')],
  [READER_ROLE, ref('each.value.full_name')],
  [REPLICATION_ROLE, ref('local.replication_role')],
  ['GOVERNANCE', ref('var.default_retention_mode')],
  ['ONEZONE_IA', ref('var.replication_storage_class')],
  ['STANDARD_IA', ref('transition.value.storage_class')],
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

const NUMBERS: Readonly<Record<number, string>> = {
  [STAND_INS.role.maxSessionHours * 3600]: 'var.max_session_hours * 3600',
  29: `coalesce(var.key_deletion_window_days, ${KEY_DELETION_WINDOW_DAYS})`,
  8001: 'transition.value.after_days',
  36499: 'var.expire_after_days',
  8003: 'var.noncurrent_expire_after_days',
  8004: 'var.abort_incomplete_uploads_after_days',
  7001: 'var.default_retention_days',
  91: 'var.default_retention_years',
};

/** A text with references in the place of stand-ins. */
export function referring(text: string): string {
  return IN_TEXT.reduce((result, [from, to]) => result.replaceAll(from, to), text);
}

/** The same as a string of Terraform's language, in which what stands in a reference is not escaped. */
export function template(text: string): string {
  const inner = referring(text).replaceAll(/\$\{[^}]*\}|["\\\n]/g, (part) =>
    part.startsWith('$') ? part : JSON.stringify(part).slice(1, -1),
  );
  return `"${inner}"`;
}

/** The reference that takes the place of a number; `undefined` where it stands for itself. */
export function numberReference(value: number): string | undefined {
  const expression = NUMBERS[value];
  return expression === undefined ? undefined : ref(expression);
}

const named = { bucket: STAND_INS.bucket, roleName: STAND_INS.roleName };

/** The names that are derived where nobody gives one, as texts of Terraform's. */
export const DERIVED_NAMES = {
  reader: referring(readerName(named, { name: 'READER' })).replace('READER', ref('reader.name')),
  replication: referring(
    replicationRoleName(named, {
      replication: { bucket: 'x', region: REPLICA_REGION, existingBucket: true, replicateDeletes: false },
    }) ?? '',
  ),
};

/** What the construct emits for the stand-ins with these options, without cdktf's metadata. The rules of the audit have judged it. */
export function synthesised(options: ExportOptionsInput): StackJson {
  const outdir = mkdtempSync(join(tmpdir(), 'altr-module-'));
  try {
    const role = { ...STAND_INS.role, ...options.role };
    const stack = new ExportStack(new App({ outdir, skipValidation: true }), {
      ...STAND_INS,
      ...options,
      role,
    });
    const { contract } = stack.export;
    const place = { ...contract, accountId: stack.export.accountId() };
    const arnOf = (name: string) => roleArn(place.partition, place.accountId, name, role.path);
    policyDocument(stack.export, 'GivenKeyStatements', {
      Version: '2012-10-17',
      Statement: keyPolicyStatements(place, {
        writer: arnOf(contract.roleName),
        readers: [ONLY_READER, arnOf(READER_ROLE)],
        replication: arnOf(REPLICATION_ROLE),
      }),
    });
    const faults = stack.node.findAll().flatMap(({ node }) => node.validate());
    if (faults.length > 0) throw new Error(`the module would violate the contract: ${faults.join('; ')}`);
    return withoutMetadata(stack.toTerraform()) as StackJson;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

export interface StackJson {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly data: Record<string, Record<string, Record<string, unknown>>>;
  readonly output: Record<string, { value: unknown; description: string }>;
}

/** A reader's name is in the names of what is made for it, and the module has an instance each. */
function withoutMetadata(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('export_reader-stand-in-reader_', 'export_reader_');
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== '//');
  return Object.fromEntries(
    entries.map(([key, entry]) => [
      key.replace('export_reader-stand-in-reader_', 'export_reader_'),
      withoutMetadata(entry),
    ]),
  );
}
