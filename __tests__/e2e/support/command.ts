/** The command line and the CDKTF app, run as a user runs them. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ProcessResult, run } from './terraform';

export const ROOT = join(__dirname, '..', '..', '..');

/** Runs the built `altr-export`. */
export function altrExport(
  args: readonly string[],
  options: { env: Readonly<Record<string, string>>; cwd?: string; input?: string },
): Promise<ProcessResult> {
  return run(process.execPath, [join(ROOT, 'bin', 'altr-export.js'), ...args], { cwd: ROOT, ...options });
}

/** Runs `main.ts` as `cdktf synth` does, into a folder of the test's own. */
export async function synthesise(
  config: string,
  outdir: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  mkdirSync(dirname(outdir), { recursive: true });
  const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const result = await run(process.execPath, [tsx, join(ROOT, 'main.ts')], {
    // Local state lies in the working directory.
    cwd: dirname(outdir),
    env: { ...env, ALTR_EXPORTS_CONFIG: config, CDKTF_OUTDIR: outdir },
  });
  if (result.code !== 0)
    throw new Error(`main.ts ended with ${result.code}:\n${result.stdout}\n${result.stderr}`);
}
