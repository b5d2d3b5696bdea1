/** Takes over existing resources: import blocks, so that Terraform creates nothing twice. */
import { TerraformResource } from 'cdktf';
import { type Adopted, adoptedImports } from '../../config/options/adopt';
import type { AltrAuditLogExport } from '../altr-audit-log-export';

/**
 * Writes import blocks for the bucket, its settings, the role and its policy. Terraform skips a block whose resource is in its
 * state already, so the blocks may stay after the first apply. Tags and the policy's description, which the config does not
 * declare, are kept: IAM can't change a description, and Terraform would replace the policy for it.
 * @param keepTags whether tags that exist stay, since the config declares none
 */
export function importExisting(
  { contract, bucket, role, policy }: AltrAuditLogExport,
  adopted: Adopted,
  keepTags: boolean,
): void {
  const tags = keepTags ? ['tags', 'tags_all'] : [];
  const ignored: Readonly<Record<string, readonly string[]>> = {
    aws_iam_role: tags,
    aws_iam_policy: ['description', ...tags],
    aws_s3_bucket: tags,
  };
  const imports = adoptedImports(contract, adopted);
  for (const resource of [role, policy, ...(bucket ? [bucket] : [])].flatMap(withSiblings)) {
    const found = imports.find(({ type }) => type === resource.terraformResourceType);
    if (found) takeOver(resource, found.id, ignored[found.type] ?? []);
  }
}

function takeOver(resource: TerraformResource, id: string, ignored: readonly string[]): void {
  resource.importFrom(id);
  if (ignored.length === 0) return;
  const before = resource.lifecycle ?? {};
  const others = Array.isArray(before.ignoreChanges) ? before.ignoreChanges : [];
  resource.lifecycle = { ...before, ignoreChanges: [...others, ...ignored] };
}

/** The resources that are made together with one, itself included. */
function withSiblings(resource: TerraformResource): readonly TerraformResource[] {
  return (resource.node.scope?.node.children ?? []).filter((child) =>
    TerraformResource.isTerraformResource(child),
  );
}
