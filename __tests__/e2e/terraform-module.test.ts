/** The Terraform module with Terraform's own means: format, validate, test, and a plan that the audit judges. */

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import type { Report } from '../../checks/verdict/finding';
import { handoffFor } from '../../contract/handoff';
import { handoffOutput } from '../../contract/handoff-format';
import { readHcl } from '../../modules/read-hcl';
import { moduleVariables, TERRAFORM_MODULE } from '../../modules/terraform-files';
import { blocksOf, readPage } from '../docs/pages';
import { altrExport } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { terraform, terraformCliConfig } from './support/terraform';

const VALUES = `
  altr_account_id = "098765432109"
  client_id       = "5f0c6e1e-7a0b-4b7e-9a67-0d6d6f2c9b11"
  bucket          = "module-altr-logs"
  role_name       = "ALTRPublishSIEMDataModule"
`;

const PROVIDER = `
provider "aws" {
  region            = "eu-central-1"
  s3_use_path_style = true
}
`;

/** With the emulator; the module's own tests have a mocked provider. */
const TEST = `${PROVIDER}
variables {${VALUES}}

run "applies" {
  assert {
    condition     = output.role_arn == "arn:aws:iam::123456789012:role/ALTRPublishSIEMDataModule"
    error_message = "role_arn is \${output.role_arn}"
  }
  assert {
    condition     = output.bucket_region == "eu-central-1" && output.bucket_name == "module-altr-logs"
    error_message = "the bucket is \${output.bucket_name} in \${output.bucket_region}"
  }
  assert {
    condition     = strcontains(output.portal_handoff, output.role_arn) && strcontains(output.portal_handoff, "support@altr.com")
    error_message = output.portal_handoff
  }
}
`;

