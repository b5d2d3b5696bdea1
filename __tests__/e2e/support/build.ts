/** Builds the command line once before the end-to-end tests, so that they never test an older one. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export default function build(): void {
  execFileSync(process.execPath, [join(__dirname, '..', '..', '..', 'scripts', 'build.mjs'), '--if-stale'], {
    stdio: 'inherit',
  });
}
