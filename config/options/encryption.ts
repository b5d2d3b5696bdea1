/** How the bucket encrypts what ALTR writes, and the policies that writing and reading under a KMS key take. */
import * as z from 'zod';
import { keyArnFaults, principalPatternFaults } from '../../contract/arn';
import { type Partition, s3ViaService } from '../../contract/partition';
import { accountRootArn, KMS_READ_ACTION, KMS_WRITE_ACTIONS, roleArn } from '../../contract/policies';
import type { ContractDocument, ContractStatement } from '../../contract/statement';
import { replicationRoleName } from '../names';
import type { ProvisionedOptions } from '.';
import {
  type Clash,
  KEEPS_OWNERS_SETTINGS,
  type NoteContext,
  type OptionGroup,
  validText,
  whenGiven,
} from './option';
import { isKnownReader, readerArns } from './readers';

const encryptionSchema = whenGiven(() =>
  z
    .strictObject({
      type: z
        .enum(['s3', 'kms'])
        .default('s3')
        .describe(
          's3: S3’s own keys (SSE-S3), what the vendor’s page leaves in place. kms: a customer-managed KMS key.',
        ),
      kmsKeyArn: validText(
        keyArnFaults,
        'ARN of a KMS key that exists, in the bucket’s region and account. Without it, type kms makes a key.',
      ).optional(),
      bucketKeys: z
        .boolean()
        .optional()
        .describe(
          'S3 bucket keys, which save requests to KMS; without a KMS key they do nothing. Default: on with type kms, left out with s3. The AWS console switches them on for either.',
        ),
      formerKeys: z
        .array(validText(keyArnFaults, 'ARN of a KMS key in the bucket’s region.'))
        .min(1, 'must name at least one')
        .optional()
        .describe(
          'Keys that the bucket encrypted with before, and that its older logs still need: readers may go on decrypting with them.',
        ),
      keyAdministrators: z
        .array(validText(principalPatternFaults, 'ARN of a role or user; * allowed in its name.'))
        .min(1, 'must name at least one')
        .optional()
        .describe(
          'Who may administer the key that is made; by default, everyone whom the account’s IAM policies allow. Include the principal that deploys: KMS refuses a policy that its creator could not change.',
        ),
      keyDeletionWindowDays: z
        .int()
        .min(7, 'must be 7 to 30 days')
        .max(30, 'must be 7 to 30 days')
        .optional()
        .describe('Days between the deletion of the key that is made and its end; 30 by default.'),
      keyAlias: z
        .string()
        .regex(
          /^(?!aws\/)[A-Za-z0-9/_-]{1,250}$/,
          'must be letters, digits, / _ and -, without "alias/" before it, and not begin with aws/',
        )
        .optional()
        .describe('Alias of the key that is made, without “alias/”.'),
    })
    .describe('Encryption of the bucket.'),
);

export const encryptionShape = { encryption: encryptionSchema.optional() };

/** Whether the key of the bucket is made, and not given. */
export function makesKey({ encryption }: Pick<ProvisionedOptions, 'encryption'>): boolean {
  return encryption?.type === 'kms' && !encryption.kmsKeyArn;
}

const ONLY_OF_MADE_KEYS = ['keyAdministrators', 'keyDeletionWindowDays', 'keyAlias'] as const;