describeOnRealParts('the Terraform module', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-module-'));
  const module = join(folder, 'terraform');
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    cpSync(TERRAFORM_MODULE, module, { recursive: true });
  }, 60_000);

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The `run` blocks of the module's own tests. */
  const runs = readdirSync(join(TERRAFORM_MODULE, 'tests')).flatMap((name) =>
    readHcl(readFileSync(join(TERRAFORM_MODULE, 'tests', name), 'utf8')).filter(({ type }) => type === 'run'),
  );

  test('its own tests refuse a value of each variable that judges', () => {
    const refused = runs.find(({ labels: [name] }) => name === 'refuses_a_bad_value_of_each_variable');
    const names = [...(refused?.attributes.expect_failures ?? '').matchAll(/\bvar\.(\w+)/g)].map(
      ([, name]) => name,
    );
    const judging = moduleVariables().filter(({ validations }) => validations.length > 0);
    expect(names.sort()).toEqual(judging.map(({ name }) => name).sort());
  });

  test('is formatted and valid, and passes terraform test', async () => {
    const cwd = join(folder, 'tested');
    cpSync(module, cwd, { recursive: true });
    await terraform(['fmt', '-check', '-recursive', '-no-color'], { cwd, env });
    writeFileSync(join(cwd, 'tests', 'emulator.tftest.hcl'), TEST);
    await terraform(['init', '-input=false', '-no-color'], { cwd, env });
    await terraform(['validate', '-no-color'], { cwd, env });
    const { stdout } = await terraform(['test', '-no-color'], { cwd, env });
    expect(runs.length).toBeGreaterThan(10);
    expect(stdout).toContain(`Success! ${runs.length + 1} passed, 0 failed.`);
  }, 400_000);

  test.each(readdirSync(join(TERRAFORM_MODULE, 'examples')))(
    'the example %s is valid',
    async (name) => {
      const cwd = join(module, 'examples', name);
      await terraform(['init', '-input=false', '-no-color'], { cwd, env });
      await terraform(['validate', '-no-color'], { cwd, env });
    },
    120_000,
  );

  test('keeps bucket and key as the page says: guarded by a file of yours, and taken out of the state', async () => {
    const page = readPage('docs/terraform-module.md');
    const guard = blocksOf(page).find(({ code }) => code.includes('prevent_destroy'))?.code ?? '';
    const [, ofTheBucket = ''] = /grep -E '(.+)' \| xargs terraform state rm/.exec(page) ?? [];
    const [, ofTheKey = ''] = /terraform state rm '(.+aws_kms_key.+)'/.exec(page) ?? [];
    const guarded = join(folder, 'guarded');
    const cwd = join(folder, 'guards');
    cpSync(TERRAFORM_MODULE, guarded, { recursive: true });
    writeFileSync(join(guarded, 'guard_override.tf'), guard);
    mkdirSync(cwd);
    const write = (options: string) =>
      writeFileSync(
        join(cwd, 'main.tf'),
        `${PROVIDER}\nmodule "altr_export" {\n  source = "../guarded"\n${VALUES.replace('module-altr-logs', 'guarded-altr-logs').replace('DataModule', 'DataGuarded')}${options}\n  encryption_type = "kms"\n}\n`,
      );
    const planned = (codes: readonly number[], ...more: string[]) =>
      terraform(['plan', '-input=false', '-no-color', ...more], { cwd, env, codes });

    write('');
    await terraform(['init', '-input=false', '-no-color'], { cwd, env });
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], { cwd, env });
    const refusesToDestroy = async (address: string, ...more: string[]) => {
      const { stderr } = await planned([1], ...more);
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`${address} has lifecycle.prevent_destroy set`);
    };
    await refusesToDestroy('module.altr_export.aws_s3_bucket.this[0]', '-destroy');

    const { stdout: key } = await terraform(['state', 'show', '-no-color', ofTheKey], { cwd, env });
    write(`  existing_bucket = true\n  kms_key_arn = "${/\barn\s+= "([^"]+)"/.exec(key)?.[1]}"`);
    const { stdout: state } = await terraform(['state', 'list'], { cwd, env });
    const ofBucket = state.split('\n').filter((address) => new RegExp(ofTheBucket).test(address));
    expect(ofBucket).toHaveLength(4);
    await terraform(['state', 'rm', ...ofBucket], { cwd, env });
    await refusesToDestroy(ofTheKey);
    await terraform(['state', 'rm', ofTheKey], { cwd, env });
    expect((await planned([0])).stdout).not.toMatch(/will be destroyed/);
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], { cwd, env });
    await terraform(['destroy', '-input=false', '-no-color', '-auto-approve'], { cwd, env });
  }, 400_000);

  test('plans what the audit finds compliant', async () => {
    const cwd = join(folder, 'root');
    mkdirSync(cwd);
    writeFileSync(
      join(cwd, 'main.tf'),
      `${PROVIDER}\nmodule "altr_export" {\n  source = "../terraform"\n${VALUES}}\n`,
    );
    await terraform(['init', '-input=false', '-no-color'], { cwd, env });
    await terraform(['plan', '-input=false', '-no-color', '-out=plan'], { cwd, env });
    const { stdout } = await terraform(['show', '-json', 'plan'], { cwd, env });
    writeFileSync(join(cwd, 'plan.json'), stdout);
    const alone = await altrExport(['check', '--plan', '-', '--format', 'json'], { env, cwd, input: stdout });
    const [derived] = (JSON.parse(alone.stdout) as Report).exports;
    expect({ code: alone.code, name: derived?.name, status: derived?.status }).toEqual({
      code: 0,
      name: 'ALTRPublishSIEMDataModule',
      status: 'compliant',
    });
    const config = join(cwd, 'altr-exports.yaml');
    const entry = {
      name: 'module',
      clientId: '5f0c6e1e-7a0b-4b7e-9a67-0d6d6f2c9b11',
      bucket: 'module-altr-logs',
      region: 'eu-central-1',
      roleName: 'ALTRPublishSIEMDataModule',
    };
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: '098765432109' }, exports: [entry] }));
    const plan = join(cwd, 'plan.json');
    const checked = await altrExport(['check', '--config', config, '--plan', plan, '--format', 'json'], {
      env,
    });
    const [report] = (JSON.parse(checked.stdout) as Report).exports;
    const notPassed = report?.findings.filter(({ status }) => status !== 'pass' && status !== 'advice');
    expect({ code: checked.code, status: report?.status, notPassed }).toEqual({
      code: 0,
      status: 'compliant',
      notPassed: [],
    });
  }, 300_000);

  test('says what it deployed, which the audit finds compliant, and not after somebody changed it', async () => {
    const cwd = join(folder, 'deployed');
    mkdirSync(cwd);
    writeFileSync(
      join(cwd, 'main.tf'),
      `${PROVIDER}
module "altr_export" {
  source = "../terraform"
${VALUES.replaceAll('module-altr', 'deployed-altr').replaceAll('DataModule', 'DataDeployed')}
  encryption_type = "kms"
  object_lock     = true
  require_tls     = true
  only_readers    = ["arn:aws:iam::123456789012:role/Analyst*"]
  readers         = [{ name = "splunk", trusted_principals = ["210987654321"] }]
}

output "altr_export" {
  value = module.altr_export.altr_export
}

output "portal_handoff" {
  value = module.altr_export.portal_handoff
}
`,
    );
    await terraform(['init', '-input=false', '-no-color'], { cwd, env });
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], { cwd, env });
    await terraform(['plan', '-input=false', '-no-color', '-detailed-exitcode'], { cwd, env, codes: [0] });
    const { stdout } = await terraform(['output', '-json'], { cwd, env });
    const outputs = join(cwd, 'outputs.json');
    writeFileSync(outputs, stdout);
    // What the portal's own region leaves out; the equivalence test compares the hand-offs there.
    const handoff = handoffFor({
      bucket: 'deployed-altr-logs',
      region: 'eu-central-1',
      roleArn: 'arn:aws:iam::123456789012:role/ALTRPublishSIEMDataDeployed',
    });
    expect(JSON.parse(stdout).portal_handoff.value).toBe(handoffOutput(handoff));

    const check = async () => {
      const checked = await altrExport(['check', '--terraform-output', outputs, '--format', 'json'], { env });
      const [report] = (JSON.parse(checked.stdout) as Report).exports;
      const failed = report?.findings.filter(({ status }) => status !== 'pass' && status !== 'advice');
      const rules = [...new Set(failed?.map(({ rule }) => rule))];
      return { code: checked.code, status: report?.status, failed: rules };
    };
    expect(await check()).toEqual({ code: 0, status: 'compliant', failed: [] });

    const iam = new IAMClient({
      endpoint: emulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    });
    const Statement = [
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::098765432109:root' }, Action: 'sts:AssumeRole' },
    ];
    await iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'ALTRPublishSIEMDataDeployed',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );
    expect(await check()).toEqual({ code: 1, status: 'violating', failed: ['trust-external-id'] });
  }, 300_000);
});
