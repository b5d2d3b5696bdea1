/** The set-ups in which declared-retention decides the outcome, each with the outcome of every rule. */
import type { BucketObservation, LifecycleRule, ObjectLock } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import type { ExportOptionsInput } from '../../../config/options';
import { lifecycleRule, refused, value } from './builders';
import { findingsOf } from './support';
import { COMPLIANT, type Expected, table } from './table';

const WEAKER: Expected = { fail: ['declared-retention'] };
const ADVICE: Expected = { advice: ['declared-retention'] };
const UNKNOWN: Expected = { unknown: ['declared-retention'] };
type Retention = NonNullable<ExportOptionsInput['retention']>;

const on = value({ status: 'Enabled' as const });
const keeping = (retention: Retention, bucket: Partial<BucketObservation> = {}): SetUp => ({
  declares: { retention },
  bucket: { versioning: on, objectLock: { state: 'absent' }, ...bucket },
});

table('versioning is declared', [
  ['and on', keeping({ versioning: true }), COMPLIANT],
  [
    'and suspended',
    keeping({ versioning: true }, { versioning: value({ status: 'Suspended' as const }) }),
    WEAKER,
  ],
  ['and was never on', keeping({ versioning: true }, { versioning: { state: 'absent' } }), WEAKER],
  [
    'and could not be read',
    keeping({ versioning: true }, { versioning: refused('s3:GetBucketVersioning') }),
    UNKNOWN,
  ],
  ['and was not looked at', keeping({ versioning: true }, { versioning: undefined }), ADVICE],
  ['to be off, and is on', keeping({ versioning: false }), COMPLIANT],
]);

const locked = (defaultRetention?: ObjectLock['defaultRetention']): Partial<BucketObservation> => ({
  objectLock: value({ defaultRetention }),
});
const month: Retention = { objectLock: true, defaultRetention: { mode: 'GOVERNANCE', days: 30 } };
const year: Retention = { objectLock: true, defaultRetention: { mode: 'COMPLIANCE', years: 1 } };
const SENT = { checksumHeader: 'sent' } as const;

table('Object Lock is declared', [
  ['and on', keeping({ objectLock: true }, locked()), COMPLIANT],
  ['and off', keeping({ objectLock: true }), WEAKER],
  [
    'and could not be read',
    keeping({ objectLock: true }, { objectLock: refused('s3:GetBucketObjectLockConfiguration') }),
    UNKNOWN,
  ],
  ['and was not looked at', keeping({ objectLock: true }, { objectLock: undefined }), ADVICE],
  ['with a retention, and without', keeping(month, locked()), WEAKER],
  [
    'with a retention, as declared',
    keeping(month, locked({ mode: 'GOVERNANCE', days: 30 })),
    COMPLIANT,
    SENT,
  ],
  ['with a retention, longer', keeping(month, locked({ mode: 'GOVERNANCE', days: 31 })), COMPLIANT, SENT],
  [
    'with a retention, in the stricter mode',
    keeping(month, locked({ mode: 'COMPLIANCE', days: 30 })),
    COMPLIANT,
    SENT,
  ],
  ['with a retention, shorter', keeping(month, locked({ mode: 'GOVERNANCE', days: 29 })), WEAKER, SENT],
  [
    'with a retention, in the weaker mode',
    keeping(year, locked({ mode: 'GOVERNANCE', years: 1 })),
    WEAKER,
    SENT,
  ],
  [
    'with a retention of a year, in days',
    keeping(year, locked({ mode: 'COMPLIANCE', days: 365 })),
    COMPLIANT,
    SENT,
  ],
]);

// Source: Amazon S3 User Guide, "Managing Object Lock".
table('a default retention and ALTR’s checksum', [
  ['nobody says whether ALTR sends one', keeping(month, locked({ mode: 'GOVERNANCE', days: 30 })), UNKNOWN],
  ['ALTR sends one', keeping(month, locked({ mode: 'GOVERNANCE', days: 30 })), COMPLIANT, SENT],
  [
    'ALTR sends none',
    keeping(month, locked({ mode: 'GOVERNANCE', days: 30 })),
    WEAKER,
    { checksumHeader: 'none' },
  ],
  [
    'a lock without a retention',
    keeping({ objectLock: true }, locked()),
    COMPLIANT,
    { checksumHeader: 'none' },
  ],
]);

