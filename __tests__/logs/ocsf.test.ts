/** The events of OCSF are what its schema demands, and say what ALTR's events say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { generateEvents, ocsfEvent, parseAuditEvent } from '../../logs';
import { fixture, type Json } from './fixtures';

const file = join(__dirname, '..', 'schemas', 'ocsf-1.9.0-audit-events.schema.json');
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')));

function faults(event: unknown): string[] {
  if (validate(event)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** As it is written. */
function written(record: object) {
  const parsed = parseAuditEvent(record);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return JSON.parse(JSON.stringify(ocsfEvent(parsed.event)));
}

const custom = (eventType: string | null, details: unknown, more: Json = {}) => ({
  ...fixture('custom-audit'),
  eventType,
  eventDetails: typeof details === 'string' ? details : JSON.stringify(details),
  ...more,
});
const query = (changes: Json) => ({ ...fixture('query-audit'), eventDetails: changes });
const system = (changes: Json) => ({ ...fixture('system-audit'), ...changes });

const CASES: readonly (readonly [says: string, record: object, expected: Json])[] = [
  [
    'a query is Datastore Activity',
    fixture('query-audit'),
    {
      class_uid: 6005,
      activity_name: 'Query',
      type_uid: 600504,
      time: 946702800000,
      actor: { user: { name: 'SAMPLE_USER' }, app_name: 'Go 1.1.5' },
      src_endpoint: { ip: '192.168.1.1' },
      database: { name: 'FYA81038', uid: '1234', type_id: 1, type: 'Relational' },
      query_info: expect.objectContaining({ uid: '01b123a2-0603-e937-006a-b60300c5f902' }),
      unmapped: expect.objectContaining({
        roles: ['SAMPLE_ROLE'],
        tags: [{ name: 'EXAMPLETAG', value: 'Red' }],
        decisions: ['ALLOW', 'MOST_PERMISSIVE'],
        row_count: 1234,
      }),
    },
  ],
  [
    'a statement that OCSF has no name for is another activity',
    query({ query: { id: 'q', type: 'GRANT', text: 'GRANT x' } }),
    { activity_id: 99, activity_name: 'GRANT', type_uid: 600599 },
  ],
  ...Object.entries({
    INSERT: 'Write',
    COPY: 'Write',
    UPDATE: 'Update',
    MERGE: 'Update',
    delete: 'Delete',
    TRUNCATE: 'Delete',
    TRUNCATE_TABLE: 'Delete',
    SHOW: 'List',
  }).map(
    ([type, activity_name]) =>
      [`${type} is ${activity_name}`, query({ query: { id: 'q', type } }), { activity_name }] as const,
  ),
  ...Object.entries({ Add: 'Create', Get: 'Read', Edit: 'Update', Modify: 'Update', Remove: 'Delete' }).map(
    ([verb, activity_name]) =>
      [`${verb} is ${activity_name}`, system({ eventName: `${verb} Lock` }), { activity_name }] as const,
  ),
  [
    'the longest message is cut, and the record whole',
    query({ query: { id: 'q', text: 'x'.repeat(5000) } }),
    { message: 'x'.repeat(1000), query_info: expect.objectContaining({ query_string: 'x'.repeat(5000) }) },
  ],
  [
    'a query without details has an unknown activity',
    query({}),
    { activity_id: 0, src_endpoint: { svc_name: 'SnowflakeCI' }, actor: { user: { name: 'unknown' } } },
  ],
  [
    'an address that is none is a name',
    query({ actor: { ipAddress: 'gateway' } }),
    { src_endpoint: { name: 'gateway' } },
  ],
  [
    'a change in ALTR is Entity Management',
    fixture('system-audit'),
    {
      class_uid: 3004,
      activity_name: 'Create',
      status: 'Success',
      status_code: '201',
      entity: expect.objectContaining({ type: 'lock', uid: '1234' }),
      actor: { user: { uid: '123', type: 'SUPERADMINISTRATOR' }, app_name: 'Master API' },
    },
  ],
  [
    'a change that was refused is a failure',
    system({ eventName: 'Delete Lock', responseCode: 403, error: { message: 'Forbidden' } }),
    { activity_id: 4, status_id: 2, status_detail: '{"message":"Forbidden"}' },
  ],
  [
    'what is no change is API Activity',
    system({ eventName: 'Anomaly Detected', lockAudit: {}, anomalyAudit: { id: 7 } }),
    {
      class_uid: 6003,
      activity_name: 'Anomaly Detected',
      api: expect.objectContaining({ operation: 'Anomaly Detected' }),
    },
  ],
  ['a name of JavaScript’s own is no verb', system({ eventName: 'constructor Lock' }), { class_uid: 6003 }],
  [
    'a login is Authentication, and its outcome unknown where nothing says it',
    fixture('custom-audit'),
    {
      class_uid: 3002,
      type_uid: 300201,
      user: { name: 'EXAMPLE_USER' },
      src_endpoint: { ip: '192.168.1.1' },
    },
  ],
  [
    'a failed login is a failure',
    custom('LOGIN', { user_name: 'U', is_success: 'NO', error_message: 'INCORRECT_USERNAME_PASSWORD' }),
    { status: 'Failure', status_detail: 'INCORRECT_USERNAME_PASSWORD' },
  ],
  [
    'a second factor is told',
    custom('LOGIN', { user_name: 'U', is_success: 'YES', second_authentication_factor: 'DUO' }),
    { status: 'Success', is_mfa: true },
  ],
  [
    'a failed login may be told by its type',
    custom('LOGIN_FAILED', { user_name: 'U' }),
    { class_uid: 3002, status: 'Failure' },
  ],
  ['a logout is one', custom('LOGOUT', { user_name: 'U' }), { activity_name: 'Logoff' }],
  ['a login of nobody is API Activity', custom('LOGIN', {}), { class_uid: 6003, activity_name: 'LOGIN' }],
  ['details that are no JSON', custom('EXPORT', 'no JSON'), { class_uid: 6003 }],
  [
    'no type, no source',
    custom(null, {}, { eventSource: null }),
    { class_uid: 6003, src_endpoint: { svc_name: 'ALTR' } },
  ],
];

