/**
 * IAM's policy language: parse documents, match patterns, evaluate conditions, decide requests. Pure, and general: it
 * knows nothing of ALTR. What is not understood makes every decision that depends on it undecidable.
 */
export { type Caller, matchesPrincipals } from './caller';
export { isNotPublic, parseRange } from './condition/address';
export { type ClauseVerdict, type ConditionVerdict, evaluateConditions } from './condition/evaluate';
export { parseTime } from './condition/operators';
export type { Tri } from './condition/tri';
export { type Domain, type Fact, RequestContext, UNNAMED } from './context';
export {
  type AccountPolicies,
  type Application,
  actionPattern,
  applications,
  apply,
  type Decision,
  decide,
  decideByPolicy,
  grantsByItself,
  isLimitedByBoundary,
  matchesAction,
  mayBe,
  type Reason,
  type Request,
} from './decide';
export {
  type Clause,
  type DocumentKind,
  type Located,
  type Matcher,
  type Policy,
  parsePolicy,
  type Statement,
} from './document';
export type { Fault } from './fault';
export { type Glob, glob, includes, isEverything, isLiteral, literal, matches, overlaps } from './glob';
export {
  type Grant,
  type GrantRow,
  grantRows,
  grantsOf,
  isRemoved,
  type Limits,
  narrowing,
  type Region,
} from './grants';
export { isTooDeep, unescapePointer } from './json';
export type { Principal } from './principal';
export {
  commonArnPattern,
  type ResourcePattern,
  resourceIncludes,
  resourceName,
  resourcePattern,
  resourcesOverlap,
  splitArn,
  withinParts,
} from './resource';

export { countWork, limitWork, type WorkLimit, WorkLimitExceeded } from './work';

import { glob, literal, matches } from './glob';

/** Whether a text matches a pattern with `*` and `?`; case counts. */
export function matchesGlob(pattern: string, text: string): boolean {
  return matches(glob(pattern), literal(text));
}
