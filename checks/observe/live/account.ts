/** Reads what concerns an account as a whole. */
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { hasRoleNamePrefix, ROLE_NAME_PREFIX } from '../../../contract/names';
import type { ListedRole, Observed } from '../observation';
import { known } from '../observation';
import { decoded, lastUseOf, page } from './role';
import { ifFound, pages, type Session } from './session';

/**
 * Roles of the account that may concern ALTR. Trust policies come with the listing, so no role is asked for by itself;
 * pages are as large as IAM gives them (IAM API Reference, ListRoles, `MaxItems`: at most 1,000).
 */
export async function rolesForAltr(
  session: Session,
  altrAccountId: string,
): Promise<Observed<readonly ListedRole[]>> {
  const iam = session.clients.iam();
  const listed = await pages(session, 'iam:ListRoles', session.clients.region, (Marker) =>
    session.ask(
      'iam:ListRoles',
      session.clients.region,
      (options) => iam.send(new ListRolesCommand({ MaxItems: 1000, Marker }), options),
      ({ Roles, IsTruncated, Marker: next }) => {
        const found = page(Roles, IsTruncated, next);
        if (!found) return undefined;
        const items = found.items.map(({ RoleName, Arn, Path, AssumeRolePolicyDocument }) => {
          const text = decoded(AssumeRolePolicyDocument);
          if (!RoleName || !Arn || !Path || text === undefined) return undefined;
          const trustPolicy = { source: `trust policy of role ${RoleName}`, text };
          return { name: RoleName, arn: Arn, path: Path, trustPolicy };
        });
        if (!items.every((item) => item !== undefined)) return undefined;
        return { items: items.filter((role) => mayConcernAltr(role, altrAccountId)), next: found.next };
      },
    ),
  );
  return ifFound(listed, async (roles) => known([...roles].sort((a, b) => (a.name < b.name ? -1 : 1))));
}

/** Roles of an account that are asked when they were last used; a report of more is not read to its end. */
const MOST_ASKED = 10;

/**
 * The same roles, with the last use of those that look like ALTR's and that the config does not declare.
 * @param declared their names in lower case
 */
export async function withLastUse(
  session: Session,
  roles: readonly ListedRole[],
  altrAccountId: string,
  declared: ReadonlySet<string>,
): Promise<readonly ListedRole[]> {
  const undeclared = roles
    .filter(({ name }) => !declared.has(name.toLowerCase()))
    .filter((role) => hasRoleNamePrefix(role.name) || role.trustPolicy.text.includes(altrAccountId))
    .slice(0, MOST_ASKED);
  const uses = await Promise.all(undeclared.map(({ name }) => lastUseOf(session, name)));
  const byName = new Map(undeclared.map(({ name }, index) => [name, uses[index]]));
  return roles.map((role) => ({ ...role, lastUsed: byName.get(role.name) }));
}

/** Generous on purpose: the rule decides. */
function mayConcernAltr({ name, trustPolicy }: ListedRole, altrAccountId: string): boolean {
  return (
    name.toLowerCase().startsWith(ROLE_NAME_PREFIX.toLowerCase()) ||
    trustPolicy.text.includes(altrAccountId) ||
    /\*|NotPrincipal|\\u/i.test(trustPolicy.text)
  );
}
