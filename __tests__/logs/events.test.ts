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
} from '../../logs';
import { fixture, type Json } from './fixtures';

function eventOf(value: unknown) {
  const parsed = parseAuditEvent(value);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.event;
}

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
        readFileSync(join(__dirname, '../../docs/schema', `${name}.schema.json`), 'utf8'),
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
    ['a time in text', { ...query, eventTime: '946702800000' }, /^eventTime: /],
    ['a query without an ID', { ...query, eventDetails: { actor: {}, query: {} } }, /query\.id/],
    [
      'a day that does not exist',
      { ...query, eventDetails: { actor: {}, query: { id: '1', startTime: '2020-02-30 00:00:00Z' } } },
      /startTime: is no day/,
    ],
    ['a Custom Audit without a type', { ...fixture('custom-audit'), eventType: undefined }, /^eventType: /],
    ['a System Audit’s code in text', { ...fixture('system-audit'), responseCode: '201' }, /^responseCode: /],
  ])('%s', (_why, value, says) => {
    const fault = faultOf(value);
    expect(fault).toMatchObject({ code: 'schema', message: expect.stringMatching(says) });
  });

  test.each<[unknown, string]>([
    [null, 'not-an-object'],
    [[query], 'not-an-object'],
    ['text', 'not-an-object'],
    [{}, 'unknown-kind'],
    [{ eventName: 'Something' }, 'unknown-kind'],
    [{ category: 'Locks' }, 'unknown-kind'],
  ])('%j', (value, code) => expect(faultOf(value).code).toBe(code));
});

test('what may be missing may be null, and the other way round', () => {
  const { id } = (fixture('query-audit').eventDetails as { query: { id: string } }).query;
  const details = { actor: { username: null }, query: { id, startTime: null }, result: null };
  const event = eventOf({ ...fixture('query-audit'), eventDetails: details, userIdentity: undefined });
  expect([userOf(event), tagsOf(event)]).toEqual([undefined, []]);
});

test('details of a Custom Audit that are no JSON are a fault of the details, not of the event', () => {
  const event = eventOf({ ...fixture('custom-audit'), eventDetails: '{"user_name":' });
  expect(event).toMatchObject({ kind: 'custom', detailsFault: 'eventDetails is not JSON in a string' });
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
