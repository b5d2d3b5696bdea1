/**
 * Patterns with `*` (any text, also none) and `?` (one character): matching, inclusion and overlap of their
 * languages, exactly. No regular expressions, no recursion; the work is at most the product of the two lengths.
 */

/** Any one character. */
const ANY = -1;
/** Any text. */
export const STAR = -2;

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
export function textOf(pattern: Glob): string {
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
  const stars = outer.includes(STAR);
  if (!stars) return outer.length === inner.length && outer.every((token, i) => covers(token, inner[i]));
  const { head, blocks, tail } = split(outer);
  if (!fits(head, inner, 0)) return false;
  let at = head.length;
  for (const { tokens, gap } of blocks) {
    let start = skip(inner, at, gap);
    while (start !== undefined && !fits(tokens, inner, start))
      start = start < inner.length ? start + 1 : undefined;
    if (start === undefined) return false;
    at = start + tokens.length;
  }
  const start = inner.length - tail.tokens.length;
  const earliest = skip(inner, at, tail.gap);
  return earliest !== undefined && start >= earliest && fits(tail.tokens, inner, start);
}

/** Whether there is a text that both patterns match. */
export function overlaps(a: Glob, b: Glob): boolean {
  // reach[j]: the tokens of `a` so far and the first j tokens of `b` can match the same text.
  let reach = new Uint8Array(b.length + 1);
  let next = new Uint8Array(b.length + 1);
  reach[0] = 1;
  for (let j = 1; j <= b.length && b[j - 1] === STAR; j++) reach[j] = 1;
  for (const token of a) {
    const star = token === STAR;
    next[0] = star ? (reach[0] as number) : 0;
    let any = next[0];
    for (let j = 1; j <= b.length; j++) {
      const other = b[j - 1] as number;
      const both = token < 0 || other < 0 || token === other ? (reach[j - 1] as number) : 0;
      // A star stands for nothing, or takes what the other pattern has next.
      const more = star || other === STAR ? (reach[j] as number) | (next[j - 1] as number) : 0;
      next[j] = both | more;
      any |= next[j] as number;
    }
    if (any === 0) return false;
    [reach, next] = [next, reach];
  }
  return reach[b.length] === 1;
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

/** Whether the stretch lies in `inner` at this place, touching no star. */
function fits(stretch: readonly number[], inner: Glob, at: number): boolean {
  if (at < 0 || at + stretch.length > inner.length) return false;
  return stretch.every((token, i) => covers(token, inner[at + i]));
}

function covers(outer: number, inner: number | undefined): boolean {
  return inner !== undefined && inner !== STAR && (outer === ANY || outer === inner);
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
