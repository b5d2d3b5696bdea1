/** What the command line says to bad input: one sentence, exit 2, never a stack trace; and stdout stays parseable. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { RULES } from '../../checks/rules';
import type { Report } from '../../checks/verdict/finding';
import { altrExport, ROOT, synthesise } from './support/command';
import { run } from './support/terraform';

const folder = mkdtempSync(join(tmpdir(), 'altr-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

const env = {
  PATH: process.env.PATH ?? '',
  HOME: folder,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};
const credentials = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
const EXAMPLE = join(ROOT, 'examples', 'altr-exports.yaml');

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const CASES: readonly {
  why: string;
  args: readonly string[];
  says: RegExp;
  env?: Readonly<Record<string, string>>;
}[] = [
  { why: 'an unknown command', args: ['chek'], says: /^unknown command 'chek'; did you mean check\?\n$/ },
  {
    why: 'an unknown option',
    args: ['check', '--formt', 'json'],
    says: /^unknown option '--formt'; did you mean --format\?\n$/,
  },
  {
    why: 'an unknown format',
    args: ['check', '--format', 'jsn'],
    says: /^unknown format "jsn"; did you mean json\?\n$/,
  },
  {
    why: 'no config file',
    args: ['check', '--config', join(folder, 'none.yaml')],
    says: /^there is no config file .*none\.yaml/,
  },
  {
    why: 'Terraform outputs that are none',
    args: ['check', '--terraform-output', file('outputs.json', '{}')],
    says: /^.*outputs\.json has no output altr_export; deploy the export with this version/,
  },
  {
    why: 'a config beside Terraform outputs',
    args: ['check', '--config', EXAMPLE, '--terraform-output', file('outputs.json', '{}')],
    says: /'--terraform-output <file>' cannot be used with option '-c, --config <file>'/,
  },
  {
    why: 'a config that is a folder',
    args: ['check', '--config', folder],
    says: /is a folder, not a config file/,
  },
  {
    why: 'a config that is no YAML',
    args: ['check', '--config', file('bad.yaml', 'altr: [')],
    says: /bad\.yaml:1: is not valid YAML/,
  },
  {
    why: 'a config with a wrong key',
    args: ['check', '--config', file('key.yaml', 'altr:\n  awsAcountId: "111122223333"\nexports: []\n')],
    says: /key\.yaml:2: unknown key "awsAcountId" in altr; did you mean "awsAccountId"\?/,
  },
  {
    why: 'a name that no export has',
    args: ['check', '--config', EXAMPLE, '--only', 'acme-prd'],
    says: /^no export is named "acme-prd"; did you mean acme-prod\?\n$/,
  },
  {
    why: 'a rule that does not exist',
    args: ['check', '--config', EXAMPLE, '--rule', 'trust-externalid'],
    says: /did you mean trust-external-id\?/,
  },
  {
    why: 'every rule skipped',
    args: ['check', '--config', EXAMPLE, '--skip-rule', '*'],
    says: /no rule is left to check/,
  },
  {
    why: 'no credentials',
    args: ['check', '--config', EXAMPLE],
    says: /^no AWS credentials were found; set AWS_PROFILE/,
  },
  {
    why: 'a profile that does not exist',
    args: ['check', '--config', EXAMPLE],
    env: { AWS_PROFILE: 'nobody' },
    says: /for the profile nobody \(AWS_PROFILE\)/,
  },
  {
    why: 'an endpoint that is down',
    args: ['check', '--config', EXAMPLE],
    env: { ...credentials, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    says: /^http:\/\/127\.0\.0\.1:9 could not be reached for .* \(ECONNREFUSED\); check AWS_ENDPOINT_URL\n$/,
  },
  {
    why: 'an endpoint of one service that is down',
    args: ['check', '--config', EXAMPLE],
    env: {
      ...credentials,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:10',
    },
    says: /^http:\/\/127\.0\.0\.1:10 could not be reached for sts:GetCallerIdentity \(ECONNREFUSED\); check AWS_ENDPOINT_URL_STS\n$/,
  },
  {
    why: 'an endpoint that is no URL',
    args: ['check', '--config', EXAMPLE],
    env: { ...credentials, AWS_ENDPOINT_URL_S3: 'localhost:5000' },
    says: /^AWS_ENDPOINT_URL_S3 "localhost:5000" is no URL; write it as https:\/\/host, or unset it\n$/,
  },
  {
    why: 'a profile beside static keys, without the SDK’s warning',
    args: ['check', '--config', EXAMPLE],
    env: { ...credentials, AWS_PROFILE: 'nobody' },
    says: /^no AWS credentials were found for the profile nobody \(AWS_PROFILE\)[^\n]*\n$/,
  },
  {
    why: 'a CA bundle that is not there',
    args: ['check', '--config', EXAMPLE],
    env: { ...credentials, AWS_CA_BUNDLE: join(folder, 'ca.pem') },
    says: /^AWS_CA_BUNDLE names .*ca\.pem, which can't be read \(ENOENT\)/,
  },
  {
    why: 'an output in a folder that is not there',
    args: ['check', '--config', EXAMPLE, '--plan', EXAMPLE, '--output', join(folder, 'none', 'r.json')],
    says: /can't be written|is not JSON/,
  },
  {
    why: 'an output without a format',
    args: ['check', '--config', EXAMPLE, '--output', join(folder, 'report.xyz')],
    says: /the format of .*report\.xyz can't be told/,
  },
  {
    why: 'two formats for one stdout',
    args: ['check', '--config', EXAMPLE, '--format', 'json', '--format', 'text'],
    says: /several formats need an --output each/,
  },
  {
    why: 'a start with an exception from no rule',
    args: [
      'start',
      '--config',
      file(
        'excepted.yaml',
        `${readFileSync(EXAMPLE, 'utf8')}\nexceptions: [{ rule: nonsense, export: "*", owner: o, reason: r, until: "2020-01-01" }]\n`,
      ),
    ],
    says: /^\S+excepted\.yaml:\d+: exceptions\[0\]\.rule "nonsense" is no rule; altr-export rules lists them\n$/,
  },
  {
    why: 'a plan that is no JSON',
    args: ['check', '--config', EXAMPLE, '--plan', EXAMPLE],
    says: /is not JSON; write it with terraform show -json/,
  },
  {
    why: 'a plan that is something else',
    args: ['check', '--config', EXAMPLE, '--plan', file('other.json', '{}')],
    says: /is neither a plan nor a state in JSON/,
  },
  {
    why: 'a plan of another provider',
    args: [
      'check',
      '--config',
      EXAMPLE,
      '--plan',
      file(
        'null.json',
        '{"format_version":"1.2","planned_values":{"root_module":{"resources":[{"address":"null_resource.x","mode":"managed","type":"null_resource"}]}}}',
      ),
    ],
    says: /has no resource of the AWS provider/,
  },
  {
    why: 'an observation that is none',
    args: ['check', '--config', EXAMPLE, '--observation', file('obs.json', '{"schemaVersion":1}')],
    says: /is no saved observation/,
  },
  {
    why: 'an observation of a newer version',
    args: ['check', '--config', EXAMPLE, '--observation', file('new.json', '{"schemaVersion":99}')],
    says: /newer version of this tool/,
  },
  {
    why: 'a timeout that is no number',
    args: ['check', '--config', EXAMPLE, '--timeout', 'soon'],
    says: /number of seconds/,
  },
  {
    why: 'a timeout that no timer can wait for',
    args: ['check', '--config', EXAMPLE, '--timeout', '2147484'],
    says: /number of seconds above 0, and at most 86400, a day/,
  },
  {
    why: 'a rule to explain that does not exist',
    args: ['explain', 'trust-principle'],
    says: /did you mean trust-principal\?/,
  },
];

describe('bad input', () => {
  test.each(CASES.map((entry) => [entry.why, entry] as const))(
    '%s',
    async (_why, { args, says, env: more }) => {
      const { code, stdout, stderr } = await altrExport(args, { env: { ...env, ...more }, cwd: folder });
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    },
  );

  test('the account that an export declares by its assumeRoleArn is that of its plan', async () => {
    const roleName = 'ALTRPublishSIEMDataAssumed';
    const entry = {
      name: 'assumed',
      clientId: 'client',
      bucket: 'assumed-logs',
      region: 'us-east-1',
      roleName,
    };
    const exports = [{ ...entry, assumeRoleArn: 'arn:aws:iam::222222222222:role/auditor' }];
    const config = file('assumed.json', JSON.stringify({ altr: { awsAccountId: '111122223333' }, exports }));
    const values = { name: roleName, assume_role_policy: '{}' };
    const role = { address: 'aws_iam_role.x', mode: 'managed', type: 'aws_iam_role', values };
    const plan = {
      format_version: '1.2',
      planned_values: { root_module: { resources: [role] } },
      resource_changes: [],
      configuration: { root_module: { resources: [{ address: 'aws_iam_role.x' }] } },
    };
    const args = ['check', '--config', config, '--format', 'json', '--plan', '-'];
    const { stdout } = await altrExport(args, { env, input: JSON.stringify(plan) });
    const [report] = (JSON.parse(stdout) as Report).exports;
    expect(report?.accountId).toBe('222222222222');
    expect(report?.findings.map(({ rule }) => rule)).not.toContain('undeclared-altr-role');
  });

  test('stdin is called so', async () => {
    const args = ['check', '--config', EXAMPLE, '--plan', '-'];
    const { stderr } = await altrExport(args, { env, input: '{}' });
    expect(stderr).toMatch(/^stdin is neither a plan nor a state in JSON;/);
  });

  test('with --format json stdout is JSON all the same', async () => {
    const { code, stdout, stderr } = await altrExport(
      ['check', '--config', 'none.yaml', '--format', 'json'],
      { env, cwd: folder },
    );
    const report = JSON.parse(stdout) as Report & { error: string };
    expect({ code, exports: report.exports }).toEqual({ code: 2, exports: [] });
    expect(`${report.error}\n`).toBe(stderr);
  });

  test('where nothing could be read, every export is unknown', async () => {
    const { code, stdout } = await altrExport(['check', '--config', EXAMPLE, '--format', 'json'], { env });
    const report = JSON.parse(stdout) as Report;
    expect({ code, summary: report.summary }).toEqual({
      code: 2,
      summary: { exports: 2, compliant: 0, violating: 0, unknown: 2 },
    });
  });

  test('where only the account is not known, what is seen is reported', async () => {
    const resource = (type: string, name: string, values: object) => ({
      ...{ address: `${type}.${name}`, mode: 'managed', type },
      values,
    });
    const key = (account: string) =>
      resource('aws_kms_key', `k${account}`, { arn: `arn:aws:kms:us-east-1:${account}:key/1` });
    const resources = [
      resource('aws_s3_bucket', 'logs', { bucket: 'acme-altr-audit-logs', region: 'eu-west-1' }),
      ...['222222222222', '333333333333'].map(key),
    ];
    const plan = file(
      'accounts.json',
      JSON.stringify({
        format_version: '1.2',
        planned_values: { root_module: { resources } },
        resource_changes: [],
      }),
    );
    const args = ['check', '--config', EXAMPLE, '--only', 'acme-prod', '--plan', plan];
    const { code, stdout, stderr } = await altrExport(args, { env });
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatch(/FAIL +bucket-region/);
  });

  test('--debug shows where it happened in the sources, which the bundle no longer tells by itself', async () => {
    const { stderr } = await altrExport(['check', '--config', 'none.yaml', '--debug'], { env, cwd: folder });
    expect(stderr).toMatch(/^\s+at readConfig \(.*config\/file\/read\.ts:\d+:\d+\)$/m);
  });

  test('a role name that the contract forbids is refused at synth, in one line', async () => {
    const config = file(
      'synth.yaml',
      readFileSync(EXAMPLE, 'utf8').replace('ALTRPublishSIEMDataAcmeProd', 'AcmeProd'),
    );
    await expect(synthesise(config, join(folder, 'out', 'cdktf.out'), env)).rejects.toThrow(
      /synth\.yaml:\d+: exports\[0\]\.roleName "AcmeProd" must start with ALTRPublishSIEMData/,
    );
  });
});

describe('good input', () => {
  test('a check that writes its report to a file still prints the totals, unless it is to be quiet', async () => {
    const audit = join(ROOT, 'examples', 'audit');
    const report = join(folder, 'totals.json');
    const args = ['check', '--observation', 'seen.json', '--output', report];
    const totals = '1 export, 0 compliant, 1 violating, 0 unknown; 2 violations: 1 critical, 1 high\n';
    expect(await altrExport(args, { env, cwd: audit })).toMatchObject({ code: 1, stdout: totals });
    expect(await altrExport([...args, '--quiet'], { env, cwd: audit })).toMatchObject({
      code: 1,
      stdout: '',
    });
    const both = await altrExport([...args, '--output', '-', '--format', 'json', '--format', 'json'], {
      env,
      cwd: audit,
    });
    expect(JSON.parse(both.stdout).summary.violating).toBe(1);
  });

  test('start needs nothing, and says what comes next', async () => {
    const cwd = join(folder, 'start');
    mkdirSync(cwd);
    const { code, stdout, stderr } = await altrExport(['start', '--config', EXAMPLE], { env, cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('2 exports, 2 compliant, 0 violating, 0 unknown');
    expect(stdout).toContain('S3 Bucket Name    acme-altr-audit-logs');
    expect(stdout).toContain('npx cdktf deploy acme-prod');
    expect(readdirSync(join(cwd, 'cdktf.out', 'stacks'))).toEqual(['acme-emea', 'acme-prod']);
  });

  test('start says what it lacks where the bundled command line stands alone', async () => {
    const alone = join(folder, 'alone');
    for (const part of ['bin', 'dist']) cpSync(join(ROOT, part), join(alone, part), { recursive: true });
    const program = join(alone, 'bin', 'altr-export.js');
    const { code, stdout, stderr } = await run(process.execPath, [program, 'start', '--config', EXAMPLE], {
      env,
      cwd: alone,
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^start synthesises with the package \S+, which is not installed beside this command line; install .*\n$/,
    );
    expect(readdirSync(alone).sort()).toEqual(['bin', 'dist']);
  });

  test('start makes the mails of alerts, whose function the bundled command line finds beside itself', async () => {
    const cwd = join(folder, 'alerts');
    mkdirSync(cwd);
    const { exports, ...rest } = parse(readFileSync(EXAMPLE, 'utf8')) as { exports: object[] };
    const alerts = { emails: ['security@acme.example'] };
    const config = file(
      'alerts.yaml',
      JSON.stringify({ ...rest, exports: [{ ...exports[0], alerts, splunkFeed: {} }] }),
    );
    const { code, stdout, stderr } = await altrExport(['start', '--config', config], { env, cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('1 export, 1 compliant, 0 violating, 0 unknown');
    const [stack = ''] = readdirSync(join(cwd, 'cdktf.out', 'stacks'));
    expect(readdirSync(join(cwd, 'cdktf.out', 'stacks', stack, 'assets'))).not.toEqual([]);
  });

  test('help and version end with 0', async () => {
    for (const args of [['--help'], ['check', '--help'], ['--version']]) {
      expect((await altrExport(args, { env })).code).toBe(0);
    }
  });

  test('explain prints the rule’s page, and rules lists every rule', async () => {
    const page = await altrExport(['explain', 'trust-external-id'], { env });
    expect(page.stdout).toBe(readFileSync(join(ROOT, 'docs', 'rules', 'trust-external-id.md'), 'utf8'));
    const rules = await altrExport(['rules', '--format', 'json'], { env });
    expect(JSON.parse(rules.stdout)).toHaveLength(RULES.length);
  });
});
