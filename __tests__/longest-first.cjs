const { existsSync } = require('node:fs');
const { join } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/** The end-to-end suites that take longest. One that starts last would keep everybody waiting. */
const LONGEST = [
  'provisioning',
  'terraform-module-equivalence',
  'destroy',
  'replaced-export',
  'object-lock',
  'deploy-tamper-destroy',
  'stack-life',
  'plan-keeps-logs',
  'faults',
  'remediation',
  'cdktf-cli',
  'log-readers',
  'adopt',
  'feed-visibility',
  'terraform-module',
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
