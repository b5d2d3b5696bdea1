/** The command line as the README has it: `npx cdktf deploy`, then `npm run check`, from a shell. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../checks/verdict/finding';
import { ROOT } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { LITTLE_GARBAGE_COLLECTION, run, terraform, terraformCliConfig } from './support/terraform';

const CONFIG = `altr:
  awsAccountId: "111122223333"
exports:
  - name: by-cli
    clientId: 1c42465e-4bf2-4e83-90d6-f6fbcac03634
    bucket: cli-altr-audit-logs
    region: us-west-2
    roleName: ALTRPublishSIEMDataByCli
`;

describeOnRealParts('the cdktf command line', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-cdktf-'));
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator();
  });

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('deploys a stack that the check then finds compliant', async () => {
    const config = join(folder, 'altr-exports.yaml');
    writeFileSync(config, CONFIG);
    // The project's own cdktf.json, but state and output stay in a folder of the test's.
    const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    const app = [process.execPath, tsx, join(ROOT, 'main.ts')].map((word) => JSON.stringify(word)).join(' ');
    writeFileSync(
      join(folder, 'cdktf.json'),
      JSON.stringify({ language: 'typescript', app, projectId: 'test', sendCrashReports: 'false' }),
    );
    const env = {
      ...emulator.env,
      ...LITTLE_GARBAGE_COLLECTION,
      TF_CLI_CONFIG_FILE: terraformCliConfig(),
      ALTR_EXPORTS_CONFIG: config,
      HOME: folder,
    };

    const cdktf = join(ROOT, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');
    const deployed = await run(
      process.execPath,
      [cdktf, 'deploy', 'by-cli', '--auto-approve', '--skip-provider-lock'],
      { cwd: folder, env },
    );
    expect({
      code: deployed.code,
      output: deployed.code === 0 ? '' : deployed.stdout + deployed.stderr,
    }).toEqual({ code: 0, output: '' });

    const hcl = await run(process.execPath, [cdktf, 'synth', '--hcl', '--output', 'hcl.out'], {
      cwd: folder,
      env,
    });
    expect(hcl.code).toBe(0);
    const stack = join(folder, 'hcl.out', 'stacks', 'by-cli');
    expect(readdirSync(stack)).toContain('cdk.tf');
    await terraform(['init', '-input=false', '-no-color'], { cwd: stack, env });
    await terraform(['validate', '-no-color'], { cwd: stack, env });

    const checked = await run(
      'npm',
      ['run', '--silent', 'check', '--', '--config', config, '--format', 'json'],
      { cwd: ROOT, env },
    );
    const report = JSON.parse(checked.stdout) as Report;
    expect({ code: checked.code, summary: report.summary }).toEqual({
      code: 0,
      summary: { exports: 1, compliant: 1, violating: 0, unknown: 0 },
    });
  }, 180_000);
});
