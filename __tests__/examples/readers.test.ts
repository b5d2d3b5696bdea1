/** The examples for Splunk and Athena do what they say, as far as it can be told without either. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splunkInput } from '../../config/options/splunk-feed';
import { fixture } from '../logs/fixtures';
import { splunkEvaluated, stanzas } from './splunk';

const read = (...path: string[]) => readFileSync(join(__dirname, '..', '..', 'examples', ...path), 'utf8');

const props = stanzas(read('splunk', 'props.conf'));
const transforms = stanzas(read('splunk', 'transforms.conf'));
const audit = props['altr:audit'] ?? {};

/** Breaks a text as Splunk's LINE_BREAKER does: what its first group matches is left out. */
function events(text: string): string[] {
  const breaker = new RegExp(audit.LINE_BREAKER ?? '', 'g');
  const gaps = [...text.matchAll(breaker)].map(({ index, 1: gap = '' }) => ({
    from: index,
    to: index + gap.length,
  }));
  const [, sed = '', replacement = ''] = /^s\/(.+)\/(.*)\/$/.exec(audit['SEDCMD-altr_list'] ?? '') ?? [];
  return [{ from: 0, to: 0 }, ...gaps]
    .map(({ to }, i) => text.slice(to, gaps[i]?.from ?? text.length).trim())
    .filter((event) => event !== '')
    .map((event) => event.replace(new RegExp(sed), replacement));
}

/** The sourcetype that the transforms give, the last one that matches. */
function sourcetypeOf(event: string): string | undefined {
  const names = (audit['TRANSFORMS-altr_kind'] ?? '').split(', ');
  return names
    .map((name) => transforms[name])
    .filter((transform) => new RegExp(transform?.REGEX ?? '(?!)', 's').test(event))
    .at(-1)
    ?.FORMAT?.replace('sourcetype::', '');
}

/** What TIME_FORMAT reads as milliseconds, within the look-ahead behind TIME_PREFIX. */
function timeIn(event: string): string | undefined {
  const after = new RegExp(audit.TIME_PREFIX ?? '').exec(event);
  const at = (after?.index ?? 0) + (after?.[0].length ?? 0);
  return /^\d+/.exec(event.slice(at, at + Number(audit.MAX_TIMESTAMP_LOOKAHEAD)))?.[0];
}

const kinds = ['query', 'system', 'custom'] as const;
const vendor = kinds.map((kind) => fixture(`${kind}-audit`));

/** The same value with the keys of every object in another order. */
function reordered(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((entry) => reordered(entry, order));
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Record<string, unknown>;
  return Object.fromEntries(order(Object.keys(record)).map((key) => [key, reordered(record[key], order)]));
}

const [vendorQuery, vendorSystem, vendorCustom] = kinds.map((kind) => fixture(`${kind}-audit`));
const details = vendorQuery?.eventDetails as { actor: object; result: object; query: object };

/** Events that are hard to tell apart by their text. */
const HARD: readonly (readonly [(typeof kinds)[number], object])[] = [
  ['query', vendorQuery!],
  ['system', vendorSystem!],
  ['custom', vendorCustom!],
  // A customer's own words in a query's tag.
  [
    'query',
    {
      ...vendorQuery,
      eventDetails: { ...details, actor: { ...details.actor, queryTag: { category: 'x', eventName: 'a' } } },
    },
  ],
  [
    'query',
    {
      ...vendorQuery,
      eventDetails: {
        ...details,
        result: { columnPolicy: [{ eventTime: 5 }, { eventTime: 6 }, { clientID: 'x' }] },
      },
    },
  ],
  ['query', { ...vendorQuery, eventDetails: { ...details, queryTag: { clientID: 'x', eventTime: 5 } } }],
  [
    'query',
    {
      ...vendorQuery,
      eventDetails: {
        ...details,
        query: {
          ...details.query,
          text: 'SELECT \'}\\n{"eventName": "SnowflakeCI:CustomAudit", "eventTime": 7, "clientID":\\',
          type: '[{',
        },
      },
    },
  ],
  ['query', { ...vendorQuery, eventName: 'Sidecar:QueryAuditV2' }],
  ['system', { ...vendorSystem, category: 'SnowflakeCI:QueryAudit', error: { eventName: 'x:CustomAudit' } }],
  ['system', { ...vendorSystem, category: undefined }],
  ['custom', { ...vendorCustom, eventDetails: '{"category":"x","eventName":"a:QueryAudit"}' }],
];

