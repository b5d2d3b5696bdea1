/** A check of many exports in many accounts against a bare loop of the same calls, and an account with thousands of roles. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, type CreateRoleCommandInput, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { build } from 'esbuild';
import { ROOT } from '../__tests__/e2e/support/command';
import { type Emulator, startEmulator } from '../__tests__/e2e/support/emulator';
import { startProxy } from '../__tests__/e2e/support/proxy';
import { type AccountClients, clientsFor, makeBucket } from '../__tests__/e2e/support/set-up';
import { observeLive } from '../checks/observe/live';
import { mapBounded } from '../checks/observe/live/limit';
import { contractFor } from '../contract/contract';
import { measure, median, type Run } from './measure';

const EXPORTS = Number(process.env.BENCH_EXPORTS ?? 1_000);
const ACCOUNTS = Number(process.env.BENCH_ACCOUNTS ?? 10);
const ROLES = Number(process.env.BENCH_ROLES ?? 5_000);

const ROUNDS = Number(process.env.BENCH_SCALE_ROUNDS ?? 2);

/** Calls at once that make the set-up: the emulator's writes are not made for many. */
const WRITES_AT_ONCE = 4;

const ALTR = '111122223333';

/** Runs both and prints the figures. */
export async function benchScale(): Promise<void> {
  const emulator = await startEmulator();
  try {
    await manyExports(emulator);
    await emulator.reset();
    await manyRoles(emulator);
  } finally {
    await emulator.stop();
  }
}

async function manyExports(emulator: Emulator): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'altr-scale-'));
  try {
    const exports = Array.from({ length: EXPORTS }, (_, index) => ({
      name: `scale-${index}`,
      clientId: `client-${index}`,
      bucket: `scale-altr-logs-${index}`,
      region: 'us-east-1',
      roleName: `ALTRPublishSIEMDataScale${index}`,
      assumeRoleArn: `arn:aws:iam::${100_000_000_000 + (index % ACCOUNTS)}:role/auditor`,
    }));
    const accounts = new Map<string, AccountClients>();
    for (const { assumeRoleArn } of exports) {
      const account = assumeRoleArn.split(':')[4] ?? '';
      if (!accounts.has(account)) accounts.set(account, await clientsFor(emulator.url, account));
    }
    await mapBounded(exports, WRITES_AT_ONCE, async (entry) => {
      const clients = accounts.get(entry.assumeRoleArn.split(':')[4] ?? '');
      if (clients) await setUp(clients, entry);
    });
    const config = join(folder, 'altr-exports.json');
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: ALTR }, exports }));

    const proxy = await startProxy(emulator.url);
    const report = join(folder, 'report.json');
    const check = [
      join(ROOT, 'bin', 'altr-export.js'),
      'check',
      '--quiet',
      '--config',
      config,
      '--output',
      report,
    ];
    await measure(process.execPath, check, { ...emulator.env, AWS_ENDPOINT_URL: proxy.url }, folder);
    const calls = proxy.seen.length;
    await proxy.stop();

    const loop = join(folder, 'bare-loop.cjs');
    await build({
      entryPoints: [join(ROOT, 'bench', 'bare-loop.ts')],
      outfile: loop,
      bundle: true,
      platform: 'node',
      target: 'node20',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
    const runs: { bare: Run[]; ours: Run[] } = { bare: [], ours: [] };
    // Round by round, so that a slow moment of the machine hits both.
    for (let round = 0; round < ROUNDS; round++) {
      runs.bare.push(await measure(process.execPath, [loop, config], emulator.env, folder));
      runs.ours.push(await measure(process.execPath, check, emulator.env, folder));
    }
    const failed = [...runs.bare, ...runs.ours].find(({ code }) => code !== 0);
    if (failed) throw new Error(`a run ended with ${failed.code}`);
    const [bare, ours] = [medians(runs.bare), medians(runs.ours)];
    const rate = (ms: number) => calls / (ms / 1_000);
    process.stdout.write(
      [
        `${EXPORTS} exports in ${ACCOUNTS} accounts: ${calls} calls, ${(calls / EXPORTS).toFixed(2)} an export`,
        `bare loop  ${rate(bare.ms).toFixed(0).padStart(6)} calls/s ${bare.mib.toFixed(0).padStart(5)} MiB`,
        `check      ${rate(ours.ms).toFixed(0).padStart(6)} calls/s ${ours.mib.toFixed(0).padStart(5)} MiB`,
        `check / bare loop   ${(rate(ours.ms) / rate(bare.ms)).toFixed(2)} (rate)`,
        '',
      ].join('\n'),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function medians(runs: readonly Run[]): { ms: number; mib: number } {
  return { ms: median(runs.map(({ ms }) => ms)), mib: median(runs.map(({ mib }) => mib)) };
}

async function manyRoles(emulator: Emulator): Promise<void> {
  const { iam } = await clientsFor(emulator.url);
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  const roles = Array.from(
    { length: ROLES },
    (_, index): CreateRoleCommandInput => ({ RoleName: `role-${index}`, AssumeRolePolicyDocument }),
  );
  await mapBounded(roles, WRITES_AT_ONCE, (role) => iam.send(new CreateRoleCommand(role)));
  const proxy = await startProxy(emulator.url);
  const before = { ...process.env };
  Object.assign(process.env, emulator.env, { AWS_ENDPOINT_URL: proxy.url });
  try {
    await observeLive([{ name: 'many', bucket: 'no-such-bucket', region: 'us-east-1', roleName: 'role-1' }], {
      altrAccountId: ALTR,
    });
    const listed = proxy.seen.filter((api) => api === 'iam:ListRoles').length;
    process.stdout.write(
      `an account with ${ROLES} roles: ${listed} list calls, ${proxy.seen.length} calls in all\n`,
    );
  } finally {
    process.env = before;
    await proxy.stop();
  }
}

async function setUp(
  { iam, s3 }: AccountClients,
  entry: { name: string; clientId: string; bucket: string; region: string; roleName: string },
): Promise<void> {
  const {
    trust,
    permissions,
    roleName: RoleName,
    bucket: Bucket,
  } = contractFor({ ...entry, altrAccountId: ALTR });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: 'put', PolicyDocument: JSON.stringify(permissions) }),
  );
  await makeBucket(s3, Bucket);
}