const rules = (...given: readonly Partial<LifecycleRule>[]): Partial<BucketObservation> => ({
  lifecycle: value({ rules: given.map(lifecycleRule) }),
});
const moves = (days: number, storageClass = 'GLACIER') => ({ transitions: [{ days, storageClass }] });
const glacier: Retention = { transitions: [{ afterDays: 90, storageClass: 'GLACIER' }] };
const uploads: Retention = { abortIncompleteUploadsAfterDays: 7 };
const ends = (daysAfterInitiation: number) => ({ abortIncompleteMultipartUpload: { daysAfterInitiation } });

table('a lifecycle is declared', [
  [
    'and logs are deleted as declared',
    keeping({ expireAfterDays: 400 }, rules({ expiration: { days: 400 } })),
    COMPLIANT,
  ],
  [
    'and logs are deleted later',
    keeping({ expireAfterDays: 400 }, rules({ expiration: { days: 401 } })),
    ADVICE,
  ],
  ['and logs are never deleted', keeping({ expireAfterDays: 400 }), ADVICE],
  [
    'and only some logs are deleted',
    keeping({ expireAfterDays: 400 }, rules({ filter: { prefix: 'a/' }, expiration: { days: 400 } })),
    ADVICE,
  ],
  [
    'and logs are deleted sooner',
    keeping({ expireAfterDays: 400 }, rules({ expiration: { days: 399 } })),
    { fail: ['logs-kept'] },
  ],
  [
    'and former versions are kept longer',
    keeping(
      { versioning: true, noncurrentExpireAfterDays: 30 },
      rules({ noncurrentVersionExpiration: { noncurrentDays: 31 } }),
    ),
    ADVICE,
  ],
  ['and logs are moved as declared', keeping(glacier, rules(moves(90))), COMPLIANT],
  ['and logs are moved sooner', keeping(glacier, rules(moves(89))), WEAKER],
  [
    'and some logs are moved sooner',
    keeping(glacier, rules(moves(90), { ...moves(1), filter: { prefix: 'a/' } })),
    WEAKER,
  ],
  ['and logs are moved later', keeping(glacier, rules(moves(91))), ADVICE],
  ['and logs are moved nowhere', keeping(glacier), ADVICE],
  [
    'and logs are moved elsewhere, too',
    keeping(glacier, rules(moves(90), moves(180, 'DEEP_ARCHIVE'))),
    ADVICE,
  ],
  ['and incomplete uploads end as declared', keeping(uploads, rules(ends(7))), COMPLIANT],
  ['and incomplete uploads end sooner', keeping(uploads, rules(ends(1))), WEAKER],
  ['and incomplete uploads never end', keeping(uploads), ADVICE],
  [
    'and could not be read',
    keeping(glacier, { lifecycle: refused('s3:GetLifecycleConfiguration') }),
    { unknown: ['declared-retention', 'logs-kept'] },
  ],
]);

const formerMoves = (noncurrentDays: number, more: object = {}): Partial<LifecycleRule> => ({
  noncurrentVersionTransitions: [{ noncurrentDays, storageClass: 'GLACIER', ...more }],
});
const formerGlacier: Retention = {
  versioning: true,
  noncurrentTransitions: [{ afterDays: 90, storageClass: 'GLACIER' }],
};

table('transitions of former versions are declared', [
  ['and they are moved as declared', keeping(formerGlacier, rules(formerMoves(90))), COMPLIANT],
  ['and they are moved sooner', keeping(formerGlacier, rules(formerMoves(89))), WEAKER],
  [
    'and some are moved sooner',
    keeping(formerGlacier, rules(formerMoves(90), { ...formerMoves(1), filter: { prefix: 'a/' } })),
    WEAKER,
  ],
  ['and they are moved later', keeping(formerGlacier, rules(formerMoves(91))), ADVICE],
  ['and they are moved nowhere', keeping(formerGlacier), ADVICE],
  ['and only logs are moved', keeping(formerGlacier, rules(moves(90))), ADVICE],
  [
    'and the newest of them stay where they are',
    keeping(formerGlacier, rules(formerMoves(90, { newerNoncurrentVersions: 3 }))),
    ADVICE,
  ],
  [
    'and they are moved elsewhere, too',
    keeping(formerGlacier, rules(formerMoves(90), formerMoves(180, { storageClass: 'DEEP_ARCHIVE' }))),
    ADVICE,
  ],
  ['of logs alone, and they are moved, too', keeping(glacier, rules(moves(90), formerMoves(90))), ADVICE],
  [
    'and could not be read',
    keeping(formerGlacier, { lifecycle: refused('s3:GetLifecycleConfiguration') }),
    { unknown: ['declared-retention', 'logs-kept'] },
  ],
]);

