/** What the role is granted beyond the contract, by action and by resource. */
import { EXPORT_ACTION, KMS_WRITE_ACTIONS } from '../../contract/policies';
import type { KmsGrant, KmsKeyObservation, RoleObservation } from '../observe/observation';
import { type Grant, isLimitedByBoundary, narrowing, type Policy, type Statement } from '../policy';
import type { FindingLocation, Remediation } from '../verdict/finding';
import type { RuleContext } from './context';
import {
  ACTION_SIDE,
  type Allowed,
  allowedBy,
  type GrantSide,
  KEY_POLICY_SIDE,
  list,
  sessionOf,
  sortGrants,
  sortKeyGrant,
} from './excess-grants';
import { decideKeyUse } from './key-use';
import { lazily } from './lazily';
import { type Outcome, unread } from './outcome';
import {
  allPolicies,
  documentFaults,
  isUnreadable,
  keyRequest,
  type RolePolicies,
  rolePolicies,
} from './role-policies';
import { grantFaults, locationOf, notUnderstood } from './wording';

/** The corrected form of one document of the role. */
type RemedyOf = (
  policy: Policy,
  about: { readonly role: RoleObservation; readonly policies: RolePolicies; readonly context: RuleContext },
) => Remediation;

/** How to take from a grant of the bucket's key all but the operations that nothing else allows the role. */
type RemedyOfGrant = (grant: KmsGrant, key: KmsKeyObservation, needed: readonly string[]) => Remediation;

/**
 * Judges one side of every grant of the role.
 * @param pass the message if nothing goes beyond the contract
 * @param remedyOfGrant for the side of actions
 */
export function judgeExcess(
  role: RoleObservation,
  context: RuleContext,
  side: GrantSide,
  {
    pass,
    remedyOf,
    remedyOfGrant,
  }: { readonly pass: string; readonly remedyOf: RemedyOf; readonly remedyOfGrant?: RemedyOfGrant },
): Outcome[] {
  const policies = rolePolicies(role, context);
  if (isUnreadable(policies)) return [unread(policies)];
  const allowed = allowedBy(context);
  const documents = [
    ...policies.identity.map(({ parsed }) => parsed),
    ...(policies.bucket ? [policies.bucket] : []),
  ];
  const outcomes = documents.flatMap((policy) =>
    judgeDocument(policy, policies, allowed, context, side, () =>
      remedyOf(policy, { role, policies, context }),
    ),
  );
  if (side === ACTION_SIDE)
    outcomes.push(
      ...judgeKeyPolicy(policies, allowed, context),
      ...judgeKeyGrants(policies, allowed, remedyOfGrant),
    );
  outcomes.push(
    ...documentFaults(policies).map(({ source, faults }) => notUnderstood(source, faults)),
    ...policies.unread.map(unread),
  );
  return outcomes.some(({ status }) => status !== 'advice')
    ? outcomes
    : [...outcomes, { status: 'pass', fact: 'nothing-more', message: pass }];
}

/** What the policy of the bucket's key lets the role do beyond using the key. */
function judgeKeyPolicy(policies: RolePolicies, allowed: Allowed, context: RuleContext): Outcome[] {
  const { key, keyPolicy } = policies;
  const { bucket } = context.observation;
  const seen = bucket.state === 'value' ? bucket.value.kmsKey : undefined;
  if (seen?.state === 'unreadable') return [unread(seen.reason)];
  if (key?.policy.state === 'unreadable') return [unread(key.policy.reason)];
  if (!keyPolicy) return [];
  const faults = grantFaults(keyPolicy);
  return [
    ...judgeDocument(keyPolicy, policies, allowed, context, KEY_POLICY_SIDE, () => ({
      summary:
        'Reduce what the key’s policy grants the role to kms:GenerateDataKey and kms:Decrypt, and keep the statements for those who administer the key.',
    })),
    ...(faults.length > 0 ? [notUnderstood(keyPolicy.source, faults)] : []),
  ];
}

/** The same for the key's grants. If they could not be read, logs-stay tells. */
function judgeKeyGrants(
  policies: RolePolicies,
  allowed: Allowed,
  remedyOfGrant: RemedyOfGrant | undefined,
): Outcome[] {
  const { key, keyPolicy } = policies;
  if (!keyPolicy || key?.grants?.state !== 'value') return [];
  return key.grants.value.flatMap((grant): Outcome[] => {
    const sorted = sortKeyGrant(grant, policies, allowed);
    if (!sorted) return [];
    const { statement, unbounded, excess, heldBack } = sorted;
    const textsOf = (grants: readonly Grant[]) => [...new Set(grants.map(({ action }) => action.text))];
    const found = { actual: grant, about: { key: key.arn, grant } };
    const held: Outcome[] =
      heldBack.length > 0
        ? [
            {
              status: 'advice',
              fact: 'held-back-grant',
              message: `The ${statement.source} is wide (${list(textsOf(heldBack))}), held back by a Deny.`,
              ...found,
            },
          ]
        : [];
    if (excess.length === 0) return held;
    const tooMuch = textsOf([...excess, ...heldBack]);
    return [
      {
        status: 'fail',
        fact: 'other-grant',
        message: KEY_POLICY_SIDE.message(textsOf(excess), statement.source),
        expected: KMS_WRITE_ACTIONS,
        also: narrowedBy(statement, unbounded, KEY_POLICY_SIDE),
        remediation: remedyOfGrant?.(grant, key, neededOperations(grant, tooMuch, policies)),
        ...found,
      },
      ...held,
    ];
  });
}

