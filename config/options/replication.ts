/** A copy of the logs in a second region, and what S3 needs to make it. */
import * as z from 'zod';
import { keyArnFaults } from '../../contract/arn';
import type { ExportDefinition } from '../../contract/contract';
import { bucketNameFaults, regionFaults, roleNameFaults } from '../../contract/names';
import { type Partition, partitionOf, s3ViaService } from '../../contract/partition';
import { ASSUME_ACTION, bucketArn, bucketObjectsArn, KMS_READ_ACTION } from '../../contract/policies';
import type { ContractDocument, ContractStatement } from '../../contract/statement';
import { replicationRoleName, reservedPrefixFaults } from '../names';
import type { ExportOptions, ProvisionedOptions } from '.';
import { accessLoggingSchema, endlessLogging, loggingTargetNote } from './access-logging';
import {
  type GivenName,
  KEEPS_OWNERS_SETTINGS,
  type OptionFault,
  type OptionGroup,
  validText,
  whenGiven,
} from './option';
import { TRANSITION_CLASSES, transitionsFrom } from './storage-classes';

const replicationSchema = whenGiven(() =>
  z
    .strictObject({
      bucket: validText(
        bucketNameFaults,
        'Bucket that logs are copied to, in the same account. It gets the retention and the bucketPolicy of the export’s bucket, too.',
      ),
      region: validText(regionFaults, 'Region of that bucket; another one than the export’s.'),
      existingBucket: z
        .boolean()
        .default(false)
        .describe(
          'The bucket is there already, with versioning on (and Object Lock, if the export has it); nothing of it is touched.',
        ),
      accessLogging: accessLoggingSchema
        .optional()
        .describe('S3 server access logging of that bucket, to one in its own region.'),
      kmsKeyArn: validText(
        keyArnFaults,
        'KMS key in that region that encrypts the copies. Needed if the export’s bucket has encryption.type kms.',
      ).optional(),
      storageClass: z
        .enum(['STANDARD', ...TRANSITION_CLASSES])
        .optional()
        .describe('Storage class of the copies; that of the original by default.'),
      replicateDeletes: z
        .boolean()
        .default(false)
        .describe(
          'Whether a deletion is copied, too. Not by default: the copy outlives an attacker’s delete.',
        ),
      roleName: validText(
        roleNameFaults,
        'Name of the role that S3 copies with; derived by default.',
      ).optional(),
    })
    .describe('Replication to a second region.'),
);

export const replicationShape = { replication: replicationSchema.optional() };

export const replication: OptionGroup = {
  clashes: [
    {
      option: 'existingBucket',
      with: 'replication',
      because: KEEPS_OWNERS_SETTINGS,
      when: ({ existingBucket, replication }) => existingBucket === true && replication !== undefined,
    },
    {
      option: 'replication',
      with: 'retention.versioning false',
      because: 'S3 replicates buckets with versioning only',
      when: ({ replication, retention }) => replication !== undefined && retention?.versioning === false,
    },
    {
      option: 'replication.accessLogging',
      with: 'replication.existingBucket',
      because: 'nothing of a bucket that is there already is touched',
      when: ({ replication }) =>
        replication?.existingBucket === true && replication.accessLogging !== undefined,
    },
    {
      option: 'replication',
      with: 'encryption.type kms',
      because: 'copies under a KMS key need one in their own region: give replication.kmsKeyArn',
      when: ({ replication, encryption }) =>
        encryption?.type === 'kms' && replication !== undefined && !replication.kmsKeyArn,
    },
  ],
  arns: ({ replication }) => [
    { option: 'replication.kmsKeyArn', arn: replication?.kmsKeyArn, region: replication?.region },
  ],
  names: replicationNames,
  faults: (options, definition) => [
    ...bucketFaults(options, definition),
    ...reservedPrefixFaults(replicationNames(options, definition).filter(({ kind }) => kind === 'role')),
  ],
  notes: ({ replication }, { contract }) => {
    if (!replication) return [];
    const { bucket, existingBucket, kmsKeyArn, accessLogging } = replication;
    return [
      ...(accessLogging
        ? [loggingTargetNote(accessLogging.bucket, bucketArn(contract.partition, bucket))]
        : []),
      ...(existingBucket
        ? [
            `The bucket ${bucket} must have versioning on, and Object Lock if this export has it. Its other settings are left alone: policy, lifecycle and logging stay its owner’s.`,
          ]
        : []),
      ...(kmsKeyArn
        ? [
            `The policy of the key ${kmsKeyArn} must leave it to the account’s IAM policies, or let the replication’s role kms:Encrypt.`,
          ]
        : []),
    ];
  },
};

function replicationNames({ replication }: ProvisionedOptions, definition: ExportDefinition): GivenName[] {
  if (!replication) return [];
  const { bucket, existingBucket, roleName } = replication;
  return [
    {
      kind: 'role',
      option: 'replication.roleName',
      name: replicationRoleName(definition, { replication }) ?? '',
      isWritten: roleName !== undefined,
    },
    ...(existingBucket
      ? []
      : [{ kind: 'bucket' as const, option: 'replication.bucket', name: bucket, isWritten: true }]),
  ];
}

