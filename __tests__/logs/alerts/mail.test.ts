import * as fc from 'fast-check';
import { parseAuditEvent } from '../../../logs';
import { type Alert, MOST_TOLD, mailOf } from '../../../logs/alerts/mail';
import { fixture, type Json } from '../fixtures';

function alert(changes: Json = {}, key = 'year=2026/a.json'): Alert {
  const parsed = parseAuditEvent({ ...fixture('system-audit'), ...changes });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return { bucket: 'acme-logs', key, event: parsed.event };
}

const link = () => 'https://console.example/object';

test('one alert says what, who, when and where', () => {
  const { subject, body } = mailOf('acme', [alert()], link);
  expect(subject).toBe('ALTR acme: Create Lock');
  expect(body).toContain('What:   Create Lock (Locks)');
  expect(body).toContain('Who:    123');
  expect(body).toContain('When:   2000-01-01T05:00:00.000Z');
  expect(body).toContain('Rule:   lock (ID 1234)');
  expect(body.indexOf('Link:')).toBeLessThan(body.indexOf('More:'));
  expect(body).toContain('Object: s3://acme-logs/year=2026/a.json');
  expect(body).toContain('Link:   https://console.example/object');
});

test('a violation says whose it is and which threshold, before its JSON', () => {
  const thresholdAudit = { id: 7, name: 'Too many rows', username: 'SAM' };
  const { body } = mailOf(
    'acme',
    [alert({ eventName: 'Threshold Violated', lockAudit: {}, thresholdAudit })],
    link,
  );
  expect(body).toContain('Who:    123\nAbout:  SAM\n');
  expect(body).toContain('Rule:   threshold Too many rows (ID 7)\n');
});

test('an event about a person names who did it and to whom', () => {
  const administratorAudit = { id: 9, username: 'victim' };
  const event = alert({ eventName: 'Delete Administrator', lockAudit: {}, administratorAudit });
  expect(mailOf('acme', [event], link).body).toContain('Who:    123\nAbout:  victim\n');
  expect(mailOf('acme', [alert()], link).body).not.toContain('About:');
  const nobody = alert({ userIdentity: null, lockAudit: {}, administratorAudit });
  expect(mailOf('acme', [nobody], link).body).toContain('Who:    the event does not say\nAbout:  victim\n');
});

test.each(['thresholdAudit', 'anomalyAudit'])('the rule is that of %s, wherever it is', (name) => {
  const rule = { id: 7, name: 'Too many' };
  const what = name.replace('Audit', '');
  const { body } = mailOf('acme', [alert({ lockAudit: { id: 1, name: 'L' }, [name]: rule })], link);
  expect(body).toContain(`Rule:   ${what} Too many (ID 7)\n`);
});

test('an odd field and an object that was gone are in the mail', () => {
  const gone = [{ bucket: 'acme-logs', key: 'a<b' }];
  const { subject, body } = mailOf('acme', [alert({ error: 'text' })], link, {
    count: 1,
    unread: [],
    unreadCount: 0,
    gone,
    goneCount: 3,
  });
  expect(subject).toBe('ALTR acme: Create Lock, objects that were gone');
  expect(body).toContain('Odd:    error is text, not an object');
  expect(body).toContain('were gone before they were read');
  expect(body).toContain('Object: s3://acme-logs/a‹b');
  expect(body).toContain('… and 2 more objects');
});

test('many alerts become a digest that counts what it does not show', () => {
  const many = Array.from({ length: 50 }, (_, i) => alert({ eventID: `event-${i}` }));
  const { subject, body } = mailOf('acme', many, link);
  expect(subject).toBe('ALTR acme: 50 alerts');
  expect(body).toContain('Event:  event-19');
  expect(body).not.toContain('Event:  event-20');
  expect(body).toContain('… and 30 more');
});

test('a time that no calendar holds is shown as it came', () => {
  const { body } = mailOf(
    'acme',
    [{ ...alert(), event: { ...alert().event, eventTime: 9e15 } as Alert['event'] }],
    link,
  );
  expect(body).toContain('When:   9000000000000000 (no date)');
});

describe('whatever an event says', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom(
      'x\r\nBcc: everybody@example.com',
      'x\n\nWhat:   forged',
      '<img src=x onerror=alert(1)>',
      '=?utf-8?B?aGk=?=',
      '\u202egnp.exe',
      '\ud800',
      '😀'.repeat(1_000),
      'a'.repeat(20_000),
    ),
  );

  test('the subject is one short line of ASCII, and the body keeps its form', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (eventName, category, eventID) => {
        const { subject, body } = mailOf('acme', [alert({ eventName, category, eventID }, eventID)], link);
        expect(subject).toMatch(/^ALTR acme: [\x20-\x7e]*$/);
        expect(subject.length).toBeLessThan(100);
        expect(subject).not.toContain('=?');
        expect(body).not.toMatch(/[<>\r\u202e]/);
        // Two paragraphs of our own around one of eight lines: nothing in an event can add a line.
        expect(body.split('\n')).toHaveLength(12);
      }),
    );
  });

  test('the longest mail fits SNS', () => {
    const long = { eventName: '😀'.repeat(2_000), category: '😀'.repeat(2_000), eventID: '😀'.repeat(2_000) };
    const many = Array.from({ length: 100 }, () => alert(long, '😀'.repeat(256)));
    const link = () => `https://console.example/${'%F0%9F%98%80'.repeat(256)}`;
    const object = { bucket: 'acme-logs', key: '😀'.repeat(256), faults: 1_000_000 };
    const unread = Array.from({ length: MOST_TOLD.unread }, () => object);
    const { body } = mailOf('acme', many, link, { count: 1_000_000, unread, unreadCount: 1_000_000 });
    expect(body).toContain('… and 999995 more objects');
    expect(Buffer.byteLength(body)).toBeLessThan(256 * 1024);
  });
});
