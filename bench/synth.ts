/**
 * Time and memory of synthesising 100 exports in a process of its own, as `npx tsx main.ts` does.
 *
 *     npx tsx bench/synth.ts [EXPORTS]
 *
 * Fails above 3 s or 500 MiB. Medians of five runs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MOST_SECONDS = 3;
const MOST_MIB = 500;
const RUNS = 5;

const [count = 100] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'altr-synth-'));
const config = join(folder, 'altr-exports.json');
writeFileSync(
  config,
  JSON.stringify({
    altr: { awsAccountId: '111122223333' },
    exports: Array.from({ length: count }, (_, index) => ({
      name: `acme-${index}`,
      clientId: `client-${index}`,
      bucket: `acme-logs-${index}`,
      region: index % 2 ? 'eu-central-1' : 'us-east-1',
      // Every third with most options there are.
      ...(index % 3 === 0
        ? {
            encryption: { type: 'kms' },
            retention: { versioning: true, expireAfterDays: 365 },
            bucketPolicy: { requireTls: true },
            readers: [{ name: 'splunk', trustedPrincipals: ['210987654321'] }],
          }
        : {}),
    })),
  }),
);

/** Says how long it took and how much memory was resident at most, on stderr, when it ends. */
const METER =
  'data:text/javascript,process.on("exit",()=>process.stderr.write(JSON.stringify({kib:process.resourceUsage().maxRSS,seconds:process.uptime(),cpu:(process.resourceUsage().userCPUTime+process.resourceUsage().systemCPUTime)/1e6})))';

const root = join(__dirname, '..');
const runs = Array.from({ length: RUNS }, (_, run) => {
  const result = spawnSync(process.execPath, ['--import', 'tsx', '--import', METER, join(root, 'main.ts')], {
    cwd: root,
    env: { ...process.env, ALTR_EXPORTS_CONFIG: config, CDKTF_OUTDIR: join(folder, `out-${run}`) },
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stderr.slice(result.stderr.lastIndexOf('{'))) as {
    kib: number;
    seconds: number;
    cpu: number;
  };
});
rmSync(folder, { recursive: true });

const median = (values: number[]) =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const seconds = median(runs.map((run) => run.seconds));
const cpu = median(runs.map((run) => run.cpu));
const mib = median(runs.map((run) => run.kib / 1024));
process.stdout.write(
  `${count} exports: ${seconds.toFixed(2)} s (${cpu.toFixed(2)} s of CPU), ${mib.toFixed(0)} MiB; at most ${MOST_SECONDS} s and ${MOST_MIB} MiB\n`,
);
process.exitCode = seconds <= MOST_SECONDS && mib <= MOST_MIB ? 0 : 1;
