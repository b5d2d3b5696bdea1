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

interface Holder {
  readonly world: TerraformWorld;
  readonly role: TerraformResource;
  readonly roleName: string;
  /** The exclusive list of its policies. */
  readonly list?: TerraformResource | undefined;
}

/** All inline policies; what is not known is an entry that can't be read. */
export function inlinePolicies(
  world: TerraformWorld,
  role: TerraformResource,
  roleName: string,
): RolePolicy[] {
  const { sure, unsure } = exclusiveLists(world, 'aws_iam_role_policies_exclusive', role, roleName);
  const list = sure.length === 1 ? sure[0] : undefined;
  const holder = { world, role, roleName, list };
  const written = managed(world, 'aws_iam_role_policy').map((resource) => writtenInline(resource, holder));
  const names = written.flatMap(({ name }) => name ?? []);
  const own = ownInline(holder);
  // What the plan will write takes the place of what was read under the same name.
  const before = own.policies.filter(({ name }) => !names.includes(name));
  const kept = list?.values.policy_names;
  const isKnown = Array.isArray(kept) && listed(kept) !== undefined;
  return [
    ...(isKnown ? keptInline(world, kept, { before, names, incomplete: own.incomplete }) : before),
    ...written.flatMap(({ policy }) => policy ?? []),
    ...[
      ...(own.incomplete && !isKnown ? [own.incomplete] : []),
      ...unsure,
      ...mayGiveMore(world, roleName, /^awscc_iam_(role|policy|group_policy)/),
    ].map((message) => notKnown('inline', message)),
  ];
}

/** The inline policies that the role's own blocks hold, and why they may not be all. */
function ownInline({ world, role, roleName }: Holder) {
  const own = role.isNew ? configured(role, 'inline_policy') : attribute(role, 'inline_policy');
  const removed = removedFrom(world, 'aws_iam_role_policy', 'role', roleName).map(
    ({ values }) => values.name,
  );
  // An empty block says that there shall be none (provider documentation, "inline_policy").
  const policies = blocks(own)
    .filter(({ name }) => name !== undefined && name !== null && name !== '' && !removed.includes(name))
    .map((block) => inlinePolicy(world, block, roleName, role));
  let incomplete: string | undefined;
  if (hasOpenBlocks(own))
    incomplete = `the inline policies of role ${roleName} are known after apply, says ${world.source}`;
  else if (!role.isNew && own === undefined)
    incomplete = `${world.source} does not manage all inline policies of role ${roleName}`;
  return { policies, incomplete };
}

/** What is left of a resource's inline policy, and its name if it is the role's. */
function writtenInline(
  resource: TerraformResource,
  { world, role, roleName, list }: Holder,
): { name?: string; policy?: RolePolicy } {
  const speaks = refersTo(resource.values.role, role, roleName);
  if (speaks === undefined) return { policy: notKnown('inline', unclearRole(world, resource)) };
  if (!speaks) return {};
  const found = inlinePolicy(world, resource.values, roleName, resource);
  const { name } = found;
  const ownName =
    typeof resource.values.name === 'string'
      ? name
      : new KnownAfterApply({ addresses: [resource.address], complete: true });
  if (isLost(world, resource, role, roleName))
    return { name, policy: notKnown('inline', lost(world, resource, role), name) };
  const taker = removerOf(world, resource, { role, roleName, key: 'name' });
  const unnaming = list && !mayName(list.values.policy_names, ownName) ? list : undefined;
  const stays = fate(resource, unnaming, taker);
  if (stays === 'goes') return { name };
  if (stays === 'stays') return { name, policy: found };
  return { name, policy: notKnown('inline', contested(world, taker ?? list, resource), name) };
}

/** What an exclusive list leaves: it removes what it does not name, and makes nothing (provider documentation of the resource). */
function keptInline(
  world: TerraformWorld,
  kept: readonly unknown[],
  {
    before,
    names,
    incomplete,
  }: { before: RolePolicy[]; names: readonly string[]; incomplete: string | undefined },
): RolePolicy[] {
  const left = before.filter(({ name }) => kept.includes(name));
  if (!incomplete) return left;
  const seen = [...names, ...left.map(({ name }) => name)];
  const missing = kept.filter((name): name is string => typeof name === 'string' && !seen.includes(name));
  const message = (name: string) => `${world.source} does not hold the inline policy ${name}`;
  return [...left, ...missing.map((name) => notKnown('inline', message(name), name))];
}

function inlinePolicy(
  world: TerraformWorld,
  { name, policy }: { readonly name?: unknown; readonly policy?: unknown },
  roleName: string,
  { address }: TerraformResource,
): RolePolicy {
  const text = typeof name === 'string' ? name : '(known after apply)';
  const source = `inline policy ${text} of role ${roleName}`;
  return { kind: 'inline', name: text, address, document: documentOf(world, source, policy, address) };
}

