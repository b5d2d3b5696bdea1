/** What somebody clicked together by the vendor's page is found, judged, and taken over by Terraform. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  IAMClient,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import { PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { Adoption } from '../../checks/adopt/schema';
import type { Report } from '../../checks/verdict/finding';
import { parseConfig } from '../../config/file/parse';
import { type Clicked, clickBucket, clickInlineRole, clickRole } from './support/clicked';
import { altrExport, ROOT, synthesise } from './support/command';
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
/** Elsewhere, under a path, and looser than the page says: adopted, and fixed by the first apply. */
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

/** Elsewhere again, and with the permission in the role itself. */
const INLINE: Clicked = {
  ...altr,
  bucket: 'adopt-altr-logs-apac',
  region: 'ap-southeast-2',
  roleName: 'ALTRPublishSIEMDataInline',
  policyName: 'by-hand',
  clientId: 'client-apac',
};
/** Has several policies, so which one is ALTR's can't be told. */
const SEVERAL: Clicked = {
  ...altr,
  bucket: 'adopt-altr-logs-several',
  region: 'us-west-2',
  roleName: 'ALTRPublishSIEMDataSeveral',
  policyName: 'first.s3.policy',
  clientId: 'client-several',
};

describeOnRealParts('adopting what exists', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-adopt-'));
  const config = join(folder, 'altr-exports.yaml');
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let inEmptyAccount: ProcessResult;
  let inEmptyAccountAsJson: ProcessResult;
  let iam: IAMClient;
  let s3: (region: string) => S3Client;
  const stack = (name: string) => join(folder, 'cdktf.out', 'stacks', name);
  const adopt = (...args: string[]) =>
    altrExport(['adopt', '--altr-account-id', ALTR_ACCOUNT, '--output', config, ...args], { env });
  const adoptAsJson = async (...args: string[]) => {
    const { code, stdout, stderr } = await altrExport(
      ['adopt', '--altr-account-id', ALTR_ACCOUNT, '--format', 'json', ...args],
      { env },
    );
    const adoption = JSON.parse(stdout) as Adoption;
    expect(faultsOf(adoption)).toEqual([]);
    return { code, stderr, adoption };
  };

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
    inEmptyAccountAsJson = await altrExport(
      [...['adopt', '--altr-account-id', ALTR_ACCOUNT, '--dry-run', '--format', 'json']],
      { env },
    );
    for (const clicked of [PAGE, LOOSE]) {
      await clickBucket(s3(clicked.region), clicked.bucket, clicked.region);
      await clickRole(iam, clicked);
    }
    await clickBucket(s3(INLINE.region), INLINE.bucket, INLINE.region);
    await clickInlineRole(iam, INLINE);
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
    const { code, stdout } = inEmptyAccountAsJson;
    const adoption = JSON.parse(stdout) as Adoption;
    expect(faultsOf(adoption)).toEqual([]);
    expect({ code, adoption }).toMatchObject({
      code: 1,
      adoption: { accountId: EMULATOR_ACCOUNT, summary: { found: 0 }, roles: [], config: null },
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
      /^--client-id is for one role, and there are 3/,
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

  test('refuses several policies with the way out, adopts the rest, and adopts it once that way is gone', async () => {
    await clickBucket(s3(SEVERAL.region), SEVERAL.bucket, SEVERAL.region);
    const keptArn = await clickRole(iam, SEVERAL);
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: 'second.s3.policy',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::adopt-altr-logs-other/*' },
          ],
        }),
      }),
    );
    const second = { RoleName: SEVERAL.roleName, PolicyArn: Policy?.Arn ?? '' };
    await iam.send(new AttachRolePolicyCommand(second));
    const mixed = join(folder, 'mixed.yaml');
    const args = ['adopt', '--altr-account-id', ALTR_ACCOUNT, '--output', mixed];
    const { code, stdout } = await altrExport(args, { env });
    const again = await altrExport(args, { env });
    const refused = await adoptAsJson('--dry-run', '--role', SEVERAL.roleName);
    // What the reason says to do.
    await iam.send(new DetachRolePolicyCommand(second));
    const after = await adoptAsJson('--dry-run', '--role', SEVERAL.roleName);
    await iam.send(new DetachRolePolicyCommand({ RoleName: SEVERAL.roleName, PolicyArn: keptArn }));
    await iam.send(new DeleteRoleCommand({ RoleName: SEVERAL.roleName }));
    for (const PolicyArn of [keptArn, second.PolicyArn])
      await iam.send(new DeletePolicyCommand({ PolicyArn }));

    expect(code).toBe(1);
    const reason = `several policies are attached to it (${keptArn}, ${second.PolicyArn}), and ALTR’s role needs one; keep the one that lets it put objects, and detach each other one: aws iam detach-role-policy --role-name ${SEVERAL.roleName} --policy-arn ARN`;
    expect(stdout).toContain(`${SEVERAL.roleName}: can’t be adopted, because\n  - ${reason}\n`);
    expect(parseConfig(readFileSync(mixed, 'utf8'), mixed, 'provision').config.exports).toHaveLength(3);
    expect({ code: again.code, stderr: again.stderr }).toEqual({
      code: 2,
      stderr: `${mixed} exists already; add to it with --append, name another file, or overwrite it with --force\n`,
    });
    expect(refused).toMatchObject({
      code: 1,
      stderr: '',
      adoption: {
        summary: { found: 1, adopted: 0, refused: 1 },
        roles: [{ status: 'refused', entry: null, imports: [], changes: [], reasons: [reason] }],
        config: null,
      },
    });
    expect(after).toMatchObject({
      code: 0,
      adoption: { roles: [{ status: 'adopted', changes: [], reasons: [], found: { region: 'us-west-2' } }] },
    });
  });

  test('finds all, says what the audit says and what would change, and writes a config', async () => {
    const { code, stdout, stderr } = await adopt();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(
      `Found 3 roles for ALTR in account ${EMULATOR_ACCOUNT}. Nothing was changed there.`,
    );
    expect(stdout).toContain('3 exports, 2 compliant, 1 violating, 0 unknown');
    expect(stdout).toContain('FAIL permissions-action-scope');
    expect(stdout).toMatch(
      /MyRoleName: adopted as my-role-name, with the bucket adopt-altr-logs \(us-east-1\).*\n {2}Terraform imports them, and changes nothing in AWS\.\n\n/,
    );
    expect(stdout).toMatch(
      /_odd\+name: adopted as odd-name.*\n.*\n {2}- the policy Policy,for=ALTR gets a new version/,
    );
    expect(stdout).toMatch(
      /Inline: adopted as inline, .*the policy by-hand \(inline\)\.\n.*\n {2}- a managed policy ALTRPublishSIEMDataInline .* is made and attached, and then the inline policy by-hand, which says the same, is taken off\n/,
    );

    const { altr: who, exports } = parseConfig(readFileSync(config, 'utf8'), config, 'provision').config;
    expect(who.awsAccountId).toBe(ALTR_ACCOUNT);
    expect(exports).toMatchObject([
      { name: 'inline', region: 'ap-southeast-2', clientId: 'client-apac', role: {} },
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

  test('names the config in its next steps, leaves out what a config has, and adds the rest to it', async () => {
    const own = join(folder, 'own');
    mkdirSync(own);
    const adoptHere = (...args: string[]) => altrExport(['adopt', ...args], { env, cwd: own });
    const first = await adoptHere(
      '--altr-account-id',
      ALTR_ACCOUNT,
      '--role',
      '*MyRoleName',
      '--output',
      'own.yaml',
    );
    expect(first.stdout).toContain(
      [
        'Wrote own.yaml. Next:',
        '  ALTR_EXPORTS_CONFIG=own.yaml npx cdktf diff my-role-name     # shows the imports, and every change beforehand',
        '  ALTR_EXPORTS_CONFIG=own.yaml npx cdktf deploy my-role-name   # takes it over',
        '  altr-export check --config own.yaml',
      ].join('\n'),
    );
    renameSync(join(own, 'own.yaml'), join(own, 'altr-exports.yaml'));
    const before = readFileSync(join(own, 'altr-exports.yaml'), 'utf8');
    const again = await adoptHere('--role', '*MyRoleName', '--dry-run');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(
      /^\S*MyRoleName: left out, since altr-exports\.yaml has it as my-role-name\.\nAccount \d+ has no other role for ALTR\.\n$/,
    );
    const rest = await adoptHere('--append');
    expect(rest).toMatchObject({ code: 0, stderr: '' });
    expect(rest.stdout).toContain('Added to altr-exports.yaml. Next:\n  npx cdktf diff <export> ');
    const after = readFileSync(join(own, 'altr-exports.yaml'), 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect(
      parseConfig(after, 'altr-exports.yaml', 'provision').config.exports.map(({ name }) => name),
    ).toEqual(['my-role-name', 'inline', 'odd-name']);
    const refused = await adoptHere();
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^altr-exports\.yaml exists already; add to it with --append/);
  });

  test('says as JSON what it found, what the audit says, what is imported and what would change', async () => {
    const { code, stderr, adoption } = await adoptAsJson('--dry-run');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(adoption).toMatchObject({
      accountId: EMULATOR_ACCOUNT,
      altrAwsAccountId: ALTR_ACCOUNT,
      summary: { found: 3, adopted: 3, refused: 0 },
      report: { summary: { exports: 3, compliant: 2, violating: 1, unknown: 0 } },
      config: { file: null, text: expect.stringContaining('exports:') },
    });
    const byName = Object.fromEntries(adoption.roles.map((role) => [role.export, role]));
    expect(byName['my-role-name']).toMatchObject({
      role: PAGE.roleName,
      status: 'adopted',
      found: { clientId: PAGE.clientId, bucket: PAGE.bucket, region: PAGE.region },
      entry: { encryption: { bucketKeys: true } },
      changes: [],
    });
    expect(byName.inline?.found.policy).toEqual({ name: 'by-hand' });
    expect(byName['odd-name']?.changes).toHaveLength(1);
  });

  test('is imported, neither destroyed nor replaced, then compliant, and the second plan is empty', async () => {
    await synthesise(config, join(folder, 'cdktf.out'), env);
    const announced = (await adoptAsJson('--dry-run')).adoption.roles;
    const planned: Record<string, Planned> = {};
    const proxy = await startProxy(emulator.url);
    try {
      for (const name of ['inline', 'my-role-name', 'odd-name']) {
        const at = { cwd: stack(name), env: { ...env, AWS_ENDPOINT_URL: proxy.url } };
        await terraform(['init', '-input=false', '-no-color'], at);
        planned[name] = await plan(at);
        await applyPlanned(at);
      }
    } finally {
      await proxy.stop();
    }
    const { code, stdout } = await altrExport(['check', '--config', config, '--format', 'json'], { env });
    expect({ code, summary: (JSON.parse(stdout) as Report).summary }).toEqual({
      code: 0,
      summary: { exports: 3, compliant: 3, violating: 0, unknown: 0 },
    });
    const nothing = { created: [], destroyed: [], updated: [] };
    expect(planned).toEqual({
      inline: {
        imported: 7,
        created: ['aws_iam_policy.export_policy', 'aws_iam_role_policy_attachment.export_policy_attachment'],
        destroyed: [],
        updated: [
          'aws_iam_role_policies_exclusive.export_policy_no_inline.policy_names',
          'aws_iam_role_policy_attachments_exclusive.export_policy_nothing_else_attached.policy_arns',
        ],
      },
      'my-role-name': { imported: 9, ...nothing },
      'odd-name': { imported: 9, ...nothing, updated: ['aws_iam_policy.export_policy.policy'] },
    });
    // What was announced is what Terraform imports.
    expect(announced.map(({ export: name, imports }) => [name, imports.length])).toEqual(
      Object.entries(planned).map(([name, { imported }]) => [name, imported]),
    );
    // ALTR can write all the time: the one policy is there before the other goes.
    const changes = proxy.seen.filter((api) => /^iam:(Attach|Detach|Delete|Put|Create)/.test(api));
    expect(changes).toEqual([
      'iam:CreatePolicy',
      'iam:AttachRolePolicy',
      'iam:DeleteRolePolicy',
      'iam:CreatePolicyVersion',
    ]);
  }, 300_000);
});

const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'docs', 'schema', 'adopt.schema.json'), 'utf8'));
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile(SCHEMA);

/** What the published schema has against it. */
function faultsOf(adoption: unknown): string[] {
  validate(adoption);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
