/** What a role is granted, pattern by pattern, and what of it a Deny or a boundary takes away. */
import { type Caller, matchesPrincipals } from './caller';
import { evaluateConditions } from './condition/evaluate';
import type { Tri } from './condition/tri';
import type { RequestContext } from './context';
import { actionPattern, mayBe } from './decide';
import type { Located, Policy, Statement } from './document';
import { type Glob, glob, includes, overlaps } from './glob';
import { resourceOf } from './reach';
import { type ResourcePattern, resourceIncludes, resourcePattern, resourcesOverlap } from './resource';
import { spend } from './work';

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

/** The cost of looking at one grant, in steps. */
const GRANT = 10;

const EVERYTHING = resourcePattern('*', false);

/** What the grants of one row have in common; `grant` for rows of one. */
export type GrantRow = 'action' | 'resource' | 'grant';

/**
 * What an Allow statement grants the caller, row by row: the grants of one action together, or those on one resource. They
 * are made as they are asked for, since a statement has room for 100,000. A statement that was not understood grants
 * nothing here: see `faultsOf`.
 */
export function* grantRows(
  statement: Statement,
  by: GrantRow,
  caller: Caller,
  context: RequestContext,
): Generator<Iterable<Grant>> {
  const { effect, faults, principals } = statement;
  if (effect !== 'Allow' || faults.length > 0) return;
  if (principals && matchesPrincipals(principals, caller) === 'false') return;
  const condition = evaluateConditions(statement, context).verdict;
  const [actions, resources] = [actionsOf(statement), resourcesOf(statement, context)];
  const grantOf = (action: ActionPart, resource: ResourcePart): Grant => {
    spend(GRANT);
    const negated = action.negated || resource.negated;
    return { statement, ...action, ...resource, negated, condition };
  };
  if (by === 'action') for (const action of actions) yield made(resources, (each) => grantOf(action, each));
  else if (by === 'resource')
    for (const resource of resources) yield made(actions, (each) => grantOf(each, resource));
  else for (const action of actions) for (const resource of resources) yield [grantOf(action, resource)];
}

function* made<T, U>(list: readonly T[], make: (entry: T) => U): Generator<U> {
  for (const entry of list) yield make(entry);
}

/** Every grant of the statements, one after the other. */
export function* grantsOf(
  policies: readonly Policy[],
  caller: Caller,
  context: RequestContext,
): Generator<Grant> {
  for (const { statements } of policies)
    for (const statement of statements)
      for (const row of grantRows(statement, 'action', caller, context)) yield* row;
}

type ActionPart = Pick<Grant, 'action' | 'actionPattern' | 'negated'>;
type ResourcePart = Pick<Grant, 'resource' | 'resourcePattern' | 'negated'>;

function actionsOf(statement: Statement): ActionPart[] {
  const { negated, entries, pointer } = statement.actions;
  if (!negated) return entries.map((action) => ({ action, actionPattern: actionPattern(action), negated }));
  const text = `everything but ${entries.map((entry) => entry.text).join(', ')}`;
  return [{ action: { text, pointer }, actionPattern: glob('*'), negated }];
}

