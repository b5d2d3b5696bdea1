/** What the role is granted beyond the contract, by action and by resource. */
import { EXPORT_ACTION, KMS_WRITE_ACTIONS } from '../../contract/policies';
import type { RoleObservation, Unreadable } from '../observe/observation';
import {
  type Glob,
  type Grant,
  glob,
  grantsOf,
  includes,
  isLiteral,
  isRemoved,
  type Policy,
  type Region,
  type ResourcePattern,
  resourceIncludes,
  resourcePattern,
  type Statement,
} from '../policy';
import { removeFromBucketPolicy, removeFromRole } from './remedy';
import { sessionContext } from './request-context';
import { allPolicies, documentFaults, isUnreadable, type RolePolicies, rolePolicies } from './role-policies';
import { type Outcome, type RuleContext, unread } from './rule';
import { locationOf, notUnderstood } from './wording';

const PUT = glob(EXPORT_ACTION.toLowerCase());
const KEY_ACTIONS = glob('kms:*');
const KMS_WRITES = KMS_WRITE_ACTIONS.map((action) => glob(action.toLowerCase()));

/** What of a grant the contract allows. */
interface Allowed {
  /** Everything in the bucket, and the bucket's own ARN, on which s3:PutObject does nothing. */
  readonly resources: readonly ResourcePattern[];
  /** The customer-managed key that the bucket encrypts with. */
  readonly key: ResourcePattern | undefined;
  /** Why it is not known which key the bucket encrypts with. */
  readonly keyUnread: Unreadable | undefined;
}

/** One side of a grant that a rule looks at. */
export interface Side {
  readonly name: 'action' | 'resource';
  /** Whether the grant goes beyond the contract on this side; `key-unread` where that depends on the bucket's key. */
  exceeds(grant: Grant, allowed: Allowed): boolean | 'key-unread';
  /** The part of the grant that is too much. */
  region(grant: Grant, allowed: Allowed): Region;
  text(grant: Grant): string;
  pointer(grant: Grant): string;
  message(excess: readonly string[], source: string): string;
}

export const ACTION_SIDE: Side = {
  name: 'action',
  exceeds: ({ actionPattern, statement }, allowed) => {
    if (statement.actions.negated) return true;
    if (includes(PUT, actionPattern)) return false;
    return isKeyWrite(actionPattern) ? keyFor(allowed) : true;
  },
  region: ({ actionPattern, resourcePattern: resource }) => ({
    action: actionPattern,
    resource,
    exceptAction: PUT,
  }),
  text: ({ action }) => action.text,
  pointer: ({ action }) => action.pointer,
  message: (excess, source) => `The ${source} allows ${list(excess)}, more than ${EXPORT_ACTION}.`,
};

export const RESOURCE_SIDE: Side = {
  name: 'resource',
  exceeds: ({ actionPattern, resourcePattern: resource, statement }, allowed) => {
    if (statement.resources?.negated) return true;
    if (allowed.resources.some((own) => resourceIncludes(own, resource))) return false;
    if (!includes(KEY_ACTIONS, actionPattern)) return true;
    if (allowed.key) return !resourceIncludes(allowed.key, resource);
    return keyFor(allowed);
  },
  region: ({ actionPattern, resourcePattern: resource }, { resources }) => ({
    action: actionPattern,
    resource,
    exceptResources: resources,
  }),
  text: ({ resource }) => resource.text,
  pointer: ({ resource }) => resource.pointer,
  message: (excess, source) => `The ${source} reaches ${list(excess)}, more than the bucket’s objects.`,
};

/** Judges one side of every grant of the role. `pass` is the message where nothing goes beyond the contract. */
export function judgeExcess(
  role: RoleObservation,
  context: RuleContext,
  side: Side,
  pass: string,
): Outcome[] {
  const policies = rolePolicies(role, context);
  if (isUnreadable(policies)) return [unread(policies)];
  const allowed = allowedBy(context);
  const request = sessionContext(policies.facts);
  const documents = [
    ...policies.identity.map(({ parsed }) => parsed),
    ...(policies.bucket ? [policies.bucket] : []),
  ];
  const outcomes: Outcome[] = [];
  for (const policy of documents) {
    for (const statement of policy.statements) {
      const direct = withoutAccounts(statement);
      if (!direct) continue;
      const grants = grantsOf([{ ...policy, statements: [direct] }], policies.caller, request);
      outcomes.push(...judgeStatement(grants, policy, policies, allowed, context, side, role));
    }
  }
  outcomes.push(
    ...documentFaults(policies).map(({ source, faults }) => notUnderstood(source, faults)),
    ...policies.unread.map(unread),
  );
  return outcomes.some(({ status }) => status !== 'advice')
    ? outcomes
    : [...outcomes, { status: 'pass', fact: 'nothing-more', message: pass }];
}

