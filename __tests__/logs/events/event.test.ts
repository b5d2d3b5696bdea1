import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import {
  auditsOf,
  categoryOf,
  nanosecondsOf,
  parseAuditEvent,
  summaryOf,
  tagsOf,
  timestampOf,
  userOf,
} from '../../../logs';
import { fixture, type Json } from '../fixtures';

function eventOf(value: unknown) {
  const parsed = parseAuditEvent(value);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.event;
}

/** Words of the schema library, which mean nothing to a person. */
const SCHEMA_WORDS = /invalid|expected|received|undefined|NaN|regex|union/i;

function faultOf(value: unknown) {
  const parsed = parseAuditEvent(value);
  if (parsed.ok) throw new Error('it is an event');
  return parsed.fault;
}

describe('the vendor’s own examples', () => {
  test('Query Audit', () => {
    const event = eventOf(fixture('query-audit'));
    expect(event).toMatchObject({
      kind: 'query',
      eventTime: 946_702_800_000,
      startTimeNs: 1_577_836_800_000_000_000n,
      completedTimeNs: 1_577_836_800_000_000_000n,
    });
    expect(userOf(event)).toBe('SAMPLE_USER');
    expect(tagsOf(event)).toEqual([{ name: 'EXAMPLETAG', value: 'Red' }]);
    expect(categoryOf(event)).toBe('SELECT');
    expect(summaryOf(event)).toContain('‘literal_string’');
  });

  test('System Audit', () => {
    const event = eventOf(fixture('system-audit'));
    expect(event).toMatchObject({ kind: 'system', record: { responseCode: 201, category: 'Locks' } });
    expect(userOf(event)).toBe('123');
    if (event.kind !== 'system') throw new Error();
    expect(Object.keys(auditsOf(event.record))).toEqual(['lockAudit']);
  });

  test('Custom Audit', () => {
    const event = eventOf(fixture('custom-audit'));
    expect(event).toMatchObject({
      kind: 'custom',
      eventTimeSupplied: 946_702_800_000,
      details: {
        first_authentication_factor: 'PASSWORD',
        user_name: 'EXAMPLE_USER',
        client_ip: '192.168.1.1',
      },
    });
    expect([userOf(event), categoryOf(event)]).toEqual(['EXAMPLE_USER', 'LOGIN']);
  });

  test.each(['query-audit', 'system-audit', 'custom-audit'] as const)(
    '%s: the record is kept as it was received, unknown keys too, and its JSON Schema accepts it',
    (name) => {
      const value = { ...fixture(name), addedByALTR: { later: [1, null] } };
      expect(eventOf(value).record).toEqual(value);
      const schema = JSON.parse(
        readFileSync(join(__dirname, '../../../docs/schema', `${name}.schema.json`), 'utf8'),
      ) as Json;
      const validate = new Ajv({ strict: false }).compile(schema);
      expect(validate(value)).toBe(true);
      expect(validate({ ...value, clientID: 7 })).toBe(false);
    },
  );
});

