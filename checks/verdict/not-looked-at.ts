/** What an older observation lacks, in one line for all rules that would have judged it. */
import { NOT_LOOKED_AT } from '../evidence/declared';
import { unreadOf } from '../evidence/organization';
import type { Outcome } from '../evidence/outcome';
import type { Observation } from '../observe/observation';
import type { Rule } from '../rules/rule';
import type { JudgeOptions } from './judge';

interface Reported {
  readonly rule: Rule;
  readonly outcome: Outcome;
}

/** The same outcomes; those of what was not looked at become one, reported by the first rule that has one. */
export function notLookedAtInOneLine(reported: readonly Reported[]): Reported[] {
  const isLine = ({ outcome }: Reported) => outcome.fact === NOT_LOOKED_AT;
  const lines = reported.filter(isLine);
  const [first] = lines;
  if (!first) return [...reported];
  const what = [...new Set(lines.map(({ outcome }) => String(outcome.actual)))];
  const rules = [...new Set(lines.map(({ rule }) => rule.metadata.id))];
  const advice = [...new Set(lines.map(({ outcome: { message: one } }) => one.slice(one.indexOf('. ') + 2)))];
  const message =
    `Not looked at when the observation was made: ${what.join(', ')}. ${rules.join(', ')} ` +
    `${rules.length === 1 ? 'does' : 'do'} not judge it. ${advice.join(' ')}`;
  const line = { rule: first.rule, outcome: { ...first.outcome, message, actual: what } };
  return reported.flatMap((entry) => (entry === first ? [line] : isLine(entry) ? [] : [entry]));
}

/** Who gets at logs by a grant of S3 Access Grants is looked at only where the config asks for it. */
const ACCESS_GRANTS =
  'S3 Access Grants were not looked at: a grant may let others read logs; audit the account with accessGrants: true in each export.';

/**
 * All that may stop ALTR or let others read logs and was not looked at, in one line with what to do about it. Empty if there
 * is nothing of that kind.
 * @param saysOrganization whether the run has anything to say about the organization
 */
export function notLookedAt(
  observation: Pick<Observation, 'organization' | 'exports'>,
  options: JudgeOptions['organization'],
  saysOrganization = true,
): string[] {
  const organization = saysOrganization ? organizationNotLookedAt(observation, options) : undefined;
  const buckets = observation.exports.flatMap(({ bucket }) => (bucket.state === 'value' ? bucket.value : []));
  const sawGrants = buckets.length > 0 && buckets.every(({ accessGrants }) => accessGrants);
  const sentences = [organization ?? [], sawGrants ? [] : ACCESS_GRANTS].flat();
  return sentences.length > 0 ? [sentences.join(' ')] : [];
}

/** A sentence if the organization's policies were not looked at, and nobody demands it. */
function organizationNotLookedAt(
  { organization }: Pick<Observation, 'organization'>,
  options: JudgeOptions['organization'],
): string | undefined {
  const line = (reason: string) => `Organization policies were not looked at: ${reason}.`;
  if (!organization && options)
    return line(
      'neither a plan nor an observation that was saved without them holds them; give a saved copy with --organization',
    );
  if (!organization)
    return line(
      'service and resource control policies may stop ALTR; add organization: {} to the config, or give a saved copy with --organization',
    );
  if (options?.required) return undefined;
  if (organization.state === 'unreadable') return line(organization.reason.message);
  if (organization.state === 'absent') return undefined;
  const reasons = [...new Set(unreadOf(organization.value).map(({ message }) => message))];
  return reasons.length > 0 ? line(reasons.slice(0, 3).join('; ')) : undefined;
}