/** The operations of a grant that are not too much, and that nothing but grants allows the role. */
export function neededOperations(
  { operations }: KmsGrant,
  tooMuch: readonly string[],
  policies: RolePolicies,
): string[] {
  const { key, keyPolicy } = policies;
  if (!key || !keyPolicy) return [...operations];
  const request = keyRequest(policies, key.arn);
  return operations.filter((operation) => {
    const action = `kms:${operation}`;
    if (tooMuch.includes(action)) return false;
    return decideKeyUse(keyPolicy, policies, { ...request, action }, key.arn).verdict !== 'allowed';
  });
}

function judgeDocument(
  policy: Policy,
  policies: RolePolicies,
  allowed: Allowed,
  context: RuleContext,
  side: GrantSide,
  makeRemedy: () => Remediation,
): Outcome[] {
  const remedy = lazily(makeRemedy);
  return policy.statements.flatMap((statement) =>
    judgeStatement(statement, policy, policies, allowed, context, side, remedy),
  );
}

function judgeStatement(
  statement: Statement,
  policy: Policy,
  policies: RolePolicies,
  allowed: Allowed,
  context: RuleContext,
  side: GrantSide,
  remedy: () => Remediation,
): Outcome[] {
  const sorted = sortGrants(statement, policies, allowed, side);
  const { excess, heldBack, undecidable } = sorted;
  const outcomes: Outcome[] = sorted.wildPrefix.map(wildPrefix);
  if (sorted.keyUnread.length > 0 && allowed.keyUnread) outcomes.push(unread(allowed.keyUnread));
  const texts = (grants: readonly Grant[]) => [...new Set(grants.map((grant) => side.text(grant)))];
  const [first] = excess;
  if (first) {
    outcomes.push({
      status: 'fail',
      fact: `other-${side.name}`,
      message: side.message(texts(excess), policy.source),
      expected:
        side === KEY_POLICY_SIDE
          ? KMS_WRITE_ACTIONS
          : side.name === 'action'
            ? EXPORT_ACTION
            : context.contract.objectsArn,
      actual: texts(excess),
      also: narrowedBy(statement, policies, side),
      about: texts(excess).map((text) => (side.name === 'action' ? text.toLowerCase() : text)),
      location: locationOf(first.statement, texts(excess).length === 1 ? side.pointer(first) : undefined),
      remediation: remedy(),
    });
  }
  const [held] = heldBack;
  if (held) {
    outcomes.push({
      status: 'advice',
      fact: `held-back-${side.name}`,
      message: `The ${policy.source} is wide (${list(texts(heldBack))}), held back by a Deny, the boundary or its own condition.`,
      actual: texts(heldBack),
      location: locationOf(held.statement),
    });
  }
  const [open] = undecidable;
  if (open) {
    outcomes.push({
      status: 'unknown',
      fact: `open-${side.name}`,
      cause: 'undecidable',
      message: `It can’t be decided what the ${policy.source} reaches: ${list(texts(undecidable))} has a variable whose value is not known, or is no ARN.`,
      actual: texts(undecidable),
      location: locationOf(open.statement, side.pointer(open)),
    });
  }
  return outcomes;
}

/** What takes a part of the grant away: without it, it is another fact. */
export function narrowedBy(statement: Statement, policies: RolePolicies, side: GrantSide): FindingLocation[] {
  const { boundary, caller, keyPolicy } = policies;
  const documents = [...allPolicies(policies), ...(side.isOfKey && keyPolicy ? [keyPolicy] : [])];
  const limit = boundary && isLimitedByBoundary(statement) ? [locationOf({ ...boundary, pointer: '' })] : [];
  return [
    ...limit,
    ...narrowing(statement, documents, caller, sessionOf(policies.facts)).map((deny) => locationOf(deny)),
  ];
}

function wildPrefix(grant: Grant): Outcome {
  return {
    status: 'advice',
    fact: 'wild-prefix',
    message: `The resource ${grant.resource.text} has wildcards before the bucket’s name; name the bucket’s ARN.`,
    actual: grant.resource.text,
    location: locationOf(grant.statement, grant.resource.pointer),
  };
}
