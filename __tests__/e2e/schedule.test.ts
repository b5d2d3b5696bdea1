/** The recipes of `examples/schedule`: valid by their own rules, and their command lines run. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { blocksOf, readPage } from '../docs/pages';
import { ROOT } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { CASES, folder, folderWith, run } from './support/saved-set-up';

const recipe = (name: string) => readFileSync(join(ROOT, 'examples', 'schedule', name), 'utf8');

/** The one change that a test makes to a recipe: it judges what was saved instead of AWS. */
const offline = (command: string) => {
  expect(command).toMatch(/\bcheck /);
  return command.replace(/\bcheck /, 'check --observation seen.json ');
};

const reportIn = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

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

/** Runs what puts the kit in its place; `npm` gives the tarball that a registry would. @returns its outcome, and that hash */
function fetchKit(script: (hash: string) => string, place: string) {
  const programs = mkdtempSync(join(folder, 'bin-'));
  const tarball = join(programs, 'kit.tgz');
  const bundle = readdirSync(join(ROOT, 'dist')).filter((name) => name.endsWith('.cjs'));
  const members = ['package.json', 'bin', ...bundle.map((name) => `dist/${name}`)];
  const tar = `tar -czf '${tarball}' --transform 's,^,package/,' ${members.join(' ')}`;
  expect(run('sh', tar, ROOT)).toEqual({ status: 0, stdout: '', stderr: '' });
  // npm pack SPEC leaves NAME-VERSION.tgz in the working directory.
  const pack = `[ "$1" = pack ] && for spec; do :; done; cp '${tarball}' "$(echo "$spec" | tr @ -).tgz"`;
  writeFileSync(join(programs, 'npm'), `#!/bin/sh\n${pack}\n`, { mode: 0o755 });
  const hash = createHash('sha256').update(readFileSync(tarball)).digest('hex');
  return run('bash', script(hash), place, { PATH: `${programs}:${process.env.PATH}` });
}