export const encryption: OptionGroup = {
  clashes: [
    {
      option: 'existingBucket',
      with: 'encryption.type kms without encryption.kmsKeyArn',
      because: KEEPS_OWNERS_SETTINGS,
      when: (options) => options.existingBucket === true && makesKey(options),
    },
    {
      option: 'existingBucket',
      with: 'encryption.bucketKeys',
      because: 'nothing of an existing bucket’s encryption is touched',
      when: ({ existingBucket, encryption }) =>
        existingBucket === true && encryption?.bucketKeys !== undefined,
    },
    {
      option: 'encryption.kmsKeyArn',
      with: 'encryption.type s3',
      because: 'S3’s own keys take no key of yours; set encryption.type to kms',
      when: ({ encryption }) => encryption?.kmsKeyArn !== undefined && encryption.type !== 'kms',
    },
    ...ONLY_OF_MADE_KEYS.flatMap((option): Clash[] => [
      {
        option: `encryption.${option}`,
        with: 'encryption.kmsKeyArn',
        because: 'it is a setting of a key that is made, and this one is there already',
        when: ({ encryption }) => encryption?.kmsKeyArn !== undefined && encryption[option] !== undefined,
      },
      {
        option: `encryption.${option}`,
        with: 'encryption.type s3',
        because:
          'it is a setting of a key that is made, and S3’s own keys need none; set encryption.type to kms',
        when: ({ encryption }) =>
          encryption?.type === 's3' && !encryption.kmsKeyArn && encryption[option] !== undefined,
      },
    ]),
  ],
  arns: ({ encryption }, { region }) => [
    { option: 'encryption.kmsKeyArn', arn: encryption?.kmsKeyArn, region },
    ...(encryption?.formerKeys ?? []).map((arn, index) => ({
      option: `encryption.formerKeys.${index}`,
      arn,
      region,
    })),
    ...(encryption?.keyAdministrators ?? []).map((arn, index) => ({
      option: `encryption.keyAdministrators.${index}`,
      arn,
      anyAccount: true as const,
    })),
  ],
  faults: ({ encryption }) =>
    (encryption?.formerKeys ?? []).flatMap((arn, index) =>
      arn === encryption?.kmsKeyArn
        ? [
            {
              option: `encryption.formerKeys.${index}`,
              message: `${arn} can’t go with encryption.kmsKeyArn ${arn}: the key is still in use`,
            },
          ]
        : [],
    ),
  names: (options) => {
    const alias = makesKey(options) ? options.encryption?.keyAlias : undefined;
    return alias ? [{ kind: 'key alias', option: 'encryption.keyAlias', name: alias, isWritten: true }] : [];
  },
  notes: (options, context) => {
    const { encryption, readers = [] } = options;
    const former = (encryption?.formerKeys ?? []).map(
      (arn) =>
        `The key ${arn} must stay enabled, and its policy must let the readers kms:Decrypt, as long as logs are encrypted with it.`,
    );
    if (!encryption?.kmsKeyArn) return former;
    const unknown = [
      ...readers.filter((reader) => !isKnownReader(reader)).map(({ name }) => name),
      ...(context.otherReaders.every(isKnownReader) ? [] : ['splunkFeed']),
    ].join(', ');
    return [
      `The policy of the key ${encryption.kmsKeyArn} must hold what follows, unless it leaves the key to the account’s ` +
        `IAM policies: ${statementsForExistingKey(options, context)}`,
      ...(unknown
        ? [`The policy of that key must also let those kms:Decrypt who get the reading policy of ${unknown}.`]
        : []),
      ...former,
    ];
  },
};

/** What the policy of an existing key needs, as JSON: one statement, or a list. */
function statementsForExistingKey(
  options: ProvisionedOptions,
  { contract, writer, otherReaders }: NoteContext,
): string {
  const arnOf = (name: string) => roleArn(contract.partition, writer.accountId, name, options.role?.path);
  const replication = replicationRoleName(contract, options);
  const statements = keyPolicyStatements(
    { ...contract, accountId: writer.accountId },
    {
      writers: [writer.roleArn],
      readers: readerArns(contract, options, otherReaders, arnOf),
      replication: replication && arnOf(replication),
    },
  );
  return JSON.stringify(statements.length === 1 ? statements[0] : statements);
}

/**
 * What an administrator of a key does, and no use of it for data. Source: KMS Developer Guide, "Allows key administrators
 * to administer the KMS key", without its `kms:Create*`: that includes `kms:CreateGrant`, and a grant lets anybody decrypt
 * without appearing in a policy.
 */
const KEY_ADMINISTRATION = [
  'kms:CreateAlias',
  'kms:Describe*',
  'kms:Enable*',
  'kms:List*',
  'kms:Put*',
  'kms:Update*',
  'kms:Revoke*',
  'kms:Disable*',
  'kms:Get*',
  'kms:Delete*',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
  'kms:RotateKeyOnDemand',
] as const;

/** Default days between the deletion of a key and its end: the most that KMS accepts. */
export const KEY_DELETION_WINDOW_DAYS = 30;

