/**
 * A rule says nothing where its subject is not there: `role-exists` or `bucket-exists` speaks for it. Where that one is not among
 * the chosen rules nobody would, and a silence would pass for a rule that holds.
 */

import type { RuleContext } from '../evidence/context';
import type { Outcome } from '../evidence/outcome';
import { type ExportObservation, unreadable } from '../observe/observation';
import type { Rule } from '../rules/rule';
import { isAccountWide } from './account-wide';

/** A subject that is not there, the rule that says so, and what the export would be if nobody knew. */
interface Missing {
  readonly what: string;
  readonly speaker: string;
  readonly unseen: Partial<ExportObservation>;
}

/**
 * What a rule that was silent has to say after all.
 * @param chosen the rules of the run
 * @param judge gives what a rule says
 */
export function unsaid(
  rule: Rule,
  context: RuleContext,
  chosen: readonly Rule[],
  judge: (rule: Rule, context: RuleContext) => readonly Outcome[],
): Outcome[] {
  return missing(context)
    .filter(({ speaker }) => !chosen.some(({ metadata }) => metadata.id === speaker))
    .filter(({ unseen }) => {
      const observation = { ...context.observation, ...unseen };
      // Who would have something to say if nobody knew needs to know.
      return judge(rule, { ...context, observation }).length > 0;
    })
    .map(({ what, speaker }) => ({
      status: 'unknown',
      fact: 'nothing-to-judge',
      cause: 'nothing-to-judge',
      message: `It can’t be decided: ${what}. Choose ${speaker}, too.`,
    }));
}

function missing({ contract, observation: { role, bucket } }: RuleContext): Missing[] {
  const isForeign =
    bucket.state === 'value' &&
    bucket.value.owner.state === 'value' &&
    bucket.value.owner.value === 'another-account';
  const noRole = `there is no role ${contract.roleName}`;
  const noBucket = isForeign
    ? `the bucket ${contract.bucket} belongs to another account`
    : `there is no bucket ${contract.bucket}`;
  return [
    ...(role.state === 'absent'
      ? [{ what: noRole, speaker: 'role-exists', unseen: { role: unreadable({ message: noRole }) } }]
      : []),
    ...(bucket.state === 'absent' || isForeign
      ? [{ what: noBucket, speaker: 'bucket-exists', unseen: { bucket: unreadable({ message: noBucket }) } }]
      : []),
  ];
}

/**
 * What an export comes to of which no chosen rule had anything to say, as where they are not on for it: unknown, unless all of
 * them judge its account.
 * @param isSpokenFor whether another export has spoken for the account
 */
export function allSilent(chosen: readonly Rule[], isSpokenFor: boolean): Outcome {
  if (isSpokenFor && chosen.every(({ metadata }) => isAccountWide(metadata.id)))
    return { status: 'pass', fact: 'spoken-for', message: 'Another export of the account speaks for it.' };
  return {
    status: 'unknown',
    fact: 'nothing-to-judge',
    cause: 'nothing-to-judge',
    message: 'It can’t be decided: none of the chosen rules has anything to judge here. Choose others, too.',
  };
}