describe('what we rely on is demanded', () => {
  const query = fixture('query-audit');
  test.each<[string, unknown, RegExp]>([
    ['no client', { ...query, clientID: undefined }, /^clientID: /],
    ['no ID', { ...query, eventID: '' }, /^eventID: /],
    ['seconds for milliseconds', { ...query, eventTime: 946_702_800 }, /eventTime: .*seconds/],
    ['microseconds', { ...query, eventTime: 946_702_800_000_000 }, /eventTime: .*microseconds/],
    [
      'a time beyond all numbers',
      { ...query, eventTime: JSON.parse('1e400') },
      /^eventTime: is out of range$/,
    ],
    [
      'seconds with a fraction',
      { ...query, eventTime: 946_702_800.5 },
      /eventTime: .*(seconds|whole number)/,
    ],
    ['a time in words', { ...query, eventTime: 'yesterday' }, /^eventTime: is text, not a number$/],
    ['a day that there is not', { ...query, eventTime: '2020-02-30 00:00:00' }, /^eventTime: is text/],
    ['an empty client', { ...query, clientID: '' }, /^clientID: is empty$/],
    ['a client that is an object', { ...query, clientID: {} }, /^clientID: is an object, not text$/],
    ['a name that is a list', { ...query, eventName: [] }, /^eventName: is a list, not text$/],
    [
      'a name that is null beside a time as text: only the name is to blame',
      { ...query, eventTime: '2020-01-01T00:00:00Z', eventName: null },
      /^eventName: is null, not text$/,
    ],
    ['a name that is null', { ...query, eventName: null }, /^eventName: is null, not text$/],
    [
      'no ID and an odd field: only the ID is to blame',
      { ...query, eventID: undefined, eventVersion: 1 },
      /^eventID: is missing$/,
    ],
  ])('%s', (_why, value, says) => {
    const fault = faultOf(value);
    expect(fault).toMatchObject({ code: 'schema', message: expect.stringMatching(says) });
    expect(fault.message).not.toMatch(SCHEMA_WORDS);
  });

  test.each<[unknown, string]>([
    [null, 'not-an-object'],
    [[query], 'not-an-object'],
    ['text', 'not-an-object'],
    [{}, 'unknown-kind'],
    [{ eventName: 'Something' }, 'unknown-kind'],
    [{ category: 'Locks' }, 'unknown-kind'],
    [{ Records: [] }, 'wrapper'],
    [{ Records: [query, query] }, 'wrapper'],
    [{ events: [query] }, 'wrapper'],
    [{ detail: query, 'detail-type': 'x' }, 'wrapper'],
    [{ ...query, Records: [query] }, 'an event'],
    [{ Records: 7 }, 'unknown-kind'],
  ])('%j', (value, code) => {
    const parsed = parseAuditEvent(value);
    expect(parsed.ok ? 'an event' : parsed.fault.code).toBe(code);
    if (!parsed.ok) expect(parsed.fault.message).not.toMatch(SCHEMA_WORDS);
  });

  test('an event of CloudTrail by itself is recognised, and a damaged one of ALTR is not taken for it', () => {
    const trail = {
      eventVersion: '1.09',
      eventID: 'e',
      eventTime: '2026-01-01T00:00:00Z',
      eventName: 'PutObject',
      eventSource: 's3.amazonaws.com',
      awsRegion: 'us-east-1',
    };
    const message = 'the record is an event of AWS CloudTrail, no audit event of ALTR';
    expect(faultOf(trail)).toEqual({ code: 'unknown-kind', message });
    expect(faultOf({ ...trail, clientID: '' }).code).toBe('schema');
    expect(faultOf({ ...query, clientID: undefined }).code).toBe('schema');
  });

  test('a wrapper is named with what it holds', () => {
    expect(faultOf({ Records: [query, query] }).message).toBe(
      'the record is a wrapper around a list of 2 records (its key Records), as CloudTrail and other services write; ALTR writes events without one',
    );
  });
});

test('what may be missing may be null, and the other way round', () => {
  const { id } = (fixture('query-audit').eventDetails as { query: { id: string } }).query;
  const details = { actor: { username: null }, query: { id, startTime: null }, result: null };
  const event = eventOf({ ...fixture('query-audit'), eventDetails: details, userIdentity: undefined });
  expect([userOf(event), tagsOf(event)]).toEqual([undefined, []]);
});

/** A copy with one field set, by its path; `undefined` leaves it out. */
function withField(value: Json, path: string, field: unknown): Json {
  const copy = structuredClone(value);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let parent = copy as Record<string, unknown>;
  for (const key of keys) parent = parent[key] as Record<string, unknown>;
  if (field === undefined) delete parent[last];
  else parent[last] = field;
  return copy;
}

