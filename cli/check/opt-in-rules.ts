/** When the opt-in rules are on, and the facts that they get from the config. */
import { declaredOptions } from '../../checks/observe/declared-options';
import type { ObserveTarget } from '../../checks/observe/live';
import { auditedOptions, type Rule } from '../../checks/rules/rule';
import { feedReaders, type ProvisionedOptions } from '../../config/options';
import { type DeliveryExpectation, deliveryExpectation } from '../../config/options/delivery';
import { feedConsumersOf } from '../../config/options/log-feed';
import type { ExportConfig } from '../../config/schema';

/**
 * The rules of a run: an opt-in one that is on for no export is left out, so that no report shows it as passed.
 * @param exports the exports to judge: a rule that audits an option is on if one declares it
 * @param isObserved whether any export has what opt-in rules need
 */
export function rulesOn(
  rules: readonly Rule[],
  isObserved: Readonly<Record<'delivery' | 'feed' | 'plan', boolean>>,
  exports: readonly ExportConfig[],
): readonly Rule[] {
  return rules.filter(({ metadata }) => {
    const { needs } = metadata;
    const options = auditedOptions(metadata);
    return (
      (needs === undefined || needs === 'account-roles' || needs === 'organization' || isObserved[needs]) &&
      (options.length === 0 ||
        exports.some((entry: ProvisionedOptions) => options.some((option) => entry[option] !== undefined)))
    );
  });
}

/** Whether any of the rules may decide otherwise with the organization: nobody reads it without one. */
export function dependOnOrganization(rules: readonly Rule[]): boolean {
  return rules.some(({ metadata }) => metadata.needs === 'organization');
}

/**
 * Which exports' delivery is judged: those with `delivery` in the config, and all if `--rule` names the rule.
 * A plan says nothing of what arrives, so it is judged there only if `--rule` asks for it.
 */
export function deliveryJudged(
  { rule, plan }: { readonly rule: readonly string[]; readonly plan?: string },
  rules: readonly Rule[],
): (entry: ExportConfig) => boolean {
  if (!rules.some(({ metadata }) => metadata.needs === 'delivery')) return () => false;
  if (rule.length > 0) return () => true;
  return ({ delivery }) => delivery !== undefined && plan === undefined;
}

/** What is expected of each export's delivery, by the export's name. */
export function expectations(entries: readonly ExportConfig[]): ReadonlyMap<string, DeliveryExpectation> {
  return new Map(entries.map(({ name, delivery }) => [name, deliveryExpectation(delivery)]));
}

/** What the config declares beyond the contract, by the export's name. */
export function declaredBy(entries: readonly ExportConfig[]): ReadonlyMap<string, ProvisionedOptions> {
  return new Map(
    entries.map((entry) => [entry.name, { ...entry, otherReaders: feedReaders(entry.name, entry) }]),
  );
}

/** The exports to observe, with what arrives if their delivery is judged. */
export function targetsOf(
  entries: readonly ExportConfig[],
  isJudged: (entry: ExportConfig) => boolean,
): ObserveTarget[] {
  return entries.map(({ delivery, ...given }) => {
    const entry = { ...given, declared: declaredOptions(given) };
    if (!isJudged({ ...given, delivery })) return entry;
    const { sample, prefix } = delivery ?? {};
    const { expectEvery, every: kinds } = deliveryExpectation(delivery);
    return { ...entry, delivery: { expectEvery, kinds, clientId: entry.clientId, sample, prefix } };
  });
}

/**
 * Who reads the logs from queues, by the name of each export that declares a reader. A plan doesn't show queues that
 * other configurations make, so no reader is judged there.
 */
export function feedsJudged(
  { plan }: { readonly plan?: string },
  rules: readonly Rule[],
  entries: readonly ExportConfig[],
): ReadonlyMap<string, readonly string[]> {
  if (plan !== undefined || !rules.some(({ metadata }) => metadata.needs === 'feed')) return new Map();
  const readers = entries.map((entry) => [entry.name, feedConsumersOf(entry)] as const);
  return new Map(readers.filter(([, { length }]) => length > 0));
}

/** The options without which the rules have nothing to judge. */
export function optionsOf(rules: readonly Rule[]): string[] {
  return [
    ...new Set(
      rules.flatMap(({ metadata }) => [
        ...(metadata.needs === 'feed' ? ['splunkFeed', 'alerts'] : []),
        ...auditedOptions(metadata),
      ]),
    ),
  ];
}
