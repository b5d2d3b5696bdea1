import { arrivedIn } from '../../../checks/observe/live/delivery';
import { generateEvents } from '../../../logs';
import { bucketOf } from '../../logs/bucket';

const HOUR = 3_600_000;
const now = Date.now();
const target = { roleName: 'R', expectEvery: 24 * HOUR };

test('no log was found and not all was looked into: that is no empty bucket', async () => {
  const folders = Array.from({ length: 25 }, (_, index) => [`team-${index + 10}/`, now] as const);
  const unreadable = {
    state: 'unreadable',
    reason: {
      message: 'no log was found, but only 20 of 25 folders without a date were looked into',
    },
  };
  expect(await arrivedIn(bucketOf(folders), target)).toEqual({ newest: unreadable, sample: unreadable });
  expect(await arrivedIn(bucketOf(folders.slice(0, 3)), target)).toMatchObject({
    newest: { state: 'absent' },
  });
});

test('where the newest partitions are stale, a late log is looked for in those before', async () => {
  const body = Buffer.from(
    [...generateEvents({ count: 3, seed: 1, clientId: 'own', from: now - 40 * HOUR, to: now })]
      .map((event) => JSON.stringify(event))
      .join('\n'),
  );
  const old = now - 30 * HOUR;
  const hour = (instant: number) =>
    `${new Date(instant).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/')}/`;
  const bucket = bucketOf([
    [`${hour(old)}a`, old, body],
    [`${hour(old - HOUR)}b`, old, body],
    [`${hour(old - 5 * HOUR)}late`, now - HOUR, body],
  ]);
  expect(await arrivedIn(bucket, target)).toMatchObject({
    newest: { value: { key: `${hour(old - 5 * HOUR)}late`, isExact: true } },
    sample: { value: [{ key: `${hour(old - 5 * HOUR)}late` }, {}, {}] },
  });
});
