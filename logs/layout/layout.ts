/**
 * How the keys of a bucket are partitioned by date. The vendor says no more than “partitioned in S3 based on event time”,
 * so the layout is detected from real keys instead of assumed.
 */
import { type DateFields, type DatePart, type DateUnit, folderDate, nameDate } from './date-form';

/** The partition that a key lies in. */
export interface DatePartition {
  /** For example `altr/year={YYYY}/month={MM}/day={DD}/`; what follows the date is left out. */
  readonly template: string;
  /** Milliseconds since 1970, UTC; `to` is not part of it. */
  readonly from: number;
  readonly to: number;
  readonly unit: DateUnit;
}

export interface Layout {
  readonly template: string;
  readonly unit: DateUnit;
  /** Keys that have it. */
  readonly keys: number;
  /** Different partitions among them. */
  readonly partitions: number;
}

export interface Detection {
  /** The layouts, the most frequent first. */
  readonly layouts: readonly Layout[];
  /** Keys that were looked at. */
  readonly keys: number;
  /** Keys without a date that the others have: not partitioned, or not of the export. */
  readonly undated: { readonly count: number; readonly examples: readonly string[] };
  /**
   * `high` where nine of ten keys have the layouts and several partitions agree, `low` where less than half have, or a
   * single key is all there is; `none` without a date in any key.
   */
  readonly confidence: 'high' | 'medium' | 'low' | 'none';
}

/** The date partition of a key, or `undefined` where it has none. */
export function datePartitionOf(key: string): DatePartition | undefined {
  const folders = key.split('/');
  const name = folders.pop() ?? '';
  let found: DatePart | undefined;
  let fields: DateFields = {};
  const pattern: string[] = [];
  for (const folder of folders) {
    const part = folderDate(folder, fields);
    // The date is at an end; folders behind it split the partition by something else.
    if (!part && found) break;
    pattern.push(part?.pattern ?? folder);
    if (part) {
      found = part;
      fields = part.fields;
    }
  }
  if (found) return partition(`${pattern.join('/')}/`, found);
  const named = nameDate(name);
  return named && partition([...pattern, `${named.pattern}…`].join('/'), named);
}

/** Detects the layouts of keys. Keys that end in `/`, which consoles make to show folders, don't count. */
export function detectLayouts(keys: Iterable<string>): Detection {
  const layouts = new Map<string, { partitions: Map<number, DatePartition>; keys: number }>();
  const undated: string[] = [];
  let total = 0;
  let undatedCount = 0;
  for (const key of keys) {
    if (key.endsWith('/')) continue;
    total++;
    const its = datePartitionOf(key);
    if (!its) {
      undatedCount++;
      if (undated.length < 5) undated.push(key);
      continue;
    }
    const layout = layouts.get(its.template) ?? { partitions: new Map<number, DatePartition>(), keys: 0 };
    layout.keys++;
    layout.partitions.set(its.from, its);
    layouts.set(its.template, layout);
  }
  const list = [...layouts].map(([template, layout]) => ({
    template,
    unit: unitOf([...layout.partitions.values()]),
    keys: layout.keys,
    partitions: layout.partitions.size,
  }));
  const dated = total - undatedCount;
  return {
    layouts: list.sort((a, b) => b.keys - a.keys || (a.template < b.template ? -1 : 1)),
    keys: total,
    undated: { count: undatedCount, examples: undated },
    confidence: confidenceOf(dated, total, Math.max(0, ...list.map(({ partitions }) => partitions))),
  };
}

function confidenceOf(dated: number, total: number, partitions: number): Detection['confidence'] {
  if (dated === 0) return 'none';
  if (dated < total / 2 || dated === 1) return 'low';
  return dated >= total * 0.9 && partitions > 1 ? 'high' : 'medium';
}

/** Epochs may stand for whole hours or days: told by what all of them divide by. */
function unitOf(partitions: readonly DatePartition[]): DateUnit {
  const unit = partitions[0]?.unit ?? 'day';
  if ((unit !== 'second' && unit !== 'millisecond') || partitions.length < 2) return unit;
  const allDivideBy = (ms: number) => partitions.every(({ from }) => from % ms === 0);
  if (allDivideBy(86_400_000)) return 'day';
  return allDivideBy(3_600_000) ? 'hour' : unit;
}

function partition(template: string, { from, to, unit }: DatePart): DatePartition {
  return { template, from, to, unit };
}

/** Objects by the template of their layout; `''` stands for keys without a date. */
export function byLayout<T extends { readonly key: string }>(objects: Iterable<T>): Map<string, T[]> {
  const layouts = new Map<string, T[]>();
  for (const object of objects) {
    const template = datePartitionOf(object.key)?.template ?? '';
    const list = layouts.get(template);
    if (list) list.push(object);
    else layouts.set(template, [object]);
  }
  return layouts;
}

/** The first object of each layout, then the second of each, and so on. */
export function inTurn<T extends { readonly key: string }>(objects: Iterable<T>): T[] {
  const lists = [...byLayout(objects).values()];
  const longest = lists.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list[turn] ?? [])).flat();
}

/** The folder that the date of a layout begins in. */
export function rootOf(template: string): string {
  const fixed = template.slice(0, Math.max(0, template.indexOf('{')));
  return fixed.slice(0, fixed.lastIndexOf('/') + 1);
}
