/** Looks at what arrives in a bucket. Only where the rule delivery-alive is on: it lists the bucket and reads some objects. */
import {
  type AuditKind,
  deliveredObjects,
  type ForeignObjects,
  findLate,
  findNewest,
  type Newest,
  newestOfKinds,
  type ObjectStore,
  ownLogs,
  StoreError,
  sampleObjects,
} from '../../../logs';
import {
  ABSENT,
  type DeliveryObservation,
  known,
  type NewestLog,
  type Observed,
  unreadable,
} from '../observation';
import { type BucketAddress, objectStore } from './objects';
import { lastUseOf } from './role';
import type { Session } from './session';

/** The export whose delivery is looked at. */
export interface DeliveryTarget extends BucketAddress {
  readonly roleName: string;
  /** The longest time without a new log, milliseconds. */
  readonly expectEvery: number;
  /** The longest time without an event of each declared kind, milliseconds. */
  readonly kinds?: Partial<Readonly<Record<AuditKind, number>>>;
  /** Whose events count as arrived. */
  readonly clientId?: string;
  /** Objects to open. */
  readonly sample?: number;
  /** What the keys of the logs begin with. */
  readonly prefix?: string;
}

export async function observeDelivery(
  session: Session,
  target: DeliveryTarget,
): Promise<DeliveryObservation> {
  const [roleLastUsed, arrived] = await Promise.all([
    lastUseOf(session, target.roleName),
    arrivedIn(objectStore(session, target), target),
  ]);
  return { ...arrived, roleLastUsed };
}

/** What arrives in a store; what can't be found out is part of it. */
export async function arrivedIn(
  store: ObjectStore,
  { sample: objects, expectEvery, prefix, kinds: every, clientId }: Omit<DeliveryTarget, keyof BucketAddress>,
): Promise<Pick<DeliveryObservation, 'newest' | 'sample' | 'kinds'>> {
  const now = Date.now();
  const found = await reading(async () => {
    const where = { now, prefix };
    const { own, foreign } = await ownLogs(store, await findNewest(store, where), now);
    const isLate = own.newest !== undefined && own.newest.lastModified < now - expectEvery;
    if (!isLate) return { own, foreign };
    const late = await findLate(store, own, { ...where, since: now - expectEvery });
    // The second look may have met the foreign objects again.
    return { own: foreign ? (await ownLogs(store, late, now)).own : late, foreign };
  });
  if (found.state !== 'value') return { newest: found, sample: found };
  const { own, foreign } = found.value;
  const log = newestLog(own, foreign);
  if (!log) {
    const { isExact, inexactBecause = 'not all were listed' } = own;
    if (isExact) return { newest: ABSENT, sample: ABSENT };
    const unknown = unreadable({
      message: `no log was found among the ${own.detection.keys} objects that were seen, but ${inexactBecause}; name what the logs’ keys begin with in delivery.prefix`,
    });
    return { newest: unknown, sample: unknown };
  }
  const sample = await reading(() => sampleObjects(store, own, { now, objects }));
  if (every === undefined || sample.state !== 'value') return { newest: known(log), sample };
  const search = { now, every, clientId };
  const kinds = await reading(() => newestOfKinds(store, own, sample.value, search));
  return { newest: known(log), sample, kinds };
}

function newestLog(newest: Newest, foreign: ForeignObjects | undefined): NewestLog | undefined {
  const [first] = deliveredObjects(newest);
  if (!first) return undefined;
  const { isExact, inexactBecause, detection, future, calls } = newest;
  return {
    key: first.key,
    lastModified: first.lastModified,
    isExact,
    inexactBecause,
    layout: detection,
    foreign,
    future: future.slice(0, 5),
    listCalls: calls,
  };
}

/** A store that can't be read is part of the observation. */
async function reading<T>(read: () => Promise<T>): Promise<Observed<T>> {
  try {
    return known(await read());
  } catch (error) {
    if (error instanceof StoreError) return unreadable({ message: error.message, ...error.detail });
    throw error;
  }
}
