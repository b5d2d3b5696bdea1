/** Judges the objects that were opened for the rule delivery-alive. */
import type { BucketObservation, DeliveryObservation, NewestLog } from '../observe/observation';
import type { RuleContext } from './context';
import { type Outcome, unread } from './outcome';

type Objects = Extract<DeliveryObservation['sample'], { state: 'value' }>['value'];

export function judgeSample(
  newest: NewestLog,
  sample: DeliveryObservation['sample'],
  context: RuleContext,
): Outcome[] {
  if (sample.state === 'unreadable') return [unread(sample.reason), ...keysOutcomes(newest)];
  const objects = sample.state === 'value' ? sample.value : [];
  return [
    ...unreadableObjects(objects),
    ...foreignClients(objects, context),
    ...badRecords(objects),
    ...foreignOwners(objects, context),
    ...kinds(objects, context),
    ...otherEncryption(objects, context),
    ...wrongTimes(objects),
    ...keysOutcomes(newest),
  ];
}

/** An unreadable object proves nothing about the others, and is reported. */
function unreadableObjects(objects: Objects): Outcome[] {
  const reasons = objects.flatMap(({ key, unreadable }) => (unreadable ? [{ key, ...unreadable }] : []));
  const [first] = reasons;
  if (!first) return [];
  const { key, message, ...detail } = first;
  const count = `${reasons.length} of the ${objects.length} newest logs could not be read, such as ${key}`;
  return [unread({ message: `${count}: ${message}`, ...detail })];
}

/** Another tenant's events in this bucket: their logs leaked to us, and ours may leak to them. */
function foreignClients(objects: Objects, { contract }: RuleContext): Outcome[] {
  const own = contract.clientId.toLowerCase();
  const foreign = objects.flatMap(({ key, clients }) =>
    clients
      .filter(({ clientId }) => clientId.toLowerCase() !== own)
      .map(({ clientId }) => ({ clientId, key })),
  );
  if (foreign.length === 0) return [];
  const ids = [...new Set(foreign.map(({ clientId }) => clientId))].sort();
  return [
    {
      status: 'fail',
      fact: 'foreign-client',
      severity: 'critical',
      message: `The bucket holds events of another ALTR client: ${ids.slice(0, 5).join(', ')}, such as in ${foreign[0]?.key}.`,
      risk: 'Another tenant’s audit logs are exported into this bucket, or yours are mixed with theirs.',
      expected: contract.clientId,
      actual: ids,
      remediation: {
        summary:
          'Compare clientId in the config with ALTR (Settings → Preferences → Organization); if it is right, tell ALTR.',
      },
    },
  ];
}

/** A record that was not understood proves nothing. */
function badRecords(objects: Objects): Outcome[] {
  const bad = objects.filter(({ bad: { count } }) => count > 0);
  const [first] = bad;
  if (!first) return [];
  const [example] = first.bad.examples;
  const count = bad.reduce((sum, object) => sum + object.bad.count, 0);
  return [
    {
      status: 'unknown',
      fact: 'not-understood',
      cause: 'not-understood',
      message: `It can’t be decided: ${count === 1 ? 'a record is' : `${count} records are`} no valid audit event; in ${first.key} at byte ${example?.offset ?? 0}: ${example?.message ?? ''}.`,
      remediation: {
        summary:
          'Look at the object with altr-export logs validate; if ALTR’s format has changed, upgrade this tool.',
      },
    },
  ];
}

/** An object that somebody else owns can't be read by the bucket's owner (Amazon S3 User Guide, "Controlling ownership of objects"). */
function foreignOwners(objects: Objects, { observation }: RuleContext): Outcome[] {
  const owned = objects.filter(({ owner }) => owner !== undefined);
  if (owned.length === 0 || observation.bucket.state !== 'value') return [];
  const { acl } = observation.bucket.value;
  if (acl.state !== 'value') return acl.state === 'unreadable' ? [unread(acl.reason)] : [];
  const foreign = owned.filter(({ owner }) => owner !== acl.value.owner);
  const [first] = foreign;
  if (!first) return [];
  return [
    {
      status: 'fail',
      fact: 'foreign-owner',
      message: `Logs belong to another account than the bucket, such as ${first.key}.`,
      risk: 'You can’t read your own audit logs.',
      expected: acl.value.owner,
      actual: [...new Set(foreign.map(({ owner }) => owner))],
      remediation: { summary: 'Set the bucket’s Object Ownership to Bucket owner enforced.' },
    },
  ];
}

const KINDS = ['query', 'system', 'custom'] as const;

