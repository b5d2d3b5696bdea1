/** When the rule log-feed-delivery is on, and for which readers. */

import type { Rule } from '../../checks/rules/rule';
import { feedConsumersOf } from '../../config/options/feed-schemas';
import type { ExportConfig } from '../../config/schema';
import type { CheckOptions } from './options';

/**
 * Who reads the logs from queues, by the name of each export that declares anybody. A plan says nothing of queues that
 * other configurations make, so there nobody is judged.
 */
export function feedsJudged(
  { plan }: Pick<CheckOptions, 'plan'>,
  rules: readonly Rule[],
  entries: readonly ExportConfig[],
): ReadonlyMap<string, readonly string[]> {
  if (plan !== undefined || !rules.some(({ metadata }) => metadata.needs === 'feed')) return new Map();
  const readers = entries.map((entry) => [entry.name, feedConsumersOf(entry)] as const);
  return new Map(readers.filter(([, { length }]) => length > 0));
}
