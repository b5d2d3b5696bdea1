/** Opens some of the newest objects, to tell whether what arrives is what should arrive. Facts only: it judges nothing. */

import { datePartitionOf, inTurn } from './layout/layout';
import type { Newest } from './layout/newest';
import { CLOCK_SLACK } from './layout/walk';
import { type EventRecord, readEvents } from './read/reader';
import { type KindCounts, noEvents } from './stats';
import { type GetResult, type ListedObject, type ObjectStore, StoreError } from './store';

/** An object that was opened. Plain JSON. */
export interface SampledObject {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** Canonical user ID. */
  readonly owner?: string;
  /** The `x-amz-server-side-encryption` of the object. */
  readonly encryption?: string;
  readonly kmsKeyArn?: string;
  /** Valid events. */
  readonly kinds: KindCounts;
  /** The ALTR clients that they belong to, at most 20. */
  readonly clients: readonly { readonly clientId: string; readonly events: number }[];
  /** Records that are no valid events; the first of them with their place. */
  readonly bad: {
    readonly count: number;
    readonly examples: readonly { readonly offset: number; readonly message: string }[];
  };
  /** Events whose time lies outside of the object's partition, by more than a time zone. */
  readonly outside: number;
  /** Events that are dated after now. */
  readonly future: number;
  /** Whether it holds no event and nothing that looks like one: another service's file, for example. */
  readonly isForeign?: boolean;
  /** Whether it was read to its end. */
  readonly isWhole: boolean;
  /** Why it could not be read, or not further; what stands above is then what was read before. */
  readonly unreadable?: { readonly message: string } & StoreError['detail'];
}

export interface SampleOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Objects to open. */
  readonly objects?: number;
  /** Plain bytes to read of each. */
  readonly bytes?: number;
}

const DEFAULT_OBJECTS = 10;
export const DEFAULT_BYTES = 4 * 1024 * 1024;
const MOST_CLIENTS = 20;
const MOST_EXAMPLES = 3;

/** Clocks may differ by so much without a word. */
const CLOCK_TOLERANCE = 5 * 60_000;

/**
 * The objects that look like an export's, the newest first: those with a date in their key, where any has one. A file that
 * somebody laid beside them is no sign of delivery.
 */
export function deliveredObjects({ recent, detection }: Newest): readonly ListedObject[] {
  return detection.confidence === 'none' ? recent : recent.filter(({ key }) => datePartitionOf(key));
}

/** Faults of records that are nothing of ALTR's, rather than a damaged log. */
const FOREIGN: ReadonlySet<string> = new Set([
  'not-an-object',
  'wrapper',
  'unknown-kind',
  'unexpected-text',
  'not-json',
  'encoding',
]);

/** Opens the newest objects, in turn of each layout, so that a kind with folders of its own is seen, too. */
export async function sampleObjects(
  store: ObjectStore,
  newest: Newest,
  { now, objects = DEFAULT_OBJECTS, bytes = DEFAULT_BYTES }: SampleOptions,
): Promise<SampledObject[]> {
  const sampled: SampledObject[] = [];
  for (const object of inTurn(deliveredObjects(newest)).slice(0, objects)) {
    sampled.push(await sample(store, object, now, bytes));
  }
  return sampled.sort((a, b) => b.lastModified - a.lastModified);
}

export async function sample(
  store: ObjectStore,
  object: ListedObject,
  now: number,
  bytes: number,
): Promise<SampledObject> {
  const { key, lastModified, owner } = object;
  const kinds = noEvents();
  const clients = new Map<string, number>();
  const examples: { offset: number; message: string }[] = [];
  let [bad, outside, future, isWhole] = [0, 0, 0, true];
  let isForeign = true;
  let stored: Omit<GetResult, 'body'> = {};
  let unreadable: SampledObject['unreadable'];
  const take = (record: EventRecord) => {
    if (record.event) {
      const { event } = record;
      const { clientID } = event.record;
      kinds[event.kind]++;
      if (clients.has(clientID) || clients.size < MOST_CLIENTS)
        clients.set(clientID, (clients.get(clientID) ?? 0) + 1);
      if (isOutside(key, event.eventTime)) outside++;
      if (event.eventTime > now + CLOCK_TOLERANCE) future++;
      return;
    }
    if (record.fault.code === 'limit') {
      isWhole = false;
      // A beginning without any event proves nothing.
      if (clients.size > 0) return;
    }
    bad++;
    isForeign &&= FOREIGN.has(record.fault.code);
    if (examples.length < MOST_EXAMPLES) examples.push(exampleOf(record));
  };
  try {
    const { body, ...rest } = await store.get(key);
    stored = rest;
    for await (const record of readEvents(body, { key, maxBytes: bytes })) take(record);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    isWhole = false;
    isForeign = false;
    unreadable = { message: error.message, ...error.detail };
  }
  return {
    key,
    lastModified,
    owner,
    ...stored,
    kinds,
    clients: [...clients].map(([clientId, events]) => ({ clientId, events })),
    bad: { count: bad, examples },
    outside,
    future,
    isForeign: (isForeign && bad > 0 && clients.size === 0) || undefined,
    isWhole,
    unreadable,
  };
}

function exampleOf({ offset, fault }: EventRecord): { offset: number; message: string } {
  return { offset, message: (fault?.message ?? '').slice(0, 300) };
}

/** Partitions may be named by another clock than UTC; an epoch says only when the partition begins. */
function isOutside(key: string, eventTime: number): boolean {
  const partition = datePartitionOf(key);
  if (!partition) return false;
  const isEpoch = partition.unit === 'second' || partition.unit === 'millisecond';
  const to = isEpoch ? partition.to + 24 * 3_600_000 : partition.to;
  return eventTime < partition.from - CLOCK_SLACK || eventTime >= to + CLOCK_SLACK;
}
