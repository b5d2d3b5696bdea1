// Runs the synth tests a second time with CDK Terrain in the place of CDKTF. It is installed by itself, under
// __tests__/cdktn: its peer range of `constructs` is another. Where it can't be installed, a line says so; CI=true makes
// that a failure.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, '__tests__', 'cdktn');

const installed = spawnSync(
  'npm',
  ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'],
  {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  },
);
if (installed.status !== 0) {
  const why = `${installed.stderr ?? ''}`.trim().split('\n').at(-1) || installed.error?.message;
  const isDemanded = process.env.CI === 'true';
  process.stderr.write(
    `${isDemanded ? 'FAILED' : 'SKIPPED'} the tests with CDK Terrain: it can’t be installed: ${why}\n`,
  );
  process.exit(isDemanded ? 1 : 0);
}
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const config = join(folder, 'jest.config.cjs');
const { status } = spawnSync(process.execPath, [jest, '--config', config, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
