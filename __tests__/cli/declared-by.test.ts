/** Each command that judges tells the judge what the config declares. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { observationOf } from '../../checks/pages/set-up';
import { writeStdout } from '../../checks/report/output';
import { judge } from '../../checks/verdict/judge';
import { lookForExports } from '../../cli/adopt/find-exports';
import { runAdopt } from '../../cli/adopt/run';
import { runHealth } from '../../cli/logs/health';
import { runStart } from '../../cli/start/run';
import { testAccess } from '../../cli/test-access/access-test';
import { runTestAccess } from '../../cli/test-access/run';
import { EXAMPLE } from '../checks/rules/support';

const seen = observationOf({}, EXAMPLE);
jest.mock('../../checks/verdict/judge', () => {
  const actual = jest.requireActual<typeof import('../../checks/verdict/judge')>(
    '../../checks/verdict/judge',
  );
  return { ...actual, judge: jest.fn(actual.judge) };
});
jest.mock('../../checks/observe/live', () => ({ observeLive: async () => seen }));
jest.mock('../../cli/check/observe-aws', () => ({ observeAws: async () => seen }));
jest.mock('../../checks/observe/live/session-of', () => ({ sessionOf: async () => ({}) }));
jest.mock('../../cli/test-access/access-test', () => ({
  testAccess: jest.fn(async ({ findings }: { findings: () => Promise<unknown> }) => {
    await findings();
    return { roleArn: '', caller: '', steps: [], probes: [] };
  }),
}));
jest.mock('../../checks/report/output', () => ({
  ...jest.requireActual<object>('../../checks/report/output'),
  writeStdout: jest.fn(async () => undefined),
}));
jest.mock('../../cli/adopt/find-exports', () => ({ lookForExports: jest.fn() }));

const folder = mkdtempSync(join(tmpdir(), 'altr-declared-by-'));
const config = join(folder, 'altr-exports.json');
const before = process.cwd();
const retention = { versioning: true, expireAfterDays: 365 };
const { name, clientId, bucket, region, roleName, altrAccountId } = EXAMPLE;

/** What the judge was told of the export. */
async function toldBy(command: () => Promise<unknown>) {
  jest.mocked(judge).mockClear();
  await command();
  const [, options] = jest.mocked(judge).mock.calls[0] ?? [];
  return options?.declared?.get(name);
}

beforeAll(() => {
  const exports = [{ name, clientId, bucket, region, roleName, retention }];
  writeFileSync(config, JSON.stringify({ altr: { awsAccountId: altrAccountId }, exports }));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['start', () => runStart({ config })],
  ['logs health', () => runHealth(name, { config, format: 'json' })],
  ['test-access', () => runTestAccess(name, { config, format: 'json', yes: true })],
])('%s', async (_command, run) => {
  expect(await toldBy(run)).toMatchObject({ retention });
});

const LOCKED = { objectLock: true, defaultRetention: { mode: 'GOVERNANCE', days: 30 } } as const;

/** What adopt prints after it wrote the config of a bucket with a default retention. */
async function adopting(altr: object): Promise<string> {
  const entry = { name, clientId, bucket, region, roleName, retention: LOCKED };
  const [observation] = seen.exports;
  if (!observation) throw new Error('nothing was seen');
  const candidate = { role: roleName, found: {}, definition: EXAMPLE, entry, changes: [], reasons: [] };
  jest.mocked(lookForExports).mockResolvedValue({
    accountId: '123456789012',
    found: [{ candidate: candidate as never, observation }],
    left: [],
  });
  const declaring = join(folder, 'declaring.json');
  const other = { ...entry, name: 'other', bucket: `${bucket}-2`, roleName: `${roleName}2` };
  writeFileSync(
    declaring,
    JSON.stringify({ altr: { awsAccountId: altrAccountId, ...altr }, exports: [other] }),
  );
  jest.mocked(writeStdout).mockClear();
  const output = join(folder, 'adopted.yaml');
  await runAdopt({ config: declaring, output, force: true, role: [], region, format: 'text' });
  return String(jest.mocked(writeStdout).mock.calls[0]?.[0]);
}

test('adopt, by the config that it writes', async () => {
  expect(await toldBy(() => adopting({}))).toMatchObject({ retention: LOCKED });
});

test('adopt says that a default retention leaves the check undecided, unless the config knows of the checksum', async () => {
  const sentence = `The check ends with exit code 2 until altr.assumptions.checksumHeader is declared: ${name} has a default retention`;
  expect(await adopting({})).toContain(sentence);
  expect(await adopting({ assumptions: { checksumHeader: 'sent' } })).not.toContain('checksumHeader');
});

test('test-access asks for findings', () => expect(testAccess).toHaveBeenCalledTimes(1));
