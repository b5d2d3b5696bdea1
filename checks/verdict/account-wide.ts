/** Where the findings of a rule stand that judges a whole account: with one of its exports, whichever comes first. */
import { undeclaredAltrRole } from '../rules/undeclared-altr-role';

const ACCOUNT_WIDE: readonly string[] = [undeclaredAltrRole.metadata.id];

/** Whether a rule judges a whole account. */
export function isAccountWide(rule: string): boolean {
  return ACCOUNT_WIDE.includes(rule);
}

interface Named {
  readonly name: string;
  readonly accountId: string | null;
}

/** Of these exports those with which a rule's findings about an export may stand; itself, where the account is not known. */
export function speakingFor<E extends Named>(rule: string, of: Named, exports: readonly E[]): E[] {
  const together = of.accountId !== null && isAccountWide(rule);
  return exports.filter(
    ({ name, accountId }) => accountId === of.accountId && (together || name === of.name),
  );
}
