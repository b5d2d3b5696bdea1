/** `action.yml`, the recipe that uses it, and our own workflows: valid by GitHub's parser, pinned, and run as a runner does. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './support/command';
import { githubParser } from './support/github-parser';
import { CASES, folderWith } from './support/saved-set-up';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly steps: readonly Step[];
        readonly uses?: string;
        readonly permissions?: object;
        readonly 'timeout-minutes'?: number;
      }
    >
  >;
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const reportIn = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const RECIPE = 'examples/schedule/github-actions.yml';
const RECIPES = [RECIPE, 'examples/pull-request/github-actions.yml'];
const WORKFLOWS = readdirSync(join(ROOT, '.github', 'workflows')).map((name) => `.github/workflows/${name}`);
/** A job that calls a workflow of ours has no steps. */
const jobsOf = (workflow: Workflow) =>
  Object.values(workflow.jobs).filter(({ uses }) => !uses?.startsWith('./'));
const stepsOf = (workflow: Workflow) => jobsOf(workflow).flatMap(({ steps }) => steps);

const faults = githubParser();
const action = read('action.yml');
const { inputs, outputs, runs } = parse(action) as {
  inputs: Readonly<Record<string, { default: string }>>;
  outputs: Readonly<Record<string, unknown>>;
  runs: { using: string; main: string };
};

describe('workflows', () => {
  test('are those of the house', () => {
    expect(WORKFLOWS.sort()).toEqual(['.github/workflows/ci.yml', '.github/workflows/release.yml']);
  });

  test.each([...WORKFLOWS, ...RECIPES])('%s has no fault that GitHub’s own parser finds', (path) => {
    const workflow = read(path);
    expect(faults('parseWorkflow', workflow)).toEqual([]);
    expect(faults('parseWorkflow', workflow.replace('timeout-minutes', 'timeout'))).toHaveLength(1);
  });

  test.each([...WORKFLOWS, ...RECIPES])('%s takes actions by commit, and permissions by job', (path) => {
    const workflow = parse(read(path)) as Workflow;
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) expect(job.permissions).toBeDefined();
    for (const job of jobsOf(workflow)) expect(job['timeout-minutes']).toBeGreaterThan(0);
    const uses = stepsOf(workflow).flatMap((step) => step.uses ?? []);
    expect(uses).not.toEqual([]);
    expect(uses.filter((name) => !/^[\w./-]+@[0-9a-f]{40}$/.test(name))).toEqual([]);
    // The version beside each commit, for people.
    expect(read(path).match(/uses: [^.]\S* # v\d+\.\d+\.\d+$/gm)).toHaveLength(uses.length);
  });

  test.each([...WORKFLOWS, ...RECIPES])('%s has no expression in a script', (path) => {
    const scripts = stepsOf(parse(read(path)) as Workflow).flatMap(({ run }) => run ?? []);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  test.each(WORKFLOWS)('%s runs only scripts and npm commands that exist', (path) => {
    const scripts = stepsOf(parse(read(path)) as Workflow).flatMap(({ run }) => run ?? []);
    const { scripts: commands } = parse(read('package.json')) as {
      scripts: Readonly<Record<string, string>>;
    };
    const files = scripts.flatMap((script) => [...script.matchAll(/\bscripts\/[\w-]+\.(?:mjs|ts)\b/g)]);
    expect(files.filter(([file]) => !existsSync(join(ROOT, file)))).toEqual([]);
    const names = scripts.flatMap((script) => [...script.matchAll(/\bnpm run (?:--\w+ )*([\w:]+)/g)]);
    expect(names.filter(([, name = '']) => !(name in commands))).toEqual([]);
  });
});

describe('the recipe', () => {
  const steps = stepsOf(parse(read(RECIPE)) as Workflow);
  const at = (name: string) => steps.findIndex(({ uses }) => uses?.startsWith(`${name}@`));

  test('gives the action inputs that it has', () => {
    const step = steps[at('acme/altr-audit-log-export-kit')];
    expect(Object.keys(step?.with ?? {})).toEqual(['baseline', 'report']);
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step?.with ?? {})));
  });

  test('takes credentials last before the check', () => {
    expect(at('aws-actions/configure-aws-credentials')).toBe(at('acme/altr-audit-log-export-kit') - 1);
  });
});

