/**
 * What an apply leaves of what a resource gives the role: an exclusive list may take it away, another resource may, and it may go
 * with a role that is replaced.
 */
import type { Unreadable } from '../observation';
import { isApplied, managed, refersTo, type TerraformResource, type TerraformWorld } from './resource';

/**
 * What an exclusive list leaves of a policy that it does not name. It takes such policies away when it is made or changed, and
 * does nothing otherwise (the provider's `role_policies_exclusive.go` and `role_policy_attachments_exclusive.go`: Create and
 * Update list what the role has and remove what is not wanted). If both are applied, neither a
 * plan nor a state says which comes first.
 */
function afterList(list: TerraformResource, policy: TerraformResource): 'stays' | 'goes' | 'undecided' {
  if (!isApplied(list)) return isApplied(policy) ? 'stays' : 'undecided';
  return isApplied(policy) ? 'undecided' : 'goes';
}

/**
 * What is left of what a resource gives the role: an exclusive list may not name it, and another resource may take it away in the
 * same apply, as when its address changed without a `moved` block.
 * @param list that does not name it
 * @param taker gave it before, and will no longer
 */
export function fate(
  resource: TerraformResource,
  list: TerraformResource | undefined,
  taker: TerraformResource | undefined,
): 'stays' | 'goes' | 'undecided' {
  const fates = [
    list ? afterList(list, resource) : 'stays',
    taker ? (isApplied(resource) ? 'undecided' : 'goes') : 'stays',
  ];
  return fates.includes('goes') ? 'goes' : fates.includes('undecided') ? 'undecided' : 'stays';
}

const GIVING: Readonly<Record<string, string>> = {
  aws_iam_role_policy: 'role',
  aws_iam_role_policy_attachment: 'role',
  aws_iam_policy_attachment: 'roles',
};

/** Another resource that gave the role the same before, and that the plan destroys, or changes so that it no longer does. */
export function removerOf(
  world: TerraformWorld,
  resource: TerraformResource,
  {
    role,
    roleName,
    key,
  }: { readonly role: TerraformResource; readonly roleName: string; readonly key: string },
): TerraformResource | undefined {
  // What the old role had goes with it.
  if (role.isNew) return undefined;
  const gives = ({ type, values }: TerraformResource) =>
    [values[GIVING[type] ?? '']].flat().some((of) => refersTo(of, role, roleName) !== false) &&
    values[key] === resource.values[key];
  const givers = Object.keys(GIVING)
    .flatMap((type) => managed(world, type))
    .filter(gives);
  return world.before.find(
    (was) =>
      was.type in GIVING &&
      was.address !== resource.address &&
      gives(was) &&
      !givers.some(({ address }) => address === was.address),
  );
}

/**
 * Whether what a resource gave the role before goes with the old role: of a role that is replaced under its name, Terraform leaves
 * alone what refers to it by that name. `aws_iam_policy_attachment` attaches only to roles that are new in its list.
 */
export function isLost(
  world: TerraformWorld,
  resource: TerraformResource,
  role: TerraformResource,
  roleName: string,
): boolean {
  if (!role.isNew || resource.isNew) return false;
  if (resource.type !== 'aws_iam_policy_attachment') return !isApplied(resource);
  const before = world.before.find(({ address }) => address === resource.address);
  return !before || [before.values.roles].flat().includes(roleName);
}

/** AWS refuses to delete a role that has policies; with `force_detach_policies` the provider takes them away first. */
export function lost(
  world: TerraformWorld,
  { address }: TerraformResource,
  role: TerraformResource,
): Unreadable {
  const message = `${role.address} is replaced and ${address} is not, so it goes with the old role, or keeps that from being deleted, says ${world.source}; name the role by its id there, or replace both`;
  return { message, undecided: true };
}

/** What contests a policy's stay: a list that does not name it, or another resource that takes it away. */
export function contested(
  world: TerraformWorld,
  by: TerraformResource | undefined,
  { address }: TerraformResource,
): Unreadable {
  const message =
    by && by.type in GIVING
      ? `${by.address} takes away what ${address} gives the role, and which of them is the last to be applied ${world.source} does not say; tell Terraform of the change with a moved block, or apply it in two steps`
      : `${by?.address} does not name what ${address} gives the role, and which of them is the last to be applied ${world.source} does not say; name it there, or remove it`;
  return { message, undecided: true };
}
