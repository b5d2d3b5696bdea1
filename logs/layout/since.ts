/** Lists the objects of a time range, from no more partitions than can hold them. */
import type { ListedObject, ObjectStore } from '../store';
import type { DateFields } from './date-form';
import { CLOCK_SLACK, CountedStore, dateOf, type Level, listLevel } from './walk';

export interface SinceOptions {
  /** Milliseconds since 1970: objects last modified before are left out. */
  readonly since: number;
  readonly now: number;
  readonly prefix?: string;
  /** Whether to pass over folders above any date that are no date themselves. */
  readonly isDatedOnly?: boolean;
  /**
   * Folders to list at once, at each depth of them.
   * @default 1
   */
  readonly atOnce?: number;
}

/** Which partitions and objects to list. */
interface Range extends Pick<SinceOptions, 'now' | 'prefix' | 'isDatedOnly' | 'atOnce'> {
  /** Objects last modified before are left out. */
  readonly modifiedSince: number;
  /** Partitions that ended before, or begin after, are not looked into. */
  readonly from: number;
  readonly to?: number;
}

/** An event, or its object, may come so late. */
const LATE = 24 * 3_600_000;

/** The clock of an event may be ahead of the bucket's by so much. */
const CLOCK_DIFFERENCE = 3_600_000;

/**
 * Objects last modified since then, in the order of their keys. A partition that ended a day or more before is not looked
 * into, so an event that comes later than a day is missed. Throws `StoreError` where the bucket can't be listed.
 */
export function objectsSince(
  store: Pick<ObjectStore, 'list'>,
  { since, ...options }: SinceOptions,
): AsyncGenerator<ListedObject> {
  return objectsOf(store, { ...options, modifiedSince: since, from: since - LATE });
}

/**
 * Objects that may hold events from `since` until before `until`, whether partitions are named by the time of the event or
 * of its arrival. An event that came later than a day may be missed. Throws as `objectsSince` does.
 */
export function objectsWithEvents(
  store: Pick<ObjectStore, 'list'>,
  { since, until, ...options }: SinceOptions & { readonly until: number },
): AsyncGenerator<ListedObject> {
  return objectsOf(store, {
    ...options,
    modifiedSince: since - CLOCK_DIFFERENCE,
    from: since,
    to: until + LATE,
  });
}

function objectsOf(store: Pick<ObjectStore, 'list'>, range: Range): AsyncGenerator<ListedObject> {
  const counted = new CountedStore(store);
  const root = { prefix: range.prefix ?? '', fields: dateOf(range.prefix ?? '') };
  return objectsIn(counted, root, range, list(counted, root, range));
}

interface Folder {
  readonly prefix: string;
  readonly fields: DateFields;
}

function list(store: CountedStore, { prefix, fields }: Folder, { now, from, to }: Range): Promise<Level> {
  return listLevel(store, prefix, fields, { now, since: from, until: to, pages: Number.POSITIVE_INFINITY });
}

async function* objectsIn(
  store: CountedStore,
  folder: Folder,
  range: Range,
  listed: Promise<Level>,
): AsyncGenerator<ListedObject> {
  const level = await listed;
  for (const object of level.objects) {
    if (object.lastModified >= range.modifiedSince && !object.key.endsWith('/')) yield object;
  }
  const folders = foldersToRead(level, folder, range);
  const ahead: Promise<Level>[] = [];
  for (const [index, next] of folders.entries()) {
    for (const one of folders.slice(index + ahead.length, index + (range.atOnce ?? 1))) {
      const promise = list(store, one, range);
      // Nobody waits for it if one before it fails.
      promise.catch(() => {});
      ahead.push(promise);
    }
    yield* objectsIn(store, next, range, ahead.shift()!);
  }
}

/** Folders below one that can hold objects of the range, dated ones in the order of time. */
function foldersToRead(
  { others, dated }: Level,
  { fields }: Folder,
  { isDatedOnly, from, to }: Range,
): Folder[] {
  const isAboveDates = Object.keys(fields).length === 0;
  const inRange = [...dated].reverse().filter(({ part }) => {
    // The partition that an epoch names may be of any length.
    const isLate = part.to > from - CLOCK_SLACK || isEpoch(part.unit);
    return isLate && (to === undefined || part.from < to + CLOCK_SLACK);
  });
  return [
    ...(isDatedOnly && isAboveDates ? [] : others.map((prefix) => ({ prefix, fields }))),
    ...inRange.map(({ prefix, part }) => ({ prefix, fields: part.fields })),
  ];
}

function isEpoch(unit: string): boolean {
  return unit === 'second' || unit === 'millisecond';
}
