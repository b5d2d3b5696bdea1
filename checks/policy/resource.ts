/**
 * Patterns of resources. Upper and lower case count. A wildcard stands for characters within one of the six parts of an
 * ARN, but a `*` that ends a part "can expand to match beyond the colon boundaries" (IAM User Guide, "IAM JSON policy
 * elements: Resource"): so a pattern has a narrow reading, part by part, and a wide one, as one text. Where they differ,
 * a resource that only the wide one reaches is not certain.
 */

import type { Tri } from './condition/tri';
import type { RequestContext } from './context';
import { type Glob, glob, includes, isEverything, literal, matches, overlaps, STAR } from './glob';
import { expand } from './variable';

/** A compiled resource pattern. */
export interface ResourcePattern {
  readonly text: string;
  /** The wide reading: a star of any part stands for any text. */
  readonly whole: Glob;
  /** The narrow reading: the six parts of an ARN. `undefined` where the pattern has fewer, and ends in a star or is nothing's name. */
  readonly parts: readonly Glob[] | undefined;
  /** Whether the wide reading reaches more than the narrow one: a star ends one of the first five parts. */
  readonly runsOn: boolean;
  /** False where a policy variable stands in it whose value is open: then the patterns are the widest reading. */
  readonly certain: boolean;
  /** Whether the text is a resource pattern at all: everything, or the beginning of an ARN. */
  readonly valid: boolean;
}

/** Compiles a pattern. Variables whose values the context fixes are replaced; others may stand for any text. */
export function resourcePattern(text: string, variables: boolean, context?: RequestContext): ResourcePattern {
  const compile = variables && text.includes('${') ? (part: string) => expand(part, context) : plain;
  const { widest: whole, certain } = compile(text);
  const valid = isEverything(whole) || text.startsWith('arn:');
  const texts = splitArn(text);
  const parts = texts?.map((part) => compile(part).widest);
  const runsOn = parts?.slice(0, 5).some((part) => part[part.length - 1] === STAR) ?? false;
  return { text, whole, parts, runsOn, certain: certain && valid, valid };
}

function plain(text: string): { widest: Glob; certain: boolean } {
  return { widest: glob(text), certain: true };
}

/** An ARN without wildcards. */
export function resourceName(arn: string): ResourcePattern {
  const parts = splitArn(arn)?.map(literal);
  return { text: arn, whole: literal(arn), parts, runsOn: false, certain: true, valid: parts !== undefined };
}

/** Whether everything that `inner` matches is surely matched by `outer`. */
export function resourceIncludes(outer: ResourcePattern, inner: ResourcePattern): boolean {
  if (!outer.valid) return false;
  // A pattern of fewer than six parts is one text with stars.
  if (!outer.parts) return includes(outer.whole, inner.whole);
  // A star that runs on in `inner` lies within a star that runs on in `outer`, or the parts would not lie in each other.
  const { parts } = inner;
  return parts !== undefined && outer.parts.every((part, i) => includes(part, parts[i] ?? []));
}

/** Whether there is a resource that both match: `depends` where only the wide readings meet. */
export function resourcesOverlap(a: ResourcePattern, b: ResourcePattern): Tri {
  if (!a.valid || !b.valid) return 'depends';
  if (!a.parts || !b.parts) return overlaps(a.whole, b.whole) ? 'true' : 'false';
  const { parts } = b;
  if (a.parts.every((part, i) => overlaps(part, parts[i] ?? []))) return 'true';
  return (a.runsOn || b.runsOn) && overlaps(a.whole, b.whole) ? 'depends' : 'false';
}

/**
 * Compares a pattern with an ARN part by part, for conditions such as `ArnLike`. `undefined` where the pattern is no ARN
 * and not everything: AWS does not document what it matches.
 */
export function arnMatches(pattern: string, arn: string): boolean | undefined {
  if (isEverything(glob(pattern))) return true;
  const patternParts = splitArn(pattern);
  if (!patternParts) return undefined;
  const arnParts = splitArn(arn);
  if (!arnParts) return false;
  return patternParts.every((part, i) => matches(glob(part), literal(arnParts[i] ?? '')));
}

/** The six parts of an ARN; a colon inside `${…}` separates nothing. */
export function splitArn(text: string): string[] | undefined {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  for (let i = 0; i < text.length && parts.length < 5; i++) {
    if (text.startsWith('${', i)) depth++;
    else if (text[i] === '}' && depth > 0) depth--;
    else if (text[i] === ':' && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  if (parts.length < 5) return undefined;
  return [...parts, text.slice(from)];
}
