/**
 * What S3 needs to copy the logs to a second region, and nothing more. Source: Amazon S3 User Guide, "Setting up permissions
 * for live replication" and "Replicating encrypted objects".
 */

import { type Partition, s3ViaService } from '../../contract/partition';
import { ASSUME_ACTION, bucketArn, bucketObjectsArn } from '../../contract/policies';
import type { ContractDocument, ContractStatement } from '../../contract/statement';
import { KMS_READ_ACTION, KMS_REPLICA_ACTION } from './kms-policies';

/** From where to where, and what comes along. */
export interface ReplicationRoute {
  readonly partition: Partition;
  readonly from: { readonly bucket: string; readonly region: string; readonly keyArn?: string };
  readonly to: { readonly bucket: string; readonly region: string; readonly keyArn?: string };
  readonly objectLock: boolean;
  readonly deletes: boolean;
}

/**
 * Only S3 (Amazon S3 User Guide, "Setting up permissions for live replication"). No `aws:SourceArn`, no `aws:SourceAccount`: the
 * page knows no condition here, and one whose key S3 does not send would stop every copy. Nor does another account gain by it:
 * to name the role in a replication takes `iam:PassRole` in the role's own account.
 */
export const REPLICATION_TRUST: ContractDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: ASSUME_ACTION }],
};

/** What the replication's role may do. */
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
