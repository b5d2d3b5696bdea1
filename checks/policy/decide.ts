/**
 * What IAM decides. Source: IAM User Guide, "Policy evaluation logic" and "Evaluating policies within a single account";
 * for boundaries, "Permissions boundaries for IAM entities", "Resource-based policies".
 */
import { type Caller, matchesPrincipals } from './caller';
import { type ClauseVerdict, evaluateConditions } from './condition/evaluate';
import { all, any, type Tri } from './condition/tri';
import type { RequestContext } from './context';
import { compiledOnce, type Located, type Matcher, type Policy, type Statement } from './document';
import { type Glob, glob, literal, matches } from './glob';
import type { Principal } from './principal';
import { leftOut, matchesResources, unnamed, WHOLE } from './reach';
import type { ResourcePattern } from './resource';

export interface Request {
  /** For example `s3:PutObject`. */
  readonly action: string;
  /** What is asked for: every resource that the pattern, which has no variables, matches. `undefined` in trust policies. */
  readonly resource?: ResourcePattern;
  readonly caller: Caller;
  readonly context: RequestContext;
}

/** Why a decision is as it is. */
export interface Reason {
  readonly kind:
    | 'deny'
    | 'no-allow'
    | 'partial'
    | 'condition'
    | 'boundary'
    | 'principal'
    | 'denied-principal'
    | 'fault';
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

/** Action names are compared without case (IAM User Guide, "IAM JSON policy elements: Action"). */
export function actionPattern(action: Located): Glob {
  return compiledOnce(action, () => glob(action.text.toLowerCase()));
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
  const bounded = policies.boundary !== undefined;
  const asked: Request = bounded ? { ...request, caller: { ...request.caller, bounded } } : request;
  const resource = policies.resource ? [policies.resource] : [];
  const boundary = policies.boundary ? [policies.boundary] : [];
  const denies = applications([...policies.identity, ...boundary, ...resource], 'Deny', asked);
  const allowedBy = (documents: readonly Policy[]) =>
    allowance(applications(documents, 'Allow', asked), asked);
  const byItself = narrowed(resource, grantsByItself);
  const byIdentity = allowedBy(policies.identity);
  const byResource = allowedBy(byItself);
  const alone = any([byIdentity.verdict, byResource.verdict]);
  // Each may allow the part that the other leaves out.
  const granted = alone === 'false' ? allowedBy([...policies.identity, ...byItself]).verdict : alone;
  const verdict = bounded
    ? any([all([granted, allowedBy(boundary).verdict]), pastBoundary(resource, asked)])
    : granted;
  if (bounded && granted !== 'false' && verdict !== 'true') {
    const reasons = allowedBy(boundary).reasons.map((reason) => ({
      ...reason,
      kind: 'boundary' as const,
      text: `the permissions boundary: ${reason.text}`,
      ...(reason.source ? {} : { source: policies.boundary?.source, pointer: '' }),
    }));
    return conclude(denies, { verdict, reasons });
  }
  // A statement of the resource's policy that only just fails is told if nothing else allows.
  const nearMisses = granted === 'false' ? byResource.reasons.filter(({ kind }) => kind !== 'no-allow') : [];
  const ofResource = byResource.verdict === 'false' ? nearMisses : byResource.reasons;
  const reasons = [...byIdentity.reasons, ...ofResource];
  return conclude(denies, { verdict, reasons });
}

/** Whether a principal of a resource's policy grants by itself: naming the account leaves it to the account's own policies. */
export function grantsByItself({ kind }: Principal): boolean {
  return kind !== 'account' && kind !== 'canonical';
}

/**
 * What a resource's policy grants though the boundary does not. A boundary limits what is granted to a role by its ARN,
 * not what is granted to a session by its ARN, or to everybody under a condition on aws:PrincipalArn; for everybody
 * without such a condition AWS doesn't say (IAM User Guide, "AWS JSON policy elements: Principal", "Permissions
 * boundaries for IAM entities").
 */
function pastBoundary(resource: readonly Policy[], request: Request): Tri {
  const allowedBy = (policies: readonly Policy[]) =>
    allowance(applications(policies, 'Allow', request), request).verdict;
  const surely = narrowed(
    resource.map((policy) => ({
      ...policy,
      statements: policy.statements.filter(({ principals }) => !principals?.negated),
    })),
    ({ kind }, statement) => kind === 'session' || (kind === 'anyone' && namesPrincipalArn(statement)),
  );
  const perhaps = narrowed(resource, ({ kind }) => kind === 'session' || kind === 'anyone');
  return any([allowedBy(surely), allowedBy(perhaps) === 'false' ? 'false' : 'depends']);
}

function namesPrincipalArn(statement: Statement): boolean {
  return statement.conditions.some(({ key }) => key.toLowerCase() === 'aws:principalarn');
}

/** Whether a boundary limits what a statement of a resource's policy grants to a role. */
export function isLimitedByBoundary({ principals }: Statement): boolean {
  if (!principals) return true;
  return (
    !principals.negated && !principals.entries.some(({ kind }) => kind === 'session' || kind === 'anyone')
  );
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
  const principal = statement.principals
    ? matchesPrincipals(statement.principals, request.caller, statement.effect)
    : 'true';
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
    reasons.push(
      statement.effect === 'Allow'
        ? { kind: 'principal', text: 'it names only some principals of the account', ...at }
        : { kind: 'denied-principal', text: 'it denies some principals of the account', ...at },
    );
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

let lastName: { readonly action: string; readonly compiled: Glob } | undefined;

/** An action that is asked for. A decision asks for the same one of every statement. */
function actionName(action: string): Glob {
  if (lastName?.action !== action) lastName = { action, compiled: literal(action.toLowerCase()) };
  return lastName.compiled;
}

/** Whether the action is one of those that the statement speaks of. */
export function matchesAction(actions: Matcher<Located>, action: string): boolean {
  const name = actionName(action);
  return actions.entries.some((entry) => matches(actionPattern(entry), name)) !== actions.negated;
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
    const isShort = !reachesUnnamed(allows, request) || leavesOut(allows, request);
    return { verdict: isShort ? 'false' : 'depends', reasons };
  }
  return { verdict: 'depends', reasons: allows.flatMap(({ reasons }) => reasons) };
}

/** Whether the statements together reach resources that none of them names, so that they may cover all. */
function reachesUnnamed(allows: readonly Application[], request: Request): boolean {
  const { resource } = request;
  if (!resource?.parts) return true;
  return ['', '?', '??'].every((star) => {
    const witness = { ...request, resource: unnamed(resource, star) };
    return allows.some(({ statement }) => apply(statement, witness).verdict !== 'false');
  });
}

/** Whether the statements together leave out a resource that one of them excludes by `NotResource`. */
function leavesOut(allows: readonly Application[], request: Request): boolean {
  const { resource, context } = request;
  if (!resource) return false;
  return allows.some(({ statement }) =>
    leftOut(statement, resource, context).some((left) =>
      allows.every(
        ({ statement: other }) => apply(other, { ...request, resource: left }).verdict === 'false',
      ),
    ),
  );
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
function narrowed(
  policies: readonly Policy[],
  keep: (principal: Principal, statement: Statement) => boolean,
): Policy[] {
  return policies.map((policy) => ({
    ...policy,
    statements: policy.statements.map((statement) => {
      const { principals } = statement;
      if (!principals || principals.negated) return statement;
      const entries = principals.entries.filter((principal) => keep(principal, statement));
      return { ...statement, principals: { ...principals, entries } };
    }),
  }));
}
