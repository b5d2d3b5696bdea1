import type { Report } from '../verdict/finding';

const HOUR = 3_600_000;

/** One sentence about an observation that is older than a day: AWS may have changed since. */
export function observationAge({ observedAt, startedAt }: Report): string | undefined {
  if (observedAt === undefined) return undefined;
  const hours = (Date.parse(startedAt) - Date.parse(observedAt)) / HOUR;
  if (!(hours > 24)) return undefined;
  const age = hours < 48 ? `${Math.floor(hours)} hours` : `${Math.floor(hours / 24)} days`;
  return `The observation is ${age} old (${observedAt}): what changed in AWS since is not in this report.`;
}
