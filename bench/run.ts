/**
 * `npm run bench`: what a check costs against the bare SDK calls (the floor) and against Terraform's own drift check, as
 * ratios of medians taken in one run, on the emulator. `npm run bench -- check policy` runs these alone.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import '../__tests__/e2e/support/environment';
import { ROOT, synthesise } from '../__tests__/e2e/support/command';
import { hasEmulator, startEmulator } from '../__tests__/e2e/support/emulator';
import { canRunTerraform, run, terraform, terraformCliConfig } from '../__tests__/e2e/support/terraform';
import { benchLogs } from './logs';
import { measure, median, type Run } from './measure';
import { benchOrganization } from './organization';
import { benchPolicy } from './policy';
import { benchReports } from './reports';
import { benchScale } from './scale';
import { benchWorst } from './worst';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);

const EXPORT = {
  name: 'bench',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'bench-altr-audit-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataBench',
};

async function benchCheck(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'altr-bench-'));
  const emulator = await startEmulator();
  try {
    const config = join(folder, 'altr-exports.json');
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: '111122223333' }, exports: [EXPORT] }));
    const env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig() };
    await synthesise(config, join(folder, 'cdktf.out'), env);
    const stack = join(folder, 'cdktf.out', 'stacks', EXPORT.name);
    await terraform(['init', '-input=false', '-no-color'], { cwd: stack, env });
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], { cwd: stack, env });
    const floor = join(folder, 'floor.cjs');
    await build({
      entryPoints: [join(ROOT, 'bench', 'floor.ts')],
      outfile: floor,
      bundle: true,
      platform: 'node',
      target: 'node20',
      mainFields: ['module', 'main'],
      minifySyntax: true,
      logLevel: 'error',
    });

    // As the command line starts, so that the floor has Node's compile cache too.
    const floorStart = join(folder, 'start.cjs');
    writeFileSync(floorStart, "require('node:module').enableCompileCache?.();\nrequire('./floor.cjs');\n");

    const nodes = await nodesToMeasure();
    const onEachNode = nodes.flatMap(({ version, path }) => [
      [
        `floor ${version}`,
        () => measure(path, [floorStart, EXPORT.roleName, EXPORT.bucket], env, folder),
      ] as const,
      [
        `check ${version}`,
        () => measure(path, [join(ROOT, 'bin', 'altr-export.js'), 'check', '--config', config], env, folder),
      ] as const,
    ]);
    const contenders: Record<string, () => Promise<Run>> = {
      ...Object.fromEntries(onEachNode),
      terraform: () =>
        measure('terraform', ['plan', '-refresh-only', '-detailed-exitcode', '-no-color'], env, stack),
    };
    const runs: Record<string, Run[]> = {};
    // Round by round, so that a slow moment of the machine hits all of them.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [name, contender] of Object.entries(contenders)) {
        const run = await contender();
        // Terraform's 2 is "something changed": the emulator fills in attributes after the apply.
        if (run.code !== 0 && !(name === 'terraform' && run.code === 2))
          throw new Error(`${name} ended with ${run.code}`);
        // The first round warms the disk's cache.
        if (round > 0) runs[name] = [...(runs[name] ?? []), run];
      }
    }
    const ms = (name: string) => median((runs[name] ?? []).map((run) => run.ms));
    const mib = (name: string) => median((runs[name] ?? []).map((run) => run.mib));
    const print = (name: string) =>
      process.stdout.write(
        `${name.padEnd(15)} ${ms(name).toFixed(0).padStart(6)} ms ${mib(name).toFixed(0).padStart(5)} MiB\n`,
      );
    process.stdout.write(`One export, medians of ${ROUNDS} runs of whole processes:\n`);
    for (const name of Object.keys(contenders)) print(name);
    process.stdout.write(
      nodes
        .flatMap(({ version }) => {
          const check = `check ${version}`;
          return [
            `On Node ${version}:`,
            `  check / floor       ${(ms(check) / ms(`floor ${version}`)).toFixed(2)} (time)`,
            `  terraform / check   ${(ms('terraform') / ms(check)).toFixed(1)} (time)`,
            `  check / terraform   ${(mib(check) / mib('terraform')).toFixed(2)} (memory)`,
            '',
          ];
        })
        .join('\n'),
    );
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** This machine's Node, and Node 24 if npm can get it and this is another. */
async function nodesToMeasure(): Promise<{ version: string; path: string }[]> {
  const own = { version: process.versions.node, path: process.execPath };
  const asked = await run(
    'npx',
    ['--yes', '--package', 'node@24', '--', 'node', '-p', 'process.versions.node + " " + process.execPath'],
    { cwd: tmpdir() },
  );
  const [version = '', path = ''] = asked.stdout.trim().split(' ');
  if (asked.code === 0 && path !== '') return version === own.version ? [own] : [own, { version, path }];
  process.stdout.write('SKIPPED Node 24: npm could not get it\n');
  return [own];
}

/** Every bench by its name; those with an emulator say so if it is missing. */
const BENCHES: Readonly<Record<string, () => void | Promise<void>>> = {
  policy: benchPolicy,
  worst: benchWorst,
  logs: benchLogs,
  reports: benchReports,
  scale: () => (hasEmulator() ? benchScale() : skipped('scale', 'moto_server')),
  organization: () => (hasEmulator() ? benchOrganization() : skipped('organization', 'moto_server')),
  check: () =>
    hasEmulator() && canRunTerraform()
      ? benchCheck()
      : skipped('check', 'moto_server and Terraform with a mirror of the AWS provider'),
};

function skipped(name: string, needs: string): void {
  process.stdout.write(`SKIPPED ${name}: it needs ${needs}\n`);
}

async function main(names: readonly string[]): Promise<void> {
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
    const bench = BENCHES[name];
    if (!bench) throw new Error(`there is no bench ${name}; there are ${Object.keys(BENCHES).join(', ')}`);
    await bench();
  }
}

void main(process.argv.slice(2));
