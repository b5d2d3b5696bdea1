/** Which violations end a run with 1: `--fail-on`. */
import { didYouMean } from '../../config/nearest';
import { UserError } from '../../contract/user-error';
import { type Finding, SEVERITIES } from './finding';

/** Whether a violation counts for the exit code. */
export type FailOn = (finding: Pick<Finding, 'severity' | 'baselineState'>) => boolean;

/** The values of `--fail-on`: any violation, one that the baseline lacks, or one of at least this severity. */
export const FAIL_ON = ['any', 'new', ...SEVERITIES] as const;

/** @throws UserError for another word, with the nearest one, or for `new` without a baseline */
export function parseFailOn(text: string, hasBaseline: boolean): FailOn {
  const word = FAIL_ON.find((known) => known === text);
  if (!word) {
    throw new UserError(`--fail-on ${JSON.stringify(text)} is unknown; ${didYouMean(text, FAIL_ON)}`);
  }
  if (word === 'any') return () => true;
  if (word === 'new') {
    if (!hasBaseline) throw new UserError('--fail-on new needs a --baseline to compare with');
    return ({ baselineState }) => baselineState !== 'unchanged';
  }
  return ({ severity }) => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(word);
}
