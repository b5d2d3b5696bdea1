/** Roles, or policies, of one export that are given one name: the second would fail when it is made. */

import type { OptionFault } from './options/option-fault';
import type { Provisioning } from './options/provisioning';

interface Given {
  readonly option: string;
  readonly name: string | undefined;
}

/**
 * One fault for each name that is given twice. IAM compares names without case, those of roles and of policies each for
 * themselves (IAM User Guide, "IAM and AWS STS quotas"). Derived names can't meet: they are made of names that differ.
 */
export function sameNameFaults({ readers = [], replication, role }: Provisioning): OptionFault[] {
  const ofReaders = readers.map(({ roleName, trustedPrincipals }, index) => ({
    option: `readers.${index}.roleName`,
    name: roleName,
    makesRole: trustedPrincipals !== undefined,
  }));
  const roles = [
    { option: 'replication.roleName', name: replication?.roleName },
    ...ofReaders.filter(({ makesRole }) => makesRole),
  ];
  const policies = [{ option: 'role.policyName', name: role?.policyName }, ...ofReaders];
  const faults = [...givenTwice(roles), ...givenTwice(policies)];
  return [...new Map(faults.map((fault) => [`${fault.option} ${fault.message}`, fault])).values()];
}

function givenTwice(names: readonly Given[]): OptionFault[] {
  const first = new Map<string, string>();
  return names.flatMap(({ option, name }) => {
    if (name === undefined) return [];
    const owner = first.get(name.toLowerCase());
    if (owner === undefined) {
      first.set(name.toLowerCase(), option);
      return [];
    }
    return [{ option, message: `${JSON.stringify(name)} is already that of ${owner}` }];
  });
}
