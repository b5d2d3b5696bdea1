/**
 * What IAM decides. Source: IAM User Guide, "Policy evaluation logic" and "Evaluating policies within a single account";
 * for boundaries, "Permissions boundaries for IAM entities", "Resource-based policies".
 */
import { type ClauseVerdict, evaluateConditions } from './condition/evaluate';
import { all, any, type Tri, tri } from './condition/tri';
import type { RequestContext } from './context';
import type { Located, Matcher, Policy, Statement } from './document';
import { type Glob, glob, literal, matches } from './glob';
import type { Principal } from './principal';
import { type ResourcePattern, resourceIncludes, resourcePattern, resourcesOverlap } from './resource';

/** Who asks: a session of a role, or some principal of an account of which only the account is known. */
export interface Caller {
  readonly accountId: string;
  /** ARN of the role whose session asks; `undefined` for "some principal of the account". */
  readonly roleArn?: string;
  /** Name of the role, without its path. */
  readonly roleName?: string;
}

export interface Request {
  /** For example `s3:PutObject`. */
  readonly action: string;
  /** What is asked for: every resource that the pattern matches. `undefined` in trust policies. */
  readonly resource?: ResourcePattern;
  readonly caller: Caller;
  readonly context: RequestContext;
}

/** Why a decision is as it is. */
export interface Reason {
  readonly kind: 'deny' | 'no-allow' | 'partial' | 'condition' | 'boundary' | 'principal' | 'fault';
  /** One clause of a sentence, without a full stop. */
  readonly text: string;
  readonly source?: string;
  readonly pointer?: string;
  /** Conditions that stand in the way or are open. */
  readonly clauses?: readonly ClauseVerdict[];
}

export interface Decision {
  readonly verdict: 'allowed' | 'denied' | 'depends';
  readonly reasons: readonly Reason[];
}

/** Whether one statement applies to a request, and to how much of what is asked for. */
export interface Application {
  readonly statement: Statement;
  readonly verdict: Tri;
  /** Whether it covers all that is asked for; a Deny needs no more than a part. */
  readonly covers: boolean;
  readonly reasons: readonly Reason[];
}

/** The policies of a request within one account. */
export interface AccountPolicies {
  readonly identity: readonly Policy[];
  readonly boundary?: Policy;
  /** The policy of the resource, for example of the bucket. */
  readonly resource?: Policy;
}

const compiledActions = new WeakMap<Located, Glob>();

/** Action names are compared without case (IAM User Guide, "IAM JSON policy elements: Action"). */
export function actionPattern(action: Located): Glob {
  let compiled = compiledActions.get(action);
  if (!compiled) {
    compiled = glob(action.text.toLowerCase());
    compiledActions.set(action, compiled);
  }
  return compiled;
}

/** Whether a statement may be of this effect: one that was not understood may be of either. */
export function mayBe(statement: Statement, effect: 'Allow' | 'Deny'): boolean {
  return statement.effect === effect || statement.effect === 'unknown';
}

/** Decides a request by one policy that stands alone, such as a role's trust policy. */
export function decideByPolicy(policy: Policy, request: Request): Decision {
  const denies = applications([policy], 'Deny', request);
  const allows = applications([policy], 'Allow', request);
  return conclude(denies, allowance(allows, request));
}

/**
 * Decides a request by a role's session within one account: identity policies within the boundary, or the resource's
 * policy where it names the role itself; an explicit Deny anywhere wins.
 */
export function decide(policies: AccountPolicies, request: Request): Decision {
  const resource = policies.resource ? [policies.resource] : [];
  const boundary = policies.boundary ? [policies.boundary] : [];
  const denies = [
    ...applications([...policies.identity, ...boundary], 'Deny', request),
    ...applications(resource, 'Deny', request),
  ];
  const byIdentity = allowance(applications(policies.identity, 'Allow', request), request);
  const within = policies.boundary ? allowance(applications(boundary, 'Allow', request), request) : undefined;
  // Naming the account leaves it to the account's own policies: only what is named beside it grants by itself.
  const direct = narrowed(resource, ({ kind }) => kind !== 'account' && kind !== 'canonical');
  const byResource = allowance(applications(direct, 'Allow', request), request);
  // A boundary limits what a resource's policy grants to the role, but not what it grants to the session by its own ARN.
  const sessions = narrowed(resource, ({ kind }) => kind === 'session');
  const bySession = allowance(applications(sessions, 'Allow', request), request);
  const granted = any([byIdentity.verdict, byResource.verdict]);
  const verdict = within ? any([all([granted, within.verdict]), bySession.verdict]) : granted;
  const reasons =
    within && granted !== 'false' && within.verdict !== 'true'
      ? within.reasons.map((reason) => ({
          ...reason,
          kind: 'boundary' as const,
          text: `the permissions boundary: ${reason.text}`,
        }))
      : byResource.verdict === 'false'
        ? byIdentity.reasons
        : [...byIdentity.reasons, ...byResource.reasons];
  return conclude(denies, { verdict, reasons });
}

