/** What options leave to others to do, or to know: one sentence each, for the hand-off. */
import { confirmationNote } from './alerts';
import type { Provisioning } from './config/provisioning';
import type { ExportContract } from './contract';
import { keyPolicyStatementForWriter } from './kms-policies';

/** The options that leave something to others. */
export type NotedOptions = Provisioning & { readonly alerts?: { readonly emails: readonly string[] } };

/** @param writer the account of ALTR's role, and the role's ARN; either may hold a placeholder or a Terraform reference */
export function provisioningNotes(
  contract: ExportContract,
  { existingBucket, encryption, retention, accessLogging, replication, alerts }: NotedOptions,
  writer: { readonly accountId: string; readonly roleArn: string },
): string[] {
  const statement = keyPolicyStatementForWriter({ ...contract, accountId: writer.accountId }, writer.roleArn);
  return [
    ...(existingBucket
      ? [
          `The bucket ${contract.bucket} stays its owner’s: its policy must not deny the role s3:PutObject, and its key, if it ` +
            'has one of its own, must be named by encryption.kmsKeyArn.',
        ]
      : []),
    ...(encryption?.kmsKeyArn
      ? [
          `The policy of the key ${encryption.kmsKeyArn} must hold this statement, unless it leaves the key to the account’s ` +
            `IAM policies: ${JSON.stringify(statement)}`,
        ]
      : []),
    // Amazon S3 User Guide, "Managing Object Lock": a PutObject into a bucket with a default retention needs a checksum.
    ...(retention?.defaultRetention
      ? [
          'With retention.defaultRetention S3 refuses a PutObject that carries neither Content-MD5 nor another checksum, and only ' +
            'ALTR knows whether its requests do: ask, and watch the first deliveries.',
        ]
      : []),
    ...(accessLogging
      ? [
          `The policy of the bucket ${accessLogging.bucket} must let logging.s3.amazonaws.com put objects for ${contract.bucketArn}.`,
        ]
      : []),
    ...(replication?.existingBucket
      ? [
          `The bucket ${replication.bucket} must have versioning on, and Object Lock where this export has it.`,
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
