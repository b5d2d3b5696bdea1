/** Many accounts in one run: each entered once, verified, and judged by itself. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, DeleteRoleCommand } from '@aws-sdk/client-iam';
import type { Finding, Report } from '../../checks/verdict/finding';
import { contractFor } from '../../contract/contract';
import { altrExport } from './support/command';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { type FaultProxy, startProxy } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';
import { clientsFor, setUpExport } from './support/set-up';

const ALTR = '111122223333';
const [FIRST, SECOND] = ['222222222222', '333333333333'];

const entry = (name: string, access: object) => ({
  name,
  clientId: 'the-client',
  bucket: `${name}-altr-logs`,
  region: 'us-east-1',
  roleName: `ALTRPublishSIEMData-${name}`,
  ...access,
});

const HOME = entry('home', { profile: 'audit' });
const ONE = entry('one', {
  assumeRoleArn: `arn:aws:iam::${FIRST}:role/auditor`,
  externalId: 'of-the-auditor',
});
const MORE = entry('more', {
  assumeRoleArn: `arn:aws:iam::${FIRST}:role/auditor`,
  externalId: 'of-the-auditor',
});
const TWO = entry('two', { assumeRoleArn: `arn:aws:iam::${SECOND}:role/auditor`, profile: 'audit' });

describeOnRealParts('many accounts', ['emulator'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-accounts-'));
  let emulator: Emulator;
  let proxy: FaultProxy;

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startProxy(emulator.url);
    writeFileSync(
      join(folder, 'credentials'),
      ['audit', 'audit-too']
        .map((name) => `[${name}]\naws_access_key_id = testing\naws_secret_access_key = testing\n`)
        .join(''),
    );
    for (const [account, ...exports] of [
      [undefined, HOME],
      [FIRST, ONE, MORE],
      [SECOND, TWO],
    ] as const) {
      const clients = await clientsFor(emulator.url, account);
      for (const made of exports) {
        await setUpExport(clients, contractFor({ ...made, altrAccountId: ALTR }));
      }
    }
  }, 60_000);

  afterAll(async () => {
    await proxy?.stop();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const check = async (exports: readonly object[], options: readonly string[] = []) => {
    const config = join(folder, 'altr-exports.json');
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: ALTR }, exports }));
    const result = await altrExport(['check', '--config', config, '--format', 'json', ...options], {
      env: {
        ...emulator.env,
        AWS_ENDPOINT_URL: proxy.url,
        AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
      },
    });
    return { ...result, report: JSON.parse(result.stdout) as Report };
  };

  test('each account is entered once, and each export belongs to its own', async () => {
    proxy.clear();
    const { code, report, stderr } = await check([HOME, ONE, TWO, MORE]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(report.exports.map(({ name, accountId, status }) => [name, accountId, status])).toEqual([
      ['home', EMULATOR_ACCOUNT, 'compliant'],
      ['one', FIRST, 'compliant'],
      ['two', SECOND, 'compliant'],
      ['more', FIRST, 'compliant'],
    ]);
    const count = (api: string) => proxy.seen.filter((seen) => seen === api).length;
    expect(['sts:AssumeRole', 'sts:GetCallerIdentity', 'iam:ListRoles'].map(count)).toEqual([2, 3, 3]);
  });

  test('a role is declared in its own account alone', async () => {
    const { iam } = await clientsFor(emulator.url, SECOND);
    const RoleName = HOME.roleName;
    const { trust } = contractFor({ ...HOME, altrAccountId: ALTR });
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
    const { code, report } = await check([HOME, ONE, MORE, TWO]);
    expect(code).toBe(1);
    expect(failures(report)).toEqual([
      ['two', 'undeclared-altr-role', `arn:aws:iam::${SECOND}:role/${RoleName}`],
    ]);
  });

  test('credentials of another account than the declared one never give a pass', async () => {
    const { code, report } = await check([{ ...HOME, accountId: SECOND }, ONE, MORE]);
    expect({ code, summary: report.summary }).toEqual({
      code: 2,
      summary: { exports: 3, compliant: 2, violating: 0, unknown: 1 },
    });
    const findings = report.exports[0]?.findings ?? [];
    expect(new Set(findings.map(({ status }) => status))).toEqual(new Set(['unknown']));
    expect(findings[0]?.message).toContain(
      `this is account ${EMULATOR_ACCOUNT}, and the export home declares ${SECOND}; use credentials of that account`,
    );
  });

  test('an account that can’t be entered is unknown for its exports, is asked once, and stops no other', async () => {
    proxy.clear();
    proxy.spoil('sts:AssumeRole', 'denied', 'always');
    const { code, report } = await check([HOME, ONE, MORE]);
    const { seen } = proxy;
    expect(seen.filter((api) => api === 'sts:AssumeRole')).toHaveLength(1);
    proxy.clear();
    expect(code).toBe(2);
    expect(report.exports.map(({ name, status }) => [name, status])).toEqual([
      ['home', 'compliant'],
      ['one', 'unknown'],
      ['more', 'unknown'],
    ]);
    expect(report.exports[1]?.findings[0]?.message).toContain(
      `the role arn:aws:iam::${FIRST}:role/auditor could not be assumed: AWS denied sts:AssumeRole (AccessDenied)`,
    );
  });

  test('where no account can be entered, each reason is said once', async () => {
    proxy.spoil('sts:AssumeRole', 'denied', 'always');
    const { code, stderr } = await check([{ ...HOME, profile: 'nobody' }, ONE, MORE]);
    proxy.clear();
    const lines = stderr.trim().split('\n');
    expect(code).toBe(2);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^home: no AWS credentials were found for the profile nobody/);
    expect(lines[1]).toMatch(
      /^one, more: the role arn:aws:iam::222222222222:role\/auditor could not be assumed/,
    );
  });

  describe('two profiles that lead to one account', () => {
    const again = entry('again', { profile: 'audit-too' });
    const undeclared = 'ALTRPublishSIEMData-nobodys';
    const rules = ['--rule', 'undeclared-altr-role', '--rule', 'role-exists'];
    const listings = () => proxy.seen.filter((api) => api === 'iam:ListRoles').length;
    const statuses = (report: Report) =>
      report.exports.map(({ findings }) => findings.map(({ rule, status }) => `${rule} ${status}`));

    beforeAll(async () => {
      const { iam } = await clientsFor(emulator.url);
      const AssumeRolePolicyDocument = JSON.stringify(contractFor({ ...HOME, altrAccountId: ALTR }).trust);
      for (const RoleName of [again.roleName, undeclared]) {
        await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
      }
    });

    afterAll(async () => {
      const { iam } = await clientsFor(emulator.url);
      for (const RoleName of [again.roleName, undeclared]) {
        await iam.send(new DeleteRoleCommand({ RoleName }));
      }
    });

    test('its roles are listed once, and told of once; none that either declares is among them', async () => {
      proxy.clear();
      const { report } = await check([HOME, again], rules);
      expect(listings()).toBe(1);
      expect(statuses(report)).toEqual([
        ['role-exists pass', 'undeclared-altr-role fail'],
        ['role-exists pass'],
      ]);
      expect(failures(report)).toEqual([
        ['home', 'undeclared-altr-role', `arn:aws:iam::${EMULATOR_ACCOUNT}:role/${undeclared}`],
      ]);
    });

    test('where the first may not list the roles, the second does', async () => {
      proxy.clear();
      proxy.spoil('iam:ListRoles', 'denied', 'once');
      const { report } = await check([HOME, again], rules);
      const asked = listings();
      proxy.clear();
      expect(asked).toBe(2);
      expect(statuses(report)).toEqual([
        ['role-exists pass', 'undeclared-altr-role fail'],
        ['role-exists pass'],
      ]);
    });

    test('of one alone nobody knows whether the other declares its role here', async () => {
      const { code, report } = await check([HOME, again], ['--only', 'home']);
      const open = report.exports[0]?.findings.filter(({ status }) => status !== 'pass') ?? [];
      expect({ code, open: open.map(({ rule, status, actual }) => [rule, status, actual]) }).toEqual({
        code: 2,
        open: [
          ['undeclared-altr-role', 'unknown', again.roleName],
          ['undeclared-altr-role', 'fail', undeclared],
        ],
      });
      expect(open[0]?.message).toContain('the export again declares a role of that name in an account');
    });
  });

  test('a saved observation is held against the declared account, too', async () => {
    const saved = join(folder, 'seen.json');
    await check([HOME], ['--save-observation', saved]);
    const same = await check([HOME], ['--observation', saved]);
    expect(same.code).toBe(0);
    const { code, report } = await check([{ ...HOME, accountId: SECOND }], ['--observation', saved]);
    expect({ code, unknown: report.summary.unknown }).toEqual({ code: 2, unknown: 1 });
  });

  test('a saved observation without the account’s roles does not say that none is undeclared', async () => {
    const saved = join(folder, 'without-roles.json');
    await check([HOME], ['--skip-rule', 'undeclared-altr-role', '--save-observation', saved]);
    const { code, report } = await check([HOME], ['--observation', saved]);
    const open = report.exports[0]?.findings.filter(({ status }) => status !== 'pass');
    expect({ code, open: open?.map(({ rule, status }) => [rule, status]) }).toEqual({
      code: 2,
      open: [['undeclared-altr-role', 'unknown']],
    });
  });

  test('--verbose shows each call with its account', async () => {
    const { stderr } = await check([ONE], ['--verbose']);
    expect(stderr).toMatch(/^sts:AssumeRole us-east-1 ok \d+ ms$/m);
    expect(stderr).toMatch(
      new RegExp(`^s3:GetBucketPolicy us-east-1 ${FIRST} NoSuchBucketPolicy \\d+ ms$`, 'm'),
    );
  });
});

function failures(report: Report): [string, string, string][] {
  return report.exports.flatMap(({ name, findings }) =>
    findings.filter(isFail).map(({ rule, resource }): [string, string, string] => [name, rule, resource]),
  );
}

function isFail({ status }: Finding): boolean {
  return status === 'fail';
}
