/** The recipes that judge before anything is applied: plans in pull requests, and hooks for pre-commit. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { BUCKET, planOf } from '../checks/observe/terraform/support';
import { EXAMPLE } from '../checks/rules/support';
import { blocksOf, readPage } from '../docs/pages';
import { ROOT } from './support/command';
import { folder, folderWith, run } from './support/saved-set-up';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const bucket = { ...BUCKET, values: { bucket: EXAMPLE.bucket } };
const PLANS = {
  keeps: planOf([{ ...bucket, actions: ['no-op'] }]),
  loses: planOf([{ ...bucket, actions: ['delete'] }]),
} as const;
const CASES = [
  ['keeps', 0],
  ['loses', 1],
] as const;

/** A folder with the config and a plan in `plan.json`. */
function folderPlanning(plan: keyof typeof PLANS): string {
  const place = folderWith('compliant');
  writeFileSync(join(place, 'plan.json'), JSON.stringify(PLANS[plan]));
  return place;
}

/** The one change that a test makes to a recipe: these plans say nothing of a role. */
const ONE_RULE = '--rule=plan-keeps-logs';

describe('a plan in a pull request, with GitHub Actions', () => {
  const recipe = parse(read('examples/pull-request/github-actions.yml')) as {
    on: { pull_request: { paths: string[] } };
    jobs: {
      plan: {
        steps: {
          'working-directory'?: string;
          uses?: string;
          run?: string;
          if?: string;
          with?: Readonly<Record<string, string>>;
        }[];
      };
    };
  };
  const { steps } = recipe.jobs.plan;
  const given = steps.find(({ uses }) => uses?.startsWith('acme/altr-audit-log-export-kit@'))?.with ?? {};
  const { args = '' } = given;

  test.each(CASES)('the action ends with its exit code, and leaves the comment: %s', (plan, code) => {
    const place = folderPlanning(plan);
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'action', 'index.js')], {
      cwd: place,
      env: {
        RUNNER_TEMP: place,
        INPUT_CONFIG: 'altr-exports.yaml',
        INPUT_ONLY: given.only,
        'INPUT_FAIL-ON': 'any',
        INPUT_REPORT: 'altr-export.json',
        INPUT_SARIF: 'altr-export.sarif',
        INPUT_ARGS: `${args.replace('${{ runner.temp }}', place)}\n${ONE_RULE}`,
      },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: code, stderr: '' });
    const comment = readFileSync(join(place, 'altr-export.md'), 'utf8');
    expect(comment).toMatch(/^## ALTR audit-log exports/);
    expect(comment.includes('plan-keeps-logs')).toBe(plan === 'loses');
    expect(steps.at(-1)?.if).toContain("hashFiles('altr-export.md')");
  });

  test('judges the exports of its folder alone, by the config that the checkout holds', () => {
    expect(given).toMatchObject({ config: 'altr-exports.yaml', only: 'acme-prod' });
    expect(recipe.on.pull_request.paths).toEqual(['infrastructure/altr-export/**', 'altr-exports.yaml']);
    expect(steps.flatMap(({ 'working-directory': folder }) => folder ?? [])).toEqual([
      'infrastructure/altr-export',
    ]);
  });

  test.each([
    ['', ['api', '--method', 'POST', 'repos/acme/infrastructure/issues/7/comments']],
    ['4711', ['api', '--method', 'PATCH', 'repos/acme/infrastructure/issues/comments/4711']],
  ])('writes its own comment and no other: the one with its mark has the ID %j', (id, words) => {
    const place = folderPlanning('keeps');
    writeFileSync(join(place, 'altr-export.md'), '## ALTR audit-log exports\n');
    const programs = mkdtempSync(join(folder, 'bin-'));
    const gh = [
      '#!/bin/sh',
      'case "$*" in',
      '  *--paginate*) for query; do :; done; jq --raw-output "$query" comments.json ;;',
      `  *) for word; do echo "$word"; done > called; cat > body ;;`,
      'esac',
    ];
    const others = [
      { id: 1, user: { type: 'Bot' }, body: '## The comment of another workflow' },
      { id: 2, user: { type: 'User' }, body: '<!-- altr-export-plan -->\nForged' },
    ];
    const own = { id: Number(id), user: { type: 'Bot' }, body: '<!-- altr-export-plan -->\n## Earlier' };
    writeFileSync(join(place, 'comments.json'), JSON.stringify(id ? [...others, own] : others));
    writeFileSync(join(programs, 'gh'), `${gh.join('\n')}\n`, { mode: 0o755 });
    const outcome = run('bash', steps.at(-1)?.run ?? 'false', place, {
      PATH: `${programs}:${process.env.PATH}`,
      GH_REPO: 'acme/infrastructure',
      NUMBER: '7',
    });
    expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
    const called = readFileSync(join(place, 'called'), 'utf8').split('\n');
    expect(called.slice(0, words.length)).toEqual(words);
    const { body } = JSON.parse(readFileSync(join(place, 'body'), 'utf8')) as { body: string };
    expect(body).toBe('<!-- altr-export-plan -->\n## ALTR audit-log exports\n');
  });

  test('plan.json is what Terraform printed, in a place that nothing uploads', () => {
    expect(steps.find(({ uses }) => uses?.startsWith('hashicorp/setup-terraform@'))?.with).toEqual({
      terraform_wrapper: false,
    });
    expect(steps.map(({ run: script }) => script).join('\n')).toContain('> "$RUNNER_TEMP/plan.json"');
    expect(steps.filter(({ uses }) => uses?.includes('upload'))).toEqual([]);
  });
});

