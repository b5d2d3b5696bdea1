/** What a key's policy leaves to IAM. */
import type { Policy } from '../policy';

/** The statements of a key policy that name the whole account, which leave the decision to the account's IAM policies. */
export function accountPart(policy: Policy, accountId: string): Policy {
  const statements = policy.statements.filter(
    ({ effect, principals, faults }) =>
      faults.length > 0 ||
      effect === 'Deny' ||
      (principals?.negated === false &&
        principals.entries.some((entry) => entry.kind === 'account' && entry.accountId === accountId)),
  );
  return { ...policy, statements };
}
