/**
 * The policies of a role: in blocks and lists of the role itself, in resources of their own, in exclusive lists.
 * What is there besides is known of a role that the plan makes (nothing), and of one that the provider has read.
 */
import { type RolePolicy, type Unreadable, unreadable } from '../observation';
import { exclusiveLists, listed, mayName, unclearRole } from './exclusive-lists';
import { contested, fate, isLost, lost, removerOf } from './policy-fate';
import { documentOf, managedPolicy } from './policy-text';
import {
  attribute,
  blocks,
  byOtherMeans,
  configured,
  hasOpenBlocks,
  isApplied,
  KnownAfterApply,
  managed,
  refersTo,
  type TerraformResource,
  type TerraformWorld,
} from './resource';

/** All inline policies; what is not known is an entry that can't be read. */
export function inlinePolicies(
  world: TerraformWorld,
  role: TerraformResource,
  roleName: string,
): RolePolicy[] {
  const inline = (name: unknown, policy: unknown, { address }: TerraformResource): RolePolicy => {
    const text = typeof name === 'string' ? name : '(known after apply)';
    const source = `inline policy ${text} of role ${roleName}`;
    return { kind: 'inline', name: text, address, document: documentOf(world, source, policy, address) };
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
    .map(({ name, policy }) => inline(name, policy, role));
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
    const speaks = refersTo(of, role, roleName);
    if (speaks === undefined) return [notKnown(unclearRole(world, resource))];
    if (!speaks) return [];
    const found = inline(name, policy, resource);
    names.push(found.name);
    const ownName =
      typeof name === 'string'
        ? name
        : new KnownAfterApply({ addresses: [resource.address], complete: true });
    if (isLost(world, resource, role, roleName)) return [notKnown(lost(world, resource, role), found.name)];
    const taker = removerOf(world, resource, { role, roleName, key: 'name' });
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
  const more = mayGiveMore(world, roleName, /^awscc_iam_(role|policy|group_policy)/).map((message) =>
    notKnown(message),
  );
  return [
    ...before,
    ...written,
    ...(rest ? [rest] : []),
    ...unsure.map((message) => notKnown(message)),
    ...more,
  ];
}

/** All attached policies; what is not known is an entry that can't be read. */
export function attachedPolicies(
  world: TerraformWorld,
  role: TerraformResource,
  roleName: string,
): RolePolicy[] {
  const policies = new Map<string, RolePolicy>();
  const add = (arn: unknown, at: string, { address }: TerraformResource) => {
    const policy = managedPolicy(world, arn, role);
    const unclear = arn instanceof KnownAfterApply && arn.origin.addresses.length !== 1;
    const name = policy.arn.split('/').pop() ?? policy.arn;
    policies.set(unclear ? at : policy.arn, { kind: 'attached', name, address, ...policy });
  };
  const notKnown = (key: string, because: string | Unreadable) => {
    const reason = typeof because === 'string' ? { message: because } : because;
    policies.set(key, { kind: 'attached', name: '(not known)', document: unreadable(reason) });
  };
  const addList = (arns: unknown, at: string, message: string, holder: TerraformResource) => {
    const list = listed(arns);
    if (list === undefined) notKnown(at, message);
    for (const [index, arn] of (list ?? []).entries()) add(arn, `${at}[${index}]`, holder);
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
    const taker = removerOf(world, resource, { role, roleName, key: 'policy_arn' });
    const stays = fate(resource, list && !mayName(list.values.policy_arns, arn) ? list : undefined, taker);
    if (stays === 'stays') add(arn, resource.address, resource);
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
      else addList(values.policy_arns, address, after(`the policies of ${address}`), list);
    }
  } else if (own !== undefined) {
    const removed = removedAttachments(world, roleName);
    const left = Array.isArray(own) ? own.filter((arn) => !removed.has(arn)) : own;
    addList(left, 'own', after(`the policies attached to role ${roleName}`), role);
  } else if (!role.isNew) {
    notKnown('own', `${world.source} does not manage all policies attached to role ${roleName}`);
  }
  for (const resource of [
    ...managed(world, 'aws_iam_role_policy_attachment'),
    ...managed(world, 'aws_iam_policy_attachment'),
  ]) {
    const single = resource.type === 'aws_iam_role_policy_attachment';
    const roles = single ? resource.values.role : resource.values.roles;
    const speaks = [roles].flat().map((entry) => refersTo(entry, role, roleName));
    if (speaks.includes(true)) addAttached(resource);
    else if (speaks.includes(undefined)) notKnown(resource.address, unclearRole(world, resource));
  }
  for (const message of mayGiveMore(world, roleName, /^awscc_iam_(role|managed_policy)$/))
    notKnown(message, message);
  return [...policies.values()];
}

/** Why the role may get more than the resources that this tool reads give it. */
function mayGiveMore(world: TerraformWorld, roleName: string, types: RegExp): string[] {
  const other = byOtherMeans(world, types);
  return [
    ...(other ? [`${other.address}, which this tool does not read, may give the role more`] : []),
    ...(world.isPartial
      ? [
          `${world.source} is not the whole plan, as with -target or deferred changes, so role ${roleName} may get more later; plan without -target`,
        ]
      : []),
  ];
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
