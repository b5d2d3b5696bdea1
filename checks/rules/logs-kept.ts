/** The bucket's lifecycle deletes no logs, or not sooner than the config declares. */
import { daysInWords } from '../../config/duration';
import type { ProvisionedOptions } from '../../config/options';
import { judged, notLookedAt, orAsDeclared } from '../evidence/declared';
import { lazily } from '../evidence/lazily';
import { declaredDays, type Expiry, expiriesOf, keepsVersions, nameOf } from '../evidence/lifecycle';
import { type Outcome, unread } from '../evidence/outcome';
import type { BucketObservation } from '../observe/observation';
import { keepLogs } from '../remedy/lifecycle';
import { bucketRule } from './rule';

/** Undeclared, nobody means it to be less. */
const FEWEST_DAYS = 7;

export const logsKept = bucketRule(
  {
    id: 'logs-kept',
    title: 'The bucket’s lifecycle deletes no logs, or not sooner than declared',
    severity: 'high',
    requirement: {
      text: 'Accept all default values for bucket creation. (S3’s default is no lifecycle: nothing is deleted.)',
      source:
        'vendor page, “Configuring an S3 Bucket for Audit Log Export”, step 1; `retention` in your config',
    },
    risk: 'S3 deletes audit logs before anybody needs them, silently and for good: there is no trail of what happened.',
    remediation:
      'Take the deletion out of the lifecycle, or put it off until the declared day; declare in `retention.expireAfterDays` ' +
      'what is meant.',
    examples: {
      violating: {
        summary: 'A rule deletes every log after a day.',
        setUp: {
          bucket: {
            lifecycle: {
              state: 'value',
              value: {
                rules: [
                  {
                    id: 'clean-up',
                    status: 'Enabled',
                    filter: {},
                    expiration: { days: 1 },
                    transitions: [],
                    noncurrentVersionTransitions: [],
                  },
                ],
              },
            },
          },
        },
      },
      compliant: { summary: 'The bucket has no lifecycle.', setUp: {} },
    },
  },
  (bucket, context) =>
    judged(bucket.lifecycle, 'the bucket’s lifecycle', (lifecycle) => {
      const expiries = expiriesOf(lifecycle?.rules ?? []);
      const wrong = (expiry: Expiry) => isTooSoon(expiry, bucket, context.declared);
      const remedy = lazily(() =>
        lifecycle ? keepLogs(lifecycle, expiries.filter(wrong), context) : undefined,
      );
      const outcomes = expiries.flatMap((expiry): Outcome[] => {
        const days = declaredDays(context.declared, expiry.of);
        const message = `${nameOf(expiry.rule)} deletes ${inWords(expiry)}, ${
          days === undefined ? 'which the config does not declare' : `and the config declares ${after(days)}`
        }.`;
        const found = { message, expected: days ?? null, actual: expiry.rule };
        const { versioning } = bucket;
        if (needsVersions(expiry, context.declared)) {
          if (!versioning) return [notLookedAt('the bucket’s versioning')];
          if (versioning.state === 'unreadable') return [unread(versioning.reason)];
        }
        if (wrong(expiry))
          return [{ status: 'fail', fact: factOf(expiry, days), ...found, remediation: remedy() }];
        if (days !== undefined) return [];
        const declareIt =
          expiry.of === 'logs'
            ? `retention.expireAfterDays: ${expiry.days}`
            : `retention.noncurrentExpireAfterDays: ${expiry.days}`;
        return [
          {
            status: 'advice',
            fact: factOf(expiry, days),
            ...found,
            remediation: {
              summary: `Declare it in the config (${declareIt}), or take the deletion out of the lifecycle.`,
            },
          },
        ];
      });
      return orAsDeclared(
        outcomes,
        expiries.length === 0
          ? 'The bucket’s lifecycle deletes no logs.'
          : 'The bucket’s lifecycle deletes no logs sooner than it may.',
      );
    }),
);

/** Sooner than declared; undeclared, so soon that nobody means it. A bucket that never had versioning has no former versions. */
function isTooSoon(expiry: Expiry, bucket: BucketObservation, declared: Declared): boolean {
  const days = declaredDays(declared, expiry.of);
  if (days !== undefined) return expiry.days < days;
  const hasAny = !needsVersions(expiry, declared) || bucket.versioning?.state === 'value';
  return expiry.days < FEWEST_DAYS && hasAny;
}

/** Whether it is too soon only if there are former versions, and the config does not say whether there are. */
function needsVersions({ of, days }: Expiry, declared: Declared): boolean {
  return (
    of === 'former versions' &&
    days < FEWEST_DAYS &&
    declaredDays(declared, of) === undefined &&
    !keepsVersions(declared)
  );
}

type Declared = ProvisionedOptions | undefined;

function factOf({ of }: Expiry, declared: number | undefined): string {
  const what = of === 'logs' ? 'logs' : 'versions';
  return `${declared === undefined ? 'undeclared' : 'early'}-expiry-of-${what}`;
}

function inWords({ of, days, date, rule }: Expiry): string {
  if (date !== undefined) return `all logs on ${date}, and from then on each as soon as it is written`;
  const kept = rule.noncurrentVersionExpiration?.newerNoncurrentVersions;
  const but = of === 'former versions' && kept !== undefined ? ` but the newest ${kept}` : '';
  return `${of}${but} ${after(days)}`;
}

function after(days: number): string {
  return `after ${daysInWords(days)}`;
}
