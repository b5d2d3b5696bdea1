/**
 * Patterns of resources. Upper and lower case count. A wildcard stands for characters within one of the six parts of an
 * ARN, but a `*` that ends a part "can expand to match beyond the colon boundaries" (IAM User Guide, "IAM JSON policy
 * elements: Resource"): so a pattern has a narrow reading, part by part, and a wide one, as one text. Where they differ,
 * a resource that only the wide one reaches is not certain.
 */

import type { Tri } from './condition/tri';
import type { RequestContext } from './context';
import {
  commonPattern,
  commonText,
  type Glob,
  glob,
  globText,
  includes,
  isEverything,
  literal,
  matches,
  overlaps,
  STAR,
} from './glob';
import { expand } from './variable';

/** A compiled resource pattern. */
export interface ResourcePattern {
  readonly text: string;
  /** The wide reading: a star of any part stands for any text. */
  readonly whole: Glob;
  /** The narrow reading: the six parts of an ARN. `undefined` where the pattern has fewer, and ends in a star or is nothing's name. */
  readonly parts: readonly Glob[] | undefined;
  /**
   * Whether the wide reading reaches more than the narrow one: a star ends one of the first five parts. That of the
   * partition counts, too: IAM's page says that it can't be a wildcard there, and AWS's own policies have `arn:*:s3:::…`.
   */
  readonly runsOn: boolean;
  /** False where a policy variable stands in it whose value is open: then the patterns are the widest reading. */
  readonly certain: boolean;
  /** Whether it matches nothing: it has a variable that is known to have no value. */
  readonly isNothing: boolean;
  /** Whether the text is a resource pattern at all: everything, or the beginning of an ARN. */
  readonly valid: boolean;
}

/** Whether missing parts of an ARN are completed; `unknown` where nobody said which kind of document it is. */
export type Completes = boolean | 'unknown';

/** Compiles a pattern. Variables whose values the context fixes are replaced; others may stand for any text. */
export function resourcePattern(
  text: string,
  variables: boolean,
  context?: RequestContext,
  completes: Completes = false,
): ResourcePattern {
  const compile = variables && text.includes('${') ? (part: string) => expand(part, context) : plain;
  const full = completes === true ? completed(text) : text;
  const { widest: whole, certain, isNull } = compile(full);
  const parts = splitArn(full)?.map((part) => compile(part).widest);
  const runsOn = (part: Glob) => part[part.length - 1] === STAR;
  // Completed or not, a pattern whose only wildcard is a star at its end reaches the same ARNs.
  const isSame = whole.findIndex((token) => token < 0) === whole.length - 1 && runsOn(whole);
  const isGuess = completes === 'unknown' && !parts && !isSame;
  const valid = isEverything(whole) || (text.startsWith('arn:') && !isGuess);
  return {
    text,
    whole,
    parts,
    runsOn: parts?.slice(0, 5).some(runsOn) ?? false,
    certain: certain && valid,
    isNothing: isNull,
    valid,
  };
}

/**
 * "When you specify an incomplete ARN (one with fewer than the standard six fields) in an identity-based policy, AWS
 * automatically completes the ARN by adding wildcard characters (*) to all missing fields" (IAM User Guide, "IAM JSON
 * policy elements: Resource").
 */
function completed(text: string): string {
  if (!text.startsWith('arn:')) return text;
  const missing = 6 - separate(text).length;
  return missing > 0 ? text + ':*'.repeat(missing) : text;
}

function plain(text: string): { widest: Glob; certain: boolean; isNull: boolean } {
  return { widest: glob(text), certain: true, isNull: false };
}

/** An ARN without wildcards. */
export function resourceName(arn: string): ResourcePattern {
  const parts = splitArn(arn)?.map(literal);
  return {
    text: arn,
    whole: literal(arn),
    parts,
    runsOn: false,
    certain: true,
    isNothing: false,
    valid: parts !== undefined,
  };
}

/** The same resources as a fact, not as IAM would read a pattern: no star of it runs on past a colon. */
export function withinParts(pattern: ResourcePattern): ResourcePattern {
  return { ...pattern, runsOn: false };
}

/** Whether everything that `inner` matches is surely matched by `outer`. */
export function resourceIncludes(outer: ResourcePattern, inner: ResourcePattern): boolean {
  if (inner.isNothing) return true;
  if (!outer.valid || outer.isNothing) return false;
  // A pattern of fewer than six parts is one text with stars.
  if (!outer.parts) return includes(outer.whole, inner.whole);
  // What a star of `inner` reaches past its colon, only a star of `outer` that runs on, too, can reach.
  if (inner.runsOn && !outer.runsOn) return false;
  const { parts } = inner;
  return parts !== undefined && outer.parts.every((part, i) => includes(part, parts[i] ?? []));
}

/** Whether there is a resource that both match: `depends` where only the wide readings meet. */
export function resourcesOverlap(a: ResourcePattern, b: ResourcePattern): Tri {
  if (a.isNothing || b.isNothing) return 'false';
  if (!a.valid || !b.valid) return 'depends';
  if (!a.parts || !b.parts) return overlaps(a.whole, b.whole) ? 'true' : 'false';
  const { parts } = b;
  if (a.parts.every((part, i) => overlaps(part, parts[i] ?? []))) return 'true';
  return (a.runsOn || b.runsOn) && overlaps(a.whole, b.whole) ? 'depends' : 'false';
}

/** A resource that both patterns match, part by part, under a name that neither gives; `undefined` where there is none. */
export function commonResource(
  a: ResourcePattern,
  b: ResourcePattern,
  other: string,
): ResourcePattern | undefined {
  if (!a.parts || !b.parts || a.isNothing || b.isNothing) return undefined;
  const parts: Glob[] = [];
  for (const [i, part] of a.parts.entries()) {
    const text = commonText(part, b.parts[i] ?? [], other.codePointAt(0) as number);
    if (!text) return undefined;
    parts.push(text);
  }
  return resourceName(parts.map((part) => String.fromCodePoint(...part)).join(':'));
}

/**
 * A pattern of ARNs all of which both patterns match, though they may have others in common; `undefined` where there is none.
 * What is no ARN of six parts is compared as a whole.
 */
export function commonArnPattern(a: string, b: string): string | undefined {
  const [left, right] = [splitArn(a), splitArn(b)];
  const pairs = left && right ? left.map((part, i) => [part, right[i] ?? ''] as const) : [[a, b] as const];
  const parts = pairs.map(([one, other]) => commonPattern(glob(one), glob(other)));
  return parts.every((part) => part !== undefined) ? parts.map(globText).join(':') : undefined;
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
  const parts = separate(text);
  return parts.length === 6 ? parts : undefined;
}

/** At most six parts of an ARN. */
function separate(text: string): string[] {
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
  parts.push(text.slice(from));
  return parts;
}
