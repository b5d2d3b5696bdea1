/** The container image: its Dockerfile, and its files run as the image runs them. There is no Docker where this is tested. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './support/command';
import { CASES, folder, folderWith } from './support/saved-set-up';

/** The instructions of the Dockerfile, continued lines joined. */
const INSTRUCTIONS = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, keyword = '', value = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    return { keyword, value };
  });
const valuesOf = (name: string) =>
  INSTRUCTIONS.filter(({ keyword }) => keyword === name).map(({ value }) => value);
const [entry, words] = ['ENTRYPOINT', 'CMD'].map((name) => JSON.parse(valuesOf(name)[0] ?? '[]') as string[]);
const [user = ''] = valuesOf('USER');
const [environment = ''] = valuesOf('ENV');

describe('the Dockerfile', () => {
  test('has no instruction that Docker does not know, and each that is there once is so', () => {
    const known = ['ARG', 'FROM', 'WORKDIR', 'COPY', 'RUN', 'USER', 'ENV', 'ENTRYPOINT', 'CMD'];
    expect(INSTRUCTIONS.filter(({ keyword }) => !known.includes(keyword))).toEqual([]);
    for (const name of ['USER', 'ENTRYPOINT', 'CMD']) expect(valuesOf(name)).toHaveLength(1);
  });

  test('builds on one supported Node, in two stages, and takes from the first what the script lays out', () => {
    expect(valuesOf('ARG')).toEqual([expect.stringMatching(/^NODE_IMAGE=node:(22|24)-slim$/)]);
    expect(valuesOf('FROM')).toEqual(['${NODE_IMAGE} AS build', '${NODE_IMAGE}']);
    expect(valuesOf('RUN')).toEqual([expect.stringMatching(/ && node scripts\/image-tree\.mjs \/image$/)]);
    expect(valuesOf('COPY')).toEqual(['. .', '--from=build /image/ /']);
  });

  test('runs the check, as a number that is not root', () => {
    expect([entry, words]).toEqual([['node', '/kit/bin/altr-export.js'], ['check']]);
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    // The user holds for the last stage, after everything was put in its place.
    expect(INSTRUCTIONS.slice(-4).map(({ keyword }) => keyword)).toEqual([
      'USER',
      'ENV',
      'ENTRYPOINT',
      'CMD',
    ]);
  });

  test('neither history, nor installed packages, nor state goes into the build', () => {
    const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    expect(ignored).toEqual(
      expect.arrayContaining(['.git', '**/node_modules', '**/*.tfstate', '**/*.tfstate.*', 'dist']),
    );
  });
});

const image = join(folder, 'image');
// With a mask that keeps others out, as some build machines have.
execFileSync('sh', [
  '-c',
  'umask 077; "$@"',
  'sh',
  process.execPath,
  join(ROOT, 'scripts', 'image-tree.mjs'),
  image,
]);

test('the image holds the bundle alone', () => {
  const files = readdirSync(image, { recursive: true, withFileTypes: true }).filter((found) =>
    found.isFile(),
  );
  const kit = join(image, 'kit');
  const paths = files.map((found) => relative(kit, join(found.parentPath, found.name)));
  const isPiece = (path: string) => /^dist\/cli\/[\w-]+\.cjs$/.test(path);
  expect(paths.filter((path) => !isPiece(path)).sort()).toEqual([
    'LICENSE',
    'bin/altr-export.js',
    'dist/THIRD-PARTY-NOTICES.txt',
    'dist/cli.cjs',
  ]);
  expect(paths.filter(isPiece).length).toBeGreaterThan(10);
});

test('everybody may read it', () => {
  const entries = readdirSync(image, { recursive: true, encoding: 'utf8' }).map((name) => join(image, name));
  const shut = entries.filter((path) => (statSync(path).mode & 0o004) === 0);
  expect({ entries: entries.length > 6, shut }).toEqual({ entries: true, shut: [] });
});

