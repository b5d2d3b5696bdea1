/** Which resources a statement reaches. */
import { any, type Tri } from './condition/tri';
import { type RequestContext, UNNAMED } from './context';
import { compiledOnce, type DocumentKind, type Located, type Statement } from './document';
import {
  type Completes,
  commonResource,
  type ResourcePattern,
  resourceIncludes,
  resourceName,
  resourcePattern,
  resourcesOverlap,
} from './resource';
import { spend } from './work';

/** Whether a statement reaches what is asked for. */
export interface Reach {
  readonly verdict: Tri;
  /** Whether it reaches all of it. */
  readonly covers: boolean;
}

export const WHOLE: Reach = { verdict: 'true', covers: true };

/** A statement's resource pattern, with the variables that the context fixes. */
export function resourceOf(entry: Located, statement: Statement, context?: RequestContext): ResourcePattern {
  const completes = COMPLETES[statement.kind ?? 'unknown'];
  if (statement.variables && entry.text.includes('${')) {
    const pattern = resourcePattern(entry.text, true, context, completes);
    // What NotResource means with a variable that has no value is not documented.
    return pattern.isNothing && statement.resources?.negated
      ? { ...pattern, isNothing: false, certain: false }
      : pattern;
  }
  return compiledOnce(entry, () => resourcePattern(entry.text, false, undefined, completes));
}

/** Which kinds of documents have their ARNs completed. */
const COMPLETES: Readonly<Record<DocumentKind | 'unknown', Completes>> = {
  identity: true,
  resource: false,
  key: false,
  trust: false,
  'resource-control': false,
  // No page says.
  'service-control': 'unknown',
  unknown: 'unknown',
};

/** How much of what is asked for a statement reaches. */
export function matchesResources(
  statement: Statement,
  asked: ResourcePattern,
  context: RequestContext,
): Reach {
  const { resources } = statement;
  // Only a trust policy has none, and there it means the role itself.
  if (!resources) return WHOLE;
  const patterns = resources.entries.map((entry) => resourceOf(entry, statement, context));
  const touches = (what: ResourcePattern) => any(patterns.map((pattern) => touching(pattern, what)));
  const covers = patterns.some((pattern) => pattern.certain && resourceIncludes(pattern, asked));
  const touched = touches(asked);
  if (!resources.negated) return { verdict: touched, covers };
  if (covers) return { verdict: 'false', covers: false };
  if (touched === 'false') return WHOLE;
  // What none of the patterns names is surely among the rest.
  return { verdict: touches(unnamed(asked, '?')) === 'false' ? 'true' : 'depends', covers: false };
}

/** Whether a pattern of a statement reaches a part of what is asked for. */
function touching(pattern: ResourcePattern, asked: ResourcePattern): Tri {
  const touched = resourcesOverlap(pattern, asked);
  return touched === 'true' && !pattern.certain ? 'depends' : touched;
}

/** What one character of a pattern costs to be compiled, in steps. */
const PARSED = 10;

/** A resource that the pattern matches, of a name that nobody has written down; a star of it stands for as many characters. */
export function unnamed(pattern: ResourcePattern, star: string): ResourcePattern {
  spend(PARSED * pattern.text.length);
  return resourceName(pattern.text.replaceAll('*', star).replaceAll('?', UNNAMED));
}

/** Resources of what is asked for that a statement leaves out by `NotResource`: one for each pattern that it names. */
export function leftOut(
  statement: Statement,
  asked: ResourcePattern,
  context: RequestContext,
): ResourcePattern[] {
  const { resources } = statement;
  if (!resources?.negated) return [];
  return resources.entries.flatMap((entry) => {
    const pattern = resourceOf(entry, statement, context);
    return (pattern.certain && commonResource(asked, pattern, UNNAMED)) || [];
  });
}
