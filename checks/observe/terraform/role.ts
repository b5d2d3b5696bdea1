/** A role as Terraform will make it: with inline blocks, separate policies, attachments of either kind, or managed ARNs. */
import { partitionOf } from '../../../contract/partition';
import { roleArn } from '../../../contract/policies';
import {
  ABSENT,
  known,
  type Observed,
  type PolicyText,
  type RoleObservation,
  type RolePolicy,
  unreadable,
} from '../observation';
import {
  attribute,
  blocks,
  KnownAfterApply,
  plainAddress,
  referencedAddress,
  type TerraformResource,
  type TerraformWorld,
} from './resource';

export function observeRole(
  world: TerraformWorld,
  roleName: string,
  accountId: string,
): Observed<RoleObservation> {
  const role = world.resources.find((resource) => isRole(resource, roleName));
  if (!role) {
    if (world.destroyed.some((resource) => isRole(resource, roleName))) return ABSENT;
    return unreadable({
      message: `${world.source} has no aws_iam_role named ${roleName}, so it does not say whether it exists`,
    });
  }
  const path = typeof role.values.path === 'string' ? role.values.path : '/';
  const partition = (world.region && partitionOf(world.region)) || 'aws';
  const boundaryArn = attribute(role, 'permissions_boundary');
  return known({
    name: roleName,
    arn:
      typeof role.values.arn === 'string' ? role.values.arn : roleArn(partition, accountId, roleName, path),
    path,
    trustPolicy: document(world, `trust policy of role ${roleName}`, attribute(role, 'assume_role_policy')),
    inlinePolicies: inlinePolicies(world, role, roleName),
    attachedPolicies: attachedPolicies(world, role, roleName),
    permissionsBoundary:
      boundaryArn === undefined || boundaryArn === ''
        ? ABSENT
        : known({ arn: shownArn(boundaryArn), document: managedPolicy(world, boundaryArn) }),
  });
}

function isRole(resource: TerraformResource, roleName: string): boolean {
  return resource.type === 'aws_iam_role' && resource.mode === 'managed' && resource.values.name === roleName;
}

/** Whether a `role` argument speaks of the role; `undefined` where that is not known. */
function speaksOf(value: unknown, role: TerraformResource, roleName: string): boolean | undefined {
  if (value instanceof KnownAfterApply) {
    if (value.references.length === 0) return undefined;
    return value.references.some((reference) => referencedAddress(reference) === plainAddress(role.address));
  }
  return value === roleName;
}

function inlinePolicies(
  world: TerraformWorld,
  role: TerraformResource,
  roleName: string,
): Observed<readonly RolePolicy[]> {
  const found: RolePolicy[] = [];
  const add = (name: unknown, policy: unknown) => {
    const text = typeof name === 'string' ? name : '(known after apply)';
    found.push({
      kind: 'inline',
      name: text,
      document: document(world, `inline policy ${text} of role ${roleName}`, policy),
    });
  };
  const inline = attribute(role, 'inline_policy');
  if (inline instanceof KnownAfterApply && !role.isNew)
    return afterApply(world, `the inline policies of role ${roleName}`);
  for (const entry of blocks(inline))
    if (entry.name !== undefined && entry.name !== null) add(entry.name, entry.policy);
  for (const resource of ofType(world, 'aws_iam_role_policy')) {
    const speaks = speaksOf(resource.values.role, role, roleName);
    if (speaks === undefined) return afterApply(world, `the role of ${resource.address}`);
    if (speaks) add(resource.values.name, resource.values.policy);
  }
  return known(found);
}

function attachedPolicies(
  world: TerraformWorld,
  role: TerraformResource,
  roleName: string,
): Observed<readonly RolePolicy[]> {
  const arns: unknown[] = [];
  const managed = attribute(role, 'managed_policy_arns');
  if (Array.isArray(managed)) arns.push(...managed);
  else if (managed instanceof KnownAfterApply && !role.isNew)
    return afterApply(world, `the policies attached to role ${roleName}`);
  for (const resource of [
    ...ofType(world, 'aws_iam_role_policy_attachment'),
    ...ofType(world, 'aws_iam_policy_attachment'),
  ]) {
    const roles =
      resource.type === 'aws_iam_policy_attachment' ? resource.values.roles : resource.values.role;
    const speaks = (Array.isArray(roles) ? roles : [roles]).map((entry) => speaksOf(entry, role, roleName));
    if (speaks.includes(true)) arns.push(resource.values.policy_arn);
    else if (speaks.includes(undefined)) return afterApply(world, `the role of ${resource.address}`);
  }
  const distinct = new Map(arns.map((arn) => [shownArn(arn), arn]));
  return known(
    [...distinct].map(([shown, arn]) => ({
      kind: 'attached' as const,
      name: shown.split('/').pop() ?? shown,
      arn: shown,
      document: managedPolicy(world, arn),
    })),
  );
}

/** A managed policy by its ARN, or by the resource that its ARN comes from. */
function managedPolicy(world: TerraformWorld, arn: unknown): Observed<PolicyText> {
  const shown = shownArn(arn);
  const policy = world.resources.find((resource) => {
    if (resource.type !== 'aws_iam_policy') return false;
    if (!(arn instanceof KnownAfterApply)) return resource.values.arn === arn;
    return arn.references.some(
      (reference) => referencedAddress(reference) === plainAddress(resource.address),
    );
  });
  if (policy) return document(world, `policy ${shown}`, attribute(policy, 'policy'));
  return unreadable({ message: `${world.source} does not hold the policy ${shown}` });
}

function shownArn(arn: unknown): string {
  if (!(arn instanceof KnownAfterApply)) return String(arn);
  return arn.references[0] ?? '(known after apply)';
}

function document(world: TerraformWorld, source: string, value: unknown): Observed<PolicyText> {
  if (typeof value === 'string') return known({ source, text: value });
  return afterApply(world, `the ${source}`);
}

/** For what Terraform will know only after apply. */
export function afterApply(world: TerraformWorld, what: string) {
  return unreadable({ message: `${what} is known after apply, says ${world.source}` });
}

function ofType(world: TerraformWorld, type: string): TerraformResource[] {
  return world.resources.filter((resource) => resource.type === type && resource.mode === 'managed');
}
