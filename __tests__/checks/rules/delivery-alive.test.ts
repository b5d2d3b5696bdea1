import type { DeliveryObservation, SampledObject } from '../../../checks/observe/observation';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import { RULES } from '../../../checks/rules';
import { judge } from '../../../checks/verdict/judge';
import type { DeliveryExpectation } from '../../../config/options/delivery';
import { sampledObject as object } from './builders';
import { EXAMPLE } from './support';

const HOUR = 3_600_000;
/** When the observation of a set-up is made. */
const NOW = Date.UTC(2026, 0, 1);

const arriving = (sample: readonly SampledObject[], newest: Partial<SetUp['delivery']> = {}): SetUp => ({
  delivery: { lastModified: sample[0]?.lastModified ?? NOW - HOUR, sample, ...newest },
});

interface Options {
  readonly expected?: DeliveryExpectation;
  readonly replaced?: Partial<DeliveryObservation>;
}

/** What the rule says: status, fact, and the message. */
function says(setUp: SetUp, { expected, replaced }: Options = {}) {
  const seen = observationOf(setUp, EXAMPLE);
  const [entry] = seen.exports;
  const exports =
    entry?.delivery && replaced ? [{ ...entry, delivery: { ...entry.delivery, ...replaced } }] : seen.exports;
  const [report] = judge(
    { ...seen, exports },
    {
      contracts: [EXAMPLE],
      declaredRoles: [EXAMPLE],
      rules: RULES.filter(({ metadata }) => metadata.id === 'delivery-alive'),
      ...(expected ? { deliveries: new Map([[EXAMPLE.name, expected]]) } : {}),
    },
  );
  return (report?.findings ?? []).map(({ status, fingerprint, message, severity }) => ({
    is: `${status} ${fingerprint.split('::')[1]}`,
    message,
    severity,
  }));
}

const is = (setUp: SetUp, options?: Options) => says(setUp, options).map((finding) => finding.is);

const OTHER_KEY = 'arn:aws:kms:us-east-1:123456789012:key/9f8e7d6c-0000-4000-8000-000000000001';

const FINE = ['pass alive', 'pass kinds'];
const denied = {
  state: 'unreadable',
  reason: { message: 'AWS denied s3:ListObjectsV2 (AccessDenied)', permission: 's3:ListBucket' },
} as const;

/** An object without any event. */
const NOTHING = { kinds: { query: 0, system: 0, custom: 0, other: 0 }, clients: [] };

