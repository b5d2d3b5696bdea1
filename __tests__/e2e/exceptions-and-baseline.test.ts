/** Accepting a finding, and comparing with the last run, from the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveObservation } from '../../checks/observe/saved';
import { observationOf, type SetUp } from '../../checks/pages/set-up';
import type { Report } from '../../checks/verdict/finding';
import { beside, put } from '../checks/rules/builders';
import { EXAMPLE } from '../checks/rules/support';
import { altrExport } from './support/command';

const folder = mkdtempSync(join(tmpdir(), 'altr-exceptions-'));
afterAll(() => rmSync(folder, { recursive: true }));

const env = { PATH: process.env.PATH ?? '', HOME: folder };

const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

/** Writes a config with the example's export and these lines after it. */
function config(more = ''): void {
  const { name, clientId, bucket, region, roleName, altrAccountId } = EXAMPLE;
  const text = `altr:
  awsAccountId: "${altrAccountId}"
exports:
  - name: ${name}
    clientId: ${clientId}
    bucket: ${bucket}
    region: ${region}
    roleName: ${roleName}
${more}`;
  writeFileSync(join(folder, 'altr-exports.yaml'), text);
}

/** Judges a set-up as the command line does. */
async function check(setUp: SetUp, ...args: string[]) {
  writeFileSync(join(folder, 'seen.json'), saveObservation(observationOf(setUp, EXAMPLE)));
  return altrExport(['check', '--observation', 'seen.json', ...args], { env, cwd: folder });
}

const READS_TOO = beside(put({ Action: 's3:GetObject' }));

const exception = (until: string, rule = 'permissions-action-scope') => `exceptions:
  - rule: ${rule}
    export: acme-*
    owner: sec@acme.example
    reason: The reader moves next quarter.
    until: ${until}
`;

describe('an exception', () => {
  test('ends the run with 0 while it holds, and with 1 again when it is over', async () => {
    config();
    expect((await check(READS_TOO)).code).toBe(1);
    config(exception(day(90)));
    const held = await check(READS_TOO, '--format', 'json');
    expect({ code: held.code, stderr: held.stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(held.stdout) as Report;
    expect(report.summary).toMatchObject({ compliant: 1, violating: 0 });
    config(exception(day(-1)));
    const over = await check(READS_TOO, '--format', 'json');
    expect(over.code).toBe(1);
    expect(over.stderr).toBe(
      `altr-exports.yaml:10: The exception from permissions-action-scope for acme-* ended on ${day(-1)}, and what it covered counts again; fix that, or ask sec@acme.example to decide again.\n`,
    );
  });

  test('that is stale is said once: in the text, or on stderr', async () => {
    config(exception(day(90)));
    const text = await check({});
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(
      /NOTICE The exception from permissions-action-scope for acme-\* matches nothing/,
    );
    expect((await check({}, '--format', 'csv')).stderr).toMatch(/^altr-exports\.yaml:10: .* matches nothing/);
  });

  test.each([
    [
      'without an end',
      exception('').replace(/ {4}until: \n/, ''),
      /:10: .*until is missing; every exception ends/,
    ],
    ['with an end that is no date', exception('never'), /:14: .*until "never" is no date/],
    ['with an end too far ahead', exception(day(800)), /:14: .*is more than a year ahead/],
    [
      'for a rule that is none',
      exception(day(9), 'permission-scope-action'),
      /:10: exceptions\[0\]\.rule "permission-scope-action" is no rule/,
    ],
    [
      'for an export that is none',
      exception(day(9)).replace('acme-*', 'acme-pord'),
      /:11: .*did you mean acme-prod\?/,
    ],
  ])('%s is refused in one sentence, and nothing is written', async (_why, lines, says) => {
    config(lines);
    const { code, stdout, stderr } = await check(READS_TOO, '--output', 'refused.md');
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(() => readFileSync(join(folder, 'refused.md'))).toThrow(/ENOENT/);
  });
});

describe('a baseline', () => {
  const last = join(folder, 'last.json');
  beforeAll(async () => {
    config();
    await check(READS_TOO, '--output', last);
  });

  test('lets what was known pass under --fail-on new, and shows what changed', async () => {
    const known = await check(READS_TOO, '--baseline', last, '--fail-on', 'new');
    expect(known.code).toBe(0);
    expect(known.stdout).toMatch(/Since the baseline of 20\S+: 0 new, 1 unchanged, 0 resolved/);
    const another = await check(beside(put({ Action: 's3:*' })), '--baseline', last, '--fail-on', 'new');
    expect(another.code).toBe(1);
    expect(another.stdout).toContain('FAIL permissions-action-scope (high, new)');
    expect(another.stdout).toContain('RESOLVED acme-prod: permissions-action-scope The inline policy more');
  });

  test('may be replaced by the report that was compared with it', async () => {
    const file = join(folder, 'rolling.json');
    await check({}, '--output', file);
    expect((await check(READS_TOO, '--baseline', file, '--output', file)).code).toBe(1);
    const { baseline } = JSON.parse(readFileSync(file, 'utf8')) as Report;
    expect(baseline).toMatchObject({ new: 1, unchanged: 0, resolved: [] });
  });

  test('may be missing on the first run if that is said: every violation is new then', async () => {
    const nightly = ['--baseline', 'nightly.json', '--baseline-optional', '--fail-on', 'new'];
    const first = await check(READS_TOO, ...nightly, '--output', 'nightly.json');
    expect(first).toMatchObject({ code: 1, stderr: '' });
    expect((await check(READS_TOO, ...nightly)).code).toBe(0);
  });

  test('is told in markdown and sarif, too', async () => {
    expect((await check({}, '--baseline', last, '--format', 'markdown')).stdout).toContain(
      '- **resolved** acme-prod: permissions-action-scope: The inline policy more',
    );
    const { stdout } = await check(READS_TOO, '--baseline', last, '--format', 'sarif');
    expect(JSON.parse(stdout).runs[0].results).toMatchObject([{ baselineState: 'unchanged' }]);
  });

  test.each([
    ['that is not there', ['--baseline', 'none.json'], /^none\.json can't be read \(ENOENT\)/],
    [
      'that is the config',
      ['--baseline', 'altr-exports.yaml'],
      /^altr-exports\.yaml is not JSON; give --baseline/,
    ],
    [
      'that may be missing, but is something else',
      ['--baseline', 'altr-exports.yaml', '--baseline-optional'],
      /^altr-exports\.yaml is not JSON; give --baseline/,
    ],
    [
      'that may be missing, but is a folder',
      ['--baseline', '.', '--baseline-optional'],
      /^\. can't be read \(EISDIR\)/,
    ],
    [
      'that may be missing, but is not named',
      ['--baseline-optional'],
      /^--baseline-optional needs the --baseline/,
    ],
    ['that is an observation', ['--baseline', 'seen.json'], /^seen\.json is no report of altr-export/],
    ['that --fail-on new lacks', ['--fail-on', 'new'], /^--fail-on new needs a --baseline/],
    ['with an unknown --fail-on', ['--fail-on', 'hihg'], /^--fail-on "hihg" is unknown; did you mean high\?/],
  ])('%s is refused in one sentence', async (_why, args, says) => {
    const { code, stdout, stderr } = await check({}, ...args);
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