/** Every statement of the effect that applies to the request, may apply, or fails by its condition alone. */
export function applications(
  policies: readonly Policy[],
  effect: 'Allow' | 'Deny',
  request: Request,
): Application[] {
  return policies
    .flatMap((policy) => policy.statements)
    .filter((statement) => mayBe(statement, effect))
    .map((statement) => apply(statement, request))
    .filter(({ verdict, reasons }) => verdict !== 'false' || reasons.length > 0);
}

/** Whether a statement applies to a request; for a resource pattern, to any part of it. */
export function apply(statement: Statement, request: Request): Application {
  const at = { source: statement.source, pointer: statement.pointer };
  if (statement.faults.length > 0) {
    const reasons = statement.faults.map(({ pointer, reason }) => ({
      kind: 'fault' as const,
      text: reason,
      source: statement.source,
      pointer,
    }));
    return { statement, verdict: 'depends', covers: true, reasons };
  }
  const never: Application = { statement, verdict: 'false', covers: false, reasons: [] };
  if (!matchesAction(statement.actions, request.action)) return never;
  const principal = statement.principals ? matchesPrincipals(statement.principals, request.caller) : 'true';
  if (principal === 'false') return never;
  const reach = request.resource ? matchesResources(statement, request.resource, request.context) : WHOLE;
  if (reach.verdict === 'false') return never;
  const conditions = evaluateConditions(statement, request.context);
  if (conditions.verdict === 'false') {
    const text = 'its condition never holds for this request';
    return { ...never, reasons: [{ kind: 'condition', text, clauses: conditions.open, ...at }] };
  }
  const reasons: Reason[] = [];
  if (principal === 'depends')
    reasons.push({ kind: 'principal', text: 'it names only some principals of the account', ...at });
  if (reach.verdict === 'depends')
    reasons.push({ kind: 'partial', text: 'its resource has a variable whose value is not known', ...at });
  if (conditions.verdict === 'depends') {
    reasons.push({
      kind: 'condition',
      text: 'its condition depends on what is not known',
      clauses: conditions.open,
      ...at,
    });
  }
  return {
    statement,
    verdict: all([principal, reach.verdict, conditions.verdict]),
    covers: reach.covers,
    reasons,
  };
}

/** Whether the action is one of those that the statement speaks of. */
export function matchesAction(actions: Matcher<Located>, action: string): boolean {
  const name = literal(action.toLowerCase());
  return actions.entries.some((entry) => matches(actionPattern(entry), name)) !== actions.negated;
}

/** Whether the caller is one of those that the statement speaks of. */
export function matchesPrincipals(principals: Matcher<Principal>, caller: Caller): Tri {
  const named = any(principals.entries.map((principal) => matchesPrincipal(principal, caller)));
  if (!principals.negated) return named;
  if (named === 'false') return 'true';
  // NotPrincipal spares a session for certain only where account, role and session are all named, and a session's name
  // is not known (IAM User Guide, "AWS JSON policy elements: NotPrincipal").
  return principals.entries.some(({ kind }) => kind === 'anyone') ? 'false' : 'depends';
}

function matchesPrincipal(principal: Principal, caller: Caller): Tri {
  switch (principal.kind) {
    case 'anyone':
      return 'true';
    case 'account':
      return tri(principal.accountId === caller.accountId);
    case 'role':
      if (caller.roleArn !== undefined) return tri(principal.text === caller.roleArn);
      return principal.accountId === caller.accountId ? 'depends' : 'false';
    case 'session':
      if (principal.accountId !== caller.accountId) return 'false';
      if (caller.roleName === undefined) return 'depends';
      return principal.name.startsWith(`${caller.roleName}/`) ? 'depends' : 'false';
    case 'user':
    case 'federated-user':
      return principal.accountId === caller.accountId && caller.roleArn === undefined ? 'depends' : 'false';
    case 'canonical':
    case 'unknown':
      return 'depends';
    default:
      return 'false';
  }
}

interface Reach {
  readonly verdict: Tri;
  readonly covers: boolean;
}

const WHOLE: Reach = { verdict: 'true', covers: true };

const compiledResources = new WeakMap<Located, ResourcePattern>();

