import { distance } from 'fastest-levenshtein';

/** The candidate that a mistyped word most likely meant, or `undefined` if none is close. Case, `_` and `-` don't count. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: { candidate: string; away: number } | undefined;
  for (const candidate of candidates) {
    const away = distance(bare(word), bare(candidate));
    if (!best || away < best.away) best = { candidate, away };
  }
  return best && best.away <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[_-]/g, '');
}
