/**
 * What the bucket of the copies and its key give ALTR's role, which needs nothing of either. Leave to use the key alone, as a key that was
 * made like the one of the originals may give, helps nobody who does not get at the bucket.
 */
import type { KmsGrant, KmsKeyObservation, Observed } from '../observe/observation';
import type { Policy } from '../policy';
import type { Remediation } from '../verdict/finding';
import type { RuleContext } from './context';
import { narrowedBy } from './excess';
import {
  ACTION_SIDE,
  allowedBy,
  type GrantSide,
  KEY_POLICY_SIDE,
  list,
  policyOfGrant,
  sortGrants,
} from './excess-grants';
import { needing, type Outcome, unread } from './outcome';
import { parsedKeyPolicy } from './parsed';
import { isUnreadable, type RolePolicies, rolePolicies } from './role-policies';
import { locationOf } from './wording';

/** The whole of each grant is too much. */
const OF_BUCKET: GrantSide = {
  ...ACTION_SIDE,
  exceeds: () => true,
  region: ({ actionPattern, resourcePattern }) => ({ action: actionPattern, resource: resourcePattern }),
};

const FIX: Remediation = {
  summary:
    'Leave the statement to those who need it, without ALTR’s role: the role needs nothing of the copies.',
};

/**
 * The grants in force. What could not be read or understood is reported by the rules that look for foreign principals.
 * @param context the one in which the copies' bucket is the export's own, and the role is ALTR's
 * @param keyOfCopies the key that the copies are encrypted with
 */
export function judgeRoleAtCopies(
  context: RuleContext,
  keyOfCopies: Observed<KmsKeyObservation> | undefined,
  revoke: (grant: KmsGrant, key: KmsKeyObservation) => Remediation,
): readonly Outcome[] {
  const { role: observed, bucket } = context.observation;
  const hasPolicy = bucket.state === 'value' && bucket.value.policy.state === 'value';
  if (!hasPolicy && keyOfCopies?.state !== 'value') return [];
  return needing(observed, (role) => {
    const policies = rolePolicies(role, context);
    if (isUnreadable(policies)) return [unread(policies)];
    return [
      ...(policies.bucket ? byDocument(policies.bucket, policies, context, OF_BUCKET) : []),
      ...(keyOfCopies?.state === 'value' ? byKey(keyOfCopies.value, policies, context, revoke) : []),
    ];
  });
}

function byKey(
  key: KmsKeyObservation,
  policies: RolePolicies,
  context: RuleContext,
  revoke: (grant: KmsGrant, key: KmsKeyObservation) => Remediation,
): Outcome[] {
  if (key.policy.state !== 'value') return [];
  const grants = key.grants?.state === 'value' ? key.grants.value : [];
  return [
    ...byDocument(parsedKeyPolicy(key.policy.value), policies, context, KEY_POLICY_SIDE),
    ...grants.flatMap((grant) => {
      const policy = policyOfGrant(grant, policies);
      if (!policy) return [];
      // How a boundary limits a grant is not documented.
      const unbounded = { ...policies, boundary: undefined };
      return byDocument(policy, unbounded, context, KEY_POLICY_SIDE).map((outcome) => ({
        ...outcome,
        fact: 'role-holds-grant',
        actual: grant,
        about: { key: key.arn, grant },
        location: undefined,
        remediation: revoke(grant, key),
      }));
    }),
  ];
}

function byDocument(
  { statements, source }: Policy,
  policies: RolePolicies,
  context: RuleContext,
  side: GrantSide,
): Outcome[] {
  return statements.flatMap((statement): Outcome[] => {
    const { excess } = sortGrants(statement, policies, allowedBy(context), side);
    if (excess.length === 0) return [];
    const actions = [...new Set(excess.map(({ action }) => action.text))];
    return [
      {
        status: 'fail',
        fact: side.isOfKey ? 'role-uses-key' : 'role-reaches-copies',
        severity: 'high',
        message: `The ${source} allows ALTR’s role ${list(actions)}, and it needs nothing of the copies.`,
        risk: 'ALTR, or anyone who acts through its role, can get at the copies: those that you rely on when somebody misuses the role.',
        expected: 'nothing for ALTR’s role',
        actual: actions,
        about: actions.map((action) => action.toLowerCase()),
        location: locationOf(statement),
        also: narrowedBy(statement, policies, side),
        remediation: FIX,
      },
    ];
  });
}
