/** Names of what an export makes beside its bucket and ALTR's role, and the faults of such names. */
import type { ExportDefinition } from '../contract/contract';
import { derivedName, hasRoleNamePrefix, ROLE_NAME_PREFIX } from '../contract/names';
import type { ExportOptions } from './options';
import type { GivenName, OptionFault } from './options/option';

type Named = Pick<ExportDefinition, 'bucket' | 'roleName'>;

/** The policy of ALTR's role: named like the role unless the config says otherwise. */
export function permissionPolicyName({ roleName }: Named, { role }: Pick<ExportOptions, 'role'>): string {
  return role?.policyName ?? roleName;
}

/** The role that S3 replicates with; `undefined` without replication. */
export function replicationRoleName(
  { bucket }: Named,
  { replication }: Pick<ExportOptions, 'replication'>,
): string | undefined {
  return replication && (replication.roleName ?? derivedName(bucket, 'replication'));
}

/** A reader's role and policy. */
export function readerName({ bucket }: Named, reader: NonNullable<ExportOptions['readers']>[number]): string {
  return reader.roleName ?? derivedName(bucket, `reader-${reader.name}`);
}

export function reservedPrefixFaults(names: readonly GivenName[]): OptionFault[] {
  return names
    .filter(({ name }) => hasRoleNamePrefix(name))
    .map(({ option, name }) => ({
      option,
      message: `${JSON.stringify(name)} must not begin with ${ROLE_NAME_PREFIX}: that prefix is for the role that ALTR assumes`,
    }));
}

/**
 * One fault for each name that one export gives to two roles or to two policies: the second could not be made. IAM compares
 * names without case, and those of roles and of policies separately (IAM User Guide, "IAM and AWS STS quotas"). Derived names
 * can't collide: they are made of names that differ.
 */
export function sameNameFaults(names: readonly GivenName[]): OptionFault[] {
  const faults = (['role', 'policy'] as const).flatMap((kind) =>
    givenTwice(names.filter((given) => given.kind === kind && given.isWritten)),
  );
  return [...new Map(faults.map((fault) => [`${fault.option} ${fault.message}`, fault])).values()];
}

function givenTwice(names: readonly GivenName[]): OptionFault[] {
  const first = new Map<string, string>();
  return names.flatMap(({ option, name }) => {
    const owner = first.get(name.toLowerCase());
    if (owner !== undefined)
      return [{ option, message: `${JSON.stringify(name)} is already that of ${owner}` }];
    first.set(name.toLowerCase(), option);
    return [];
  });
}