test('one day is a day, not days', () => {
  const day: Retention = { transitions: [{ afterDays: 1, storageClass: 'GLACIER' }], expireAfterDays: 1 };
  const messages = [
    ...findingsOf(keeping(day, rules(moves(2), { expiration: { days: 2 } }))),
    ...findingsOf(keeping(uploads, rules(ends(1)))),
    ...findingsOf(
      keeping(
        { objectLock: true, defaultRetention: { mode: 'COMPLIANCE', days: 2 } },
        locked({ mode: 'COMPLIANCE', days: 1 }),
      ),
    ),
  ].map(({ message }) => message);
  expect(messages.filter((message) => /\b1 days\b/.test(message))).toEqual([]);
  expect(messages.filter((message) => /\b1 day\b/.test(message))).toHaveLength(4);
});

test('what an older observation lacks is one line, for every rule that would have judged it', () => {
  const setUp = keeping(
    { versioning: true, objectLock: true, expireAfterDays: 400 },
    { versioning: undefined, objectLock: undefined, lifecycle: undefined },
  );
  const lines = findingsOf(setUp).filter(({ status }) => status === 'advice');
  expect(lines.map(({ rule, message }) => [rule, message])).toEqual([
    [
      'logs-kept',
      'Not looked at when the observation was made: the bucket’s lifecycle, the bucket’s versioning, the bucket’s Object Lock. ' +
        'logs-kept, declared-retention do not judge it. Observe again.',
    ],
  ]);
});

test('the fix of a lock says that it can’t be undone', () => {
  const found = findingsOf(keeping(month)).find(({ rule }) => rule === 'declared-retention');
  expect(found?.remediation?.summary).toMatch(/can’t be switched off again.*ask ALTR first/);
  expect(found?.remediation?.commands?.[0]).toContain(
    '"Rule":{"DefaultRetention":{"Mode":"GOVERNANCE","Days":30}}',
  );
});

describe('the fix of a lock', () => {
  const remedyOf = (retention: Retention, found: ObjectLock['defaultRetention']) =>
    findingsOf(keeping(retention, locked(found))).find(({ message }) => message.startsWith('New logs are'))
      ?.remediation;

  test.each<[Retention['defaultRetention'], ObjectLock['defaultRetention'], string, string | undefined]>([
    [
      { mode: 'GOVERNANCE', days: 365 },
      { mode: 'COMPLIANCE', days: 30 },
      '{"Mode":"COMPLIANCE","Days":365}',
      undefined,
    ],
    [
      { mode: 'COMPLIANCE', days: 30 },
      { mode: 'GOVERNANCE', years: 10 },
      '{"Mode":"COMPLIANCE","Years":10}',
      undefined,
    ],
    [
      { mode: 'COMPLIANCE', years: 1 },
      { mode: 'GOVERNANCE', days: 365 },
      '{"Mode":"COMPLIANCE","Years":1}',
      'npx cdktf deploy acme-prod',
    ],
    [
      { mode: 'GOVERNANCE', days: 30 },
      undefined,
      '{"Mode":"GOVERNANCE","Days":30}',
      'npx cdktf deploy acme-prod',
    ],
  ])('declared %j, found %j: the stricter of each', (defaultRetention, found, rule, cdktf) => {
    const remedy = remedyOf({ objectLock: true, defaultRetention }, found);
    expect(remedy?.commands?.[0]).toContain(`"Rule":{"DefaultRetention":${rule}}`);
    expect(remedy?.cdktf).toBe(cdktf);
  });
});

test('the fix of a lifecycle is no deploy if that would replace somebody else’s rule', () => {
  const remedyOf = (id: string) =>
    findingsOf(keeping(glacier, rules({ id, ...moves(89) }))).find(
      ({ rule }) => rule === 'declared-retention',
    )?.remediation;
  expect(remedyOf('logs')?.cdktf).toBe('npx cdktf deploy acme-prod');
  expect(remedyOf('somebody-elses')).toMatchObject({
    summary: expect.stringContaining('by hand'),
    cdktf: undefined,
  });
});

test.each([
  [undefined, undefined],
  [true, 'npx cdktf deploy acme-prod'],
])('versioning of an existing bucket, its owner’s agreement %s', (existingBucketConfirmed, cdktf) => {
  const [finding] = findingsOf({
    declares: { existingBucket: true, existingBucketConfirmed, retention: { versioning: true } },
    bucket: { versioning: { state: 'absent' } },
  }).filter(({ rule }) => rule === 'declared-retention');
  expect(finding).toMatchObject({ status: 'fail' });
  expect(finding?.remediation?.cdktf).toBe(cdktf);
});