test('behind a proxy that does not answer, a check says so', () => {
  const place = folderWith('compliant');
  const env = {
    ...{ PATH: process.env.PATH ?? '', HOME: place, HTTPS_PROXY: 'http://127.0.0.1:9' },
    ...{ AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'none', AWS_MAX_ATTEMPTS: '1' },
  };
  const bin = join(image, 'kit', 'bin', 'altr-export.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'check'], {
    cwd: place,
    encoding: 'utf8',
    env,
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('ECONNREFUSED');
  expect(stderr).not.toMatch(/broke down|Cannot find module/);
});

/** Mounting needs root, or sudo that asks nothing. */
const ROOTED = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
const asRoot = (command: readonly string[]) => {
  const [program = '', ...args] = [...ROOTED, ...command];
  return spawnSync(program, args, { encoding: 'utf8', env: { PATH: process.env.PATH ?? '' } });
};
const canMount = asRoot(['unshare', '--mount', 'true']).status === 0;
if (!canMount && process.env.CI !== 'true')
  process.stderr.write('SKIPPED the image as its user: mounting needs root\n');

(canMount || process.env.CI === 'true' ? describe : describe.skip)('as that user on a read-only root', () => {
  /** Runs a command in the image: the system's libraries and this Node stand for those of the base image. */
  function inImage(place: string, command: readonly string[]) {
    const system = ['/usr', '/lib', '/lib64', '/bin'].filter((path) => existsSync(path));
    for (const path of [...system, '/dev', '/opt-node']) mkdirSync(join(image, path), { recursive: true });
    writeFileSync(join(image, 'opt-node', 'node'), '');
    const script = [
      'set -e',
      'mount --bind "$IMAGE" "$IMAGE"',
      ...system.map((path) => `mount --rbind ${path} "$IMAGE"${path}`),
      'mount --rbind /dev "$IMAGE"/dev',
      'mount --bind "$NODE" "$IMAGE"/opt-node/node',
      'mount --bind "$PLACE" "$IMAGE"/work',
      'mount -o remount,bind,ro "$IMAGE"',
      `exec chroot --userspec=${user} "$IMAGE" /usr/bin/env --ignore-environment --chdir=/work ${environment} PATH=/opt-node:/usr/bin:/bin "$@"`,
    ].join('\n');
    const variables = [`IMAGE=${image}`, `PLACE=${place}`, `NODE=${realpathSync(process.execPath)}`];
    const { status, stdout, stderr } = asRoot([
      ...['env', ...variables, 'unshare', '--mount', '--propagation=private'],
      ...['sh', '-c', script, 'sh', ...command],
    ]);
    return { status, stdout, stderr };
  }
  const check = (place: string, ...more: string[]) =>
    inImage(place, [...(entry ?? []), ...(words ?? []), '--observation', 'seen.json', ...more]);
  /** A folder that the image's user may read, as a mounted config. */
  const mounted = (state: Parameters<typeof folderWith>[0]) => {
    const place = folderWith(state);
    execFileSync('chmod', ['-R', 'a+rX', place]);
    return place;
  };

  test('it is that user, and can write nothing', () => {
    const script = `
      console.log(process.getuid() + ':' + process.getgid());
      for (const file of ['/kit/x', '/x', '/work/x'])
        try { require('fs').writeFileSync(file, ''); console.log('wrote ' + file); } catch (error) { console.log(error.code); }`;
    expect(inImage(mounted('compliant'), ['node', '-e', script])).toEqual({
      status: 0,
      stdout: `${user}\nEROFS\nEROFS\nEACCES\n`,
      stderr: '',
    });
  });

  test.each(CASES)(
    'a check ends with its exit code, and says nothing of the file system: %s',
    (state, code) => {
      const { status, stdout, stderr } = check(mounted(state));
      expect({ status, stderr }).toEqual({ status: code, stderr: '' });
      expect(stdout).toMatch(/^export +account +region +verdict/);
    },
  );

  test('a report goes where a folder is mounted that the user may write', () => {
    const place = mounted('violating');
    mkdirSync(join(place, 'reports'));
    execFileSync('chmod', ['a+rwx', join(place, 'reports')]);
    expect(check(place, '--output', 'reports/report.json')).toMatchObject({ status: 1 });
    expect(JSON.parse(readFileSync(join(place, 'reports', 'report.json'), 'utf8')).schemaVersion).toBe(1);
    const refused = check(place, '--output', '/kit/report.json');
    expect({ status: refused.status, stdout: refused.stdout }).toEqual({ status: 2, stdout: '' });
  });

  afterAll(() => rmSync(image, { recursive: true }));
});
