/** `altr-export logs stats`: what arrived lately, counted. */

import { counted } from '../../checks/report/order';
import { writeStdout } from '../../checks/report/output';
import { json, line } from '../../checks/report/sanitise';
import { inWords } from '../../config/duration';
import { UserError } from '../../contract/user-error';
import {
  type Counted,
  type Detection,
  detectLayouts,
  EVENT_KINDS,
  EventStatistics,
  type Statistics,
} from '../../logs';
import { kindsInWords } from './print';
import { areFiles, EventSource, type Read, type SourceOptions, type Take } from './source';

export interface StatsOptions extends SourceOptions {
  /** Milliseconds; for a bucket alone. */
  readonly since?: number;
  /** Further fields to count. */
  readonly by: readonly string[];
  readonly top: number;
  readonly format: 'text' | 'json';
}

/** How far to look back in a bucket, milliseconds. */
const BY_DEFAULT = 24 * 3_600_000;

interface Seen extends Read {
  readonly layout: Detection;
  readonly statistics: Statistics;
}

/** @returns 0; 1 if a record is bad; 2 if an object could not be read, so that the counts are not whole */
export async function runStats(from: readonly string[], options: StatsOptions): Promise<0 | 1 | 2> {
  const isFiles = areFiles(from, options.config);
  if (isFiles && options.since !== undefined)
    throw new UserError(
      '--since is when objects arrived in a bucket; for files use logs search --since --count-by',
    );
  const since = options.since ?? BY_DEFAULT;
  const seen = await look(from, isFiles ? undefined : since, options);
  const head = isFiles ? { files: from } : { export: from[0], sinceMs: since };
  const text =
    options.format === 'json'
      ? json({ schemaVersion: 1, ...head, ...seen }, 2)
      : statsText(seen, isFiles ? undefined : since);
  await writeStdout(`${text}\n`);
  if (seen.unreadable > 0) return 2;
  return seen.faults > 0 ? 1 : 0;
}

async function look(
  from: readonly string[],
  since: number | undefined,
  options: StatsOptions,
): Promise<Seen> {
  const statistics = new EventStatistics(options.by);
  const source = new EventSource(options);
  const take: Take = ({ event }, { lastModified }) => {
    statistics.add(event, lastModified);
  };
  const read =
    since === undefined
      ? await source.readFiles(from, writeStdout, take)
      : await source.readBucket(from[0] ?? '', { arrivedSince: Date.now() - since }, writeStdout, take);
  return { ...read, layout: detectLayouts(source.keys), statistics: statistics.result(options.top) };
}

function statsText(seen: Seen, since: number | undefined): string {
  const { objects, bytes, faults, unreadable, listCalls, layout, statistics } = seen;
  const { events, kinds, delay, afterObject, users, tags, warnings, fields, isApproximate } = statistics;
  const [first] = layout.layouts;
  return [
    `${since === undefined ? counted(objects, 'file') : counted(objects, 'object')} (${bytes} bytes)` +
      `${since === undefined ? '' : ` in the last ${inWords(since)}`}, ${counted(events, 'event')}: ` +
      `${kindsInWords(kinds)}; ${counted(faults, 'fault')}` +
      `${listCalls === undefined ? '' : `; ${counted(listCalls, 'list call')}`}`,
    ...(unreadable > 0 ? [`${unreadable} of the objects could not be read: the counts are not whole`] : []),
    ...(first && since !== undefined
      ? [
          `partitions: ${line(first.template)} (confidence ${layout.confidence}); those that ended 38 hours before, or earlier, were not looked into`,
        ]
      : []),
    ...(layout.undated.count > 0 && since !== undefined
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
    ...Object.entries(fields ?? {}).flatMap(([field, { values, without }]) => [
      ...(values.length > 0
        ? top(`values of ${line(field)}`, values)
        : ['', `no event has a ${line(field)}`]),
      ...(values.length > 0 && without > 0 ? [`${String(without).padStart(9)} without a value`] : []),
    ]),
    ...top('fields that are not as documented (their events count)', warnings),
    ...(isApproximate
      ? ['more hours, users, tags or values than are counted one by one: the lists may miss some']
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
