/**
 * Patterns of resources. IAM compares the six parts of an ARN one by one: a wildcard in one of the first five does not
 * reach over a colon (IAM User Guide, "IAM JSON policy elements: Resource", "you can use wildcard characters within the
 * individual ARN segments"). Upper and lower case count.
 */

import type { RequestContext } from './context';
import { type Glob, glob, includes, isEverything, literal, matches, overlaps } from './glob';
import { expand } from './variable';

/** A compiled resource pattern: everything, or the six parts of an ARN. */
export interface ResourcePattern {
  readonly text: string;
  /** `undefined` where the pattern is `*`. */
  readonly parts: readonly Glob[] | undefined;
  /** False where a policy variable stands in it whose value is open: then the parts are the widest reading. */
  readonly certain: boolean;
  /** Whether the text is a resource pattern at all. */
  readonly valid: boolean;
}

/** Compiles a pattern. Variables whose values the context fixes are replaced; others may stand for any text. */
export function resourcePattern(text: string, variables: boolean, context?: RequestContext): ResourcePattern {
  const whole = glob(text);
  if (isEverything(whole)) return { text, parts: undefined, certain: true, valid: true };
  const parts = splitArn(text);
  if (!parts) return { text, parts: undefined, certain: false, valid: false };
  if (!variables || !text.includes('${')) return { text, parts: parts.map(glob), certain: true, valid: true };
  const expanded = parts.map((part) => expand(part, context));
  return {
    text,
    parts: expanded.map((part) => part.widest),
    certain: expanded.every((part) => part.certain),
    valid: true,
  };
}

/** An ARN without wildcards. */
export function resourceName(arn: string): ResourcePattern {
  const parts = splitArn(arn);
  return { text: arn, parts: parts?.map(literal), certain: true, valid: parts !== undefined };
}

/** Whether everything that `inner` matches is matched by `outer`. */
export function resourceIncludes(outer: ResourcePattern, inner: ResourcePattern): boolean {
  if (!outer.parts) return outer.valid;
  const parts = inner.parts;
  return parts !== undefined && outer.parts.every((part, i) => includes(part, parts[i] ?? []));
}

/** Whether there is a resource that both match. */
export function resourcesOverlap(a: ResourcePattern, b: ResourcePattern): boolean {
  if (!a.parts || !b.parts) return true;
  const parts = b.parts;
  return a.parts.every((part, i) => overlaps(part, parts[i] ?? []));
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
