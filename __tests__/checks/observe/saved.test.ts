import { unreadableBecause } from '../../../checks/observe/live/aws-error';
import {
  ABSENT,
  type ExportObservation,
  known,
  type LogFeedObservation,
  type Observation,
  unreadable,
} from '../../../checks/observe/observation';
import { loadObservation, saveObservation } from '../../../checks/observe/saved';
import { observationOf } from '../../../checks/pages/set-up';
import { EXAMPLE } from '../rules/support';

const KEY_ID = 'ASIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const TOKEN = `IQoJb3JpZ2luX2VjE${'aB3/'.repeat(80)}==`;

const seen: Observation = observationOf(
  {
    otherRoles: { Other: { Version: '2012-10-17', Statement: [] } },
    kmsKey: { keySpec: 'SYMMETRIC_DEFAULT' },
    inlinePolicies: { put: {} },
    logFeed: { filter: known({ scope: 'MessageBody', policy: '{"a":["b"]}' }) },
    delivery: {
      sample: [
        {
          key: 'year=2025/month=12/day=31/x.json',
          lastModified: 1,
          owner: 'c0ffee',
          encryption: 'AES256',
          kinds: { query: 1, system: 0, custom: 0, other: 0 },
          clients: [{ clientId: 'client', events: 1 }],
          bad: { count: 1, examples: [{ offset: 2, message: 'no JSON' }] },
          outside: 0,
          future: 0,
          isWhole: true,
        },
      ],
      roleLastUsed: '2025-12-31T23:00:00.000Z',
    },
  },
  EXAMPLE,
);

/** The saved observation, edited by hand: the attributes of a name are absent. */
function withoutState(name: string): string {
  return JSON.stringify(JSON.parse(saveObservation(seen)), (key, value) =>
    key === name && typeof value === 'object' ? { state: 'absent' } : value,
  );
}

