// Lays out the files of the container image: node scripts/image-tree.mjs FOLDER. The Dockerfile copies FOLDER to its root.
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesOfBundle } from './bundle-command-line.mjs';

// The image's user is not root: whatever the mask of this machine, it may read all of it.
process.umask(0o022);

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [image] = process.argv.slice(2);
if (!image) throw new Error('name the folder to lay out');
for (const file of ['bin/altr-export.js', ...filesOfBundle(root), 'LICENSE']) {
  const target = join(image, 'kit', file);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(root, file), target);
  chmodSync(target, 0o444);
}
// Where a config is mounted.
mkdirSync(join(image, 'work'), { recursive: true });