/** The kinds of events that arrive. The portal's switches can only be guessed from them. */
function kinds(objects: Objects, { delivery }: RuleContext): Outcome[] {
  const total = (kind: 'query' | 'system' | 'custom') =>
    objects.reduce((sum, object) => sum + object.kinds[kind], 0);
  const seen = { query: total('query'), system: total('system'), custom: total('custom') };
  if (seen.query + seen.system + seen.custom === 0) return [];
  const missing = (delivery?.kinds ?? []).filter((kind) => seen[kind] === 0);
  const text = `${objects.length === 1 ? 'one object' : `${objects.length} objects`} with ${seen.query} Query, ${seen.system} System and ${seen.custom} Custom Audits`;
  if (missing.length === 0) {
    return [{ status: 'pass', fact: 'kinds', message: `The newest logs were opened: ${text}.` }];
  }
  const switches = missing.flatMap((kind) => SWITCHES[kind] ?? []);
  const guess =
    switches.length > 0 ? ` Perhaps ${switches.join(' and ')} is switched off in ALTR’s portal.` : '';
  return [
    {
      status: 'advice',
      fact: 'kinds-missing',
      message: `No ${missing.join(' and no ')} audit is among the newest logs: ${text}.${guess}`,
      expected: delivery?.kinds,
      actual: KINDS.filter((kind) => seen[kind] > 0),
    },
  ];
}

/** The portal's switches. The kinds that each turns on are guessed from its name. */
const SWITCHES: Readonly<Record<string, string>> = { query: '“Query Audits”', system: '“Alerts”' };

/** Objects that are not encrypted as the bucket's default says: ALTR asked for that in its request. */
function otherEncryption(objects: Objects, { observation }: RuleContext): Outcome[] {
  if (objects.length === 0 || observation.bucket.state === 'absent') return [];
  if (observation.bucket.state === 'unreadable') return [unread(observation.bucket.reason)];
  const { encryption: seen, kmsKey } = observation.bucket.value;
  if (seen.state !== 'value') return seen.state === 'unreadable' ? [unread(seen.reason)] : [];
  const { algorithm } = seen.value;
  const other = objects.filter(({ encryption }) => encryption !== undefined && encryption !== algorithm);
  const [first] = other;
  if (!first) return kmsKey ? otherKey(objects, kmsKey) : [];
  return [
    {
      status: 'advice',
      fact: 'other-encryption',
      message: `${other.length} of the newest logs are encrypted with ${first.encryption}, not with the bucket’s default ${algorithm}, such as ${first.key}.`,
      expected: algorithm,
      actual: [...new Set(other.map(({ encryption }) => encryption))],
    },
  ];
}

/** Objects that are encrypted with another key than the bucket's: readers with access to the bucket's key can't read them. */
function otherKey(objects: Objects, kmsKey: NonNullable<BucketObservation['kmsKey']>): Outcome[] {
  const keyed = objects.filter(({ kmsKeyArn }) => kmsKeyArn !== undefined);
  if (keyed.length === 0 || kmsKey.state === 'absent') return [];
  if (kmsKey.state === 'unreadable') return [unread(kmsKey.reason)];
  const { arn } = kmsKey.value;
  const other = keyed.filter(({ kmsKeyArn }) => kmsKeyArn !== arn);
  const [first] = other;
  if (!first) return [];
  return [
    {
      status: 'advice',
      fact: 'other-key',
      message: `${other.length} of the newest logs are encrypted with the key ${first.kmsKeyArn}, not with the bucket’s ${arn}, such as ${first.key}.`,
      expected: arn,
      actual: [...new Set(other.map(({ kmsKeyArn }) => kmsKeyArn))],
    },
  ];
}

/** ALTR partitions by event time. If that does not hold, readers that read by partition miss events. */
function wrongTimes(objects: Objects): Outcome[] {
  const outcomes: Outcome[] = [];
  const outside = objects.filter((object) => object.outside > 0);
  if (outside[0]) {
    const message = `Events are in a partition of another time, such as in ${outside[0].key}: readers that read by partition miss them.`;
    outcomes.push({ status: 'advice', fact: 'outside-partition', message });
  }
  const future = objects.filter((object) => object.future > 0);
  if (future[0]) {
    const message = `Events are dated in the future, such as in ${future[0].key}: a clock is wrong.`;
    outcomes.push({ status: 'advice', fact: 'future-events', message });
  }
  return outcomes;
}

/** Other keys in the bucket. */
function keysOutcomes({ layout, future }: NewestLog): Outcome[] {
  const outcomes: Outcome[] = [];
  const { undated, confidence } = layout;
  if (confidence !== 'none' && undated.count > 0) {
    const message = `The bucket holds objects without a date in their key: ${undated.count} were seen, such as ${undated.examples[0]}.`;
    outcomes.push({ status: 'advice', fact: 'foreign-objects', message });
  }
  if (future.length > 0) {
    const message = `Partitions are dated in the future, such as ${future[0]}: a clock is wrong.`;
    outcomes.push({ status: 'advice', fact: 'future-partitions', message });
  }
  return outcomes;
}
