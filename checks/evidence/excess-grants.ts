/** The two sides of a grant, action and resource, and what of them goes beyond the contract. */
import { parseArn } from '../../contract/arn';
import { EXPORT_ACTION, KMS_WRITE_ACTIONS } from '../../contract/policies';
import type { KmsGrant, Unreadable } from '../observe/observation';
import {
  evaluateConditions,
  type Glob,
  type Grant,
  type GrantRow,
  glob,
  grantRows,
  grantsByItself,
  includes,
  isLimitedByBoundary,
  isLiteral,
  isRemoved,
  type Policy,
  type Region,
  RequestContext,
  type ResourcePattern,
  resourceIncludes,
  resourceName,
  resourcePattern,
  type Statement,
  withinParts,
} from '../policy';
import type { RuleContext } from './context';
import { remembered } from './lazily';
import { parsedKeyPolicy } from './parsed';
import { sessionContext } from './request-context';
import { allPolicies, type RolePolicies } from './role-policies';

const PUT = glob(EXPORT_ACTION.toLowerCase());
const KEY_ACTIONS = glob('kms:*');
/** AWS's own examples grant the family of GenerateDataKey, whose other members make data keys in the same way. */
const KMS_WRITES = [...KMS_WRITE_ACTIONS, 'kms:GenerateDataKey*'].map((action) => glob(action.toLowerCase()));

/** What of a grant the contract allows. */
export interface Allowed {
  /** Everything in the bucket, and the bucket's own ARN, on which s3:PutObject does nothing. */
  readonly resources: readonly ResourcePattern[];
  /** The customer-managed key that the bucket encrypts with. */
  readonly key: ResourcePattern | undefined;
  /** Why it is not known which key the bucket encrypts with. */
  readonly keyUnread: Unreadable | undefined;
}

/** One side of a grant that a rule looks at. */
export interface GrantSide {
  readonly name: 'action' | 'resource';
  /** The grants that are one thing in the report: one that is too much, and in force, stands for its row. */
  readonly rows: GrantRow;
  /** Whether it is of a key's policy or grants, where every resource is the key. */
  readonly isOfKey?: true;
  /** Whether the grant goes beyond the contract on this side; `key-unread` where that depends on the bucket's key. */
  exceeds(grant: Grant, allowed: Allowed): boolean | 'key-unread';
  /** The part of the grant that is too much. */
  region(grant: Grant, allowed: Allowed): Region;
  text(grant: Grant): string;
  pointer(grant: Grant): string;
  message(excess: readonly string[], source: string): string;
}

const actions = (globs: readonly Glob[]) => globs.map((action) => ({ action }));

export const ACTION_SIDE: GrantSide = {
  name: 'action',
  rows: 'action',
  exceeds: ({ actionPattern }, allowed) => {
    if (includes(PUT, actionPattern)) return false;
    return isKeyWrite(actionPattern) ? keyFor(allowed) : true;
  },
  region: ({ actionPattern, resourcePattern: resource }, { key }) => ({
    action: actionPattern,
    resource,
    except: actions(key && resourceIncludes(key, resource) ? [PUT, ...KMS_WRITES] : [PUT]),
  }),
  text: ({ action }) => action.text,
  pointer: ({ action }) => action.pointer,
  message: (excess, source) => `The ${source} allows ${list(excess)}, more than ${EXPORT_ACTION}.`,
};

/** What the console gives "key users" in a key policy (KMS Developer Guide, "Allows key users to use the KMS key"). */
const KEY_USE = ['encrypt', 'decrypt', 'reencrypt*', 'generatedatakey*', 'describekey'].map((name) =>
  glob(`kms:${name}`),
);
/** A grant that is for no service's use, however that is told. */
const BY_NO_SERVICE = new RequestContext({
  'kms:GrantIsForAWSResource': { kind: 'open', domain: { kind: 'one-of', values: ['false'] } },
});
/** The grants that the console lets key users make for AWS services, under a condition on `kms:GrantIsForAWSResource`. */
const KEY_GRANTS = ['creategrant', 'listgrants', 'revokegrant'].map((name) => glob(`kms:${name}`));

