/** Runs a task for each item, in no fixed order. At most `most` tasks exist at once; after a failure no more are begun. */
export async function forEachConcurrently<T>(
  items: AsyncIterator<T>,
  most: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  let isOver = false;
  const work = async () => {
    try {
      while (!isOver) {
        const next = await items.next();
        if (next.done) return;
        await task(next.value);
      }
    } catch (error) {
      isOver = true;
      throw error;
    }
  };
  const results = await Promise.allSettled(Array.from({ length: most }, work));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
