import { DEFAULT_ALERT_FILTER } from '../../../contract/alerts';
import { type AlertPorts, handleMessages } from '../../../logs/alerts/alerter';
import type { Mail } from '../../../logs/alerts/mail';
import { objectsIn } from '../../../logs/alerts/notification';
import { fixture } from '../fixtures';

const options = { exportName: 'acme', filter: DEFAULT_ALERT_FILTER };

/** A bucket in memory, a ledger, and what was sent. */
function world(objects: Readonly<Record<string, unknown>>) {
  const sent: Mail[] = [];
  const log: Record<string, unknown>[] = [];
  const ledger = new Map<string, 'claimed' | 'told'>();
  const ports: AlertPorts = {
    get: async ({ key }) => {
      const text = objects[key];
      if (text instanceof Error) throw text;
      return text === undefined ? undefined : streamOf(JSON.stringify(text));
    },
    send: async (mail) => {
      sent.push(mail);
    },
    claim: async (id) => {
      if (ledger.has(id)) return false;
      ledger.set(id, 'claimed');
      return true;
    },
    told: async (ids) => {
      for (const id of ids) ledger.set(id, 'told');
    },
    linkTo: ({ key }) => `https://console.example/${key}`,
    log: (entry) => log.push({ ...entry }),
  };
  return { ports, sent, log, ledger };
}

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const alerting = (eventID: string) => ({ ...fixture('system-audit'), eventID, category: 'Thresholds' });

function message(messageId: string, ...keys: string[]) {
  const Records = keys.map((key) => ({ s3: { bucket: { name: 'logs' }, object: { key } } }));
  return { messageId, body: JSON.stringify({ Type: 'Notification', Message: JSON.stringify({ Records }) }) };
}

describe('a batch of messages', () => {
  test('becomes one mail, in which every event stands once', async () => {
    const { ports, sent, ledger } = world({ a: [alerting('1'), alerting('2')], b: alerting('1') });
    expect(await handleMessages([message('m1', 'a'), message('m2', 'b')], ports, options)).toEqual([]);
    expect(sent.map(({ subject }) => subject)).toEqual(['ALTR acme: 2 alerts']);
    expect([...ledger]).toEqual([
      ['1', 'told'],
      ['2', 'told'],
    ]);
  });

  test('sends nothing for an event that was told before, and nothing where nothing alerts', async () => {
    const { ports, sent, ledger } = world({ a: alerting('1'), b: fixture('query-audit') });
    ledger.set('1', 'told');
    expect(await handleMessages([message('m1', 'a', 'b')], ports, options)).toEqual([]);
    expect(sent).toEqual([]);
  });

  test('gives back what could not be read, and tells of the rest', async () => {
    const { ports, sent, log } = world({ a: new Error('SlowDown'), b: alerting('1') });
    expect(await handleMessages([message('m1', 'a'), message('m2', 'b')], ports, options)).toEqual(['m1']);
    expect(sent).toHaveLength(1);
    expect(log).toContainEqual({ level: 'error', messageId: 'm1', message: 'SlowDown' });
  });

  test('passes over an object that is gone, and says so', async () => {
    const { ports, log } = world({});
    expect(await handleMessages([message('m1', 'gone')], ports, options)).toEqual([]);
    expect(log).toContainEqual(expect.objectContaining({ key: 'gone', message: 'the object is gone' }));
  });

  test('counts records that are no events', async () => {
    const { ports, sent, log } = world({ a: [1, 2, 3, 4, 5, alerting('1')] });
    await handleMessages([message('m1', 'a')], ports, options);
    expect(sent).toHaveLength(1);
    expect(log.filter(({ level }) => level === 'warn')).toHaveLength(3);
    expect(log).toContainEqual(expect.objectContaining({ events: 1, faults: 5, alerts: 1 }));
  });

  test('leaves the events untold where the mail could not be sent', async () => {
    const { ports, ledger } = world({ a: alerting('1') });
    const failing = { ...ports, send: () => Promise.reject(new Error('Throttled')) };
    await expect(handleMessages([message('m1', 'a')], failing, options)).rejects.toThrow('Throttled');
    expect(ledger.get('1')).toBe('claimed');
  });
});

describe('a message', () => {
  test('names objects with their keys decoded, in SNS’s envelope or bare', () => {
    const bare = JSON.stringify({
      Records: [{ s3: { bucket: { name: 'b' }, object: { key: 'a+b%2Bc%C3%A9' } } }],
    });
    expect(objectsIn(bare)).toEqual([{ bucket: 'b', key: 'a b+cé' }]);
    expect(objectsIn(JSON.stringify({ Message: bare }))).toEqual([{ bucket: 'b', key: 'a b+cé' }]);
  });

  test('of S3’s test names none', () => {
    expect(objectsIn(JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' }))).toEqual(
      [],
    );
  });

  test.each(['', '[]', '{}', '{"Records":[{}]}', '{"Message":"text"}'])('%j is refused', (body) => {
    expect(() => objectsIn(body)).toThrow();
  });
});
