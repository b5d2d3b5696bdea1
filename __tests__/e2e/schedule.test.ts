/** The recipes of `examples/schedule` and `action.yml`: valid by their own rules, and their command lines run. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { parse, parseAllDocuments } from 'yaml';
import { saveObservation } from '../../checks/observe/saved';
import { observationOf, type SetUp } from '../../checks/pages/set-up';
import { beside, bucketPolicy, denyAll, put } from '../checks/rules/builders';
import { EXAMPLE } from '../checks/rules/support';
import { blocksOf, readPage } from '../docs/pages';
import { ROOT } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';

const folder = mkdtempSync(join(tmpdir(), 'altr-schedule-'));
afterAll(() => rmSync(folder, { recursive: true }));

const recipe = (name: string) => readFileSync(join(ROOT, 'examples', 'schedule', name), 'utf8');

const SET_UPS: Readonly<Record<'compliant' | 'violating' | 'undecided', SetUp>> = {
  compliant: {},
  violating: beside(put({ Action: 's3:GetObject' })),
  undecided: bucketPolicy(denyAll({ NotIpAddress: { 'aws:SourceIp': '52.1.0.0/16' } })),
};
const CASES = [
  ['compliant', 0],
  ['violating', 1],
  ['undecided', 2],
] as const;

/** A folder with the config, and the set-up as an observation. */
function folderWith(state: keyof typeof SET_UPS): string {
  const place = mkdtempSync(join(folder, `${state}-`));
  const { name, clientId, bucket, region, roleName, altrAccountId } = EXAMPLE;
  const exports = [{ name, clientId, bucket, region, roleName }];
  writeFileSync(
    join(place, 'altr-exports.yaml'),
    JSON.stringify({ altr: { awsAccountId: altrAccountId }, exports }),
  );
  writeFileSync(join(place, 'seen.json'), saveObservation(observationOf(SET_UPS[state], EXAMPLE)));
  return place;
}

