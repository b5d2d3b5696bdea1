/** Where events are read from: the bucket of an export, or files. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { counted } from '../../checks/report/order';
import { UserError } from '../../contract/user-error';
import {
  type AuditEvent,
  type ByteSource,
  type EventRecord,
  type ListedObject,
  type ObjectStore,
  objectsSince,
  objectsWithEvents,
  readEvents,
  StoreError,
} from '../../logs';
import { filesIn } from '../files-in';
import { Progress } from '../progress';
import {
  type BucketOptions,
  exportNamed,
  LISTS_AT_ONCE,
  OBJECTS_AT_ONCE,
  type OpenBucket,
  openBucket,
  type ShownOptions,
  storeFailure,
} from './bucket';
import { forEachInOrder } from './concurrently';
import { faultLine } from './print';
import { UnreadableObjects } from './unreadable-objects';

export interface SourceOptions extends BucketOptions, ShownOptions {
  readonly maxRecord: number;
}

/** An object of a bucket, or a file. */
interface Item {
  readonly key: string;
  readonly size: number;
  /** Missing for a file, which may have been copied since. */
  readonly lastModified?: number;
  open(): Promise<ByteSource>;
}

/** What was read. */
export interface Read {
  readonly objects: number;
  readonly bytes: number;
  readonly faults: number;
  /** Objects that could not be read, or not to their end. */
  readonly unreadable: number;
  /** Missing for files. */
  readonly listCalls?: number;
}

/** Which objects of a bucket to read: those that arrived since then, or those that may hold events of a time range. */
export type Range = { readonly arrivedSince: number } | { readonly since: number; readonly until: number };

/** A record that is an event. */
export type FoundRecord = Extract<EventRecord, { readonly event: AuditEvent }>;

/** Takes an event; what it writes comes out in the order of the objects. */
export type Take = (record: FoundRecord, item: Item, write: Write) => Promise<void> | undefined | void;
type Write = (text: string) => Promise<void>;

const MOST_KEYS = 1000;

/** Faults that are shown on stderr; all are counted. */
const SHOWN = 20;

/**
 * Whether these arguments are files, not the name of an export.
 * @throws UserError if they are both, or neither one name nor files that exist
 */
export function areFiles(from: readonly string[], config: string | undefined): boolean {
  const [first = ''] = from;
  const isPath = from.length > 1 || first === '-' || /[./\\]/.test(first);
  if (isPath || !existsSync(first)) {
    const missing = from.find((path) => path !== '-' && !existsSync(path));
    if (isPath && missing !== undefined && !(from.length === 1 && isExport(missing, config)))
      throw new UserError(`there is no file or folder ${missing}; name one, or a single export`);
    return isPath && missing === undefined;
  }
  if (!isExport(first, config)) return true;
  throw new UserError(`${first} is an export and a file or folder; write ./${first} for the latter`);
}

function isExport(name: string, config: string | undefined): boolean {
  try {
    exportNamed(name, config);
    return true;
  } catch {
    return false;
  }
}

/** Reads events from a bucket or files, objects at once and concurrently. */
export class EventSource {
  /** Keys of the first objects. */
  readonly keys: string[] = [];
  readonly #options: SourceOptions;
  readonly #unreadable = new UnreadableObjects();
  #objects = 0;
  #bytes = 0;
  #faults = 0;

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  /** The events of files, in the order of their names. */
  async readFiles(paths: readonly string[], sink: Write, take: Take): Promise<Read> {
    return this.#read(paths.flatMap(filesIn).map(fileItem), sink, take);
  }

  /**
   * The events of an export's bucket. What is written comes out in the order of the objects' keys.
   * @throws UserError if the bucket can't be listed, or no object be read
   */
  async readBucket(name: string, range: Range, sink: Write, take: Take): Promise<Read> {
    const { quiet, verbose } = this.#options;
    const progress = new Progress(process.stderr, () => counted(this.#objects, 'object'), { quiet, verbose });
    try {
      const bucket = await openBucket(name, this.#options, {
        onCall: (call) => progress.called(call),
        onThrottle: () => progress.throttled(),
      });
      const read = await this.#read(itemsOf(bucket, range), sink, take);
      return { ...read, listCalls: bucket.listCalls() };
    } catch (error) {
      throw error instanceof StoreError ? storeFailure(error) : error;
    } finally {
      progress.end();
    }
  }

  async #read(items: AsyncIterable<Item> | Iterable<Item>, sink: Write, take: Take): Promise<Read> {
    await forEachInOrder(items, OBJECTS_AT_ONCE, sink, async (item, write) => {
      this.#objects++;
      if (this.keys.length < MOST_KEYS) this.keys.push(item.key);
      this.#bytes += item.size;
      try {
        await this.#readItem(item, write, take);
        this.#unreadable.read();
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        this.#unreadable.add(item.key, error);
      }
    });
    this.#unreadable.settle();
    return {
      objects: this.#objects,
      bytes: this.#bytes,
      faults: this.#faults,
      unreadable: this.#unreadable.count,
    };
  }

  async #readItem(item: Item, write: Write, take: Take): Promise<void> {
    const { maxRecord } = this.#options;
    for await (const record of readEvents(await item.open(), { key: item.key, maxRecord })) {
      if (record.event) {
        // Most records write nothing: not to wait for them is twice as fast.
        const written = take(record, item, write);
        if (written) await written;
      } else if (++this.#faults <= SHOWN) process.stderr.write(`${faultLine(record)}\n`);
    }
  }
}

async function* itemsOf({ store, prefix }: OpenBucket, range: Range): AsyncGenerator<Item> {
  const options = { now: Date.now(), prefix, atOnce: LISTS_AT_ONCE };
  const found =
    'arrivedSince' in range
      ? objectsSince(store, { ...options, since: range.arrivedSince })
      : objectsWithEvents(store, { ...options, ...range });
  for await (const object of found) yield objectItem(store, object);
}

function objectItem(store: ObjectStore, { key, size, lastModified }: ListedObject): Item {
  return { key, size, lastModified, open: async () => (await store.get(key)).body };
}

function fileItem(path: string): Item {
  const key = path === '-' ? 'stdin' : path;
  const size = path === '-' ? 0 : statSync(path).size;
  return { key, size, open: async () => (path === '-' ? process.stdin : fileBytes(path)) };
}

async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${path} can't be read (${code}); correct its name or its permissions`);
  }
}
