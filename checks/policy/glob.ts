/**
 * Patterns with `*` (any text, also none) and `?` (one character): matching, inclusion and overlap of their
 * languages, exactly. No regular expressions, no recursion; the work is at most the product of the two lengths, and it
 * counts against the caller's limit (`limitWork`).
 */

import { spend } from './work';

/** Any one character. */
const ANY = -1;
/** Any text. */
export const STAR = -2;

/** What a comparison costs before it looks at the patterns, in steps. */
const CALL = 4;

/** A compiled pattern: code points, ANY and STAR. */
export type Glob = readonly number[];

/** Compiles a pattern. A literal `*` or `?` can't be written in it: use `literal`. */
export function glob(pattern: string): Glob {
  const tokens: number[] = [];
  for (const char of pattern) {
    if (char === '*') {
      if (tokens[tokens.length - 1] !== STAR) tokens.push(STAR);
    } else {
      tokens.push(char === '?' ? ANY : (char.codePointAt(0) as number));
    }
  }
  return tokens;
}

/** The pattern that matches just this text. */
export function literal(text: string): Glob {
  return Array.from(text, (char) => char.codePointAt(0) as number);
}

/** Writes a pattern as a text; a literal `*` or `?`, which no pattern can say, becomes a character of no name. */
export function globText(pattern: Glob): string {
  const write = (token: number) =>
    token === STAR
      ? '*'
      : token === ANY
        ? '?'
        : token === 42 || token === 63
          ? '\u{E002}'
          : String.fromCodePoint(token);
  return pattern.map(write).join('');
}

/** Whether the pattern has neither `*` nor `?`. */
export function isLiteral(pattern: Glob): boolean {
  return !pattern.some((token) => token < 0);
}

/** Whether the pattern matches every text. */
export function isEverything(pattern: Glob): boolean {
  return pattern.length === 1 && pattern[0] === STAR;
}

/** Whether the pattern matches the text, which has no wildcards. */
export function matches(pattern: Glob, text: Glob): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const token = pattern[p];
    if (token === STAR) {
      star = p++;
      resume = t;
    } else if (token !== undefined && (token === ANY || token === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      // Only the last star need ever take more: an earlier one could gain nothing by it.
      spend(p - star);
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === STAR) p++;
  return p === pattern.length;
}

/** A stretch of a pattern without a star, and how many characters must at least lie between it and the one before. */
interface Block {
  readonly tokens: readonly number[];
  readonly gap: number;
}

/**
 * Whether every text that `inner` matches is matched by `outer`.
 *
 * A star of `inner` may stand for nothing, or for any number of characters that `outer` does not name. So a stretch of
 * `outer` between two stars must lie within a stretch of `inner` between two stars, apart from `?` at its edges, which
 * only ask for a number of characters. The leftmost place for each stretch leaves the most room for the rest.
 */
export function includes(outer: Glob, inner: Glob): boolean {
  spend(CALL);
  // Cheap refusals first: most pairs of patterns differ at their start or end.
  if (differs(outer[0], inner[0]) || differs(outer[outer.length - 1], inner[inner.length - 1])) return false;
  if (!outer.includes(STAR)) return outer.length === inner.length && fits(outer, inner, 0);
  if (outer.length === 1) return true;
  spend(10 * CALL + outer.length);
  const { head, blocks, tail } = split(outer);
  if (!fits(head, inner, 0)) return false;
  let at = head.length;
  for (const { tokens, gap } of blocks) {
    const earliest = skip(inner, at, gap);
    const start = earliest === undefined ? undefined : find(tokens, inner, earliest);
    if (start === undefined) return false;
    at = start + tokens.length;
  }
  const start = inner.length - tail.tokens.length;
  const earliest = skip(inner, at, tail.gap);
  return earliest !== undefined && start >= earliest && fits(tail.tokens, inner, start);
}

/** Whether a pattern begins, or ends, with a character, and the other with something else. */
function differs(outer: number | undefined, inner: number | undefined): boolean {
  return outer !== undefined && outer >= 0 && outer !== inner;
}

/** Whether there is a text that both patterns match. */
export function overlaps(a: Glob, b: Glob): boolean {
  spend(CALL);
  // Starts and ends without a star are compared character by character; what is between them needs more.
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  for (; start < shorter; start++) {
    const [x, y] = [a[start] as number, b[start] as number];
    if (x === STAR || y === STAR) break;
    if (x !== y && x !== ANY && y !== ANY) return false;
  }
  let end = 0;
  for (; end < shorter - start; end++) {
    const [x, y] = [a[a.length - 1 - end] as number, b[b.length - 1 - end] as number];
    if (x === STAR || y === STAR) break;
    if (x !== y && x !== ANY && y !== ANY) return false;
  }
  spend(10 * CALL);
  const [rows, columns] = [a.length - start - end, b.length - start - end];
  if ((rows === 1 && a[start] === STAR) || (columns === 1 && b[start] === STAR)) return true;
  // reach[j]: the tokens of `a` so far and the first j tokens of `b` can match the same text.
  let reach = new Uint8Array(columns + 1);
  let next = new Uint8Array(columns + 1);
  reach[0] = 1;
  for (let j = 1; j <= columns && b[start + j - 1] === STAR; j++) reach[j] = 1;
  for (let i = 0; i < rows; i++) {
    spend(columns);
    const token = a[start + i] as number;
    const star = token === STAR;
    next[0] = star ? (reach[0] as number) : 0;
    let any = next[0];
    for (let j = 1; j <= columns; j++) {
      const other = b[start + j - 1] as number;
      const both = token < 0 || other < 0 || token === other ? (reach[j - 1] as number) : 0;
      // A star stands for nothing, or takes what the other pattern has next.
      const more = star || other === STAR ? (reach[j] as number) | (next[j - 1] as number) : 0;
      next[j] = both | more;
      any |= next[j] as number;
    }
    if (any === 0) return false;
    [reach, next] = [next, reach];
  }
  return reach[columns] === 1;
}

