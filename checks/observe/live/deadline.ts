/** Cancellation of one task: by the run's signal, or because it took too long. */

/** Thrown where a task did not end in its time. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
  constructor(readonly seconds: number) {
    super(`no answer within ${seconds} seconds`);
  }
}

/** Why a whole run was cancelled: the reason to give to its `AbortController`. The message completes “… before s3:HeadBucket answered”. */
export class RunCancelled extends Error {
  override readonly name = 'RunCancelled';
}

/**
 * Runs a task until it ends, the run is cancelled, or its time is over, whichever comes first. The SDK looks at its
 * signal while a request is under way, but not while it waits to try again; so the task is left behind, not waited for.
 * (`AbortSignal.any` would do half of this, and in Node 20 it holds on to every signal that it made of a long-lived one.)
 * @throws the signal's reason where the run is cancelled; DeadlineExceeded
 */
export async function withDeadline<T>(
  task: (signal: AbortSignal) => Promise<T>,
  milliseconds: number,
  run?: AbortSignal,
): Promise<T> {
  run?.throwIfAborted();
  const own = new AbortController();
  let cancel: () => void = () => {};
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    cancel = () => reject(run?.reason);
    run?.addEventListener('abort', cancel, { once: true });
    timer = setTimeout(() => reject(new DeadlineExceeded(milliseconds / 1000)), milliseconds);
  });
  try {
    return await Promise.race([task(own.signal), ended]);
  } catch (error) {
    // Whatever is still under way is given up; a body that is yet to be read after success is not.
    own.abort();
    throw error;
  } finally {
    run?.removeEventListener('abort', cancel);
    clearTimeout(timer);
  }
}

/** Waits; ends early where the run is cancelled. */
export function pause(milliseconds: number, run?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      run?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    run?.addEventListener('abort', end, { once: true });
    if (run?.aborted) end();
  });
}
