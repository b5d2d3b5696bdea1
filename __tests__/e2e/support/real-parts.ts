/** Runs a suite on real parts, or says visibly why it can't. */
import { findChromium } from './browser';
import { hasEmulator } from './emulator';
import { isOnPath } from './on-path';
import { canRunTerraform } from './terraform';

/**
 * `describe` where the parts are there. Where they are missing the suite is skipped with a line that says so; with
 * `CI=true` that is a failure.
 */
export function describeOnRealParts(
  name: string,
  needs: readonly ('emulator' | 'terraform' | 'aws' | 'browser')[],
  suite: () => void,
): void {
  const missing = [
    ...(needs.includes('emulator') && !hasEmulator() ? ['the AWS emulator moto_server'] : []),
    ...(needs.includes('terraform') && !canRunTerraform()
      ? ['Terraform with a mirror of the AWS provider']
      : []),
    ...(needs.includes('aws') && !hasAwsCli() ? ['the AWS CLI aws'] : []),
    ...(needs.includes('browser') && !findChromium() ? ['Chromium'] : []),
  ];
  if (missing.length === 0) {
    describe(name, suite);
    return;
  }
  const reason = `${missing.join(' and ')} can’t be found`;
  if (process.env.CI === 'true') {
    describe(name, () => {
      test('runs on real parts', () => {
        throw new Error(`${reason}, and CI=true demands it`);
      });
    });
    return;
  }
  process.stderr.write(`SKIPPED ${name}: ${reason}\n`);
  describe.skip(`${name} (${reason})`, suite);
}

function hasAwsCli(): boolean {
  return isOnPath('aws');
}
