/** Rules that are on only if a config declares what they judge. */
import type { Rule } from '../../checks/rules/rule';

/**
 * The rules of a run: an opt-in one that is on for no export is left out, so that no report shows it as passed.
 * @param isObserved whether any export has what opt-in rules need
 */
export function rulesOn(
  rules: readonly Rule[],
  isObserved: Readonly<Record<'delivery' | 'feed', boolean>>,
): readonly Rule[] {
  return rules.filter(
    ({ metadata: { needs } }) => (needs !== 'delivery' && needs !== 'feed') || isObserved[needs],
  );
}