const ORDERS: Readonly<Record<string, (keys: string[]) => string[]>> = {
  'as on the page': (keys) => keys,
  sorted: (keys) => [...keys].sort(),
  backwards: (keys) => [...keys].reverse(),
};

const SHAPES: Readonly<Record<string, (all: unknown[]) => string>> = {
  'one a line': (all) => all.map((event) => JSON.stringify(event)).join('\n'),
  'one a line, with CRLF and a last line feed': (all) =>
    all.map((event) => `${JSON.stringify(event)}\r\n`).join(''),
  'a compact list': (all) => JSON.stringify(all),
  'an indented list': (all) => JSON.stringify(all, null, 2),
  'a list, an event a line': (all) => `[\n${all.map((event) => JSON.stringify(event)).join(',\n')}\n]\n`,
  'indented, one after the other': (all) => all.map((event) => JSON.stringify(event, null, 4)).join('\n'),
  'a list with a line for each part, without indentation': (all) =>
    JSON.stringify(all, null, 1).replaceAll(/\n */g, '\n'),
  'one after the other, with a line for each part, without indentation': (all) =>
    all.map((event) => JSON.stringify(event, null, 1).replaceAll(/\n */g, '\n')).join('\n'),
  'compact, one after the other': (all) => all.map((event) => JSON.stringify(event)).join(''),
  'with a space after each comma and colon': (all) =>
    all.map((event) => JSON.stringify(event, null, 1).replaceAll(/\n */g, ' ')).join('\n'),
};

