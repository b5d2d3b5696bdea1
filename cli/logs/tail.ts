/** `altr-export logs tail`: prints new events as their objects arrive, until it is stopped. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { counted } from '../../checks/report/order';
import { writeStdout } from '../../checks/report/output';
import { line } from '../../checks/report/sanitise';
import {
  type EventFilter,
  type EventRecord,
  type ListedObject,
  matches,
  objectsSince,
  readEvents,
  StoreError,
} from '../../logs';
import { Progress } from '../progress';
import {
  type BucketOptions,
  LISTS_AT_ONCE,
  OBJECTS_AT_ONCE,
  type OpenBucket,
  openBucket,
  type ShownOptions,
  storeFailure,
} from './bucket';
import { forEachInOrder } from './concurrently';
import { type FilterOptions, filterOf } from './filter-options';
import { eventJson, eventLine, faultLine } from './print';
import { UnreadableObjects } from './unreadable-objects';

export interface TailOptions extends BucketOptions, FilterOptions, ShownOptions {
  readonly format: 'text' | 'json';
  /** Milliseconds. */
  readonly since: number;
  /** Milliseconds. */
  readonly interval: number;
  readonly follow: boolean;
  readonly maxRecord: number;
}

/** Objects are listed again from this long before the newest that was seen: listings lag behind, clocks differ. */
const OVERLAP = 10 * 60_000;

/** Polls in which an object that can't be read is tried. */
const TRIES = 3;

/** Different odd fields that are reported. */
const MOST_WARNINGS = 100;

/** @returns 0 however it is stopped; with --no-follow, 1 for bad records and 2 for unreadable objects */
export async function runTail(name: string, options: TailOptions): Promise<0 | 1 | 2> {
  const abort = new AbortController();
  // Every call in flight listens to it; Node would warn of more than ten.
  setMaxListeners(0, abort.signal);
  const stop = () => abort.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const { quiet, verbose } = options;
  let [tail, bucket]: [Tail?, OpenBucket?] = [];
  // A line that changes would run into the events on a terminal.
  const isQuiet = quiet || (process.stdout.isTTY && !verbose);
  const progress = new Progress(process.stderr, () => counted(tail?.objects ?? 0, 'object'), {
    quiet: isQuiet,
    verbose,
  });
  try {
    bucket = await openBucket(name, options, {
      signal: abort.signal,
      onCall: (call) => progress.called(call),
      onThrottle: () => progress.throttled(),
    });
    tail = new Tail(bucket, options, abort.signal);
    for (let isFirst = true; !abort.signal.aborted; isFirst = false) {
      try {
        await tail.poll();
        if (isFirst) {
          tail.unreadable.settle();
          progress.end();
          if (options.follow && !quiet)
            process.stderr.write(`waiting for new logs of ${line(name)}; Ctrl-C ends it\n`);
        }
      } catch (error) {
        if (abort.signal.aborted) break;
        if (!(error instanceof StoreError)) throw error;
        // What can't be read at all is an error; what fails for a while is not.
        if (isFirst || !options.follow) throw storeFailure(error);
        process.stderr.write(`${line(error.message)}; trying again\n`);
      }
      if (!options.follow) break;
      await sleep(options.interval, undefined, { signal: abort.signal }).catch(() => {});
    }
  } finally {
    progress.end();
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
    if (verbose && tail && bucket)
      process.stderr.write(
        `${counted(tail.objects, 'object')}, ${counted(bucket.listCalls(), 'list call')}\n`,
      );
  }
  if (options.follow) return 0;
  if (tail.unreadable.count > 0) return 2;
  return tail.faults > 0 ? 1 : 0;
}

type Write = (text: string) => Promise<void>;

class Tail {
  faults = 0;
  /** Objects that were fetched. */
  objects = 0;
  readonly unreadable = new UnreadableObjects();
  readonly #bucket: OpenBucket;
  readonly #options: TailOptions;
  readonly #signal: AbortSignal;
  readonly #filter: EventFilter;
  /** Objects that were read, each with when it was last modified: one that is written anew is read anew. */
  readonly #read = new Map<string, number>();
  /** Objects that failed: how often, and the offset of the first record that was not yet read. */
  readonly #failed = new Map<string, { tries: number; next: number }>();
  /** Warnings that were reported. */
  readonly #warned = new Set<string>();
  #since: number;

  constructor(bucket: OpenBucket, options: TailOptions, signal: AbortSignal) {
    this.#bucket = bucket;
    this.#options = options;
    this.#signal = signal;
    this.#since = Date.now() - options.since;
    this.#filter = filterOf(options);
  }

  async poll(): Promise<void> {
    const now = Date.now();
    const fresh: ListedObject[] = [];
    const { store, prefix } = this.#bucket;
    const options = { since: this.#since, now, prefix, atOnce: LISTS_AT_ONCE };
    for await (const object of objectsSince(store, options)) {
      if (this.#read.get(object.key) !== object.lastModified) fresh.push(object);
    }
    fresh.sort((a, b) => a.lastModified - b.lastModified);
    await forEachInOrder(fresh, OBJECTS_AT_ONCE, writeStdout, async (object, write) => {
      if (this.#signal.aborted) return;
      if (await this.#print(object, write)) this.#read.set(object.key, object.lastModified);
    });
    if (this.#signal.aborted) return;
    this.#since = Math.max(this.#since, now - OVERLAP);
    for (const [key, modified] of this.#read) if (modified < this.#since) this.#read.delete(key);
  }

  /** Prints what was not yet printed of an object. @returns whether it is done with, read or given up */
  async #print({ key }: ListedObject, write: Write): Promise<boolean> {
    this.objects++;
    const { tries, next } = this.#failed.get(key) ?? { tries: 0, next: 0 };
    let reached = next;
    try {
      const { body } = await this.#bucket.store.get(key);
      for await (const record of readEvents(body, { key, maxRecord: this.#options.maxRecord })) {
        if (this.#signal.aborted) return false;
        if (record.offset < next) continue;
        await this.#printRecord(record, write);
        reached = record.offset + Math.max(1, record.length);
      }
      this.unreadable.read();
      this.#failed.delete(key);
      return true;
    } catch (error) {
      if (this.#signal.aborted || !(error instanceof StoreError)) throw error;
      this.unreadable.add(key, error);
      if (tries + 1 < TRIES) this.#failed.set(key, { tries: tries + 1, next: reached });
      else this.#failed.delete(key);
      return tries + 1 >= TRIES;
    }
  }

  async #printRecord(record: EventRecord, write: Write): Promise<void> {
    if (!record.event) {
      this.faults++;
      process.stderr.write(`${faultLine(record)}\n`);
      return;
    }
    this.#warn(record);
    if (matches(record.event, this.#filter)) {
      const text = this.#options.format === 'json' ? eventJson(record) : eventLine(record.event);
      await write(`${text}\n`);
    }
  }

  /** Reports each odd field once: the events are printed all the same. */
  #warn({ key, offset, event }: EventRecord): void {
    for (const { path, message } of event?.warnings ?? []) {
      const warning = `${path} ${message}`;
      if (this.#warned.has(warning) || this.#warned.size >= MOST_WARNINGS) continue;
      this.#warned.add(warning);
      process.stderr.write(`${line(`${key}: byte ${offset}: warning: ${warning} (reported once)`)}\n`);
    }
  }
}
