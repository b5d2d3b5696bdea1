/** Delivery on real parts: objects that the role puts, seen by the rule, by `logs` and by the search for the newest. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { objectStore } from '../../checks/observe/live/objects';
import { sessionOf } from '../../checks/observe/live/session-of';
import type { Report } from '../../checks/verdict/finding';
import { contractFor } from '../../contract/contract';
import { findNewest, generateEvents, objectsOf } from '../../logs';
import { altrExport, ROOT } from './support/command';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { type FaultProxy, startProxy } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';
import { clientsFor, setUpExport } from './support/set-up';

const ALTR = '111122223333';
const HOUR = 3_600_000;
const common = { region: 'us-east-1', clientId: '5f0c6e1e-7a0b-4b7e-9a67-0d6d6f2c9b11' };
const alive = { ...common, name: 'alive', bucket: 'logs-alive', roleName: 'ALTRPublishSIEMDataAlive' };
const mixed = { ...common, name: 'mixed', bucket: 'logs-mixed', roleName: 'ALTRPublishSIEMDataMixed' };
const never = { ...common, name: 'never', bucket: 'logs-never', roleName: 'ALTRPublishSIEMDataNever' };

describeOnRealParts('delivered logs', ['emulator'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-logs-'));
  const before = { ...process.env };
  let emulator: Emulator;
  let proxy: FaultProxy;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startProxy(emulator.url);
    env = { ...emulator.env, AWS_ENDPOINT_URL: proxy.url };
    const clients = await clientsFor(emulator.url);
    for (const target of [alive, mixed, never]) await setUpExport(clients, contractOf(target));
    await put(alive, alive.clientId, 200);
    await put(mixed, mixed.clientId, 20);
    await put(mixed, 'somebody-else', 20);
    process.env = { ...emulator.env };
  }, 120_000);

  afterEach(() => proxy.clear());

  afterAll(async () => {
    process.env = before;
    await proxy?.stop();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const contractOf = (target: typeof alive) => contractFor({ ...target, altrAccountId: ALTR });

  /** Enters the role as ALTR does, and puts events of the last two hours with its credentials. */
  async function put(target: typeof alive, clientId: string, count: number): Promise<void> {
    const { Credentials } = await new STSClient({
      endpoint: emulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    }).send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${EMULATOR_ACCOUNT}:role/${target.roleName}`,
        RoleSessionName: 'altr',
        ExternalId: target.clientId,
      }),
    );
    const s3 = new S3Client({
      endpoint: emulator.url,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    });
    const to = Date.now();
    const events = generateEvents({ count, seed: count, clientId, from: to - 2 * HOUR, to });
    for (const { key, body } of objectsOf(events, { seed: to, gzip: true })) {
      await s3.send(new PutObjectCommand({ Bucket: target.bucket, Key: key, Body: body }));
    }
  }

  function config(target: typeof alive, delivery?: Readonly<Record<string, unknown>>): string {
    const file = join(folder, 'altr-exports.json');
    const exports = [alive, mixed, never].map((entry) =>
      entry === target && delivery ? { ...entry, delivery } : entry,
    );
    writeFileSync(file, JSON.stringify({ altr: { awsAccountId: ALTR }, exports }));
    return file;
  }

  /** What a check says of delivery: exit code, and the status of each finding with its fact. */
  async function judged(
    target: typeof alive,
    more: readonly string[] = ['--rule', 'delivery-alive'],
    delivery?: Readonly<Record<string, unknown>>,
  ) {
    const args = [
      'check',
      '-q',
      '-c',
      config(target, delivery),
      '--only',
      target.name,
      '-f',
      'json',
      ...more,
    ];
    const { code, stdout, stderr } = await altrExport(args, { env });
    if (stdout === '') throw new Error(stderr);
    const findings = (JSON.parse(stdout) as Report).exports.flatMap((entry) => entry.findings);
    const own = findings.filter(({ rule }) => rule === 'delivery-alive');
    return {
      code,
      says: own.map(({ status, fingerprint }) => `${status} ${fingerprint.split('::')[1]}`),
      own,
      findings,
    };
  }

  const FINE = ['pass alive', 'pass kinds'];

  test('what the role puts is alive, in a few list calls', async () => {
    expect(await judged(alive)).toMatchObject({ code: 0, says: FINE });
    expect(proxy.seen.filter((api) => api === 's3:ListObjectsV2').length).toBeLessThanOrEqual(8);
  });

  test('a plain check lists no bucket and reads no object', async () => {
    expect(await judged(alive, [])).toMatchObject({ code: 0, says: [] });
    expect(proxy.seen).toContain('s3:HeadBucket');
    expect(proxy.seen.filter((api) => /ListObjects|GetObject(?!LockConfiguration)/.test(api))).toEqual([]);
  });

  test('the config turns the rule on, and says what is late', async () => {
    expect(await judged(alive, [], { kinds: ['query', 'system'] })).toMatchObject({
      code: 0,
      says: FINE,
    });
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect(await judged(alive, [], { expectEvery: '1s' })).toMatchObject({
      code: 1,
      says: ['fail stale', 'pass kinds'],
    });
  });

  test('another tenant’s events are a violation, and an empty bucket is one', async () => {
    expect(await judged(mixed)).toMatchObject({
      code: 1,
      says: ['pass alive', 'fail foreign-client', 'pass kinds'],
    });
    expect(await judged(never)).toMatchObject({ code: 1, says: ['fail empty'] });
  });

  test.each([
    ['s3:ListObjectsV2', 's3:ListBucket', ['unknown unreadable-s3:ListObjectsV2']],
    ['s3:GetObject', 's3:GetObject', ['pass alive', 'unknown unreadable-s3:GetObject']],
  ])('where %s is denied, it is unknown', async (api, permission, says) => {
    proxy.spoil(api, 'denied', 'always');
    const result = await judged(alive);
    expect(result).toMatchObject({ code: 2, says });
    expect(result.own.at(-1)?.remediation?.summary).toContain(`Allow ${permission} `);
  });

  test('a prefix keeps other things in the bucket out', async () => {
    expect(await judged(alive, [], { prefix: 'year=' })).toMatchObject({ says: FINE });
    expect(await judged(alive, [], { prefix: 'elsewhere/' })).toMatchObject({
      code: 1,
      says: ['fail empty'],
    });
  });

  test('a saved observation gives the same findings', async () => {
    const saved = join(folder, 'seen.json');
    const live = await judged(mixed, ['--rule', 'delivery-alive', '--save-observation', saved]);
    const again = await judged(mixed, ['--rule', 'delivery-alive', '--observation', saved]);
    expect(again.own).toEqual(live.own);
    const seen = JSON.parse(readFileSync(saved, 'utf8'));
    delete seen.exports[0].delivery;
    writeFileSync(saved, JSON.stringify(seen));
    expect(await judged(mixed, ['--rule', 'delivery-alive', '--observation', saved])).toMatchObject({
      code: 2,
      says: ['unknown not-observed'],
    });
  });

  test('logs health says what the verdict rests on', async () => {
    const { code, stdout } = await altrExport(['logs', 'health', 'alive', '-c', config(alive)], { env });
    expect(stdout).toMatch(/^alive: alive\n/);
    expect(stdout).toMatch(/partitions {2}year=\{YYYY\}\/month=\{MM\}\/day=\{DD\}\/hour=\{HH\}\//);
    expect(stdout).toMatch(/“Query Audits” on, “Alerts” on: a guess/);
    expect(code).toBe(0);
    const foreign = await altrExport(['logs', 'health', 'mixed', '-f', 'json', '-c', config(mixed)], { env });
    expect(foreign.code).toBe(1);
    expect(JSON.parse(foreign.stdout)).toMatchObject({
      status: 'violating',
      delivery: { newest: { state: 'value' } },
    });
  });

  test('logs stats counts what arrived', async () => {
    const { code, stdout } = await altrExport(['logs', 'stats', 'alive', '-f', 'json', '-c', config(alive)], {
      env,
    });
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({
      code: 0,
      faults: 0,
      statistics: { events: 200 },
    });
    const text = await altrExport(['logs', 'stats', 'alive', '-c', config(alive)], { env });
    expect(text.stdout).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00Z +\d+ █+/m);
    expect(text.stdout).toMatch(/from event to object: median \d+ \w+, 95 % within/);
  });

  test('logs tail prints what arrives, filtered, until it is stopped', async () => {
    const tail = spawn(
      process.execPath,
      [
        join(ROOT, 'bin', 'altr-export.js'),
        'logs',
        'tail',
        'never',
        '--kind',
        'custom',
        '--interval',
        '1s',
        '-c',
        config(never),
      ],
      { env, cwd: ROOT },
    );
    let printed = '';
    const line = new Promise<void>((resolve, reject) => {
      tail.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes('\n')) resolve();
      });
      tail.once('exit', (code) => reject(new Error(`tail ended with ${code}: ${printed}`)));
    });
    await put(never, never.clientId, 60);
    await line;
    tail.removeAllListeners('exit');
    const ended = new Promise((resolve) => tail.once('exit', (code, signal) => resolve({ code, signal })));
    tail.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, signal: null });
    for (const text of printed.trim().split('\n'))
      expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}custom {2}/);
  }, 60_000);

  test('one object that can’t be read stops neither stats nor tail, and the result is not whole', async () => {
    const run = (...args: string[]) => altrExport(['logs', ...args, '-c', config(alive)], { env });
    proxy.spoil('s3:GetObject', 'denied', 'once');
    const stats = await run('stats', 'alive', '-f', 'json');
    expect(stats).toMatchObject({ code: 2, stderr: expect.stringMatching(/: it can't be read: AWS denied/) });
    const { unreadable, statistics } = JSON.parse(stats.stdout);
    expect(unreadable).toBe(1);
    expect(statistics.events).toBeGreaterThan(0);
    expect(statistics.events).toBeLessThan(200);
    proxy.spoil('s3:GetObject', 'denied', 'once');
    const tail = await run('tail', 'alive', '--since', '24h', '--no-follow');
    expect(tail).toMatchObject({ code: 2, stderr: expect.stringMatching(/: it can't be read: AWS denied/) });
    expect(tail.stdout.split('\n').length).toBeGreaterThan(10);
    proxy.spoil('s3:GetObject', 'denied', 'always');
    for (const args of [
      ['stats', 'alive'],
      ['tail', 'alive', '--since', '24h'],
    ]) {
      expect(await run(...args)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/allow s3:GetObject to the principal that runs this/),
      });
    }
  }, 60_000);

  test('tail reads later what could not be read at first', async () => {
    proxy.spoil('s3:GetObject', 'denied', 'once');
    const args = ['logs', 'tail', 'alive', '--since', '24h', '--interval', '1s', '-c', config(alive)];
    const tail = spawn(process.execPath, [join(ROOT, 'bin', 'altr-export.js'), ...args], { env, cwd: ROOT });
    let lines = 0;
    await new Promise<void>((resolve, reject) => {
      tail.stdout.on('data', (chunk: Buffer) => {
        lines += chunk.toString().split('\n').length - 1;
        if (lines >= 200) resolve();
      });
      tail.once('exit', (code) => reject(new Error(`tail ended with ${code} after ${lines} lines`)));
    });
    tail.removeAllListeners('exit');
    const ended = new Promise((resolve) => tail.once('exit', resolve));
    tail.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(lines).toBe(200);
  }, 60_000);

  test('generate puts into a bucket only where that is confirmed', async () => {
    const args = ['logs', 'generate', '--count', '5', '--put', 'never', '-c', config(never)];
    const refused = await altrExport(args, { env, input: '' });
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/has to be confirmed; add --yes/),
    });
    expect((await altrExport([...args, '--yes'], { env })).code).toBe(0);
  });

  test('the newest of thousands of objects is found on a real list API', async () => {
    const { s3 } = await clientsFor(emulator.url);
    const now = Date.now();
    const bodies = Array.from(
      { length: 60 },
      (_, index) => `year=2026/month=01/day=${String(1 + (index % 3)).padStart(2, '0')}/${index}`,
    );
    const flat = Array.from({ length: 1100 }, (_, index) => `flat/${now - (1100 - index) * 60_000}-x.json`);
    const keys = [...bodies, ...flat];
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(
        keys
          .slice(at, at + 50)
          .map((Key) => s3.send(new PutObjectCommand({ Bucket: never.bucket, Key, Body: '{}' }))),
      );
    }
    const store = objectStore(await sessionOf(never), never);
    const partitioned = await findNewest(store, { now: Date.UTC(2026, 0, 4), prefix: 'year=2026/month=01/' });
    expect(partitioned.newest?.key).toMatch(/day=0[123]\//);
    expect(partitioned.calls).toBeLessThanOrEqual(3);
    const named = await findNewest(store, { now, prefix: 'flat/' });
    const recent = named.recent.map(({ key }) => key);
    expect(recent).toContain(flat.at(-1));
    // Those of the last hour, and no others.
    expect(recent.length).toBeLessThan(100);
    expect(named.calls).toBe(2);
  }, 60_000);

  test('validate reads stdin, reports every fault with its place, and ends with 1', async () => {
    const { code, stdout } = await altrExport(['logs', 'validate', '-'], {
      env,
      input: 'nonsense\n{"a":1}\n',
    });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout:
        'stdin: byte 0: this is no JSON object\n' +
        'stdin: byte 9: the record is no audit event of ALTR: it has no eventID, eventTime, clientID, eventName\n' +
        'stdin: 0 events (0 query, 0 system, 0 custom), 2 faults\n',
    });
    const missing = await altrExport(['logs', 'validate', join(folder, 'none')], { env });
    expect(missing).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/none can't be read \(ENOENT\)/),
    });
  });
});
