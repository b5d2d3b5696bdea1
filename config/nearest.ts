import { distance } from 'fastest-levenshtein';

/** The candidate that a mistyped word most likely meant, or `undefined` if none is close. Case, `_` and `-` don't count. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: { candidate: string; away: number } | undefined;
  for (const candidate of candidates) {
    const away = distance(bare(word), bare(candidate));
    if (!best || away < best.away) best = { candidate, away };
  }
  return best && best.away <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** The question that follows a mistyped word, or another hint if no candidate is near. */
export function didYouMean(
  word: string,
  candidates: readonly string[],
  otherwise = `there are: ${candidates.join(', ')}`,
  shown = (candidate: string) => candidate,
): string {
  const meant = nearest(word, candidates);
  return meant ? `did you mean ${shown(meant)}?` : otherwise;
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[_-]/g, '');
}
