import { DEFAULT_ALERT_FILTER } from '../../../config/options/alerts';
import { type AlertPorts, handleMessages } from '../../../logs/alerts/alerter';
import { ledgerKey } from '../../../logs/alerts/ledger';
import type { Mail } from '../../../logs/alerts/mail';
import { objectsIn } from '../../../logs/alerts/notification';
import { fixture } from '../fixtures';

const options = { exportName: 'acme', filter: DEFAULT_ALERT_FILTER, deadline: Date.now() + 60_000 };
const soon = () => ({ ...options, deadline: Date.now() + 500 });

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
    told: async (id) => {
      ledger.set(id, 'told');
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
      [ledgerKey('1'), 'told'],
      [ledgerKey('2'), 'told'],
    ]);
  });

  test('sends nothing for an event that was told before, and nothing where nothing alerts', async () => {
    const { ports, sent, ledger } = world({ a: alerting('1'), b: fixture('query-audit') });
    ledger.set(ledgerKey('1'), 'told');
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
    const { ports, log, sent } = world({});
    expect(await handleMessages([message('m1', 'gone')], ports, options)).toEqual([]);
    expect(log).toContainEqual(expect.objectContaining({ key: 'gone', message: 'the object is gone' }));
    expect(sent.map(({ subject }) => subject)).toEqual(['ALTR acme: objects that were gone']);
    await handleMessages([message('m2', 'gone')], ports, options);
    expect(sent).toHaveLength(1);
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
    expect(ledger.get(ledgerKey('1'))).toBe('claimed');
  });
});

describe('what is no event', () => {
  // An audit of a threshold that does not say whose it is.
  const strange = { ...alerting('1'), clientID: undefined };

  test('is told, since an alert may be among it, once an object', async () => {
    const { ports, sent } = world({ a: [strange, fixture('query-audit')] });
    for (const id of ['m1', 'm2'])
      expect(await handleMessages([message(id, 'a')], ports, options)).toEqual([]);
    expect(sent.map(({ subject }) => subject)).toEqual(['ALTR acme: records that could not be read']);
    expect(sent[0]?.body).toContain('Object: s3://logs/a\nCount:  1\nLink:   https://console.example/a');
  });

  test('stands beside the alerts in one mail', async () => {
    const { ports, sent } = world({ a: [strange, alerting('2')] });
    await handleMessages([message('m1', 'a')], ports, options);
    expect(sent.map(({ subject }) => subject)).toEqual([
      'ALTR acme: Create Lock, records that could not be read',
    ]);
  });
});

describe('a run that could go on for too long', () => {
  test('gives back an object that does not come in time, and tells of what was read before', async () => {
    const { ports, sent, log } = world({ a: alerting('1') });
    const stuck: AlertPorts = {
      ...ports,
      get: async (object) => (object.key === 'stuck' ? stuckAfter('{"eventID":') : ports.get(object)),
    };
    const messages = [message('m1', 'a'), message('m2', 'stuck'), message('m3', 'a')];
    expect(await handleMessages(messages, stuck, soon())).toEqual(['m2', 'm3']);
    expect(sent.map(({ subject }) => subject)).toEqual(['ALTR acme: Create Lock']);
    expect(log.filter(({ level }) => level === 'error').map(({ message: text }) => text)).toEqual([
      'there was no time left to read it: it is delivered again',
      'there was no time left to read it: it is delivered again',
    ]);
  });

  test('does not wait for an object that S3 does not begin to send', async () => {
    const { ports } = world({});
    const silent = { ...ports, get: () => new Promise<never>(() => {}) };
    expect(await handleMessages([message('m1', 'a')], silent, soon())).toEqual(['m1']);
  });

  test('tells of every alert by its number, and writes only so many to the ledger at once', async () => {
    const { ports, sent, ledger } = world({ a: Array.from({ length: 130 }, (_, i) => alerting(`${i}`)) });
    let now = 0;
    let most = 0;
    const counted = async <T>(work: () => Promise<T>) => {
      most = Math.max(most, ++now);
      await new Promise(setImmediate);
      now--;
      return work();
    };
    const slow: AlertPorts = {
      ...ports,
      claim: (id) => counted(() => ports.claim(id)),
      told: (id) => counted(() => ports.told(id)),
    };
    expect(await handleMessages([message('m1', 'a')], slow, options)).toEqual([]);
    expect(sent.map(({ subject }) => subject)).toEqual(['ALTR acme: 130 alerts']);
    expect(sent[0]?.body).toContain('… and 110 more');
    expect([...ledger.values()].filter((state) => state === 'told')).toHaveLength(130);
    expect(most).toBe(25);
  });

  test('claims an event again whose claim failed', async () => {
    const { ports, sent } = world({ a: alerting('1') });
    let isFirst = true;
    const failing: AlertPorts = {
      ...ports,
      claim: async (id) => {
        if (!isFirst) return ports.claim(id);
        isFirst = false;
        throw new Error('Throttled');
      },
    };
    expect(await handleMessages([message('m1', 'a'), message('m2', 'a')], failing, options)).toEqual(['m1']);
    expect(sent).toHaveLength(1);
  });
});

