/** The command line of `altr-export auditor-policy`: what it says beside the policy, and to bad input. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { delegationPolicy, organizationPolicy } from '../../checks/auditor-policy/organization';
import { altrExport } from './support/command';

const folder = mkdtempSync(join(tmpdir(), 'altr-auditor-policy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { PATH: process.env.PATH ?? '' };
const entry = (index: number, more: Readonly<Record<string, string>> = {}) => ({
  name: `e${index}`,
  clientId: 'client',
  bucket: `acme-logs-${index}`,
  region: 'us-east-1',
  roleName: `ALTRPublishSIEMData${index}`,
  ...more,
});
const run = (exports: readonly unknown[], ...args: string[]) => {
  const config = join(folder, 'altr-exports.yaml');
  writeFileSync(config, JSON.stringify({ altr: { awsAccountId: '111122223333' }, exports }));
  return altrExport(['auditor-policy', '--config', config, ...args], { env });
};

test('says that so many exports do not fit by name', async () => {
  const { code, stdout, stderr } = await run(Array.from({ length: 100 }, (_, index) => entry(index)));
  expect(stderr).toMatch(/^the 100 exports by name would not fit into a managed policy of 6144 characters/);
  expect(code).toBe(0);
  expect(JSON.stringify(JSON.parse(stdout)).length).toBeLessThanOrEqual(6144);
});

test('refuses to open the logs of so many exports that they do not fit by name', async () => {
  const exports = Array.from({ length: 300 }, (_, index) => entry(index));
  const { code, stdout, stderr } = await run(exports, '--read-logs');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^the logs of 300 exports can't be named within 6144 characters.*\n$/);
});

test('says what who assumes the audited accounts’ roles needs', async () => {
  const assumeRoleArn = 'arn:aws:iam::222222222222:role/altr-auditor';
  const { stdout, stderr } = await run([entry(1, { assumeRoleArn })]);
  expect(stderr).toBe(
    `the roles that the check assumes need this policy; the principal that runs the check needs sts:AssumeRole on ${assumeRoleArn}\n`,
  );
  expect(stdout).not.toContain('sts:AssumeRole');
});

test('an unknown format is refused in one sentence', async () => {
  const { code, stdout, stderr } = await run([entry(1)], '--format', 'yaml');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/yaml.*json, terraform/);
});

describe('for the organization', () => {
  test('is the policy of the role that reads it, and stderr says where that is enough', async () => {
    const { code, stdout, stderr } = await run([entry(1)], '--organization');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(organizationPolicy());
    expect(stderr).toMatch(
      /^the role of the organization’s management account needs this policy; .*--delegate-to.*\n$/,
    );
  });

  test('is the delegation policy for one member account, in the exports’ partition', async () => {
    const exports = [entry(1, { region: 'us-gov-west-1' })];
    const { code, stdout, stderr } = await run(exports, '--organization', '--delegate-to', '210987654321');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(delegationPolicy('aws-us-gov', '210987654321'));
    expect(stderr).toMatch(/^an organization has one delegation policy: .* instead of replacing it\n$/);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['an account that is none', ['--organization', '--delegate-to', '1234'], /^--delegate-to "1234" /],
    ['a delegation of nothing', ['--delegate-to', '210987654321'], /^--delegate-to needs --organization/],
    ['logs as well', ['--organization', '--read-logs'], /--organization.*--read-logs/],
  ])('%s is refused in one sentence', async (_, args, sentence) => {
    const { code, stdout, stderr } = await run([entry(1)], ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
  });
});
