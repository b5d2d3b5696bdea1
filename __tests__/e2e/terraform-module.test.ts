/** The plain Terraform module with Terraform's own means: validate, test, and a plan that the audit judges. */

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import type { Report } from '../../checks/verdict/finding';
import { MODULE_VARIABLES } from '../../modules/module-variables';
import { altrExport, ROOT } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { run, terraform, terraformCliConfig } from './support/terraform';

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

/** A value that the contract refuses, for each variable that judges. */
const REFUSED: Readonly<Record<string, string>> = {
  altr_account_id: '"1234"',
  client_id: '"QUERY-AUDIT-1C42465E"',
  bucket: '"acme..logs"',
  role_name: '"altrPublishSIEMData"',
  role_path: '"altr"',
  policy_name: '"no spaces"',
  role_description: '"’"',
  max_session_hours: '13',
  permissions_boundary: '"boundary"',
  tags: '{ "aws:x" = "y" }',
  encryption_type: '"aes"',
  kms_key_arn: '"alias/x"',
  key_administrators: '["*"]',
  key_deletion_window_days: '6',
  key_alias: '"aws/x"',
  transitions: '[{ after_days = 0, storage_class = "GLACIER" }]',
  expire_after_days: '0',
  noncurrent_expire_after_days: '1.5',
  abort_incomplete_uploads_after_days: '36501',
  default_retention_mode: '"governance"',
  default_retention_days: '0',
  default_retention_years: '101',
  minimum_tls_version: '"1.3"',
  only_readers: '[]',
  access_log_bucket: '"Logs"',
  access_log_prefix: `"${'x'.repeat(513)}"`,
  replication_bucket: '"Copies"',
  replication_region: '"here"',
  replication_kms_key_arn: '"x"',
  replication_storage_class: '"COLD"',
  replication_role_name: '"a b"',
  readers: '[{ name = "a b" }]',
};

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

run "names_the_export_after_the_role" {
  command = plan
  variables {
    role_name = "ALTRPublishSIEMData.acme+prod"
  }
  assert {
    condition     = output.altr_export.name == "ALTRPublishSIEMData-acme-prod" && output.altr_export.region == "eu-central-1"
    error_message = "the export is \${jsonencode(output.altr_export)}"
  }
}

run "takes_every_option" {
  command = plan
  variables {
    role_path            = "/altr/"
    policy_name          = "acme.s3.policy"
    permissions_boundary = "arn:aws:iam::123456789012:policy/boundary"
    max_session_hours    = 12
    force_destroy        = true
    tags                 = { team = "security" }
  }
  assert {
    condition     = aws_iam_role.export_role.max_session_duration == 43200 && aws_iam_role.export_role.path == "/altr/"
    error_message = "the role's options got lost"
  }
  assert {
    condition     = aws_s3_bucket.export_bucket[0].tags["team"] == "security" && aws_iam_policy.export_policy.name == "acme.s3.policy"
    error_message = "the tags or the policy's name got lost"
  }
}

run "makes_what_options_ask_for" {
  command = plan
  variables {
    encryption_type     = "kms"
    key_alias           = "altr/logs"
    object_lock         = true
    expire_after_days   = 400
    require_tls         = true
    access_log_bucket   = "module-access-logs"
    replication_bucket  = "module-copies"
    replication_region  = "eu-west-1"
    replication_kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/k"
    readers             = [{ name = "splunk", trusted_principals = ["210987654321"] }, { name = "own" }]
  }
  assert {
    condition     = length(aws_kms_key.export_key) == 1 && one(aws_kms_alias.export_key_alias).name == "alias/altr/logs"
    error_message = "the key got lost"
  }
  assert {
    condition     = keys(aws_iam_policy.export_reader_policy) == ["own", "splunk"] && keys(aws_iam_role.export_reader_role) == ["splunk"]
    error_message = "the readers got lost"
  }
}

run "refuses_options_that_do_not_go_together" {
  command = plan
  variables {
    object_lock = true
    versioning  = false
  }
  expect_failures = [aws_iam_role.export_role]
}

run "refuses_what_the_contract_refuses" {
  command = plan
  variables {
${Object.entries(REFUSED)
  .map(([name, value]) => `    ${name} = ${value}`)
  .join('\n')}
  }
  expect_failures = [${Object.keys(REFUSED)
    .map((name) => `var.${name}`)
    .join(', ')}]
}
`;

describeOnRealParts('the plain Terraform module', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-module-'));
  const module = join(folder, 'terraform');
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    const built = await run(
      process.execPath,
      [tsx, join(ROOT, 'scripts', 'build-terraform-module.ts'), module],
      { env },
    );
    expect({ code: built.code, stderr: built.stderr }).toEqual({ code: 0, stderr: '' });
  }, 60_000);

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('refuses a value of each variable that judges', () => {
    const judging = MODULE_VARIABLES.filter(({ validations }) => validations.length > 0);
    expect(Object.keys(REFUSED).sort()).toEqual(judging.map(({ name }) => name).sort());
  });

  test('is formatted and valid, and passes terraform test', async () => {
    const cwd = join(folder, 'tested');
    cpSync(module, cwd, { recursive: true });
    await terraform(['fmt', '-check', '-no-color'], { cwd, env });
    mkdirSync(join(cwd, 'tests'));
    writeFileSync(join(cwd, 'tests', 'export.tftest.hcl'), TEST);
    await terraform(['init', '-input=false', '-no-color'], { cwd, env });
    await terraform(['validate', '-no-color'], { cwd, env });
    const { stdout } = await terraform(['test', '-no-color'], { cwd, env });
    expect(stdout).toContain('Success! 6 passed, 0 failed.');
  }, 300_000);

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
`,
    );
    await terraform(['init', '-input=false', '-no-color'], { cwd, env });
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], { cwd, env });
    await terraform(['plan', '-input=false', '-no-color', '-detailed-exitcode'], { cwd, env, codes: [0] });
    const { stdout } = await terraform(['output', '-json'], { cwd, env });
    const outputs = join(cwd, 'outputs.json');
    writeFileSync(outputs, stdout);
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
