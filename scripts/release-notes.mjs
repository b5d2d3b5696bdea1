// Prints what the changelog says of a version: node scripts/release-notes.mjs v0.2.0
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notesOf } from './changelog.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const tag = process.argv[2] ?? '';
if (tag !== `v${version}`) throw new Error(`the tag is ${tag}, and package.json says ${version}`);
process.stdout.write(notesOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version));
