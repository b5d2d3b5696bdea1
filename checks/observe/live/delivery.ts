/** Looks at what arrives in a bucket. Only where the rule delivery-alive is on: it lists the bucket and reads some objects. */
import { GetRoleCommand } from '@aws-sdk/client-iam';
import {
  deliveredObjects,
  findLate,
  findNewest,
  type Newest,
  type ObjectStore,
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
import type { Session } from './session';

/** The export whose delivery is looked at. */
export interface DeliveryTarget extends BucketAddress {
  readonly roleName: string;
  /** The longest time without a new log, milliseconds. */
  readonly expectEvery: number;
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
    lastUsed(session, target.roleName),
    arrivedIn(objectStore(session, target), target),
  ]);
  return { ...arrived, roleLastUsed };
}

/** What arrives in a store; what can't be found out is part of it. */
export async function arrivedIn(
  store: ObjectStore,
  { sample: objects, expectEvery, prefix }: Omit<DeliveryTarget, keyof BucketAddress>,
): Promise<Pick<DeliveryObservation, 'newest' | 'sample'>> {
  const now = Date.now();
  const found = await reading(async () => {
    const where = { now, prefix };
    const newest = await findNewest(store, where);
    const isLate = newest.newest !== undefined && newest.newest.lastModified < now - expectEvery;
    return isLate ? findLate(store, newest, { ...where, since: now - expectEvery }) : newest;
  });
  if (found.state !== 'value') return { newest: found, sample: found };
  const log = newestLog(found.value);
  if (!log) {
    const { isExact, inexactBecause = 'not all were listed' } = found.value;
    if (isExact) return { newest: ABSENT, sample: ABSENT };
    const unknown = unreadable({ message: `no log was found, but ${inexactBecause}` });
    return { newest: unknown, sample: unknown };
  }
  const options = { now, objects };
  return { newest: known(log), sample: await reading(() => sampleObjects(store, found.value, options)) };
}

function newestLog(newest: Newest): NewestLog | undefined {
  const [first] = deliveredObjects(newest);
  if (!first) return undefined;
  const { isExact, inexactBecause, detection, future, calls } = newest;
  return {
    key: first.key,
    lastModified: first.lastModified,
    isExact,
    inexactBecause,
    layout: detection,
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

/** IAM knows it with a delay of up to four hours (IAM User Guide, "Last accessed information"). */
async function lastUsed(session: Session, RoleName: string): Promise<Observed<string>> {
  const iam = session.clients.iam();
  const used = await session.ask(
    'iam:GetRole',
    session.clients.region,
    (options) => iam.send(new GetRoleCommand({ RoleName }), options),
    ({ Role }) => Role && { at: Role.RoleLastUsed?.LastUsedDate?.toISOString() },
  );
  if (used.state !== 'value') return used;
  return used.value.at === undefined ? ABSENT : known(used.value.at);
}
