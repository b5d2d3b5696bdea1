/** Credentials that are shared and renewed, and work that is bounded. */
import type { AwsCredentials } from '../../checks/observe/live/clients';
import { renewing } from '../../checks/observe/live/credentials';
import { withDeadline } from '../../checks/observe/live/deadline';
import { mapBounded } from '../../checks/observe/live/limit';

describe('credentials', () => {
  const hour = 60 * 60_000;
  const made = (count: number): AwsCredentials => ({
    accessKeyId: `KEY${count}`,
    secretAccessKey: 's',
    expiration: new Date(Date.now() + hour),
  });

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('are fetched once for all who ask, and again shortly before they expire', async () => {
    let fetched = 0;
    const credentials = renewing(async () => made(++fetched));
    const keys = await Promise.all([credentials(), credentials()]);
    expect(keys.map(({ accessKeyId }) => accessKeyId)).toEqual(['KEY1', 'KEY1']);
    jest.advanceTimersByTime(hour - 6 * 60_000);
    expect((await credentials()).accessKeyId).toBe('KEY1');
    jest.advanceTimersByTime(2 * 60_000);
    expect((await credentials()).accessKeyId).toBe('KEY2');
  });

  test('that never expire are never renewed', async () => {
    let fetched = 0;
    const credentials = renewing(async () => ({ accessKeyId: `KEY${++fetched}`, secretAccessKey: 's' }));
    await credentials();
    jest.advanceTimersByTime(1_000 * hour);
    expect((await credentials()).accessKeyId).toBe('KEY1');
  });

  test('that were refused once are not asked for again', async () => {
    let fetched = 0;
    const credentials = renewing(async () => {
      fetched++;
      throw new Error('refused');
    });
    await expect(credentials()).rejects.toThrow('refused');
    await expect(credentials()).rejects.toThrow('refused');
    expect(fetched).toBe(1);
  });
});

test('bounded work is done in order, at most so much at once', async () => {
  let running = 0;
  let most = 0;
  const results = await mapBounded([5, 1, 4, 2, 3], 2, async (item) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, item));
    running--;
    return item * 10;
  });
  expect({ results, most }).toEqual({ results: [50, 10, 40, 20, 30], most: 2 });
});

describe('a deadline', () => {
  test('gives up what takes too long, and tells it so', async () => {
    let signal: AbortSignal | undefined;
    const never = withDeadline((given) => {
      signal = given;
      return new Promise(() => {});
    }, 10);
    await expect(never).rejects.toThrow('no answer within 0.01 seconds');
    expect(signal?.aborted).toBe(true);
  });

  test('leaves alone what came in time: a body may still be read', async () => {
    let signal: AbortSignal | undefined;
    await withDeadline(async (given) => {
      signal = given;
    }, 1_000);
    expect(signal?.aborted).toBe(false);
  });

  test('does not begin what a cancelled run asks for', async () => {
    const task = jest.fn();
    await expect(withDeadline(task, 1_000, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(task).not.toHaveBeenCalled();
  });
});
