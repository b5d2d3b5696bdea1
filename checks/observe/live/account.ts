/** Reads what concerns an account as a whole. */
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { ROLE_NAME_PREFIX } from '../../../contract/names';
import type { ListedRole, Observed } from '../observation';
import { known } from '../observation';
import { decoded, page } from './role';
import { pages, type Session, then } from './session';

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
  return then(listed, async (roles) => known([...roles].sort((a, b) => (a.name < b.name ? -1 : 1))));
}

/** Generous on purpose: the rule decides. */
function mayConcernAltr({ name, trustPolicy }: ListedRole, altrAccountId: string): boolean {
  return (
    name.toLowerCase().startsWith(ROLE_NAME_PREFIX.toLowerCase()) ||
    trustPolicy.text.includes(altrAccountId) ||
    /\*|NotPrincipal|\\u/i.test(trustPolicy.text)
  );
}
