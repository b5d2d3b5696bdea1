/** A live observation as the command line makes it: it can be cancelled, it ends in time, and it shows how far it is. */
import { setMaxListeners } from 'node:events';
import { type ObserveTarget, observeLive } from '../../checks/observe/live';
import { RunCancelled } from '../../checks/observe/live/deadline';
import type { Observation, OrganizationObservation } from '../../checks/observe/observation';
import type { Access } from '../../config/options/access';
import { Progress } from '../progress';

/** Options of the command line for whatever observes AWS. */
export interface LiveOptions {
  /** Seconds after which the run ends. */
  readonly timeout?: number;
  /** Seconds for which to look again for what does not exist yet. */
  readonly wait?: number;
  readonly quiet?: true;
  readonly verbose?: true;
}

export interface ObserveAwsOptions extends LiveOptions {
  readonly altrAccountId: string;
  readonly listRoles: boolean;
  /** As whom the organization is read; it is not read by default. */
  readonly organization?: Access;
  /** A saved copy that takes its place. */
  readonly organizationCopy?: OrganizationObservation;
  /** Names of the roles that the config declares; without it no other role is asked when it was last used. */
  readonly declaredRoleNames?: readonly string[];
}

/** Observes AWS. It is `partial` if the run was cancelled or its time was over; what was not read by then says so. */
export async function observeAws(
  targets: readonly ObserveTarget[],
  options: ObserveAwsOptions,
): Promise<Observation> {
  const { timeout, wait, quiet, verbose } = options;
  const { altrAccountId, listRoles, organization, organizationCopy, declaredRoleNames } = options;
  const abort = new AbortController();
  // Every call in flight listens.
  setMaxListeners(0, abort.signal);
  const cancel = (signal: NodeJS.Signals) =>
    abort.abort(new RunCancelled(`the run was cancelled (${signal})`));
  // Once: a second Ctrl-C ends the process at once.
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
      organization,
      organizationCopy,
      declaredRoleNames,
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
