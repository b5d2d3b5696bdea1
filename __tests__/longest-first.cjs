const { existsSync } = require('node:fs');
const { join } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/** The end-to-end suites that take longest. One that starts last would keep everybody waiting. */
const LONGEST = [
  'destroy',
  'replaced-export',
  'provisioning',
  'remediation',
  'fault-visibility',
  'terraform-module',
  'deploy-tamper-destroy',
  'log-readers',
  'declared',
  'stack-life',
  'faults',
  'adopt',
  'object-lock',
  'terraform-module-equivalence',
  'plan-keeps-logs',
  'alerts-flood',
  'package',
].map((name) => join(__dirname, 'e2e', `${name}.test.ts`));

const missing = LONGEST.filter((path) => !existsSync(path));
if (missing.length > 0)
  throw new Error(`longest-first.cjs names suites that do not exist: ${missing.join(', ')}`);

/** Starts the longest suites first, then the other end-to-end suites, then the unit tests by the size of their files. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = LONGEST.indexOf(path);
      if (index >= 0) return index;
      return path.startsWith(join(__dirname, 'e2e')) ? LONGEST.length : LONGEST.length + 1;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
};