/** A statement's resource pattern, with the variables that the context fixes. */
export function resourceOf(entry: Located, statement: Statement, context?: RequestContext): ResourcePattern {
  if (statement.variables && entry.text.includes('${')) return resourcePattern(entry.text, true, context);
  let compiled = compiledResources.get(entry);
  if (!compiled) {
    compiled = resourcePattern(entry.text, false);
    compiledResources.set(entry, compiled);
  }
  return compiled;
}

function matchesResources(statement: Statement, asked: ResourcePattern, context: RequestContext): Reach {
  const { resources } = statement;
  // Only a trust policy has none, and there it means the role itself.
  if (!resources) return WHOLE;
  const patterns = resources.entries.map((entry) => resourceOf(entry, statement, context));
  const touching = patterns.filter((pattern) => !pattern.valid || resourcesOverlap(pattern, asked));
  const covering = patterns.filter((pattern) => pattern.valid && resourceIncludes(pattern, asked));
  const certain = (list: readonly ResourcePattern[]) => list.some((pattern) => pattern.certain);
  if (!resources.negated) {
    if (touching.length === 0) return { verdict: 'false', covers: false };
    return { verdict: certain(touching) ? 'true' : 'depends', covers: certain(covering) };
  }
  if (certain(covering)) return { verdict: 'false', covers: false };
  if (touching.length === 0) return WHOLE;
  // What none of the patterns names is surely among the rest.
  const rest = fresh(asked);
  return {
    verdict: patterns.some((pattern) => resourcesOverlap(pattern, rest)) ? 'depends' : 'true',
    covers: false,
  };
}

interface Allowance {
  readonly verdict: Tri;
  readonly reasons: readonly Reason[];
}

/** Whether the statements together allow all that is asked for. */
function allowance(applied: readonly Application[], request: Request): Allowance {
  const allows = applied.filter(({ verdict }) => verdict !== 'false');
  if (allows.some(({ verdict, covers }) => verdict === 'true' && covers))
    return { verdict: 'true', reasons: [] };
  if (allows.length === 0) {
    const nearMisses = applied.flatMap(({ reasons }) => reasons);
    return {
      verdict: 'false',
      reasons: [{ kind: 'no-allow', text: `nothing allows ${request.action}` }, ...nearMisses],
    };
  }
  const partial = allows.filter(({ covers }) => !covers);
  if (partial.length === allows.length) {
    const reasons = partial.map(({ statement: { source, pointer } }) => ({
      kind: 'partial' as const,
      text: `it allows ${request.action} on a part only`,
      source,
      pointer,
    }));
    return { verdict: reachesFresh(allows, request) ? 'depends' : 'false', reasons };
  }
  return { verdict: 'depends', reasons: allows.flatMap(({ reasons }) => reasons) };
}

/** A character of no name: what a pattern does not match with it in place of a star, it does not match as a whole. */
const FRESH = '\u{E000}';

/** Whether the statements together reach a resource that none of them names, so that they may cover all. */
function reachesFresh(allows: readonly Application[], request: Request): boolean {
  if (!request.resource?.parts) return true;
  const witness = fresh(request.resource);
  return allows.some(
    ({ statement }) => apply(statement, { ...request, resource: witness }).verdict !== 'false',
  );
}

/** A resource that the pattern matches, of a name that nobody has written down. */
function fresh(pattern: ResourcePattern): ResourcePattern {
  const name = FRESH.codePointAt(0) as number;
  const parts = pattern.parts?.map((part) => part.map((token) => (token < 0 ? name : token)));
  return { text: pattern.text, parts, certain: true, valid: true };
}

function conclude(denying: readonly Application[], allowed: Allowance): Decision {
  const denies = denying.filter(({ verdict }) => verdict !== 'false');
  const certain = denies.filter(({ verdict }) => verdict === 'true');
  if (certain.length > 0) {
    const reasons = certain.map(({ statement: { source, pointer } }) => ({
      kind: 'deny' as const,
      text: 'a statement denies it',
      source,
      pointer,
    }));
    return { verdict: 'denied', reasons };
  }
  if (allowed.verdict === 'false') return { verdict: 'denied', reasons: allowed.reasons };
  const open = [...denies.flatMap(({ reasons }) => reasons), ...allowed.reasons];
  if (denies.length > 0 || allowed.verdict === 'depends') return { verdict: 'depends', reasons: open };
  return { verdict: 'allowed', reasons: [] };
}

/** The policies as if their `Principal` elements named these principals alone; `NotPrincipal` is left as it is. */
function narrowed(policies: readonly Policy[], keep: (principal: Principal) => boolean): Policy[] {
  return policies.map((policy) => ({
    ...policy,
    statements: policy.statements.map((statement) => {
      const { principals } = statement;
      if (!principals || principals.negated) return statement;
      return { ...statement, principals: { ...principals, entries: principals.entries.filter(keep) } };
    }),
  }));
}