describe('a plan in a pull request, with Atlantis', () => {
  const [server, repository] = parseAllDocuments(read('examples/pull-request/atlantis.yaml')).map(
    (document) => document.toJS(),
  );
  const { projects } = repository as {
    projects: { dir: string; workflow?: string; autoplan: { when_modified: string[] } }[];
  };
  const { repos, workflows } = server as {
    repos: { id: string; allowed_overrides: string[]; allowed_workflows: string[] }[];
    workflows: Readonly<Record<string, { plan: { steps: (string | { run: string })[] } }>>;
  };
  const steps = workflows[projects[0]?.workflow ?? '']?.plan.steps ?? [];
  const [show, check] = steps.flatMap((step) => (typeof step === 'string' ? [] : step.run));

  test('judges the project with the export, and no other project of the repository', () => {
    expect(repos).toEqual([
      {
        id: 'github.com/acme/infrastructure',
        allowed_overrides: ['workflow'],
        allowed_workflows: ['altr-export'],
      },
    ]);
    expect(projects.map(({ dir, workflow }) => ({ dir, workflow }))).toEqual([
      { dir: 'altr-export', workflow: 'altr-export' },
    ]);
    expect(check).toContain(' --only acme-prod ');
  });

  test('shows the plan after it was made, then checks it', () => {
    expect(steps.slice(0, 2)).toEqual(['init', 'plan']);
    expect(steps).toHaveLength(4);
    expect(show).toBe('terraform show -json "$PLANFILE" > "$SHOWFILE"');
  });

  test.each(CASES)('fails the plan and comments with the report, if something is wrong: %s', (plan, code) => {
    const place = folderPlanning(plan);
    const programs = mkdtempSync(join(folder, 'bin-'));
    writeFileSync(
      join(programs, 'curl'),
      '#!/bin/sh\nfor last; do :; done; printf %s "$last" > url; cat > sent\n',
      { mode: 0o755 },
    );
    const script = (check ?? 'false')
      .replace('/opt/altr-export', ROOT)
      .replace('check --only', `check ${ONE_RULE} --only`);
    const { status, stderr } = run('sh', script, place, {
      PATH: `${programs}:${process.env.PATH}`,
      SHOWFILE: join(place, 'plan.json'),
      ATLANTIS_GH_TOKEN: 'secret',
      BASE_REPO_OWNER: 'acme',
      BASE_REPO_NAME: 'infrastructure',
      PULL_NUM: '7',
    });
    expect({ status, stderr }).toEqual({ status: code, stderr: '' });
    expect(existsSync(join(place, 'sent'))).toBe(plan === 'loses');
    if (plan === 'keeps') return;
    const { body } = JSON.parse(readFileSync(join(place, 'sent'), 'utf8')) as { body: string };
    expect(body).toMatch(/^## ALTR audit-log exports[\s\S]*plan-keeps-logs/);
    expect(readFileSync(join(place, 'url'), 'utf8')).toBe(
      'https://api.github.com/repos/acme/infrastructure/issues/7/comments',
    );
  });
});

describe('the hooks for pre-commit', () => {
  const hooks = parse(read('.pre-commit-hooks.yaml')) as Readonly<
    Record<'id' | 'name' | 'description' | 'entry' | 'language' | 'files', string>
  >[];
  const documented = blocksOf(readPage('docs/run-it-in-ci.md')).find(({ code }) => code.includes('hooks:'));
  const config = parse(documented?.code ?? '') as {
    repos: { hooks: { id: string; files?: string; args?: string[] }[] }[];
  };

  /** Runs a hook as pre-commit does: the script in the repository of the hook, from the root of the other one. */
  function commit(id: string, files: readonly string[], place: string, kit = ROOT) {
    const [script = '', ...words] = hooks.find((hook) => hook.id === id)?.entry.split(' ') ?? [];
    const args = config.repos[0]?.hooks.find((hook) => hook.id === id)?.args ?? [];
    const { status, stdout, stderr } = spawnSync(join(kit, script), [...words, ...args, ...files], {
      cwd: place,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  test('are two scripts that can be run, and the docs name them', () => {
    for (const { entry = '', language } of hooks) {
      expect(language).toBe('script');
      expect(statSync(join(ROOT, entry.split(' ')[0] ?? '')).mode & 0o111).toBe(0o111);
    }
    expect(config.repos[0]?.hooks.map(({ id }) => id)).toEqual(hooks.map(({ id }) => id));
  });

  test('are for the files that hold such things', () => {
    const [forConfig, forPlan] = hooks.map(({ files }) => new RegExp(files));
    expect(['altr-exports.yaml', 'infra/altr-exports.json'].every((path) => forConfig?.test(path))).toBe(
      true,
    );
    expect(['not-altr-exports.yaml', 'altr-exports.md'].some((path) => forConfig?.test(path))).toBe(false);
    expect(['plan.json', 'infra/plan.json'].every((path) => forPlan?.test(path))).toBe(true);
    expect(['floorplan.json', 'plan.jsonnet'].some((path) => forPlan?.test(path))).toBe(false);
  });

  test('accept valid configs in silence, and refuse one that is not among them', () => {
    const place = folderWith('compliant');
    const other = join(ROOT, 'examples', 'altr-exports.yaml');
    expect(commit('altr-export-config', ['altr-exports.yaml', other], place)).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    writeFileSync(join(place, 'altr-exports.yaml'), 'altr: [');
    const { status, stderr } = commit('altr-export-config', ['altr-exports.yaml', other], place);
    expect(status).toBe(2);
    expect(stderr).toContain('is not valid YAML');
  });

  test('refuse a plan that takes the logs away, and let others be', () => {
    const place = folderPlanning('keeps');
    const rule = [ONE_RULE];
    expect(commit('altr-export-plan', [...rule, 'plan.json'], place)).toMatchObject({
      status: 0,
      stderr: '',
    });
    writeFileSync(join(place, 'other.json'), JSON.stringify(PLANS.loses));
    const { status, stdout } = commit('altr-export-plan', [...rule, 'other.json', 'plan.json'], place);
    expect(status).toBe(1);
    expect(stdout).toContain('FAIL plan-keeps-logs');
  });

  test('take the config as one argument or two', () => {
    const place = folderPlanning('keeps');
    const named = join(place, 'own.yaml');
    cpSync(join(place, 'altr-exports.yaml'), named);
    rmSync(join(place, 'altr-exports.yaml'));
    for (const words of [[`--config=${named}`], ['--config', named]])
      expect(commit('altr-export-plan', [...words, ONE_RULE, 'plan.json'], place)).toMatchObject({
        status: 0,
        stderr: '',
      });
  });

  test('need the commit of a release', () => {
    const place = folderWith('compliant');
    const kit = join(place, 'kit');
    for (const part of ['scripts', 'bin']) {
      mkdirSync(join(kit, part), { recursive: true });
      cpSync(join(ROOT, part), join(kit, part), { recursive: true });
    }
    const without = commit('altr-export-config', ['altr-exports.yaml'], place, kit);
    expect(without).toMatchObject({ status: 2, stderr: expect.stringMatching(/^this commit has no bundle/) });
    symlinkSync(join(ROOT, 'dist'), join(kit, 'dist'));
    expect(commit('altr-export-config', ['altr-exports.yaml'], place, kit).status).toBe(0);
    rmSync(kit, { recursive: true });
  });
});
