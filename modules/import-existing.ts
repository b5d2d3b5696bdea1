/** Takes over what exists: import blocks, so that Terraform makes nothing anew. */
import { IamRolePoliciesExclusive } from '@cdktf/provider-aws/lib/iam-role-policies-exclusive';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { IamRolePolicyAttachmentsExclusive } from '@cdktf/provider-aws/lib/iam-role-policy-attachments-exclusive';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import type { TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { Adopted, BucketSetting } from '../contract/config/adopted';
import type { AltrAuditLogExport } from './altr-audit-log-export';

/**
 * Writes import blocks for the bucket, its settings, the role and its policy. Terraform leaves out a block whose resource is
 * in its state already, so the blocks may stay after the first apply. What the config does not speak of, tags and the policy's
 * description, stays as it is: IAM can't change a description, and Terraform would make the policy anew for it.
 * @param keepTags whether tags that exist stay, since the config declares none
 */
export function importExisting(
  { contract, bucket, role, policy }: AltrAuditLogExport,
  { policyArn, bucketSettings }: Adopted,
  keepTags: boolean,
): void {
  const tags = keepTags ? ['tags', 'tags_all'] : [];
  const takeOver = (resource: TerraformResource, id: string, ignored: readonly string[] = []) => {
    resource.importFrom(id);
    if (ignored.length > 0) {
      const before = resource.lifecycle ?? {};
      const others = Array.isArray(before.ignoreChanges) ? before.ignoreChanges : [];
      resource.lifecycle = { ...before, ignoreChanges: [...others, ...ignored] };
    }
  };
  takeOver(role, contract.roleName, tags);
  takeOver(policy, policyArn, ['description', ...tags]);
  for (const beside of siblings(policy)) {
    if (beside instanceof IamRolePolicyAttachment) takeOver(beside, `${contract.roleName}/${policyArn}`);
    if (beside instanceof IamRolePoliciesExclusive || beside instanceof IamRolePolicyAttachmentsExclusive) {
      takeOver(beside, contract.roleName);
    }
  }
  if (!bucket) return;
  takeOver(bucket, contract.bucket, tags);
  for (const beside of siblings(bucket)) {
    const setting = SETTINGS.find(([type]) => beside instanceof type)?.[1];
    if (setting && bucketSettings.includes(setting)) takeOver(beside as TerraformResource, contract.bucket);
  }
}

const SETTINGS: readonly (readonly [new (...args: never[]) => TerraformResource, BucketSetting])[] = [
  [S3BucketPublicAccessBlock, 'publicAccessBlock'],
  [S3BucketOwnershipControls, 'ownershipControls'],
  [S3BucketServerSideEncryptionConfigurationA, 'encryption'],
];

function siblings(resource: IConstruct): readonly IConstruct[] {
  return resource.node.scope?.node.children ?? [];
}
