/** `altr-export init`: by flags, and on a terminal. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../config/file/parse';
import { altrExport, ROOT } from './support/command';
import { onTerminal } from './support/terminal';

const root = mkdtempSync(join(tmpdir(), 'altr-init-'));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;
const emptyFolder = () => {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  return folder;
};

const env = { PATH: process.env.PATH ?? '', HOME: root, TERM: 'xterm' };
const init = (cwd: string, ...args: string[]) => altrExport(['init', ...args], { env, cwd });
const FLAGS = {
  '--altr-account-id': '012345678901',
  '--name': 'acme-prod',
  '--client-id': '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  '--bucket': 'acme-logs',
  '--region': 'eu-west-1',
};
const flags = (changed: Readonly<Record<string, string>> = {}) =>
  Object.entries({ ...FLAGS, ...changed }).flat();
const read = (folder: string) => readFileSync(join(folder, 'altr-exports.yaml'), 'utf8');

describe('init by flags', () => {
  test('writes a config that is fit to provision, with its schema and comments', async () => {
    const folder = emptyFolder();
    const { code, stdout } = await init(folder, ...flags());
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /altr-export check .*\n.*altr-export init --app cdktn in an empty folder/,
      ),
    });
    // There is no project here that could.
    expect(stdout).not.toMatch(/cdktf deploy|altr-export start/);
    const text = read(folder);
    expect(parseConfig(text, 'altr-exports.yaml', 'provision').config).toEqual({
      altr: { awsAccountId: '012345678901' },
      exports: [
        {
          name: 'acme-prod',
          clientId: FLAGS['--client-id'],
          bucket: 'acme-logs',
          region: 'eu-west-1',
          roleName: 'ALTRPublishSIEMDataAcmeProd',
        },
      ],
    });
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    expect(existsSync(join(folder, schema))).toBe(true);
    expect(text).toContain('# In ALTR: Settings → Preferences → Organization.\n');
  });

  test('names every flag that is missing where there is no terminal', async () => {
    const folder = emptyFolder();
    const { code, stdout, stderr } = await init(folder, '--name', 'acme', '--bucket', 'acme-logs');
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: 'without a terminal to ask on, init needs --altr-account-id, --client-id, --region\n',
    });
    expect(existsSync(join(folder, 'altr-exports.yaml'))).toBe(false);
  });

  test.each([
    [
      '--altr-account-id',
      '12345678901',
      /^--altr-account-id "12345678901" must be the 12 digits.*leading zero/,
    ],
    ['--name', 'acme prod', /^--name "acme prod" must be 1 to 64 letters/],
    ['--client-id', '<client-id>', /^--client-id "<client-id>" still has the brackets/],
    ['--bucket', 'Acme', /^--bucket "Acme" has the character "A"/],
    ['--region', 'eu-west-1a', /^--region "eu-west-1a" is an availability zone/],
    ['--role-name', 'Altr', /^--role-name "Altr" must start with ALTRPublishSIEMData/],
  ])('refuses a bad %s and writes nothing', async (flag, value, says) => {
    const folder = emptyFolder();
    const { code, stderr } = await init(folder, ...flags({ [flag]: value }));
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
    expect(existsSync(join(folder, 'altr-exports.yaml'))).toBe(false);
  });

  test('asks for ALTR’s word where its account must be in another partition', async () => {
    const folder = emptyFolder();
    const gov = flags({ '--region': 'us-gov-west-1' });
    const refused = await init(folder, ...gov);
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /^--region us-gov-west-1 is in the partition aws-us-gov, .*--partition-confirmed\n$/,
      ),
    });
    expect(existsSync(join(folder, 'altr-exports.yaml'))).toBe(false);
    expect((await init(folder, ...gov, '--partition-confirmed')).code).toBe(0);
    expect(parseConfig(read(folder), 'altr-exports.yaml', 'provision').config.altr).toEqual({
      awsAccountId: '012345678901',
      partitionConfirmed: true,
    });
  });

  test('overwrites a file only by force', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'altr-exports.yaml'), 'mine');
    const refused = await init(folder, ...flags());
    expect({ code: refused.code, stderr: refused.stderr, text: read(folder) }).toEqual({
      code: 2,
      stderr:
        'altr-exports.yaml exists already; add to it with --append, name another file, or overwrite it with --force\n',
      text: 'mine',
    });
    expect((await init(folder, ...flags(), '--force')).code).toBe(0);
    expect(read(folder)).toContain('acme-prod');
  });

  const EMEA = [
    '--name',
    'acme-emea',
    '--client-id',
    'c-2',
    '--bucket',
    'acme-emea',
    '--region',
    'eu-west-1',
  ];

  test('adds an export to the config that exists, also from a folder below it', async () => {
    const folder = emptyFolder();
    await init(folder, ...flags());
    const first = read(folder);
    mkdirSync(join(folder, '.git'));
    mkdirSync(join(folder, 'below'));
    writeFileSync(join(folder, 'below', 'cdktf.json'), '{}');
    const { code, stdout, stderr } = await init(join(folder, 'below'), '--append', ...EMEA);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Added acme-emea to \.\.\/altr-exports\.yaml\.\n/);
    expect(stdout).toContain('ALTR_EXPORTS_CONFIG=../altr-exports.yaml npx cdktf deploy acme-emea ');
    expect(read(folder).startsWith(first)).toBe(true);
    const { altr, exports } = parseConfig(read(folder), 'altr-exports.yaml', 'provision').config;
    expect({ altr, names: exports.map(({ name }) => name) }).toEqual({
      altr: { awsAccountId: '012345678901' },
      names: ['acme-prod', 'acme-emea'],
    });
  });

  test.each([
    [
      'a name that the config has',
      [...EMEA, '--name', 'acme-prod'],
      /:\d+: exports\[1\]\.name "acme-prod" is already/,
    ],
    [
      'another account of ALTR’s',
      [...EMEA, '--altr-account-id', '999999999999'],
      /^--altr-account-id 999999999999 is not the account of altr-exports\.yaml, which has 012345678901/,
    ],
    ['to overwrite it, too', [...EMEA, '--force'], /'--force' cannot be used with option '--append'/],
    [
      'a partition that ALTR has not confirmed',
      [...EMEA, '--region', 'us-gov-west-1'],
      /--partition-confirmed\n$/,
    ],
  ])('refuses to add %s, and leaves the config as it is', async (_what, args, says) => {
    const folder = emptyFolder();
    await init(folder, ...flags());
    const first = read(folder);
    const { code, stderr } = await init(folder, '--append', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
    expect(read(folder)).toBe(first);
  });

  test('adds to nothing where there is no config', async () => {
    const folder = emptyFolder();
    const { code, stderr } = await init(folder, '--append', ...EMEA);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^there is no config file/) });
    expect(existsSync(join(folder, 'altr-exports.yaml'))).toBe(false);
  });

  test('refuses a folder that does not exist', async () => {
    const { code, stderr } = await init(emptyFolder(), ...flags(), '--config', join('none', 'c.yaml'));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'there is no folder none; make it, or name another file with --config\n',
    });
  });
});

const hasScript = spawnSync('script', ['--version']).status === 0;
if (!hasScript) process.stderr.write('SKIPPED init on a terminal: the program script can’t be found\n');

(hasScript ? describe : describe.skip)('init on a terminal', () => {
  const program = [process.execPath, join(ROOT, 'bin', 'altr-export.js'), 'init'];

  test('asks for what no flag gives, refuses a bad answer, proposes a role name, and takes several exports', async () => {
    const folder = emptyFolder();
    const screen = await onTerminal([...program, '--altr-account-id', '012345678901'], { cwd: folder, env }, [
      [/Name of the export/, 'acme prod\r'],
      [/It must be 1 to 64 letters/, '\u0015acme-prod\r'],
      [/client ID/, 'client-1\r'],
      [/S3 bucket/, 'acme-logs\r'],
      [/AWS region/, 'us-east-1\r'],
      [/Name of the role[\s\S]*ALTRPublishSIEMDataAcmeProd/, '\r'],
      [/Another export\?/, 'y\r'],
      [/Name of the export/, 'acme-emea\r'],
      [/client ID/, 'client-2\r'],
      [/S3 bucket/, 'acme-logs\r'],
      [/already that of another export/, '-emea\r'],
      [/AWS region/, 'eu-central-1\r'],
      [/Name of the role/, '\r'],
      [/Another export\?/, '\r'],
    ]);
    expect(screen).toContain('Wrote altr-exports.yaml.');
    const { exports } = parseConfig(read(folder), 'altr-exports.yaml', 'provision').config;
    expect(exports).toEqual([
      {
        name: 'acme-prod',
        clientId: 'client-1',
        bucket: 'acme-logs',
        region: 'us-east-1',
        roleName: 'ALTRPublishSIEMDataAcmeProd',
      },
      {
        name: 'acme-emea',
        clientId: 'client-2',
        bucket: 'acme-logs-emea',
        region: 'eu-central-1',
        roleName: 'ALTRPublishSIEMDataAcmeEmea',
      },
    ]);
  }, 30_000);

  test('asks where ALTR’s account is for a region outside the partition aws', async () => {
    const folder = emptyFolder();
    const given = [...program, ...flags({ '--region': 'us-gov-west-1' }).filter((_, at) => at < 2 || at > 3)];
    const screen = await onTerminal(given, { cwd: folder, env }, [
      [/Name of the export/, 'acme\r'],
      [/Name of the role/, '\r'],
      [/Another export\?/, '\r'],
      [/Has ALTR confirmed[\s\S]*us-gov-west-1/, 'y\r'],
    ]);
    expect(screen).toContain('Wrote altr-exports.yaml.');
    expect(parseConfig(read(folder), 'altr-exports.yaml', 'provision').config.altr.partitionConfirmed).toBe(
      true,
    );
  }, 30_000);

  test('stopped in the middle writes nothing and says so', async () => {
    const folder = emptyFolder();
    const screen = await onTerminal(program, { cwd: folder, env }, [[/account ID/, '\u0003']]);
    expect(screen).toMatch(/stopped; nothing was written/);
    expect(existsSync(join(folder, 'altr-exports.yaml'))).toBe(false);
  }, 30_000);
});