/** A stream that sends something and then nothing more. */
async function* stuckAfter(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
  await new Promise<never>(() => {});
}

describe('what is claimed is told and noted before the run ends', () => {
  test('a slow ledger ends the claims while there is time left to note them', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => alerting(`${i}`));
    const { ports, sent, ledger } = world({ a: many });
    const slow: AlertPorts = {
      ...ports,
      claim: (id) => new Promise((resolve) => setTimeout(() => resolve(ports.claim(id)), 10)),
      told: (id) => new Promise((resolve) => setTimeout(() => resolve(ports.told(id)), 10)),
    };
    const deadline = Date.now() + 1500;
    expect(await handleMessages([message('m1', 'a')], slow, { ...options, deadline })).toEqual(['m1']);
    expect(Date.now()).toBeLessThan(deadline + 500);
    expect([...ledger.values()]).not.toContain('claimed');
    expect(ledger.size).toBeGreaterThanOrEqual(50);
    expect(ledger.size).toBeLessThan(5000);
    // The next run tells the rest, each once.
    expect(await handleMessages([message('m1', 'a')], ports, options)).toEqual([]);
    expect(ledger.size).toBe(5000);
    const told = sent.map(({ subject }) => Number(/(\d+) alerts/.exec(subject)?.[1]));
    expect(told.reduce((sum, count) => sum + count)).toBe(5000);
  });

  test('a note that fails is tried again, and keeps none of the others from being made', async () => {
    const { ports, log, ledger } = world({ a: Array.from({ length: 60 }, (_, i) => alerting(`${i}`)) });
    const failures = new Map<string, number>();
    const failing: AlertPorts = {
      ...ports,
      told: async (id) => {
        const count = failures.get(id) ?? 0;
        failures.set(id, count + 1);
        if (id === ledgerKey('7') || (count === 0 && id === ledgerKey('8'))) throw new Error('Throttled');
        return ports.told(id);
      },
    };
    expect(await handleMessages([message('m1', 'a')], failing, options)).toEqual([]);
    expect([...ledger].filter(([, state]) => state === 'claimed').map(([id]) => id)).toEqual([
      ledgerKey('7'),
    ]);
    expect(log).toContainEqual(
      expect.objectContaining({ level: 'error', message: expect.stringMatching(/^1 of 60 alerts/) }),
    );
  });
});

describe('a message', () => {
  test('names the version that is new, if the bucket keeps versions', () => {
    const one = (object: object) => JSON.stringify({ Records: [{ s3: { bucket: { name: 'b' }, object } }] });
    expect(objectsIn(one({ key: 'a', versionId: 'v1' }))).toEqual([
      { bucket: 'b', key: 'a', versionId: 'v1' },
    ]);
    expect(objectsIn(one({ key: 'a' }))).toEqual([{ bucket: 'b', key: 'a' }]);
  });

  test('names objects with their keys decoded, in SNS’s envelope or bare', () => {
    const bare = JSON.stringify({
      Records: [{ s3: { bucket: { name: 'b' }, object: { key: 'a+b%2Bc%C3%A9' } } }],
    });
    expect(objectsIn(bare)).toEqual([{ bucket: 'b', key: 'a b+cé' }]);
    expect(objectsIn(JSON.stringify({ Message: bare }))).toEqual([{ bucket: 'b', key: 'a b+cé' }]);
  });

  test('of a folder’s marker names none; a log without a byte, and a folder with some, are named', () => {
    const of = (key: string, size: number) =>
      objectsIn(JSON.stringify({ Records: [{ s3: { bucket: { name: 'b' }, object: { key, size } } }] }))
        .length;
    expect([of('logs/2026/', 0), of('logs/2026/', 1), of('logs/a.json', 0)]).toEqual([0, 1, 1]);
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
