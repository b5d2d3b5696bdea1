/**
 * Tells ALTR's logs from what else is in a bucket, and looks for the newest log of each kind. Facts only: it judges nothing.
 */
import type { AuditKind } from './events/event';
import { byLayout, datePartitionOf, detectLayouts, inTurn, rootOf } from './layout/layout';
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

/** Objects of a layout that are opened until one holds an event: the newest, and as many again among the rest. */
const TRIES = 3;

/** Plain bytes that tell what an object is. */
const FIRST_BYTES = 256 * 1024;

/** Keys that are no logs of ALTR by their name: they are opened last. */
const UNLIKELY = /(^|\/)AWSLogs\/|\.(parquet|orc|avro|csv|zip|tar|bak|dump)(\.|$)/i;

/**
 * Opens an object of each layout, if there are several, and leaves out the layouts that hold nothing of ALTR's. Objects without
 * a date count only where no dated one is a log.
 */
export async function ownLogs(store: ObjectStore, newest: Newest, now: number): Promise<OwnLogs> {
  const layouts = [...byLayout(deliveredObjects(newest)).entries()].sort(
    ([, a], [, b]) => likelihood(b) - likelihood(a),
  );
  const undated = newest.undated ?? [];
  if (layouts.length < 2 && undated.length === 0) return { own: newest };
  const foreign = new Map<string, SampledObject>();
  let hasOwn = false;
  // Objects of layouts that looked foreign as far as they were opened, but may hold logs among the rest.
  let unopened = 0;
  for (const [template, objects] of layouts.slice(0, MOST_LAYOUTS)) {
    const { first, rest } = await firstForeign(store, objects, now);
    if (first) foreign.set(template, first);
    else hasOwn = true;
    if (first && !isUnlikely(first.key)) unopened += rest;
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
  const doubt =
    unopened > 0
      ? `${unopened} objects were not opened that look like others, which are no logs of ALTR`
      : undefined;
  const inexactBecause = newest.inexactBecause ?? doubt;
  const within = { ...newest, isExact: inexactBecause === undefined, inexactBecause };
  if (hasOwn) {
    const recent = newest.recent.filter(isOwn);
    return { own: { ...within, recent, newest: recent[0] }, foreign: described };
  }
  if (undated.length > 0 && !(await firstForeign(store, undated, now)).first) {
    const detection = detectLayouts(undated.map(({ key }) => key));
    return { own: { ...within, recent: undated, newest: undated[0], detection }, foreign: described };
  }
  return { own: within, foreign: described };
}

/** The first object of a layout, if none of those that were opened can be a log of ALTR; and how many were not opened. */
async function firstForeign(
  store: ObjectStore,
  objects: readonly ListedObject[],
  now: number,
): Promise<{ readonly first?: SampledObject; readonly rest: number }> {
  let first: SampledObject | undefined;
  const chosen = spread(objects);
  for (const object of chosen) {
    const opened = await sample(store, object, now, FIRST_BYTES);
    if (!opened.isForeign) return { rest: 0 };
    first ??= opened;
  }
  return { first, rest: objects.length - chosen.length };
}

/** The newest objects, and where they may be logs some of the rest: others may write into the same folders. */
function spread(objects: readonly ListedObject[]): ListedObject[] {
  const newest = objects.slice(0, TRIES);
  const rest = objects.slice(TRIES);
  if (!newest[0] || isUnlikely(newest[0].key)) return newest;
  const places = Array.from({ length: TRIES }, (_, i) => Math.floor((i * (rest.length - 1)) / (TRIES - 1)));
  return [...newest, ...[...new Set(places)].flatMap((place) => rest[place] ?? [])];
}

function isUnlikely(key: string): boolean {
  return UNLIKELY.test(key);
}

function likelihood([first]: readonly ListedObject[]): number {
  return first && isUnlikely(first.key) ? 0 : 1;
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
    doubt = found.doubt ?? own.inexactBecause;
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
    result[kind] = {
      lastModified: newest?.lastModified,
      key: newest?.key,
      opened: opened.size,
      inexactBecause:
        doubt ??
        (isLate(kind) && unopened.length > 0
          ? `${unopened.length} of the ${listed.length} objects since then were not opened, or not to their end`
          : undefined),
    };
  }
  return result;
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
