/** What the bucket's policy denies, in the contract's words. It grants nothing, so ALTR's role stays the only way in. */
import type { Partition } from '../../contract/partition';
import { bucketArn, bucketObjectsArn } from '../../contract/policies';
import type { ContractDocument, ContractStatement } from '../../contract/statement';

/** What to deny. */
export interface BucketPolicyRequirements {
  readonly requireTls?: boolean;
  readonly minimumTlsVersion?: string;
  /** ARNs of the only principals that may read logs, with `*` in their names; `undefined` = no such deny. */
  readonly onlyReaders?: readonly string[];
}

/** The bucket's policy, or `undefined` where nothing is to be denied. */
export function bucketPolicyDocument(
  partition: Partition,
  bucket: string,
  { requireTls, minimumTlsVersion, onlyReaders }: BucketPolicyRequirements,
): ContractDocument | undefined {
  const Resource = [bucketArn(partition, bucket), bucketObjectsArn(partition, bucket)];
  const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource } as const;
  const Statement: ContractStatement[] = [
    // Amazon S3 User Guide, "Managing access based on HTTP or HTTPS requests".
    ...(requireTls
      ? [{ Sid: 'DenyWithoutTls', ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }]
      : []),
    ...(minimumTlsVersion
      ? [
          {
            Sid: 'DenyOldTls',
            ...deny,
            Condition: { NumericLessThan: { 's3:TlsVersion': minimumTlsVersion } },
          },
        ]
      : []),
    ...(onlyReaders ? [denyOtherReaders(bucketObjectsArn(partition, bucket), onlyReaders)] : []),
  ];
  return Statement.length > 0 ? { Version: '2012-10-17', Statement } : undefined;
}

/**
 * Denies reading to everybody but some. AWS services, which act for somebody, are left to other policies. Nothing else is
 * denied, so that nobody can lock the account out of its own bucket.
 */
function denyOtherReaders(Resource: string, readers: readonly string[]): ContractStatement {
  return {
    Sid: 'DenyOtherReaders',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:GetObject*',
    Resource,
    Condition: {
      ArnNotLike: { 'aws:PrincipalArn': readers },
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    },
  };
}
