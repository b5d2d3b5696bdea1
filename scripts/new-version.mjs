// Run by `npm version` after it has written package.json: dates the changelog, and renews the version in docs and examples.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { released } from './changelog.mjs';
import { filesWithMentions, withVersion } from './mentions.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const changelog = join(root, 'CHANGELOG.md');

const today = new Date().toISOString().slice(0, 10);
writeFileSync(changelog, released(readFileSync(changelog, 'utf8'), version, today));
const files = filesWithMentions(root);
for (const file of files) writeFileSync(file, withVersion(readFileSync(file, 'utf8'), version));
// npm commits what is staged.
execFileSync('git', ['add', '--', changelog, ...files], { cwd: root });