describe('Splunk', () => {
  describe.each(Object.keys(ORDERS))('keys %s', (order) => {
    const all = HARD.map(([, event]) => reordered(JSON.parse(JSON.stringify(event)), ORDERS[order]!));

    test.each(Object.keys(SHAPES))('%s: whole events, each of its kind and time', (shape) => {
      const found = events(SHAPES[shape]!(all));
      expect(found.map((event) => JSON.parse(event))).toEqual(all);
      expect(found.map(sourcetypeOf)).toEqual(HARD.map(([kind]) => `altr:audit:${kind}`));
      for (const event of found) expect(timeIn(event)).toBe('946702800000');
    });

    test.each(Object.keys(SHAPES))('%s: a single event stays whole', (shape) => {
      for (const event of all) expect(events(SHAPES[shape]!([event]))).toHaveLength(1);
    });
  });

  test('300 lines with sorted keys are 300 events, in little time', () => {
    const event = JSON.stringify(reordered(vendorQuery, ORDERS.sorted!));
    const begun = Date.now();
    expect(events(Array.from({ length: 300 }, () => event).join('\n'))).toHaveLength(300);
    expect(events(`[${Array.from({ length: 300 }, () => event).join(',')}]`)).toHaveLength(300);
    expect(Date.now() - begun).toBeLessThan(5000);
  });

  test.each([
    [7, 2],
    [8, 1],
    [20, 1],
  ])('a value %d levels deep in a compact list: %d events are told apart', (depth, count) => {
    let deep: unknown = 1;
    for (let level = 0; level < depth; level++) deep = { a: deep };
    const event = { ...vendorQuery, eventDetails: { queryTag: deep } };
    expect(events(JSON.stringify([event, event]))).toHaveLength(count);
  });

  test('lines that are no events of ALTR are split, too', () => {
    expect(events('{"a":1}\n{"b":{"c":[{"d":2},{"e":3}]}}\n')).toEqual([
      '{"a":1}',
      '{"b":{"c":[{"d":2},{"e":3}]}}',
    ]);
  });

  test('each event type has tags, and each kind fields of the Common Information Model', () => {
    const types = Object.keys(stanzas(read('splunk', 'eventtypes.conf')));
    expect(Object.keys(stanzas(read('splunk', 'tags.conf')))).toEqual(
      types.map((type) => `eventtype=${type}`),
    );
    const search = stanzas(read('splunk', 'savedsearches.conf'))['ALTR threshold violations']?.search;
    expect(search).toContain('eventtype=altr_violation');
    for (const kind of kinds) {
      const set = Object.entries(props[`altr:audit:${kind}`] ?? {}).map(([key, value]) => `${key} ${value}`);
      for (const field of ['user', 'vendor_product'])
        expect(
          set.some((entry) => entry.endsWith(` AS ${field}`) || entry.startsWith(`EVAL-${field} `)),
        ).toBe(true);
    }
  });

  // The customer's type of event, its details, what the login was.
  test.each<[string, object | undefined, string | null]>([
    ['LOGIN', { is_success: 'YES' }, 'success'],
    ['LOGIN', { is_success: 'NO' }, 'failure'],
    ['LOGIN', { is_success: false }, 'failure'],
    ['LOGIN', { is_success: 'perhaps' }, 'unknown'],
    ['LOGIN', {}, 'success'],
    ['LOGIN', undefined, 'success'],
    ['LOGIN_FAILED', undefined, 'failure'],
    ['FAILED_LOGIN', { is_success: 'YES' }, 'failure'],
    ['LOGIN_ATTEMPT', undefined, 'unknown'],
    ['LOGIN_SUCCESS', undefined, 'success'],
    ['EXPORT', undefined, null],
  ])('a Custom Audit %s with details %j: %s', (eventType, given, action) => {
    const eventDetails = given && JSON.stringify(given);
    const event = { ...vendorCustom, eventType, eventDetails };
    expect(splunkEvaluated(props['altr:audit:custom']?.['EVAL-action'] ?? '', event)).toBe(action);
    const { search = '' } = stanzas(read('splunk', 'eventtypes.conf')).altr_login ?? {};
    const patterns = [...search.matchAll(/eventType="\*(\w+)\*"/g)].map(
      ([, word = '']) => new RegExp(word, 'i'),
    );
    expect(patterns.some((pattern) => pattern.test(eventType))).toBe(action !== null);
  });

  test.each([
    [201, 'success'],
    ['200', 'success'],
    [403, 'failure'],
    [undefined, 'unknown'],
    [null, 'unknown'],
  ])('a System Audit with response code %s: %s', (responseCode, status) => {
    const event = { ...vendorSystem, responseCode };
    expect(splunkEvaluated(props['altr:audit:system']?.['EVAL-status'] ?? '', event)).toBe(status);
  });

  test('the saved search goes by index time, so that a late event is found', () => {
    const saved = stanzas(read('splunk', 'savedsearches.conf'))['ALTR threshold violations'];
    expect(saved).toMatchObject({
      search: expect.stringContaining('_index_earliest=-15m@m _index_latest=@m'),
      'dispatch.earliest_time': '-30d@d',
      cron_schedule: '*/15 * * * *',
    });
  });

  test('inputs.conf is what the deployment prints', () => {
    const printed = splunkInput({
      name: 'acme-prod',
      queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/altr-acme-prod-splunk',
      region: 'us-east-1',
      roleName: 'altr-acme-prod-splunk',
    });
    expect(stanzas(read('splunk', 'inputs.conf'))).toEqual(stanzas(printed));
  });

  test.each([
    ['one event a line', vendor.map((event) => JSON.stringify(event)).join('\n')],
    ['a list', JSON.stringify(vendor)],
    ['an indented list', JSON.stringify(vendor, null, 2)],
    ['one after the other', vendor.map((event) => JSON.stringify(event, null, 4)).join('')],
    ['a single event', JSON.stringify(vendor[0])],
  ])('breaks %s into whole events, each of its kind', (_name, text) => {
    const found = events(text);
    expect(found.map((event) => JSON.parse(event))).toEqual(vendor.slice(0, found.length));
    expect(found).toHaveLength(text === JSON.stringify(vendor[0]) ? 1 : 3);
    expect(found.map(sourcetypeOf)).toEqual(kinds.slice(0, found.length).map((kind) => `altr:audit:${kind}`));
  });

  test('an event’s time is eventTime, also where the customer’s own time or a query speaks of one', () => {
    const event = JSON.stringify({
      ...fixture('custom-audit'),
      eventTimeSupplied: 1,
      eventTime: 946702800000,
      note: '"eventTime": 5',
    });
    expect(timeIn(event)).toBe('946702800000');
  });

  test('every sourcetype that is given has a stanza', () => {
    for (const { FORMAT = '' } of Object.values(transforms)) {
      expect(Object.keys(props)).toContain(FORMAT.replace('sourcetype::', ''));
    }
  });
});

