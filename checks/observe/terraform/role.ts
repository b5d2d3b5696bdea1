/** A role as Terraform will make it, or as it found it. */
import { partitionOf } from '../../../contract/partition';
import { roleArn } from '../../../contract/policies';
import { ABSENT, known, type Observed, type RoleObservation, unreadable } from '../observation';
import { documentOf, managedPolicy } from './policy-text';
import { Reader } from './reader';
import {
  attribute,
  configured,
  KnownAfterApply,
  ofType,
  type TerraformResource,
  type TerraformWorld,
} from './resource';
import { attachedPolicies, inlinePolicies } from './role-policies';

/**
 * The resource that makes the role, or the data source that found it.
 * @returns why it is not known, if there is none or more than one
 */
export function findRole(world: TerraformWorld, roleName: string): TerraformResource | Observed<never> {
  const found = ofType(world, 'aws_iam_role').filter((resource) => isRole(resource, roleName));
  const made = found.filter(({ mode }) => mode === 'managed');
  if (made.length > 1) {
    return unreadable({
      message: `${world.source} has several roles named ${roleName} (${made.map(({ address }) => address).join(', ')}), and does not say which one is meant`,
    });
  }
  if (made.length === 0 && world.destroyed.some((resource) => isRole(resource, roleName))) return ABSENT;
  // A data source whose ARN is known was read, so the role exists.
  const role = made[0] ?? found.find((resource) => typeof resource.values.arn === 'string');
  if (role) return role;
  if (found.length > 0) return afterApply(world, `whether there is a role ${roleName}`);
  const unnamed = ofType(world, 'aws_iam_role').find(({ values }) => values.name instanceof KnownAfterApply);
  const may = unnamed ? `; the name of ${unnamed.address} is known after apply` : '';
  return unreadable({
    message: `${world.source} has no aws_iam_role named ${roleName}, so it does not say whether it exists${may}`,
  });
}

export function observeRole(
  world: TerraformWorld,
  roleName: string,
  accountId: string,
): Observed<RoleObservation> {
  const role = findRole(world, roleName);
  if ('state' in role) return role;
  const path = typeof role.values.path === 'string' ? role.values.path : '/';
  const partition = (world.region && partitionOf(world.region)) || 'aws';
  const boundary = role.isNew
    ? configured(role, 'permissions_boundary')
    : attribute(role, 'permissions_boundary');
  return known({
    address: role.address,
    name: roleName,
    arn:
      typeof role.values.arn === 'string' ? role.values.arn : roleArn(partition, accountId, roleName, path),
    path,
    roleId: typeof role.values.unique_id === 'string' ? role.values.unique_id : undefined,
    trustPolicy: documentOf(
      world,
      `trust policy of role ${roleName}`,
      attribute(role, 'assume_role_policy'),
      role.address,
    ),
    inlinePolicies: known(inlinePolicies(world, role, roleName)),
    attachedPolicies: known(attachedPolicies(world, role, roleName)),
    permissionsBoundary:
      boundary === undefined || boundary === '' ? ABSENT : known(managedPolicy(world, boundary, role)),
    ...attributes(world, role),
  });
}

/** What IAM gives a role that says nothing of it (IAM API Reference, CreateRole, "MaxSessionDuration"). */
const SESSION_SECONDS = 3600;

function attributes(
  world: TerraformWorld,
  role: TerraformResource,
): Pick<RoleObservation, 'maxSessionDuration' | 'tags' | 'description'> {
  const reader = new Reader();
  const seconds = reader.number(configured(role, 'max_session_duration'));
  const byDefault = role.isNew
    ? known(SESSION_SECONDS)
    : unreadable({ message: `${world.source} does not say how long a session of the role may be` });
  const maxSessionDuration = reader.isOpen()
    ? afterApply(world, 'the longest session of the role')
    : seconds === undefined
      ? byDefault
      : known(seconds);
  const forText = new Reader();
  const text = forText.text(configured(role, 'description'));
  const description = forText.isOpen()
    ? afterApply(world, 'the description of the role')
    : text
      ? known(text)
      : ABSENT;
  // `tags_all` holds the provider's default tags, too; what CDKTF synthesised has none.
  const forTags = new Reader();
  const tags = forTags.map(configured(role, 'tags_all') ?? configured(role, 'tags')) ?? {};
  return {
    maxSessionDuration,
    tags: forTags.isOpen() ? afterApply(world, 'the tags of the role') : known(tags),
    description,
  };
}

export function isRole({ type, values }: TerraformResource, roleName: string): boolean {
  return type === 'aws_iam_role' && values.name === roleName;
}

/** For what several resources set, or may set. */
export function unclearSetting(world: TerraformWorld, what: string) {
  return unreadable({
    message: `which resource sets ${what} is known after apply, says ${world.source}: several do, or may`,
  });
}

/** For what Terraform will know only after apply. */
export function afterApply(world: TerraformWorld, what: string) {
  return unreadable({ message: `${what} is known after apply, says ${world.source}` });
}
