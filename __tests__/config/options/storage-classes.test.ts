/** Transitions between storage classes: every ordered pair, against what AWS's page says, written down here a second time. */
import type { ExportOptions } from '../../../config/options';
import { retentionFaults, retentionNotes } from '../../../config/options/retention';
import {
  TRANSITION_CLASSES,
  type TransitionClass,
  transitionsFrom,
} from '../../../config/options/storage-classes';

/** Days that must lie between two transitions of one rule; a dot where S3 has no such way. */
const GRID = `
                     STANDARD_IA  INTELLIGENT_TIERING  ONEZONE_IA  GLACIER_IR  GLACIER  DEEP_ARCHIVE
STANDARD_IA                    .                   30          30          30       30            30
INTELLIGENT_TIERING            .                    .           1           1        1             1
ONEZONE_IA                     .                    .           .           .       30            30
GLACIER_IR                     .                    .           .           .       90            90
GLACIER                        .                    .           .           .        .            90
DEEP_ARCHIVE                   .                    .           .           .        .             .
`;
/** The earliest day of the first transition; the config takes no day 0. */
const EARLIEST: Readonly<Record<TransitionClass, number>> = {
  STANDARD_IA: 30,
  INTELLIGENT_TIERING: 1,
  ONEZONE_IA: 30,
  GLACIER_IR: 1,
  GLACIER: 1,
  DEEP_ARCHIVE: 1,
};

const [header = '', ...rows] = GRID.trim().split('\n');
const columns = header.trim().split(/\s+/) as TransitionClass[];
const PAIRS = rows.flatMap((row) => {
  const [from = '', ...cells] = row.trim().split(/\s+/);
  return cells.map((cell, index) => ({
    from: from as TransitionClass,
    to: columns[index] as TransitionClass,
    apart: cell === '.' ? undefined : Number(cell),
  }));
});

const faults = (retention: NonNullable<ExportOptions['retention']>) =>
  retentionFaults({ retention }).map(({ message }) => message);
const step = (afterDays: number, storageClass: TransitionClass) => ({ afterDays, storageClass });

test('the grid has every ordered pair of S3’s classes', () => {
  expect(columns).toEqual([...TRANSITION_CLASSES]);
  expect(PAIRS).toHaveLength(TRANSITION_CLASSES.length ** 2);
});

test.each(PAIRS.filter(({ apart }) => apart === undefined))('$from to $to is refused', ({ from, to }) => {
  expect(faults({ transitions: [step(30, from), step(300, to)] })).toEqual([
    expect.stringContaining(`${to} can’t follow ${from}: from there S3 moves objects`),
  ]);
});

test.each(PAIRS.filter(({ apart }) => apart !== undefined))(
  '$from to $to after $apart days, and not before',
  ({ from, to, apart = 0 }) => {
    expect(faults({ transitions: [step(30, from), step(30 + apart, to)] })).toEqual([]);
    expect(faults({ transitions: [step(30, from), step(29 + apart, to)] })).toContainEqual(
      `${29 + apart} is too early after the transition to ${from} at 30: S3 wants ${apart} more ${apart === 1 ? 'day' : 'days'} at least`,
    );
  },
);

test.each(Object.entries(EARLIEST) as [TransitionClass, number][])(
  'from STANDARD to %s after %i days',
  (to, days) => {
    expect(faults({ transitions: [step(days, to)] })).toEqual([]);
    if (days > 1)
      expect(faults({ transitions: [step(days - 1, to)] })).toEqual([
        `${days - 1} is too early for ${to}: S3 wants ${days} days at least`,
      ]);
  },
);

describe('what only costs money is noted', () => {
  const copy = { bucket: 'copy', region: 'eu-west-1', existingBucket: false, replicateDeletes: false };
  const cases: readonly (readonly [why: string, options: ExportOptions, notes: readonly string[]])[] = [
    ['nothing is moved', { retention: { expireAfterDays: 3 } }, []],
    [
      'deleted as soon as the least duration ends',
      { retention: { transitions: [step(10, 'GLACIER_IR')], expireAfterDays: 100 } },
      [],
    ],
    [
      'deleted a day sooner',
      { retention: { transitions: [step(10, 'GLACIER_IR')], expireAfterDays: 99 } },
      ['Logs leave GLACIER_IR after 89 days, and S3 charges for 90 days there at least.'],
    ],
    [
      'deleted from DEEP_ARCHIVE',
      { retention: { transitions: [step(1, 'DEEP_ARCHIVE')], expireAfterDays: 31 } },
      ['Logs leave DEEP_ARCHIVE after 30 days, and S3 charges for 180 days there at least.'],
    ],
    [
      'kept as former versions',
      { retention: { versioning: true, transitions: [step(1, 'GLACIER')], expireAfterDays: 2 } },
      [],
    ],
    [
      'kept as former versions for a while',
      {
        retention: {
          versioning: true,
          transitions: [step(1, 'GLACIER')],
          expireAfterDays: 2,
          noncurrentExpireAfterDays: 9,
        },
      },
      ['Logs leave GLACIER after 10 days, and S3 charges for 90 days there at least.'],
    ],
    [
      'copies written in a class of their own',
      {
        retention: { transitions: [step(20, 'GLACIER')] },
        replication: { ...copy, storageClass: 'STANDARD_IA' },
      },
      ['Copies leave STANDARD_IA after 20 days, and S3 charges for 30 days there at least.'],
    ],
    [
      'copies in a bucket of somebody else',
      {
        retention: { transitions: [step(20, 'GLACIER')] },
        replication: { ...copy, existingBucket: true, storageClass: 'STANDARD_IA' },
      },
      [],
    ],
  ];

  test.each(cases)('%s', (_why, options, expected) => {
    const small = 'retention.transitions moves no log smaller than 128 KB';
    const [first, ...rest] = retentionNotes(options);
    if (options.retention?.transitions) {
      expect(first).toContain(small);
      expect(rest).toEqual(expected);
    } else expect([first, ...rest].filter(Boolean)).toEqual(expected);
  });
});

test('of transitions for the originals, those are left that copies in another class can take', () => {
  const transitions = [step(30, 'STANDARD_IA'), step(60, 'GLACIER_IR'), step(150, 'DEEP_ARCHIVE')];
  const left = (written: Parameters<typeof transitionsFrom>[0]) =>
    transitionsFrom(written, transitions).map(({ afterDays }) => afterDays);
  expect(left('STANDARD')).toEqual([30, 60, 150]);
  expect(left('STANDARD_IA')).toEqual([60, 150]);
  expect(left('ONEZONE_IA')).toEqual([150]);
  expect(left('DEEP_ARCHIVE')).toEqual([]);
});