/** The actions that the policy of the bucket's key grants the role: using the key is no excess, administering it is. */
export const KEY_POLICY_SIDE: GrantSide = {
  ...ACTION_SIDE,
  isOfKey: true,
  exceeds: ({ actionPattern, statement }) => {
    if (KEY_USE.some((use) => includes(use, actionPattern))) return false;
    const forServices = evaluateConditions(statement, BY_NO_SERVICE).verdict === 'false';
    return !(forServices && KEY_GRANTS.some((grant) => includes(grant, actionPattern)));
  },
  region: ({ actionPattern, resourcePattern: resource }, { key }) => ({
    action: actionPattern,
    resource: key ?? resource,
    except: actions(KEY_USE),
  }),
  message: (excess, source) => `The ${source} allows the role ${list(excess)}, more than using the key.`,
};

/** What a grant may let its holder do with itself: make others of it, and give it up. */
const OF_GRANTS: readonly string[] = ['CreateGrant', 'RetireGrant'];

/**
 * What a grant of the key lets the role do, as a statement for the role alone; nothing if it is for somebody else. Left out
 * is what a grant for a service's own data lets do with itself: services make such grants for their use of the key.
 */
function statementOfGrant(
  { grantId, granteePrincipal, operations, constraints = {} }: KmsGrant,
  { caller: { accountId, roleArn, roleName } }: RolePolicies,
): Statement | undefined {
  const grantee = parseArn(granteePrincipal);
  const isSession =
    grantee?.accountId === accountId && grantee.resource.startsWith(`assumed-role/${roleName}/`);
  if (granteePrincipal !== roleArn && !isSession) return undefined;
  const context = { ...constraints.encryptionContextSubset, ...constraints.encryptionContextEquals };
  const isOfService = Object.keys(context).some((key) => /^aws:(?!s3:)/i.test(key));
  const Action = operations
    .filter((operation) => !(isOfService && OF_GRANTS.includes(operation)))
    .map((operation) => `kms:${operation}`);
  if (Action.length === 0) return undefined;
  const Statement = [{ Effect: 'Allow', Principal: { AWS: roleArn }, Action, Resource: '*' }];
  return parsedKeyPolicy({
    source: `grant ${grantId} of the bucket’s key`,
    text: JSON.stringify({ Version: '2012-10-17', Statement }),
  }).statements[0];
}

/** A grant of the key as a statement, with what of it goes beyond using the key. */
interface SortedKeyGrant extends SortedGrants {
  readonly statement: Statement;
  /** The policies that count: how a permissions boundary limits a grant is not documented. */
  readonly unbounded: RolePolicies;
}

/** Sorts what a grant of the key lets the role do; nothing if it is for somebody else, or lets nothing do. */
export function sortKeyGrant(
  grant: KmsGrant,
  policies: RolePolicies,
  allowed: Allowed,
): SortedKeyGrant | undefined {
  const statement = statementOfGrant(grant, policies);
  if (!statement) return undefined;
  const unbounded = { ...policies, boundary: undefined };
  return { ...sortGrants(statement, unbounded, allowed, KEY_POLICY_SIDE), statement, unbounded };
}

export const RESOURCE_SIDE: GrantSide = {
  name: 'resource',
  rows: 'resource',
  exceeds: ({ actionPattern, resourcePattern: resource, statement }, allowed) => {
    if (statement.resources?.negated) return true;
    if (allowed.resources.some((own) => resourceIncludes(own, resource))) return false;
    if (!isKeyAction(actionPattern)) return true;
    if (allowed.key) return !resourceIncludes(allowed.key, resource);
    return keyFor(allowed);
  },
  region: ({ actionPattern, resourcePattern: resource }, { resources }) => ({
    action: actionPattern,
    resource,
    except: resources.map((one) => ({ resource: one })),
  }),
  text: ({ resource }) => resource.text,
  pointer: ({ resource }) => resource.pointer,
  message: (excess, source) => `The ${source} reaches ${list(excess)}, more than the bucket’s objects.`,
};