/** What is wrong with each statement: Athena's DDL follows Hive's grammar, its queries follow Trino's. */
function grammarFaults(dialect: 'HiveSQL' | 'TrinoSQL', ...statements: string[]): string[][] {
  // The parser is an ES module for bundlers, which neither jest nor Node loads by itself.
  const tsx = join(__dirname, '..', '..', 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const program = `
    import { ${dialect} } from 'dt-sql-parser';
    const faults = JSON.parse(process.env.STATEMENTS).map((sql) => new ${dialect}().validate(sql).map(({ message }) => message));
    process.stdout.write(JSON.stringify(faults));
  `;
  const env = { ...process.env, STATEMENTS: JSON.stringify(statements) };
  const options = { env, encoding: 'utf8', stdio: 'pipe' } as const;
  return JSON.parse(
    execFileSync(process.execPath, [tsx, '--input-type=module', '--eval', program], options),
  ) as string[][];
}

/** Columns of a table by name, and the key that the SerDe maps each to. */
function columnsOf(sql: string): Map<string, string> {
  const [, body = ''] = /altr_audit \(\n([\s\S]*?)\n\)/.exec(sql) ?? [];
  const mapped = new Map(
    [...sql.matchAll(/'mapping\.(\w+)' = '(\w+)'/g)].map(([, column = '', key = '']) => [column, key]),
  );
  return new Map(
    [...body.matchAll(/^ {2}(\w+) /gm)].map(([, column = '']) => [column, mapped.get(column) ?? column]),
  );
}

test.each(['altr_audit.sql', 'altr_audit_hourly.sql'])(
  '%s has each key of the vendor’s examples, with its own capitals',
  (file) => {
    const sql = read('athena', file);
    // A SerDe that ignores case lower-cases the keys of nested objects, and $.actor.ipAddress would be NULL.
    expect(sql).toContain("'case.insensitive' = 'false'");
    const keys = [...new Set(vendor.flatMap((event) => Object.keys(event)))];
    expect([...columnsOf(sql).values()].sort()).toEqual(keys.sort());
    for (const column of columnsOf(sql).keys()) expect(column).toBe(column.toLowerCase());
  },
);

test('the views name columns of the table, and paths of the vendor’s examples', () => {
  const views = read('athena', 'views.sql');
  const columns = columnsOf(read('athena', 'altr_audit.sql'));
  const text = JSON.stringify(vendor) + (fixture('custom-audit').eventDetails as string);
  for (const [, column = '', path = ''] of views.matchAll(
    /json_extract(?:_scalar)?\((\w+), '\$\.([\w.]+)'/g,
  )) {
    if (column !== 'decision') expect([...columns.keys()]).toContain(column);
    // The customer's own key, which the vendor's example lacks.
    for (const key of path.split('.').filter((name) => name !== 'is_success'))
      expect(text).toContain(`"${key}"`);
  }
});

test('the view of tags reads both lists of decisions, and no odd value stops it', () => {
  const views = read('athena', 'views.sql');
  for (const list of ['queryTimeDecision', 'auditTimeDecision']) {
    expect(views).toContain(
      `TRY_CAST(json_extract(eventdetails, '$.result.tagPolicy.${list}') AS array(json))`,
    );
  }
  expect(views).not.toMatch(/[^_]CAST\(json/);
});

test('Athena’s views are queries that Trino’s grammar accepts', () => {
  const sql = read('athena', 'views.sql');
  const [faults, faultsOfBroken] = grammarFaults('TrinoSQL', sql, sql.replace('CROSS JOIN', 'CROSS JOINED'));
  expect(faults).toEqual([]);
  expect(faultsOfBroken).not.toEqual([]);
}, 60_000);

test.each(['altr_audit.sql', 'altr_audit_hourly.sql'])(
  '%s is DDL that Hive’s grammar accepts',
  (file) => {
    const sql = read('athena', file);
    const [faults, faultsOfBroken] = grammarFaults(
      'HiveSQL',
      sql,
      sql.replace('PARTITIONED BY', 'PARTED BY'),
    );
    expect(faults).toEqual([]);
    expect(faultsOfBroken).not.toEqual([]);
  },
  60_000,
);