describe('the action', () => {
  test('has no fault that GitHub’s own parser finds', () => {
    expect(faults('parseAction', action)).toEqual([]);
    expect(faults('parseAction', action.replace('main:', 'mian:'))).not.toEqual([]);
  });

  test('is JavaScript that needs Node and its own bundle alone', () => {
    expect(runs).toEqual({ using: 'node24', main: 'action/index.js' });
    const required = [...read(runs.main).matchAll(/require\('([^']+)'\)/g)].map(([, name = '']) => name);
    expect(required.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')))).toEqual([]);
    expect(read(runs.main)).not.toMatch(/exec(File)?(Sync)?\(|shell:|'(npm|npx|sh|bash)'/);
  });

  /** Runs the action as a runner does, with these inputs. */
  function check(place: string, given: Readonly<Record<string, string>> = {}, kit = ROOT) {
    const env = Object.entries(inputs).map(([name, { default: value }]) => [
      `INPUT_${name.toUpperCase()}`,
      given[name] ?? value,
    ]);
    for (const file of ['output', 'summary']) writeFileSync(join(place, file), '');
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(kit, runs.main)], {
      cwd: place,
      env: {
        ...Object.fromEntries(env),
        RUNNER_TEMP: place,
        GITHUB_OUTPUT: join(place, 'output'),
        GITHUB_STEP_SUMMARY: join(place, 'summary'),
      },
      encoding: 'utf8',
    });
    const [, word = '?', printed = '', after = ''] =
      /^::stop-commands::([0-9a-f-]{36})\n([\s\S]*?)\n?::\1::\n([\s\S]*)$/.exec(stdout) ?? [];
    expect(printed).not.toContain(word);
    return { status, stderr, stdout, printed, commands: after.split('\n').filter(Boolean) };
  }
  const seen = '--observation\nseen.json';

  test.each(CASES)('ends with its exit code: %s', (state, code) => {
    const place = folderWith(state);
    const { status, stderr, printed } = check(place, { args: `${seen}\n` });
    expect({ status, stderr }).toEqual({ status: code, stderr: '' });
    expect(printed).toMatch(/^export +account +region +verdict/);
    expect(Object.keys(outputs)).toEqual(['exit-code']);
    expect(readFileSync(join(place, 'output'), 'utf8')).toBe(`exit-code=${code}\n`);
    expect(readFileSync(join(place, 'summary'), 'utf8')).toMatch(/^## ALTR audit-log exports/);
    expect(reportIn(join(place, 'altr-export.sarif')).runs).toHaveLength(1);
    expect(reportIn(join(place, 'altr-export.json')).schemaVersion).toBe(1);
    // Nothing of its own stays.
    expect(readdirSync(place).filter((name) => /^altr-export-/.test(name))).toEqual([]);
  });

  test('writes no report where its input is empty', () => {
    const place = folderWith('compliant');
    expect(check(place, { args: seen, report: '', sarif: '' })).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(place).filter((name) => /^altr-export\./.test(name))).toEqual([]);
    expect(readFileSync(join(place, 'summary'), 'utf8')).toMatch(/^## ALTR audit-log exports/);
  });

  test('annotates what is wrong and what could not be decided, and nothing else', () => {
    expect(check(folderWith('compliant'), { args: seen }).commands).toEqual([]);
    expect(check(folderWith('violating'), { args: seen }).commands).toEqual([
      expect.stringMatching(/^::error title=permissions-action-scope \([\w-]+\)::.*s3%?:?GetObject/),
    ]);
    const undecided = check(folderWith('undecided'), { args: seen }).commands;
    expect(undecided).not.toEqual([]);
    expect(undecided.filter((line) => !/^::warning title=[\w-]+ \([\w-]+\)::/.test(line))).toEqual([]);
  });

  test('compares with a baseline where there is one, and renews it', () => {
    const place = folderWith('violating');
    const given = { args: seen, baseline: 'last.json', report: 'last.json', 'fail-on': 'new' };
    // The first run has nothing to compare with: every violation is new.
    const first = check(place, given);
    expect(first).toMatchObject({ status: 1, stderr: '' });
    expect(first.commands).toHaveLength(1);
    const second = check(place, given);
    expect(second).toMatchObject({ status: 0, stderr: '', commands: [] });
    expect(reportIn(join(place, 'last.json')).baseline).toMatchObject({ new: 0, unchanged: 1 });
  });

  test('wants a baseline named where only what is new fails the step', () => {
    const { status, stderr } = check(folderWith('violating'), { args: seen, 'fail-on': 'new' });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: '--fail-on new needs a --baseline to compare with\n',
    });
  });

  test('never shows the report of an earlier run', () => {
    const place = folderWith('violating');
    check(place, { args: seen });
    writeFileSync(join(place, 'altr-exports.yaml'), '');
    const { status, stderr, commands } = check(place, { args: seen });
    expect(status).toBe(2);
    expect(stderr).toMatch(/is empty/);
    // The run has no report: its annotation is the sentence.
    expect(commands).toEqual([`::error title=ALTR audit-log exports::${stderr.trim()}`]);
    expect(readFileSync(join(place, 'summary'), 'utf8')).toBe('');
  });

  test('reads no input as a command, or as another option', () => {
    const place = folderWith('compliant');
    const { status, stderr } = check(place, { args: seen, only: '$(touch owned)\n`touch owned`' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^no export is named/);
    expect(existsSync(join(place, 'owned'))).toBe(false);
    const option = check(place, { args: seen, only: '--save-observation=owned', config: '--help' });
    expect(option.status).toBe(2);
    expect(existsSync(join(place, 'owned'))).toBe(false);
  });

  test('lets no value of the account end the quiet or make an annotation of its own', () => {
    const place = folderWith('violating');
    const hostile = '::error::owned%0A::set-output name=exit-code::0';
    const file = join(place, 'seen.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('s3:GetObject', `s3:GetObject${hostile}`));
    const { commands } = check(place, { args: seen });
    expect(commands).toHaveLength(1);
    expect(commands[0]).toContain('%250A::set-output');
  });

  test('says so where the commit has no bundle', () => {
    const place = folderWith('compliant');
    const kit = join(place, 'kit');
    mkdirSync(kit);
    for (const part of ['action', 'bin']) cpSync(join(ROOT, part), join(kit, part), { recursive: true });
    const { status, stdout } = check(place, {}, kit);
    expect({ status, stdout }).toEqual({
      status: 2,
      stdout: expect.stringMatching(/^::error title=.*::this commit has no bundle/),
    });
  });
});
