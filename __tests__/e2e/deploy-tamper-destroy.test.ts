/** The whole thing on real parts: deploy it, prove it, loosen it, catch it, fix it, remove it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { loadObservation } from '../../checks/observe/saved';
import { RULES } from '../../checks/rules';
import type { ExportReport, Report } from '../../checks/verdict/finding';
import { judge } from '../../checks/verdict/judge';
import { parseConfig } from '../../config/file/parse';
import { definitionOf } from '../../config/schema';
import { contractFor } from '../../contract/contract';
import { altrExport, synthesise } from './support/command';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { type Clients, TAMPERS } from './support/tampers';
import { terraform, terraformCliConfig } from './support/terraform';

const ALTR_ACCOUNT = '098765432109';
const CLIENT_ID = '5f0c6e1e-7a0b-4b7e-9a67-0d6d6f2c9b11';

const EXPORTS = [
  {
    name: 'prod',
    clientId: CLIENT_ID,
    bucket: 'slice-altr-logs',
    region: 'us-east-1',
    roleName: 'ALTRPublishSIEMDataSlice',
  },
  {
    name: 'emea',
    clientId: 'another-client',
    bucket: 'slice-altr-logs-emea',
    region: 'eu-central-1',
    roleName: 'ALTRPublishSIEMDataSliceEmea',
  },
] as const;
const [prod] = EXPORTS;

/** Rules that judge every export; the others need something that this config does not declare, and have suites of their own. */
const ALWAYS = RULES.filter(({ metadata }) => !metadata.optIn && !metadata.audits)
  .map(({ metadata }) => metadata.id)
  .sort();
/** Logs leave for another account, or by ways that the emulator can't close again. */
const NOT_TAMPERED = 'logs-stay';

