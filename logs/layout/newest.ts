/** Finds the newest objects of a bucket with a handful of list calls, however many objects it holds. */
import type { ListedObject, ObjectStore } from '../store';
import type { DateFields } from './date-form';
import { byLayout, type Detection, datePartitionOf, detectLayouts, rootOf } from './layout';
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
  /** The object that was modified last: of those with a date in their key, if any has one. */
  readonly newest?: ListedObject;
  /** Whether the two newest partitions were listed whole. Where not, one of their objects may be newer than `newest`. */
  readonly isExact: boolean;
  /** Why not, as a clause. */
  readonly inexactBecause?: string;
  /**
   * Objects of the newest partitions, the newest first: those with a date in their key, if any has one, and at most 200 per
   * layout.
   */
  readonly recent: readonly ListedObject[];
  /** Objects without a date beside dated ones, the newest first; at most 200. */
  readonly undated?: readonly ListedObject[];
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

/** Objects that are kept per layout, so that a busy one does not crowd out another. */
const MOST_PER_LAYOUT = 200;

/**
 * Folders that AWS's own services write to, such as CloudTrail's: they are searched last, and what is left unsearched in
 * them raises no doubt (AWS CloudTrail User Guide, "Finding your CloudTrail log files").
 */
const AWS_SERVICES = /(^|\/)AWSLogs\//;

/** Pages of 1000 that are read of one partition. */
const PAGES = 3;

/** An event may come late, so that the newest object is in the partition before the newest. */
const PARTITIONS = 2;

/** Searches a bucket. Throws `StoreError` where it can't be listed. */
export async function findNewest(store: ObjectStore, options: NewestOptions): Promise<Newest> {
  const search = new Search(new CountedStore(store, options.maxCalls ?? DEFAULT_MAX_CALLS), options.now);
  const prefix = options.prefix ?? '';
  const fields = dateOf(prefix);
  if (Object.keys(fields).length > 0) await search.folder(prefix, fields, PARTITIONS);
  else await search.breadthFirst(prefix);
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
  const { maxCalls = LATE_CALLS, prefix, ...within } = options;
  const counted = new CountedStore(store, maxCalls);
  const late: ListedObject[] = [];
  let doubt = before.inexactBecause;
  try {
    // Only where dates were found: what lies elsewhere was looked into before.
    const roots = rootsOf(before);
    for (const root of roots ?? [prefix]) {
      const where = { ...within, prefix: root, isDatedOnly: roots !== undefined };
      for await (const object of objectsSince(counted, where)) late.push(object);
    }
  } catch (error) {
    if (!(error instanceof CallsExhausted)) throw error;
    doubt = error.message;
  }
  const known = new Set(late.map(({ key }) => key));
  const recent = mostRecent([...late, ...before.recent.filter(({ key }) => !known.has(key))]);
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

/** What the dated keys begin with before their date, each once; `undefined` if no key is dated. */
function rootsOf({ recent }: Pick<Newest, 'recent'>): string[] | undefined {
  const templates = new Set(byLayout(recent).keys());
  if (templates.size === 0 || templates.has('')) return undefined;
  return [...new Set([...templates].map(rootOf))];
}

/** The newest objects first: dated ones, if there are any, and a bounded number per layout. */
function mostRecent(objects: readonly ListedObject[]): ListedObject[] {
  const dated = objects.filter(({ key }) => datePartitionOf(key));
  const newestFirst = (list: readonly ListedObject[]) =>
    [...list].sort((a, b) => b.lastModified - a.lastModified);
  const layouts = byLayout(dated.length > 0 ? dated : objects).values();
  return newestFirst([...layouts].flatMap((list) => newestFirst(list).slice(0, MOST_PER_LAYOUT)));
}

function undatedBeside(objects: readonly ListedObject[]): ListedObject[] | undefined {
  const undated = objects.filter(({ key }) => !datePartitionOf(key));
  if (undated.length === 0 || undated.length === objects.length) return undefined;
  return mostRecent(undated);
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

  /** Looks into the folders above any date, level by level: what lies deep or in many folders must not hide the logs. */
  async breadthFirst(root: string): Promise<void> {
    const waiting = [root];
    for (;;) {
      const next = waiting.findIndex((folder) => !AWS_SERVICES.test(folder));
      const [prefix] = waiting.splice(Math.max(0, next), 1);
      if (prefix === undefined) return;
      const level = await this.#level(prefix, {});
      if (!level) return;
      await this.#dated(level, PARTITIONS);
      waiting.push(...level.others.slice(0, MAX_BRANCHES));
    }
  }

  /**
   * Looks into a folder whose name, or that of a folder above it, is a date.
   * @param want partitions to read at most
   * @returns partitions that held something
   */
  async folder(prefix: string, fields: DateFields, want: number): Promise<number> {
    const level = await this.#level(prefix, fields);
    if (!level) return 0;
    let most = level.objects.length > 0 ? 1 : 0;
    // Folders below a date that are no date: one per kind or tenant, each of which may hold the newest object.
    for (const other of level.others.slice(0, MAX_BRANCHES)) {
      most = Math.max(most, await this.folder(other, fields, want));
    }
    return Math.max(most, await this.#dated(level, want));
  }

  /** What lies directly in a folder; `undefined` if no more list calls are allowed. */
  async #level(prefix: string, fields: DateFields): Promise<Level | undefined> {
    if (this.#store.exhausted) {
      this.#doubt(prefix, `the search was ended after ${this.#store.calls} list calls`);
      return undefined;
    }
    const level = await listLevel(this.#store, prefix, fields, { now: this.#now, pages: PAGES });
    this.#found.push(...level.objects.filter(({ key }) => !key.endsWith('/')));
    if (level.more === 'unknown')
      this.#doubt(prefix, `${prefix || 'the bucket'} holds more names than were listed`);
    if (level.others.length > MAX_BRANCHES)
      this.#doubt(
        prefix,
        `only ${MAX_BRANCHES} of ${level.others.length} folders without a date${prefix ? ` in ${prefix}` : ''} were looked into`,
      );
    return level;
  }

  #doubt(prefix: string, because: string): void {
    const isForeign = AWS_SERVICES.test(prefix) && this.#found.some(({ key }) => isLikeALog(key));
    if (!isForeign) this.#doubts.add(because);
  }

  /** Folders named by a date, the newest first, until enough partitions held something. */
  async #dated(level: Level, want: number): Promise<number> {
    const isFuture = ({ part }: DatedFolder) => part.from > this.#now + CLOCK_SLACK;
    const future = level.dated.filter(isFuture);
    this.#future.push(...future.map(({ prefix }) => prefix));
    let got = 0;
    for (const { prefix, part } of [...level.dated.filter((folder) => !isFuture(folder)), ...future]) {
      if (got >= want) break;
      got += await this.folder(prefix, part.fields, want - got);
    }
    return got;
  }

  result(): Newest {
    const recent = mostRecent(this.#found);
    const [newest] = recent;
    const [doubt] = this.#doubts;
    return {
      newest,
      isExact: doubt === undefined,
      inexactBecause: doubt,
      recent,
      undated: undatedBeside(this.#found),
      detection: detectLayouts(this.#found.map(({ key }) => key)),
      calls: this.#store.calls,
      future: this.#future,
    };
  }
}

/** Whether a key is dated and not of an AWS service. */
function isLikeALog(key: string): boolean {
  return !AWS_SERVICES.test(key) && datePartitionOf(key) !== undefined;
}
