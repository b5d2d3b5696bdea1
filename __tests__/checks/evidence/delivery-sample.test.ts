import type { RuleContext } from '../../../checks/evidence/context';
import { judgeSample } from '../../../checks/evidence/delivery-sample';
import type { Outcome } from '../../../checks/evidence/outcome';
import {
  ABSENT,
  type DeliveryObservation,
  known,
  type NewestLog,
  type Observed,
  type SampledObject,
  unreadable,
} from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import type { DeliveryExpectation } from '../../../config/options/delivery';
import { KEY, sampledObject } from '../rules/builders';
import { EXAMPLE } from '../rules/support';
import { contextOf } from './context-of';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** When the observation of a set-up is made. */
const NOW = Date.UTC(2026, 0, 1);

const NOTHING = { query: 0, system: 0, custom: 0, other: 0 };
const OTHER_KEY = `${KEY}-of-altr`;

const object = (changes: Partial<SampledObject> = {}) => sampledObject({ key: 'first.json', ...changes });
const second = (changes: Partial<SampledObject> = {}) => object({ key: 'second.json', ...changes });
const of = (...clientIds: readonly string[]) => ({
  clients: clientIds.map((clientId) => ({ clientId, events: 1 })),
});

const LAYOUT: NewestLog['layout'] = {
  layouts: [{ template: 'dt={YYYY}-{MM}-{DD}/', unit: 'day', keys: 20, partitions: 2 }],
  keys: 20,
  undated: { count: 0, examples: [] },
  confidence: 'high',
};

const refused = unreadable({
  message: 'AWS denied s3:GetObject (AccessDenied)',
  api: 's3:GetObject',
  permission: 's3:GetObject',
});
const REFUSED: Outcome = {
  status: 'unknown',
  fact: 'unreadable-s3:GetObject',
  cause: 'unreadable',
  message: 'It can’t be decided: AWS denied s3:GetObject (AccessDenied).',
  actual: refused.reason,
  remediation: {
    summary:
      'Allow s3:GetObject to the principal that runs the check. altr-export auditor-policy prints the whole policy that a check needs.',
  },
};

interface Around {
  readonly newest?: Partial<NewestLog>;
  readonly setUp?: SetUp;
  readonly bucket?: RuleContext['observation']['bucket'];
  readonly expects?: DeliveryExpectation;
  readonly kinds?: DeliveryObservation['kinds'];
}

function judged(
  sample: readonly SampledObject[] | DeliveryObservation['sample'],
  { newest, setUp = {}, bucket, expects, kinds }: Around = {},
): readonly Outcome[] {
  const context = contextOf({ ...setUp, delivery: { sample: [], kinds } }, { delivery: expects });
  const { observation } = context;
  return judgeSample(
    {
      key: 'first.json',
      lastModified: NOW - HOUR,
      isExact: true,
      layout: LAYOUT,
      future: [],
      listCalls: 6,
      ...newest,
    },
    'state' in sample ? sample : known(sample),
    { ...context, observation: { ...observation, bucket: bucket ?? observation.bucket } },
  );
}

/** What is found beside the kinds that arrive. */
const found = (...given: Parameters<typeof judged>) =>
  judged(...given).filter(({ status, fact }) => status !== 'pass' || fact !== 'kinds');

describe('kinds', () => {
  test.each<[what: string, objects: readonly SampledObject[], counted: string]>([
    ['one object', [object()], 'one object with 5 Query, 1 System and 0 Custom Audits'],
    [
      'the sum of several',
      [object(), second({ kinds: { query: 1, system: 2, custom: 3, other: 0 } })],
      '2 objects with 6 Query, 3 System and 3 Custom Audits',
    ],
    [
      'events of another kind',
      [object({ kinds: { query: 5, system: 1, custom: 0, other: 2 } })],
      'one object with 5 Query, 1 System and 0 Custom Audits and 2 events of no documented kind',
    ],
    [
      'nothing but events of another kind',
      [object({ kinds: { ...NOTHING, other: 2 } })],
      'one object with 0 Query, 0 System and 0 Custom Audits and 2 events of no documented kind',
    ],
    [
      'nothing but Query Audits',
      [object({ kinds: { ...NOTHING, query: 1 } })],
      'one object with 1 Query, 0 System and 0 Custom Audits',
    ],
    [
      'nothing but Custom Audits',
      [object({ kinds: { ...NOTHING, custom: 1 } })],
      'one object with 0 Query, 0 System and 1 Custom Audits',
    ],
  ])('%s', (_what, objects, counted) => {
    expect(judged(objects)).toStrictEqual([
      { status: 'pass', fact: 'kinds', message: `The newest logs were opened: ${counted}.` },
    ]);
  });

  test('nothing is said of them without an event', () => {
    expect(judged([object({ kinds: NOTHING })])).toStrictEqual([]);
    expect(judged(ABSENT)).toStrictEqual([]);
  });
});

