import { forEachConcurrently, forEachInOrder } from '../../../cli/logs/concurrently';

async function* numbers(count: number) {
  for (let index = 0; index < count; index++) yield index;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 2));

test('every item once, and no more at once than allowed', async () => {
  const seen: number[] = [];
  let [now, most] = [0, 0];
  await forEachConcurrently(numbers(50), 8, async (item) => {
    most = Math.max(most, ++now);
    await pause();
    now--;
    seen.push(item);
  });
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  expect(most).toBe(8);
});

test('after a failure no more is begun, and the failure is thrown once the rest has ended', async () => {
  let [begun, ended] = [0, 0];
  const failing = forEachConcurrently(numbers(100), 4, async (item) => {
    begun++;
    await pause();
    if (item === 5) throw new Error('denied');
    ended++;
  });
  await expect(failing).rejects.toThrow('denied');
  expect(begun).toBeLessThan(15);
  expect(begun - ended).toBe(1);
});

test('a failure of the list itself is thrown', async () => {
  const broken = (async function* () {
    yield 1;
    throw new Error('no list');
  })();
  await expect(forEachConcurrently(broken, 4, async () => undefined)).rejects.toThrow('no list');
});

describe('in order', () => {
  const run = async (count: number, most: number, task: Parameters<typeof forEachInOrder<number>>[3]) => {
    let out = '';
    const sink = async (text: string) => {
      await pause();
      out += text;
    };
    await forEachInOrder(numbers(count), most, sink, task);
    return out;
  };
  const expected = (count: number) => Array.from({ length: count }, (_, index) => `${index};`).join('');

  test('what later items write waits for the earlier ones, while all of them are at work', async () => {
    let [now, most] = [0, 0];
    const out = await run(40, 8, async (item, write) => {
      most = Math.max(most, ++now);
      // The first are the slowest.
      await new Promise((resolve) => setTimeout(resolve, item % 8 === 0 ? 20 : 1));
      await write(`${item};`);
      now--;
    });
    expect(out).toBe(expected(40));
    expect(most).toBe(8);
  });

  test('items that write nothing keep no place', async () => {
    const begun: number[] = [];
    let release = () => {};
    const first = new Promise<void>((resolve) => {
      release = resolve;
    });
    const out = await run(40, 4, async (item, write) => {
      begun.push(item);
      if (item === 39) release();
      if (item === 0) {
        await first;
        await write('0;');
      }
    });
    expect([begun.length, out]).toEqual([40, '0;']);
  });

  test('much text waits for its turn instead of in memory, and comes out whole', async () => {
    const part = 'x'.repeat(300_000);
    const ended: number[] = [];
    const out = await run(6, 3, async (item, write) => {
      for (let times = 0; times < 5; times++) await write(`${item}${part}`);
      ended.push(item);
    });
    expect(out.replaceAll('x', '')).toBe('000001111122222333334444455555');
    expect(ended).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('a failure is thrown, and what was written before it is there', async () => {
    let out = '';
    const failing = forEachInOrder(
      numbers(20),
      4,
      async (text) => {
        out += text;
      },
      async (item, write) => {
        await write(`${item};`);
        if (item === 3) throw new Error('denied');
      },
    );
    await expect(failing).rejects.toThrow('denied');
    expect(out.startsWith('0;1;2;3;')).toBe(true);
  });
});