/** The statement without principals that are a whole account, which leave it to the role's own policies; nothing where none is left. */
function withoutAccounts(statement: Statement): Statement | undefined {
  const { principals } = statement;
  if (!principals || principals.negated) return statement;
  const entries = principals.entries.filter(({ kind }) => kind !== 'account' && kind !== 'canonical');
  return entries.length > 0 ? { ...statement, principals: { ...principals, entries } } : undefined;
}

function judgeStatement(
  grants: readonly Grant[],
  policy: Policy,
  policies: RolePolicies,
  allowed: Allowed,
  context: RuleContext,
  side: Side,
  role: RoleObservation,
): Outcome[] {
  const outcomes: Outcome[] = [];
  const excess: Grant[] = [];
  const heldBack: Grant[] = [];
  const undecidable: Grant[] = [];
  const request = sessionContext(policies.facts);
  for (const grant of grants) {
    const exceeds = side.exceeds(grant, allowed);
    if (exceeds === 'key-unread' && allowed.keyUnread) outcomes.push(unread(allowed.keyUnread));
    if (exceeds !== true) {
      if (side.name === 'resource' && !isLiteral(grant.resourcePattern.parts?.[1] ?? []))
        outcomes.push(anyPartition(grant));
      continue;
    }
    const held =
      grant.condition === 'false' ||
      isRemoved(
        side.region(grant, allowed),
        { all: allPolicies(policies), ...(policies.boundary ? { boundary: policies.boundary } : {}) },
        policies.caller,
        request,
      );
    if (held) heldBack.push(grant);
    else if (side.name === 'resource' && !grant.resourcePattern.certain) undecidable.push(grant);
    else excess.push(grant);
  }
  const texts = (list: readonly Grant[]) => [...new Set(list.map((grant) => side.text(grant)))];
  const [first] = excess;
  if (first) {
    outcomes.push({
      status: 'fail',
      fact: `other-${side.name}`,
      message: side.message(texts(excess), policy.source),
      expected: side.name === 'action' ? EXPORT_ACTION : context.contract.objectsArn,
      actual: texts(excess),
      location: locationOf(first.statement, texts(excess).length === 1 ? side.pointer(first) : undefined),
      remediation: remedy(policy, policies, first, context, role),
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

function remedy(
  policy: Policy,
  policies: RolePolicies,
  grant: Grant,
  { contract }: RuleContext,
  role: RoleObservation,
) {
  const pointers = [grant.statement.pointer];
  const own = policies.identity.find(({ parsed }) => parsed === policy);
  return own
    ? removeFromRole(contract, role.name, own.policy, policy, pointers)
    : removeFromBucketPolicy(contract, policy, pointers);
}

function anyPartition(grant: Grant): Outcome {
  return {
    status: 'advice',
    fact: 'any-partition',
    message: `The resource ${grant.resource.text} names the bucket in every partition; name yours.`,
    actual: grant.resource.text,
    location: locationOf(grant.statement, grant.resource.pointer),
  };
}

function isKeyWrite(action: Glob): boolean {
  return KMS_WRITES.some((write) => includes(write, action));
}

/** Whether a key action is too much where the bucket's key is not known to be the customer's own. */
function keyFor(allowed: Allowed): boolean | 'key-unread' {
  if (allowed.key) return false;
  return allowed.keyUnread ? 'key-unread' : true;
}

function allowedBy({ contract, observation }: RuleContext): Allowed {
  // Buckets' ARNs have neither region nor account, and the role can act in its own partition only.
  const anywhere = (name: string) => resourcePattern(`arn:*:s3:*:*:${name}`, false);
  const resources = [anywhere(contract.bucket), anywhere(`${contract.bucket}/*`)];
  const none = { resources, key: undefined, keyUnread: undefined };
  if (observation.bucket.state === 'unreadable') return { ...none, keyUnread: observation.bucket.reason };
  if (observation.bucket.state === 'absent') return none;
  const { encryption, kmsKey } = observation.bucket.value;
  if (encryption.state === 'unreadable') return { ...none, keyUnread: encryption.reason };
  if (kmsKey?.state === 'value' && kmsKey.value.keyManager === 'CUSTOMER') {
    return { ...none, key: resourcePattern(kmsKey.value.arn, false) };
  }
  if (kmsKey?.state === 'unreadable') {
    const keyId = encryption.state === 'value' ? (encryption.value.kmsKeyId ?? '') : '';
    const named = resourcePattern(keyId, false);
    return named.valid && keyId.includes(':key/')
      ? { ...none, key: named }
      : { ...none, keyUnread: kmsKey.reason };
  }
  return none;
}

function list(texts: readonly string[]): string {
  const shown = texts.slice(0, 8).join(', ');
  return texts.length > 8 ? `${shown} and ${texts.length - 8} more` : shown;
}
