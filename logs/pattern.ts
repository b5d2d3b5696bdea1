/** Patterns with `*`, compared without case. */

export function matchesPattern(text: string, pattern: string): boolean {
  return matches(text.toLowerCase(), pattern.toLowerCase());
}

/** Greedy from the left: each piece between stars as early as it comes, the last one at the end. Linear for a piece. */
function matches(text: string, pattern: string): boolean {
  const [first = '', ...pieces] = pattern.split('*');
  if (pieces.length === 0) return text === pattern;
  if (!text.startsWith(first)) return false;
  const last = pieces.pop() ?? '';
  let from = first.length;
  for (const piece of pieces) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
