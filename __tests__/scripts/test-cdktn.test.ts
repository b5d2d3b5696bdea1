/** The tests with CDK Terrain, where it can't be installed: here, since there is no npm. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '..', '..', 'scripts', 'test-cdktn.mjs');

test.each([
  [{}, 0, 'SKIPPED'],
  [{ CI: 'true' }, 1, 'FAILED'],
])('are left out with a line, and demanded by CI=true: %j', (env, code, word) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], {
    env: { PATH: '/nowhere', ...env },
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: code, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^${word} the tests with CDK Terrain: it can’t be installed: .*ENOENT`));
});
