import { gunzipSync } from 'node:zlib';
import { type EventKind, generateEvents, objectsOf, parseAuditEvent, readEvents } from '../../../logs';

const OPTIONS = {
  count: 500,
  seed: 7,
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  from: Date.UTC(2026, 0, 31, 22),
  to: Date.UTC(2026, 1, 1, 2),
};

test('every event is valid, belongs to the client, lies in its time, and has an ID of its own', () => {
  const ids = new Set<string>();
  const kinds = new Set<EventKind>();
  let last = OPTIONS.from;
  for (const record of generateEvents(OPTIONS)) {
    const parsed = parseAuditEvent(JSON.parse(JSON.stringify(record)));
    if (!parsed.ok) throw new Error(parsed.fault.message);
    kinds.add(parsed.event.kind);
    ids.add(record.eventID);
    expect(record.clientID).toBe(OPTIONS.clientId);
    expect(record.eventTime).toBeGreaterThanOrEqual(last);
    expect(record.eventTime).toBeLessThan(OPTIONS.to);
    last = record.eventTime;
  }
  expect([ids.size, [...kinds].sort()]).toEqual([500, ['custom', 'query', 'system']]);
});

test('a seed decides everything, and another seed something else', () => {
  const text = (seed: number) => JSON.stringify([...generateEvents({ ...OPTIONS, seed })]);
  expect(text(7)).toBe(text(7));
  expect(text(7)).not.toBe(text(8));
});

test('only the kinds that were asked for', () => {
  const kinds = [...generateEvents({ ...OPTIONS, kinds: ['custom'] })].map((record) => {
    const parsed = parseAuditEvent(record);
    return parsed.ok && parsed.event.kind;
  });
  expect(new Set(kinds)).toEqual(new Set(['custom']));
});

test('objects are partitioned by event time, and the reader reads every event of them', async () => {
  let events = 0;
  for (const { key, body } of objectsOf(generateEvents(OPTIONS), {
    seed: 1,
    eventsPerObject: 50,
    gzip: true,
  })) {
    const [, hour] =
      /^year=2026\/month=0[12]\/day=(?:31|01)\/hour=(\d\d)\/[-0-9a-f]{36}\.json\.gz$/.exec(key) ?? [];
    for await (const { event } of readEvents([body], { key })) {
      expect(event && new Date(event.eventTime).getUTCHours()).toBe(Number(hour));
      events++;
    }
    expect(gunzipSync(body).toString().trim().split('\n').length).toBeLessThanOrEqual(50);
  }
  expect(events).toBe(500);
});
