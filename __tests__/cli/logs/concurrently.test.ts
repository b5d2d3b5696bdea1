import { forEachConcurrently } from '../../../cli/logs/concurrently';

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