function bucketFaults(
  { replication, accessLogging }: ProvisionedOptions,
  { bucket, region }: ExportDefinition,
): OptionFault[] {
  if (!replication) return [];
  const faults: OptionFault[] = [];
  const target = replication.accessLogging?.bucket;
  if (target === replication.bucket) faults.push(endlessLogging('replication.', replication.bucket));
  if (accessLogging?.bucket === replication.bucket)
    faults.push({
      option: 'accessLogging.bucket',
      message: `${replication.bucket} can’t go with replication.bucket ${replication.bucket}: S3 logs accesses to a bucket in the region of the export’s only`,
    });
  // Amazon S3 User Guide, "Enabling Amazon S3 server access logging": the same region and account as the bucket that is logged.
  for (const [option, elsewhere] of [
    ['bucket', bucket],
    ['accessLogging.bucket', accessLogging?.bucket],
  ] as const) {
    if (target !== undefined && target === elsewhere)
      faults.push({
        option: 'replication.accessLogging.bucket',
        message: `${target} can’t go with ${option} ${target}: S3 logs accesses to a bucket in the region of the copies only`,
      });
  }
  if (replication.bucket === bucket)
    faults.push({
      option: 'replication.bucket',
      message: `${bucket} can’t go with bucket ${bucket}: it needs another bucket`,
    });
  if (replication.region === region)
    faults.push({
      option: 'replication.region',
      message: `${region} can’t go with region ${region}: the copy is for the loss of a region`,
    });
  if (partitionOf(replication.region) !== partitionOf(region))
    faults.push({
      option: 'replication.region',
      message: `${replication.region} can’t go with region ${region}: S3 does not replicate across partitions`,
    });
  return faults;
}

/** The retention of the original's bucket, without moves that S3 can't make from the class in which copies are written. */
export function retentionOfCopies(
  { storageClass = 'STANDARD' }: NonNullable<ExportOptions['replication']>,
  retention: ExportOptions['retention'],
): ExportOptions['retention'] {
  if (!retention) return undefined;
  const { transitions, noncurrentTransitions } = retention;
  return {
    ...retention,
    transitions: transitions && transitionsFrom(storageClass, transitions),
    noncurrentTransitions: noncurrentTransitions && transitionsFrom(storageClass, noncurrentTransitions),
  };
}

/** What S3 needs of the key in the other region to write copies (Amazon S3 User Guide, "Replicating encrypted objects"). */
const KMS_REPLICA_ACTION = 'kms:Encrypt';

/** Source and destination of the copies, and what is copied beyond objects. */
export interface ReplicationRoute {
  readonly partition: Partition;
  readonly from: { readonly bucket: string; readonly region: string; readonly keyArn?: string };
  readonly to: { readonly bucket: string; readonly region: string; readonly keyArn?: string };
  readonly objectLock: boolean;
  readonly deletes: boolean;
}

/**
 * Only S3 (Amazon S3 User Guide, "Setting up permissions for live replication"). No `aws:SourceArn` or `aws:SourceAccount`:
 * the page has no condition here, and a key that S3 does not send would stop every copy. Another account gains nothing: to
 * name the role in a replication takes `iam:PassRole` in the role's own account.
 */
export const REPLICATION_TRUST: ContractDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: ASSUME_ACTION }],
};

/**
 * What the replication's role may do. Source: Amazon S3 User Guide, "Setting up permissions for live replication" and
 * "Replicating encrypted objects".
 */
export function replicationDocument({
  partition,
  from,
  to,
  objectLock,
  deletes,
}: ReplicationRoute): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ReadConfiguration',
        Effect: 'Allow',
        Action: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
        Resource: bucketArn(partition, from.bucket),
      },
      {
        Sid: 'ReadVersions',
        Effect: 'Allow',
        Action: [
          's3:GetObjectVersionForReplication',
          's3:GetObjectVersionAcl',
          's3:GetObjectVersionTagging',
          ...(objectLock ? ['s3:GetObjectRetention', 's3:GetObjectLegalHold'] : []),
        ],
        Resource: bucketObjectsArn(partition, from.bucket),
      },
      {
        Sid: 'WriteCopies',
        Effect: 'Allow',
        Action: ['s3:ReplicateObject', 's3:ReplicateTags', ...(deletes ? ['s3:ReplicateDelete'] : [])],
        Resource: bucketObjectsArn(partition, to.bucket),
      },
      ...keyStatement('DecryptOriginals', KMS_READ_ACTION, from),
      ...keyStatement('EncryptCopies', KMS_REPLICA_ACTION, to),
    ],
  };
}

function keyStatement(
  Sid: string,
  Action: string,
  { keyArn, region }: { readonly keyArn?: string; readonly region: string },
): ContractStatement[] {
  if (!keyArn) return [];
  return [
    {
      Sid,
      Effect: 'Allow',
      Action,
      Resource: keyArn,
      Condition: { StringEquals: { 'kms:ViaService': s3ViaService(region) } },
    },
  ];
}