/** The grants of a statement on one side, by what becomes of them. */
export interface SortedGrants {
  /** Too much, and in force. */
  readonly excess: readonly Grant[];
  /** Too much, and taken away by a Deny, the boundary or its own condition. */
  readonly heldBack: readonly Grant[];
  /** What they reach is not known. */
  readonly undecidable: readonly Grant[];
  /** Too much or not: that depends on the bucket's key, which could not be read. */
  readonly keyUnread: readonly Grant[];
  /** Not too much, but with wildcards before the bucket's name. */
  readonly wildPrefix: readonly Grant[];
}

/** One context for all that is asked of the same role, so that what the engine remembers of it counts. */
export const sessionOf = remembered(sessionContext);

const sortedOf = remembered((_: RolePolicies) => ({
  action: new Map<Statement, SortedGrants>(),
  resource: new Map<Statement, SortedGrants>(),
}));

/** Sorts the grants that a statement makes to the role; once for all rules and remedies. */
export function sortGrants(
  statement: Statement,
  policies: RolePolicies,
  allowed: Allowed,
  side: GrantSide,
): SortedGrants {
  const known = sortedOf(policies)[side.name];
  const sorted = known.get(statement) ?? sort(statement, policies, allowed, side);
  known.set(statement, sorted);
  return sorted;
}

function sort(statement: Statement, policies: RolePolicies, allowed: Allowed, side: GrantSide): SortedGrants {
  const sorted = {
    excess: [] as Grant[],
    heldBack: [] as Grant[],
    undecidable: [] as Grant[],
    keyUnread: [] as Grant[],
    wildPrefix: [] as Grant[],
  };
  const request = sessionOf(policies.facts);
  const { key, keyPolicy } = policies;
  const all = allPolicies(policies);
  const ofKey = keyPolicy && key ? { all: [...all, keyPolicy], key: resourceName(key.arn) } : undefined;
  // The key's policy denies what is done with the key, and nothing else.
  const denying = ({ resourcePattern: asked }: Grant) =>
    ofKey && (side.isOfKey || resourceIncludes(ofKey.key, asked)) ? ofKey.all : all;
  const limit = {
    ...(policies.boundary && isLimitedByBoundary(statement) ? { boundary: policies.boundary } : {}),
  };
  for (const row of grantRows(withoutAccounts(statement), side.rows, policies.caller, request)) {
    // Of an action that the row does not share, only whether it is one of KMS counts.
    const known = new Map<boolean, boolean | 'key-unread'>();
    let held: Grant | undefined;
    let inForce: Grant | undefined;
    let allowedOnly: Grant | undefined;
    for (const grant of row) {
      const isOfKey = isKeyAction(grant.actionPattern);
      const judged = known.get(isOfKey);
      const exceeds = judged ?? side.exceeds(grant, allowed);
      known.set(isOfKey, exceeds);
      if (judged === undefined && exceeds === 'key-unread') sorted.keyUnread.push(grant);
      if (exceeds !== true) {
        allowedOnly = grant;
        continue;
      }
      if (
        grant.condition === 'false' ||
        isRemoved(side.region(grant, allowed), { ...limit, all: denying(grant) }, policies.caller, request)
      ) {
        held ??= grant;
        continue;
      }
      inForce = grant;
      break;
    }
    if (inForce) {
      const isOpen = side.name === 'resource' && !inForce.resourcePattern.certain;
      (isOpen ? sorted.undecidable : sorted.excess).push(inForce);
    } else if (held) sorted.heldBack.push(held);
    else if (allowedOnly && side.name === 'resource' && !namesBucketAlone(allowedOnly))
      sorted.wildPrefix.push(allowedOnly);
  }
  return sorted;
}

const isKeyAction = remembered((action: Glob) => includes(KEY_ACTIONS, action));

const excessOf = remembered((_: RolePolicies) => new Map<Policy, Statement[]>());