describe('what can be kept is kept', () => {
  const of = {
    query: fixture('query-audit'),
    system: fixture('system-audit'),
    custom: fixture('custom-audit'),
  } as const;

  // Kind, field, odd value → what the record then holds, and the warning.
  test.each<[keyof typeof of, string, unknown, unknown, string]>([
    ['query', 'eventTime', '946702800000', 946_702_800_000, 'eventTime is text, not a whole number'],
    ['query', 'eventTime', '2000-01-01T05:00:00Z', 946_702_800_000, 'eventTime is text, not a whole number'],
    [
      'query',
      'eventTime',
      946_702_800_000.5,
      946_702_800_000,
      'eventTime is a number with a fraction, not a whole number',
    ],
    [
      'query',
      'eventTime',
      '2000-01-01 05:00:00',
      946_702_800_000,
      'eventTime is text without a time zone, not a whole number; it is taken to be in UTC',
    ],
    [
      'query',
      'eventTime',
      '2000-01-01T05:00:00.123',
      946_702_800_123,
      'eventTime is text without a time zone, not a whole number; it is taken to be in UTC',
    ],
    ['query', 'eventTime', '946702800000.25', 946_702_800_000, 'eventTime is text, not a whole number'],
    [
      'query',
      'eventDetails.result.rowCount',
      Number.POSITIVE_INFINITY,
      null,
      'eventDetails.result.rowCount is out of range',
    ],
    ['query', 'eventID', 17, '17', 'eventID is a number, not text'],
    ['query', 'clientID', 17, '17', 'clientID is a number, not text'],
    ['query', 'eventVersion', 1, '1', 'eventVersion is a number, not text'],
    ['query', 'eventSource', {}, null, 'eventSource is an object, not text'],
    ['query', 'eventDetails', 'text', null, 'eventDetails is text, not an object'],
    ['query', 'eventDetails', [], null, 'eventDetails is a list, not an object'],
    ['query', 'eventDetails.query', 7, null, 'eventDetails.query is a number, not an object'],
    ['query', 'eventDetails.query.id', 7, '7', 'eventDetails.query.id is a number, not text'],
    ['query', 'eventDetails.query.id', undefined, undefined, 'eventDetails.query.id is missing'],
    [
      'query',
      'eventDetails.query.sessionID',
      300,
      '300',
      'eventDetails.query.sessionID is a number, not text',
    ],
    ['query', 'eventDetails.query.text', true, 'true', 'eventDetails.query.text is true, not text'],
    [
      'query',
      'eventDetails.query.startTime',
      '2020-01-01 00:00:00',
      null,
      'eventDetails.query.startTime must be an instant such as 2020-01-01 00:00:00.000000000Z',
    ],
    [
      'query',
      'eventDetails.query.startTime',
      '2020-02-30 00:00:00Z',
      null,
      'eventDetails.query.startTime is no day of the calendar',
    ],
    [
      'query',
      'eventDetails.query.startTimeEpoch',
      946_702_800,
      null,
      'eventDetails.query.startTimeEpoch is too small for milliseconds since 1970; are these seconds?',
    ],
    ['query', 'eventDetails.actor', 'SAM', null, 'eventDetails.actor is text, not an object'],
    ['query', 'eventDetails.actor.username', 5, '5', 'eventDetails.actor.username is a number, not text'],
    [
      'query',
      'eventDetails.actor.roles',
      ['A', null, 'B'],
      ['A', 'B'],
      'eventDetails.actor.roles.1 is null, not text',
    ],
    ['query', 'eventDetails.actor.roles', 'A', null, 'eventDetails.actor.roles is text, not a list'],
    ['query', 'eventDetails.result', [], null, 'eventDetails.result is a list, not an object'],
    ['query', 'eventDetails.result.rowCount', '12', 12, 'eventDetails.result.rowCount is text, not a number'],
    ['query', 'eventDetails.result.rowCount', -1, null, 'eventDetails.result.rowCount is out of range'],
    [
      'query',
      'eventDetails.result.rowCount',
      1.5,
      null,
      'eventDetails.result.rowCount is a number, not a whole number',
    ],
    [
      'query',
      'eventDetails.result.columnPolicy',
      {},
      null,
      'eventDetails.result.columnPolicy is an object, not a list',
    ],
    [
      'query',
      'eventDetails.result.tagPolicy',
      'x',
      null,
      'eventDetails.result.tagPolicy is text, not an object',
    ],
    ['query', 'userIdentity', 'x', null, 'userIdentity is text, not an object'],
    ['system', 'responseCode', '201', 201, 'responseCode is text, not a number'],
    ['system', 'responseCode', 'OK', null, 'responseCode is text, not a number'],
    ['system', 'error', 'text', null, 'error is text, not an object'],
    ['system', 'category', 7, '7', 'category is a number, not text'],
    [
      'system',
      'userIdentity.principalid',
      [],
      null,
      'userIdentity.principalid is a list, which is not a documented type',
    ],
    ['system', 'userIdentity', null, null, ''],
    ['system', 'category', null, null, ''],
    ['system', 'category', undefined, undefined, ''],
    ['custom', 'eventType', undefined, undefined, 'eventType is missing'],
    ['custom', 'eventType', 4, '4', 'eventType is a number, not text'],
    [
      'custom',
      'eventTimeSupplied',
      '946702800000',
      946_702_800_000,
      'eventTimeSupplied is text, not a number',
    ],
    [
      'custom',
      'eventDetails',
      { user_name: 'A' },
      '{"user_name":"A"}',
      'eventDetails is an object, not text',
    ],
    ['custom', 'eventDetails', '{"user_name":', '{"user_name":', 'eventDetails is not JSON in a string'],
  ])('%s: %s = %j', (kind, path, value, kept, warning) => {
    const odd = withField(of[kind], path, value);
    const event = eventOf(odd);
    expect(event.kind).toBe(kind);
    let found: unknown = event.record;
    for (const key of path.split('.')) found = (found as Json | null)?.[key];
    expect(found).toEqual(kept);
    expect(event.warnings.map((its) => `${its.path} ${its.message}`)).toEqual(
      warning === '' ? [] : [warning],
    );
    expect(event.raw).toEqual(odd);
    expect(warning).not.toMatch(SCHEMA_WORDS);
    // Whatever is asked of an event is answered.
    expect(() => [userOf(event), tagsOf(event), categoryOf(event), summaryOf(event)]).not.toThrow();
  });

  test('many odd fields of one event are all read around', () => {
    const odd = withField(
      withField(of.query, 'eventDetails.actor.roles', [1, null, {}, 'B']),
      'eventVersion',
      2,
    );
    const event = eventOf(odd);
    expect(event).toMatchObject({
      record: { eventVersion: '2', eventDetails: { actor: { roles: ['1', 'B'] } } },
    });
    expect(event.warnings).toHaveLength(4);
  });

  test('an object in place of a Custom Audit’s text is its details', () => {
    const event = eventOf(withField(of.custom, 'eventDetails', { user_name: 'A' }));
    expect([userOf(event), event]).toMatchObject(['A', { details: { user_name: 'A' } }]);
  });

  const core = { eventID: '1', eventTime: 946_702_800_000, clientID: 'c' };
  test.each<[string, Json, string]>([
    [
      'a sidecar’s query',
      { ...core, eventName: 'Sidecar:QueryAuditV2', eventDetails: { repository: 'r' } },
      'query',
    ],
    [
      'a query of another source',
      { ...core, eventName: 'OLTP:QueryAudit', eventDetails: { query: { id: '1' } } },
      'query',
    ],
    [
      'a newer Custom Audit',
      { ...core, eventName: 'SnowflakeCI:CustomAuditV2', eventType: 'LOGIN' },
      'custom',
    ],
    ['a System Audit by its details alone', { ...core, eventName: 'Create Lock', lockAudit: {} }, 'system'],
    ['nothing but what makes it an event', { ...core, eventName: 'Something' }, 'other'],
    ['a name that only begins like a query’s', { ...core, eventName: 'QueryAuditSettings' }, 'other'],
    // docs.altr.com, “System Audit Log”: the categories of ALTR's newer pages.
    ...[
      'Access Management Policy',
      'Access Requests',
      'Access Tokens',
      'Administrators',
      'Alerts',
      'API Keys',
      'Applications',
      'Data',
      'Data Sources',
      'Impersonation Policy',
      'Locks',
      'Policy',
      'Repository Configuration',
      'Thresholds',
      'User Groups',
    ].map((category): [string, Json, string] => [
      category,
      { ...core, eventName: 'Update', category },
      'system',
    ]),
  ])('%s', (_why, value, kind) => {
    const event = eventOf(value);
    expect([event.kind, event.warnings, event.raw]).toEqual([kind, [], value]);
    expect(summaryOf(event)).not.toMatch(/undefined|null/);
  });

  test.each<[unknown[], string[]]>([
    [
      [null, 5, 'A'],
      ['5', 'A'],
    ],
    [
      [5, 'A', null],
      ['5', 'A'],
    ],
    [
      [null, {}, null, 5, [], true],
      ['5', 'true'],
    ],
  ])('a list with odd elements, wherever they are: %j', (odd, kept) => {
    const event = eventOf(withField(of.query, 'eventDetails.actor.roles', odd));
    expect(event).toMatchObject({ record: { eventDetails: { actor: { roles: kept } } } });
    expect(event.warnings[0]?.path).toBe('eventDetails.actor.roles.0');
    const tags = odd.map((tagName) => (tagName === null ? null : { tagName, tagValue: 1 }));
    const tagged = withField(of.query, 'eventDetails.result.tagPolicy', { queryTimeDecision: tags });
    expect(tagsOf(eventOf(tagged))).toEqual(kept.map((name) => ({ name, value: '1' })));
  });

  test.each<[string, (index: number) => unknown, string[]]>([
    ['nulls', () => null, []],
    ['numbers', () => 7, ['7']],
    ['objects', () => ({}), []],
    ['nulls between names', (index) => (index % 2 === 0 ? null : 'A'), ['A']],
  ])('100,000 %s in a list take little time', (_what, element, kept) => {
    const roles = Array.from({ length: 100_000 }, (_, index) => element(index));
    const odd = withField(of.query, 'eventDetails.actor.roles', roles);
    const begun = Date.now();
    const event = eventOf(odd);
    expect(Date.now() - begun).toBeLessThan(2000);
    expect(event.warnings).toHaveLength(20);
    if (event.kind !== 'query') throw new Error();
    expect([...new Set(event.record.eventDetails?.actor?.roles)]).toEqual(kept);
  });

  test('a long list without anything odd is kept without a word', () => {
    const odd = withField(
      of.query,
      'eventDetails.actor.roles',
      Array.from({ length: 5000 }, () => 'A'),
    );
    expect(eventOf(odd)).toMatchObject({ warnings: [], record: odd });
  });

  test('odd fields beyond the first 20 are not listed', () => {
    const roles = Array.from({ length: 1000 }, () => 1);
    const event = eventOf(withField(of.query, 'eventDetails.actor.roles', roles));
    expect(event.warnings).toHaveLength(20);
    expect(event).toMatchObject({ record: { eventDetails: { actor: { roles: roles.map(String) } } } });
  });
});

