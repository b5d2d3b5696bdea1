/** The organization of an account, as far as it was read. */
import type { OrganizationObservation } from '../observe/observation';
import type { RuleContext } from './context';

/** What policies can ask about the organization of an account. */
export interface OwnOrganization {
  /** For example `o-abcdefgh12`. */
  readonly id: string;
  readonly managementAccountId: string;
  /** The value of `aws:PrincipalOrgPaths`: the organization, its root and units, without the account. */
  readonly path: string;
}

/** The organization of an account; `undefined` if it was not read or does not hold the account. */
export function ownOrganization(
  { organization }: Pick<RuleContext, 'organization'>,
  accountId: string | null,
): OwnOrganization | undefined {
  if (organization?.state !== 'value' || accountId === null) return undefined;
  const { id, managementAccountId } = organization.value;
  const path = pathOf(organization.value, accountId);
  return path?.state === 'value'
    ? { id, managementAccountId, path: [id, ...path.value.slice(0, -1), ''].join('/') }
    : undefined;
}

/** Where an account is; `undefined` if nobody looked for it. */
export function pathOf(
  { accounts }: OrganizationObservation,
  accountId: string,
): OrganizationObservation['accounts'][number]['path'] | undefined {
  return accounts.find((entry) => entry.accountId === accountId)?.path;
}
