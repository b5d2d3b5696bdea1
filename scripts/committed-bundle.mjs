// The bundle that a release tag carries, so that the GitHub Action installs nothing.
//   --add      builds it and stages it: `npm version` then commits and tags it
//   --remove   takes it out of the branch again, in a commit of its own: after the tag
//   --verify   builds it again and fails if the commit has another
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesOfBundle } from './bundle-command-line.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const git = (...args) => execFileSync('git', args, { cwd: root, maxBuffer: 2 ** 28 });
const build = () =>
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const carried = () =>
  git('ls-tree', '-r', '--name-only', 'HEAD', 'dist').toString().split('\n').filter(Boolean);

switch (process.argv[2]) {
  case '--add':
    build();
    git('add', '--force', '--', ...filesOfBundle(root));
    break;
  case '--remove':
    git('rm', '--quiet', '--cached', '--', ...carried());
    git('commit', '--quiet', '--message', 'Take the bundle of the release out of the branch');
    break;
  case '--verify': {
    const there = carried();
    if (there.length === 0) fail('the commit has no bundle: dist/ is not in it');
    build();
    const made = filesOfBundle(root);
    const isSame = (file) =>
      there.includes(file) &&
      made.includes(file) &&
      git('cat-file', 'blob', `HEAD:${file}`).equals(readFileSync(join(root, file)));
    const other = [...new Set([...there, ...made])].filter((file) => !isSame(file));
    if (other.length > 0) fail(`the commit has another ${other.join(' and ')} than its sources make`);
    break;
  }
  default:
    throw new Error('say --add, --remove or --verify');
}
