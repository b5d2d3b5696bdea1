import type { Report } from '../verdict/finding';

const HOUR = 3_600_000;

/** A sentence about an observation or a copy that is older than a day: AWS may have changed since. */
export function observationAge({
  observedAt,
  organizationObservedAt,
  startedAt,
}: Pick<Report, 'observedAt' | 'organizationObservedAt' | 'startedAt'>): string | undefined {
  const ageOf = (what: string, at: string | undefined): string[] => {
    if (at === undefined) return [];
    const hours = (Date.parse(startedAt) - Date.parse(at)) / HOUR;
    if (!(hours > 24)) return [];
    const age = hours < 48 ? `${Math.floor(hours)} hours` : `${Math.floor(hours / 24)} days`;
    return [`The ${what} is ${age} old (${at}): what changed in AWS since is not in this report.`];
  };
  const sentences = [
    ...ageOf('observation', observedAt),
    ...ageOf('copy of the organization', organizationObservedAt),
  ];
  return sentences.length > 0 ? sentences.join(' ') : undefined;
}