describe('declared kinds', () => {
  const late = (kind: string, message: string, expected: string): Outcome => ({
    status: 'fail',
    fact: `late-${kind}`,
    message,
    expected,
  });
  const undecided = (kind: string, message: string, expected: string): Outcome => ({
    status: 'unknown',
    fact: `undecided-${kind}`,
    cause: 'unreadable',
    message,
    expected,
  });
  const seen = (kinds: Extract<NonNullable<DeliveryObservation['kinds']>, { state: 'value' }>['value']) =>
    known(kinds);
  const DAILY: DeliveryExpectation = { expectEvery: DAY, kinds: ['system'] };

  test.each<[what: string, around: Around, outcomes: readonly Outcome[]]>([
    ['none is declared', { expects: { expectEvery: DAY }, kinds: refused }, []],
    ['just in time', { expects: DAILY, kinds: seen({ system: { lastModified: NOW - DAY, opened: 9 } }) }, []],
    [
      'a moment too late',
      { expects: DAILY, kinds: seen({ system: { lastModified: NOW - DAY - 1, opened: 9 } }) },
      [
        late(
          'system',
          'No System Audit arrived within 24 hours: the newest that was found arrived 24 hours ago.',
          'a System Audit every 24 hours',
        ),
      ],
    ],
    [
      'later than its own interval',
      {
        expects: { ...DAILY, every: { system: 2 * HOUR } },
        kinds: seen({ system: { lastModified: NOW - 3 * HOUR, opened: 9 } }),
      },
      [
        late(
          'system',
          'No System Audit arrived within 2 hours: the newest that was found arrived 3 hours ago.',
          'a System Audit every 2 hours',
        ),
      ],
    ],
    [
      'none was found of any kind, and two have a switch',
      {
        expects: { expectEvery: DAY, kinds: ['query', 'system', 'custom'] },
        kinds: seen({ query: { opened: 9 }, system: { opened: 9 }, custom: { opened: 9 } }),
      },
      [
        late(
          'query',
          'No Query Audit arrived within 24 hours: none was found. Perhaps “Query Audits” is switched off in ALTR’s portal.',
          'a Query Audit every 24 hours',
        ),
        late(
          'system',
          'No System Audit arrived within 24 hours: none was found. Perhaps “Alerts” is switched off in ALTR’s portal.',
          'a System Audit every 24 hours',
        ),
        late(
          'custom',
          'No Custom Audit arrived within 24 hours: none was found.',
          'a Custom Audit every 24 hours',
        ),
      ],
    ],
    [
      'not all was looked through',
      {
        expects: DAILY,
        kinds: seen({ system: { opened: 9, inexactBecause: '9 of 90 objects were opened' } }),
      },
      [
        undecided(
          'system',
          'It can’t be decided whether a System Audit arrived within 24 hours: none was found, and 9 of 90 objects were opened. Perhaps “Alerts” is switched off in ALTR’s portal.',
          'a System Audit every 24 hours',
        ),
      ],
    ],
    ['they could not be looked for', { expects: DAILY, kinds: refused }, [REFUSED]],
    ['the opened objects hold one, and nobody looked further', { expects: DAILY }, []],
    ['the same, and there was nothing to look at', { expects: DAILY, kinds: ABSENT }, []],
    ['the same, of a kind that nobody looked for', { expects: DAILY, kinds: seen({}) }, []],
    [
      'the opened objects hold none, and nobody looked further',
      { expects: { expectEvery: DAY, kinds: ['custom'] } },
      [
        undecided(
          'custom',
          'It can’t be decided whether a Custom Audit arrived within 24 hours: none was found, and only 2 of the newest logs were opened.',
          'a Custom Audit every 24 hours',
        ),
      ],
    ],
    [
      'the opened objects hold old ones, the newest three hours old',
      { expects: { expectEvery: HOUR, kinds: ['query'] } },
      [
        undecided(
          'query',
          'It can’t be decided whether a Query Audit arrived within 60 minutes: the newest that was found arrived 3 hours ago, and only 2 of the newest logs were opened.',
          'a Query Audit every 60 minutes',
        ),
      ],
    ],
  ])('%s', (_what, around, outcomes) => {
    const objects = [object({ lastModified: NOW - 5 * HOUR }), second({ lastModified: NOW - 3 * HOUR })];
    expect(found(objects, around)).toStrictEqual(outcomes);
    // That declared kinds arrive is part of what passes.
    expect(judged(objects, around).some(({ fact }) => fact === 'kinds')).toBe(outcomes.length === 0);
  });

  test.each([
    ['this tenant’s, in any case', of('other', EXAMPLE.clientId.toUpperCase()), []],
    ['another tenant’s alone', of('other'), ['undecided-query']],
  ])('among the opened objects those count that hold events that are %s', (_what, clients, facts) => {
    const expects: DeliveryExpectation = { expectEvery: DAY, kinds: ['query'] };
    const undecidedOnes = judged([object(clients)], { expects }).filter(({ status }) => status === 'unknown');
    expect(undecidedOnes.map(({ fact }) => fact)).toStrictEqual(facts);
  });
});

