/**
 * Proves that an apply never meets S3's 409 OperationAborted: applies stacks of ten exports with every setting of a bucket
 * and of its copy in a second region, again and again, against an emulator behind a proxy that gives 409 to two changes of
 * one bucket at the same time, as S3 does.
 *
 *     npm run test:races [-- APPLIES [EXPORTS]]     20 applies of 10 exports by default
 *
 * Terraform's provider tries again after a 409, so what counts is what the proxy saw. To show that it would see a race, the
 * last apply is of the same stack without the order of the settings.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { startConflictProxy } from '../__tests__/e2e/support/conflicts';
import { type Emulator, startEmulator } from '../__tests__/e2e/support/emulator';
import { terraform, terraformCliConfig } from '../__tests__/e2e/support/terraform';
import type { ExportOptionsInput } from '../config/options';
import { AltrAuditLogExport } from '../modules/altr-audit-log-export';
import { PROVIDER_VERSIONS } from '../modules/stack/export-stack';

const [applies = 20, exports = 10] = process.argv.slice(2).map(Number);
/** Milliseconds that each change of a bucket takes. */
const SLOWNESS = 30;

const SETTINGS: ExportOptionsInput = {
  forceDestroy: true,
  retention: { versioning: true, expireAfterDays: 365 },
  bucketPolicy: { requireTls: true },
};

function synthesise(folder: string): string {
  const app = new App({ outdir: folder });
  const stack = new TerraformStack(app, 'races');
  new LocalBackend(stack, { path: join(folder, 'terraform.tfstate') });
  new AwsProvider(stack, 'aws', { region: 'us-east-1', s3UsePathStyle: true });
  const replicaProvider = new AwsProvider(stack, 'replica', {
    alias: 'replica',
    region: 'eu-west-1',
    s3UsePathStyle: true,
  });
  stack.addOverride('terraform.required_providers.aws.version', PROVIDER_VERSIONS);
  for (let index = 0; index < exports; index++) {
    new AltrAuditLogExport(stack, `export-${index}`, {
      name: `export-${index}`,
      altrAccountId: '098765432109',
      clientId: `client-${index}`,
      bucket: `races-${index}`,
      region: 'us-east-1',
      roleName: `ALTRPublishSIEMData-${index}`,
      replication: { bucket: `races-${index}-copy`, region: 'eu-west-1' },
      replicaProvider,
      ...SETTINGS,
    });
  }
  app.synth();
  return join(folder, 'stacks', 'races');
}

/** Takes the order out, as most hand-written Terraform has it. */
function withoutOrder(cwd: string): void {
  const file = join(cwd, 'cdk.tf.json');
  const stack = JSON.parse(readFileSync(file, 'utf8')) as {
    resource: Record<string, Record<string, Record<string, unknown>>>;
  };
  for (const [type, byName] of Object.entries(stack.resource)) {
    if (type.startsWith('aws_s3_bucket_'))
      for (const values of Object.values(byName)) delete values.depends_on;
  }
  writeFileSync(file, JSON.stringify(stack));
}

/** Applies and destroys, and says what the proxy saw of it. */
async function round(
  emulator: Emulator,
  cwd: string,
  rc: string,
): Promise<{ changes: number; conflicts: readonly string[] }> {
  const proxy = await startConflictProxy(emulator.url, SLOWNESS);
  const env = {
    ...emulator.env,
    AWS_ENDPOINT_URL_S3: proxy.url,
    TF_CLI_CONFIG_FILE: rc,
    TF_IN_AUTOMATION: '1',
  };
  try {
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve', '-parallelism=50'], { cwd, env });
    const { changes } = proxy;
    await terraform(
      ['destroy', '-input=false', '-no-color', '-auto-approve', '-refresh=false', '-parallelism=50'],
      { cwd, env },
    );
    return { changes, conflicts: proxy.conflicts };
  } finally {
    await proxy.stop();
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'altr-races-'));
  const emulator = await startEmulator();
  try {
    const cwd = synthesise(folder);
    const rc = terraformCliConfig();
    await terraform(['init', '-input=false', '-no-color'], {
      cwd,
      env: { ...emulator.env, TF_CLI_CONFIG_FILE: rc },
    });
    let met = 0;
    for (let index = 1; index <= applies; index++) {
      const { changes, conflicts } = await round(emulator, cwd, rc);
      met += conflicts.length;
      process.stdout.write(
        `apply ${index}: ${changes} changes of ${2 * exports} buckets, ${conflicts.length} conflicts, those of the destroy included\n`,
      );
      for (const conflict of conflicts) process.stdout.write(`  ${conflict}\n`);
    }
    withoutOrder(cwd);
    const control = await round(emulator, cwd, rc);
    process.stdout.write(
      `control, without the order: ${control.conflicts.length} conflicts, for example ${control.conflicts[0] ?? '-'}\n`,
    );
    if (control.conflicts.length === 0)
      process.stdout.write('The control met none, so the proof proves nothing.\n');
    process.exitCode = met === 0 && control.conflicts.length > 0 ? 0 : 1;
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