test.each(CASES)('%s', (_, record, expected) => {
  const event = written(record);
  expect(faults(event)).toEqual([]);
  expect(event).toMatchObject(expected);
  expect(JSON.parse(event.raw_data)).toEqual(record);
});

test('a login whose outcome is not told has no status', () => {
  expect(written(fixture('custom-audit'))).not.toHaveProperty('status_id');
});

test('a query has a duration, unless it ended before it began', () => {
  const [early, late] = ['2026-01-01 00:00:00.000000000Z', '2026-01-01 00:00:01.500000000Z'];
  const of = (startTime: string, completedTime: string) =>
    written(query({ query: { id: 'q', startTime, completedTime } }));
  expect(of(early, late)).toMatchObject({ duration: 1500, start_time: Date.UTC(2026, 0, 1) });
  expect(of(late, early)).not.toHaveProperty('duration');
  expect(faults(of(late, early))).toEqual([]);
});

test('events of every kind are valid', () => {
  const range = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 2) };
  const classes = new Set<number>();
  for (const record of generateEvents({ count: 500, seed: 7, clientId: 'c', ...range })) {
    const event = written(record);
    classes.add(event.class_uid);
    expect(faults(event)).toEqual([]);
  }
  expect([...classes].sort()).toEqual([3002, 3004, 6003, 6005]);
});

test('the schema refuses what is no event of these classes', () => {
  const good = written(fixture('query-audit'));
  expect(faults({ ...good, extra: 1 })).not.toEqual([]);
  expect(faults({ ...good, class_uid: 6003 })).not.toEqual([]);
  expect(faults({ ...good, src_endpoint: { ip: 'gateway' } })).not.toEqual([]);
  expect(faults({ ...good, database: undefined })).not.toEqual([]);
});
