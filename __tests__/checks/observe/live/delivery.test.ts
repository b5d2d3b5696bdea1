import { gzipSync } from 'node:zlib';
import { arrivedIn } from '../../../../checks/observe/live/delivery';
import type { DeliveryObservation, Observed } from '../../../../checks/observe/observation';
import { observationOf } from '../../../../checks/pages/set-up';
import { RULES } from '../../../../checks/rules';
import { judge } from '../../../../checks/verdict/judge';
import { type DeliveryConfig, deliveryExpectation } from '../../../../config/options/delivery';
import { generateEvents, StoreError } from '../../../../logs';
import { bucketOf } from '../../../logs/bucket';
import { EXAMPLE } from '../../rules/support';

const HOUR = 3_600_000;
const now = Date.now();
const target = { roleName: 'R', expectEvery: 24 * HOUR };

test('no log was found and not all was looked into: that is no empty bucket', async () => {
  const folders = Array.from({ length: 25 }, (_, index) => [`team-${index + 10}/`, now] as const);
  const unreadable = {
    state: 'unreadable',
    reason: {
      message:
        'no log was found among the 0 objects that were seen, but only 20 of 25 folders without a date were looked into; name what the logs’ keys begin with in delivery.prefix',
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

type Put = readonly [key: string, lastModified: number, body?: Buffer];
type Kind = 'query' | 'system' | 'custom';

const MINUTE = 60_000;

const events = (at: number, kinds: Kind[] = ['query', 'system'], clientId = EXAMPLE.clientId) =>
  Buffer.from(
    kinds
      // Each kind by itself, so that none is missing by chance.
      .flatMap((kind) => [
        ...generateEvents({ count: 6, seed: at, clientId, from: at - MINUTE, to: at, kinds: [kind] }),
      ])
      .map((event) => JSON.stringify(event))
      .join('\n'),
  );

const day = (at: number) => new Date(at).toISOString().slice(0, 10).replaceAll('-', '/');

/** The events of a log; one body per day and kinds. */
const bodies = new Map<string, Buffer>();

function packed(at: number, kinds?: Kind[]): Buffer {
  const name = `${day(at)} ${kinds}`;
  const body = bodies.get(name) ?? gzipSync(events(at, kinds));
  bodies.set(name, body);
  return body;
}

/** A log of ALTR's in a folder a day. */
const log = (at: number, name: string, prefix = '', kinds?: Kind[]): Put => [
  `${prefix}${day(at)}/${name}.json.gz`,
  at,
  packed(at, kinds),
];

/** Logs every hour for three days, until an instant. */
const logs = (until: number, prefix = '', kinds?: Kind[]): Put[] =>
  Array.from({ length: 72 }, (_, index) => log(until - index * HOUR, `log-${index}`, prefix, kinds));

const PARQUET = Buffer.from('PAR1\u0015\u0004 binary PAR1');
const CLOUDTRAIL = gzipSync(Buffer.from(JSON.stringify({ Records: [{ eventVersion: '1.09' }] })));

const backups = (count: number, prefix = 'backups/'): Put[] =>
  Array.from({ length: count }, (_, index) => [
    `${prefix}part-${String(index).padStart(5, '0')}.parquet`,
    now,
    PARQUET,
  ]);

const cloudTrail = (regions: number, root = ''): Put[] =>
  Array.from({ length: regions * 6 }, (_, index) => {
    const at = now - Math.floor(index / regions) * 20 * HOUR;
    const region = `region-${index % regions}`;
    return [`${root}AWSLogs/111122223333/CloudTrail/${region}/${day(at)}/${index}.json.gz`, at, CLOUDTRAIL];
  });

/** What the rule says of a bucket, with the list calls that it took. */
async function verdict(
  objects: readonly Put[],
  config: DeliveryConfig = {},
  bucket: ReturnType<typeof bucketOf> = bucketOf(objects),
) {
  const expected = deliveryExpectation(config);
  const arrived = await arrivedIn(bucket, {
    ...target,
    expectEvery: expected.expectEvery,
    kinds: expected.every,
    clientId: EXAMPLE.clientId,
    prefix: config.prefix,
  });
  const roleLastUsed: Observed<string> = { state: 'absent' };
  const delivery: DeliveryObservation = { ...arrived, roleLastUsed };
  const seen = observationOf({}, EXAMPLE);
  const [report] = judge(
    {
      ...seen,
      observedAt: new Date(now).toISOString(),
      exports: seen.exports.map((entry) => ({ ...entry, delivery })),
    },
    {
      contracts: [EXAMPLE],
      declaredRoles: [EXAMPLE],
      rules: RULES.filter(({ metadata }) => metadata.id === 'delivery-alive'),
      deliveries: new Map([[EXAMPLE.name, expected]]),
    },
  );
  return {
    status: report?.status,
    facts: (report?.findings ?? []).map(
      ({ status, fingerprint }) => `${status} ${fingerprint.split('::')[1]}`,
    ),
    text: (report?.findings ?? [])
      .map(({ message, remediation }) => `${message} ${remediation?.summary ?? ''}`)
      .join('\n'),
    calls: bucket.requests.length,
  };
}

const FRESH = logs(now - 2 * MINUTE);
const STALE = logs(now - 72 * HOUR);
const FINE = ['pass alive', 'pass kinds'];

describe('logs beside other things are found, fresh and stale', () => {
  test.each<[string, Put[], number]>([
    ['alone', [], 10],
    ['1,200 newer objects without a date', backups(1200), 12],
    ['newer objects without a date at the root', backups(900, ''), 12],
    [
      'many folders of objects without a date',
      Array.from({ length: 14 }, (_, i) => backups(5, `a-${i}/x/`)).flat(),
      45,
    ],
    ['CloudTrail of one region', cloudTrail(1), 25],
    ['CloudTrail of one region under a prefix', cloudTrail(1, 'trail/'), 25],
    ['CloudTrail of seventeen regions', cloudTrail(17), 45],
    [
      'dated backups',
      Array.from(
        { length: 40 },
        (_, i): Put => [`dumps/${day(now - i * HOUR)}/${i}.parquet`, now - i, PARQUET],
      ),
      25,
    ],
    ['CloudTrail, and objects without a date', [...cloudTrail(3), ...backups(300)], 30],
    ['a file at the root', [['README.md', now, Buffer.from('# Read me')]], 10],
  ])('%s', async (_why, others, calls) => {
    const fresh = await verdict([...FRESH, ...others]);
    expect(fresh.facts.filter((fact) => !fact.startsWith('advice'))).toEqual(FINE);
    expect(fresh.calls).toBeLessThanOrEqual(calls);
    const stale = await verdict([...STALE, ...others]);
    expect(stale.facts.filter((fact) => !fact.startsWith('advice'))).toEqual(['fail stale', 'pass kinds']);
    expect(stale.text).not.toContain('No log has ever arrived');
  });

  test.each<[string, Put[]]>([
    ['undated', backups(1200)],
    ['of CloudTrail', cloudTrail(2)],
    ['dated', [[`dumps/${day(now)}/1.parquet`, now, PARQUET]]],
  ])('only foreign objects, %s: undecided, with what was seen and what to do', async (_why, others) => {
    const { status, facts, text } = await verdict(others);
    expect(status).toBe('unknown');
    expect(facts).toContain('unknown not-understood');
    expect(facts.filter((fact) => fact.startsWith('pass'))).toEqual([]);
    expect(text).toMatch(
      /None of the \d+ objects that were opened, of \d+ that were seen, holds an audit event/,
    );
    expect(text).toContain('delivery.prefix');
  });

  test('more folders than can be looked into: undecided, with the prefix as the way out', async () => {
    const folders = Array.from({ length: 60 }, (_, i) => backups(2, `a-${i}/`)).flat();
    const { facts, text } = await verdict([...STALE, ...folders]);
    expect(facts).toContain('unknown not-all-listed');
    expect(text).toContain('delivery.prefix');
    expect((await verdict([...FRESH, ...folders])).facts.slice(0, 2)).toEqual(FINE);
  });

  test('a damaged log in a layout of its own is not taken for a foreign object', async () => {
    const damaged: Put = [`system/${day(now)}/x.json`, now, events(now).subarray(0, 500)];
    const { status, facts } = await verdict([...logs(now, 'query/'), damaged]);
    expect([status, facts.includes('unknown not-understood')]).toEqual(['unknown', true]);
  });
});

describe('logs without a date, and foreign objects among the logs', () => {
  const undated = (until: number) =>
    Array.from({ length: 20 }, (_, i): Put => [`altr/log-${i}.json.gz`, until - i * HOUR, packed(until)]);
  const csv = Buffer.from('a,b,c\n1,2,3\n');
  const dumps = (until: number) =>
    Array.from({ length: 40 }, (_, i): Put => {
      const at = until - i * HOUR;
      return [`dumps/${day(at)}/${i}.parquet`, at, PARQUET];
    });
  const notes = (prefix = '', count = 3) =>
    Array.from({ length: count }, (_, i): Put => [`${prefix}${day(now)}/note-${i}.txt`, now - i, csv]);

  test.each<[string, Put[], string[]]>([
    ['undated logs beside dated dumps', [...undated(now), ...dumps(now - 96 * HOUR)], FINE],
    ['undated logs beside a dated note', [...undated(now), ['2024-01-01-note.txt', now, csv]], FINE],
    [
      'undated logs that stopped, beside fresh dumps',
      [...undated(now - 96 * HOUR), ...dumps(now)],
      ['fail stale', 'pass kinds'],
    ],
    [
      'three newer notes among the logs, and an old tree',
      [...FRESH, ...notes(), ...logs(now - 72 * HOUR, 'old/')],
      ['pass alive', 'unknown not-understood', 'pass kinds'],
    ],
  ])('%s', async (_why, objects, facts) => {
    const found = await verdict(objects);
    expect(found.facts.filter((fact) => !fact.startsWith('advice'))).toEqual(facts);
  });

  test.each<[string, Put[], string[]]>([
    [
      'three newer notes in the only layout',
      [...FRESH, ...notes()],
      ['pass alive', 'unknown not-understood', 'pass kinds'],
    ],
    ['twelve, so that no log is opened', [...FRESH, ...notes('', 12)], ['unknown not-understood']],
    ['twelve newer notes beside logs that stopped', [...STALE, ...notes('', 12)], ['unknown not-understood']],
    ['a dated tree that is not ALTR’s, alone', notes('', 5), ['unknown not-understood']],
  ])('others alone write into the newest folder: %s', async (_why, objects, facts) => {
    const found = await verdict(objects);
    expect(found.facts.filter((fact) => !fact.startsWith('advice'))).toEqual(facts);
    expect(found.status).toBe('unknown');
    expect(found.calls).toBeLessThanOrEqual(25);
  });

  test.each<[string, Put[]]>([
    ['a plain delivery', FRESH],
    ['notes alone', notes('', 5)],
    ['logs beside CloudTrail', [...FRESH, ...cloudTrail(1)]],
  ])('objects that may not be opened prove nothing of what is in them: %s', async (_why, objects) => {
    const refused = {
      ...bucketOf(objects),
      get: async () => {
        throw new StoreError('AWS denied s3:GetObject', { code: 'AccessDenied' });
      },
    };
    const { status, facts, text } = await verdict(objects, {}, refused);
    expect(status).toBe('unknown');
    expect(facts.filter((fact) => fact.startsWith('fail') || fact === 'pass kinds')).toEqual([]);
    expect(text).toContain('AWS denied s3:GetObject');
  });

  test('three newer notes in the folder of one kind', async () => {
    const kinds = [...logs(now, 'query/', ['query']), ...logs(now, 'system/', ['system'])];
    const { facts } = await verdict([...kinds, ...notes('system/')], {
      expectEvery: '2h',
      kinds: ['query', 'system'],
    });
    expect(facts.filter((fact) => fact.startsWith('fail'))).toEqual([]);
  });

  test('a stale tree beside many notes that were not all opened: undecided, not stale', async () => {
    const { facts } = await verdict([...notes('x/', 40), ...STALE]);
    expect(facts).toContain('unknown not-all-listed');
    expect(facts.filter((fact) => fact.startsWith('fail'))).toEqual([]);
  });

  test('only foreign objects, and old: no word of a newest log', async () => {
    const { facts, text } = await verdict(dumps(now - 96 * HOUR));
    expect(facts).toContain('unknown not-understood');
    expect(facts.filter((fact) => fact.startsWith('fail'))).toEqual([]);
    expect(text).not.toMatch(/newest log .*arrived/);
  });
});

describe('declared kinds', () => {
  const queries = logs(now, 'query/', ['query']);
  const systems = (until: number) => logs(until, 'system/', ['system']);
  const busy = Array.from({ length: 300 }, (_, i) => log(now - i * 10_000, `busy-${i}`, '', ['query']));

  test.each<[string, Put[], DeliveryConfig['kinds'], string, string[]]>([
    ['both arrive, each in a folder', [...queries, ...systems(now)], ['query', 'system'], '2h', FINE],
    [
      'one stopped three days ago, in a folder of its own',
      [...queries, ...systems(now - 72 * HOUR)],
      ['query', 'system'],
      '2h',
      ['pass alive', 'fail late-system'],
    ],
    [
      'one stopped in its own folder, but unopened objects elsewhere may hold it',
      [...busy, ...systems(now - 72 * HOUR)],
      ['query', 'system'],
      '2h',
      ['pass alive', 'unknown undecided-system'],
    ],
    [
      'one stopped three hours ago, and may be away for a day',
      [...queries, ...systems(now - 3 * HOUR)],
      { query: '2h', system: '24h' },
      '2h',
      FINE,
    ],
    [
      'one stopped two days ago, and may be away for a day',
      [...queries, ...systems(now - 48 * HOUR)],
      { query: '2h', system: '24h' },
      '2h',
      ['pass alive', 'fail late-system'],
    ],
    ['a kind that nobody declared stopped', [...queries, ...systems(now - 72 * HOUR)], ['query'], '2h', FINE],
    ['nothing is declared', [...queries, ...systems(now - 72 * HOUR)], undefined, '2h', FINE],
    [
      'a declared kind never came, and all was read',
      logs(now, '', ['query']),
      ['query', 'custom'],
      '24h',
      ['pass alive', 'fail late-custom'],
    ],
    [
      'a rare kind is found further back',
      [...busy.slice(0, 40), log(now - 20 * HOUR, 'rare', '', ['system'])],
      { query: '1h', system: '24h' },
      '1h',
      FINE,
    ],
    [
      'a rare kind that can’t be looked for in all objects',
      busy,
      { query: '1h', system: '24h' },
      '1h',
      ['pass alive', 'unknown undecided-system'],
    ],
    ['a mixed layout, both kinds', FRESH, ['query', 'system'], '2h', FINE],
  ])('%s', async (_why, objects, kinds, expectEvery, facts) => {
    expect((await verdict(objects, { kinds, expectEvery })).facts).toEqual(facts);
  });

  test('another tenant’s events of the kind are no arrival', async () => {
    const foreign: Put = [`${day(now)}/foreign.json`, now, events(now, ['custom'], 'somebody-else')];
    const { facts } = await verdict([...logs(now, '', ['query']), foreign], { kinds: ['query', 'custom'] });
    expect(facts).toContain('fail late-custom');
  });

  test('looking back stays within a bounded number of calls', async () => {
    const body = gzipSync(events(now, ['query']));
    const hours = Array.from({ length: 3000 }, (_, i): Put => {
      const at = now - i * HOUR;
      return [`${day(at)}/${new Date(at).toISOString().slice(11, 13)}/x.json.gz`, at, body];
    });
    const { facts, calls } = await verdict(hours, { kinds: { query: '24h', system: '60d' } });
    expect(facts).toEqual(['pass alive', 'unknown undecided-system']);
    expect(calls).toBeLessThan(80);
  });
});
