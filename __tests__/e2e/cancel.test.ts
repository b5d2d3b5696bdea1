/** A run that is ended early, as a real process: by a signal, or by its own time. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../checks/finding';
import { contractFor } from '../../contract/contract';
import { altrExport, ROOT } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
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

describeOnRealParts('a run that is ended early', ['emulator'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-cancel-'));
  const config = join(folder, 'altr-exports.json');
  let emulator: Emulator;
  let proxy: FaultProxy;

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startProxy(emulator.url);
    await setUpExport(
      await clientsFor(emulator.url),
      contractFor({ ...EXPORT, altrAccountId: '111122223333' }),
    );
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: '111122223333' }, exports: [EXPORT] }));
  }, 60_000);

  afterAll(async () => {
    await proxy?.stop();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a check, and sends it a signal once everything but the role has been asked for. */
  const run = async (options: readonly string[], signal?: NodeJS.Signals) => {
    proxy.clear();
    proxy.spoil('iam:GetRole', 'hang', 'always');
    const started = Date.now();
    const child = spawn(
      process.execPath,
      [join(ROOT, 'bin', 'altr-export.js'), 'check', '--config', config, ...options],
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
      // All of a check's calls but those that need the role's answer; the answers take a moment to arrive.
      while (proxy.seen.length < 12) await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => setTimeout(resolve, 500));
      child.kill(signal);
    }
    return { ...(await ended), stdout, stderr, ms: Date.now() - started };
  };

  test.each(['SIGINT', 'SIGTERM'] as const)('%s: a partial report, marked so, exit 2', async (signal) => {
    const file = join(folder, `${signal}.json`);
    const { code, killedBy, stdout, stderr } = await run(['--output', file, '--output', '-'], signal);
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