describe('other tenants', () => {
  const leak = (message: string, actual: readonly string[]): Outcome => ({
    status: 'fail',
    fact: 'foreign-client',
    severity: 'critical',
    message: `The bucket holds events of another ALTR client: ${message}.`,
    risk: 'Another tenant’s audit logs are exported into this bucket, or yours are mixed with theirs.',
    expected: EXAMPLE.clientId,
    actual,
    remediation: {
      summary:
        'Compare clientId in the config with ALTR (Settings → Preferences → Organization); if it is right, tell ALTR.',
    },
  });

  test.each<[what: string, objects: readonly SampledObject[], outcomes: readonly Outcome[]]>([
    ['none, however the own ID is written', [object(of(EXAMPLE.clientId.toUpperCase()))], []],
    [
      'one, beside this one',
      [object(), second(of(EXAMPLE.clientId, 'other'))],
      [leak('other, such as in second.json', ['other'])],
    ],
    [
      'several, each once and in order, five of them in the sentence',
      [object(of('f', 'e', 'd')), second(of('c', 'b', 'a', 'd'))],
      [leak('a, b, c, d, e, such as in first.json', ['a', 'b', 'c', 'd', 'e', 'f'])],
    ],
  ])('%s', (_what, objects, outcomes) => {
    expect(found(objects)).toStrictEqual(outcomes);
  });
});

describe('records that are no event', () => {
  const bad = (count: number, ...examples: readonly { offset: number; message: string }[]) => ({
    bad: { count, examples },
  });
  const NO_JSON = { offset: 7, message: 'the record is no JSON' };
  const notUnderstood = (message: string, summary: string): Outcome => ({
    status: 'unknown',
    fact: 'not-understood',
    cause: 'not-understood',
    message: `It can’t be decided: ${message}`,
    remediation: { summary },
  });
  const UPGRADE =
    'Look at the object with altr-export logs validate; if ALTR’s format has changed, upgrade this tool.';
  const PREFIX =
    'If the logs are elsewhere in the bucket, name what their keys begin with in delivery.prefix of the config.';

  test.each<[what: string, objects: readonly SampledObject[], outcomes: readonly Outcome[]]>([
    [
      'one',
      [object(), second(bad(1, NO_JSON))],
      [
        notUnderstood(
          'a record is no valid audit event; in second.json at byte 7: the record is no JSON.',
          UPGRADE,
        ),
      ],
    ],
    [
      'several, with the first of them',
      [object(bad(2, NO_JSON, { offset: 9, message: 'x' })), second(bad(3, { offset: 0, message: 'y' }))],
      [
        notUnderstood(
          '5 records are no valid audit event; in first.json at byte 7: the record is no JSON.',
          UPGRADE,
        ),
      ],
    ],
    [
      'one that nothing more is known of',
      [object(bad(1))],
      [notUnderstood('a record is no valid audit event; in first.json.', UPGRADE)],
    ],
    [
      'nothing but files of others',
      [
        object({ ...bad(1, NO_JSON), ...of(), kinds: NOTHING, isForeign: true }),
        second({ ...of(), kinds: NOTHING }),
      ],
      [
        notUnderstood(
          'a record is no valid audit event; in first.json at byte 7: the record is no JSON. None of the 2 objects that were opened, of 20 that were seen, holds an audit event.',
          PREFIX,
        ),
      ],
    ],
    [
      'a file of others beside logs',
      [object({ ...bad(1, NO_JSON), ...of(), kinds: NOTHING, isForeign: true }), second()],
      [
        notUnderstood(
          'a record is no valid audit event; in first.json at byte 7: the record is no JSON.',
          UPGRADE,
        ),
      ],
    ],
    [
      'a file of others beside a damaged one',
      [
        object({ ...bad(1, NO_JSON), ...of(), kinds: NOTHING, isForeign: true }),
        second({ ...bad(1, NO_JSON), ...of(), kinds: NOTHING }),
      ],
      [
        notUnderstood(
          '2 records are no valid audit event; in first.json at byte 7: the record is no JSON.',
          UPGRADE,
        ),
      ],
    ],
  ])('%s', (_what, objects, outcomes) => {
    expect(found(objects)).toStrictEqual(outcomes);
  });
});

