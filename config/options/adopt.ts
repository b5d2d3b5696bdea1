/** What of an export exists already and is taken over by Terraform. `altr-export adopt` writes it. */
import * as z from 'zod';
import { ownPolicyArnFaults } from '../../contract/arn';
import { type OptionGroup, validText, whenGiven } from './option';

/** Settings of a bucket that are resources of their own in Terraform, and so are imported by themselves. */
export const BUCKET_SETTINGS = [
  'publicAccessBlock',
  'ownershipControls',
  'encryption',
  'versioning',
  'objectLock',
] as const;
export type BucketSetting = (typeof BUCKET_SETTINGS)[number];

const adoptedSchema = whenGiven(() =>
  z
    .strictObject({
      policyArn: validText(
        ownPolicyArnFaults,
        'ARN of the managed policy that is attached to the role. Without it one is made and attached, before inline policies are taken off.',
      ).optional(),
      bucketSettings: z
        .array(z.enum(BUCKET_SETTINGS))
        .describe('Settings that the bucket has; the others are made if the config asks for them.'),
    })
    .describe(
      'The bucket and the role exist already, and the policy that is named here: Terraform imports them at the next apply. It may stay afterwards.',
    ),
);

export type Adopted = z.output<typeof adoptedSchema>;

export const adoptShape = { adopt: adoptedSchema.optional() };

export const adopt: OptionGroup = {
  clashes: [
    {
      option: 'existingBucket',
      with: 'adopt.bucketSettings',
      because: 'nothing of an existing bucket is imported; empty the list',
      when: ({ existingBucket, adopt }) => existingBucket === true && (adopt?.bucketSettings.length ?? 0) > 0,
    },
  ],
};

/** A resource to import: its type in Terraform, and its ID there. */
export interface ImportedResource {
  readonly type: string;
  readonly id: string;
}

const SETTING_TYPES: Readonly<Record<BucketSetting, string>> = {
  publicAccessBlock: 'aws_s3_bucket_public_access_block',
  ownershipControls: 'aws_s3_bucket_ownership_controls',
  encryption: 'aws_s3_bucket_server_side_encryption_configuration',
  versioning: 'aws_s3_bucket_versioning',
  objectLock: 'aws_s3_bucket_object_lock_configuration',
};

/**
 * Everything of the export that is there. Without `policyArn` the policy is made anew, and attached before the inline policies
 * go that `aws_iam_role_policies_exclusive` finds. IDs: each resource's page in the AWS provider's documentation, "Import".
 */
export function adoptedImports(
  { roleName, bucket }: { readonly roleName: string; readonly bucket: string },
  { policyArn, bucketSettings }: Adopted,
): ImportedResource[] {
  return [
    { type: 'aws_iam_role', id: roleName },
    ...(policyArn === undefined
      ? []
      : [
          { type: 'aws_iam_policy', id: policyArn },
          { type: 'aws_iam_role_policy_attachment', id: `${roleName}/${policyArn}` },
        ]),
    { type: 'aws_iam_role_policies_exclusive', id: roleName },
    { type: 'aws_iam_role_policy_attachments_exclusive', id: roleName },
    { type: 'aws_s3_bucket', id: bucket },
    ...bucketSettings.map((setting) => ({ type: SETTING_TYPES[setting], id: bucket })),
  ];
}
