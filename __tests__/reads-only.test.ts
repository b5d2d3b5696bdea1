/** A check changes nothing: commands that write to AWS are in three files of the command line, which write on a user's word. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { devDependencies } from '../package.json';

const ROOT = join(__dirname, '..');

/** Names of the SDK's commands that don't write. */
const READS = /^(Get|List|Head|Describe|Simulate|AssumeRole)/;

const NO_ROOMS = ['node_modules', 'dist', 'cdktf.out', 'docs', 'examples', '__tests__'];

/** Every source of ours, by path from the root. */
const SOURCES = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !NO_ROOMS.includes(entry.name))
  .flatMap(({ name }) =>
    readdirSync(join(ROOT, name), { recursive: true, encoding: 'utf8' }).map((file) => join(name, file)),
  )
  .concat('main.ts')
  .filter((path) => /\.[cm]?[jt]s$/.test(path));

const codeOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Names and strings of a source, from its syntax tree: what looks like a comment may be part of a string. */
function wordsIn(code: string): string[] {
  const words: string[] = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    const { value, cooked } = node as { value?: unknown; cooked?: unknown };
    for (const text of [value, cooked]) if (typeof text === 'string') words.push(text);
    for (const child of Object.values(node)) walk(child);
  };
  walk(parseSync(code, { syntax: 'typescript', target: 'es2022' }));
  return words;
}

/** A command is named where it is made, however it is imported: `new X()`, `new sdk.X()`, `{ X: Y }` or `sdk['X']`. */
const commandsIn = (code: string) =>
  new Set(wordsIn(code).filter((word) => /^[A-Z][A-Za-z0-9]+Command$/.test(word)));

/** The SDK's clients that have a method an operation, such as `S3` beside `S3Client`, in lower case. */
const AGGREGATED = Object.keys(devDependencies)
  .filter((name) => name.startsWith('@aws-sdk/client-'))
  .map((name) => name.replace('@aws-sdk/client-', '').replaceAll('-', ''));

const isAggregated = (word: string) => /^[A-Z]/.test(word) && AGGREGATED.includes(word.toLowerCase());

/** Such clients, where they are made or the SDK is imported, and its libraries that upload. */
function aggregatedIn(code: string): string[] {
  const made = [...code.matchAll(/\bnew\s+(?:\w+\.)?(\w+)\s*\(/g)].map(([, name]) => name ?? '');
  const words = wordsIn(code);
  const named = words.some((word) => word.startsWith('@aws-sdk/')) ? words : [];
  const libraries = words.filter((word) => word.startsWith('@aws-sdk/lib-'));
  return [...new Set([...[...made, ...named].filter(isAggregated), ...libraries])];
}

test('every room is looked at', () => {
  expect([...new Set(SOURCES.map((path) => path.split('/')[0]))]).toEqual(
    expect.arrayContaining([
      'checks',
      'cli',
      'config',
      'contract',
      'lambda',
      'logs',
      'modules',
      'package',
      'main.ts',
    ]),
  );
});

test('only what a person asks to write can write', () => {
  // The rooms whose code reaches a user's account; the bench makes set-ups in an emulator.
  const rooms = SOURCES.filter((path) => !/^(bench|scripts)\//.test(path));
  const commands = rooms.flatMap((path) => [...commandsIn(codeOf(path))].map((name) => `${path} ${name}`));
  expect(commands.length).toBeGreaterThan(20);
  expect(commands.filter((entry) => !READS.test(entry.split(' ')[1] ?? '')).sort()).toEqual([
    'cli/logs/put-object.ts PutObjectCommand',
    'cli/logs/send-notifications.ts PublishBatchCommand',
    'cli/logs/send-notifications.ts SendMessageBatchCommand',
    'cli/test-access/attempt.ts DeleteObjectCommand',
    'cli/test-access/attempt.ts PutObjectCommand',
    // Entry points in AWS: the alerts' function remembers what it told, and tells.
    'lambda/alerts.ts PublishCommand',
    'lambda/alerts.ts PutItemCommand',
  ]);
  expect(rooms.flatMap((path) => aggregatedIn(codeOf(path)).map((name) => `${path} ${name}`))).toEqual([
    // The name of the service.
    'checks/observe/live/s3.ts S3',
  ]);
});

test.each([
  "import { PutObjectCommand as Put } from '@aws-sdk/client-s3';",
  "const sdk = require('@aws-sdk/client-s3'); new sdk.PutObjectCommand({})",
  "const { PutObjectCommand } = await import('@aws-sdk/client-s3');",
  "(await import('@aws-sdk/client-s3'))['PutObjectCommand']",
])('a command is seen in %s', (code) => {
  expect([...commandsIn(code)]).toEqual(['PutObjectCommand']);
});

test.each([
  "import { Upload } from '@aws-sdk/lib-storage'",
  'new S3({})',
  'new sdk.IAM()',
  "import { S3 } from '@aws-sdk/client-s3'",
  "import { SecurityHub as Hub } from '@aws-sdk/client-securityhub'",
  "const { Organizations: O } = await import('@aws-sdk/client-organizations')",
  "const sdk = require('@aws-sdk/client-s3-control'); new sdk.S3Control({})",
])('what writes without a command is seen in %s', (code) => {
  expect(aggregatedIn(code)).toHaveLength(1);
});

test('a string that looks like the start of a comment hides nothing', () => {
  const code = `const arn = 'arn:aws:s3:::logs/*';
    const sdk = await import('@aws-sdk/client-s3');
    new sdk.DeleteObjectCommand({}); /* PutObjectCommand */`;
  expect([...commandsIn(code)]).toEqual(['DeleteObjectCommand']);
});
