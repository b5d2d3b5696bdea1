/** What a role is granted, pattern by pattern, and what of it a Deny or a boundary takes away. */
import { evaluateConditions } from './condition/evaluate';
import type { Tri } from './condition/tri';
import type { RequestContext } from './context';
import { actionPattern, type Caller, matchesPrincipals, mayBe, resourceOf } from './decide';
import type { Located, Policy, Statement } from './document';
import { type Glob, glob, includes, overlaps } from './glob';
import { type ResourcePattern, resourceIncludes, resourcePattern, resourcesOverlap } from './resource';

/** One action pattern on one resource pattern that an Allow statement grants. */
export interface Grant {
  readonly statement: Statement;
  /** As written; `everything but …` where `NotAction` was used. */
  readonly action: Located;
  /** Lower case. For `NotAction`, everything. */
  readonly actionPattern: Glob;
  readonly resource: Located;
  /** For `NotResource` and for trust policies, everything. */
  readonly resourcePattern: ResourcePattern;
  /** Whether `NotAction` or `NotResource` was used. */
  readonly negated: boolean;
  /** Whether the statement's conditions can hold for the caller. */
  readonly condition: Tri;
}

const EVERYTHING = resourcePattern('*', false);

/** Every grant of the Allow statements that speak of the caller. Statements that were not understood are left out: see `faultsOf`. */
export function grantsOf(policies: readonly Policy[], caller: Caller, context: RequestContext): Grant[] {
  return policies
    .flatMap((policy) => policy.statements)
    .filter((statement) => statement.effect === 'Allow' && statement.faults.length === 0)
    .filter(
      (statement) => !statement.principals || matchesPrincipals(statement.principals, caller) !== 'false',
    )
    .flatMap((statement) => {
      const condition = evaluateConditions(statement, context).verdict;
      return actionsOf(statement).flatMap(({ negated, ...action }) =>
        resourcesOf(statement, context).map((resource) => ({
          statement,
          ...action,
          resource: resource.resource,
          resourcePattern: resource.resourcePattern,
          negated: negated || resource.negated,
          condition,
        })),
      );
    });
}

function actionsOf(statement: Statement): { action: Located; actionPattern: Glob; negated: boolean }[] {
  const { negated, entries, pointer } = statement.actions;
  if (!negated) return entries.map((action) => ({ action, actionPattern: actionPattern(action), negated }));
  const text = `everything but ${entries.map((entry) => entry.text).join(', ')}`;
  return [{ action: { text, pointer }, actionPattern: glob('*'), negated }];
}

function resourcesOf(statement: Statement, context: RequestContext) {
  const { resources, pointer } = statement;
  if (!resources) return [{ resource: { text: '*', pointer }, resourcePattern: EVERYTHING, negated: false }];
  if (!resources.negated) {
    return resources.entries.map((resource) => ({
      resource,
      resourcePattern: resourceOf(resource, statement, context),
      negated: false,
    }));
  }
  const text = `everything but ${resources.entries.map((entry) => entry.text).join(', ')}`;
  return [{ resource: { text, pointer: resources.pointer }, resourcePattern: EVERYTHING, negated: true }];
}

/** Actions on resources, apart from some that are no concern. */
export interface Region {
  readonly action: Glob;
  readonly resource: ResourcePattern;
  /** Actions that don't count. */
  readonly exceptAction?: Glob;
  /** Resources that don't count. */
  readonly exceptResources?: readonly ResourcePattern[];
}

/** Whether a Deny or the lack of an Allow in the boundary takes away the whole region, whatever the request. */
export function isRemoved(
  region: Region,
  policies: { readonly all: readonly Policy[]; readonly boundary?: Policy },
  caller: Caller,
  context: RequestContext,
): boolean {
  const denied = policies.all.some((policy) =>
    policy.statements.some((statement) => denies(statement, region, caller, context)),
  );
  return denied || (policies.boundary !== undefined && !boundaryReaches(policies.boundary, region, context));
}

/** Whether a Deny statement certainly takes away the whole region. */
function denies(statement: Statement, region: Region, caller: Caller, context: RequestContext): boolean {
  if (statement.effect !== 'Deny' || statement.faults.length > 0) return false;
  if (statement.principals && matchesPrincipals(statement.principals, caller) !== 'true') return false;
  if (evaluateConditions(statement, context).verdict !== 'true') return false;
  const { actions, resources } = statement;
  const coversActions = actions.negated
    ? actions.entries.every((entry) => !touchesAction(actionPattern(entry), region))
    : actions.entries.some((entry) => includes(actionPattern(entry), region.action));
  if (!coversActions) return false;
  if (!resources) return true;
  const patterns = resources.entries.map((entry) => resourceOf(entry, statement, context));
  return resources.negated
    ? patterns.every((pattern) => pattern.valid && !touchesResource(pattern, region))
    : patterns.some((pattern) => pattern.certain && resourceIncludes(pattern, region.resource));
}

/** Whether the boundary may let through any of the region. */
function boundaryReaches(boundary: Policy, region: Region, context: RequestContext): boolean {
  return boundary.statements.some((statement) => {
    if (!mayBe(statement, 'Allow')) return false;
    if (statement.faults.length > 0) return true;
    if (evaluateConditions(statement, context).verdict === 'false') return false;
    const { actions, resources } = statement;
    const action = actions.negated
      ? !actions.entries.some((entry) => includes(actionPattern(entry), region.action))
      : actions.entries.some((entry) => touchesAction(actionPattern(entry), region));
    if (!action || !resources) return action;
    const patterns = resources.entries.map((entry) => resourceOf(entry, statement, context));
    return resources.negated
      ? !patterns.some((pattern) => pattern.certain && resourceIncludes(pattern, region.resource))
      : patterns.some((pattern) => !pattern.valid || touchesResource(pattern, region));
  });
}

function touchesAction(pattern: Glob, region: Region): boolean {
  return overlaps(pattern, region.action) && !(region.exceptAction && includes(region.exceptAction, pattern));
}

function touchesResource(pattern: ResourcePattern, region: Region): boolean {
  return (
    resourcesOverlap(pattern, region.resource) &&
    !(region.exceptResources ?? []).some((except) => resourceIncludes(except, pattern))
  );
}
