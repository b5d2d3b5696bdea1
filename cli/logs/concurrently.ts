/** Runs tasks at once, a bounded number of them. */

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

/** Characters that a task may write before its turn; then it waits. */
const MOST_WAITING = 1024 * 1024;

/** As `forEachConcurrently`, but what the tasks write comes out in the order of the items. */
export async function forEachInOrder<T>(
  items: AsyncIterable<T> | Iterable<T>,
  most: number,
  sink: (text: string) => Promise<void>,
  task: (item: T, write: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  await forEachConcurrently(withTurns(items), most, async ({ item, turn, end }) => {
    let isOurTurn = false;
    let waiting = '';
    const flush = async () => {
      await turn;
      isOurTurn = true;
      const text = waiting;
      waiting = '';
      if (text !== '') await sink(text);
    };
    try {
      await task(item, async (text) => {
        if (isOurTurn) return sink(text);
        waiting += text;
        if (waiting.length > MOST_WAITING) await flush();
      });
    } finally {
      if (waiting !== '') await flush();
      // Not waited for: what has nothing to write needs no turn.
      void turn.then(end);
    }
  });
}

async function* withTurns<T>(items: AsyncIterable<T> | Iterable<T>) {
  let turn = Promise.resolve();
  for await (const item of items) {
    let end = () => {};
    const next = new Promise<void>((resolve) => {
      end = resolve;
    });
    yield { item, turn, end };
    turn = next;
  }
}