/** An attached policy under a key: a later one takes the place of one with the same key. */
type Attached = readonly [key: string, RolePolicy];

/** All attached policies; what is not known is an entry that can't be read. */
export function attachedPolicies(
  world: TerraformWorld,
  role: TerraformResource,
  roleName: string,
): RolePolicy[] {
  const { sure, unsure } = exclusiveLists(world, 'aws_iam_role_policy_attachments_exclusive', role, roleName);
  const holder = { world, role, roleName, list: sure[0] };
  const attachments = [
    ...managed(world, 'aws_iam_role_policy_attachment'),
    ...managed(world, 'aws_iam_policy_attachment'),
  ];
  const policies = new Map<string, RolePolicy>([
    ...unsure.map((message) => [message, notKnown('attached', message)] as const),
    ...(sure.length > 0 ? sure.flatMap((list) => attachedByList(list, holder)) : ownAttached(holder)),
    ...attachments.flatMap((resource) => attachedByResource(resource, holder)),
    ...mayGiveMore(world, roleName, /^awscc_iam_(role|managed_policy)$/).map(
      (message) => [message, notKnown('attached', message)] as const,
    ),
  ]);
  return [...policies.values()];
}

/** An exclusive list attaches what is missing and detaches the rest (provider documentation of the resource). */
function attachedByList(list: TerraformResource, holder: Holder): Attached[] {
  const { world, role, roleName } = holder;
  const { address, values } = list;
  if (isLost(world, list, role, roleName)) return [[address, notKnown('attached', lost(world, list, role))]];
  const message = `the policies of ${address} are known after apply, says ${world.source}`;
  return attachedList(holder, values.policy_arns, { key: address, address, message });
}

function ownAttached(holder: Holder): Attached[] {
  const { world, role, roleName } = holder;
  const own = role.isNew ? configured(role, 'managed_policy_arns') : attribute(role, 'managed_policy_arns');
  if (own === undefined) {
    const message = `${world.source} does not manage all policies attached to role ${roleName}`;
    return role.isNew ? [] : [['own', notKnown('attached', message)]];
  }
  const removed = removedAttachments(world, roleName);
  const left = Array.isArray(own) ? own.filter((arn) => !removed.has(arn)) : own;
  const message = `the policies attached to role ${roleName} are known after apply, says ${world.source}`;
  return attachedList(holder, left, { key: 'own', address: role.address, message });
}

function attachedList(
  holder: Holder,
  arns: unknown,
  { key, address, message }: { readonly key: string; readonly address: string; readonly message: string },
): Attached[] {
  const list = listed(arns);
  if (!list) return [[key, notKnown('attached', message)]];
  return list.map((arn, index) => attached(holder, arn, `${key}[${index}]`, address));
}

function attachedByResource(resource: TerraformResource, holder: Holder): Attached[] {
  const { world, role, roleName, list } = holder;
  const { address, values } = resource;
  const isSingle = resource.type === 'aws_iam_role_policy_attachment';
  const speaks = [isSingle ? values.role : values.roles].flat().map((one) => refersTo(one, role, roleName));
  if (!speaks.includes(true))
    return speaks.includes(undefined) ? [[address, notKnown('attached', unclearRole(world, resource))]] : [];
  const arn = values.policy_arn;
  const isNamed = list && mayName(list.values.policy_arns, arn);
  if (isLost(world, resource, role, roleName)) {
    const isGivenAgain = isNamed && isApplied(list);
    return isGivenAgain ? [] : [[address, notKnown('attached', lost(world, resource, role))]];
  }
  const taker = removerOf(world, resource, { role, roleName, key: 'policy_arn' });
  const stays = fate(resource, isNamed ? undefined : list, taker);
  if (stays === 'stays') return [attached(holder, arn, address, address)];
  return stays === 'goes' ? [] : [[address, notKnown('attached', contested(world, taker ?? list, resource))]];
}

/** @param key for a policy whose ARN is not known */
function attached({ world, role }: Holder, arn: unknown, key: string, address: string): Attached {
  const policy = managedPolicy(world, arn, role);
  const isUnclear = arn instanceof KnownAfterApply && arn.origin.addresses.length !== 1;
  const name = policy.arn.split('/').pop() ?? policy.arn;
  return [isUnclear ? key : policy.arn, { kind: 'attached', name, address, ...policy }];
}

function notKnown<K extends RolePolicy['kind']>(kind: K, because: string | Unreadable, name = '(not known)') {
  const reason = typeof because === 'string' ? { message: because } : because;
  return { kind, name, document: unreadable(reason) };
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