/**
 * A text that both patterns match, `other` in place of a character that neither names; `undefined` where there is none.
 */
export function commonText(a: Glob, b: Glob, other: number): Glob | undefined {
  return commonPattern(a, b)
    ?.filter((token) => token !== STAR)
    .map((token) => (token === ANY ? other : token));
}

/**
 * A pattern all of whose texts both patterns match, though they may have others in common; `undefined` where there is none.
 * It costs what `overlaps` does, and as many bytes.
 */
export function commonPattern(a: Glob, b: Glob): Glob | undefined {
  const width = b.length + 1;
  spend(2 * a.length * width);
  // meets[i * width + j]: what is left of both patterns after i and j tokens can match the same text.
  const meets = new Uint8Array((a.length + 1) * width);
  const at = (i: number, j: number) => i <= a.length && j <= b.length && meets[i * width + j] === 1;
  const same = (x: number | undefined, y: number | undefined) =>
    x !== undefined && y !== undefined && (x < 0 || y < 0 || x === y);
  const can = (i: number, j: number): boolean => {
    const [x, y] = [a[i], b[j]];
    if (x === undefined && y === undefined) return true;
    if ((x === STAR && at(i + 1, j)) || (y === STAR && at(i, j + 1))) return true;
    if (x === STAR || y === STAR) return same(x, y) && (x === STAR ? at(i, j + 1) : at(i + 1, j));
    return same(x, y) && at(i + 1, j + 1);
  };
  for (let i = a.length; i >= 0; i--)
    for (let j = b.length; j >= 0; j--) meets[i * width + j] = can(i, j) ? 1 : 0;
  if (!at(0, 0)) return undefined;
  const common: number[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]];
    if (x === STAR && y === STAR && common[common.length - 1] !== STAR) common.push(STAR);
    if (x === STAR && at(i + 1, j)) i++;
    else if (y === STAR && at(i, j + 1)) j++;
    else {
      common.push(x !== undefined && x >= 0 ? x : y === STAR ? ANY : (y as number));
      if (x !== STAR) i++;
      if (y !== STAR) j++;
    }
  }
  return common;
}

/** Splits a pattern with stars: what is anchored to its start, what floats, what is anchored to its end. */
function split(pattern: Glob): { head: readonly number[]; blocks: readonly Block[]; tail: Block } {
  const parts: number[][] = [[]];
  for (const token of pattern) {
    if (token === STAR) parts.push([]);
    else parts[parts.length - 1]?.push(token);
  }
  const head = parts.shift() ?? [];
  const last = parts.pop() ?? [];
  // `?` beside a star asks for one more character, wherever.
  let gap = 0;
  while (head[head.length - 1] === ANY) {
    head.pop();
    gap++;
  }
  const blocks: Block[] = [];
  for (const part of parts) {
    let from = 0;
    let to = part.length;
    while (from < to && part[from] === ANY) from++;
    while (to > from && part[to - 1] === ANY) to--;
    gap += from;
    if (from === to) continue;
    blocks.push({ tokens: part.slice(from, to), gap });
    gap = part.length - to;
  }
  let from = 0;
  while (from < last.length && last[from] === ANY) from++;
  return { head, blocks, tail: { tokens: last.slice(from), gap: gap + from } };
}

/** Whether the stretch is in `inner` at this place, touching no star. */
function fits(stretch: readonly number[], inner: Glob, at: number): boolean {
  if (at < 0 || at + stretch.length > inner.length) return false;
  for (let i = 0; i < stretch.length; i++)
    if (!includesToken(stretch[i] as number, inner[at + i] as number)) return false;
  return true;
}

/** The first place from `from` on at which the stretch fits. */
function find(stretch: readonly number[], inner: Glob, from: number): number | undefined {
  const last = inner.length - stretch.length;
  for (let start = from; start <= last; start++) {
    let i = 0;
    while (i < stretch.length && includesToken(stretch[i] as number, inner[start + i] as number)) i++;
    if (i === stretch.length) {
      spend(start - from + i);
      return start;
    }
    if (i > 0) spend(i);
  }
  if (last >= from) spend(last - from + 1);
  return undefined;
}

function includesToken(outer: number, inner: number): boolean {
  return inner !== STAR && (outer === ANY || outer === inner);
}

/** The place after at least `count` certain characters from `at`; a star may stand for none. */
function skip(inner: Glob, at: number, count: number): number | undefined {
  let place = at;
  for (let left = count; left > 0; place++) {
    if (place >= inner.length) return undefined;
    if (inner[place] !== STAR) left--;
  }
  return place;
}
