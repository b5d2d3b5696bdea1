/**
 * A rule reports nothing if its subject does not exist: another rule reports that. If that other rule was not chosen, the
 * silence would look like a pass, so it becomes an unknown here.
 */

import type { RuleContext } from '../evidence/context';
import { unreadOf } from '../evidence/organization';
import type { Outcome } from '../evidence/outcome';
import { type ExportObservation, unreadable } from '../observe/observation';
import { RULES } from '../rules';
import { isAnothersBucket, type Rule } from '../rules/rule';
import { isAccountWide } from './account-wide';
import { missingId } from './causes';

type Subject = NonNullable<Rule['metadata']['reportsMissing']>;

/** A subject that does not exist, and the export as it would be if that were not known. */
interface Missing {
  readonly subject: Subject;
  readonly message: string;
  readonly unseen: Partial<ExportObservation>;
}

/**
 * The outcomes of a rule that was silent, if no chosen rule reports why.
 * @param chosen the rules of the run
 * @param judge gives a rule's own outcomes
 */
export function outcomesOfSilence(
  rule: Rule,
  context: RuleContext,
  chosen: readonly Rule[],
  judge: (rule: Rule, context: RuleContext) => readonly Outcome[],
): Outcome[] {
  return missing(context)
    .filter(({ subject }) => !chosen.some((other) => reports(other, subject)))
    .filter(({ unseen }) => {
      const observation = { ...context.observation, ...unseen };
      // A rule that would report something if the subject were unread depends on the subject.
      return judge(rule, { ...context, observation }).length > 0;
    })
    .map(({ message, subject }) => ({
      status: 'unknown',
      fact: 'nothing-to-judge',
      cause: 'nothing-to-judge',
      causeId: missingId(subject, context),
      message: `It can’t be decided: ${message}. Choose ${reporterOf(subject)}, too.`,
    }));
}

function reports({ metadata }: Rule, subject: Subject): boolean {
  return metadata.reportsMissing === subject;
}

function reporterOf(subject: Subject): string {
  return RULES.filter((rule) => reports(rule, subject))
    .map(({ metadata }) => metadata.id)
    .join(' or ');
}

function missing({ contract, observation: { role, bucket } }: RuleContext): Missing[] {
  const isForeign = bucket.state === 'value' && isAnothersBucket(bucket.value);
  const noRole = `there is no role ${contract.roleName}`;
  const noBucket = isForeign
    ? `the bucket ${contract.bucket} belongs to another account`
    : `there is no bucket ${contract.bucket}`;
  const found: Missing[] = [];
  if (role.state === 'absent')
    found.push({ subject: 'role', message: noRole, unseen: { role: unreadable({ message: noRole }) } });
  if (bucket.state === 'absent' || isForeign)
    found.push({
      subject: 'bucket',
      message: noBucket,
      unseen: { bucket: unreadable({ message: noBucket }) },
    });
  return found;
}

/**
 * The outcome for an export on which no chosen rule reported anything, for example because they are not on for it:
 * unknown, unless every chosen rule judges the account as a whole.
 * @param isReportedElsewhere whether another export carries the account's findings
 */
export function outcomeIfAllSilent(
  chosen: readonly Rule[],
  context: RuleContext,
  isReportedElsewhere: boolean,
): Outcome {
  if (isReportedElsewhere && chosen.every(({ metadata }) => isAccountWide(metadata.id)))
    return { status: 'pass', fact: 'spoken-for', message: 'Another export of the account reports for it.' };
  return {
    status: 'unknown',
    fact: 'nothing-to-judge',
    cause: 'nothing-to-judge',
    message: `It can’t be decided: ${whySilent(chosen, context)}`,
  };
}

function whySilent(chosen: readonly Rule[], { organization }: RuleContext): string {
  const nothing = 'none of the chosen rules has anything to judge here. Choose others, too.';
  if (!chosen.some(({ metadata }) => metadata.needs === 'organization' && metadata.optIn)) return nothing;
  if (!organization)
    return 'nobody looked at the organization. Add organization: {} to the config, or give --organization FILE.';
  if (organization.state === 'absent') return nothing;
  const [reason] = organization.state === 'value' ? unreadOf(organization.value) : [organization.reason];
  return reason ? `not all of the organization’s policies could be read: ${reason.message}.` : nothing;
}