describeOnRealParts('the whole slice', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-slice-'));
  const config = join(folder, 'altr-exports.yaml');
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let clients: Clients;
  const stack = (name: string) => join(folder, 'cdktf.out', 'stacks', name);

  const check = async (
    file = config,
    more: readonly string[] = [],
  ): Promise<{ code: number; report: Report }> => {
    const args = ['check', '--config', file, '--format', 'json', ...more];
    const { code, stdout, stderr } = await altrExport(args, { env });
    if (stdout === '') throw new Error(`check printed no report: ${stderr}`);
    return { code, report: JSON.parse(stdout) as Report };
  };
  const expectCompliant = async (file = config) => {
    const { code, report } = await check(file);
    expect({ code, notPassed: notPassed(report) }).toEqual({ code: 0, notPassed: [] });
    return report;
  };

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    const client = {
      endpoint: emulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    };
    clients = {
      iam: new IAMClient(client),
      s3: new S3Client({ ...client, forcePathStyle: true, followRegionRedirects: true }),
      kms: new KMSClient(client),
    };
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: ALTR_ACCOUNT }, exports: EXPORTS }));
    await synthesise(config, join(folder, 'cdktf.out'), env);
    await Promise.all(
      EXPORTS.map(async ({ name }) => {
        const at = { cwd: stack(name), env };
        await terraform(['init', '-input=false', '-no-color'], at);
        await terraform(['plan', '-input=false', '-no-color', '-out=first.plan'], at);
        await terraform(['apply', '-input=false', '-no-color', 'first.plan'], at);
      }),
    );
  }, 240_000);

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('what was deployed is compliant, and every rule with a subject has spoken', async () => {
    const report = await expectCompliant();
    expect(report.summary).toEqual({ exports: 2, compliant: 2, violating: 0, unknown: 0 });
    expect(report.exports.map(({ accountId, region }) => ({ accountId, region }))).toEqual([
      { accountId: EMULATOR_ACCOUNT, region: 'us-east-1' },
      { accountId: EMULATOR_ACCOUNT, region: 'eu-central-1' },
    ]);
    const spoke = new Set(report.exports[0]?.findings.map((finding) => finding.rule));
    expect([...spoke].sort()).toEqual(ALWAYS);
  });

  test('every rule has a change that breaks it', () => {
    const broken = new Set(TAMPERS.flatMap((tamper) => tamper.fails));
    expect([...broken, NOT_TAMPERED].sort()).toEqual(ALWAYS);
  });

  test('the plan was compliant before anything existed, and the state is after', async () => {
    const judge = async (what: string, args: readonly string[]) => {
      const { stdout } = await terraform(['show', '-json', ...args], { cwd: stack('prod'), env });
      const file = join(folder, what);
      writeFileSync(file, stdout);
      return altrExport(['check', '--config', config, '--only', 'prod', '--plan', file, '--format', 'json'], {
        env,
      });
    };
    const plan = await judge('plan.json', ['first.plan']);
    expect({ code: plan.code, notPassed: notPassed(JSON.parse(plan.stdout)) }).toEqual({
      code: 0,
      notPassed: [],
    });
    const state = await judge('state.json', []);
    expect((JSON.parse(state.stdout) as Report).exports[0]?.accountId).toBe(EMULATOR_ACCOUNT);
    expect({ code: state.code, notPassed: notPassed(JSON.parse(state.stdout)) }).toEqual({
      code: 0,
      notPassed: [],
    });
  });

  test('a saved observation gives the same findings, byte for byte', async () => {
    const saved = join(folder, 'observation.json');
    const live = await altrExport(
      ['check', '--config', config, '--format', 'json', '--save-observation', saved],
      { env },
    );
    const replayed = await altrExport(
      ['check', '--config', config, '--format', 'json', '--observation', saved],
      { env: { PATH: env.PATH ?? '' } },
    );
    const exportsOf = (text: string) => JSON.stringify((JSON.parse(text) as Report).exports);
    expect(exportsOf(replayed.stdout)).toBe(exportsOf(live.stdout));
  });

  test('a plan after the apply is empty', async () => {
    for (const { name } of EXPORTS) {
      await terraform(['plan', '-input=false', '-no-color', '-detailed-exitcode'], {
        cwd: stack(name),
        env,
        codes: [0],
      });
    }
  });

  test('the outputs hold the portal hand-off, and stand for the config of an audit', async () => {
    const { stdout } = await terraform(['output', '-json'], { cwd: stack('prod'), env });
    expect(stdout).toContain(`arn:aws:iam::${EMULATOR_ACCOUNT}:role/${prod.roleName}`);
    expect(stdout).toContain('S3 Bucket Name');
    const outputs = join(folder, 'outputs.json');
    writeFileSync(outputs, stdout);
    // The other export's role is in the account, and these outputs don't declare it.
    const args = [
      'check',
      '--terraform-output',
      outputs,
      '--format',
      'json',
      '--skip-rule',
      'undeclared-altr-role',
    ];
    const run = await altrExport(args, { env });
    const { exports } = JSON.parse(run.stdout) as Report;
    expect({ code: run.code, exports: exports.map(({ name, accountId }) => ({ name, accountId })) }).toEqual({
      code: 0,
      exports: [{ name: 'prod', accountId: EMULATOR_ACCOUNT }],
    });
  });

  test.each(TAMPERS.map((tamper) => [tamper.fails.join(' and '), tamper.summary, tamper] as const))(
    '%s fails when %s',
    async (_rules, _summary, tamper) => {
      const target = { ...prod, accountId: EMULATOR_ACCOUNT, altrAccountId: ALTR_ACCOUNT };
      const changed = tamper.config?.(target);
      const file = changed ? join(folder, 'changed.yaml') : config;
      if (changed) {
        const exports = [changed, ...EXPORTS.slice(1)];
        writeFileSync(file, JSON.stringify({ altr: { awsAccountId: ALTR_ACCOUNT }, exports }));
      }
      await tamper.loosen(clients, target);
      const saved = join(folder, 'tampered.json');
      const { code, report } = await check(file, ['--save-observation', saved]);
      await tamper.undo(clients, target);
      expect(JSON.stringify(replayed(saved, file))).toBe(JSON.stringify(report.exports));
      expect({ code, failed: failedRules(report) }).toEqual({ code: 1, failed: [...tamper.fails].sort() });
      // What terraform manages itself, such as a bucket that was deleted, is brought back by terraform.
      if (tamper.restore === 'terraform') {
        await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], { cwd: stack('prod'), env });
      }
      await expectCompliant();
    },
    60_000,
  );

  test('the role’s credentials can put objects into the bucket and do nothing else', async () => {
    const at = { endpoint: emulator.url, region: 'us-east-1' };
    const sts = new STSClient({ ...at, credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } });
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${EMULATOR_ACCOUNT}:role/${prod.roleName}`,
        RoleSessionName: 'altr',
        ExternalId: CLIENT_ID,
      }),
    );
    const session = new S3Client({
      ...at,
      forcePathStyle: true,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    });
    const Bucket = prod.bucket;
    await emulator.enforceIam(true);
    try {
      await session.send(new PutObjectCommand({ Bucket, Key: '2026/probe.json', Body: '{}' }));
      const refused = { $metadata: expect.objectContaining({ httpStatusCode: 403 }) };
      await expect(
        session.send(new GetObjectCommand({ Bucket, Key: '2026/probe.json' })),
      ).rejects.toMatchObject(refused);
      await expect(session.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject(refused);
      await expect(
        session.send(new DeleteObjectCommand({ Bucket, Key: '2026/probe.json' })),
      ).rejects.toMatchObject(refused);
      const elsewhere = new PutObjectCommand({ Bucket: EXPORTS[1].bucket, Key: 'probe.json', Body: '{}' });
      await expect(session.send(elsewhere)).rejects.toMatchObject(refused);
    } finally {
      await emulator.enforceIam(false);
      await clients.s3.send(new DeleteObjectCommand({ Bucket, Key: '2026/probe.json' }));
    }
  });

  test('destroy leaves nothing behind', async () => {
    for (const { name } of EXPORTS) {
      await terraform(['destroy', '-input=false', '-no-color', '-auto-approve'], { cwd: stack(name), env });
    }
    await expect(clients.s3.send(new HeadBucketCommand({ Bucket: prod.bucket }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    const { code, report } = await check();
    expect(code).toBe(1);
    expect(failedRules(report)).toEqual(['bucket-exists', 'role-exists']);
    expect(readFileSync(join(folder, 'terraform.prod.tfstate'), 'utf8')).toContain('"resources": []');
  }, 120_000);
});

/** The exports of a saved observation, judged again in this process. */
function replayed(saved: string, configFile: string): ExportReport[] {
  const { config } = parseConfig(readFileSync(configFile, 'utf8'), configFile, 'audit');
  return judge(loadObservation(readFileSync(saved, 'utf8'), saved), {
    contracts: config.exports.map((entry) => contractFor(definitionOf(config, entry))),
    declaredRoles: config.exports,
  });
}

function failedRules(report: Report): string[] {
  const failed = report.exports.flatMap((entry) =>
    entry.findings.filter((finding) => finding.status === 'fail'),
  );
  return [...new Set(failed.map((finding) => finding.rule))].sort();
}

/** Findings that are neither a pass nor advice, with their messages: what a failed assertion should show. */
function notPassed(report: Report): string[] {
  return report.exports.flatMap((entry) =>
    entry.findings
      .filter((finding) => finding.status !== 'pass' && finding.status !== 'advice')
      .map((finding) => `${entry.name}: ${finding.rule} ${finding.status}: ${finding.message}`),
  );
}
