/**
 * Tells ALTR's logs from what else is in a bucket, and looks for the newest log of each kind. Facts only: it judges nothing.
 */
import type { AuditKind } from './events/event';
import { byLayout, datePartitionOf, inTurn, rootOf } from './layout/layout';
import type { Newest } from './layout/newest';
import { objectsSince } from './layout/since';
import { CallsExhausted, CountedStore } from './layout/walk';
import { DEFAULT_BYTES, deliveredObjects, type SampledObject, sample } from './sample';
import type { ListedObject, ObjectStore } from './store';

/** Objects of layouts that hold no audit log of ALTR. */
export interface ForeignObjects {
  readonly layouts: number;
  /** Objects of these layouts that were listed. */
  readonly objects: number;
  /** One of those that were opened, and why it is no log. */
  readonly example: { readonly key: string; readonly message: string };
}

export interface OwnLogs {
  /** What was found, without the foreign layouts; everything if no layout holds logs. */
  readonly own: Newest;
  readonly foreign?: ForeignObjects;
}

/** Layouts that are looked into, the likeliest first. */
const MOST_LAYOUTS = 20;

/** Objects of a layout that are opened until one holds an event. */
const TRIES = 3;

/** Plain bytes that tell what an object is. */
const FIRST_BYTES = 256 * 1024;

/** Keys that are no logs of ALTR by their name: they are opened last. */
const UNLIKELY = /(^|\/)AWSLogs\/|\.(parquet|orc|avro|csv|zip|tar|bak|dump)(\.|$)/i;

/** Opens an object of each layout, if there are several, and leaves out the layouts that hold nothing of ALTR's. */
export async function ownLogs(store: ObjectStore, newest: Newest, now: number): Promise<OwnLogs> {
  const layouts = [...byLayout(deliveredObjects(newest)).entries()].sort(
    ([, a], [, b]) => likelihood(b) - likelihood(a),
  );
  if (layouts.length < 2) return { own: newest };
  const foreign = new Map<string, SampledObject>();
  let hasOwn = false;
  for (const [template, objects] of layouts.slice(0, MOST_LAYOUTS)) {
    const opened = await firstForeign(store, objects, now);
    if (opened) foreign.set(template, opened);
    else hasOwn = true;
  }
  // What was not opened because others come first counts as foreign only beside real logs.
  const isOwn = ({ key }: ListedObject) => {
    const template = datePartitionOf(key)?.template ?? '';
    return !foreign.has(template) && layouts.findIndex(([name]) => name === template) < MOST_LAYOUTS;
  };
  const [example] = foreign.values();
  if (!example) return { own: newest };
  const objects = newest.recent.filter((object) => !isOwn(object)).length;
  const described = {
    layouts: foreign.size,
    objects,
    example: { key: example.key, message: example.bad.examples[0]?.message ?? '' },
  };
  if (!hasOwn) return { own: newest, foreign: described };
  const recent = newest.recent.filter(isOwn);
  return { own: { ...newest, recent, newest: recent[0] }, foreign: described };
}

/** The first object of a layout, if none of its newest objects can be a log of ALTR. */
async function firstForeign(
  store: ObjectStore,
  objects: readonly ListedObject[],
  now: number,
): Promise<SampledObject | undefined> {
  let first: SampledObject | undefined;
  for (const object of objects.slice(0, TRIES)) {
    const opened = await sample(store, object, now, FIRST_BYTES);
    if (!opened.isForeign) return undefined;
    first ??= opened;
  }
  return first;
}

function likelihood([first]: readonly ListedObject[]): number {
  return first && UNLIKELY.test(first.key) ? 0 : 1;
}

/** When events of a kind arrived last, as far as it was looked for. */
export interface KindArrival {
  /** Milliseconds since 1970; missing if no object with such an event was found. */
  readonly lastModified?: number;
  readonly key?: string;
  /** Objects that were opened. */
  readonly opened: number;
  /** Why a newer one may exist, as a clause; missing if none can. */
  readonly inexactBecause?: string;
}

export interface KindSearch {
  readonly now: number;
  readonly clientId?: string;
  /** How far back to look for each kind, milliseconds. */
  readonly every: Partial<Readonly<Record<AuditKind, number>>>;
}

/** Objects that are opened to look for rare kinds, beyond the sample. */
const MOST_OPENED = 60;

/** List calls for that. */
const MOST_CALLS = 60;

