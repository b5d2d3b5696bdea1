/** Rules that are on only where a config declares what they judge. */
import type { Rule } from '../../checks/rules/rule';

/**
 * The rules of a run: an opt-in one that is on for no export is left out, so that no report shows it as passed.
 * @param isOn whether each opt-in rule is on for any export
 */
export function rulesOn(
  rules: readonly Rule[],
  isOn: Readonly<Record<'delivery-alive' | 'log-feed-delivery', boolean>>,
): readonly Rule[] {
  const optIn = new Map(Object.entries(isOn));
  return rules.filter(({ metadata }) => optIn.get(metadata.id) ?? true);
}
