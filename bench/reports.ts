/** How long each format takes for a report of 10,000 findings, and how much memory its whole process. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { FORMAT_NAMES } from '../checks/report/formats';

export async function benchReports(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'altr-bench-reports-'));
  try {
    const program = join(folder, 'render.cjs');
    await build({
      entryPoints: [join(__dirname, 'render-report.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      target: 'node20',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
    process.stdout.write('A report of 10,000 findings (at most 2,000 ms and 300 MiB are promised):\n');
    for (const format of FORMAT_NAMES) {
      const { ms, mib, bytes } = JSON.parse(
        execFileSync(process.execPath, [program, format], { encoding: 'utf8' }),
      ) as {
        ms: number;
        mib: number;
        bytes: number;
      };
      process.stdout.write(
        `${format.padEnd(10)} ${ms.toFixed(0).padStart(6)} ms ${mib.toFixed(0).padStart(5)} MiB ${(bytes / 2 ** 20).toFixed(1).padStart(6)} MiB of text\n`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
