/** A run that is ended early, as a real process: by a signal, or by its own time. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../checks/verdict/finding';
import { contractFor } from '../../contract/contract';
import { altrExport, ROOT } from './support/command';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { setUpEverything } from './support/everything';
import { type FaultProxy, startProxy } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';
import { clientsFor, setUpExport } from './support/set-up';

const EXPORT = {
  name: 'cancelled',
  clientId: 'the-client',
  bucket: 'cancelled-altr-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataCancelled',
};

/** One whose logs and feed are looked at, too. */
const WATCHED = {
  ...EXPORT,
  name: 'watched',
  bucket: 'watched-altr-logs',
  roleName: 'ALTRPublishSIEMDataWatched',
  delivery: { expectEvery: '24h' },
  splunkFeed: { readerPrincipalArn: `arn:aws:iam::${EMULATOR_ACCOUNT}:root` },
};

describeOnRealParts('a run that is ended early', ['emulator'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-cancel-'));
  const config = join(folder, 'altr-exports.json');
  const watched = join(folder, 'watched.json');
  let emulator: Emulator;
  let proxy: FaultProxy;

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startProxy(emulator.url);
    await setUpExport(
      await clientsFor(emulator.url),
      contractFor({ ...EXPORT, altrAccountId: '111122223333' }),
    );
    await setUpEverything(emulator.url, { ...WATCHED, altrAccountId: '111122223333' });
    for (const [file, entry] of [
      [config, EXPORT],
      [watched, WATCHED],
    ] as const) {
      writeFileSync(file, JSON.stringify({ altr: { awsAccountId: '111122223333' }, exports: [entry] }));
    }
  }, 60_000);

  afterAll(async () => {
    await proxy?.stop();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a check in which one API never answers, and sends it a signal once everything else has been asked for. */
  const run = async (
    options: readonly string[],
    {
      signal,
      file = config,
      hanging = 'iam:GetRole',
    }: { signal?: NodeJS.Signals; file?: string; hanging?: string } = {},
  ) => {
    proxy.clear();
    proxy.spoil(hanging, 'hang', 'always');
    const started = Date.now();
    const child = spawn(
      process.execPath,
      [join(ROOT, 'bin', 'altr-export.js'), 'check', '--config', file, ...options],
      { env: { ...emulator.env, AWS_ENDPOINT_URL: proxy.url }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const ended = new Promise<{ code: number | null; killedBy: NodeJS.Signals | null }>((resolve) => {
      child.once('close', (code, killedBy) => resolve({ code, killedBy }));
    });
    if (signal) {
      // Whatever does not need the answer that never comes has been asked for where nothing is any more.
      let asked = -1;
      while (!proxy.seen.includes(hanging) || asked !== proxy.seen.length) {
        asked = proxy.seen.length;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
      child.kill(signal);
    }
    return { ...(await ended), stdout, stderr, ms: Date.now() - started };
  };

  test.each(['SIGINT', 'SIGTERM'] as const)('%s: a partial report, marked so, exit 2', async (signal) => {
    const file = join(folder, `${signal}.json`);
    const { code, killedBy, stdout, stderr } = await run(['--output', file, '--output', '-'], { signal });
    expect({ code, killedBy, stderr }).toEqual({ code: 2, killedBy: null, stderr: '' });
    expect(stdout).toContain('(cancelled before everything was judged)');
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    expect(report.partial).toBe(true);
    const findings = report.exports[0]?.findings ?? [];
    const statusOf = (rule: string) => findings.find((finding) => finding.rule === rule)?.status;
    expect([statusOf('trust-external-id'), statusOf('bucket-public-access')]).toEqual(['unknown', 'pass']);
    expect(findings.find(({ rule }) => rule === 'role-exists')?.message).toContain(
      `the run was cancelled (${signal}) before iam:GetRole answered`,
    );
  });

  test.each([
    ['s3:GetObject', 'delivery-alive', 'log-feed-delivery'],
    ['s3:ListObjectsV2', 'delivery-alive', 'log-feed-delivery'],
    ['sns:GetTopicAttributes', 'log-feed-delivery', 'delivery-alive'],
  ])('SIGINT while %s hangs: %s is unknown, %s is judged', async (hanging, unknown, judged) => {
    const { code, killedBy, stdout, stderr } = await run(['--format', 'json'], {
      signal: 'SIGINT',
      file: watched,
      hanging,
    });
    expect({ code, killedBy, stderr }).toEqual({ code: 2, killedBy: null, stderr: '' });
    const report = JSON.parse(stdout) as Report;
    const of = (rule: string, ...statuses: string[]) =>
      report.exports[0]?.findings.filter(
        (finding) => finding.rule === rule && statuses.includes(finding.status),
      ) ?? [];
    expect(report.partial).toBe(true);
    expect(of(unknown, 'unknown', 'fail').map(({ message }) => message)).toEqual([
      expect.stringContaining(`the run was cancelled (SIGINT) before ${hanging} answered`),
    ]);
    expect(of(judged, 'pass')).not.toEqual([]);
    expect(of(judged, 'unknown', 'fail')).toEqual([]);
  });

  test('--timeout: the same, when its time is over; and again from what was saved', async () => {
    const saved = join(folder, 'seen.json');
    const { code, stdout, ms } = await run([
      ...['--format', 'json', '--timeout', '4'],
      ...['--save-observation', saved],
    ]);
    const report = JSON.parse(stdout) as Report;
    expect({ code, partial: report.partial }).toEqual({ code: 2, partial: true });
    expect(JSON.stringify(report)).toContain(
      'the time of 4 s for the run was over before iam:GetRole answered',
    );
    // Neither the attempt's 15 seconds nor a retry's pause are waited for.
    expect(ms).toBeLessThan(14_000);
    const args = ['check', '--config', config, '--observation', saved, '--rule', 'bucket-public-access'];
    const again = await altrExport([...args, '--format', 'json'], { env: emulator.env });
    const replayed = JSON.parse(again.stdout) as Report;
    expect(replayed.exports[0]?.findings.map(({ status }) => status)).toEqual(['pass']);
    expect({ code: again.code, partial: replayed.partial }).toEqual({ code: 2, partial: true });
  });
});
