/** How the command line behaves in a shell: pipes, full disks, colour, help. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveObservation } from '../../checks/observe/saved';
import { observationOf } from '../../checks/pages/set-up';
import { buildProgram } from '../../cli/main';
import { contractFor } from '../../contract/contract';
import { beside, put } from '../checks/rules/builders';
import { EXAMPLE } from '../checks/rules/support';
import { altrExport, ROOT } from './support/command';

const folder = mkdtempSync(join(tmpdir(), 'altr-manners-'));
afterAll(() => rmSync(folder, { recursive: true }));

const env = { PATH: process.env.PATH ?? '', HOME: folder };
const EXPORTS = 80;

/** More findings than a pipe's buffer holds: each export is violated. */
beforeAll(() => {
  const contracts = Array.from({ length: EXPORTS }, (_, index) =>
    contractFor({
      ...EXAMPLE,
      name: `export-${index}`,
      bucket: `bucket-${index}`,
      roleName: `ALTRPublishSIEMData${index}`,
    }),
  );
  const exports = contracts.map(({ name, clientId, region, bucket, roleName }) => ({
    name,
    clientId,
    region,
    bucket,
    roleName,
  }));
  writeFileSync(
    join(folder, 'altr-exports.yaml'),
    JSON.stringify({ altr: { awsAccountId: EXAMPLE.altrAccountId }, exports }),
  );
  const setUp = beside(put({ Action: 's3:GetObject' }));
  const [first] = contracts;
  const observation = observationOf(setUp, first ?? EXAMPLE);
  const seen = contracts.flatMap((contract) => observationOf(setUp, contract).exports);
  writeFileSync(join(folder, 'seen.json'), saveObservation({ ...observation, exports: seen }));
});

/** Runs a line of bash in which `altr-export` is the command. */
function bash(line: string, more: Readonly<Record<string, string>> = {}) {
  const command = `altr-export() { '${process.execPath}' '${join(ROOT, 'bin', 'altr-export.js')}' "$@"; }`;
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', `${command}; ${line}`], {
    env: { ...env, ...more },
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  return { status, stdout, stderr };
}

const CHECK = 'altr-export check --observation seen.json';

describe('a reader that has seen enough', () => {
  test.each(['text', 'json', 'ndjson', 'csv'])('ends %s quietly, with the exit code of the run', (format) => {
    const { status, stdout, stderr } = bash(`set -o pipefail; ${CHECK} --format ${format} | head -n 1`);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  });

  test('does not keep a file from being written', () => {
    const { status } = bash(`set -o pipefail; ${CHECK} --output - --output all.json | head -n 1`);
    expect(status).toBe(1);
    expect(JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8')).summary.violating).toBe(EXPORTS);
  });

  test('ends rules and pages quietly, too', () => {
    for (const command of ["explain '*'", 'rules --format json', 'completion bash']) {
      expect(bash(`altr-export ${command} | true`)).toEqual({ status: 0, stdout: '', stderr: '' });
    }
  });
});

test('a full disk behind stdout is one sentence, and 2', () => {
  expect(bash(`${CHECK} > /dev/full`)).toEqual({
    status: 2,
    stdout: '',
    stderr: "stdout can't be written (ENOSPC); send it elsewhere, or name an --output\n",
  });
});

test('a full disk behind a file leaves nothing half written', () => {
  const { status, stderr } = bash(`${CHECK} --format json --output /dev/full`);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: "/dev/full can't be written (ENOSPC); name another file\n",
  });
});

test('an output that can’t be written is known before anything is read', () => {
  const { status, stdout, stderr } = bash(
    'altr-export check --observation none.json --output good.json --output none/r.json',
  );
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: "none/r.json can't be written (ENOENT); name another file\n",
  });
  expect(existsSync(join(folder, 'good.json'))).toBe(false);
});

test('colour comes when it is forced, and not into a file', () => {
  const coloured = '\u001b[';
  expect(bash(CHECK).stdout).not.toContain(coloured);
  expect(bash(CHECK, { FORCE_COLOR: '1' }).stdout).toContain(coloured);
  expect(bash(CHECK, { FORCE_COLOR: '1', NO_COLOR: '1' }).stdout).not.toContain(coloured);
  bash(`${CHECK} --output r.txt`, { FORCE_COLOR: '1' });
  expect(readFileSync(join(folder, 'r.txt'), 'utf8')).not.toContain(coloured);
});

test('--only, --rule and --skip-rule take patterns', () => {
  const only = (args: string) => {
    const { exports } = JSON.parse(bash(`${CHECK} --format json ${args}`).stdout);
    const rules = new Set(
      exports.flatMap((entry: { findings: { rule: string }[] }) => entry.findings.map(({ rule }) => rule)),
    );
    return { exports: exports.length, rules: [...rules].sort() };
  };
  expect(only("--only 'export-1?' --rule 'trust-*' --skip-rule trust-u\\*")).toEqual({
    exports: 10,
    rules: ['trust-action', 'trust-external-id', 'trust-principal'],
  });
});

test('every command has a help with examples', async () => {
  for (const command of buildProgram().commands) {
    const { code, stdout, stderr } = await altrExport([command.name(), '--help'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`\\nExamples:\\n {2}.*altr-export ${command.name()}`));
  }
});

test('without a command it shows how it is used, and ends with 2', () => {
  const { status, stdout, stderr } = bash('altr-export');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: altr-export/);
});

test('--version prints the version alone', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(bash('altr-export --version').stdout).toBe(`${version}\n`);
});
