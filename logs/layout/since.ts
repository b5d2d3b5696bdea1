/** Lists the objects that came since an instant, from no more partitions than can hold them. */
import type { ListedObject, ObjectStore } from '../store';
import type { DateFields } from './date-form';
import { CLOCK_SLACK, CountedStore, dateOf, listLevel } from './walk';

export interface SinceOptions {
  /** Milliseconds since 1970: objects last modified before are left out. */
  readonly since: number;
  readonly now: number;
  readonly prefix?: string;
  /** Whether to pass over folders above any date that are no date themselves. */
  readonly isDatedOnly?: boolean;
}

/**
 * Objects last modified since then, in the order of their keys. A partition that ended a day or more before is not looked
 * into, so an event that comes later than a day is missed. Throws `StoreError` where the bucket can't be listed.
 */
export async function* objectsSince(
  store: Pick<ObjectStore, 'list'>,
  options: SinceOptions,
): AsyncGenerator<ListedObject> {
  const prefix = options.prefix ?? '';
  yield* folder(new CountedStore(store), prefix, dateOf(prefix), options);
}

const LATE = 24 * 3_600_000;

async function* folder(
  store: CountedStore,
  prefix: string,
  fields: DateFields,
  options: SinceOptions,
): AsyncGenerator<ListedObject> {
  const { since, now, isDatedOnly } = options;
  const earliest = since - LATE;
  const level = await listLevel(store, prefix, fields, {
    now,
    since: earliest,
    pages: Number.POSITIVE_INFINITY,
  });
  for (const object of level.objects) {
    if (object.lastModified >= since && !object.key.endsWith('/')) yield object;
  }
  const isAboveDates = Object.keys(fields).length === 0;
  if (!isDatedOnly || !isAboveDates) {
    for (const other of level.others) yield* folder(store, other, fields, options);
  }
  for (const { prefix: dated, part } of [...level.dated].reverse()) {
    if (part.to > earliest - CLOCK_SLACK || isEpoch(part.unit))
      yield* folder(store, dated, part.fields, options);
  }
}

/** The partition that an epoch names may be of any length. */
function isEpoch(unit: string): boolean {
  return unit === 'second' || unit === 'millisecond';
}