test('details of a Custom Audit that are no JSON are a fault of the details, not of the event', () => {
  const event = eventOf({ ...fixture('custom-audit'), eventDetails: '{"user_name":' });
  expect(event).toMatchObject({ kind: 'custom', detailsFault: 'is not JSON in a string' });
  expect(event).not.toHaveProperty('details');
  expect(userOf(event)).toBeUndefined();
});

test('a key named __proto__ changes nothing', () => {
  const value = JSON.parse('{"__proto__":{"polluted":true}}') as Json;
  eventOf({ ...fixture('system-audit'), ...value });
  parseAuditEvent(
    JSON.parse(`{"__proto__":{"polluted":true},${JSON.stringify(fixture('system-audit')).slice(1)}`),
  );
  expect(({} as Json).polluted).toBeUndefined();
});

describe('nanoseconds', () => {
  test.each<[string, bigint | undefined]>([
    ['2020-01-01 00:00:00.123456789Z', 1_577_836_800_123_456_789n],
    ['2020-01-01T00:00:00Z', 1_577_836_800_000_000_000n],
    ['2020-01-01 01:00:00.5 +0100', 1_577_836_800_500_000_000n],
    ['2019-12-31 16:00:00.000000001-08:00', 1_577_836_800_000_000_001n],
    ['1969-12-31 23:59:59.999999999Z', -1n],
    ['2020-02-29 00:00:00Z', 1_582_934_400_000_000_000n],
    ['2021-02-29 00:00:00Z', undefined],
    ['2020-01-01 24:00:00Z', undefined],
    ['2020-01-01 00:00:60Z', undefined],
    ['2020-01-01 00:00:00', undefined],
    ['2020-01-01 00:00:00+25:00', undefined],
    ['2020-01-01', undefined],
    ['', undefined],
  ])('%s', (text, expected) => expect(nanosecondsOf(text)).toBe(expected));

  test('survive there and back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -2_000_000_000n * 10n ** 9n, max: 250_000_000_000n * 10n ** 9n }),
        (instant) => {
          expect(nanosecondsOf(timestampOf(instant))).toBe(instant);
        },
      ),
    );
  });
});
