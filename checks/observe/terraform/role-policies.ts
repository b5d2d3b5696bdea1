/**
 * The policies of a role: in blocks and lists of the role itself, in resources of their own, in exclusive lists.
 * What is there besides is known of a role that the plan makes (nothing), and of one that the provider has read.
 */
import { type RolePolicy, type Unreadable, unreadable } from '../observation';
import { documentOf, managedPolicy } from './policy-text';
import {
  attribute,
  blocks,
  configured,
  hasOpenBlocks,
  isApplied,
  KnownAfterApply,
  managed,
  ofOtherProvider,
  speaksOf,
  type TerraformResource,
  type TerraformWorld,
} from './resource';

/** All inline policies; an entry that can't be read stands for what is not known. */
export function inlinePolicies(
  world: TerraformWorld,
  role: TerraformResource,
  roleName: string,
): RolePolicy[] {
  const inline = (name: unknown, policy: unknown): RolePolicy => {
    const text = typeof name === 'string' ? name : '(known after apply)';
    const source = `inline policy ${text} of role ${roleName}`;
    return { kind: 'inline', name: text, document: documentOf(world, source, policy) };
  };
  const notKnown = (because: string | Unreadable, name = '(not known)'): RolePolicy => ({
    kind: 'inline',
    name,
    document: unreadable(typeof because === 'string' ? { message: because } : because),
  });

  const own = role.isNew ? configured(role, 'inline_policy') : attribute(role, 'inline_policy');
  const removed = removedFrom(world, 'aws_iam_role_policy', 'role', roleName).map(
    ({ values }) => values.name,
  );
  // An empty block says that there shall be none (provider documentation, "inline_policy").
  let before = blocks(own)
    .filter(({ name }) => name !== undefined && name !== null && name !== '' && !removed.includes(name))
    .map(({ name, policy }) => inline(name, policy));
  let rest: RolePolicy | undefined;
  if (hasOpenBlocks(own))
    rest = notKnown(`the inline policies of role ${roleName} are known after apply, says ${world.source}`);
  else if (!role.isNew && own === undefined)
    rest = notKnown(`${world.source} does not manage all inline policies of role ${roleName}`);

  const { sure, unsure } = exclusiveLists(world, 'aws_iam_role_policies_exclusive', role, roleName);
  const list = sure.length === 1 ? sure[0] : undefined;
  const kept = list?.values.policy_names;
  const names: string[] = [];
  const written = managed(world, 'aws_iam_role_policy').flatMap((resource) => {
    const { name, policy, role: of } = resource.values;
    const speaks = speaksOf(of, role, roleName);
    if (speaks === undefined) return [notKnown(unclearRole(world, resource))];
    if (!speaks) return [];
    const found = inline(name, policy);
    names.push(found.name);
    const ownName =
      typeof name === 'string'
        ? name
        : new KnownAfterApply({ addresses: [resource.address], complete: true });
    if (isLost(world, resource, role, roleName)) return [notKnown(lost(world, resource, role), found.name)];
    const taker = takerOf(world, resource, { role, roleName, key: 'name' });
    const stays = fate(resource, list && !mayName(kept, ownName) ? list : undefined, taker);
    if (stays === 'goes') return [];
    return [stays === 'stays' ? found : notKnown(contested(world, taker ?? list, resource), found.name)];
  });
  // What the plan will write takes the place of what was read under the same name.
  before = before.filter(({ name }) => !names.includes(name));
  if (Array.isArray(kept) && listed(kept) !== undefined) {
    // Removes what it does not name, and makes nothing (provider documentation of the resource).
    before = before.filter(({ name }) => kept.includes(name));
    const seen = [...names, ...before.map(({ name }) => name)];
    const missing = kept.filter((name): name is string => typeof name === 'string' && !seen.includes(name));
    const message = (name: string) => `${world.source} does not hold the inline policy ${name}`;
    before.push(...(rest ? missing.map((name) => notKnown(message(name), name)) : []));
    rest = undefined;
  }
  const other = ofOtherProvider(world, /^awscc_iam_role/);
  const more = other
    ? [notKnown(`${other.address}, which this tool does not read, may give the role more`)]
    : [];
  return [
    ...before,
    ...written,
    ...(rest ? [rest] : []),
    ...unsure.map((message) => notKnown(message)),
    ...more,
  ];
}