describe('objects that can’t be read', () => {
  test('each is counted, and the first of them told with its reason', () => {
    const objects = [
      object(),
      second({ unreadable: refused.reason }),
      object({ key: 'third.json', unreadable: { message: 'x' } }),
    ];
    const { message, ...detail } = refused.reason;
    const told = `2 of the 3 newest logs could not be read, such as second.json: ${message}`;
    expect(found(objects)).toStrictEqual([
      { ...REFUSED, message: `It can’t be decided: ${told}.`, actual: { message: told, ...detail } },
    ]);
  });

  test('if none could be opened, what is known of keys is still told', () => {
    expect(judged(refused, { newest: { future: ['dt=2099-01-01/'] } })).toStrictEqual([
      REFUSED,
      {
        status: 'advice',
        fact: 'future-partitions',
        message: 'Partitions are dated in the future, such as dt=2099-01-01/: a clock is wrong.',
      },
    ]);
  });
});

describe('owners', () => {
  test.each<[what: string, objects: readonly SampledObject[], around: Around, outcomes: readonly Outcome[]]>([
    ['the bucket’s', [object()], {}, []],
    ['unknown ones', [object({ owner: undefined })], { setUp: { bucket: { acl: refused } } }, []],
    ['nobody knows whose the bucket is', [object()], { setUp: { bucket: { acl: refused } } }, [REFUSED]],
    [
      'the bucket could not be read: told once, with the encryption',
      [object({ owner: 'altr' })],
      { bucket: refused },
      [REFUSED],
    ],
    [
      'others, each once',
      [
        object({ owner: undefined }),
        second({ owner: 'altr' }),
        object({ owner: 'altr' }),
        object({ owner: 'c0ffee' }),
      ],
      {},
      [
        {
          status: 'fail',
          fact: 'foreign-owner',
          message: 'Logs belong to another account than the bucket, such as second.json.',
          risk: 'You can’t read your own audit logs.',
          expected: 'c0ffee',
          actual: ['altr'],
          remediation: { summary: 'Set the bucket’s Object Ownership to Bucket owner enforced.' },
        },
      ],
    ],
  ])('%s', (_what, objects, around, outcomes) => {
    expect(found(objects, around)).toStrictEqual(outcomes);
  });
});