describe('a saved observation', () => {
  test('is read as it was saved, and saved again the same', () => {
    const text = saveObservation(seen);
    expect(loadObservation(text, 'seen.json')).toEqual(seen);
    expect(saveObservation(loadObservation(text, 'seen.json'))).toBe(text);
  });

  test('holds the bucket of the copies; an older file lacks it', () => {
    const copied = observationOf(
      { declares: { replication: { bucket: 'copies', region: 'eu-west-1' } } },
      EXAMPLE,
    );
    const text = saveObservation(copied);
    expect(loadObservation(text, 'seen.json')).toEqual(copied);
    const older = JSON.parse(text) as { exports: { copies?: unknown }[] };
    for (const entry of older.exports) delete entry.copies;
    expect(loadObservation(JSON.stringify(older), 'seen.json').exports[0]?.copies).toBeUndefined();
  });

  test('has its keys in one order, however they were put together', () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, entry]) => [key, turned(entry)]),
      );
    };
    expect(saveObservation(turned(seen) as Observation)).toBe(saveObservation(seen));
  });

  test('without an attribute that later versions added is read as not looked at', () => {
    const [seenExport] = seen.exports;
    const later = ['delivery', 'logFeed', 'kmsKey'];
    for (const name of later) expect(JSON.stringify(seenExport)).toContain(`"${name}":`);
    const older = JSON.stringify(seen, (key, value) => (later.includes(key) ? undefined : value));
    const [loaded] = loadObservation(older, 'seen.json').exports;
    expect(loaded).not.toHaveProperty('delivery');
    expect(loaded).not.toHaveProperty('logFeed');
    expect(loaded?.bucket).toMatchObject({ state: 'value' });
    expect(loaded?.bucket).not.toHaveProperty('value.kmsKey');
  });

  describe('with something twice, of which one would hide the other, is refused', () => {
    const [entry] = seen.exports;
    const reader = { name: 'siem', policy: ABSENT };
    const key = { arn: 'arn:aws:kms:us-east-1:123456789012:key/old', key: ABSENT };
    const has = (more: Partial<ExportObservation>): Partial<Observation> => ({
      exports: [{ ...(entry as ExportObservation), ...more }],
    });
    const feed = (entry as ExportObservation).logFeed as LogFeedObservation;
    const rename = <T extends object>(one: T, name: string): T => ({ ...one, name });
    const of = `of the export ${EXAMPLE.name}`;

    test.each<[string, Partial<Observation>, Partial<Observation>]>([
      [
        `the export ${EXAMPLE.name}`,
        { exports: [...seen.exports, ...seen.exports] },
        { exports: [...seen.exports, ...seen.exports.map((one) => rename(one, 'another'))] },
      ],
      [
        `the account ${seen.accounts[0]?.accountId}`,
        { accounts: [...seen.accounts, ...seen.accounts] },
        {
          accounts: [
            ...seen.accounts,
            ...seen.accounts.map((one) => ({ ...one, accountId: '999999999999' })),
          ],
        },
      ],
      [
        `the reader siem ${of}`,
        has({ readers: [reader, reader] }),
        has({ readers: [reader, rename(reader, 'other')] }),
      ],
      [
        `the former key ${key.arn} ${of}`,
        has({ formerKeys: [key, key] }),
        has({ formerKeys: [key, { ...key, arn: `${key.arn}er` }] }),
      ],
      [
        `the queue for splunk ${of}`,
        has({ logFeed: { ...feed, queues: [...feed.queues, ...feed.queues] } }),
        has({
          logFeed: {
            ...feed,
            queues: [...feed.queues, ...feed.queues.map((one) => ({ ...one, consumer: 'x' }))],
          },
        }),
      ],
    ])('%s', (what, twice, once) => {
      expect(() => loadObservation(JSON.stringify({ ...seen, ...twice }), 'seen.json')).toThrow(
        `seen.json is a damaged saved observation: it holds ${what} twice; save it again`,
      );
      expect(loadObservation(JSON.stringify({ ...seen, ...once }), 'seen.json')).toEqual({
        ...seen,
        ...once,
      });
    });

    test('but the same reader of two exports is read', () => {
      const exports = ['a', 'b'].map((name) => ({
        ...rename(entry as ExportObservation, name),
        readers: [reader],
      }));
      expect(loadObservation(JSON.stringify({ ...seen, exports }), 'seen.json').exports).toHaveLength(2);
    });
  });

  test.each<[what: string, text: string, says: RegExp]>([
    ['nothing', '', /seen\.json is not JSON; write it with check --save-observation FILE/],
    ['null', 'null', /seen\.json is no saved observation \(the whole: /],
    ['a report', '{"schemaVersion":1,"tool":{}}', /is no saved observation \(observedAt: /],
    [
      'a newer version',
      '{"schemaVersion":2}',
      /was saved by a newer version of this tool \(schema 2\); upgrade the tool/,
    ],
    [
      'an attribute that this version does not know',
      saveObservation(seen).replace('"observedAt"', '"more": 1, "observedAt"'),
      /is no saved observation .*"more"/,
    ],
    [
      'an attribute of another type',
      saveObservation(seen).replace(/"keyState": "Enabled"/, '"keyState": 7'),
      /is no saved observation \(exports\.0\.bucket\./,
    ],
    ...[
      'accountId',
      'trustPolicy',
      'inlinePolicies',
      'attachedPolicies',
      'owner',
      'region',
      'acl',
      'roles',
    ].map((name): [string, string, RegExp] => [
      `no ${name}, which can’t be absent`,
      withoutState(name),
      new RegExp(`is no saved observation \\(\\S+\\.${name}\\.state: `),
    ]),
  ])('%s is refused in one sentence', (_what, text, says) => {
    expect(() => loadObservation(text, 'seen.json')).toThrow(says);
    expect(() => loadObservation(text, 'seen.json')).toThrow(/^[^\n]*$/);
  });
});

describe('holds no credentials', () => {
  test.each<[what: string, message: string]>([
    ['an access key ID', `The AWS Access Key Id you provided (${KEY_ID}) does not exist`],
    ['a secret access key', `could not sign with ${SECRET}.`],
    ['a session token', `token ${TOKEN} is malformed`],
    ['the query of a signed request', `GET /?X-Amz-Credential=${KEY_ID}%2Fus&X-Amz-Security-Token=${TOKEN}`],
    ['a header', `Authorization: ${SECRET}, x-amz-security-token: ${TOKEN}`],
    ['an environment', `AWS_SECRET_ACCESS_KEY=${SECRET} AWS_SESSION_TOKEN=${TOKEN} failed`],
    ['what a credential helper printed', `{"AccessKeyId":"${KEY_ID}","SecretAccessKey":"${SECRET}"}`],
    ['a proxy’s password', `connect to http://scanner:${SECRET}@proxy.example.com:3128 failed`],
  ])('%s in a message', (_what, message) => {
    const error = Object.assign(new Error(message), { name: 'SomethingElse' });
    const at = {
      region: 'us-east-1',
      endpoint: { url: `http://me:${SECRET}@127.0.0.1:1`, setting: 'AWS_ENDPOINT_URL' },
    };
    const network = Object.assign(new Error(message), { code: 'ECONNREFUSED' });
    for (const failure of [error, network]) {
      const role = unreadable(unreadableBecause('iam:GetRole', failure, at));
      const [first] = seen.exports;
      const text = saveObservation({ ...seen, exports: [{ ...(first as typeof first & object), role }] });
      for (const secret of [KEY_ID, SECRET, TOKEN.slice(0, 60)]) expect(text).not.toContain(secret);
    }
  });

  test('and ordinary words, ARNs and names stay', () => {
    const message =
      'AWS denied iam:GetRole (AccessDenied), which says: User: arn:aws:sts::123456789012:assumed-role/auditor/scan is not authorized to perform: iam:GetRole on resource: role ALTRPublishSIEMDataAcme with an explicit deny in a service control policy';
    expect(unreadable({ message }).reason.message).toBe(message);
  });

  test('a role stays whose part of the ARN is as long as a secret access key', () => {
    const part = 'role/ALTRPublishSIEMDataAcmeProdEuWest1x';
    const message = `the role arn:aws:iam::123456789012:${part} could not be assumed`;
    expect(part).toHaveLength(40);
    expect(unreadable({ message }).reason.message).toBe(message);
  });
});
