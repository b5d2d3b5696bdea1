/** Short ways to describe an organization. */
import type { OrganizationObservation, OrganizationTarget } from '../../../checks/observe/observation';
import { type OrganizationSetUp, observationOf, type SetUp } from '../../../checks/pages/set-up';
import { EXAMPLE } from './support';

type Json = Readonly<Record<string, unknown>>;
type Level = NonNullable<OrganizationSetUp['root']>;

export const full = { Effect: 'Allow', Action: '*', Resource: '*' };

/** One resource control policy more. */
export function rcp(...Statement: readonly unknown[]): Level {
  return { resourceControlPolicies: { Perimeter: Statement } };
}

/** One service control policy in place of FullAWSAccess. */
export function scp(...Statement: readonly unknown[]): Level {
  return { serviceControlPolicies: { Own: Statement } };
}

/** A Deny as a resource control policy has it. */
export function denyAs(Action: string, Condition: Json = {}, changes: Json = {}): Json {
  const statement = { Effect: 'Deny', Principal: '*', Action, Resource: '*', Condition, ...changes };
  return Object.fromEntries(Object.entries(statement).filter(([, value]) => value !== undefined));
}

/** A Deny as a service control policy has it. */
export function denyOwn(Action: string, Condition: Json = {}, changes: Json = {}): Json {
  return denyAs(Action, Condition, { Principal: undefined, ...changes });
}

/** A set-up in an organization; `change` tells what differs from it in any other way. */
export function inOrganization(
  levels: OrganizationSetUp,
  change?: (organization: OrganizationObservation) => Partial<OrganizationObservation>,
): SetUp {
  const setUp = { organization: levels };
  const { organization } = observationOf(setUp, EXAMPLE);
  if (organization?.state !== 'value') throw new Error('the set-up has no organization');
  return change ? { organization: { ...levels, differs: change(organization.value) } } : setUp;
}

/** The same with one target changed. */
export function withTarget(id: string, changes: Partial<OrganizationTarget>) {
  return ({ targets }: OrganizationObservation): Partial<OrganizationObservation> => ({
    targets: targets.map((target) => (target.id === id ? { ...target, ...changes } : target)),
  });
}
