import {
  type AuditEvent,
  addressesOf,
  columnsOf,
  type EventFilter,
  EventStatistics,
  generateEvents,
  matches,
  parseAuditEvent,
  valuesOf,
} from '../../logs';
import { fixture, type Json } from './fixtures';

function eventOf(name: Parameters<typeof fixture>[0], changes: Json = {}): AuditEvent {
  const parsed = parseAuditEvent({ ...fixture(name), ...changes });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.event;
}

describe('filter', () => {
  const [query, system, custom] = [eventOf('query-audit'), eventOf('system-audit'), eventOf('custom-audit')];
  const FILTERS: readonly (readonly [EventFilter, readonly AuditEvent[]])[] = [
    [{}, [query, system, custom]],
    [{ kinds: ['query', 'custom'] }, [query, custom]],
    [{ user: 'sample_user' }, [query]],
    [{ user: '123' }, [system]],
    [{ user: 'EXAMPLE_USER' }, [custom]],
    [{ text: 'customer_data' }, [query]],
    [{ text: 'LOGIN' }, []],
    [{ tag: 'exampletag' }, [query]],
    [{ tag: 'EXAMPLETAG=Red' }, [query]],
    [{ tag: 'EXAMPLETAG=Blue' }, []],
    [{ category: 'locks' }, [system]],
    [{ category: 'LOGIN' }, [custom]],
    [{ category: 'select' }, [query]],
    [{ kinds: ['query'], user: '123' }, []],
    [{ user: 'sample*' }, [query]],
    [{ user: 'sample' }, []],
    [{ eventName: 'create lock' }, [system]],
    [{ eventName: '*audit' }, [query, custom]],
    [{ role: 'SAMPLE_ROLE' }, [query]],
    [{ role: 'super*' }, [system]],
    [{ tag: 'EXAMPLE*=R*' }, [query]],
    [{ decision: 'allow' }, [query]],
    [{ decision: 'DENY' }, []],
    [{ minRows: 1234 }, [query]],
    [{ minRows: 1235 }, []],
    [{ maxRows: 1234 }, [query]],
    [{ maxRows: 1233 }, []],
    [{ addresses: addressesOf('192.168.1.1') }, [query, custom]],
    [{ addresses: addressesOf('192.168.0.0/16') }, [query, custom]],
    [{ addresses: addressesOf('192.168.1.2') }, []],
    [{ addresses: addressesOf('2001:db8::/32') }, []],
    [{ eventId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634' }, [system]],
    [{ since: 946702800000 }, [query, system, custom]],
    [{ since: 946702800001 }, []],
    [{ until: 946702800000 }, []],
    [{ until: 946702800001 }, [query, system, custom]],
    [{ role: 'NOBODY' }, []],
    [{ category: 'Thresholds' }, []],
    [{ eventName: 'Create' }, []],
    [{ column: 'SSN' }, []],
    [{ eventId: 'another' }, []],
    [{ kinds: ['other'] }, []],
    [{ minRows: 0, maxRows: 1234 }, [query]],
  ];
  const found = (filter: EventFilter) => [query, system, custom].filter((event) => matches(event, filter));
  test.each(FILTERS)('%j', (filter, expected) => {
    expect(found(filter)).toEqual(expected);
  });
  test('of two conditions both must hold', () => {
    for (const [one, by] of FILTERS)
      for (const [other, byOther] of FILTERS) {
        if (Object.keys(one).some((key) => key in other)) continue;
        expect([{ ...one, ...other }, found({ ...one, ...other })]).toEqual([
          { ...one, ...other },
          by.filter((event) => byOther.includes(event)),
        ]);
      }
  });
});

test('a user is also found as the one whose access an event is about', () => {
  const system = eventOf('system-audit', { lockAudit: {}, thresholdAudit: { userName: 'CHEN_WEI' } });
  expect(matches(system, { user: 'chen_wei' })).toBe(true);
  expect(valuesOf(system, 'subject')).toEqual(['CHEN_WEI']);
  expect(valuesOf(system, 'user')).toEqual(['123']);
});

test.each(['10.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::/129', 'host', ''])(
  '%j is no address',
  (text) => {
    expect(addressesOf(text)).toBeUndefined();
  },
);

describe('columns', () => {
  const withPolicy = (columnPolicy: unknown) =>
    eventOf('query-audit', { eventDetails: { result: { columnPolicy } } });
  test.each<[unknown, string[]]>([
    [
      ['SSN', 'DOB'],
      ['SSN', 'DOB'],
    ],
    [[{ columnName: 'SSN', appliedPolicy: { name: 'A_POLICY', decisionType: 'DENY' } }], ['SSN']],
    [
      [{ column: { name: 'SSN', id: 3 } }, { column_names: ['DOB'] }],
      ['SSN', 'DOB'],
    ],
    [[{ name: 'SSN' }, { name: 'SSN' }], ['SSN']],
    [{ queryTimeDecision: [{ columnName: 'SSN' }] }, ['SSN']],
    [[], []],
    [null, []],
  ])('of %j', (columnPolicy, expected) => {
    expect(columnsOf(withPolicy(columnPolicy))).toEqual(expected);
  });
  test('are searched, with what was decided about them', () => {
    const event = withPolicy([{ columnName: 'SSN', appliedPolicy: { decisionType: 'DENY' } }]);
    expect(matches(event, { column: 'ssn', decision: 'deny' })).toBe(true);
    expect(matches(event, { column: 'dob' })).toBe(false);
    expect(columnsOf(eventOf('system-audit', { columnAudit: { name: 'DOB', id: 4 } }))).toEqual(['DOB']);
  });
});

describe('fields', () => {
  const [query, system, custom] = [eventOf('query-audit'), eventOf('system-audit'), eventOf('custom-audit')];
  test.each<[string, string[], string[], string[]]>([
    ['kind', ['query'], ['system'], ['custom']],
    ['event', ['SnowflakeCI:QueryAudit'], ['Create Lock'], ['SnowflakeCI:CustomAudit']],
    ['category', ['SELECT'], ['Locks'], ['LOGIN']],
    ['role', ['SAMPLE_ROLE'], ['SUPERADMINISTRATOR'], []],
    ['tag', ['EXAMPLETAG=Red'], [], []],
    ['decision', ['ALLOW', 'MOST_PERMISSIVE'], [], []],
    ['rows', ['1234'], [], []],
    ['ip', ['192.168.1.1'], [], ['192.168.1.1']],
    ['rule', [], ['lock (ID 1234)'], []],
    ['hour', ['2000-01-01T05:00Z'], ['2000-01-01T05:00Z'], ['2000-01-01T05:00Z']],
    ['day', ['2000-01-01'], ['2000-01-01'], ['2000-01-01']],
    ['eventDetails.query.warehouse', ['ALTR_PRODUCT_WH'], [], []],
    ['eventDetails.client_ip', [], [], ['192.168.1.1']],
    ['eventDetails.result.tagPolicy.auditTimeDecision.policyInfo.name', ['EXAMPLE_POLICY_NAME'], [], []],
    ['lockAudit.tags.maskingPolicy', [], ['10001'], []],
    ['error', [], [], []],
    ['responseCode', [], ['201'], []],
    ['toString', [], [], []],
    ['eventDetails.query.toString', [], [], []],
    ['', [], [], []],
  ])('%s', (field, ...expected) => {
    expect([query, system, custom].map((event) => valuesOf(event, field))).toEqual(expected);
  });
});

describe('statistics', () => {
  test('count any field, and the events without it', () => {
    const statistics = new EventStatistics(['role', 'eventDetails.query.warehouse']);
    statistics.add(eventOf('query-audit'));
    statistics.add(eventOf('system-audit'));
    const { fields, delay, afterObject } = statistics.result();
    expect(fields).toEqual({
      role: {
        values: [
          { name: 'SAMPLE_ROLE', events: 1 },
          { name: 'SUPERADMINISTRATOR', events: 1 },
        ],
        without: 0,
      },
      'eventDetails.query.warehouse': { values: [{ name: 'ALTR_PRODUCT_WH', events: 1 }], without: 1 },
    });
    // Without the time of its object an event has no delay.
    expect([delay, afterObject]).toEqual([undefined, 0]);
  });

  const HOUR = 3_600_000;
  const from = Date.UTC(2026, 0, 1);

  test('count by kind, hour, user and tag, and measure the delay', () => {
    const statistics = new EventStatistics();
    for (let minute = 0; minute < 90; minute++) {
      statistics.add(
        eventOf('query-audit', { eventTime: from + minute * 60_000 }),
        from + minute * 60_000 + 30_000,
      );
    }
    statistics.add(eventOf('custom-audit', { eventTime: from }), from + HOUR);
    statistics.add(eventOf('system-audit', { eventTime: from }), from - HOUR);
    const result = statistics.result();
    expect(result).toMatchObject({
      events: 92,
      kinds: { query: 90, system: 1, custom: 1, other: 0 },
      hours: [
        { hour: from, kinds: { query: 60, system: 1, custom: 1, other: 0 } },
        { hour: from + HOUR, kinds: { query: 30, system: 0, custom: 0, other: 0 } },
      ],
      afterObject: 1,
      users: [
        { name: 'SAMPLE_USER', events: 90 },
        { name: '123', events: 1 },
        { name: 'EXAMPLE_USER', events: 1 },
      ],
      tags: [{ name: 'EXAMPLETAG=Red', events: 90 }],
      isApproximate: false,
    });
    expect(result.delay?.median).toBeGreaterThanOrEqual(30_000);
    expect(result.delay?.median).toBeLessThan(33_000);
    expect(result.delay?.longest).toBe(HOUR);
  });

  test('nothing', () => {
    expect(new EventStatistics().result()).toMatchObject({ events: 0, hours: [], users: [] });
    expect(new EventStatistics().result()).not.toHaveProperty('delay');
  });

  test('names without end are bounded, and that is said', () => {
    const statistics = new EventStatistics();
    const event = eventOf('query-audit');
    const [record] = generateEvents({
      count: 1,
      seed: 1,
      clientId: 'c',
      from,
      to: from + 1,
      kinds: ['custom'],
    });
    for (let index = 0; index < 50_010; index++) {
      const custom = {
        kind: 'custom',
        eventTime: from,
        details: { username: `u${index}` },
        warnings: [],
        raw: record,
        record,
      } as AuditEvent;
      statistics.add(custom, from);
    }
    statistics.add(event, from);
    expect(statistics.result()).toMatchObject({ events: 50_011, isApproximate: true });
  });
});

test('events of ever other hours are counted in bounded memory, and it is said', () => {
  const statistics = new EventStatistics();
  const event = eventOf('system-audit');
  for (let hour = 0; hour < 12_000; hour++) {
    statistics.add({ ...event, eventTime: hour * 3_600_000 }, 0);
  }
  const { hours, events, isApproximate } = statistics.result();
  expect([hours.length, events, isApproximate]).toEqual([10_000, 12_000, true]);
});
