/** A check changes nothing: commands that write to AWS are in three files of the command line, which write on a user's word. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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

const codeOf = (path: string) =>
  readFileSync(join(ROOT, path), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

/** A command is named where it is made, however it is imported: `new X()`, `new sdk.X()`, `{ X: Y }` or `sdk['X']`. */
const commandsIn = (code: string) => new Set(code.match(/\b[A-Z][A-Za-z]+Command\b/g) ?? []);

/** The SDK's clients that have a method an operation, such as `S3` beside `S3Client`, and its libraries that upload. */
const aggregatedIn = (code: string) =>
  code.match(
    /@aws-sdk\/lib-[\w-]+|\bnew\s+(?:\w+\.)?(?:S3|IAM|KMS|SNS|SQS|STS|S3Control|DynamoDB|Lambda|Organizations)\s*\(/g,
  ) ?? [];

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
  expect(rooms.flatMap((path) => aggregatedIn(codeOf(path)))).toEqual([]);
});

test.each([
  "import { PutObjectCommand as Put } from '@aws-sdk/client-s3';",
  "const sdk = require('@aws-sdk/client-s3'); new sdk.PutObjectCommand({})",
  "const { PutObjectCommand } = await import('@aws-sdk/client-s3');",
  "(await import('@aws-sdk/client-s3'))['PutObjectCommand']",
])('a command is seen in %s', (code) => {
  expect([...commandsIn(code)]).toEqual(['PutObjectCommand']);
});

test.each(["import { Upload } from '@aws-sdk/lib-storage'", 'new S3({})', 'new sdk.IAM()'])(
  'what writes without a command is seen in %s',
  (code) => {
    expect(aggregatedIn(code)).toHaveLength(1);
  },
);