/** Runs a script; nothing of the caller's environment but PATH reaches it. */
function run(shell: string, script: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(
    shell,
    shell === 'bash' ? ['--norc', '-eo', 'pipefail', '-c', script] : ['-c', script],
    {
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

/** The one change that a test makes to a recipe: it judges what was saved instead of AWS. */
const offline = (command: string) => {
  expect(command).toMatch(/\bcheck /);
  return command.replace(/\bcheck /, 'check --observation seen.json ');
};

const reportIn = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

describe('GitHub Actions', () => {
  const workflow = recipe('github-actions.yml');
  const action = readFileSync(join(ROOT, 'action.yml'), 'utf8');
  const { inputs, runs } = parse(action) as {
    inputs: Readonly<Record<string, { default: string }>>;
    runs: { steps: readonly Step[] };
  };

  test('GitHub’s own parser finds nothing wrong with the workflow and the action', () => {
    // The parser is published for bundlers only.
    const file = join(folder, 'parser.cjs');
    buildSync({
      stdin: {
        contents: `export { parseWorkflow, NoOperationTraceWriter } from '@actions/workflow-parser';
          export { parseAction } from '@actions/workflow-parser/actions/action-parser';`,
        resolveDir: ROOT,
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: file,
    });
    const parser = createRequire(__filename)(file);
    const faults = (parser_: 'parseWorkflow' | 'parseAction', content: string) =>
      parser[parser_]({ name: 'file.yml', content }, new parser.NoOperationTraceWriter())
        .context.errors.getErrors()
        .map(({ message }: { message: string }) => message);
    expect(faults('parseWorkflow', workflow)).toEqual([]);
    expect(faults('parseAction', action)).toEqual([]);
    expect(faults('parseWorkflow', workflow.replace('timeout-minutes', 'timeout'))).toHaveLength(1);
    expect(faults('parseAction', action.replace('shell: bash', 'shel: bash'))).not.toEqual([]);
  });

  test('the workflow gives the action inputs that it has', () => {
    const { jobs } = parse(workflow) as { jobs: { check: { steps: readonly Step[] } } };
    const step = jobs.check.steps.find(({ uses }) => uses?.startsWith('acme/altr-audit-log-export-kit@'));
    expect(Object.keys(step?.with ?? {})).toEqual(['baseline', 'report']);
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step?.with ?? {})));
  });

  /** Runs the action's check as a runner does, with these inputs. */
  function check(place: string, given: Readonly<Record<string, string>> = {}) {
    const step = runs.steps.find(({ id }) => id === 'check');
    const files = {
      RUNNER_TEMP: place,
      GITHUB_OUTPUT: join(place, 'output'),
      GITHUB_STEP_SUMMARY: join(place, 'summary'),
    };
    const filled = Object.entries(step?.env ?? {}).map(([key, value]) => [
      key,
      value
        .replace('${{ github.action_path }}', ROOT)
        .replace(
          /^\$\{\{ inputs\.([\w-]+) \}\}$/,
          (_whole, name: string) => given[name] ?? inputs[name]?.default ?? '?',
        ),
    ]);
    return run('bash', step?.run ?? 'false', place, { ...Object.fromEntries(filled), ...files });
  }

  test.each(CASES)('the action ends with its exit code: %s', (state, code) => {
    const place = folderWith(state);
    const { status, stdout, stderr } = check(place, { args: '--observation\nseen.json\n' });
    expect({ status, stderr }).toEqual({ status: code, stderr: '' });
    expect(stdout).toMatch(/^export +account +region +verdict/);
    expect(readFileSync(join(place, 'output'), 'utf8')).toBe(`exit-code=${code}\n`);
    expect(readFileSync(join(place, 'summary'), 'utf8')).toMatch(/^## ALTR audit-log exports/);
    expect(reportIn(join(place, 'altr-export.sarif')).runs).toHaveLength(1);
    expect(reportIn(join(place, 'altr-export.json')).schemaVersion).toBe(1);
  });

  test('the action compares with a baseline where there is one, and renews it', () => {
    const place = folderWith('violating');
    const given = {
      args: '--observation\nseen.json',
      baseline: 'last.json',
      report: 'last.json',
      'fail-on': 'new',
    };
    // The first run has nothing to compare with: every violation is new.
    expect(check(place, given)).toMatchObject({ status: 1, stderr: '' });
    expect(check(place, given)).toMatchObject({ status: 0, stderr: '' });
    expect(reportIn(join(place, 'last.json')).baseline).toMatchObject({ new: 0, unchanged: 1 });
  });

  test('the action wants a baseline named where only what is new fails the step', () => {
    const { status, stderr } = check(folderWith('violating'), {
      args: '--observation\nseen.json',
      'fail-on': 'new',
    });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: '--fail-on new needs a --baseline to compare with\n',
    });
  });

  test('no input is read as a command', () => {
    const place = folderWith('compliant');
    const { status, stderr } = check(place, {
      args: '--observation\nseen.json',
      only: '$(touch owned)\n`touch owned`',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^no export is named/);
    expect(existsSync(join(place, 'owned'))).toBe(false);
  });

  test('the caching key comes from the lock file', () => {
    const place = folderWith('compliant');
    const step = runs.steps.find(({ id }) => id === 'kit');
    run('bash', step?.run ?? 'false', place, { KIT: ROOT, GITHUB_OUTPUT: join(place, 'output') });
    expect(readFileSync(join(place, 'output'), 'utf8')).toMatch(/^lock=[0-9a-f]{64}\n$/);
  });
});

describe('the notifiers of docs/run-it-in-ci.md', () => {
  const scripts = blocksOf(readPage('docs/run-it-in-ci.md'))
    .map(({ code }) => code)
    .filter((code) => /curl|aws sns/.test(code));

  /** Runs a script with the real check; what it sends goes to the file `sent`. */
  function notify(script: string, place: string) {
    const programs = mkdtempSync(join(folder, 'bin-'));
    const program = (name: string, text: string) =>
      writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    program('altr-export', `exec node ${join(ROOT, 'bin', 'altr-export.js')} "$@" --observation seen.json`);
    program('curl', 'cat > sent');
    program('aws', 'for last; do :; done; cp "${last#file://}" sent');
    rmSync(join(place, 'sent'), { force: true });
    run('sh', script, place, { PATH: `${programs}:${process.env.PATH}` });
    return existsSync(join(place, 'sent')) ? readFileSync(join(place, 'sent'), 'utf8') : undefined;
  }

  test('are two', () => expect(scripts).toHaveLength(2));

  test.each(scripts)('send what is wrong, and never the report of an earlier run: %#', (script) => {
    const place = folderWith('violating');
    expect(notify(script, place)).toContain('s3:GetObject');
    writeFileSync(join(place, 'altr-exports.yaml'), 'altr: [');
    const sent = notify(script, place);
    expect(sent).toContain('is not valid YAML');
    expect(sent).not.toContain('s3:GetObject');
    expect(notify(script, folderWith('compliant'))).toBeUndefined();
  });
});

describe('GitLab CI', () => {
  const { 'altr-exports': job } = parse(recipe('gitlab-ci.yml')) as Readonly<
    Record<
      string,
      {
        script: string[];
        before_script: string[];
        variables: Readonly<Record<string, string>>;
        id_tokens: Readonly<Record<string, unknown>>;
        artifacts: { paths: string[]; reports: { junit: string } };
      }
    >
  >;

  test.each(CASES)('its script ends with the exit code, and leaves its artifacts: %s', (state, code) => {
    const place = folderWith(state);
    symlinkSync(ROOT, join(place, '.kit'));
    const { status, stderr } = run('bash', (job?.script ?? []).map(offline).join('\n'), place);
    expect({ status, stderr }).toEqual({ status: code, stderr: '' });
    expect(job?.artifacts.paths.map((path) => existsSync(join(place, path)))).toEqual([true]);
    expect(readFileSync(join(place, job?.artifacts.reports.junit ?? ''), 'utf8')).toMatch(/^<\?xml/);
  });

  test('the token of the job lies where the SDK looks for it, for nobody else to read', () => {
    const place = folderWith('compliant');
    const token = join(place, 'token');
    const write = job?.before_script.at(-1) ?? 'false';
    expect(Object.keys(job?.id_tokens ?? {})).toEqual(['AWS_TOKEN']);
    run('bash', write, place, { AWS_TOKEN: 'secret', AWS_WEB_IDENTITY_TOKEN_FILE: token });
    expect(run('bash', `stat -c %a ${token}; cat ${token}`, place).stdout).toBe('600\nsecret');
    expect(job?.variables).toHaveProperty('AWS_WEB_IDENTITY_TOKEN_FILE');
  });
});

/** Puts the places of a recipe where the test has them. */
const placed = (command: string, place: string) =>
  command.replaceAll(
    /\/opt\/altr-export|\/etc\/altr-export|\/var\/lib\/altr-export|\/reports|\/config/g,
    (found) => (found === '/opt/altr-export' ? ROOT : place),
  );

describe('cron', () => {
  const lines = recipe('crontab')
    .split('\n')
    .filter((line) => line !== '' && !/^(#|\w+=)/.test(line));
  const [, minute, hour, user, command] = /^(\d+) (\d+) \* \* \* (\S+) (.*)$/.exec(lines[0] ?? '') ?? [];

  test('has one line, every night', () => {
    expect(lines).toHaveLength(1);
    expect({ minute, hour, user }).toEqual({ minute: '17', hour: '3', user: 'altr-export' });
    // cron ends a command at a percent sign.
    expect(command).not.toContain('%');
  });

  test.each([
    ['compliant', /^$/],
    ['violating', /FAIL permissions-action-scope/],
    ['undecided', /UNKNOWN permissions-put-object/],
  ] as const)('mails nothing where every export is compliant, else the report: %s', (state, mail) => {
    const place = folderWith(state);
    const { stdout, stderr } = run('sh', placed(offline(command ?? ''), place), place);
    expect(stderr).toBe('');
    expect(stdout).toMatch(mail);
    expect(reportIn(join(place, 'report.json')).schemaVersion).toBe(1);
  });

  test('mails why it could not run, and not the report of another night', () => {
    const place = folderWith('violating');
    const nightly = placed(offline(command ?? ''), place);
    run('sh', nightly, place);
    writeFileSync(join(place, 'altr-exports.yaml'), '');
    expect(run('sh', nightly, place)).toMatchObject({
      stdout: '',
      stderr: 'altr-exports.yaml:1: is empty; it needs "altr" and "exports"\n',
    });
  });
});

describe('systemd', () => {
  const service = recipe('systemd/altr-export.service');

  test.each(CASES)('the service ends with the exit code: %s', (state, code) => {
    const place = folderWith(state);
    const start = /^ExecStart=(.*)$/m.exec(service)?.[1] ?? '';
    const { status, stderr } = run('sh', placed(offline(start), place), place);
    expect({ status, stderr }).toEqual({ status: code, stderr: '' });
    expect(reportIn(join(place, 'report.json')).schemaVersion).toBe(1);
  });

  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  if (!hasSystemd) process.stderr.write('SKIPPED systemd-analyze: it is not installed\n');
  (hasSystemd ? test : test.skip)('systemd itself finds nothing wrong, and little exposed', () => {
    const units = ['service', 'timer'].map((kind) =>
      join(ROOT, 'examples/schedule/systemd', `altr-export.${kind}`),
    );
    const verified = run('sh', `systemd-analyze verify ${units.join(' ')}`, folder);
    expect(verified).toEqual({ status: 0, stdout: '', stderr: '' });
    // 0 is sealed, 10 wide open; above the threshold (in tenths) it ends with 1.
    expect(
      run('sh', `systemd-analyze security --offline=true --threshold=15 ${units[0]}`, folder).status,
    ).toBe(0);
  });
});

describe('Kubernetes', () => {
  const documents = parseAllDocuments(recipe('kubernetes/cronjob.yaml')).map((document) => document.toJS());
  const [account, job, claim] = documents;
  const [container] = job.spec.jobTemplate.spec.template.spec.containers;

  test('the manifest has the fields that Kubernetes knows, and no other', () => {
    // Where TypeScript finds the package.
    const file = join(ROOT, 'node_modules', `.cronjob.${process.pid}.ts`);
    const check = (cronJob: unknown) => {
      writeFileSync(
        file,
        `import type { CronJob } from 'kubernetes-types/batch/v1';
        import type { PersistentVolumeClaim, ServiceAccount } from 'kubernetes-types/core/v1';
        export const claim: PersistentVolumeClaim = ${JSON.stringify(claim)};
        export const account: ServiceAccount = ${JSON.stringify(account)};
        export const job: CronJob = ${JSON.stringify(cronJob)};`,
      );
      const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
      const args = '--noEmit --strict --skipLibCheck --ignoreConfig --types node --module nodenext';
      return run('sh', `'${tsc}' ${args} '${file}'`, ROOT).stdout;
    };
    try {
      expect(check(job)).toBe('');
      expect(check({ ...job, spec: { ...job.spec, shedule: '' } })).toMatch(/shedule/);
    } finally {
      rmSync(file);
    }
  });

  test.each(CASES)('the image needs only what the Dockerfile copies into it: %s', (state, code) => {
    const place = folderWith(state);
    const image = join(place, 'kit');
    mkdirSync(image);
    const dockerfile = recipe('kubernetes/Dockerfile');
    const copied = [...dockerfile.matchAll(/^COPY --from=build \/kit\/(\S+) (\S+)$/gm)];
    for (const [, from, to] of copied)
      cpSync(join(ROOT, from ?? ''), join(image, to ?? ''), { recursive: true });
    const entry = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? '[]') as string[];
    const command = [
      ...entry.map((word) => word.replace('/kit/', `${image}/`)),
      placed(offline(container.args.join(' ')), place),
    ];
    const { status, stderr } = run('sh', command.join(' '), place);
    expect({ status, stderr }).toEqual({ status: code, stderr: '' });
    expect(reportIn(join(place, 'report.json')).schemaVersion).toBe(1);
  });

  test('its reports outlive the pod', () => {
    const { volumes } = job.spec.jobTemplate.spec.template.spec;
    expect(volumes.find(({ name }: { name: string }) => name === 'reports')).toEqual({
      name: 'reports',
      persistentVolumeClaim: { claimName: claim.metadata.name },
    });
  });

  test('neither history, nor installed packages, nor state goes into the image’s build', () => {
    const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    expect(ignored).toEqual(
      expect.arrayContaining(['.git', '**/node_modules', '**/*.tfstate', '**/*.tfstate.*', 'dist']),
    );
  });

  test('it runs as nobody, and writes to its reports alone', () => {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(job.spec.jobTemplate.spec.template.spec.securityContext.runAsNonRoot).toBe(true);
  });
});

describeOnRealParts('the recipes as they are, on the emulator', ['emulator'], () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator?.stop());

  const [, cron = 'false'] = /^17 3 \* \* \* \S+ (.*)$/m.exec(recipe('crontab')) ?? [];
  const [, systemd = 'false'] = /^ExecStart=(.*)$/m.exec(recipe('systemd/altr-export.service')) ?? [];
  const gitlab = (parse(recipe('gitlab-ci.yml')) as { 'altr-exports': { script: string[] } })['altr-exports'];
  const [, job] = parseAllDocuments(recipe('kubernetes/cronjob.yaml')).map((document) => document.toJS());
  const args: string[] = job.spec.jobTemplate.spec.template.spec.containers[0].args;

  test.each([
    ['cron', cron, 0],
    ['systemd', systemd, 1],
    ['GitLab CI', gitlab.script.join('\n'), 1],
    ['Kubernetes', `node /opt/altr-export/bin/altr-export.js ${args.join(' ')}`, 1],
  ])('%s tells that an empty account has neither role nor bucket', (_name, command, code) => {
    const place = folderWith('compliant');
    rmSync(join(place, 'seen.json'));
    symlinkSync(ROOT, join(place, '.kit'));
    const { status, stdout } = run('sh', placed(command, place), place, emulator.env);
    expect(status).toBe(code);
    expect(stdout).toMatch(
      /FAIL role-exists[\s\S]*FAIL bucket-exists|FAIL bucket-exists[\s\S]*FAIL role-exists/,
    );
  });
});
