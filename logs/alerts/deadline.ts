/**
 * Work that must end by a certain time, so that what was found until then can still be told. The audit's deadline limits how
 * long one call may take, and cancels it (checks/observe/live/deadline.ts); streams of a caller can't be cancelled.
 */

/** Throws where it is too late. */
export function mustBeBefore(deadline: number): void {
  if (Date.now() >= deadline) throw late();
}

/** Begins the work unless it is too late, and waits for it no longer than that. Throws then. */
export async function before<T>(deadline: number, work: () => Promise<T>): Promise<T> {
  mustBeBefore(deadline);
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), deadline - Date.now());
  });
  try {
    return await Promise.race([work(), end]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same chunks; throws where one does not come in time, even where the stream is stuck. */
export async function* untilDeadline(
  chunks: AsyncIterable<Uint8Array>,
  deadline: () => number,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let isDone = false;
  try {
    while (!isDone) {
      const next = await before(deadline(), () => iterator.next());
      isDone = next.done === true;
      if (!next.done) yield next.value;
    }
  } finally {
    // Not waited for: a stream that is stuck may never answer, and how it ends matters to nobody.
    if (!isDone) Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

function late(): Error {
  return new Error('there was no time left to read it: it is delivered again');
}
