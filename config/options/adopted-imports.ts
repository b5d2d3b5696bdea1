/** What Terraform imports of an export that exists already: types of resources, and the IDs by which the AWS provider imports them. */
import type { Adopted, BucketSetting } from './adopt';

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
