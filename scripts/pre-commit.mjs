#!/usr/bin/env node
// The hooks of .pre-commit-hooks.yaml: judges each file that pre-commit names. Arguments that begin with - go to the command,
// and what follows a --config; the value of another option follows a =.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kit = join(dirname(fileURLToPath(import.meta.url)), '..');
const COMMANDS = {
  // The hand-off needs the whole config, and nothing else.
  config: { words: (file) => ['handoff', `--config=${file}`], stdout: 'ignore' },
  plan: { words: (file) => ['check', `--plan=${file}`], stdout: 'inherit' },
};

const [kind, ...given] = process.argv.slice(2);
const { words, stdout } = COMMANDS[kind];
if (!existsSync(join(kit, 'dist', 'cli.cjs'))) {
  process.stderr.write('this commit has no bundle: give the commit or the tag of a release as rev\n');
  process.exit(2);
}
const isOption = (word, index) => word.startsWith('-') || given[index - 1] === '--config';
const options = given.filter(isOption);
const codes = given
  .filter((word, index) => !isOption(word, index))
  .map((file) => {
    const args = [join(kit, 'bin', 'altr-export.js'), ...words(file), ...options];
    return spawnSync(process.execPath, args, { stdio: ['ignore', stdout, 'inherit'] }).status ?? 2;
  });
process.exitCode = Math.max(0, ...codes);
