/**
 * What the bucket of the copies and its key give ALTR's role, which needs nothing of either. Who may use the key and not read the
 * bucket gets at nothing, and a key may have been made like that of the originals: so its mere use is fine.
 */
import type { KmsGrant, KmsKeyObservation, Observed } from '../observe/observation';
import type { Grant, Policy, Statement } from '../policy';
import type { Remediation } from '../verdict/finding';
import type { RuleContext } from './context';
import { narrowedBy } from './excess';
import {
  ACTION_SIDE,
  allowedBy,
  type GrantSide,
  KEY_POLICY_SIDE,
  list,
  sortGrants,
  sortKeyGrant,
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
      const sorted = sortKeyGrant(grant, policies, allowedBy(context));
      if (!sorted) return [];
      return tooMuch(sorted.statement, sorted.excess, sorted.unbounded, KEY_POLICY_SIDE).map((outcome) => ({
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
  { statements }: Policy,
  policies: RolePolicies,
  context: RuleContext,
  side: GrantSide,
): Outcome[] {
  return statements.flatMap((statement) =>
    tooMuch(statement, sortGrants(statement, policies, allowedBy(context), side).excess, policies, side),
  );
}

function tooMuch(
  statement: Statement,
  excess: readonly Grant[],
  policies: RolePolicies,
  side: GrantSide,
): Outcome[] {
  if (excess.length === 0) return [];
  const actions = [...new Set(excess.map(({ action }) => action.text))];
  return [
    {
      status: 'fail',
      fact: side.isOfKey ? 'role-uses-key' : 'role-reaches-copies',
      severity: 'high',
      message: `The ${statement.source} allows ALTR’s role ${list(actions)}, and it needs nothing of the copies.`,
      risk: 'ALTR, or anyone who acts through its role, can get at the copies: those that you rely on when somebody misuses the role.',
      expected: 'nothing for ALTR’s role',
      actual: actions,
      about: actions.map((action) => action.toLowerCase()),
      location: locationOf(statement),
      also: narrowedBy(statement, policies, side),
      remediation: FIX,
    },
  ];
}
