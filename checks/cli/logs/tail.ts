/** `altr-export logs tail`: prints new events as their objects arrive, until it is stopped. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventFilter,
  type ListedObject,
  matches,
  type ObjectStore,
  objectsSince,
  readEvents,
  StoreError,
} from '../../../logs';
import { writeStdout } from '../../report/output';
import { line } from '../../report/sanitise';
import { openBucket } from './bucket';
import { storeFailure } from './failure';
import type { TailOptions } from './options';
import { eventJson, eventLine, faultLine } from './print';

/** Objects are listed again from so long before the newest that was seen: listings lag behind, clocks differ. */
const OVERLAP = 10 * 60_000;

/** @returns 0 however it is stopped; 1 where some record could not be read and it was not to follow */
export async function runTail(name: string, options: TailOptions): Promise<0 | 1> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const { store } = await openBucket(name, options.config, abort.signal);
  const tail = new Tail(store, options, abort.signal);
  try {
    for (let isFirst = true; !abort.signal.aborted; isFirst = false) {
      try {
        await tail.poll();
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
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
  }
  return tail.faults > 0 && !options.follow ? 1 : 0;
}

class Tail {
  faults = 0;
  readonly #store: ObjectStore;
  readonly #options: TailOptions;
  readonly #signal: AbortSignal;
  readonly #filter: EventFilter;
  /** Objects that were read, each with when it was last modified: one that is written anew is read anew. */
  readonly #read = new Map<string, number>();
  #since: number;

  constructor(store: ObjectStore, options: TailOptions, signal: AbortSignal) {
    const { kind, user, text, tag, category, since } = options;
    this.#store = store;
    this.#options = options;
    this.#signal = signal;
    this.#since = Date.now() - since;
    this.#filter = {
      ...(kind.length > 0 ? { kinds: kind } : {}),
      ...(user === undefined ? {} : { user }),
      ...(text === undefined ? {} : { text }),
      ...(tag === undefined ? {} : { tag }),
      ...(category === undefined ? {} : { category }),
    };
  }

  async poll(): Promise<void> {
    const now = Date.now();
    const fresh: ListedObject[] = [];
    const { prefix } = this.#options;
    for await (const object of objectsSince(this.#store, {
      since: this.#since,
      now,
      ...(prefix ? { prefix } : {}),
    })) {
      if (this.#read.get(object.key) !== object.lastModified) fresh.push(object);
    }
    for (const object of fresh.sort((a, b) => a.lastModified - b.lastModified)) {
      if (this.#signal.aborted) return;
      await this.#print(object);
      this.#read.set(object.key, object.lastModified);
    }
    this.#since = Math.max(this.#since, now - OVERLAP);
    for (const [key, modified] of this.#read) if (modified < this.#since) this.#read.delete(key);
  }

  async #print({ key }: ListedObject): Promise<void> {
    const { maxRecord, format } = this.#options;
    const { body } = await this.#store.get(key);
    for await (const record of readEvents(body, { key, maxRecord })) {
      if (this.#signal.aborted) return;
      if (!record.event) {
        this.faults++;
        process.stderr.write(`${faultLine(record)}\n`);
      } else if (matches(record.event, this.#filter)) {
        await writeStdout(`${format === 'json' ? eventJson(record) : eventLine(record.event)}\n`);
      }
    }
  }
}
