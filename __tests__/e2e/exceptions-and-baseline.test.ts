/** Accepting a finding, and comparing with the last run, from the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../checks/finding';
import { saveObservation } from '../../checks/observe/saved';
import { observationOf, type SetUp } from '../../checks/rules/set-up';
import { beside, put } from '../rules/builders';
import { EXAMPLE } from '../rules/support';
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
      `altr-exports.yaml:10: The exception from permissions-action-scope for acme-* ended on ${day(-1)}, and what it covered counts again; mend that, or ask sec@acme.example to decide anew.\n`,
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
    ['with an end too far ahead', exception(day(800)), /:14: .*is more than 366 days ahead/],
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