const CASES: readonly (readonly [string, SetUp, string[], Options?])[] = [
  ['fresh logs of this tenant', arriving([object()]), FINE],
  [
    'a client ID in capitals',
    arriving([object({ clients: [{ clientId: EXAMPLE.clientId.toUpperCase(), events: 1 }] })]),
    FINE,
  ],
  ['a log just as old as is allowed', arriving([object({ lastModified: NOW - 24 * HOUR })]), FINE],
  [
    'a log a second too old',
    arriving([object({ lastModified: NOW - 24 * HOUR - 1000 })]),
    ['fail stale', 'pass kinds'],
  ],
  [
    'a shorter interval',
    arriving([object({ lastModified: NOW - 2 * HOUR })]),
    ['fail stale', 'pass kinds'],
    { expected: { expectEvery: HOUR } },
  ],
  [
    'old, and not all was listed',
    arriving([object({ lastModified: NOW - 48 * HOUR })], { isExact: false, inexactBecause: 'x' }),
    ['unknown not-all-listed', 'pass kinds'],
  ],
  ['fresh, though not all was listed', arriving([object()], { isExact: false }), FINE],
  [
    'a clock that is behind',
    arriving([object({ lastModified: NOW + HOUR })]),
    ['unknown clock', 'pass kinds'],
  ],
  [
    'another tenant’s events only: nothing proves that ours arrive',
    arriving([object({ clients: [{ clientId: 'other', events: 6 }] })]),
    ['fail foreign-client', 'pass kinds'],
  ],
  [
    'another tenant’s beside ours',
    arriving([object(), object({ clients: [{ clientId: 'other', events: 1 }] })]),
    ['pass alive', 'fail foreign-client', 'pass kinds'],
  ],
  [
    'a record that is no event',
    arriving([object({ bad: { count: 2, examples: [{ offset: 7, message: 'no JSON' }] } })]),
    ['pass alive', 'unknown not-understood', 'pass kinds'],
  ],
  [
    'fresh objects that can’t be understood: neither alive nor dead',
    arriving([
      object({
        kinds: { query: 0, system: 0, custom: 0, other: 0 },
        clients: [],
        bad: { count: 1, examples: [] },
      }),
      object({ lastModified: NOW - 90 * HOUR }),
    ]),
    ['unknown not-understood', 'pass kinds'],
  ],
  [
    'an owner that is not the bucket’s',
    arriving([object({ owner: 'altr' })]),
    ['pass alive', 'fail foreign-owner', 'pass kinds'],
  ],
  [
    'another encryption than the bucket’s',
    arriving([object({ encryption: 'aws:kms' })]),
    ['pass alive', 'pass kinds', 'advice other-encryption'],
  ],
  [
    'another key than the bucket’s',
    {
      ...arriving([object({ encryption: 'aws:kms', kmsKeyArn: OTHER_KEY })]),
      kmsKey: {},
    },
    ['pass alive', 'pass kinds', 'advice other-key'],
  ],
  [
    'the bucket’s key',
    { ...arriving([object({ encryption: 'aws:kms', kmsKeyArn: OTHER_KEY })]), kmsKey: { arn: OTHER_KEY } },
    FINE,
  ],
  [
    'a key, and the bucket’s encryption can’t be read',
    {
      ...arriving([object({ encryption: 'aws:kms', kmsKeyArn: OTHER_KEY })]),
      bucket: { encryption: denied },
    },
    ['pass alive', 'pass kinds', 'unknown unreadable-attribute'],
  ],
  [
    'a key, and the bucket’s can’t be read',
    {
      ...arriving([object({ encryption: 'aws:kms', kmsKeyArn: OTHER_KEY })]),
      kmsKey: {},
      bucket: { kmsKey: denied },
    },
    ['pass alive', 'pass kinds', 'unknown unreadable-attribute'],
  ],
  ['an encryption that S3 does not tell', arriving([(({ encryption: _, ...rest }) => rest)(object())]), FINE],
  [
    'a kind that should arrive and does not',
    arriving([object()]),
    ['pass alive', 'unknown undecided-custom'],
    { expected: { expectEvery: 24 * HOUR, kinds: ['custom', 'query'] } },
  ],
  [
    'a declared kind that was looked for and did not arrive in its interval',
    arriving([object()], {
      kinds: { state: 'value', value: { system: { lastModified: NOW - 30 * HOUR, opened: 20 } } },
    }),
    ['pass alive', 'fail late-system'],
    { expected: { expectEvery: 24 * HOUR, kinds: ['system'] } },
  ],
  [
    'the same, and it may be away for longer',
    arriving([object()], {
      kinds: { state: 'value', value: { system: { lastModified: NOW - 30 * HOUR, opened: 20 } } },
    }),
    FINE,
    { expected: { expectEvery: 24 * HOUR, kinds: ['system'], every: { system: 48 * HOUR } } },
  ],
  [
    'a declared kind could not be looked for',
    arriving([object()], { kinds: denied }),
    ['pass alive', 'unknown unreadable-attribute'],
    { expected: { expectEvery: 24 * HOUR, kinds: ['system'] } },
  ],
  [
    'events outside of their partition',
    arriving([object({ outside: 1 })]),
    ['pass alive', 'pass kinds', 'advice outside-partition'],
  ],
  [
    'events of the future',
    arriving([object({ future: 1 })]),
    ['pass alive', 'pass kinds', 'advice future-events'],
  ],
  [
    'partitions of the future',
    arriving([object()], { future: ['dt=2099-01-01/'] }),
    [...FINE, 'advice future-partitions'],
  ],
  [
    'foreign files',
    arriving([object()], {
      layout: { layouts: [], keys: 9, undated: { count: 1, examples: ['README'] }, confidence: 'high' },
    }),
    [...FINE, 'advice foreign-objects'],
  ],
  ['an empty bucket', arriving([]), ['fail empty'], { replaced: { newest: { state: 'absent' } } }],
  [
    'a bucket that can’t be listed',
    arriving([]),
    ['unknown unreadable-attribute'],
    { replaced: { newest: denied, sample: denied } },
  ],
  [
    'objects that can’t be opened',
    arriving([]),
    ['pass alive', 'unknown unreadable-attribute'],
    { replaced: { sample: denied } },
  ],
  [
    'objects that can’t be opened, and are old',
    arriving([], { lastModified: NOW - 99 * HOUR }),
    ['fail stale', 'unknown unreadable-attribute'],
    { replaced: { sample: denied } },
  ],
  [
    'one object that can’t be opened, and another tenant’s in another',
    arriving([
      object({ kinds: { query: 0, system: 0, custom: 0, other: 0 }, clients: [], unreadable: denied.reason }),
      object(),
      object({ clients: [{ clientId: 'other', events: 1 }] }),
    ]),
    ['pass alive', 'unknown unreadable-attribute', 'fail foreign-client', 'pass kinds'],
  ],
  [
    'none of the objects can be opened',
    arriving([
      object({ kinds: { query: 0, system: 0, custom: 0, other: 0 }, clients: [], unreadable: denied.reason }),
    ]),
    ['pass alive', 'unknown unreadable-attribute'],
  ],
  ['a fresh object that holds nothing', arriving([object(NOTHING)]), ['unknown no-event']],
  [
    'a fresh object that holds nothing, beside an old log',
    arriving([object(NOTHING), object({ lastModified: NOW - 240 * HOUR })]),
    ['unknown no-event', 'pass kinds'],
  ],
  [
    'a fresh object that holds nothing, beside an old one that can’t be understood',
    arriving([
      object(NOTHING),
      object({ lastModified: NOW - 240 * HOUR }),
      object({ ...NOTHING, lastModified: NOW - 300 * HOUR, bad: { count: 1, examples: [] } }),
    ]),
    ['unknown no-event', 'unknown not-understood', 'pass kinds'],
  ],
  [
    'a fresh object that holds nothing, beside a fresh log',
    arriving([object(NOTHING), object({ lastModified: NOW - 2 * HOUR })]),
    FINE,
  ],
  [
    'an old object that holds nothing',
    arriving([object({ ...NOTHING, lastModified: NOW - 48 * HOUR })]),
    ['fail stale'],
  ],
  [
    'no event of the tenant, in a file that counts it',
    arriving([object({ ...NOTHING, clients: [{ clientId: EXAMPLE.clientId, events: 0 }] })]),
    ['unknown no-event'],
  ],
  [
    'another service’s file without a record',
    arriving([object({ ...NOTHING, isForeign: true })]),
    ['unknown no-event'],
  ],
  [
    'another service’s file',
    arriving([object({ ...NOTHING, isForeign: true, bad: { count: 1, examples: [] } })]),
    ['unknown not-understood'],
  ],
  ['a fresh object, and none was opened', arriving([]), ['unknown no-event']],
  [
    'a fresh object, and no sample',
    arriving([]),
    ['unknown no-event'],
    { replaced: { sample: { state: 'absent' } } },
  ],
  ['nobody looked, nobody asked', {}, ['unknown nothing-to-judge']],
  ['nobody looked though the config asks', {}, ['unknown not-observed'], { expected: { expectEvery: HOUR } }],
];