/** All attached policies; an entry that can't be read stands for what is not known. */
export function attachedPolicies(
  world: TerraformWorld,
  role: TerraformResource,
  roleName: string,
): RolePolicy[] {
  const policies = new Map<string, RolePolicy>();
  const add = (arn: unknown, at: string) => {
    const policy = managedPolicy(world, arn);
    const unclear = arn instanceof KnownAfterApply && arn.origin.addresses.length !== 1;
    const name = policy.arn.split('/').pop() ?? policy.arn;
    policies.set(unclear ? at : policy.arn, { kind: 'attached', name, ...policy });
  };
  const notKnown = (key: string, because: string | Unreadable) => {
    const reason = typeof because === 'string' ? { message: because } : because;
    policies.set(key, { kind: 'attached', name: '(not known)', document: unreadable(reason) });
  };
  const addList = (arns: unknown, at: string, message: string) => {
    const list = listed(arns);
    if (list === undefined) notKnown(at, message);
    for (const [index, arn] of (list ?? []).entries()) add(arn, `${at}[${index}]`);
  };
  const after = (what: string) => `${what} are known after apply, says ${world.source}`;
  const addAttached = (resource: TerraformResource) => {
    const { policy_arn: arn } = resource.values;
    const [list] = sure;
    if (isLost(world, resource, role, roleName)) {
      const isGivenAgain = list && isApplied(list) && mayName(list.values.policy_arns, arn);
      if (!isGivenAgain) notKnown(resource.address, lost(world, resource, role));
      return;
    }
    const taker = takerOf(world, resource, { role, roleName, key: 'policy_arn' });
    const stays = fate(resource, list && !mayName(list.values.policy_arns, arn) ? list : undefined, taker);
    if (stays === 'stays') add(arn, resource.address);
    if (stays === 'undecided') notKnown(resource.address, contested(world, taker ?? list, resource));
  };

  const { sure, unsure } = exclusiveLists(world, 'aws_iam_role_policy_attachments_exclusive', role, roleName);
  for (const message of unsure) notKnown(message, message);
  const own = role.isNew ? configured(role, 'managed_policy_arns') : attribute(role, 'managed_policy_arns');
  if (sure.length > 0) {
    // Attaches what is missing and detaches the rest (provider documentation of the resource).
    for (const list of sure) {
      const { address, values } = list;
      if (isLost(world, list, role, roleName)) notKnown(address, lost(world, list, role));
      else addList(values.policy_arns, address, after(`the policies of ${address}`));
    }
  } else if (own !== undefined) {
    const removed = removedAttachments(world, roleName);
    const left = Array.isArray(own) ? own.filter((arn) => !removed.has(arn)) : own;
    addList(left, 'own', after(`the policies attached to role ${roleName}`));
  } else if (!role.isNew) {
    notKnown('own', `${world.source} does not manage all policies attached to role ${roleName}`);
  }
  for (const resource of [
    ...managed(world, 'aws_iam_role_policy_attachment'),
    ...managed(world, 'aws_iam_policy_attachment'),
  ]) {
    const single = resource.type === 'aws_iam_role_policy_attachment';
    const roles = single ? resource.values.role : resource.values.roles;
    const speaks = [roles].flat().map((entry) => speaksOf(entry, role, roleName));
    if (speaks.includes(true)) addAttached(resource);
    else if (speaks.includes(undefined)) notKnown(resource.address, unclearRole(world, resource));
  }
  const other = ofOtherProvider(world, /^awscc_iam_(role|managed_policy)$/);
  if (other)
    notKnown(other.address, `${other.address}, which this tool does not read, may give the role more`);
  return [...policies.values()];
}

/**
 * What an exclusive list leaves of a policy that it does not name. It takes such policies away when it is made or changed, and
 * does nothing otherwise (the provider's `role_policies_exclusive.go` and `role_policy_attachments_exclusive.go`: Create and
 * Update list what the role has and remove what is not wanted). Which of the two is applied first where both are applied, no
 * plan says; nor does a state say which was.
 */