describe('encryption', () => {
  const keyed = (kmsKeyArn?: string) => ({ encryption: 'aws:kms', kmsKeyArn });
  const withKey = (kmsKey: Observed<never> | undefined): Around => ({
    setUp: { kmsKey: {}, bucket: { kmsKey } },
  });

  test.each<[what: string, objects: readonly SampledObject[], around: Around, outcomes: readonly Outcome[]]>([
    ['the bucket’s default', [object()], {}, []],
    ['not told by S3', [object({ encryption: undefined })], {}, []],
    ['nothing was opened', [], { bucket: refused }, []],
    ['the bucket does not exist', [object(keyed(OTHER_KEY))], { bucket: ABSENT }, []],
    ['the bucket has no default', [object(keyed())], { setUp: { bucket: { encryption: ABSENT } } }, []],
    ['the default could not be read', [object()], { setUp: { bucket: { encryption: refused } } }, [REFUSED]],
    [
      'others than the default, each once',
      [object({ encryption: undefined }), object(), second(keyed(OTHER_KEY)), object(keyed())],
      {},
      [
        {
          status: 'advice',
          fact: 'other-encryption',
          message:
            '2 of the newest logs are encrypted with aws:kms, not with the bucket’s default AES256, such as second.json.',
          expected: 'AES256',
          actual: ['aws:kms'],
        },
      ],
    ],
    ['the bucket’s key', [object(keyed(KEY))], { setUp: { kmsKey: {} } }, []],
    ['a key that S3 does not tell', [object(keyed())], withKey(refused), []],
    ['a key, and that of the bucket could not be read', [object(keyed(KEY))], withKey(refused), [REFUSED]],
    ['a key, and that of the bucket does not exist', [object(keyed(KEY))], withKey(ABSENT), []],
    ['a key, and nobody looked at that of the bucket', [object(keyed(KEY))], withKey(undefined), []],
    [
      'other keys than the bucket’s, each once',
      [object(keyed()), object(keyed(KEY)), second(keyed(OTHER_KEY)), object(keyed(OTHER_KEY))],
      { setUp: { kmsKey: {} } },
      [
        {
          status: 'advice',
          fact: 'other-key',
          message: `2 of the newest logs are encrypted with the key ${OTHER_KEY}, not with the bucket’s ${KEY}, such as second.json.`,
          expected: KEY,
          actual: [OTHER_KEY],
        },
      ],
    ],
  ])('%s', (_what, objects, around, outcomes) => {
    expect(found(objects, around)).toStrictEqual(outcomes);
  });
});

describe('dates and keys', () => {
  const advice = (fact: string, message: string): Outcome => ({ status: 'advice', fact, message });
  const foreign = (layouts: number): Around => ({
    newest: {
      foreign: { layouts, objects: 4, example: { key: 'flow/x.gz', message: 'the record is no JSON' } },
    },
  });
  const undated = (confidence: NewestLog['layout']['confidence'], count = 3): NewestLog['layout'] => ({
    ...LAYOUT,
    confidence,
    undated: { count, examples: ['README', 'notes.txt'] },
  });
  const inLayouts = (layouts: string) =>
    advice(
      'foreign-objects',
      `Objects that are no audit logs of ALTR are in the bucket, in ${layouts} of dated keys, such as flow/x.gz: the record is no JSON. ` +
        'Name what the logs’ keys begin with in delivery.prefix, so that they are not looked at.',
    );

  test.each<[what: string, objects: readonly SampledObject[], around: Around, outcomes: readonly Outcome[]]>([
    ['all in order', [object()], {}, []],
    [
      'events outside of their partition',
      [object(), second({ outside: 1 })],
      {},
      [
        advice(
          'outside-partition',
          'Events are in a partition of another time, such as in second.json: readers that read by partition miss them.',
        ),
      ],
    ],
    [
      'events of the future',
      [object(), second({ future: 1 })],
      {},
      [advice('future-events', 'Events are dated in the future, such as in second.json: a clock is wrong.')],
    ],
    ['objects of others in one layout', [object()], foreign(1), [inLayouts('one layout')]],
    ['objects of others in several layouts', [object()], foreign(2), [inLayouts('2 layouts')]],
    [
      'objects of others, and such without a date: told once',
      [object()],
      { newest: { ...foreign(1).newest, layout: undated('high') } },
      [inLayouts('one layout')],
    ],
    [
      'objects without a date',
      [object()],
      { newest: { layout: undated('low') } },
      [
        advice(
          'foreign-objects',
          'Objects without a date in their key are beside the logs: 3 of the 20 that were seen, such as README.',
        ),
      ],
    ],
    ['no object without a date', [object()], { newest: { layout: undated('high', 0) } }, []],
    ['no key with a date', [object()], { newest: { layout: undated('none') } }, []],
  ])('%s', (_what, objects, around, outcomes) => {
    expect(found(objects, around)).toStrictEqual(outcomes);
  });
});
