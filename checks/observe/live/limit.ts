/** Runs a task as soon as there is room for it. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * Runs at most `most` tasks at once; the others wait in order.
 * @param patience milliseconds after which a task no longer counts, though it goes on: some that hang must not hold up all
 *   others. By default it counts to its end.
 */
export function limiter(most: number, patience = Number.POSITIVE_INFINITY): Limiter {
  let running = 0;
  const waiting: (() => void)[] = [];
  const leave = () => {
    const next = waiting.shift();
    // The place is handed over, not given back: nobody can slip in between.
    if (next) next();
    else running--;
  };
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    const leaveOnce = once(leave);
    const timer = Number.isFinite(patience) ? setTimeout(leaveOnce, patience) : undefined;
    try {
      return await task();
    } finally {
      clearTimeout(timer);
      leaveOnce();
    }
  };
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}

/** The results of a task for each item, in the items' order. At most `most` tasks exist at once. */
export async function mapBounded<T, R>(
  items: readonly T[],
  most: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  return results;
}
