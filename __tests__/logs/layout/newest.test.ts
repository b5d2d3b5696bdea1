import { findLate, findNewest, objectsSince } from '../../../logs';
import { bucketOf } from '../bucket';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 5, 15, 10, 30);

/** Objects written every so often, until now, with keys of a form. */
function* written(
  count: number,
  every: number,
  key: (iso: string[], instant: number, index: number) => string,
  until = NOW,
) {
  for (let index = 0; index < count; index++) {
    const instant = until - (count - index) * every;
    yield [key(new Date(instant).toISOString().split(/[-T:.]/), instant, index), instant + 60_000] as const;
  }
}

const uuidOf = (index: number) => ((index * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0');

const FORMS: Readonly<Record<string, (iso: string[], instant: number, index: number) => string>> = {
  'Hive-style to the hour': ([y, m, d, h], _at, i) =>
    `year=${y}/month=${m}/day=${d}/hour=${h}/${uuidOf(i)}.json`,
  'Hive-style without zeros': ([y, m, d, h], _at, i) =>
    `year=${y}/month=${Number(m)}/day=${Number(d)}/hour=${Number(h)}/${uuidOf(i)}.json`,
  'plain under a prefix': ([y, m, d, h], _at, i) => `altr/audit/${y}/${m}/${d}/${h}/${uuidOf(i)}.json`,
  'one folder a day': ([y, m, d], _at, i) => `dt=${y}-${m}-${d}/${uuidOf(i)}.json`,
  'one folder an hour': ([y, m, d, h], _at, i) => `${y}-${m}-${d}-${h}/${uuidOf(i)}.json`,
  'epoch folders': (_iso, at, i) => `${Math.floor(at / HOUR) * 3600}/${uuidOf(i)}.json`,
  'dates in names': ([y, m, d, h, min, s], _at, i) => `${y}-${m}-${d}T${h}-${min}-${s}Z-${uuidOf(i)}.json`,
  'epochs in names': (_iso, at, i) => `logs/${at}-${uuidOf(i)}.json`,
  'kinds beside each other': ([y, m, d], _at, i) =>
    `${['query', 'system', 'custom'][i % 3]}/${y}/${m}/${d}/${uuidOf(i)}.json`,
};

describe.each(Object.entries(FORMS))('%s', (_name, key) => {
  // More than three years, an object an hour.
  const objects = [...written(30_000, HOUR, key)];

  test('the newest object of many is found, with a handful of list calls', async () => {
    const bucket = bucketOf(objects);
    const found = await findNewest(bucket, { now: NOW });
    expect(found).toMatchObject({ newest: { key: objects.at(-1)![0] }, isExact: true, future: [] });
    expect(found.detection.confidence).not.toBe('none');
    expect(found.calls).toBe(bucket.requests.length);
    expect(found.calls).toBeLessThanOrEqual(key === FORMS['kinds beside each other'] ? 16 : 8);
  });

  test('an outage of a month is seen as one', async () => {
    const old = [...written(5000, HOUR, key, NOW - 30 * 24 * HOUR)];
    const found = await findNewest(bucketOf(old), { now: NOW });
    expect(found.newest?.key).toBe(old.at(-1)![0]);
    expect(found.calls).toBeLessThanOrEqual(key === FORMS['kinds beside each other'] ? 16 : 9);
  });

  test('what came since is all that is listed', async () => {
    const bucket = bucketOf(objects);
    const since = NOW - 24 * HOUR;
    const keys: string[] = [];
    for await (const object of objectsSince(bucket, { since, now: NOW })) keys.push(object.key);
    expect(keys.sort()).toEqual(
      objects
        .filter(([, at]) => at >= since)
        .map(([its]) => its)
        .sort(),
    );
    expect(bucket.requests.length).toBeLessThan(90);
  });
});

test('hundreds of thousands of objects in the partitions before cost nothing', async () => {
  const [y, m, d] = [2026, '06', '15'];
  function* many() {
    for (let index = 0; index < 300_000; index++) {
      const day = String(1 + Math.floor(index / 22_000)).padStart(2, '0');
      yield [`year=${y}/month=${m}/day=${day}/${uuidOf(index)}`, NOW - 1e9 + index] as const;
    }
    yield [`year=${y}/month=${m}/day=${d}/newest`, NOW - 1000] as const;
    yield [`year=${y}/month=${m}/day=${d}/older`, NOW - 2000] as const;
  }
  const found = await findNewest(bucketOf(many()), { now: NOW });
  expect(found.newest?.key).toBe('year=2026/month=06/day=15/newest');
  expect(found.calls).toBeLessThanOrEqual(8);
  // The partition before it holds more than is read, so a late object there may be newer.
  expect(found).toMatchObject({
    isExact: false,
    inexactBecause: expect.stringContaining('holds more names than were listed'),
  });
});

test('an object that came late to an older partition is the newest', async () => {
  const found = await findNewest(
    bucketOf([
      ['dt=2026-06-14/late', NOW - 1],
      ['dt=2026-06-15/x', NOW - HOUR],
    ]),
    { now: NOW },
  );
  expect(found).toMatchObject({ newest: { key: 'dt=2026-06-14/late' }, isExact: true });
});

test('a partition in the future neither hides the present nor is passed over in silence', async () => {
  const objects = [
    ['dt=2026-06-15/x', NOW - HOUR],
    ['dt=2026-06-14/x', NOW - 25 * HOUR],
    ['dt=2099-01-01/x', NOW - 99 * HOUR],
  ] as const;
  const found = await findNewest(bucketOf(objects), { now: NOW });
  expect(found).toMatchObject({ newest: { key: 'dt=2026-06-15/x' }, future: ['dt=2099-01-01/'] });
  const only = await findNewest(bucketOf(objects.slice(2)), { now: NOW });
  expect(only.newest?.key).toBe('dt=2099-01-01/x');
});

test('foreign files beside the partitions are counted', async () => {
  const found = await findNewest(
    bucketOf([
      ['dt=2026-06-15/x', NOW],
      ['README.md', 0],
      ['inventory/a/data.csv', 0],
    ]),
    { now: NOW },
  );
  expect(found.detection.undated).toEqual({ count: 2, examples: ['README.md', 'inventory/a/data.csv'] });
});

test('keys without any date: the search ends, and says that there may be newer ones', async () => {
  const found = await findNewest(bucketOf(written(20_000, HOUR, (_iso, _at, i) => `${uuidOf(i)}.json`)), {
    now: NOW,
  });
  expect(found.isExact).toBe(false);
  expect(found.detection.confidence).toBe('none');
  expect(found.calls).toBeLessThanOrEqual(4);
});

test('no more calls than are allowed', async () => {
  const bucket = bucketOf(written(500, HOUR, ([y, m, d], _at, i) => `tenant-${i % 50}/${y}/${m}/${d}/x`));
  const found = await findNewest(bucket, { now: NOW, maxCalls: 12 });
  expect([found.calls, found.isExact]).toEqual([12, false]);
});

test('a prefix that ends within a date is gone on from', async () => {
  const days = [...written(3000, HOUR, ([y, m, d], _at, i) => `altr/${y}/${m}/${d}/${uuidOf(i)}`)];
  const found = await findNewest(bucketOf(days), { now: NOW, prefix: 'altr/2026/06/' });
  expect(found).toMatchObject({ isExact: true, calls: 3 });
  const keys: string[] = [];
  const since = { since: NOW - HOUR, now: NOW, prefix: 'altr/2026/06/' };
  for await (const { key } of objectsSince(bucketOf(days), since)) keys.push(key);
  expect(keys).toEqual([days.at(-1)?.[0]]);
});

test('an empty bucket', async () => {
  const found = await findNewest(bucketOf([]), { now: NOW });
  expect(found).toMatchObject({ isExact: true, recent: [], calls: 1 });
  expect(found.newest).toBeUndefined();
});

describe('an object that came late to a partition before the two newest', () => {
  const late = 'year=2026/month=06/day=15/hour=01/late';
  const hours = [...written(4000, HOUR, FORMS['Hive-style to the hour']!, NOW - 3 * HOUR)];
  const bucket = bucketOf([...hours.map(([key, at]) => [key, at - 20 * HOUR] as const), [late, NOW - 1000]]);

  test('is found by the second look', async () => {
    const newest = await findNewest(bucket, { now: NOW });
    expect(newest.newest?.key).not.toBe(late);
    const second = await findLate(bucket, newest, { now: NOW, since: NOW - 12 * HOUR });
    expect(second).toMatchObject({ newest: { key: late }, isExact: true });
    expect(second.recent.length).toBe(newest.recent.length + 1);
    expect(second.calls).toBeLessThan(80);
  });

  test('may exist where the second look was ended', async () => {
    const newest = await findNewest(bucket, { now: NOW });
    const second = await findLate(bucket, newest, { now: NOW, since: NOW - 12 * HOUR, maxCalls: 5 });
    expect(second).toMatchObject({
      newest: newest.newest,
      isExact: false,
      inexactBecause: 'the search was ended after 5 list calls',
      calls: newest.calls + 5,
    });
  });
});