/** The statements of a document that grant the role more than the contract, on either side. */
export function excessStatements(policy: Policy, policies: RolePolicies, context: RuleContext): Statement[] {
  const known = excessOf(policies);
  const found = known.get(policy) ?? findExcess(policy, policies, context);
  known.set(policy, found);
  return found;
}

function findExcess(policy: Policy, policies: RolePolicies, context: RuleContext): Statement[] {
  const allowed = allowedBy(context);
  return policy.statements.filter((statement) =>
    [ACTION_SIDE, RESOURCE_SIDE].some(
      (side) => sortGrants(statement, policies, allowed, side).excess.length > 0,
    ),
  );
}

/** The statement without principals that are a whole account, which leave it to the role's own policies. */
export function withoutAccounts(statement: Statement): Statement {
  const { principals } = statement;
  if (!principals || principals.negated) return statement;
  return {
    ...statement,
    principals: { ...principals, entries: principals.entries.filter(grantsByItself) },
  };
}

/** Whether the parts of the ARN before the bucket's name are free of wildcards. */
function namesBucketAlone({ resourcePattern: { parts } }: Grant): boolean {
  return parts === undefined || parts.slice(0, 5).every(isLiteral);
}

function isKeyWrite(action: Glob): boolean {
  return KMS_WRITES.some((write) => includes(write, action));
}

/** Whether a key action is too much where the bucket's key is not known to be the customer's own. */
function keyFor(allowed: Allowed): boolean | 'key-unread' {
  if (allowed.key) return false;
  return allowed.keyUnread ? 'key-unread' : true;
}

/** What the contract allows the role of this export. */
export function allowedBy(context: RuleContext): Allowed {
  const { contract, observation } = context;
  // Buckets' ARNs have neither region nor account, and the role can act in its own partition only.
  const anywhere = (name: string) => withinParts(resourcePattern(`arn:*:s3:*:*:${name}`, false));
  const resources = [anywhere(contract.bucket), anywhere(`${contract.bucket}/*`)];
  const none = { resources, key: undefined, keyUnread: undefined };
  if (observation.bucket.state === 'unreadable') return { ...none, keyUnread: observation.bucket.reason };
  if (observation.bucket.state === 'absent') return none;
  const { encryption, kmsKey } = observation.bucket.value;
  if (encryption.state === 'unreadable') return { ...none, keyUnread: encryption.reason };
  if (kmsKey?.state === 'value' && kmsKey.value.keyManager === 'CUSTOMER') {
    return { ...none, key: resourcePattern(kmsKey.value.arn, false) };
  }
  // Whether the key that the bucket's encryption names can be used is the concern of bucket-encryption-delivery.
  const keyId = encryption.state === 'value' ? (encryption.value.kmsKeyId ?? '') : '';
  if (kmsKey && kmsKey.state !== 'value' && parseArn(keyId)?.resource.startsWith('key/'))
    return { ...none, key: resourcePattern(keyId, false) };
  return kmsKey?.state === 'unreadable'
    ? { ...none, keyUnread: kmsKey.reason }
    : { ...none, key: declaredKey(context) };
}

/** The key that the config declares, for a bucket that encrypts with none: that it does not is what declared-encryption reports. */
function declaredKey({ contract, observation, declared }: RuleContext): ResourcePattern | undefined {
  const { type, kmsKeyArn } = declared?.encryption ?? {};
  if (type !== 'kms') return undefined;
  if (kmsKeyArn) return resourcePattern(kmsKeyArn, false);
  // The ID of a key that Terraform made is not in the config. One key of the account is, any of them is not.
  const { accountId } = observation;
  const id = [8, 4, 4, 4, 12].map((length) => '?'.repeat(length)).join('-');
  return accountId.state === 'value'
    ? resourcePattern(`arn:${contract.partition}:kms:${contract.region}:${accountId.value}:key/${id}`, false)
    : undefined;
}

/** Texts as one list for a sentence, the first eight of them. */
export function list(texts: readonly string[]): string {
  const shown = texts.slice(0, 8).join(', ');
  return texts.length > 8 ? `${shown} and ${texts.length - 8} more` : shown;
}
