/** `altr-export logs search`, `stats` and `tail`, on files and on a bucket that is far away. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { registerLogs } from '../../../cli/logs/command';
import { generateEvents } from '../../../logs';
import { fixture, type Json } from '../../logs/fixtures';
import { type DistantS3, distantS3 } from './distant-s3';

// Hundreds of requests, on machines that do other things too.
jest.setTimeout(60_000);

const HOUR = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'altr-search-'));
const environment = { ...process.env };
const [query, system, custom] = [fixture('query-audit'), fixture('system-audit'), fixture('custom-audit')];
let far: DistantS3 | undefined;
let stdout = '';
let stderr = '';

beforeEach(() => {
  [stdout, stderr] = ['', ''];
  for (const [stream, add] of [
    [process.stdout, (text: string) => (stdout += text)],
    [process.stderr, (text: string) => (stderr += text)],
  ] as const) {
    jest.spyOn(stream, 'write').mockImplementation((text, ...more) => {
      add(String(text));
      const done = more.find((entry) => typeof entry === 'function') as (() => void) | undefined;
      done?.();
      return true;
    });
  }
});
afterEach(async () => {
  jest.restoreAllMocks();
  process.env = { ...environment };
  process.exitCode = 0;
  await far?.stop();
  far = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** @returns the exit code */
async function logs(...args: string[]): Promise<number> {
  process.exitCode = 0;
  const program = new Command().exitOverride();
  registerLogs(program);
  await program.parseAsync(['node', 'altr-export', 'logs', ...args]);
  return Number(process.exitCode ?? 0);
}

function file(name: string, records: readonly Json[]): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return path;
}

const config = join(folder, 'altr-exports.json');
writeFileSync(
  config,
  JSON.stringify({
    altr: { awsAccountId: '111122223333' },
    exports: [
      {
        name: 'acme',
        clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
        bucket: 'acme-logs',
        region: 'us-east-1',
        roleName: 'ALTRPublishSIEMDataAcme',
      },
    ],
  }),
);

