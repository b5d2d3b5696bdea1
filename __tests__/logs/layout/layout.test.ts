import { datePartitionOf, detectLayouts } from '../../../logs';

const at = (iso: string) => Date.parse(`${iso}Z`);

describe('the partition of a key', () => {
  test.each<[key: string, template: string, from: string, to: string]>([
    [
      'year=2026/month=01/day=31/hour=09/x.json',
      'year={YYYY}/month={MM}/day={DD}/hour={HH}/',
      '2026-01-31T09:00',
      '2026-01-31T10:00',
    ],
    [
      'altr/audit/year=2026/month=1/day=5/x',
      'altr/audit/year={YYYY}/month={MM}/day={DD}/',
      '2026-01-05T00:00',
      '2026-01-06T00:00',
    ],
    ['YEAR=2026/MM=12/x', 'YEAR={YYYY}/MM={MM}/', '2026-12-01T00:00', '2027-01-01T00:00'],
    ['dt=2026-01-01/x', 'dt={YYYY-MM-DD}/', '2026-01-01T00:00', '2026-01-02T00:00'],
    ['day=2026-01-01/x', 'day={YYYY-MM-DD}/', '2026-01-01T00:00', '2026-01-02T00:00'],
    [
      'kind=query/event_date=2026-01-01/hour=23/x',
      'kind=query/event_date={YYYY-MM-DD}/hour={HH}/',
      '2026-01-01T23:00',
      '2026-01-02T00:00',
    ],
    ['2026/01/01/00/x', '{YYYY}/{MM}/{DD}/{HH}/', '2026-01-01T00:00', '2026-01-01T01:00'],
    ['AWSLogs/2026/02/28/query/x', 'AWSLogs/{YYYY}/{MM}/{DD}/', '2026-02-28T00:00', '2026-03-01T00:00'],
    ['2026-01-01/x', '{YYYY-MM-DD}/', '2026-01-01T00:00', '2026-01-02T00:00'],
    ['2026-01-01/07/x', '{YYYY-MM-DD}/{HH}/', '2026-01-01T07:00', '2026-01-01T08:00'],
    ['2026-01-01-07/x', '{YYYY-MM-DD-HH}/', '2026-01-01T07:00', '2026-01-01T08:00'],
    ['20260101/x', '{YYYYMMDD}/', '2026-01-01T00:00', '2026-01-02T00:00'],
    ['2026010107/x', '{YYYYMMDDHH}/', '2026-01-01T07:00', '2026-01-01T08:00'],
    ['2026-01/x', '{YYYY-MM}/', '2026-01-01T00:00', '2026-02-01T00:00'],
    ['1767225600/x', '{epoch s}/', '2026-01-01T00:00', '2026-01-01T00:00:01'],
    ['ts=1767225600000/x', 'ts={epoch ms}/', '2026-01-01T00:00', '2026-01-01T00:00:00.001'],
    ['logs/1767225600000-1c42465e.json', 'logs/{epoch ms}…', '2026-01-01T00:00', '2026-01-01T00:00:00.001'],
    ['2026-01-01T07-15-00Z-1c42465e.json', '{YYYY-MM-DDTHH}…', '2026-01-01T07:00', '2026-01-01T08:00'],
    ['2026-01-01.json.gz', '{YYYY-MM-DD}…', '2026-01-01T00:00', '2026-01-02T00:00'],
  ])('%s', (key, template, from, to) => {
    expect(datePartitionOf(key)).toMatchObject({ template, from: at(from), to: at(to) });
  });

  test.each([
    'x.json',
    '1c42465e-4bf2-4e83-90d6-f6fbcac03634.json',
    'README.md',
    'AWSLogs/123456789012/CloudTrail/x',
    'v2026x/01/01/x',
    '2026-02-30/x',
    '2026-13-01/x',
    'version=3/x',
    'month=01/x',
    '9876543210/x',
    '20261231abc/x',
  ])('%s has none', (key) => expect(datePartitionOf(key)).toBeUndefined());
});

describe('detection', () => {
  const days = (count: number) =>
    Array.from({ length: count }, (_, day) => `dt=2026-01-${String(day + 1).padStart(2, '0')}/x`);

  test('many keys, one layout', () => {
    expect(detectLayouts(days(20))).toEqual({
      layouts: [{ template: 'dt={YYYY-MM-DD}/', unit: 'day', keys: 20, partitions: 20 }],
      keys: 20,
      undated: { count: 0, examples: [] },
      confidence: 'high',
    });
  });

  test('a few foreign files are counted and named', () => {
    const detection = detectLayouts([...days(28), 'README.md', 'manifest.json', 'folder/']);
    expect(detection).toMatchObject({
      undated: { count: 2, examples: ['README.md', 'manifest.json'] },
      confidence: 'high',
    });
  });

  test.each<[string, string[], string]>([
    ['nothing', [], 'none'],
    ['no dates', ['a', 'b'], 'none'],
    ['one key', days(1), 'low'],
    ['one partition', ['2026/01/01/a', '2026/01/01/b'], 'medium'],
    ['mostly foreign', [...days(3), 'a', 'b', 'c', 'd'], 'low'],
    ['a fifth is foreign', [...days(8), 'a', 'b'], 'medium'],
  ])('confidence: %s', (_why, keys, confidence) => expect(detectLayouts(keys).confidence).toBe(confidence));

  test('layouts side by side, as of tenants or kinds', () => {
    const keys = [...days(3).map((key) => `query/${key}`), ...days(2).map((key) => `system/${key}`)];
    expect(detectLayouts(keys).layouts.map(({ template, keys: count }) => [template, count])).toEqual([
      ['query/dt={YYYY-MM-DD}/', 3],
      ['system/dt={YYYY-MM-DD}/', 2],
    ]);
  });

  test('epochs that are whole days or hours', () => {
    expect(detectLayouts(['1767225600/x', '1767312000/x']).layouts[0]?.unit).toBe('day');
    expect(detectLayouts(['1767225600000/x', '1767229200000/x']).layouts[0]?.unit).toBe('hour');
    expect(detectLayouts(['1767225600000/x', '1767225601000/x']).layouts[0]?.unit).toBe('millisecond');
  });
});
