/** Lists of a role's policies that shall be all it has, and what they name. */
import { KnownAfterApply, managed, refersTo, type TerraformResource, type TerraformWorld } from './resource';

/** Whether a list of names or ARNs holds one, or may. Values known after apply are compared by their origin. */
export function mayName(list: unknown, value: unknown): boolean {
  const entries = listed(list);
  if (entries === undefined) return true;
  if (!(value instanceof KnownAfterApply)) return entries.includes(value);
  const { addresses, complete } = value.origin;
  if (!complete || addresses.length !== 1) return entries.length > 0;
  return entries.some(
    (entry) =>
      entry instanceof KnownAfterApply &&
      (!entry.origin.complete || entry.origin.addresses.includes(addresses[0] ?? '')),
  );
}

/** The exclusive lists of the role, and what is not known since more of them may be the role's. */
export function exclusiveLists(
  world: TerraformWorld,
  type: string,
  role: TerraformResource,
  roleName: string,
) {
  const lists = managed(world, type);
  const speaks = ({ values }: TerraformResource) => refersTo(values.role_name, role, roleName);
  const sure = lists.filter(speaks);
  const unsure = lists.filter((list) => speaks(list) === undefined).map((list) => unclearRole(world, list));
  if (sure.length > 1) {
    const addresses = sure.map(({ address }) => address).join(', ');
    unsure.push(`which of ${addresses} is applied last to role ${roleName}, ${world.source} does not say`);
  }
  return { sure, unsure };
}

/** ARNs or names as a list; `undefined` if they are not known. */
export function listed(arns: unknown): unknown[] | undefined {
  if (arns instanceof KnownAfterApply) {
    // A list made of one resource's ARN; of several, which of them is not said.
    return arns.origin.complete && arns.origin.addresses.length === 1 ? [arns] : undefined;
  }
  if (!Array.isArray(arns)) return [];
  const open = arns.filter((arn): arn is KnownAfterApply => arn instanceof KnownAfterApply);
  const origin = open[0]?.origin;
  if (!origin) return arns;
  // Every element that is not known refers to all of them: one each, if the numbers agree.
  if (!origin.complete || origin.isChoice || origin.addresses.length !== open.length) return undefined;
  const each = origin.addresses.map(
    (address) => new KnownAfterApply({ addresses: [address], complete: true }),
  );
  return [...arns.filter((arn) => !(arn instanceof KnownAfterApply)), ...each];
}

/** Why it is not known whether a resource is about the role. */
export function unclearRole(world: TerraformWorld, { address, values }: TerraformResource): string {
  const { role, roles, role_name: name } = values;
  const isKnown = [role, roles, name].flat().every((one) => !(one instanceof KnownAfterApply));
  if (isKnown)
    return `${address} names the role in another case, says ${world.source}; write the name as the role has it`;
  return `the role of ${address} is known after apply, says ${world.source}`;
}
