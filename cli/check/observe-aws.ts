/** A live observation as the command line makes it: it can be cancelled, it ends in time, and it shows how far it is. */
import { setMaxListeners } from 'node:events';
import { type ObserveTarget, observeLive } from '../../checks/observe/live';
import { RunCancelled } from '../../checks/observe/live/deadline';
import type { Observation } from '../../checks/observe/observation';
import { Progress } from '../progress';
import type { CheckOptions } from './options';

export interface ObserveAwsOptions extends Pick<CheckOptions, 'timeout' | 'wait' | 'quiet' | 'verbose'> {
  readonly altrAccountId: string;
  readonly listRoles: boolean;
}

/** Observes AWS. It is `partial` where the run was cancelled or its time was over; what was not read by then says so. */
export async function observeAws(
  targets: readonly ObserveTarget[],
  { altrAccountId, listRoles, timeout, wait, quiet, verbose }: ObserveAwsOptions,
): Promise<Observation> {
  const abort = new AbortController();
  // Every call in flight listens.
  setMaxListeners(0, abort.signal);
  const cancel = (signal: NodeJS.Signals) =>
    abort.abort(new RunCancelled(`the run was cancelled (${signal})`));
  // Once: who presses Ctrl-C again wants the process gone.
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  const deadline =
    timeout === undefined
      ? undefined
      : setTimeout(
          () => abort.abort(new RunCancelled(`the time of ${timeout} s for the run was over`)),
          timeout * 1000,
        );
  const progress = new Progress(process.stderr, targets.length, { quiet, verbose });
  try {
    return await observeLive(targets, {
      altrAccountId,
      listRoles,
      signal: abort.signal,
      ...(wait === undefined ? {} : { waitUntil: Date.now() + wait * 1000 }),
      onCall: (call) => progress.called(call),
      onThrottle: () => progress.throttled(),
      onExport: () => progress.observed(),
    });
  } finally {
    progress.end();
    clearTimeout(deadline);
    process.removeListener('SIGINT', cancel).removeListener('SIGTERM', cancel);
  }
}
