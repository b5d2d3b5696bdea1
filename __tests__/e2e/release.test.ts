/** A release as a maintainer makes it, on a copy: the version everywhere, the bundle in the tag, and the same bytes elsewhere. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { dependencies, version } from '../../package.json';
import { ROOT } from './support/command';
import { describeOnRealParts } from './support/real-parts';
import { terraform, terraformCliConfig } from './support/terraform';

const folder = mkdtempSync(join(tmpdir(), 'altr-release-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = {
  PATH: process.env.PATH ?? '',
  HOME: folder,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'Tester'],
      [`GIT_${who}_EMAIL`, 'tester@acme.example'],
    ]),
  ),
};
const attempt = (cwd: string, program: string, ...args: string[]) =>
  spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
const succeed = (cwd: string, program: string, ...args: string[]): string => {
  const { status, stdout, stderr } = attempt(cwd, program, ...args);
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout.trim();
};

/** A copy of the sources, as a clone has them. */
function copyTo(place: string): string {
  const left = /^(\.git|node_modules|dist|dist\..*|cdktf\.out|coverage|reports|\.stryker-tmp)$/;
  cpSync(ROOT, place, {
    recursive: true,
    filter: (path) => !left.test(relative(ROOT, path)) && !path.endsWith('/cdktn/node_modules'),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'));
  return place;
}
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

test('npm version dates the changelog, renews docs, and tags a commit with the bundle that its sources make', () => {
  const copy = copyTo(join(folder, 'copy'));
  // A link to node_modules is no folder, which is what .gitignore names.
  writeFileSync(join(copy, '.gitignore'), 'node_modules\ndist/\n');
  succeed(copy, 'git', 'init', '--quiet', '--initial-branch', 'main');
  succeed(copy, 'git', 'add', '--all');
  succeed(copy, 'git', 'commit', '--quiet', '--message', 'All');
  succeed(copy, 'npm', 'version', '9.8.7');

  const shown = (file: string) => succeed(copy, 'git', 'show', `v9.8.7:${file}`);
  expect(shown('CHANGELOG.md')).toMatch(/^## 9\.8\.7 - \d{4}-\d\d-\d\d$/m);
  expect(shown('docs/package.md')).toContain('altr-audit-log-export-kit-9.8.7.tgz');
  expect(shown('package.json')).toContain('"version": "9.8.7"');
  expect(shown('examples/schedule/github-actions.yml')).toContain('# v9.8.7');

  // The tag has the bundle, the branch has none.
  const pieces = readdirSync(join(copy, 'dist', 'cli')).filter((name) => name.endsWith('.cjs'));
  expect(pieces).toEqual(expect.arrayContaining(['start.cjs', 'check.cjs']));
  const carried = ['THIRD-PARTY-NOTICES.txt', 'cli.cjs', ...pieces.map((name) => `cli/${name}`)].map(
    (name) => `dist/${name}`,
  );
  const listed = (at: string) =>
    succeed(copy, 'git', 'ls-tree', '-r', '--name-only', at, 'dist').split('\n').filter(Boolean);
  expect(listed('v9.8.7').sort()).toEqual(carried.sort());
  expect(listed('main')).toEqual([]);
  expect(succeed(copy, 'git', 'status', '--porcelain')).toBe('');

  // The workflow's steps, in a checkout of the tag in another place.
  const checkout = join(folder, 'elsewhere', 'deeper', 'checkout');
  succeed(folder, 'git', 'clone', '--quiet', '--branch', 'v9.8.7', copy, checkout);
  // As a runner has it, before anything was installed.
  const printed = succeed(checkout, process.execPath, 'bin/altr-export.js', '--version');
  expect(printed).toBe('9.8.7');
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  succeed(checkout, process.execPath, 'scripts/committed-bundle.mjs', '--verify');
  // All of it came with the tag: the build made no file anew.
  expect(succeed(checkout, 'git', 'status', '--porcelain', '--', 'dist')).toBe('');
  expect(succeed(checkout, process.execPath, 'scripts/release-notes.mjs', 'v9.8.7')).toContain('### Added');
  expect(attempt(checkout, process.execPath, 'scripts/release-notes.mjs', 'v9.8.6').status).toBe(1);

  // A bundle that somebody changed, and a commit without one.
  const changed = join(checkout, 'dist', 'cli', 'check.cjs');
  writeFileSync(changed, `${readFileSync(changed, 'utf8')}//`);
  succeed(checkout, 'git', 'commit', '--quiet', '--all', '--message', 'Another');
  const other = attempt(checkout, process.execPath, 'scripts/committed-bundle.mjs', '--verify');
  expect({ status: other.status, stderr: other.stderr }).toEqual({
    status: 1,
    stderr: 'the commit has another dist/cli/check.cjs than its sources make\n',
  });
  succeed(checkout, 'git', 'checkout', '--quiet', '--force', 'origin/main');
  const none = attempt(checkout, process.execPath, 'scripts/committed-bundle.mjs', '--verify');
  expect({ status: none.status, stderr: none.stderr }).toEqual({
    status: 1,
    stderr: 'the commit has no bundle: dist/ is not in it\n',
  });
});

test('the bill of materials names what the notices name, and all that the package depends on', () => {
  const { metadata, components } = JSON.parse(
    readFileSync(join(ROOT, 'dist', 'package.cdx.json'), 'utf8'),
  ) as {
    metadata: { component: { purl: string } };
    components: { name: string; version: string; purl: string; licenses: { expression: string }[] }[];
  };
  expect(metadata.component.purl).toBe(`pkg:npm/altr-audit-log-export-kit@${version}`);
  const notices = readFileSync(join(ROOT, 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  const noticed = [...notices.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) (\d+\.\d+\.\d+\S*) \(.*\)$/gm)];
  expect(components.map((one) => `${one.name} ${one.version}`).sort()).toEqual(
    [...new Set(noticed.map(([, name, at]) => `${name} ${at}`))].sort(),
  );
  expect(components.map(({ name }) => name)).toEqual(
    expect.arrayContaining([...Object.keys(dependencies), '@aws-sdk/client-s3', 'commander', 'proxy-agent']),
  );
  expect(components.find(({ name }) => name === '@aws-sdk/client-s3')).toMatchObject({
    purl: expect.stringMatching(/^pkg:npm\/%40aws-sdk\/client-s3@\d+\.\d+\.\d+$/),
    licenses: [{ expression: 'Apache-2.0' }],
  });
});

describeOnRealParts('the archive of the Terraform module', ['terraform'], () => {
  const unpacked = join(folder, 'module');

  test('has the same bytes each time, and the layout of the Terraform Registry', () => {
    const [first = '', second = ''] = ['a', 'b'].map((name) =>
      succeed(ROOT, process.execPath, 'scripts/module-archive.mjs', mkdtempSync(join(folder, name))),
    );
    expect(sha256(first)).toBe(sha256(second));
    cpSync(first, join(folder, 'module.tar.gz'));
    succeed(folder, 'mkdir', unpacked);
    succeed(unpacked, 'tar', '--extract', '--file', join(folder, 'module.tar.gz'));
    const names = readdirSync(unpacked);
    expect(names).toEqual(
      expect.arrayContaining([
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'examples',
        'main.tf',
        'outputs.tf',
        'variables.tf',
        'versions.tf',
      ]),
    );
    expect(names.filter((name) => name.startsWith('.') || name === 'tests')).toEqual([]);
    // What its pages name is there.
    const pages = ['README.md', 'CHANGELOG.md'].map((name) => readFileSync(join(unpacked, name), 'utf8'));
    const links = pages.flatMap((page) =>
      [...page.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path),
    );
    expect(links).toContain('examples/minimal');
    expect(links.filter((path) => !existsSync(join(unpacked, path)))).toEqual([]);
    expect(pages.join('\n').match(/terraform test$/m)).toBeNull();
  });

  test.each(['.', 'examples/minimal', 'examples/complete'])('terraform validates %s of it', async (part) => {
    const cwd = join(unpacked, part);
    const options = { cwd, env: { ...env, TF_CLI_CONFIG_FILE: terraformCliConfig() } };
    await terraform(['init', '-backend=false', '-input=false', '-no-color'], options);
    expect((await terraform(['validate', '-no-color'], options)).stdout).toContain(
      'The configuration is valid',
    );
  });
});
