/** What options leave to others to do, or to know: one sentence each, for the hand-off. */

import type { ExportContract } from '../../contract/contract';
import { bucketArn, EXPORT_ACTION, KMS_WRITE_ACTIONS, roleArn } from '../../contract/policies';
import {
  type Feeds,
  feedReaders,
  type OtherReader,
  readerName,
  replicationRoleName,
} from '../provisioned-names';
import { confirmationNote } from './alerts';
import { keyPolicyStatements } from './kms-policies';
import type { Provisioning } from './provisioning';
import { isKnown, isKnownOther, readerArns } from './reader-arns';
import { retentionNotes } from './retention-notes';
import { SETTINGS_OF_EXISTING } from './settings-of-existing';

/** The options that leave something to others. */
export type NotedOptions = Provisioning &
  Feeds & {
    readonly logEvents?: { readonly notification?: boolean };
    readonly alerts?: { readonly emails: readonly string[] };
    /** Who else reads; by default, who reads for the feeds. */
    readonly otherReaders?: readonly OtherReader[];
  };

/** @param writer the account of ALTR's role, and the role's ARN; either may hold a placeholder or a Terraform reference */
export function provisioningNotes(
  contract: ExportContract,
  options: NotedOptions,
  writer: { readonly accountId: string; readonly roleArn: string },
): string[] {
  const { existingBucket, encryption, retention, accessLogging, replication, alerts, role } = options;
  const others = options.otherReaders ?? feedReaders({ ...options, name: contract.name });
  const roleless = [
    ...(options.readers ?? []).filter((reader) => !isKnown(reader)).map(({ name }) => name),
    ...(others.every(isKnownOther) ? [] : ['splunkFeed']),
  ].join(', ');
  const replicates = replicationRoleName(contract, options);
  const moreRoles = [...(replicates ? [replicates] : []), ...readerRoles(contract, options, others)];
  return [
    ...(existingBucket
      ? [
          `The bucket ${contract.bucket} stays its owner’s: its policy must not deny the role s3:PutObject, and its key, if it ` +
            'has one of its own, must be named by encryption.kmsKeyArn.',
        ]
      : []),
    ...SETTINGS_OF_EXISTING.filter(({ asked }) => existingBucket && asked(options)).map(
      ({ option, fate }) =>
        `${option} is Terraform’s now for the bucket ${contract.bucket}: ${fate}. What Terraform has forgotten (terraform state rm) stays.`,
    ),
    ...(encryption?.kmsKeyArn
      ? [
          `The policy of the key ${encryption.kmsKeyArn} must hold what follows, unless it leaves the key to the account’s ` +
            `IAM policies: ${keyStatements(contract, options, writer, others)}`,
        ]
      : []),
    ...(roleless && encryption?.kmsKeyArn
      ? [`The policy of that key must also let those kms:Decrypt who get the reading policy of ${roleless}.`]
      : []),
    ...(role?.permissionsBoundary
      ? [
          `role.permissionsBoundary must allow ${EXPORT_ACTION} on ${contract.bucketArn}/*` +
            `${encryption?.type === 'kms' ? `, and ${KMS_WRITE_ACTIONS.join(' and ')} on the bucket’s key` : ''}: without that ALTR can’t write.`,
        ]
      : []),
    ...(role?.permissionsBoundary && moreRoles.length > 0
      ? [
          `role.permissionsBoundary bounds ${moreRoles.join(', ')} as well: what it does not allow of their own policies, they can’t do.`,
        ]
      : []),
    // Amazon S3 User Guide, "Managing Object Lock": a PutObject into a bucket with a default retention needs a checksum.
    ...(retention?.defaultRetention
      ? [
          'With retention.defaultRetention S3 refuses a PutObject that carries neither Content-MD5 nor another checksum, and only ' +
            'ALTR knows whether its requests do: ask, and watch the first deliveries.',
        ]
      : []),
    ...retentionNotes(options),
    ...[
      { target: accessLogging?.bucket, logged: contract.bucketArn },
      {
        target: replication?.accessLogging?.bucket,
        logged: replication && bucketArn(contract.partition, replication.bucket),
      },
    ].flatMap(({ target, logged }) =>
      target
        ? [`The policy of the bucket ${target} must let logging.s3.amazonaws.com put objects for ${logged}.`]
        : [],
    ),
    ...(replication?.existingBucket
      ? [
          `The bucket ${replication.bucket} must have versioning on, and Object Lock where this export has it; nothing of it is touched, so that its policy, lifecycle and logging are its owner’s.`,
        ]
      : []),
    ...(replication?.kmsKeyArn
      ? [
          `The policy of the key ${replication.kmsKeyArn} must leave it to the account’s IAM policies, or let the replication’s role kms:Encrypt.`,
        ]
      : []),
    ...(alerts ? [confirmationNote(alerts.emails)] : []),
  ];
}

/** Names of the roles that are made to read. */
function readerRoles(
  contract: ExportContract,
  { readers = [] }: NotedOptions,
  others: readonly OtherReader[],
): string[] {
  return [
    ...readers
      .filter(({ trustedPrincipals }) => trustedPrincipals)
      .map((reader) => readerName(contract, reader)),
    ...others.flatMap(({ roleName }) => roleName ?? []),
  ];
}

/** What the policy of an existing key needs, as JSON: one statement, or a list. */
function keyStatements(
  contract: ExportContract,
  options: NotedOptions,
  writer: { readonly accountId: string; readonly roleArn: string },
  others: readonly OtherReader[],
): string {
  const arnOf = (name: string) => roleArn(contract.partition, writer.accountId, name, options.role?.path);
  const replication = replicationRoleName(contract, options);
  const statements = keyPolicyStatements(
    { ...contract, accountId: writer.accountId },
    {
      writer: writer.roleArn,
      readers: readerArns(contract, options, others, arnOf),
      ...(replication ? { replication: arnOf(replication) } : {}),
    },
  );
  return JSON.stringify(statements.length === 1 ? statements[0] : statements);
}
