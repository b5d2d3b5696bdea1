/** What the bucket's policy denies. It allows nothing: ALTR writes by its role. */
import * as z from 'zod';
import { principalPatternFaults } from '../../contract/arn';
import type { Partition } from '../../contract/partition';
import { bucketArn, bucketObjectsArn } from '../../contract/policies';
import type { ContractDocument, ContractStatement } from '../../contract/statement';
import { KEEPS_OWNERS_SETTINGS, type OptionGroup, validText, whenGiven } from './option';

const bucketPolicySchema = whenGiven(() =>
  z
    .strictObject({
      requireTls: z.boolean().optional().describe('Deny every request without TLS.'),
      // ALTR's documentation does not mention TLS 1.3, so demanding it might stop the delivery.
      minimumTlsVersion: z
        .enum(['1.2'])
        .optional()
        .describe(
          'Deny requests with an older TLS. S3 itself takes no older one. 1.3 is not offered: ALTR does not say that it speaks it.',
        ),
      onlyReaders: z
        .array(validText(principalPatternFaults, 'ARN of a role or user; * allowed in its name.'))
        .min(1, 'must name at least one')
        .optional()
        .describe(
          'Deny the reading of logs to everybody but these, the declared readers and replication. Their own policies must still allow it.',
        ),
    })
    .describe('The bucket policy; none by default.'),
);

export const bucketPolicyShape = { bucketPolicy: bucketPolicySchema.optional() };

export const bucketPolicy: OptionGroup = {
  clashes: [
    {
      option: 'existingBucket',
      with: 'bucketPolicy',
      because: KEEPS_OWNERS_SETTINGS,
      when: ({ existingBucket, bucketPolicy }) => existingBucket === true && bucketPolicy !== undefined,
    },
  ],
  arns: ({ bucketPolicy }) =>
    (bucketPolicy?.onlyReaders ?? []).map((arn, index) => ({
      option: `bucketPolicy.onlyReaders.${index}`,
      arn,
      anyAccount: true,
    })),
};

/** What to deny. */
export interface BucketPolicyRequirements {
  readonly requireTls?: boolean;
  readonly minimumTlsVersion?: string;
  /** ARNs of the only principals that may read logs, with `*` in their names; `undefined` = no such deny. */
  readonly onlyReaders?: readonly string[];
}

/** The bucket's policy, or `undefined` if nothing is to be denied. */
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
