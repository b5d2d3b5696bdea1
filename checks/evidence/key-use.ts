/** Whether a role may use a KMS key: by the key's policy, and by what that leaves to IAM. */
import { parseArn } from '../../contract/arn';
import type { KmsKeyObservation } from '../observe/observation';
import { type Decision, decide, type Policy, type Request } from '../policy';
import { accountPart, onlyDenies } from './policy-part';
import type { RolePolicies } from './role-policies';

/** "While the key state is Updating, you can use the keys in cryptographic operations" (KMS Developer Guide, "Updating the primary Region"). */
export function isUsable(keyState: string): boolean {
  return keyState === 'Enabled' || keyState === 'Updating';
}

/** "Amazon S3 supports only symmetric encryption KMS keys" (Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)"). */
export const SYMMETRIC = 'SYMMETRIC_DEFAULT';

export function isSymmetric({ keySpec = SYMMETRIC }: KmsKeyObservation): boolean {
  return keySpec === SYMMETRIC;
}

/**
 * Whether a role may use a key as the request asks. An account's own IAM policies count for a key only where its key policy
 * names the account (KMS Developer Guide, "Default key policy"); a key of another account needs both policies to allow
 * (there, "Allowing users in other accounts to use a KMS key").
 */
export function decideKeyUse(
  keyPolicy: Policy,
  policies: Pick<RolePolicies, 'identity' | 'boundary' | 'caller'>,
  request: Request,
  keyArn: string,
): Decision {
  const { boundary, caller } = policies;
  const { accountId } = caller;
  const delegated = decide({ identity: [accountPart(keyPolicy, accountId)] }, request);
  const byIdentity = decide({ identity: policies.identity.map(({ parsed }) => parsed), boundary }, request);
  if (parseArn(keyArn)?.accountId === accountId) {
    // A Deny in the role's own policies counts, whatever the key's policy allows.
    const identity = policies.identity.map(({ parsed }) => onlyDenies(parsed));
    const byKey = decide({ identity, resource: keyPolicy, boundary }, request);
    return either(byKey, both(delegated, byIdentity));
  }
  const byKey = decide({ identity: [], resource: keyPolicy }, request);
  return both(either(byKey, delegated), byIdentity);
}

const RANK = { denied: 0, depends: 1, allowed: 2 } as const;

/** Two decisions that must both allow: the stricter one; of two equal ones the one that tells more. */
function both(a: Decision, b: Decision): Decision {
  if (RANK[a.verdict] !== RANK[b.verdict]) return RANK[a.verdict] < RANK[b.verdict] ? a : b;
  return weight(b) > weight(a) ? b : a;
}

/** Either suffices: the more permissive decision; of two equal ones the one whose reason holds whatever else is allowed. */
function either(a: Decision, b: Decision): Decision {
  if (RANK[a.verdict] !== RANK[b.verdict]) return RANK[a.verdict] > RANK[b.verdict] ? a : b;
  return weight(a) > weight(b) ? a : b;
}

export const WEIGHT = { none: 0, nearMiss: 1, boundary: 2, deny: 3 } as const;

/** How much the reason for a denial tells: that nothing allows the use is true of every denial. */
export function weight({ verdict, reasons }: Decision): number {
  if (verdict !== 'denied') return WEIGHT.none;
  const kind = reasons[0]?.kind;
  if (kind === 'deny' || kind === 'boundary') return WEIGHT[kind];
  return reasons.length > 1 ? WEIGHT.nearMiss : WEIGHT.none;
}
