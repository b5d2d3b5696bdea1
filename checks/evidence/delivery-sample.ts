/** Judges the objects that were opened for the rule delivery-alive. */
import { inWords } from '../../config/duration';
import type { BucketObservation, DeliveryObservation, NewestLog } from '../observe/observation';
import type { RuleContext } from './context';
import { needing, type Outcome, unread } from './outcome';

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
    ...badRecords(objects, newest),
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
  const [first] = foreign;
  if (!first) return [];
  const ids = [...new Set(foreign.map(({ clientId }) => clientId))].sort();
  return [
    {
      status: 'fail',
      fact: 'foreign-client',
      severity: 'critical',
      message: `The bucket holds events of another ALTR client: ${ids.slice(0, 5).join(', ')}, such as in ${first.key}.`,
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

/** What was not understood is no proof of anything. */
function badRecords(objects: Objects, { layout }: NewestLog): Outcome[] {
  const bad = objects.filter(({ bad: { count } }) => count > 0);
  const [first] = bad;
  if (!first) return [];
  const [example] = first.bad.examples;
  const isNothingOfALTR =
    bad.every(({ isForeign }) => isForeign) && objects.every(({ clients }) => clients.length === 0);
  const count = bad.reduce((sum, object) => sum + object.bad.count, 0);
  return [
    {
      status: 'unknown',
      fact: 'not-understood',
      cause: 'not-understood',
      message:
        `It can’t be decided: ${count === 1 ? 'a record is' : `${count} records are`} no valid audit event; in ${first.key}${example ? ` at byte ${example.offset}: ${example.message}` : ''}.` +
        (isNothingOfALTR
          ? ` None of the ${objects.length} objects that were opened, of ${layout.keys} that were seen, holds an audit event.`
          : ''),
      remediation: {
        summary: isNothingOfALTR
          ? 'If the logs are elsewhere in the bucket, name what their keys begin with in delivery.prefix of the config.'
          : 'Look at the object with altr-export logs validate; if ALTR’s format has changed, upgrade this tool.',
      },
    },
  ];
}

/** An object that somebody else owns can't be read by the bucket's owner (Amazon S3 User Guide, "Controlling ownership of objects"). */
function foreignOwners(objects: Objects, { observation }: RuleContext): readonly Outcome[] {
  const owned = objects.filter(({ owner }) => owner !== undefined);
  if (owned.length === 0 || observation.bucket.state !== 'value') return [];
  return needing(observation.bucket.value.acl, (acl) => {
    const foreign = owned.filter(({ owner }) => owner !== acl.owner);
    const [first] = foreign;
    if (!first) return [];
    return [
      {
        status: 'fail',
        fact: 'foreign-owner',
        message: `Logs belong to another account than the bucket, such as ${first.key}.`,
        risk: 'You can’t read your own audit logs.',
        expected: acl.owner,
        actual: [...new Set(foreign.map(({ owner }) => owner))],
        remediation: { summary: 'Set the bucket’s Object Ownership to Bucket owner enforced.' },
      },
    ];
  });
}

type Kind = 'query' | 'system' | 'custom';

/** Which kinds arrive, and whether each declared kind arrived within its interval. */
function kinds(objects: Objects, context: RuleContext): Outcome[] {
  const total = (kind: Kind | 'other') => objects.reduce((sum, object) => sum + object.kinds[kind], 0);
  const others = total('other');
  const counts = [total('query'), total('system'), total('custom')];
  if (counts.every((count) => count === 0) && others === 0) return [];
  const [query, system, custom] = counts;
  const late = lateKinds(objects, context);
  if (late.length > 0) return late;
  const text =
    `${objects.length === 1 ? 'one object' : `${objects.length} objects`} with ${query} Query, ${system} System and ` +
    `${custom} Custom Audits${others > 0 ? ` and ${others} events of no documented kind` : ''}`;
  return [{ status: 'pass', fact: 'kinds', message: `The newest logs were opened: ${text}.` }];
}

/** Declared kinds that did not arrive in time, or perhaps did not. */
function lateKinds(objects: Objects, context: RuleContext): Outcome[] {
  const { delivery, observedAt, observation } = context;
  if (!delivery?.kinds) return [];
  const now = Date.parse(observedAt);
  const seen = observation.delivery?.kinds;
  if (seen?.state === 'unreadable') return [unread(seen.reason)];
  return delivery.kinds.flatMap((kind): Outcome[] => {
    const interval = delivery.every?.[kind] ?? delivery.expectEvery;
    const { lastModified, inexactBecause } =
      (seen?.state === 'value' ? seen.value[kind] : undefined) ?? inSample(objects, kind, context);
    if (lastModified !== undefined && now - lastModified <= interval) return [];
    const name = KIND_NAMES[kind];
    const last =
      lastModified === undefined
        ? 'none was found'
        : `the newest that was found arrived ${inWords(now - lastModified)} ago`;
    const expected = `a ${name} every ${inWords(interval)}`;
    const portal =
      lastModified === undefined && SWITCHES[kind]
        ? ` Perhaps ${SWITCHES[kind]} is switched off in ALTR’s portal.`
        : '';
    if (inexactBecause !== undefined) {
      const message = `It can’t be decided whether a ${name} arrived within ${inWords(interval)}: ${last}, and ${inexactBecause}.${portal}`;
      return [{ status: 'unknown', fact: `undecided-${kind}`, cause: 'unreadable', message, expected }];
    }
    const message = `No ${name} arrived within ${inWords(interval)}: ${last}.${portal}`;
    return [{ status: 'fail', fact: `late-${kind}`, message, expected }];
  });
}

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  query: 'Query Audit',
  system: 'System Audit',
  custom: 'Custom Audit',
};

/** What the opened objects alone say of a kind: an observation from before kinds were looked for holds no more. */
function inSample(
  objects: Objects,
  kind: Kind,
  { contract }: RuleContext,
): { lastModified?: number; inexactBecause: string } {
  const own = objects.filter(
    ({ kinds: has, clients }) =>
      has[kind] > 0 &&
      clients.some(({ clientId }) => clientId.toLowerCase() === contract.clientId.toLowerCase()),
  );
  return {
    lastModified: own.length > 0 ? Math.max(...own.map(({ lastModified }) => lastModified)) : undefined,
    inexactBecause: `only ${objects.length} of the newest logs were opened`,
  };
}

/** The portal's switches; which kind each turns on is a guess from its name. */
const SWITCHES: Readonly<Partial<Record<Kind, string>>> = { query: '“Query Audits”', system: '“Alerts”' };

/** Objects that are not encrypted as the bucket's default says: ALTR asked for that in its request. */
function otherEncryption(objects: Objects, { observation }: RuleContext): readonly Outcome[] {
  if (objects.length === 0) return [];
  return needing(observation.bucket, ({ encryption: seen, kmsKey }) =>
    needing(seen, ({ algorithm }) => {
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
    }),
  );
}

/** Objects that are encrypted with another key than the bucket's: readers with access to the bucket's key can't read them. */
function otherKey(objects: Objects, kmsKey: NonNullable<BucketObservation['kmsKey']>): readonly Outcome[] {
  const keyed = objects.filter(({ kmsKeyArn }) => kmsKeyArn !== undefined);
  if (keyed.length === 0) return [];
  return needing(kmsKey, ({ arn }) => {
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
  });
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

/** What else is in the bucket. */
function keysOutcomes({ layout, future, foreign }: NewestLog): Outcome[] {
  const outcomes: Outcome[] = [];
  const { undated, confidence } = layout;
  if (foreign) {
    const { layouts, example } = foreign;
    const message =
      `Objects that are no audit logs of ALTR are in the bucket, in ${layouts === 1 ? 'one layout' : `${layouts} layouts`} of ` +
      `dated keys, such as ${example.key}: ${example.message}. Name what the logs’ keys begin with in delivery.prefix, so that they are not looked at.`;
    outcomes.push({ status: 'advice', fact: 'foreign-objects', message });
  } else if (confidence !== 'none' && undated.count > 0) {
    const message = `Objects without a date in their key are beside the logs: ${undated.count} of the ${layout.keys} that were seen, such as ${undated.examples[0]}.`;
    outcomes.push({ status: 'advice', fact: 'foreign-objects', message });
  }
  if (future.length > 0) {
    const message = `Partitions are dated in the future, such as ${future[0]}: a clock is wrong.`;
    outcomes.push({ status: 'advice', fact: 'future-partitions', message });
  }
  return outcomes;
}
