/** Parts of a policy that are decided by themselves. */
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

/** What may deny, also of statements that were not understood. */
export function onlyDenies(policy: Policy): Policy {
  return { ...policy, statements: policy.statements.filter(({ effect }) => effect !== 'Allow') };
}

/** What may allow, also of statements that were not understood. */
export function withoutDenies(policy: Policy): Policy {
  return { ...policy, statements: policy.statements.filter(({ effect }) => effect !== 'Deny') };
}
