/** What is saved of a plan: its sensitive values too, for nobody but who made the file. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCheck } from '../../../cli/check/run';
import { BUCKET, planOf, ROLE, TARGET } from '../../checks/observe/terraform/support';

const SECRET = 'a-secret-external-id';
const folder = mkdtempSync(join(tmpdir(), 'altr-save-'));
const at = (name: string) => join(folder, name);

beforeAll(() => {
  const { altrAccountId, ...definition } = TARGET;
  const exports = [{ ...definition, clientId: 'the-client', region: 'eu-west-1' }];
  writeFileSync(at('config.json'), JSON.stringify({ altr: { awsAccountId: altrAccountId }, exports }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function save(sensitive: boolean) {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${TARGET.altrAccountId}:root` },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': SECRET } },
      },
    ],
  };
  const role = { ...ROLE, values: { ...ROLE.values, assume_role_policy: JSON.stringify(trust) } };
  const plan = planOf([role, BUCKET], { variables: { id: { value: SECRET } } });
  const root_module = { ...plan.configuration.root_module, variables: { id: { sensitive } } };
  writeFileSync(
    at('plan.json'),
    JSON.stringify({ ...plan, configuration: { ...plan.configuration, root_module } }),
  );
  const said: string[] = [];
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  try {
    await runCheck({
      config: at('config.json'),
      plan: at('plan.json'),
      saveObservation: at(`${sensitive}.json`),
      output: [at('report.json')],
      only: [],
      rule: [],
      skipRule: [],
      failOn: 'any',
      quiet: true,
    } as never);
  } finally {
    stderr.mockRestore();
  }
  return {
    said: said.join(''),
    mode: statSync(at(`${sensitive}.json`)).mode & 0o777,
    saved: readFileSync(at(`${sensitive}.json`), 'utf8'),
    report: readFileSync(at('report.json'), 'utf8'),
  };
}

test('a file with sensitive values is for its owner alone, and the check says so', async () => {
  const { said, mode, saved, report } = await save(true);
  expect(mode).toBe(0o600);
  expect(said).toBe(
    `${at('true.json')} holds values that the plan marks as sensitive, to judge by them again: only you may read it; don’t commit it\n`,
  );
  expect(saved).toContain(SECRET);
  expect(report).not.toContain(SECRET);
});

test('any other is an ordinary file', async () => {
  const { said, mode, report } = await save(false);
  expect(mode & 0o044).toBe(0o044 & ~process.umask());
  expect(said).toBe('');
  expect(report).toContain(SECRET);
});
