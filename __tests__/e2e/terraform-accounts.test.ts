/**
 * Plans and states of one configuration with several providers: what belongs to which account, as far as the file says. And
 * what an exclusive list removes, held against what the provider really does. Real Terraform, real provider.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { declaredRoles } from '../../checks/observe/declared-account';
import type { Observation } from '../../checks/observe/observation';
import { observePlan } from '../../checks/observe/terraform';
import type { ExportReport, FindingStatus } from '../../checks/verdict/finding';
import { judge } from '../../checks/verdict/judge';
import { contractFor } from '../../contract/contract';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { terraform, terraformCliConfig } from './support/terraform';

const ALTR = '111122223333';
const [CENTRAL, OTHER] = ['333333333333', '444444444444'];

/** Exports by the provider of their role and that of their bucket. */
const PROVIDERS = {
  home: ['aws', 'aws.north'],
  central: ['aws.central', 'aws.central'],
  apart: ['aws.central', 'aws.other'],
  open: ['aws.open', 'aws.opener'],
} as const;
const NAMES = Object.keys(PROVIDERS) as (keyof typeof PROVIDERS)[];

const EXPORTS = NAMES.map((name) => ({
  name,
  altrAccountId: ALTR,
  clientId: 'the-client',
  bucket: `accounts-${name}`,
  region: 'us-east-1',
  roleName: `ALTRPublishSIEMData-${name}`,
}));

const provider = (alias: string, assumed: string) => `
provider "aws" {
  alias             = "${alias}"
  region            = "us-east-1"
  s3_use_path_style = true
  assume_role {
    role_arn = "${assumed}"
  }
}
`;

/** `open` and `opener` refer to the same variable, and the plan's JSON shows no more of them. */
const MAIN = `
variable "assumed" {
  default = "provisioner"
}
provider "aws" {
  region            = "us-east-1"
  s3_use_path_style = true
}
provider "aws" {
  alias             = "north"
  region            = "us-east-1"
  s3_use_path_style = true
}
${provider('central', `arn:aws:iam::${CENTRAL}:role/provisioner`)}
${provider('other', `arn:aws:iam::${OTHER}:role/provisioner`)}
${provider('open', `arn:aws:iam::${CENTRAL}:role/\${var.assumed}`)}
${provider('opener', `arn:aws:iam::${OTHER}:role/\${var.assumed}`)}
${EXPORTS.map((made) => {
  const [ofRole, ofBucket] = PROVIDERS[made.name];
  const { trust, permissions } = contractFor(made);
  return `
resource "aws_iam_role" "${made.name}" {
  provider           = ${ofRole}
  name               = "${made.roleName}"
  assume_role_policy = ${JSON.stringify(JSON.stringify(trust))}
}
resource "aws_iam_role_policy" "${made.name}" {
  provider = ${ofRole}
  role     = aws_iam_role.${made.name}.name
  name     = "put"
  policy   = ${JSON.stringify(JSON.stringify(permissions))}
}
resource "aws_s3_bucket" "${made.name}" {
  provider = ${ofBucket}
  bucket   = "${made.bucket}"
}
`;
}).join('')}
`;

const EXCLUSIVE = `
resource "aws_iam_role_policies_exclusive" "home" {
  role_name    = aws_iam_role.home.name
  policy_names = []
}
`;

describeOnRealParts('Terraform of several accounts', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-terraform-accounts-'));
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;

  const run = (...args: string[]) => terraform(args, { cwd: folder, env });
  const plan = async (name: string) => {
    await run('plan', '-input=false', '-no-color', `-out=${name}`);
    return (await run('show', '-json', name)).stdout;
  };
  const seen = (json: string) => observePlan(json, 'the file', EXPORTS);

  let first: Observation;
  let state: Observation;
  let next: Observation;

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig() };
    writeFileSync(join(folder, 'main.tf'), MAIN);
    await run('init', '-input=false', '-no-color');
    first = seen(await plan('first'));
    await run('apply', '-input=false', '-no-color', 'first');
    state = seen((await run('show', '-json')).stdout);
    writeFileSync(join(folder, 'main.tf'), MAIN + EXCLUSIVE);
    next = seen(await plan('next'));
  }, 300_000);

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('each role is listed in its own account alone', () => {
    // Of two nobody knows the account yet.
    expect(rolesByAccount(first)).toEqual({
      '000000000000': ['home', 'open'],
      [CENTRAL]: ['apart', 'central'],
    });
    expect(rolesByAccount(state)).toEqual({
      [EMULATOR_ACCOUNT]: ['home'],
      [CENTRAL]: ['apart', 'central', 'open'],
    });
  });

  test('no role of another account is called undeclared', () => {
    for (const observation of [first, state, next]) {
      for (const { findings } of reports(observation)) {
        expect(findings.filter(({ rule }) => rule === 'undeclared-altr-role')).toEqual([]);
      }
    }
  });

  test.each<[name: string, planned: FindingStatus, applied: FindingStatus]>([
    ['home', 'pass', 'unknown'],
    ['central', 'pass', 'unknown'],
    ['apart', 'fail', 'unknown'],
    ['open', 'unknown', 'unknown'],
  ])('whose the bucket of %s is: planned %s, by a state of several accounts %s', (name, planned, applied) => {
    expect([first, next, state].map((observation) => statusOf(observation, name, 'bucket-exists'))).toEqual([
      planned,
      planned,
      applied,
    ]);
  });

  test('of a bucket that may be another account’s nothing passes that the account decides', () => {
    for (const rule of ['permissions-put-object', 'bucket-foreign-access']) {
      expect([rule, statusOf(first, 'open', rule)]).toEqual([rule, 'unknown']);
      expect([rule, statusOf(first, 'central', rule)]).toEqual([rule, 'pass']);
    }
  });

  test('a policy that an exclusive list does not name is gone after the apply, as the plan’s audit said', async () => {
    expect(statusOf(first, 'home', 'permissions-put-object')).toBe('pass');
    expect(statusOf(next, 'home', 'permissions-put-object')).toBe('fail');
    const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
    const iam = new IAMClient({ endpoint: emulator.url, region: 'us-east-1', credentials });
    const RoleName = EXPORTS[0]?.roleName;
    const names = async () => (await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames;
    expect(await names()).toEqual(['put']);
    await run('apply', '-input=false', '-no-color', 'next');
    expect(await names()).toEqual([]);
  }, 120_000);
});

function rolesByAccount({ accounts }: Observation): Record<string, string[]> {
  return Object.fromEntries(
    accounts.map(({ accountId, roles }) => [
      accountId,
      roles.state === 'value' ? roles.value.map(({ name }) => name.replace('ALTRPublishSIEMData-', '')) : [],
    ]),
  );
}

function reports(observation: Observation): ExportReport[] {
  return judge(observation, {
    contracts: EXPORTS.map((made) => contractFor(made)),
    declaredRoles: declaredRoles(
      EXPORTS.map(({ name, roleName, region }) => ({ name, roleName, region, profile: name })),
      observation,
    ),
  });
}

function statusOf(observation: Observation, name: string, rule: string): FindingStatus | undefined {
  const report = reports(observation).find((entry) => entry.name === name);
  return report?.findings.find((finding) => finding.rule === rule)?.status;
}
