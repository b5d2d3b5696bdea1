/** The package as somebody else gets it: packed, installed into an empty project, compiled against, and run. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dependencies, devDependencies } from '../../package.json';
import { ROOT } from './support/command';
import { type ProcessResult, run } from './support/terraform';

const PEERS = ['cdktf', 'constructs', '@cdktf/provider-aws'] as const;

const APP = `
import { App, TerraformStack } from 'cdktf';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { AltrAuditLogExport, type AltrAuditLogExportProps, UserError } from 'altr-audit-log-export-kit';
import { contractFor, type ExportContract } from 'altr-audit-log-export-kit/contract';
import { judge, observeSynthesised, type ExportReport } from 'altr-audit-log-export-kit/judge';

const props: AltrAuditLogExportProps = {
  name: 'acme', altrAccountId: '111122223333', clientId: 'client-1', bucket: 'acme-logs', region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataAcme',
};
const app = new App({ outdir: process.argv[2] });
class Stack extends TerraformStack {
  readonly contract: ExportContract;
  constructor() {
    super(app, 'acme');
    new AwsProvider(this, 'aws', { region: props.region });
    this.contract = new AltrAuditLogExport(this, 'Export', props).contract;
  }
}
const stack = new Stack();
// @ts-expect-error: the client ID is missing
const refused: AltrAuditLogExportProps = { name: 'x', altrAccountId: '1', bucket: 'b', region: 'r', roleName: 'n' };
try {
  new AltrAuditLogExport(stack, 'Refused', refused);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
}
stack.node.tryRemoveChild('Refused');
const text = JSON.stringify(stack.toTerraform());
const seen = observeSynthesised([{ source: 'acme', text, target: stack.contract }]);
const reports: ExportReport[] = judge(seen, { contracts: [contractFor(props)], declaredRoles: [props] });
console.log(reports.map((report) => report.name + ' ' + report.status).join());
`;

const folder = mkdtempSync(join(tmpdir(), 'altr-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = Object.fromEntries(
  Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(AWS|TF|ALTR)_/.test(entry[0]),
  ),
);
const tool = (name: string) => join(ROOT, 'node_modules', '.bin', name);
const bytesIn = (place: string) =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
const succeed = async (program: string, args: readonly string[], cwd: string): Promise<ProcessResult> => {
  const result = await run(program, args, { cwd, env });
  if (result.code !== 0)
    throw new Error(
      `${program} ${args.join(' ')} ended with ${result.code}:\n${result.stdout}\n${result.stderr}`,
    );
  return result;
};

test('is packed with what it needs, has types for both module systems, and works in an empty project', async () => {
  const packed = JSON.parse(
    (await succeed('npm', ['pack', '--json', '--silent', '--pack-destination', folder], ROOT)).stdout,
  ) as [{ filename: string; files: { path: string }[] }];
  const [{ filename, files }] = packed;
  const tarball = join(folder, filename);
  const top = new Set(files.map(({ path }) => path.replace(/\/.*/, '')));
  expect([...top].sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin',
    'dist',
    'docs',
    'examples',
    'modules',
    'package.json',
  ]);
  expect(files.map(({ path }) => path)).toContain('dist/THIRD-PARTY-NOTICES.txt');
  // The maps are for `--debug`.
  const maps = files.map(({ path }) => path).filter((path) => path.endsWith('.map'));
  expect(maps.filter((path) => !path.startsWith('dist/cli/'))).toEqual([]);
  expect(files.filter(({ path }) => /__tests__|\.test\.|\.tftest\.|tsbuildinfo/.test(path))).toEqual([]);
  // The Terraform module as it is written; the constructs are in dist/lib.
  const modules = files.map(({ path }) => path).filter((path) => path.startsWith('modules/'));
  expect(modules).toEqual(
    expect.arrayContaining(['modules/terraform/main.tf', 'modules/terraform/README.md']),
  );
  expect(modules.filter((path) => !/^modules\/terraform\/.*\.(tf|tftpl|md)$/.test(path))).toEqual([]);

  await succeed(tool('publint'), ['run', tarball, '--strict'], folder);
  // Subpaths need a resolver that reads "exports", which Node has had since 12.
  await succeed(tool('attw'), [tarball, '--profile', 'node16'], folder);

  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  await succeed(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball],
    project,
  );
  // Few and small, so that it takes under 10 seconds: about 3 on a machine that does nothing else.
  expect(bytesIn(join(project, 'node_modules'))).toBeLessThan(30e6);
  const installed = readdirSync(join(project, 'node_modules'));
  expect(installed.filter((name) => !name.startsWith('.')).sort()).toEqual(
    ['altr-audit-log-export-kit', ...Object.keys(dependencies)].sort(),
  );
  for (const peer of PEERS) expect(installed).not.toContain(peer.split('/')[0]);

  // By its own name, too, which is all that npx knows where it isn't installed.
  for (const name of ['altr-export', 'altr-audit-log-export-kit']) {
    const help = await succeed('npx', ['--no', name, 'check', '--help'], project);
    expect(help.stdout).toMatch(/^Usage: altr-export check /);
  }
  // The audit alone: the command line and the rules need no peer.
  const bin = join(project, 'node_modules', '.bin', 'altr-export');
  const config = join(ROOT, 'examples', 'audit', 'altr-exports.yaml');
  const observation = join(ROOT, 'examples', 'audit', 'seen.json');
  const audited = await run(bin, ['check', '--config', config, '--observation', observation], {
    cwd: project,
    env,
  });
  expect({ code: audited.code, stderr: audited.stderr }).toEqual({ code: 1, stderr: '' });
  expect(audited.stdout).toContain('FAIL');
  const judging = "console.log(require('altr-audit-log-export-kit/judge').RULES.length > 10)";
  expect((await succeed(process.execPath, ['-e', judging], project)).stdout).toBe('true\n');
  const unstarted = await run(bin, ['start'], { cwd: project, env });
  expect(unstarted).toMatchObject({ code: 2, stdout: '' });
  expect(unstarted.stderr).toMatch(
    /^start synthesises with the package \S+, which is not installed beside this command line; install what synthesising needs \(npm install cdktf constructs @cdktf\/provider-aws\), or audit with altr-export check, which needs none of it\n$/,
  );

  const peers = PEERS.map((name) => `${name}@${devDependencies[name]}`);
  await succeed(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...peers],
    project,
  );

  // One module of each system, with the same text.
  for (const file of ['app.mts', 'app.cts']) writeFileSync(join(project, file), APP);
  const types = join(ROOT, 'node_modules', '@types');
  const options = [
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--strict',
    '--types',
    'node',
    '--typeRoots',
    types,
  ];
  await succeed(tool('tsc'), [...options, '--skipLibCheck', 'app.mts', 'app.cts'], project);
  for (const app of ['app.mjs', 'app.cjs']) {
    const { stdout } = await succeed(process.execPath, [app, join(folder, 'out')], project);
    expect(stdout).toBe('acme compliant\n');
  }

  const started = await succeed(bin, ['start'], project);
  expect(started.stdout).toContain('2 exports, 2 compliant');
  expect(started.stdout).toContain(
    'cp node_modules/altr-audit-log-export-kit/examples/altr-exports.yaml altr-exports.yaml',
  );

  // The projects that `init --app` writes, with this tarball in the place of the registry's.
  const flags = [
    ...['--altr-account-id', '111122223333', '--name', 'acme-prod', '--client-id', 'client-1'],
    ...['--bucket', 'acme-logs', '--region', 'us-east-1'],
  ];
  const synthesised = async (app: string, cwd: string) => {
    mkdirSync(cwd);
    const { stdout } = await succeed(bin, ['init', '--app', app, ...flags], cwd);
    expect(stdout).toContain(`npx ${app} deploy acme-prod`);
    const { app: command } = JSON.parse(readFileSync(join(cwd, 'cdktf.json'), 'utf8')) as { app: string };
    expect(command).toMatch(/^npx tsx /);
    return command.replace(
      'npx tsx',
      `"${process.execPath}" "${join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs')}"`,
    );
  };
  const stack = (cwd: string) =>
    JSON.parse(readFileSync(join(cwd, 'cdktf.out', 'stacks', 'acme-prod', 'cdk.tf.json'), 'utf8'));

  // It finds what it needs in the folder above.
  const withCdktf = join(project, 'with-cdktf');
  const command = await synthesised('cdktf', withCdktf);
  const wanted = JSON.parse(readFileSync(join(withCdktf, 'package.json'), 'utf8')).dependencies;
  for (const name of PEERS) expect(wanted[name]).toBe(devDependencies[name]);
  const cdktf = join(ROOT, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');
  await succeed(process.execPath, [cdktf, 'synth', '--app', command], withCdktf);
  expect(Object.keys(stack(withCdktf).resource)).toContain('aws_s3_bucket');

  const withTerrain = join(folder, 'with-cdktn');
  const app = await synthesised('cdktn', withTerrain);
  const manifest = join(withTerrain, 'package.json');
  const asWritten = JSON.parse(readFileSync(manifest, 'utf8'));
  asWritten.dependencies['altr-audit-log-export-kit'] = `file:${tarball}`;
  writeFileSync(manifest, JSON.stringify(asWritten));
  await succeed(
    'npm',
    ['install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'],
    withTerrain,
  );
  const outdir = join(withTerrain, 'cdktf.out');
  const { code, stderr } = await run('sh', ['-c', app], {
    cwd: withTerrain,
    env: { ...env, CDKTF_OUTDIR: outdir },
  });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expect(stack(withTerrain).resource).toEqual(stack(withCdktf).resource);
}, 600_000);
