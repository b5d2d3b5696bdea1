import { CountedStore, listLevel } from '../../../logs/layout/walk';
import { bucketOf } from '../bucket';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Slack for clocks of other zones. */
const SLACK = 14 * HOUR;
const NOW = Date.UTC(2026, 5, 15);
const ALL = Number.POSITIVE_INFINITY;

const dayOf = (instant: number) => new Date(instant).toISOString().slice(0, 10);
const hourOf = (instant: number) => new Date(instant).toISOString().slice(0, 13).replace('T', '-');

/** A folder for each hour of the last year: nine pages. */
const hours = Array.from({ length: 365 * 24 }, (_, index) => NOW - (index + 1) * HOUR);
const objects = hours.map((hour) => [`${hourOf(hour)}/a.json`, hour + HOUR] as const);

async function list(range: { since?: number; until?: number }, of: Parameters<typeof bucketOf>[0] = objects) {
  const bucket = bucketOf(of);
  const level = await listLevel(new CountedStore(bucket), '', {}, { now: NOW, pages: ALL, ...range });
  return {
    folders: level.dated.map(({ prefix }) => prefix.slice(0, -1)),
    keys: level.objects.map(({ key }) => key),
    calls: bucket.requests.length,
  };
}

test.each([300, 100, 3])(
  'a range %i days ago is whole, and the pages behind it are not listed',
  async (ago) => {
    const since = NOW - ago * DAY;
    const { folders, calls } = await list({ since, until: since + DAY });
    const expected = hours
      .filter((hour) => hour >= since - SLACK && hour <= since + DAY + SLACK)
      .map((hour) => hourOf(hour));
    expect(folders).toEqual(expect.arrayContaining(expected));
    // One to see how the folders are named, one for the range.
    expect(calls).toBe(2);
  },
);

test('without an end, every page from the beginning of the range is listed', async () => {
  const { folders, calls } = await list({ since: NOW - 300 * DAY });
  expect(folders[0]).toBe(hourOf(NOW - HOUR));
  expect(calls).toBe(1 + Math.ceil((300 * 24 + 15) / 1000));
});

test.each([41, 90])('a range of %i days is listed to its end, and no further', async (days) => {
  const since = NOW - 300 * DAY;
  const until = since + days * DAY;
  const { folders, calls } = await list({ since, until });
  expect(folders).toContain(hourOf(until + SLACK - HOUR));
  expect(folders).toContain(hourOf(since - SLACK + HOUR));
  expect(calls).toBe(1 + Math.ceil((days * 24 + 29) / 1000));
});

test('a page that ends among the objects of the last day is not the end', async () => {
  const many = Array.from({ length: 80 }, (_, day) => NOW - (day + 1) * DAY).flatMap((day) =>
    Array.from({ length: 30 }, (_, index) => [`${dayOf(day)}_${10 + index}.json`, day] as const),
  );
  const since = NOW - 70 * DAY;
  for (let days = 25; days < 45; days++) {
    const last = dayOf(since + days * DAY);
    const { keys } = await list({ since, until: since + days * DAY }, many);
    expect(keys.filter((key) => key.startsWith(last))).toHaveLength(30);
  }
});
