/** What somebody clicked together by the vendor's page is found, judged, and taken over by Terraform. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import { PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import type { Report } from '../../checks/finding';
import { parseConfig } from '../../contract/config/load';
import { permissionDocument, trustDocument } from '../../contract/policies';
import { type Clicked, clickBucket, clickRole } from './support/clicked';
import { altrExport, synthesise } from './support/command';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { applyPlanned, type Planned, plan } from './support/planned';
import { startProxy } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';
import { type ProcessResult, terraform, terraformCliConfig } from './support/terraform';

const ALTR_ACCOUNT = '098765432109';
const altr = { altrAccountId: ALTR_ACCOUNT };

const PAGE: Clicked = {
  ...altr,
  bucket: 'adopt-altr-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataMyRoleName',
  policyName: 'acme.s3.policy',
  clientId: '5f0c6e1e-7a0b-4b7e-9a67-0d6d6f2c9b11',
};
/** Elsewhere, under a path, and looser than the page says: adopted, and mended by the first apply. */
const LOOSE: Clicked = {
  ...altr,
  bucket: 'adopt-altr-logs-emea',
  region: 'eu-central-1',
  roleName: 'ALTRPublishSIEMData_odd+name',
  policyName: 'Policy,for=ALTR',
  clientId: 'client-emea',
  path: '/vendors/altr/',
  permissions: {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:Put*', Resource: ['arn:aws:s3:::adopt-altr-logs-emea/*'] },
  },
};

describeOnRealParts('adopting what exists', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-adopt-'));
  const config = join(folder, 'altr-exports.yaml');
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let inEmptyAccount: ProcessResult;
  let iam: IAMClient;
  let s3: (region: string) => S3Client;
  const stack = (name: string) => join(folder, 'cdktf.out', 'stacks', name);
  const adopt = (...args: string[]) =>
    altrExport(['adopt', '--altr-account-id', ALTR_ACCOUNT, '--output', config, ...args], { env });

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    const client = {
      endpoint: emulator.url,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    };
    iam = new IAMClient({ ...client, region: 'us-east-1' });
    s3 = (region) => new S3Client({ ...client, region, forcePathStyle: true });
    inEmptyAccount = await adopt('--dry-run');
    for (const clicked of [PAGE, LOOSE]) {
      await clickBucket(s3(clicked.region), clicked.bucket, clicked.region);
      await clickRole(iam, clicked);
    }
    // Tags that a landing zone put there are nobody's to take off.
    await iam.send(
      new TagRoleCommand({ RoleName: PAGE.roleName, Tags: [{ Key: 'cost-centre', Value: '42' }] }),
    );
    const Tagging = { TagSet: [{ Key: 'cost-centre', Value: '42' }] };
    await s3(PAGE.region).send(new PutBucketTaggingCommand({ Bucket: PAGE.bucket, Tagging }));
  }, 120_000);

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('says so where there is nothing', () => {
    expect(inEmptyAccount).toEqual({
      code: 1,
      stdout: `Account ${EMULATOR_ACCOUNT} has no role for ALTR: none has the prefix, and none lets ${ALTR_ACCOUNT} in by name.\n`,
      stderr: '',
    });
  });

  test('only reads', async () => {
    const proxy = await startProxy(emulator.url);
    try {
      const { code, stdout } = await altrExport(['adopt', '--altr-account-id', ALTR_ACCOUNT, '--dry-run'], {
        env: { ...env, AWS_ENDPOINT_URL: proxy.url },
        cwd: folder,
      });
      expect(code).toBe(0);
      expect(stdout).toContain('It would write:\n\n# yaml-language-server: $schema=');
      expect(existsSync(config)).toBe(false);
      expect(proxy.seen.filter((api) => !/:(Get|List|Head)/.test(api))).toEqual([]);
      expect(proxy.seen.filter((api) => api === 'iam:ListRoles')).toHaveLength(1);
    } finally {
      await proxy.stop();
    }
  });

  test.each<[string, readonly string[], number, RegExp]>([
    ['no account of ALTR', ['--role', '*'], 2, /^name ALTR’s AWS account with --altr-account-id/],
    [
      'an account that is none',
      ['--altr-account-id', '1'],
      2,
      /^--altr-account-id "1" must be the 12 digits/,
    ],
    [
      'a role that is not there',
      ['--altr-account-id', ALTR_ACCOUNT, '--role', 'x'],
      2,
      /^no role for ALTR is named "x"/,
    ],
    [
      'one client ID for two',
      ['--altr-account-id', ALTR_ACCOUNT, '--client-id', 'c-1'],
      2,
      /^--client-id is for one role, and there are 2/,
    ],
    [
      'a region that is none',
      ['--altr-account-id', ALTR_ACCOUNT, '--region', 'here'],
      2,
      /^--region "here" is not an AWS region/,
    ],
  ])('refuses %s', async (_what, args, expected, says) => {
    const { code, stdout, stderr } = await altrExport(['adopt', ...args], { env, cwd: folder });
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(says);
    expect(existsSync(config)).toBe(false);
  });

  test('adopts what it can, and refuses the rest with the reason', async () => {
    const RoleName = 'ALTRPublishSIEMDataInline';
    const PolicyName = 'by-hand';
    await iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: JSON.stringify(trustDocument('aws', ALTR_ACCOUNT, 'client-3')),
      }),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName,
        PolicyDocument: JSON.stringify(permissionDocument('aws', 'inline-logs')),
      }),
    );
    const mixed = join(folder, 'mixed.yaml');
    const args = ['adopt', '--altr-account-id', ALTR_ACCOUNT, '--output', mixed];
    const { code, stdout } = await altrExport(args, { env });
    const again = await altrExport(args, { env });
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /ALTRPublishSIEMDataInline: can’t be adopted, because\n {2}- it has inline policies \(by-hand\)/,
    );
    expect(parseConfig(readFileSync(mixed, 'utf8'), mixed, 'provision').config.exports).toHaveLength(2);
    expect({ code: again.code, stderr: again.stderr }).toEqual({
      code: 2,
      stderr: `${mixed} exists already; name another file, or overwrite it with --force\n`,
    });
  });

  test('finds both, says what the audit says and what would change, and writes a config', async () => {
    const { code, stdout, stderr } = await adopt();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(
      `Found 2 roles for ALTR in account ${EMULATOR_ACCOUNT}. Nothing was changed there.`,
    );
    expect(stdout).toContain('2 exports, 1 compliant, 1 violating, 0 unknown');
    expect(stdout).toContain('FAIL permissions-action-scope');
    expect(stdout).toMatch(
      /MyRoleName: adopted as my-role-name, with the bucket adopt-altr-logs \(us-east-1\).*\n {2}Terraform imports them, and then\n {2}- S3 bucket keys of the bucket adopt-altr-logs are switched off, which have no effect without a KMS key\n\n/,
    );
    expect(stdout).toMatch(
      /_odd\+name: adopted as odd-name.*\n.*\n {2}- the policy Policy,for=ALTR gets a new version/,
    );

    const { altr: who, exports } = parseConfig(readFileSync(config, 'utf8'), config, 'provision').config;
    expect(who.awsAccountId).toBe(ALTR_ACCOUNT);
    expect(exports).toMatchObject([
      {
        name: 'my-role-name',
        accountId: EMULATOR_ACCOUNT,
        bucket: PAGE.bucket,
        role: { policyName: 'acme.s3.policy', description: 'Allows S3 to call AWS services on your behalf.' },
      },
      {
        name: 'odd-name',
        region: 'eu-central-1',
        clientId: 'client-emea',
        role: { path: '/vendors/altr/', policyName: 'Policy,for=ALTR' },
      },
    ]);
  });

  test('is imported, neither destroyed nor replaced, then compliant, and the second plan is empty', async () => {
    await synthesise(config, join(folder, 'cdktf.out'), env);
    const planned: Record<string, Planned> = {};
    for (const name of ['my-role-name', 'odd-name']) {
      const at = { cwd: stack(name), env };
      await terraform(['init', '-input=false', '-no-color'], at);
      planned[name] = await plan(at);
      await applyPlanned(at);
    }
    const { code, stdout } = await altrExport(['check', '--config', config, '--format', 'json'], { env });
    expect({ code, summary: (JSON.parse(stdout) as Report).summary }).toEqual({
      code: 0,
      summary: { exports: 2, compliant: 2, violating: 0, unknown: 0 },
    });
    const keys = 'aws_s3_bucket_server_side_encryption_configuration.export_bucket_encryption.rule';
    expect(planned).toEqual({
      'my-role-name': { imported: 9, created: [], destroyed: [], updated: [keys] },
      'odd-name': {
        imported: 9,
        created: [],
        destroyed: [],
        updated: ['aws_iam_policy.export_policy.policy', keys],
      },
    });
  }, 300_000);
});
