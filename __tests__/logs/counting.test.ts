import {
  type AuditEvent,
  type EventFilter,
  EventStatistics,
  generateEvents,
  matches,
  parseAuditEvent,
} from '../../logs';
import { fixture, type Json } from './fixtures';

function eventOf(name: Parameters<typeof fixture>[0], changes: Json = {}): AuditEvent {
  const parsed = parseAuditEvent({ ...fixture(name), ...changes });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.event;
}

describe('filter', () => {
  const [query, system, custom] = [eventOf('query-audit'), eventOf('system-audit'), eventOf('custom-audit')];
  test.each<[EventFilter, AuditEvent[]]>([
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
  ])('%j', (filter, expected) => {
    expect([query, system, custom].filter((event) => matches(event, filter))).toEqual(expected);
  });
});

describe('statistics', () => {
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
