/** Each command that judges tells the judge what the config declares. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { observationOf } from '../../checks/pages/set-up';
import { judge } from '../../checks/verdict/judge';
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
jest.mock('../../checks/report/output', () => ({ writeStdout: async () => undefined }));

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

test('test-access asks for findings', () => expect(testAccess).toHaveBeenCalledTimes(1));
