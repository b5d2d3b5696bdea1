/** Logs arrive: recently, of this tenant, readable. Opt-in, since it reads the logs themselves. */

import { inWords } from '../../config/duration';
import { deliveryExpectation } from '../../config/options/delivery';
import type { RuleContext } from '../evidence/context';
import { judgeSample } from '../evidence/delivery-sample';
import { type Outcome, unread } from '../evidence/outcome';
import type { DeliveryObservation, NewestLog, SampledObject } from '../observe/observation';
import type { Rule } from './rule';

/** S3 dates an object itself, so one from the future means that the auditor's own clock is wrong. */
const CLOCK_TOLERANCE = 5 * 60_000;

/** One whole object of a tenant whose logs arrive. */
const ARRIVING = {
  key: 'year=2025/month=12/day=31/hour=23/3f0a.json',
  lastModified: Date.UTC(2025, 11, 31, 23, 48),
  owner: 'c0ffee',
  encryption: 'AES256',
  kinds: { query: 40, system: 3, custom: 0, other: 0 },
  clients: [{ clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634', events: 43 }],
  bad: { count: 0, examples: [] },
  outside: 0,
  future: 0,
  isWhole: true,
};

export const deliveryAlive: Rule = {
  metadata: {
    id: 'delivery-alive',
    title: 'Logs of this tenant, and of no other, have arrived within the expected time',
    severity: 'high',
    needs: 'delivery',
    optIn: 'It is on for exports with `delivery` in the config, and where `--rule delivery-alive` names it.',
    requirement: {
      text: 'ALTR enables clients to export audit log data to an AWS S3 bucket. Audit logs are partitioned in S3 based on event time.',
      source: 'vendor page, “Amazon S3 Audit Log Export”',
    },
    risk:
      'An export that is configured correctly and delivers nothing leaves no audit trail, and nobody notices until it ' +
      'is needed.',
    remediation:
      'Press Test Access in ALTR’s portal, switch “Alerts” and “Query Audits” on there, and see whether the other rules ' +
      'pass; then ask ALTR’s support.',
    examples: {
      violating: {
        summary: 'The newest log is three days old, and one is expected every 24 hours.',
        setUp: { delivery: { lastModified: Date.UTC(2025, 11, 29), sample: [] } },
      },
      compliant: {
        summary: 'The newest log is twelve minutes old, and its events are this tenant’s.',
        setUp: { delivery: { lastModified: ARRIVING.lastModified, sample: [ARRIVING] } },
      },
    },
  },
  resource: ({ contract }) => contract.bucketArn,
  judge: (context) => {
    const { delivery } = context.observation;
    if (!delivery) return context.delivery ? [notObserved()] : [];
    if (delivery.newest.state === 'absent') return [empty(delivery, context)];
    if (delivery.newest.state === 'unreadable') {
      const { reason } = delivery.newest;
      const outcome = unread(reason);
      return [{ ...outcome, message: `${outcome.message} ${lastUse(delivery)}` }];
    }
    const newest = delivery.newest.value;
    return [...judgeAge(newest, delivery, context), ...judgeSample(newest, delivery.sample, context)];
  },
};

/**
 * Compares the arrival of this tenant's newest log with the expectation. Silent if what fresh objects hold in place of its
 * events is reported by itself.
 */
function judgeAge(newest: NewestLog, delivery: DeliveryObservation, context: RuleContext): Outcome[] {
  const { expectEvery } = context.delivery ?? deliveryExpectation();
  const now = Date.parse(context.observedAt);
  const limit = inWords(expectEvery);
  const { sample } = delivery;
  const objects = sample.state === 'value' ? sample.value : [];
  // What is no log of ALTR has no say on when one arrived; its content is judged separately.
  if (objects.length > 0 && objects.every(({ isForeign, bad }) => isForeign && bad.count > 0)) return [];
  const own = newestOwn(newest, sample, context);
  const arrived = own !== undefined && now - own <= expectEvery ? own : newest.lastModified;
  const age = now - arrived;
  const ago = `${inWords(Math.max(0, age))} ago`;
  // The time is in the message alone: a fingerprint does not depend on it.
  const data = { expected: `a log every ${limit}` };
  if (age < -CLOCK_TOLERANCE) {
    const message = `It can’t be decided: the newest log was written ${inWords(-age)} after now, so the clock of this machine is wrong.`;
    return [{ status: 'unknown', fact: 'clock', cause: 'unreadable', message, ...data }];
  }
  if (age <= expectEvery) {
    const message = `The newest log arrived ${ago}; one is expected every ${limit}.`;
    if (arrived === own) return [{ status: 'pass', fact: 'alive', message, ...data }];
    const newer = objects.filter(({ lastModified }) => own === undefined || lastModified > own);
    if (newer.some((object) => isReported(object, context))) return [];
    // Fresh objects that hold nothing prove nothing.
    const why =
      own === undefined
        ? `an object arrived ${ago}, and none that was opened holds an event of this tenant; a log is expected every ${limit}`
        : `the newest log of this tenant that was found arrived ${inWords(now - own)} ago, and one is expected every ${limit}; newer objects were found, without an event of this tenant`;
    const unknown = `It can’t be decided: ${why}. ${lastUse(delivery)}`;
    return [{ status: 'unknown', fact: 'no-event', cause: 'unreadable', message: unknown, ...data }];
  }
  if (!newest.isExact) {
    const message = `It can’t be decided: the newest log that was found arrived ${ago}, but ${newest.inexactBecause ?? 'not all were listed'} (${newest.layout.keys} objects were seen). ${lastUse(delivery)}`;
    const remediation = {
      summary:
        'Name what the keys of the logs begin with in delivery.prefix of the config, so that nothing else is listed.',
    };
    return [
      { status: 'unknown', fact: 'not-all-listed', cause: 'unreadable', message, remediation, ...data },
    ];
  }
  const message = `The newest log arrived ${ago}, and one is expected every ${limit}. ${lastUse(delivery)}`;
  return [{ status: 'fail', fact: 'stale', message, ...data }];
}

/** Whether an object's content is a finding by itself. */
function isReported({ bad, unreadable, clients }: SampledObject, { contract }: RuleContext): boolean {
  return (
    bad.count > 0 || unreadable !== undefined || clients.some(({ clientId }) => !isTenant(clientId, contract))
  );
}

/**
 * When the newest log with an event of this tenant arrived. If nothing could be opened, any object counts: unreadable
 * objects are reported separately.
 */
function newestOwn(
  newest: NewestLog,
  sample: DeliveryObservation['sample'],
  { contract }: RuleContext,
): number | undefined {
  if (sample.state === 'unreadable') return newest.lastModified;
  if (sample.state === 'absent') return undefined;
  const isNothingRead =
    sample.value.length > 0 &&
    sample.value.every(({ unreadable, clients }) => unreadable && clients.length === 0);
  if (isNothingRead) return newest.lastModified;
  const own = sample.value.filter(({ clients }) =>
    clients.some(({ clientId, events }) => events > 0 && isTenant(clientId, contract)),
  );
  return own.length > 0 ? Math.max(...own.map(({ lastModified }) => lastModified)) : undefined;
}

function isTenant(clientId: string, contract: RuleContext['contract']): boolean {
  return clientId.toLowerCase() === contract.clientId.toLowerCase();
}

function empty(delivery: DeliveryObservation, context: RuleContext): Outcome {
  const prefix = context.delivery?.prefix;
  const where = prefix ? `nothing is under the prefix ${prefix} of the config` : 'the bucket is empty';
  const message = `No log has ever arrived: ${where}. ${lastUse(delivery)}`;
  return { status: 'fail', fact: 'empty', message, expected: 'logs', actual: null };
}

function notObserved(): Outcome {
  return {
    status: 'unknown',
    fact: 'not-observed',
    cause: 'unreadable',
    message: 'It can’t be decided: the delivery was not looked at.',
    remediation: { summary: 'Run the check live, or save the observation again.' },
  };
}

/** What IAM knows of the role's use. It decides nothing, since Test Access uses the role, too. */
function lastUse({ roleLastUsed }: DeliveryObservation): string {
  switch (roleLastUsed.state) {
    case 'value':
      return `The role was last used at ${roleLastUsed.value}.`;
    case 'absent':
      return 'According to IAM, whose data may be four hours old, the role was not used in the last 400 days.';
    case 'unreadable':
      return `When the role was last used could not be read: ${roleLastUsed.reason.message}.`;
  }
}