describe('files', () => {
  const all = file('all.json', [query, system, custom]);

  test.each<[string[], string[]]>([
    [[], ['query', 'system', 'custom']],
    [
      ['--kind', 'query', 'system'],
      ['query', 'system'],
    ],
    [['--event', 'create*'], ['system']],
    [['--category', 'locks'], ['system']],
    [['--user', 'sample_user'], ['query']],
    [['--role', 'SUPERADMINISTRATOR'], ['system']],
    [['--tag', 'EXAMPLETAG=Red'], ['query']],
    [['--text', 'customer_data'], ['query']],
    [['--column', 'SSN'], []],
    [['--decision', 'allow'], ['query']],
    [['--min-rows', '1234', '--max-rows', '1234'], ['query']],
    [['--max-rows', '1233'], []],
    [
      ['--ip', '192.168.0.0/16'],
      ['query', 'custom'],
    ],
    [['--id', '1c42465e-4bf2-4e83-90d6-f6fbcac03634'], ['system']],
    [
      ['--since', '2000-01-01T05:00:00Z', '--until', '2000-01-01T05:00:01Z'],
      ['query', 'system', 'custom'],
    ],
    [['--since', '2000-01-01T05:00:01Z'], []],
    [['--until', '2000-01-01T05:00:00Z'], []],
    [['--kind', 'query', '--user', '123'], []],
  ])('%j finds %j', async (args, kinds) => {
    expect(await logs('search', all, ...args, '-f', 'ndjson')).toBe(0);
    const found = stdout
      .split('\n')
      .filter(Boolean)
      .map((text) => JSON.parse(text));
    expect(found.map(({ kind }) => kind)).toEqual(kinds);
    expect(stderr).toBe(`${kinds.length} of 3 events in 1 file\n`);
  });

  test('text is a line for each event, NDJSON has the record as it was received', async () => {
    await logs('search', all, '--kind', 'system', '-q');
    expect([stdout, stderr]).toEqual([
      '2000-01-01T05:00:00.000Z  system  123  Locks  Create Lock (201) {"lockAudit":{"id":1234,"groupIds":[12345],' +
        '"applicationIds":[123],"tags":[{"tagId":"dis-tags-1c42465e-4bf2-4e83-90d6-f6fbcac03634","maskingPolicy":10001}]}}\n',
      '',
    ]);
    stdout = '';
    await logs('search', all, '--kind', 'query', '-f', 'ndjson');
    expect(JSON.parse(stdout)).toEqual({ kind: 'query', key: all, offset: 0, record: query });
  });

  test('CSV has a header, and formulas come out as text', async () => {
    const evil = file('evil.json', [
      { ...query, eventDetails: { actor: { username: '=1+1' }, query: { id: 'q', text: 'a,"b"\nc' } } },
    ]);
    await logs('search', evil, '-f', 'csv');
    const [header, row, end] = stdout.split('\r\n');
    expect(header).toBe(
      '\ufeff"time","kind","event","category","user","role","ip","tag","column","decision","rows","id","summary","object","offset"',
    );
    expect(row).toContain(`,"'=1+1",`);
    expect(row).toContain(',"a,""b""\\nc",');
    expect(end).toBe('');
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '\r=1', '%1', '|calc', '＝1+1'])(
    'neither a value nor a count of %j is a formula in CSV',
    async (name) => {
      const evil = file('formula.json', [
        { ...query, eventID: name, eventDetails: { actor: { username: name, currentRole: name } } },
      ]);
      await logs('search', evil, '-f', 'csv');
      const formula = /(^|,)"\s*[=+\-@%|＝]/m;
      expect(stdout).not.toMatch(formula);
      stdout = '';
      for (const field of ['user', 'eventID', '=1+1']) {
        await logs('search', evil, '--count-by', field, '-f', 'csv');
        expect(stdout).not.toMatch(formula);
      }
    },
  );

  test.each(['text', 'ndjson', 'csv', 'ocsf'] as const)(
    'hostile text harms no terminal as %s, and JSON has it whole',
    async (format) => {
      // A title, CSI in one byte, a text that runs backwards, a tag that draws nothing, a command to a CI runner.
      const hostile = '\u001b]0;x\u0007\u009b31m\u202eabc\u{e0041}\r\n::error::x ##[error]';
      const record = {
        ...query,
        eventID: hostile,
        error: hostile,
        eventDetails: { actor: { username: hostile, roles: [hostile] }, query: { id: 'q', text: hostile } },
      };
      const evil = file('hostile.json', [record]);
      const forbidden =
        /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]|\u{e0041}|^::error|##\[/mu;
      await logs('search', evil, '-f', format);
      expect(stdout).not.toMatch(forbidden);
      if (format === 'ndjson') expect(JSON.parse(stdout).record).toEqual(record);
      if (format === 'ocsf') expect(JSON.parse(JSON.parse(stdout).raw_data)).toEqual(record);
      stdout = '';
      if (format !== 'ocsf') await logs('search', evil, '--count-by', 'user', '-f', format);
      for (const by of ['text', 'json']) await logs('stats', evil, '--by', 'eventID', '-f', by);
      expect(stdout).not.toMatch(forbidden);
      await logs('validate', evil, file('odd.json', [{ [hostile]: 1 }]), '-f', 'json');
      expect(stdout + stderr).not.toMatch(forbidden);
    },
  );

  test('OCSF is an event a line, each of its class', async () => {
    await logs('search', all, '-f', 'ocsf');
    const classes = stdout
      .split('\n')
      .filter(Boolean)
      .map((text) => JSON.parse(text).class_uid);
    expect(classes).toEqual([6005, 3004, 3002]);
  });

  test('count-by counts any field, and says how many have none', async () => {
    const more = file('more.json', [query, query, { ...query, eventDetails: {} }, system]);
    expect(await logs('search', all, more, '--count-by', 'role')).toBe(0);
    expect(stdout).toBe('        3 SAMPLE_ROLE\n        2 SUPERADMINISTRATOR\n');
    expect(stderr).toBe('7 of 7 events in 2 files\n2 of them have no role\n');
    stdout = '';
    await logs('search', all, '--count-by', 'eventDetails.query.warehouse', '-f', 'ndjson');
    expect(stdout).toBe('{"value":"ALTR_PRODUCT_WH","events":1}\n');
    stdout = '';
    await logs('search', all, '--count-by', 'category', '-f', 'csv');
    expect(stdout).toBe('"category","events"\r\n"LOGIN","1"\r\n"Locks","1"\r\n"SELECT","1"\r\n');
    stderr = '';
    await logs('search', all, '--count-by', 'User');
    expect(stderr).toMatch(
      /\n3 of them have no User\n--count-by takes kind, event, .*, or a path of the record\n$/,
    );
    stderr = '';
    await logs('search', all, '--kind', 'query', '--count-by', 'subject');
    expect(stderr).toMatch(/\n1 of them have no subject\n$/);
    await expect(logs('search', all, '--count-by', 'kind', '-f', 'ocsf')).rejects.toThrow(/OCSF has no form/);
  });

  test('an event counts for each of its values, once for each', async () => {
    const roles = (...names: unknown[]) => ({ ...query, eventDetails: { actor: { roles: names } } });
    const lists = file('lists.json', [roles('A', 'B'), roles('B', 'B', null), roles(), system]);
    await logs('search', lists, '--kind', 'query', '--count-by', 'role', '-f', 'ndjson');
    expect(stdout).toBe('{"value":"B","events":2}\n{"value":"A","events":1}\n');
    expect(stderr).toBe('3 of 4 events in 1 file\n1 of them have no role\n');
    stdout = '';
    await logs('search', lists, '--count-by', 'lockAudit.groupIds', '-f', 'ndjson');
    expect(stdout).toBe('{"value":"12345","events":1}\n');
  });

  test('records in a wrapper are no events, and what they are is told', async () => {
    const wrapped = file('wrapped.json', [{ Records: [query, system] }, query]);
    expect(await logs('search', wrapped, '-f', 'ndjson')).toBe(1);
    expect(JSON.parse(stdout).record).toEqual(query);
    expect(stderr).toMatch(/wrapped\.json: byte 0: the record is a wrapper around a list of 2 records/);
    expect(stderr).toMatch(/1 of 1 event in 1 file, 1 fault\n$/);
  });

  test.each<[string, string, number]>([
    ['2000-01-01T05:00', '2000-01-01T05:01', 3],
    ['2000-01-01 05:00:00', '2000-01-01 05:00:00.001', 3],
    ['2000-01-01', '2000-01-02', 3],
    ['2000-01-01', '2000-01-01T05:00', 0],
    ['2000-01-01T06:00+01:00', '2000-01-01T06:01+01:00', 3],
    ['2000-01-01T05:00+01:00', '2000-01-01T05:01+01:00', 0],
  ])('from %s until %s, in UTC where no zone is given, are %i events', async (since, until, events) => {
    await logs('search', all, '--since', since, '--until', until);
    expect(stderr).toBe(`${events} of 3 events in 1 file\n`);
  });

  test('a bad record is told, and ends with 1; the others are found', async () => {
    const bad = file('bad.json', [query, { not: 'an event' }, system]);
    expect(await logs('search', bad, '--count-by', 'kind')).toBe(1);
    expect(stdout).toBe('        1 query\n        1 system\n');
    expect(stderr).toMatch(/bad\.json: byte \d+: the record is no audit event/);
    expect(stderr).toMatch(/2 of 2 events in 1 file, 1 fault\n$/);
  });

  test('stats of files have no delay, and count the fields that were asked for', async () => {
    expect(await logs('stats', all, '--by', 'decision', '--by', 'eventVersion', '-f', 'json')).toBe(0);
    const seen = JSON.parse(stdout);
    expect(seen).toMatchObject({ files: [all], objects: 1, statistics: { events: 3 } });
    expect(seen.statistics.fields.eventVersion).toEqual({
      values: [{ name: '1.0.0', events: 3 }],
      without: 0,
    });
    expect(seen.statistics.fields.decision.without).toBe(2);
    expect(seen.statistics).not.toHaveProperty('delay');
    expect(seen).not.toHaveProperty('listCalls');
    stdout = '';
    await logs('stats', all, '--by', 'decision', '--by', 'nothing', '--top', '1');
    expect(stdout).toMatch(/^1 file \(\d+ bytes\), 3 events: 1 query, 1 system, 1 custom; 0 faults\n/);
    expect(stdout).toMatch(/most frequent values of decision:\n +1 ALLOW\n +2 without a value\n/);
    expect(stdout).toContain('\nno event has a nothing\n');
    await expect(logs('stats', all, '--since', '7d')).rejects.toThrow(/use logs search --since/);
  });

  test.each<[string[], RegExp]>([
    [[join('no', 'file')], /there is no file or folder no.file; name one, or a single export/],
    [[all, 'acme'], /there is no file or folder acme/],
    ...['yesterday', '7', '2026', 'Jan 5', '2026-02-31', '2026-13-01', '2026-01-01T25:00', ''].map(
      (time): [string[], RegExp] => [[all, '--since', time], /--since ".*" is neither a time/],
    ),
    [[all, '--since', '1h', '--until', '2h'], /--since must be earlier than --until/],
    [['unheard-of', '-c', config], /unheard-of/],
  ])('search %j is refused', async (args, message) => {
    await expect(logs('search', ...args)).rejects.toThrow(message);
  });

  test('what is an export and a folder is refused until it is said which', async () => {
    const before = process.cwd();
    mkdirSync(join(folder, 'acme'));
    try {
      process.chdir(folder);
      await expect(logs('search', 'acme', '-c', config)).rejects.toThrow(/write \.\/acme for the latter/);
      file(join('acme', 'a.json'), [query]);
      expect(await logs('search', './acme', '-c', config)).toBe(0);
      expect(stderr).toBe('1 of 1 event in 1 file\n');
    } finally {
      process.chdir(before);
    }
  });
});

