/** The two policy documents that the vendor's page demands, and the ARNs in them. */
import type { Partition } from './partition';
import type { ContractDocument, ContractStatement } from './statement';

/** The one action that ALTR's role may do (vendor page, step 3: "granting the s3:PutObject action"). */
export const EXPORT_ACTION = 's3:PutObject';

/** The one action by which the role is entered (vendor page, "JSON Object for IAM Role"). */
export const ASSUME_ACTION = 'sts:AssumeRole';

/** The condition key that carries the customer's client ID (vendor page, "JSON Object for IAM Role"). */
export const EXTERNAL_ID_KEY = 'sts:ExternalId';

/**
 * What a role needs of a customer-managed KMS key to write: `kms:GenerateDataKey`, and `kms:Decrypt` for
 * multipart uploads. Source: Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys".
 */
export const KMS_WRITE_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'] as const;

/** The key action without which no object at all can be written to a bucket under a customer-managed key. */
export const KMS_REQUIRED_ACTION = KMS_WRITE_ACTIONS[0];

/** What a reader needs of the key (Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys"). */
export const KMS_READ_ACTION = 'kms:Decrypt';

/** ARN of an account's root, by which a trust policy names the whole account. */
export function accountRootArn(partition: Partition, accountId: string): string {
  return `arn:${partition}:iam::${accountId}:root`;
}

/** ARN of a bucket. */
export function bucketArn(partition: Partition, bucket: string): string {
  return `arn:${partition}:s3:::${bucket}`;
}

/** ARN pattern of every object in a bucket. */
export function bucketObjectsArn(partition: Partition, bucket: string): string {
  return `${bucketArn(partition, bucket)}/*`;
}

/** ARN of a role; `path` begins and ends with a slash. */
export function roleArn(partition: Partition, accountId: string, roleName: string, path = '/'): string {
  return `arn:${partition}:iam::${accountId}:role${path}${roleName}`;
}

/** Who may assume the role: ALTR's account, with the customer's client ID as ExternalId (vendor page, step 4.9). */
export function trustDocument(
  partition: Partition,
  altrAccountId: string,
  clientId: string,
): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: accountRootArn(partition, altrAccountId) },
        Action: ASSUME_ACTION,
        Condition: { StringEquals: { [EXTERNAL_ID_KEY]: clientId } },
      },
    ],
  };
}

/** Lets the role write under a customer-managed key, on that key only: a statement of the role's own policy. */
export function keyWriteStatement(keyArn: string): ContractStatement {
  return { Sid: 'ALTRKey', Effect: 'Allow', Action: [...KMS_WRITE_ACTIONS], Resource: keyArn };
}

/**
 * What the role may do: put objects into the bucket (vendor page, "IAM Policy Example"), and use the bucket's
 * customer-managed key for it, if there is one.
 */
export function permissionDocument(
  partition: Partition,
  bucket: string,
  kmsKeyArn?: string,
): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'ALTR0', Effect: 'Allow', Action: EXPORT_ACTION, Resource: bucketObjectsArn(partition, bucket) },
      ...(kmsKeyArn ? [keyWriteStatement(kmsKeyArn)] : []),
    ],
  };
}
