import { findNewest, generateEvents, type ObjectStore, StoreError, sampleObjects } from '../../logs';
import { bucketOf } from './bucket';

const NOW = Date.UTC(2026, 0, 31, 12);
const HOUR = 3_600_000;

const lines = (clientId: string, from: number, kinds?: ['query' | 'system' | 'custom']) =>
  Buffer.from(
    [...generateEvents({ count: 20, seed: 1, clientId, from, to: from + HOUR, ...(kinds ? { kinds } : {}) })]
      .map((event) => JSON.stringify(event))
      .join('\n'),
  );

async function sampleOf(...objects: Parameters<typeof bucketOf>[0] extends Iterable<infer T> ? T[] : never) {
  const bucket = bucketOf(objects);
  return sampleObjects(bucket, await findNewest(bucket, { now: NOW }), { now: NOW });
}

test('whose events, of which kind, how stored', async () => {
  const [sampled] = await sampleOf(['dt=2026-01-31/x', NOW, lines('own', NOW - 2 * HOUR, ['custom'])]);
  expect(sampled).toEqual({
    key: 'dt=2026-01-31/x',
    lastModified: NOW,
    owner: 'c0ffee',
    encryption: 'AES256',
    kinds: { query: 0, system: 0, custom: 20, other: 0 },
    clients: [{ clientId: 'own', events: 20 }],
    bad: { count: 0, examples: [] },
    outside: 0,
    future: 0,
    isWhole: true,
  });
});

test('what is bad, of another time, of the future', async () => {
  const body = Buffer.concat([Buffer.from('nonsense\n'), lines('own', NOW + 48 * HOUR)]);
  const [sampled] = await sampleOf(['dt=2026-01-31/x', NOW, body]);
  expect(sampled).toMatchObject({
    bad: { count: 1, examples: [{ offset: 0, message: 'this is no JSON object' }] },
    outside: 20,
    future: 20,
  });
});

test('a partition named by another time zone is not of another time', async () => {
  const [sampled] = await sampleOf(['dt=2026-01-31/x', NOW, lines('own', Date.UTC(2026, 0, 30, 11))]);
  expect(sampled?.outside).toBe(0);
});

test('objects are opened in turn of their layouts, foreign files not at all', async () => {
  const many = Array.from(
    { length: 15 },
    (_, index) => [`query/dt=2026-01-31/${index}`, NOW - index, lines('own', NOW - HOUR)] as const,
  );
  const sampled = await sampleOf(
    ...many,
    ['system/dt=2026-01-31/y', NOW - HOUR, lines('own', NOW - HOUR)],
    ['README.md', NOW, Buffer.from('x')],
  );
  expect(sampled).toHaveLength(10);
  expect(sampled.map(({ key }) => key)).toContain('system/dt=2026-01-31/y');
  expect(sampled[0]?.key).toBe('query/dt=2026-01-31/0');
});

test('of a huge object only the beginning is read', async () => {
  const bucket = bucketOf([['dt=2026-01-31/x', NOW]]);
  const block = lines('own', NOW - HOUR);
  let sent = 0;
  const endless = {
    ...bucket,
    get: async () => ({
      body: (async function* () {
        for (;;) {
          sent += block.length;
          yield block;
          yield Buffer.from('\n');
        }
      })(),
    }),
  };
  const [sampled] = await sampleObjects(endless, await findNewest(endless, { now: NOW }), {
    now: NOW,
    bytes: 100_000,
  });
  expect(sampled?.isWhole).toBe(false);
  expect(sent).toBeLessThan(300_000);
});

test('an object that can’t be opened, or breaks off, is said beside what was read of it and of the others', async () => {
  const bucket = bucketOf([
    ['dt=2026-01-31/broken', NOW, lines('other', NOW - HOUR)],
    ['dt=2026-01-31/denied', NOW - 1],
    ['dt=2026-01-31/fine', NOW - 2, lines('own', NOW - HOUR)],
  ]);
  const store: ObjectStore = {
    ...bucket,
    async get(key) {
      if (key.endsWith('denied')) throw new StoreError('AWS denied it', { permission: 's3:GetObject' });
      const { body, ...rest } = await bucket.get(key);
      if (!key.endsWith('broken')) return { body, ...rest };
      return {
        ...rest,
        body: (async function* () {
          yield* body;
          throw new StoreError('the connection broke');
        })(),
      };
    },
  };
  const sampled = await sampleObjects(store, await findNewest(store, { now: NOW }), { now: NOW });
  expect(sampled.map(({ clients, isWhole, unreadable }) => ({ clients, isWhole, unreadable }))).toEqual([
    {
      clients: [{ clientId: 'other', events: expect.any(Number) }],
      isWhole: false,
      unreadable: { message: 'the connection broke' },
    },
    { clients: [], isWhole: false, unreadable: { message: 'AWS denied it', permission: 's3:GetObject' } },
    { clients: [{ clientId: 'own', events: 20 }], isWhole: true, unreadable: undefined },
  ]);
});

test('of an endless record only the beginning is read, and it proves nothing', async () => {
  const bucket = bucketOf([['dt=2026-01-31/x', NOW]]);
  let sent = 0;
  const endless: ObjectStore = {
    ...bucket,
    get: async () => ({
      body: (async function* () {
        yield Buffer.from('{"a":"');
        for (; sent < 50_000_000; sent += 10_000) yield Buffer.alloc(10_000, 'x');
      })(),
    }),
  };
  const newest = await findNewest(endless, { now: NOW });
  const [sampled] = await sampleObjects(endless, newest, { now: NOW, bytes: 100_000 });
  expect(sent).toBeLessThan(200_000);
  expect(sampled).toMatchObject({
    isWhole: false,
    bad: { count: 1, examples: [{ message: expect.stringMatching(/^only the first \d+ bytes were read$/) }] },
  });
});