function afterList(list: TerraformResource, policy: TerraformResource): 'stays' | 'goes' | 'undecided' {
  if (!isApplied(list)) return isApplied(policy) ? 'stays' : 'undecided';
  return isApplied(policy) ? 'undecided' : 'goes';
}

/**
 * What is left of what a resource gives the role: an exclusive list may not name it, and another resource may take it away in the
 * same apply, as where its address was changed without a `moved` block.
 * @param list that does not name it
 * @param taker gave it before, and will no longer
 */
function fate(
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
function takerOf(
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
    [values[GIVING[type] ?? '']].flat().some((of) => speaksOf(of, role, roleName) !== false) &&
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

/** Whether a list of names or ARNs holds one, or may. What is not known yet is told by where it comes from. */
function mayName(list: unknown, value: unknown): boolean {
  const entries = listed(list);
  if (entries === undefined) return true;
  if (!(value instanceof KnownAfterApply)) return entries.includes(value);
  const { addresses, complete } = value.origin;
  if (!complete || addresses.length !== 1) return entries.length > 0;
  return entries.some(
    (entry) => entry instanceof KnownAfterApply && entry.origin.addresses[0] === addresses[0],
  );
}

/**
 * Whether what a resource gave the role before goes with the old role: of a role that is replaced under its name, Terraform leaves
 * alone what refers to it by that name. `aws_iam_policy_attachment` attaches only to roles that are new in its list.
 */
function isLost(
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
function lost(world: TerraformWorld, { address }: TerraformResource, role: TerraformResource): Unreadable {
  const message = `${role.address} is replaced and ${address} is not, so it goes with the old role, or keeps that from being deleted, says ${world.source}; name the role by its id there, or replace both`;
  return { message, undecided: true };
}

function contested(
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

/** The exclusive lists of the role, and what is not known since more of them may be the role's. */
function exclusiveLists(world: TerraformWorld, type: string, role: TerraformResource, roleName: string) {
  const lists = managed(world, type);
  const speaks = ({ values }: TerraformResource) => speaksOf(values.role_name, role, roleName);
  const sure = lists.filter(speaks);
  const unsure = lists.filter((list) => speaks(list) === undefined).map((list) => unclearRole(world, list));
  if (sure.length > 1) {
    const addresses = sure.map(({ address }) => address).join(', ');
    unsure.push(`which of ${addresses} is applied last to role ${roleName}, ${world.source} does not say`);
  }
  return { sure, unsure };
}

/** ARNs or names as a list; `undefined` where it is not known which they are. */
function listed(arns: unknown): unknown[] | undefined {
  if (arns instanceof KnownAfterApply) {
    // A list made of one resource's ARN; of several, which of them is not said.
    return arns.origin.complete && arns.origin.addresses.length === 1 ? [arns] : undefined;
  }
  if (!Array.isArray(arns)) return [];
  const open = arns.filter((arn): arn is KnownAfterApply => arn instanceof KnownAfterApply);
  const origin = open[0]?.origin;
  if (!origin) return arns;
  // Every element that is not known refers to all of them: one each, where the numbers agree.
  if (!origin.complete || origin.addresses.length !== open.length) return undefined;
  const each = origin.addresses.map(
    (address) => new KnownAfterApply({ addresses: [address], complete: true }),
  );
  return [...arns.filter((arn) => !(arn instanceof KnownAfterApply)), ...each];
}

/** Resources of the type that spoke of the role before, and are destroyed or replaced. */
function removedFrom(world: TerraformWorld, type: string, attributeName: string, roleName: string) {
  return world.before.filter((resource) => {
    if (resource.type !== type) return false;
    const value = resource.values[attributeName];
    return Array.isArray(value) ? value.includes(roleName) : value === roleName;
  });
}

/** ARNs that were attached by resources which the plan takes away or changes; what still attaches them adds them again. */
function removedAttachments(world: TerraformWorld, roleName: string): Set<unknown> {
  return new Set(
    [
      ...removedFrom(world, 'aws_iam_role_policy_attachment', 'role', roleName),
      ...removedFrom(world, 'aws_iam_policy_attachment', 'roles', roleName),
    ].map(({ values }) => values.policy_arn),
  );
}

function unclearRole(world: TerraformWorld, { address }: TerraformResource): string {
  return `the role of ${address} is known after apply, says ${world.source}`;
}
