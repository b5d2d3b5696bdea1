/** What a consumer of the logs may do: read, on the bucket and its key alone. */

import { type Partition, s3ViaService } from '../../contract/partition';
import {
  ASSUME_ACTION,
  accountRootArn,
  bucketArn,
  bucketObjectsArn,
  EXTERNAL_ID_KEY,
} from '../../contract/policies';
import type { ContractDocument } from '../../contract/statement';
import { KMS_READ_ACTION } from './kms-policies';

/** Lists and reads the bucket, and decrypts with its key through S3. */
export function readerDocument(
  place: { readonly partition: Partition; readonly region: string },
  bucket: string,
  keyArn?: string,
): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ListLogs',
        Effect: 'Allow',
        Action: ['s3:ListBucket', 's3:GetBucketLocation'],
        Resource: bucketArn(place.partition, bucket),
      },
      {
        Sid: 'ReadLogs',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:GetObjectVersion'],
        Resource: bucketObjectsArn(place.partition, bucket),
      },
      ...(keyArn
        ? [
            {
              Sid: 'DecryptLogs',
              Effect: 'Allow' as const,
              Action: KMS_READ_ACTION,
              Resource: keyArn,
              Condition: { StringEquals: { 'kms:ViaService': s3ViaService(place.region) } },
            },
          ]
        : []),
    ],
  };
}

/** Who may assume a reader's role, and with which ExternalId. Account IDs are written as root ARNs, as AWS stores them. */
export function readerTrustDocument(
  partition: Partition,
  principals: readonly string[],
  externalId?: string,
): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: {
          AWS: principals.map((principal) =>
            /^\d{12}$/.test(principal) ? accountRootArn(partition, principal) : principal,
          ),
        },
        Action: ASSUME_ACTION,
        ...(externalId ? { Condition: { StringEquals: { [EXTERNAL_ID_KEY]: externalId } } } : {}),
      },
    ],
  };
}