/** Looks for the newest object with an event of each kind: in the sample, then further back within each kind's interval. */
export async function newestOfKinds(
  store: ObjectStore,
  own: Newest,
  sampled: readonly SampledObject[],
  { now, every, clientId }: KindSearch,
): Promise<Partial<Record<AuditKind, KindArrival>>> {
  const opened = new Map(sampled.map((object) => [object.key, object]));
  const kinds = Object.keys(every) as AuditKind[];
  const since = (kind: AuditKind) => now - (every[kind] ?? 0);
  const holds = (object: SampledObject, kind: AuditKind) =>
    object.kinds[kind] > 0 &&
    (clientId === undefined ||
      object.clients.some((its) => its.clientId.toLowerCase() === clientId.toLowerCase()));
  const newestOf = (kind: AuditKind) =>
    [...opened.values()]
      .filter((object) => holds(object, kind))
      .sort((a, b) => b.lastModified - a.lastModified)[0];
  const isLate = (kind: AuditKind) => (newestOf(kind)?.lastModified ?? 0) < since(kind);
  const late = kinds.filter(isLate);
  let listed: readonly ListedObject[] = [];
  let doubt: string | undefined;
  if (late.length > 0) {
    const found = await objectsOf(store, own, Math.min(...late.map(since)), now);
    listed = found.objects;
    doubt = found.doubt;
    // In turn of each layout, so that a kind with folders of its own is found at once.
    const waiting = inTurn(listed).filter(({ key }) => !opened.has(key));
    for (const object of waiting.slice(0, MOST_OPENED)) {
      if (!late.some((kind) => isLate(kind) && object.lastModified >= since(kind))) continue;
      opened.set(object.key, await sample(store, object, now, DEFAULT_BYTES));
    }
  }
  const result: Partial<Record<AuditKind, KindArrival>> = {};
  for (const kind of kinds) {
    const newest = newestOf(kind);
    const unopened = listed.filter(
      ({ key, lastModified }) => lastModified >= since(kind) && !opened.get(key)?.isWhole,
    );
    const ownFolder = newest && hasFolderOfItsOwn([...opened.values()], newest, kind);
    result[kind] = {
      lastModified: newest?.lastModified,
      key: newest?.key,
      opened: opened.size,
      inexactBecause:
        doubt ??
        (isLate(kind) && unopened.length > 0 && !ownFolder
          ? `${unopened.length} of the ${listed.length} objects since then were not opened, or not to their end`
          : undefined),
    };
  }
  return result;
}

/** Whether a kind arrives in a layout of its own: then objects of other layouts need not be opened to know that it stopped. */
function hasFolderOfItsOwn(
  opened: readonly SampledObject[],
  newest: SampledObject,
  kind: AuditKind,
): boolean {
  const template = datePartitionOf(newest.key)?.template;
  const isBeside = ({ key }: SampledObject) => datePartitionOf(key)?.template !== template;
  const others = opened.filter(isBeside);
  return (
    others.length > 0 &&
    others.every(({ kinds }) => kinds[kind] === 0) &&
    opened.filter((object) => !isBeside(object)).every(({ kinds }) => isOnly(kinds, kind))
  );
}

function isOnly(kinds: SampledObject['kinds'], kind: AuditKind): boolean {
  return Object.entries(kinds).every(([name, count]) => name === kind || count === 0);
}

/** Objects of the own layouts since an instant, the newest first. */
async function objectsOf(
  store: ObjectStore,
  own: Newest,
  since: number,
  now: number,
): Promise<{ objects: ListedObject[]; doubt?: string }> {
  const templates = new Set(own.recent.map(({ key }) => datePartitionOf(key)?.template ?? ''));
  const roots = new Set([...templates].map(rootOf));
  const counted = new CountedStore(store, MOST_CALLS);
  const objects = new Map<string, ListedObject>();
  let doubt: string | undefined;
  try {
    for (const prefix of roots) {
      const where = { since, now, prefix, isDatedOnly: !templates.has('') };
      for await (const object of objectsSince(counted, where)) {
        if (templates.has(datePartitionOf(object.key)?.template ?? '')) objects.set(object.key, object);
      }
    }
  } catch (error) {
    if (!(error instanceof CallsExhausted)) throw error;
    doubt = error.message;
  }
  return { objects: [...objects.values()].sort((a, b) => b.lastModified - a.lastModified), doubt };
}