function resourcesOf(statement: Statement, context: RequestContext): ResourcePart[] {
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

/** At most this many pairs of patterns are compared to tell whether a Deny concerns a grant. With more, it is assumed to. */
const PAIRS = 1_000;

/** The Deny statements that may take something from what a statement grants the caller; too many rather than too few. */
export function narrowing(
  statement: Statement,
  policies: readonly Policy[],
  caller: Caller,
  context: RequestContext,
): Statement[] {
  return policies
    .flatMap(({ statements }) => statements)
    .filter(
      (deny) =>
        mayBe(deny, 'Deny') &&
        (deny.faults.length > 0 ||
          ((!deny.principals || matchesPrincipals(deny.principals, caller, 'Deny') !== 'false') &&
            evaluateConditions(deny, context).verdict !== 'false' &&
            mayMeet(actionsOf(statement), actionsOf(deny), (a, b) =>
              overlaps(a.actionPattern, b.actionPattern),
            ) &&
            mayMeet(
              resourcesOf(statement, context),
              resourcesOf(deny, context),
              (a, b) => resourcesOverlap(a.resourcePattern, b.resourcePattern) !== 'false',
            ))),
    );
}

function mayMeet<T>(some: readonly T[], others: readonly T[], meet: (a: T, b: T) => boolean): boolean {
  return some.length * others.length > PAIRS || some.some((a) => others.some((b) => meet(a, b)));
}

/** Actions on resources, apart from some that are no concern. */
export interface Region {
  readonly action: Glob;
  readonly resource: ResourcePattern;
  readonly except?: readonly Exception[];
}

/** What does not count: actions on resources; every action or resource where none is named. */
export interface Exception {
  readonly action?: Glob;
  readonly resource?: ResourcePattern;
}

/** What may take away from a grant. */
export interface Limits {
  /** Every policy whose Deny counts. */
  readonly all: readonly Policy[];
  /** The boundary, where it limits the grant. */
  readonly boundary?: Policy;
}

/** How often a region is cut down to what one statement leaves of it, and how many patterns are held against what is left. */
const CUTS = 3;
const COMPARISONS = 4_000;

/**
 * Whether Deny statements and the lack of an Allow in the boundary, together, take away the whole region, whatever the
 * request carries of what the context leaves open.
 */
export function isRemoved(region: Region, limits: Limits, caller: Caller, context: RequestContext): boolean {
  const denies = limits.all.map((policy) => certainDenies(policy, caller, context));
  return removes({ denies, boundary: limits.boundary, context, left: COMPARISONS }, region, CUTS);
}

interface Search {
  readonly denies: readonly (readonly CertainDeny[])[];
  readonly boundary: Policy | undefined;
  readonly context: RequestContext;
  /** How many more patterns are held against what is left. */
  left: number;
}

/** A Deny that hits the caller for certain, with its patterns compiled. */
interface CertainDeny {
  readonly actions: readonly Glob[];
  readonly notAction: boolean;
  /** `undefined` where the statement has no resources: then it is about all. */
  readonly resources: readonly ResourcePattern[] | undefined;
  readonly notResource: boolean;
}

function removes(search: Search, region: Region, cuts: number): boolean {
  for (const denies of search.denies) {
    for (const deny of denies) {
      // The first time every statement counts; of what is left, a few are enough.
      if (cuts < CUTS) {
        search.left -= deny.actions.length + (deny.resources?.length ?? 0);
        if (search.left <= 0) return false;
      }
      const spared = afterDeny(deny, region);
      if (spared && areRemoved(search, spared, region, cuts)) return true;
    }
  }
  const { boundary, context } = search;
  return (
    boundary !== undefined && areRemoved(search, withinBoundary(boundary, region, context), region, cuts)
  );
}

/** Whether the parts of a region are removed; those that are no smaller than the region are not tried again. */
function areRemoved(search: Search, parts: readonly Region[], region: Region, cuts: number): boolean {
  const isSmaller = (part: Region) => part.action !== region.action || part.resource !== region.resource;
  return parts.every(
    (part) => cuts > 0 && isSmaller(part) && search.left > 0 && removes(search, part, cuts - 1),
  );
}

const denyCache = new WeakMap<Policy, { caller: Caller; context: RequestContext; denies: CertainDeny[] }>();

function certainDenies(policy: Policy, caller: Caller, context: RequestContext): CertainDeny[] {
  const cached = denyCache.get(policy);
  if (cached?.caller === caller && cached.context === context) return cached.denies;
  const denies = policy.statements
    .filter(
      (statement) =>
        statement.effect === 'Deny' &&
        statement.faults.length === 0 &&
        (!statement.principals || matchesPrincipals(statement.principals, caller, 'Deny') === 'true') &&
        evaluateConditions(statement, context).verdict === 'true',
    )
    .map((statement) => ({
      actions: statement.actions.entries.map(actionPattern),
      notAction: statement.actions.negated,
      resources: statement.resources?.entries.map((entry) => resourceOf(entry, statement, context)),
      notResource: statement.resources?.negated ?? false,
    }));
  denyCache.set(policy, { caller, context, denies });
  return denies;
}

/** What a Deny leaves of the region, by its `NotAction` or `NotResource`; `undefined` where it leaves all of it. */
function afterDeny(deny: CertainDeny, region: Region): Region[] | undefined {
  const { actions, notAction, resources, notResource } = deny;
  if (!notAction && !actions.some((action) => includes(action, region.action))) return undefined;
  if (
    resources &&
    !notResource &&
    !resources.some((pattern) => pattern.certain && resourceIncludes(pattern, region.resource))
  )
    return undefined;
  const spared: Region[] = [];
  if (notAction) spared.push(...cutToActions(region, actions));
  if (resources && notResource) spared.push(...cutToResources(region, resources));
  return spared;
}

/** What the boundary may let through of the region. */
function withinBoundary(boundary: Policy, region: Region, context: RequestContext): Region[] {
  return boundary.statements.flatMap((statement) => {
    if (!mayBe(statement, 'Allow')) return [];
    if (statement.faults.length > 0) return [region];
    if (evaluateConditions(statement, context).verdict === 'false') return [];
    const { actions, resources } = statement;
    const patterns = resources?.entries.map((entry) => resourceOf(entry, statement, context)) ?? [];
    // What `NotAction` and `NotResource` name is not let through, whatever else is.
    if (actions.negated && actions.entries.some((entry) => includes(actionPattern(entry), region.action)))
      return [];
    if (
      resources?.negated &&
      patterns.some((pattern) => pattern.certain && resourceIncludes(pattern, region.resource))
    )
      return [];
    const byAction = actions.negated ? [region] : cutToActions(region, actions.entries.map(actionPattern));
    return resources && !resources.negated
      ? byAction.flatMap((part) => cutToResources(part, patterns))
      : byAction;
  });
}

/** The parts of a region that patterns of actions touch, apart from what does not count; too large rather than too small. */
function cutToActions(region: Region, patterns: readonly Glob[]): Region[] {
  return patterns
    .filter(
      (pattern) =>
        overlaps(pattern, region.action) &&
        !isExcepted(region, { action: pattern, resource: region.resource }),
    )
    .map((pattern) => (includes(region.action, pattern) ? { ...region, action: pattern } : region));
}

function cutToResources(region: Region, patterns: readonly ResourcePattern[]): Region[] {
  return patterns
    .filter(
      (pattern) =>
        resourcesOverlap(pattern, region.resource) !== 'false' &&
        !(pattern.valid && isExcepted(region, { action: region.action, resource: pattern })),
    )
    .map((pattern) =>
      pattern.certain && resourceIncludes(region.resource, pattern)
        ? { ...region, resource: pattern }
        : region,
    );
}

function isExcepted({ except = [] }: Region, { action, resource }: Required<Exception>): boolean {
  return except.some(
    (one) =>
      (!one.action || includes(one.action, action)) &&
      (!one.resource || resourceIncludes(one.resource, resource)),
  );
}
