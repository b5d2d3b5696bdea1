/** The lifecycles in which logs-kept decides the outcome, each with the outcome of every rule. */
import type { BucketObservation } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import { lifecycle, refused, value } from './builders';
import { COMPLIANT, type Expected, table } from './table';

const LOST: Expected = { fail: ['logs-kept'] };
const ADVICE: Expected = { advice: ['logs-kept'] };

const UNSEEN: Expected = { unknown: ['logs-kept'] };

const versions = (noncurrentDays: number, versioning?: BucketObservation['versioning']): SetUp => {
  const soon = lifecycle({ noncurrentVersionExpiration: { noncurrentDays } });
  return { ...soon, bucket: { ...soon.bucket, versioning } };
};

// Source: Amazon S3 User Guide, "Lifecycle configuration elements".
table('a deletion that nobody declared', [
  ['after a day', lifecycle({ expiration: { days: 1 } }), LOST],
  ['after six days', lifecycle({ expiration: { days: 6 } }), LOST],
  ['after seven days', lifecycle({ expiration: { days: 7 } }), ADVICE],
  ['after a year', lifecycle({ expiration: { days: 365 } }), ADVICE],
  [
    'after a day, of a rule that is off',
    lifecycle({ status: 'Disabled', expiration: { days: 1 } }),
    COMPLIANT,
  ],
  ['after a day, by prefix', lifecycle({ filter: { prefix: 'year=' }, expiration: { days: 1 } }), LOST],
  [
    'after a day, by tag',
    lifecycle({ filter: { tags: [{ key: 'a', value: 'b' }] }, expiration: { days: 1 } }),
    LOST,
  ],
  [
    'after a day, by size',
    lifecycle({ filter: { objectSizeLessThan: 1000 }, expiration: { days: 1 } }),
    LOST,
  ],
  [
    'on a date, which is for all later logs',
    lifecycle({ expiration: { date: '2030-01-01T00:00:00Z' } }),
    LOST,
  ],
  ['of delete markers alone', lifecycle({ expiration: { expiredObjectDeleteMarker: true } }), COMPLIANT],
  [
    'of incomplete uploads alone',
    lifecycle({ abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }),
    COMPLIANT,
  ],
  [
    'a move to cheaper storage',
    lifecycle({ transitions: [{ days: 1, storageClass: 'GLACIER' }] }),
    COMPLIANT,
  ],
  ['of former versions, of which nobody knows whether there are any', versions(1), ADVICE],
  ['of former versions, which the bucket does not have', versions(1, { state: 'absent' }), ADVICE],
  ['of former versions after a day', versions(1, value({ status: 'Enabled' })), LOST],
  ['of those that are left of a time with versioning', versions(6, value({ status: 'Suspended' })), LOST],
  ['of former versions after seven days', versions(7, value({ status: 'Enabled' })), ADVICE],
  [
    'of former versions, if AWS does not tell of versioning',
    versions(1, refused('s3:GetBucketVersioning')),
    UNSEEN,
  ],
  [
    'one of two rules',
    lifecycle({ expiration: { days: 400 } }, { expiration: { days: 2 } }),
    {
      ...LOST,
      advice: ['logs-kept'],
    },
  ],
  ['no lifecycle at all', {}, COMPLIANT],
]);

const year: SetUp = { declares: { retention: { expireAfterDays: 365 } } };

table('a deletion that was declared', [
  ['as declared', { ...year, ...lifecycle({ expiration: { days: 365 } }) }, COMPLIANT],
  ['a day sooner', { ...year, ...lifecycle({ expiration: { days: 364 } }) }, LOST],
  [
    'a day sooner by a prefix alone',
    {
      ...year,
      ...lifecycle(
        { expiration: { days: 365 } },
        { filter: { prefix: 'year=2026/' }, expiration: { days: 364 } },
      ),
    },
    LOST,
  ],
  [
    'declared to be after three days, and so it is',
    {
      declares: { retention: { expireAfterDays: 3 } },
      ...lifecycle({ expiration: { days: 3 } }),
    },
    COMPLIANT,
  ],
]);

table('a lifecycle that was not seen', [
  [
    'AWS refused to show it',
    { bucket: { lifecycle: refused('s3:GetLifecycleConfiguration') } },
    { unknown: ['logs-kept'] },
  ],
  ['an older observation lacks it', { bucket: { lifecycle: undefined } }, { advice: ['logs-kept'] }],
]);
