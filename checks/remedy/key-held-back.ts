/**
 * What a Deny that keeps the role from writing also holds back of the bucket's key. It goes in the same step as the Deny, or
 * the role could administer the key from then on.
 */
import { neededOperations } from '../evidence/excess';
import { allowedBy, sortKeyGrant } from '../evidence/excess-grants';
import type { RolePolicies } from '../evidence/role-policies';
import type { KmsGrant } from '../observe/observation';
import type { Remediation } from '../verdict/finding';
import { fixKeyPolicy } from './corrected-key-policy';
import { narrowGrant } from './leaving';
import { isKeyExcess, isKeyExcessOnceSpared, onceSpared, type Subject } from './subject';

/** Limits the key's policy and its grants to what the role needs, where a Deny alone did so. */
export function limitKeyUse(subject: Subject): Remediation[] {
  const { policies, context } = subject;
  const { key, keyPolicy } = policies;
  if (!key || !keyPolicy) return [];
  const limited = isKeyPolicyHeldBack(subject) ? [fixKeyPolicy(key, keyPolicy, context)] : [];
  return [...limited, ...limitGrants(subject)];
}

export function isKeyPolicyHeldBack(subject: Subject): boolean {
  const { policies, context } = subject;
  return (policies.keyPolicy?.statements ?? []).some(
    (statement) => isKeyExcessOnceSpared(statement, subject) && !isKeyExcess(statement, policies, context),
  );
}

/** The same for the key's grants alone. */
export function limitGrants(subject: Subject): Remediation[] {
  const { policies, context } = subject;
  const { key } = policies;
  if (key?.grants?.state !== 'value') return [];
  const later = onceSpared(subject);
  const excessOf = (grant: KmsGrant, at: RolePolicies) =>
    sortKeyGrant(grant, at, allowedBy(context))?.excess.map(({ action }) => action.text) ?? [];
  return key.grants.value.flatMap((grant) => {
    const tooMuch = excessOf(grant, later);
    // One that is too much already is permissions-action-scope's.
    return tooMuch.length === 0 || excessOf(grant, policies).length > 0
      ? []
      : [narrowGrant(grant, key, neededOperations(grant, tooMuch, later))];
  });
}