describe('a bucket', () => {
  const NOW = Math.floor(Date.now() / HOUR) * HOUR;
  const keyOf = (time: number) => {
    const [year, month, day, hour] = new Date(time).toISOString().split(/[-T:]/);
    return `year=${year}/month=${month}/day=${day}/hour=${hour}/logs.json.gz`;
  };
  /** An object of three events for each of the last hours, written when its hour was over. */
  const objects = Array.from({ length: 24 * 10 }, (_, index) => {
    const from = NOW - (index + 1) * HOUR;
    const events = generateEvents({ count: 3, seed: index, clientId: 'c', from, to: from + HOUR });
    const body = gzipSync([...events].map((event) => `${JSON.stringify(event)}\n`).join(''));
    return [keyOf(from), from + HOUR, body] as const;
  });

  async function bucket(
    together?: number,
    { more = [], throttled = 0 }: { more?: Parameters<typeof distantS3>[0]; throttled?: number } = {},
  ): Promise<DistantS3> {
    far = await distantS3([...objects, ...more], together, throttled);
    process.env = {
      ...environment,
      AWS_ENDPOINT_URL: far.url,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
    };
    return far;
  }

  test('search finds the events of a range, in the order of the keys, and lists only the partitions that it needs', async () => {
    const { listed } = await bucket();
    const [since, until] = [NOW - 200 * HOUR, NOW - 197 * HOUR];
    const range = ['--since', new Date(since).toISOString(), '--until', new Date(until).toISOString()];
    expect(await logs('search', 'acme', '-c', config, ...range, '-f', 'ndjson')).toBe(0);
    const found = stdout
      .split('\n')
      .filter(Boolean)
      .map((text) => JSON.parse(text));
    expect(found.map(({ key }) => key)).toEqual(
      [0, 1, 2].flatMap((hour) => Array(3).fill(keyOf(since + hour * HOUR))),
    );
    const hours = listed.filter((prefix) => /hour=/.test(prefix));
    // Three hours, a day for what came late, and 14 hours at each end for clocks in other zones.
    expect(hours.length).toBeLessThanOrEqual(3 + 24 + 2 * 14 + 1);
    for (const prefix of hours) {
      const [year, month, day, hour] = prefix.match(/\d+/g)!.map(Number) as [number, number, number, number];
      const time = Date.UTC(year, month - 1, day, hour);
      expect(time).toBeGreaterThan(since - 15 * HOUR);
      expect(time).toBeLessThan(until + 39 * HOUR);
    }
    expect(stderr).toMatch(
      new RegExp(`(^|\\n)9 of \\d+ events in \\d+ objects, ${listed.length} list calls\\n$`),
    );
  });

  test('search looks back for a day by default', async () => {
    await bucket();
    expect(await logs('search', 'acme', '-c', config, '--count-by', 'kind', '-f', 'ndjson')).toBe(0);
    const total = stdout
      .split('\n')
      .filter(Boolean)
      .reduce((sum, text) => sum + JSON.parse(text).events, 0);
    expect(total).toBeGreaterThan(3 * 22);
    expect(total).toBeLessThanOrEqual(3 * 24);
  });

  test.each<[string, string[]]>([
    ['search', ['--since', '3d']],
    ['stats', ['--since', '3d']],
    ['tail', ['--since', '3d', '--no-follow']],
  ])('%s fetches objects at once, and lists folders at once, both bounded', async (command, args) => {
    const { most } = await bucket(8);
    expect(await logs(command, 'acme', '-c', config, ...args)).toBe(0);
    expect(most.get).toBeGreaterThanOrEqual(8);
    expect(most.get).toBeLessThanOrEqual(16);
    expect(most.list).toBeGreaterThanOrEqual(4);
    expect(most.list).toBeLessThanOrEqual(24);
  });

  test('tail prints in the order in which the objects were written, though they come in any', async () => {
    await bucket(8);
    expect(await logs('tail', 'acme', '-c', config, '--since', '3d', '--no-follow', '-f', 'json')).toBe(0);
    const keys = stdout
      .split('\n')
      .filter(Boolean)
      .map((text) => JSON.parse(text).key);
    expect(keys.length).toBeGreaterThan(3 * 24 * 2);
    expect(keys).toEqual([...keys].sort());
  });

  test('stats count the list calls, and verbose shows each call', async () => {
    const { listed } = await bucket();
    expect(await logs('stats', 'acme', '-c', config, '-v', '-f', 'json')).toBe(0);
    const seen = JSON.parse(stdout);
    expect(seen).toMatchObject({ export: 'acme', sinceMs: 24 * HOUR, unreadable: 0, faults: 0 });
    expect(seen.listCalls).toBe(listed.length);
    expect(seen.statistics.delay.longest).toBeLessThanOrEqual(HOUR);
    expect(stderr.match(/^s3:ListObjectsV2 us-east-1 /gm)).toHaveLength(listed.length);
    expect(stderr.match(/^s3:GetObject us-east-1 /gm)).toHaveLength(seen.objects);
  });

  const LOGIN = Buffer.from(JSON.stringify({ Records: [{ eventName: 'ConsoleLogin' }] }));
  const trail = (time: number, name: string) =>
    `AWSLogs/111122223333/CloudTrail/us-east-1/${new Date(time).toISOString().slice(0, 10).replaceAll('-', '/')}/${name}.json`;
  const foreign = Array.from(
    { length: 5 },
    (_, index) => [trail(NOW, `${index}`), NOW - HOUR, LOGIN] as const,
  );
  const withPrefix = join(folder, 'with-prefix.json');
  const [declared] = JSON.parse(readFileSync(config, 'utf8')).exports;
  writeFileSync(
    withPrefix,
    JSON.stringify({
      altr: { awsAccountId: '111122223333' },
      exports: [{ ...declared, delivery: { expectEvery: '24h', prefix: 'year=' } }],
    }),
  );

  test('another dated tree hides nothing, and its records are told to be no events', async () => {
    await bucket(1, { more: foreign });
    expect(await logs('search', 'acme', '-c', config, '--count-by', 'kind')).toBe(1);
    expect(stderr).toMatch(/CloudTrail.*the record is a wrapper around a list of 1 records/);
    expect(stderr).toMatch(/\n(6[6-9]|7[0-2]) of \d+ events in \d+ objects, \d+ list calls, 5 faults\n$/);
  });

  test.each<[string, string[]]>([
    ['the export declares', ['-c', withPrefix]],
    ['is given', ['-c', config, '--prefix', 'year=']],
  ])('with the prefix that %s, the other tree is not looked at', async (_, args) => {
    const { listed } = await bucket(1, { more: foreign });
    expect(await logs('search', 'acme', ...args, '-q')).toBe(0);
    expect(listed.filter((prefix) => !prefix.startsWith('year='))).toEqual([]);
    for (const command of ['stats', 'tail'])
      expect(await logs(command, 'acme', ...args, '-q', ...(command === 'tail' ? ['--no-follow'] : []))).toBe(
        0,
      );
    expect(stderr).toBe('');
  });

  test('a prefix that is given is taken instead of the declared one', async () => {
    await bucket(1, { more: foreign });
    expect(await logs('search', 'acme', '-c', withPrefix, '--prefix', 'AWSLogs/')).toBe(1);
    expect(stderr).toMatch(/\n0 of 0 events in 5 objects, \d+ list calls, 5 faults\n$/);
  });

  test('an object that is gone when it is fetched is told, and the rest is found', async () => {
    const gone = keyOf(NOW - 2 * HOUR).replace('logs', 'gone');
    await bucket(1, { more: [[gone, NOW - HOUR]] });
    expect(await logs('search', 'acme', '-c', config, '--count-by', 'kind')).toBe(2);
    expect(stderr).toContain(`${gone}: it can't be read: the object ${gone} does not exist`);
    expect(stderr).toMatch(/\n1 object could not be read: something may be missing\n$/);
    const found = stdout.split('\n').reduce((sum, text) => sum + Number.parseInt(text || '0', 10), 0);
    expect(found).toBeGreaterThan(3 * 22);
  });

  test('what AWS throttles is asked again', async () => {
    await bucket(1, { throttled: 3 });
    expect(await logs('search', 'acme', '-c', config, '--count-by', 'kind', '-f', 'ndjson', '-v')).toBe(0);
    expect(stderr).toMatch(/\([2-9] attempts\)/);
    expect(stderr).toMatch(/\n(6[6-9]|7[0-2]) of \d+ events/);
  });

  test.each<[string, string[]]>([
    ['tail', ['--since', '24h', '--no-follow']],
    ['replay', ['--since', '24h', '--dry-run']],
  ])('%s counts the list calls if asked to show calls', async (command, args) => {
    const { listed } = await bucket();
    const file = join(folder, 'with-feed.json');
    writeFileSync(
      file,
      JSON.stringify({
        altr: { awsAccountId: '111122223333' },
        exports: [{ ...declared, splunkFeed: {} }],
      }),
    );
    expect(await logs(command, 'acme', '-c', file, ...args, '-v')).toBe(0);
    expect(stderr.match(/^s3:ListObjectsV2 us-east-1 /gm)).toHaveLength(listed.length);
    expect(stderr).toMatch(new RegExp(`(^|\\n)\\d+ objects, ${listed.length} list calls\\n`));
    stderr = '';
    expect(await logs(command, 'acme', '-c', file, ...args, '-q')).toBe(0);
    expect(stderr).toBe('');
  });
});