describe('the kit on a server', () => {
  const [script = 'false'] = blocksOf(readPage('docs/run-it-in-ci.md'))
    .map(({ code }) => code)
    .filter((code) => code.includes('/opt/altr-export'));

  test('is unpacked from the package, and an upgrade replaces all of it', () => {
    const place = folderWith('violating');
    const old = join(place, 'opt', 'altr-export', 'old');
    mkdirSync(old, { recursive: true });
    const here = () => script.replaceAll('/opt/', `${place}/opt/`);
    expect(fetchKit(here, place)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(existsSync(old)).toBe(false);
    const check = `node opt/altr-export/bin/altr-export.js check --observation seen.json`;
    expect(run('sh', check, place).status).toBe(1);
  });
});

describe('GitLab CI', () => {
  const pipeline = parse(recipe('gitlab-ci.yml')) as {
    variables: Readonly<Record<string, string>>;
  } & Readonly<
    Record<
      'altr-export-kit' | 'altr-exports',
      {
        script: string[];
        needs?: string[];
        before_script: string[];
        variables: Readonly<Record<string, string>>;
        id_tokens?: Readonly<Record<string, unknown>>;
        artifacts: { paths: string[]; reports: { junit: string } };
      }
    >
  >;
  const { variables, 'altr-export-kit': kit, 'altr-exports': job } = pipeline;

  describe('the job that fetches the kit', () => {
    /** Its script as a runner has it: with the variables, and the hash of a version that somebody looked at. */
    const script = (hash: string) =>
      [
        ...Object.entries({ ...variables, KIT_SHA256: hash }).map(
          ([name, value]) => `export ${name}=${value}`,
        ),
        ...kit.script,
      ].join('\n');

    test('holds no token, and hands over all that the other needs', () => {
      const place = folderWith('violating');
      expect(kit.id_tokens).toBeUndefined();
      expect(job.needs).toEqual(['altr-export-kit']);
      const fetched = fetchKit(script, place);
      expect({ ...fetched, stdout: '' }).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(kit.artifacts.paths).toEqual(['.kit/']);
      expect(run('bash', job.script.map(offline).join('\n'), place).status).toBe(1);
    });

    test('refuses a package that nobody looked at', () => {
      const place = folderWith('compliant');
      expect(fetchKit(() => script('0'.repeat(64)), place).status).toBe(1);
      expect(existsSync(join(place, '.kit'))).toBe(false);
    });
  });

  test('the job with the token runs the kit and nothing else', () => {
    const lines = [...job.before_script, ...job.script];
    expect(lines.filter((line) => /\b(npm|npx|git|curl|wget|apt)\b/.test(line))).toEqual([]);
  });

  test.each(CASES)('its script ends with the exit code, and leaves its artifacts: %s', (state, code) => {
    const place = folderWith(state);
    symlinkSync(ROOT, join(place, '.kit'));
    const { status, stderr } = run('bash', job.script.map(offline).join('\n'), place);
    expect({ status, stderr }).toEqual({ status: code, stderr: '' });
    expect(job.artifacts.paths.map((path) => existsSync(join(place, path)))).toEqual([true]);
    expect(readFileSync(join(place, job.artifacts.reports.junit), 'utf8')).toMatch(/^<\?xml/);
  });

  test('the token of the job lies where the SDK looks for it, for nobody else to read', () => {
    const place = folderWith('compliant');
    const token = join(place, 'token');
    const write = job.before_script.at(-1) ?? 'false';
    expect(Object.keys(job.id_tokens ?? {})).toEqual(['AWS_TOKEN']);
    run('bash', write, place, { AWS_TOKEN: 'secret', AWS_WEB_IDENTITY_TOKEN_FILE: token });
    expect(run('bash', `stat -c %a ${token}; cat ${token}`, place).stdout).toBe('600\nsecret');
    expect(job.variables).toHaveProperty('AWS_WEB_IDENTITY_TOKEN_FILE');
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
    expect(command).toContain(' --quiet ');
  });

  test('has the user and the folders that the docs make', () => {
    const made = blocksOf(readPage('docs/run-it-in-ci.md')).find(({ code }) =>
      code.includes('useradd'),
    )?.code;
    expect(made).toMatch(new RegExp(`^useradd .* ${user}$`, 'm'));
    const folders = new Set(command?.match(/\/(etc|var\/lib)\/[\w-]+/g));
    expect([...folders].sort()).toEqual(['/etc/altr-export', '/var/lib/altr-export']);
    for (const place of folders)
      expect(made).toMatch(new RegExp(`(^install -d|--home-dir) .*${place}\\b`, 'm'));
  });

  test('finds Node, without a variable that cron would not expand', () => {
    const [, path = ''] = /^PATH=(.*)$/m.exec(recipe('crontab')) ?? [];
    expect(path.split(':')).toEqual(['/usr/local/bin', '/usr/bin', '/bin']);
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

  test('the SDK looks for its files where the service has its credentials', () => {
    const loaded = [...service.matchAll(/^LoadCredential=(\w+):(\S+)$/gm)].map(([, name, file]) => [
      name,
      file,
    ]);
    expect(loaded).toEqual([
      ['config', '/etc/altr-export/aws/config'],
      ['credentials', '/etc/altr-export/aws/credentials'],
    ]);
    expect([...service.matchAll(/^Environment=(.*)$/gm)].map(([, line]) => line)).toEqual([
      'AWS_CONFIG_FILE=%d/config',
      'AWS_SHARED_CREDENTIALS_FILE=%d/credentials',
    ]);
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

  test.each(CASES)('the arguments end with the exit code: %s', (state, code) => {
    const place = folderWith(state);
    const command = [
      'node',
      join(ROOT, 'bin', 'altr-export.js'),
      placed(offline(container.args.join(' ')), place),
    ];
    const { status, stderr } = run('sh', command.join(' '), place);
    expect({ status, stderr }).toEqual({ status: code, stderr: '' });
    expect(reportIn(join(place, 'report.json')).schemaVersion).toBe(1);
    // The first run had nothing to compare with.
    expect(reportIn(join(place, 'report.json'))).not.toHaveProperty('baseline');
    expect(run('sh', command.join(' '), place).status).toBe(code);
    expect(reportIn(join(place, 'report.json')).baseline).toMatchObject({ new: 0, resolved: [] });
  });

  test('its reports outlive the pod', () => {
    const { volumes } = job.spec.jobTemplate.spec.template.spec;
    expect(volumes.find(({ name }: { name: string }) => name === 'reports')).toEqual({
      name: 'reports',
      persistentVolumeClaim: { claimName: claim.metadata.name },
    });
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
  /** As systemd gives it: no key in the environment, and the files of `LoadCredential`. */
  const withFiles = (place: string): Record<string, string> => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN: _, ...rest } = emulator.env;
    writeFileSync(join(place, 'config'), '[default]\nregion = us-east-1\n');
    writeFileSync(
      join(place, 'credentials'),
      `[default]\naws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n`,
    );
    const named = [...recipe('systemd/altr-export.service').matchAll(/^Environment=(\w+)=%d(.*)$/gm)];
    return { ...rest, ...Object.fromEntries(named.map(([, name, file]) => [name, `${place}${file}`])) };
  };
  const gitlab = (parse(recipe('gitlab-ci.yml')) as { 'altr-exports': { script: string[] } })['altr-exports'];
  const [, job] = parseAllDocuments(recipe('kubernetes/cronjob.yaml')).map((document) => document.toJS());
  const args: string[] = job.spec.jobTemplate.spec.template.spec.containers[0].args;

  test.each([
    ['cron', cron, 0],
    ['systemd', systemd, 1],
    ['GitLab CI', gitlab.script.join('\n'), 1],
    ['Kubernetes', `node /opt/altr-export/bin/altr-export.js ${args.join(' ')}`, 1],
  ])('%s tells that an empty account has neither role nor bucket', (name, command, code) => {
    const place = folderWith('compliant');
    rmSync(join(place, 'seen.json'));
    symlinkSync(ROOT, join(place, '.kit'));
    const { status, stdout } = run(
      'sh',
      placed(command, place),
      place,
      name === 'systemd' ? withFiles(place) : emulator.env,
    );
    expect(status).toBe(code);
    expect(stdout).toMatch(
      /FAIL role-exists[\s\S]*FAIL bucket-exists|FAIL bucket-exists[\s\S]*FAIL role-exists/,
    );
  });
});
