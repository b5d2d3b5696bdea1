/** Credentials that are shared and renewed, and work that is bounded. */
import type { AwsCredentials } from '../../../../checks/observe/live/clients';
import { renewing } from '../../../../checks/observe/live/credentials';
import { withDeadline } from '../../../../checks/observe/live/deadline';
import { limiter, mapBounded } from '../../../../checks/observe/live/limit';
import { sessionOf } from '../../../../checks/observe/live/session-of';
import { query, startFakeAws } from './fake-aws';

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

describe('a limit', () => {
  const hanging = () => new Promise<never>(() => {});
  const later = (ms: number) => new Promise<'later'>((resolve) => setTimeout(resolve, ms, 'later'));

  test('lets nobody in before one has left', async () => {
    const limit = limiter(1);
    void limit(hanging);
    expect(await Promise.race([limit(async () => 'in'), later(30)])).toBe('later');
  });

  test('with patience lets others in while some hang', async () => {
    const limit = limiter(1, 10);
    void limit(hanging);
    expect(await limit(async () => 'in')).toBe('in');
  });

  test('with patience counts the place of a task once that ended late', async () => {
    const limit = limiter(1, 5);
    await Promise.all([limit(() => later(30)), limit(() => later(30))]);
    let running = 0;
    let most = 0;
    const task = async () => {
      most = Math.max(most, ++running);
      await later(1);
      running--;
    };
    await Promise.all(Array.from({ length: 5 }, () => limit(task)));
    expect(most).toBe(1);
  });

  test('of all calls together does not keep the role from being assumed that a call waits for', async () => {
    const credentials =
      '<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>';
    const aws = await startFakeAws(() => ({
      'sts:AssumeRole': () => query('AssumeRole', credentials),
      'sts:GetCallerIdentity': () => query('GetCallerIdentity', '<Account>222222222222</Account>'),
    }));
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
    });
    try {
      const role = { region: 'us-east-1', assumeRoleArn: 'arn:aws:iam::222222222222:role/auditor' };
      const session = await sessionOf(role, { sharedLimit: limiter(1), callDeadline: 5_000 });
      expect(await session.account()).toEqual({ state: 'value', value: '222222222222' });
    } finally {
      process.env = before;
      await aws.stop();
    }
  });
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
