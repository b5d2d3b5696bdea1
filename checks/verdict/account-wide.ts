/** A rule about a whole account reports once: with whichever of the account's exports is judged first. */
import { RULES } from '../rules';

const ACCOUNT_WIDE = new Set(
  RULES.filter(({ metadata }) => metadata.scope === 'account').map(({ metadata }) => metadata.id),
);

/** Whether the rule with this id judges a whole account. */
export function isAccountWide(rule: string): boolean {
  return ACCOUNT_WIDE.has(rule);
}

interface Named {
  readonly name: string;
  readonly accountId: string | null;
}

/** The exports that may carry a rule's findings about this export: itself, and for an account-wide rule all of its account. */
export function carriersOf<E extends Named>(rule: string, subject: Named, exports: readonly E[]): E[] {
  const anyOfAccount = subject.accountId !== null && isAccountWide(rule);
  return exports.filter(
    ({ name, accountId }) => accountId === subject.accountId && (anyOfAccount || name === subject.name),
  );
}
