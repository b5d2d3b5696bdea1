/** Steps from what came of a call. */
import type { Attempt } from './attempt';
import type { Step, StepId, StepStatus } from './steps';

export function tested(id: StepId, status: StepStatus, message: string): Step {
  return { id, status, basis: 'tested', message };
}

/** A call that neither worked nor was refused shows nothing. */
export function unclear(
  id: StepId,
  call: string,
  answer: Extract<Attempt<unknown>, { result: 'failed' }>,
): Step {
  return tested(id, 'unknown', `${call} failed (${answer.code}): ${answer.message.replace(/\.$/, '')}`);
}

/** A call that AWS must refuse. */
export function forbidden(id: StepId, call: string, answer: Attempt<unknown>): Step {
  if (answer.result === 'done') return tested(id, 'fail', `${call} worked`);
  if (answer.result === 'refused') return tested(id, 'pass', `AWS refused ${call} (${answer.code})`);
  // Whoever may not read or list is refused before S3 looks: only who may learns that there is nothing.
  if (answer.code === 'NoSuchKey')
    return tested(id, 'fail', `${call} was answered (${answer.code}), not refused`);
  return unclear(id, call, answer);
}
