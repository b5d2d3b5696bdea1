/** Finds the newest objects of a bucket with a handful of list calls, however many objects it holds. */
import type { ListedObject, ObjectStore } from '../store';
import type { DateFields } from './date-form';
import { type Detection, detectLayouts } from './layout';
import { objectsSince } from './since';
import {
  CallsExhausted,
  CLOCK_SLACK,
  CountedStore,
  type DatedFolder,
  dateOf,
  type Level,
  listLevel,
} from './walk';

export interface NewestOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Only keys that begin so. */
  readonly prefix?: string;
  /** List calls at most. */
  readonly maxCalls?: number;
}

export interface Newest {
  /** The object that was last modified of those found. */
  readonly newest?: ListedObject;
  /** Whether the two newest partitions were listed whole. Where not, one of their objects may be newer than `newest`. */
  readonly isExact: boolean;
  /** Why not, as a clause. */
  readonly inexactBecause?: string;
  /** Objects of the newest partitions, the newest first; at most 1000. */
  readonly recent: readonly ListedObject[];
  readonly detection: Detection;
  /** List calls that were made. */
  readonly calls: number;
  /** Partitions that lie in the future; they are not looked into unless there is nothing else. */
  readonly future: readonly string[];
}

/** Without knowing the layout: a level for each part of a date, the last two partitions, some for a folder beside them. */
const DEFAULT_MAX_CALLS = 40;

/** Folders without a date that are looked into at each level, such as one for each kind or tenant. */
const MAX_BRANCHES = 20;

/** Objects that are kept of those found. */
const MOST_RECENT = 1000;

/** Pages of 1000 that are read of one partition. */
const PAGES = 3;

/** An event may come late, so that the newest object lies in the partition before the newest. */
const PARTITIONS = 2;

/** Searches a bucket. Throws `StoreError` where it can't be listed. */
export async function findNewest(store: ObjectStore, options: NewestOptions): Promise<Newest> {
  const search = new Search(new CountedStore(store, options.maxCalls ?? DEFAULT_MAX_CALLS), options.now);
  const prefix = options.prefix ?? '';
  const fields = dateOf(prefix);
  await search.folder(prefix, fields, Object.keys(fields).length > 0, PARTITIONS);
  return search.result();
}

/** With a partition an hour, those of two days and of the time zones; with several kinds beside each other, of each. */
const LATE_CALLS = 200;

/**
 * Searches once more, where the newest object of the two newest partitions is older than expected: an event that came late
 * lies in an earlier one. Looks into all that can hold what was written since then and came within a day. Throws `StoreError`.
 */
export async function findLate(
  store: ObjectStore,
  before: Newest,
  options: Omit<NewestOptions, 'maxCalls'> & { readonly since: number; readonly maxCalls?: number },
): Promise<Newest> {
  const { maxCalls = LATE_CALLS, ...within } = options;
  const counted = new CountedStore(store, maxCalls);
  const late: ListedObject[] = [];
  let doubt = before.inexactBecause;
  try {
    for await (const object of objectsSince(counted, within)) late.push(object);
  } catch (error) {
    if (!(error instanceof CallsExhausted)) throw error;
    doubt = error.message;
  }
  const known = new Set(late.map(({ key }) => key));
  const recent = [...late, ...before.recent.filter(({ key }) => !known.has(key))]
    .sort((a, b) => b.lastModified - a.lastModified)
    .slice(0, MOST_RECENT);
  const [newest] = recent;
  return {
    ...before,
    newest,
    isExact: doubt === undefined,
    inexactBecause: doubt,
    recent,
    calls: before.calls + counted.calls,
  };
}

class Search {
  readonly #store: CountedStore;
  readonly #now: number;
  readonly #found: ListedObject[] = [];
  readonly #doubts = new Set<string>();
  readonly #future: string[] = [];

  constructor(store: CountedStore, now: number) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Looks into a folder.
   * @param inDate whether a folder above is named by a date
   * @param want partitions to read at most
   * @returns partitions that held something
   */
  async folder(prefix: string, fields: DateFields, inDate: boolean, want: number): Promise<number> {
    if (this.#store.exhausted) {
      this.#doubts.add(`the search was ended after ${this.#store.calls} list calls`);
      return 0;
    }
    const level = await listLevel(this.#store, prefix, fields, { now: this.#now, pages: PAGES });
    this.#found.push(...level.objects.filter(({ key }) => !key.endsWith('/')));
    if (level.more === 'unknown')
      this.#doubts.add(`${prefix || 'the bucket'} holds more names than were listed`);
    const inBranches = await this.#branches(level, fields, inDate, want);
    const inDates = await this.#dated(level, want);
    const own = inDate && level.objects.length > 0 ? 1 : 0;
    return Math.max(own, inBranches, inDates);
  }

  /** Folders that are not named by a date: each may hold the newest object. */
  async #branches(level: Level, fields: DateFields, inDate: boolean, want: number): Promise<number> {
    let most = 0;
    for (const other of level.others.slice(0, MAX_BRANCHES)) {
      most = Math.max(most, await this.folder(other, inDate ? fields : {}, inDate, want));
    }
    if (level.others.length > MAX_BRANCHES) {
      this.#doubts.add(
        `only ${MAX_BRANCHES} of ${level.others.length} folders without a date were looked into`,
      );
    }
    return most;
  }

  /** Folders named by a date, the newest first, until enough partitions held something. */
  async #dated(level: Level, want: number): Promise<number> {
    const isFuture = ({ part }: DatedFolder) => part.from > this.#now + CLOCK_SLACK;
    const future = level.dated.filter(isFuture);
    this.#future.push(...future.map(({ prefix }) => prefix));
    let got = 0;
    for (const { prefix, part } of [...level.dated.filter((folder) => !isFuture(folder)), ...future]) {
      if (got >= want) break;
      got += await this.folder(prefix, part.fields, true, want - got);
    }
    return got;
  }

  result(): Newest {
    const recent = this.#found.sort((a, b) => b.lastModified - a.lastModified).slice(0, MOST_RECENT);
    const [newest] = recent;
    const [doubt] = this.#doubts;
    return {
      newest,
      isExact: doubt === undefined,
      inexactBecause: doubt,
      recent,
      detection: detectLayouts(this.#found.map(({ key }) => key)),
      calls: this.#store.calls,
      future: this.#future,
    };
  }
}
