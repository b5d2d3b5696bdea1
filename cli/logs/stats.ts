/** `altr-export logs stats`: what arrived lately, counted. */

import { counted } from '../../checks/report/order';
import { writeStdout } from '../../checks/report/output';
import { line } from '../../checks/report/sanitise';
import { inWords } from '../../config/duration';
import {
  type Counted,
  type Detection,
  detectLayouts,
  EVENT_KINDS,
  EventStatistics,
  objectsSince,
  readEvents,
  type Statistics,
  StoreError,
} from '../../logs';
import { type BucketOptions, openBucket, storeFailure } from './bucket';
import { forEachConcurrently } from './concurrently';
import { faultLine, kindsInWords } from './print';
import { UnreadableObjects } from './unreadable-objects';

export interface StatsOptions extends BucketOptions {
  /** Milliseconds. */
  readonly since: number;
  readonly format: 'text' | 'json';
  readonly maxRecord: number;
}

/** Faults that are shown on stderr; all are counted. */
const SHOWN = 20;

/** Objects that are fetched at once: the distance to the bucket, not its bandwidth, is what takes time. */
const AT_ONCE = 16;

interface Seen {
  readonly objects: number;
  readonly bytes: number;
  readonly faults: number;
  /** Objects that could not be read, or not to their end. */
  readonly unreadable: number;
  readonly layout: Detection;
  readonly statistics: Statistics;
}

/** @returns 0; 1 if a record is bad; 2 if an object could not be read, so that the counts are not whole */
export async function runStats(name: string, options: StatsOptions): Promise<0 | 1 | 2> {
  const seen = await look(name, options).catch((error: unknown) => {
    throw error instanceof StoreError ? storeFailure(error) : error;
  });
  const text =
    options.format === 'json'
      ? JSON.stringify({ schemaVersion: 1, export: name, sinceMs: options.since, ...seen }, null, 2)
      : textOf(seen, options.since);
  await writeStdout(`${text}\n`);
  if (seen.unreadable > 0) return 2;
  return seen.faults > 0 ? 1 : 0;
}

async function look(name: string, { config, prefix, since, maxRecord }: StatsOptions): Promise<Seen> {
  const { store } = await openBucket(name, config);
  const now = Date.now();
  const statistics = new EventStatistics();
  const keys: string[] = [];
  const unreadable = new UnreadableObjects();
  let [objects, bytes, faults] = [0, 0, 0];
  const found = objectsSince(store, { now, since: now - since, prefix });
  await forEachConcurrently(found, AT_ONCE, async (object) => {
    objects++;
    bytes += object.size;
    if (keys.length < 1000) keys.push(object.key);
    try {
      const { body } = await store.get(object.key);
      for await (const record of readEvents(body, { key: object.key, maxRecord })) {
        if (record.event) statistics.add(record.event, object.lastModified);
        else if (++faults <= SHOWN) process.stderr.write(`${faultLine(record)}\n`);
      }
      unreadable.read();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      unreadable.add(object.key, error);
    }
  });
  unreadable.settle();
  return {
    objects,
    bytes,
    faults,
    unreadable: unreadable.count,
    layout: detectLayouts(keys),
    statistics: statistics.result(),
  };
}

function textOf({ objects, bytes, faults, unreadable, layout, statistics }: Seen, since: number): string {
  const { events, kinds, delay, afterObject, users, tags, warnings, isApproximate } = statistics;
  const [first] = layout.layouts;
  return [
    `${objects} objects (${bytes} bytes) in the last ${inWords(since)}, ${events} events: ` +
      `${kindsInWords(kinds)}; ${faults} faults`,
    ...(unreadable > 0 ? [`${unreadable} of the objects could not be read: the counts are not whole`] : []),
    ...(first
      ? [
          `partitions: ${line(first.template)} (confidence ${layout.confidence}); those that ended 38 hours before, or earlier, were not looked into`,
        ]
      : []),
    ...(layout.undated.count > 0
      ? [
          `objects without a date in their key: ${layout.undated.count}, such as ${line(layout.undated.examples[0] ?? '')}`,
        ]
      : []),
    '',
    ...chart(statistics),
    ...(delay
      ? [
          '',
          `from event to object: median ${inWords(delay.median)}, 95 % within ${inWords(delay.p95)}, longest ${inWords(delay.longest)}`,
        ]
      : []),
    ...(afterObject > 0
      ? [`${afterObject} events are dated after their object was written: a clock is wrong`]
      : []),
    ...top('users', users),
    ...top('tags', tags),
    ...top('fields that are not as documented (their events count)', warnings),
    ...(isApproximate
      ? ['more hours, users or tags than are counted one by one: the lists may miss some']
      : []),
  ].join('\n');
}

const WIDTH = 40;
const MARKS = { query: '█', system: '▓', custom: '░', other: '▒' } as const;

/** A bar an hour; hours without events are shown, too, since they are what one looks for. */
function chart({ hours }: Statistics): string[] {
  if (hours.length === 0) return ['no events'];
  const totals = hours.map(({ kinds }) => EVENT_KINDS.reduce((sum, kind) => sum + kinds[kind], 0));
  const most = totals.reduce((highest, total) => Math.max(highest, total), 0);
  const lines = hours.flatMap(({ hour, kinds }, index) => {
    const bar = EVENT_KINDS.map((kind) => MARKS[kind].repeat(Math.ceil((kinds[kind] / most) * WIDTH))).join(
      '',
    );
    const before = hours[index - 1]?.hour ?? hour;
    const missing = Math.round((hour - before) / 3_600_000) - 1;
    const gap = missing > 0 ? [`${' '.repeat(18)} (${counted(missing, 'hour')} without events)`] : [];
    return [
      ...gap,
      `${new Date(hour).toISOString().slice(0, 13)}:00Z ${String(totals[index]).padStart(7)} ${bar}`,
    ];
  });
  return [EVENT_KINDS.map((kind) => `${MARKS[kind]} ${kind}`).join('  '), ...lines];
}

function top(what: string, counted: readonly Counted[]): string[] {
  if (counted.length === 0) return [];
  return [
    '',
    `most frequent ${what}:`,
    ...counted.map(({ name, events }) => `${String(events).padStart(9)} ${line(name)}`),
  ];
}