// Not test.each: with a row shorter than the parameters jest would pass a callback and wait for it.
for (const [why, setUp, expected, options] of CASES) {
  test(why, () => expect(is(setUp, options)).toEqual(expected));
}

test('a foreign tenant is critical, and named', () => {
  const [, foreign] = says(
    arriving([object(), object({ key: 'k', clients: [{ clientId: 'other', events: 1 }] })]),
  );
  expect(foreign).toMatchObject({
    severity: 'critical',
    message: expect.stringMatching(/another ALTR client: other, such as in k\./),
  });
});

test('the role is the second witness where the bucket says nothing, and decides nothing', () => {
  const [used] = says(arriving([], { roleLastUsed: '2025-12-31T23:00:00.000Z' }), {
    replaced: { newest: denied },
  });
  expect(used).toMatchObject({
    is: 'unknown unreadable-attribute',
    message:
      'It can’t be decided: AWS denied s3:ListObjectsV2 (AccessDenied). The role was last used at 2025-12-31T23:00:00.000Z.',
  });
  const [never] = says(arriving([]), { replaced: { newest: denied } });
  expect(never?.message).toMatch(/not used in the last 400 days/);
  const [unread] = says(arriving([]), { replaced: { newest: denied, roleLastUsed: denied } });
  expect(unread?.message).toMatch(/last used could not be read/);
});

test('an ACL that can’t be read leaves the owner undecided', () => {
  expect(is({ ...arriving([object()]), bucket: { acl: denied } })).toEqual([
    'pass alive',
    'unknown unreadable-attribute',
    'pass kinds',
  ]);
});

test('a missing kind guesses the switch in the portal', () => {
  const found = says(arriving([object({ kinds: { query: 0, system: 1, custom: 0, other: 0 } })]), {
    expected: { expectEvery: 24 * HOUR, kinds: ['query'] },
  });
  expect(found.at(-1)?.message).toMatch(/Perhaps “Query Audits” is switched off in ALTR’s portal/);
});

test('an empty bucket is not said of one where only the prefix holds nothing', () => {
  const options = { replaced: { newest: { state: 'absent' } } } as const;
  expect(says(arriving([]), options)[0]?.message).toMatch(/: the bucket is empty\./);
  const expected = { expectEvery: 24 * HOUR, prefix: 'altr/' };
  expect(says(arriving([]), { ...options, expected })[0]?.message).toMatch(
    /: nothing is under the prefix altr\/ of the config\./,
  );
});

test('a bucket that can’t be read leaves owner and encryption undecided', () => {
  const seen = observationOf(arriving([object()]), EXAMPLE);
  const [report] = judge(
    { ...seen, exports: seen.exports.map((entry) => ({ ...entry, bucket: denied })) },
    {
      contracts: [EXAMPLE],
      declaredRoles: [EXAMPLE],
      rules: RULES.filter(({ metadata }) => metadata.id === 'delivery-alive'),
    },
  );
  expect(report?.status).toBe('unknown');
});
