import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFile, foundConfigFile } from '../../../config/file/find';
import { readConfig } from '../../../config/file/read';

jest.mock('node:os', () => ({ ...jest.requireActual<typeof os>('node:os'), homedir: jest.fn() }));
const homedir = jest.mocked(os.homedir);

const before = process.cwd();
let top: string;
let below: string;

beforeEach(() => {
  homedir.mockReturnValue('/home/somebody');
  top = mkdtempSync(join(realpathSync(tmpdir()), 'altr-find-'));
  below = join(top, 'repository', 'infra', 'logs');
  mkdirSync(below, { recursive: true });
  process.chdir(below);
});
afterEach(() => {
  process.chdir(before);
  delete process.env.ALTR_EXPORTS_CONFIG;
  rmSync(top, { recursive: true });
});

const config = (folder: string) =>
  writeFileSync(join(folder, 'altr-exports.yaml'), 'altr: {}\nexports: []\n');
const repository = () => mkdirSync(join(top, 'repository', '.git'));

describe('the config is found', () => {
  test('in the working directory', () => {
    config(below);
    expect(foundConfigFile()).toBe('altr-exports.yaml');
  });

  test('in the nearest folder above, up to the root of the repository', () => {
    repository();
    config(join(top, 'repository'));
    expect(foundConfigFile()).toBe('../../altr-exports.yaml');
    config(join(top, 'repository', 'infra'));
    expect(foundConfigFile()).toBe('../altr-exports.yaml');
  });

  test('above, up to the home directory outside of a repository', () => {
    config(top);
    expect(foundConfigFile(top)).toBe('../../../altr-exports.yaml');
  });
});

describe('for a user without a home directory', () => {
  beforeEach(() =>
    homedir.mockImplementation(() => {
      throw new Error('ENOENT: no such file or directory, uv_os_homedir');
    }),
  );

  test('it is found in the working directory, and above it in a repository', () => {
    config(join(top, 'repository'));
    expect(foundConfigFile()).toBeUndefined();
    repository();
    expect(foundConfigFile()).toBe('../../altr-exports.yaml');
    config(below);
    expect(foundConfigFile()).toBe('altr-exports.yaml');
  });
});

describe('the config is not found', () => {
  test('above the repository', () => {
    repository();
    config(top);
    expect(foundConfigFile(top)).toBeUndefined();
  });

  test('above, outside of a repository and of the home directory', () => {
    config(join(top, 'repository'));
    expect(foundConfigFile()).toBeUndefined();
    expect(() => readConfig('audit')).toThrow(
      /^there is no config file altr-exports\.yaml in this folder, nor above it in the repository; altr-export init/,
    );
  });
});

test('a file that is named wins, and messages name the file that was found', () => {
  repository();
  config(join(top, 'repository'));
  expect(() => readConfig('audit')).toThrow(/^\.\.\/\.\.\/altr-exports\.yaml:1: /);
  process.env.ALTR_EXPORTS_CONFIG = 'variable.yaml';
  expect(configFile()).toBe('variable.yaml');
  expect(configFile('option.yaml')).toBe('option.yaml');
});
