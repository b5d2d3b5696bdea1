/** When the opt-in rule delivery-alive is on, and what it is told. */

import type { ObserveTarget } from '../../checks/observe/live';
import type { Rule } from '../../checks/rules/rule';
import { type DeliveryExpectation, deliveryExpectation } from '../../config/options/delivery';
import type { ExportConfig } from '../../config/schema';
import type { CheckOptions } from './options';

const RULE = 'delivery-alive';

/**
 * Which exports' delivery is judged: those with `delivery` in the config, and all where `--rule` chooses the rule.
 * A plan says nothing of what arrives, so there it has to be asked for.
 */
export function deliveryJudged(
  { rule, plan }: Pick<CheckOptions, 'rule' | 'plan'>,
  rules: readonly Rule[],
): (entry: ExportConfig) => boolean {
  if (!rules.some(({ metadata }) => metadata.id === RULE)) return () => false;
  if (rule.length > 0) return () => true;
  return ({ delivery }) => delivery !== undefined && plan === undefined;
}

/** What is expected of each export, by its name. */
export function expectations(entries: readonly ExportConfig[]): ReadonlyMap<string, DeliveryExpectation> {
  return new Map(entries.map(({ name, delivery }) => [name, deliveryExpectation(delivery)]));
}

/** The exports to observe, with what arrives where that is judged. */
export function targetsOf(
  entries: readonly ExportConfig[],
  isJudged: (entry: ExportConfig) => boolean,
): ObserveTarget[] {
  return entries.map(({ delivery, ...entry }) => {
    if (!isJudged({ ...entry, delivery })) return entry;
    const { sample, prefix } = delivery ?? {};
    const { expectEvery, every: kinds } = deliveryExpectation(delivery);
    return { ...entry, delivery: { expectEvery, kinds, clientId: entry.clientId, sample, prefix } };
  });
}