const ADMINISTRATION_SID = 'KeyAdministration';
const WRITERS_SID = 'ALTRWritesThroughS3';
const READERS_SID = 'ReadersDecryptThroughS3';
const REPLICATION_SID = 'ReplicationDecryptsThroughS3';

/** The statements of a key that is made: a deploy takes every other off its policy. */
export const KEY_SIDS: readonly string[] = [ADMINISTRATION_SID, WRITERS_SID, READERS_SID, REPLICATION_SID];

/** Where a key is, and whose it is. */
export interface KeyPlace {
  readonly partition: Partition;
  readonly region: string;
  /** The account, which may be a Terraform reference. */
  readonly accountId: string;
}

/**
 * Lets a role use the key through S3. The principal is the account and the condition the role, so that the statement holds
 * also for a role that is made again: a key policy that names a role by `Principal` keeps the ID of the one that was
 * deleted (IAM User Guide, "Principal", "IAM role principals"). The role's own policy must allow it, too.
 */
function throughS3(
  place: KeyPlace,
  Sid: string,
  Action: readonly string[],
  roles: readonly string[],
): ContractStatement {
  return {
    Sid,
    Effect: 'Allow',
    Principal: { AWS: accountRootArn(place.partition, place.accountId) },
    Action,
    Resource: '*',
    Condition: {
      StringEquals: { 'kms:ViaService': s3ViaService(place.region) },
      ...(roles.length > 0 ? { ArnLike: { 'aws:PrincipalArn': roles } } : {}),
    },
  };
}

/** Lets readers decrypt with a key through S3. */
export function keyReadersStatement(
  place: KeyPlace,
  readers: readonly string[],
  Sid: string = READERS_SID,
): ContractStatement {
  return throughS3(place, Sid, [KMS_READ_ACTION], readers);
}

/** Lets administrators administer a key; if none is named, everybody whom the account's IAM policies allow. */
export function keyAdministrationStatement(
  { partition, accountId }: Omit<KeyPlace, 'region'>,
  administrators: readonly string[],
): ContractStatement {
  return {
    Sid: ADMINISTRATION_SID,
    Effect: 'Allow',
    Principal: { AWS: accountRootArn(partition, accountId) },
    Action: KEY_ADMINISTRATION,
    Resource: '*',
    ...(administrators.length > 0 ? { Condition: { ArnLike: { 'aws:PrincipalArn': administrators } } } : {}),
  };
}

/** What the policy of an existing key must hold, unless it leaves the decision to the account's IAM policies anyway. */
function keyPolicyStatementForWriters(place: KeyPlace, writers: readonly string[]): ContractStatement {
  return throughS3(place, WRITERS_SID, [...KMS_WRITE_ACTIONS], writers);
}

/** Who uses a key of an export. ARNs of roles; readers and administrators may have `*` in their names. */
export interface KeyUsers {
  /** ALTR's role, and beside it that of an export which replaces this one, or is replaced by it. */
  readonly writers: readonly string[];
  /** Empty if no reader is declared: then the account's IAM policies decide who reads, as for the bucket. */
  readonly readers: readonly string[];
  readonly replication?: string;
  /** Empty to leave it to the account's IAM policies. */
  readonly administrators: readonly string[];
}

/** The statements that a key's users need in its policy, one for each kind of user. */
function keyPolicyStatements(
  place: KeyPlace,
  { writers, readers, replication }: Omit<KeyUsers, 'administrators'>,
): ContractStatement[] {
  return [
    keyPolicyStatementForWriters(place, writers),
    ...(readers.length > 0 ? [keyReadersStatement(place, readers)] : []),
    ...(replication ? [throughS3(place, REPLICATION_SID, [KMS_READ_ACTION], [replication])] : []),
  ];
}

/** The policy of a key that is made for an export: one statement each for administration, writing and reading. */
export function keyPolicyDocument(place: KeyPlace, users: KeyUsers): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      keyAdministrationStatement(place, users.administrators),
      keyPolicyStatementForWriters(place, users.writers),
      keyReadersStatement(place, users.readers),
      ...(users.replication
        ? [throughS3(place, REPLICATION_SID, [KMS_READ_ACTION], [users.replication])]
        : []),
    ],
  };
}
