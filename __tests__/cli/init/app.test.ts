/** The project that `init --app` writes: what it names is what this house uses, and nothing of others is overwritten. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appBeside } from '../../../cli/init/app';
import type { App } from '../../../cli/init/questions';
import { devDependencies, version } from '../../../package.json';
import { dependencies as terrain } from '../../cdktn/package.json';

const APPS: readonly App[] = ['cdktf', 'cdktn'];
const root = mkdtempSync(join(tmpdir(), 'altr-app-'));
afterAll(() => rmSync(root, { recursive: true }));

const written = async (app: App, config = 'altr-exports.yaml') => {
  const folder = mkdtempSync(join(root, 'app-'));
  await appBeside(join(folder, config), app, false)();
  return { folder, read: (name: string) => readFileSync(join(folder, name), 'utf8') };
};

test.each(APPS)('%s: has this version of the kit', async (app) => {
  const { read } = await written(app);
  expect(JSON.parse(read('package.json')).dependencies).toMatchObject({
    'altr-audit-log-export-kit': version,
  });
  expect(JSON.parse(read('cdktf.json'))).toMatchObject({ app: 'npx tsx main.ts', language: 'typescript' });
  expect(read('.gitignore').split('\n')).toContain('terraform.*.tfstate*');
});

test('cdktf: has the versions that this house is tested with', async () => {
  const { read } = await written('cdktf');
  const { dependencies, devDependencies: tools } = JSON.parse(read('package.json'));
  for (const [name, found] of Object.entries({ ...dependencies, ...tools }))
    if (name !== 'altr-audit-log-export-kit')
      expect([name, found]).toEqual([name, (devDependencies as Record<string, string>)[name]]);
});

test('cdktn: has the versions of the tests with CDK Terrain, under the names that the kit imports', async () => {
  const { folder, read } = await written('cdktn');
  expect(JSON.parse(read('package.json')).dependencies).toMatchObject({
    '@cdktf/provider-aws': `npm:@cdktn/provider-aws@${terrain['@cdktn/provider-aws']}`,
    cdktf: 'file:./cdktf-is-cdktn',
    cdktn: terrain.cdktn,
    constructs: terrain.constructs,
  });
  expect(JSON.parse(read('cdktf-is-cdktn/package.json')).version).toBe(terrain.cdktn);
  expect(readdirSync(join(folder, 'cdktf-is-cdktn')).sort()).toEqual([
    'index.d.ts',
    'index.js',
    'package.json',
  ]);
});

test('the app names a config that is called otherwise', async () => {
  expect((await written('cdktf')).read('main.ts')).toContain("readConfig('provision')");
  expect((await written('cdktf', 'prod.yaml')).read('main.ts')).toContain(
    `readConfig('provision', "prod.yaml")`,
  );
});

test('overwrites only by force', async () => {
  const folder = mkdtempSync(join(root, 'mine-'));
  writeFileSync(join(folder, 'package.json'), 'mine');
  const config = join(folder, 'altr-exports.yaml');
  expect(() => appBeside(config, 'cdktf', false)).toThrow(
    /package\.json exists already; --app writes a project/,
  );
  expect(readdirSync(folder)).toEqual(['package.json']);
  await appBeside(config, 'cdktf', true)();
  expect(readFileSync(join(folder, 'package.json'), 'utf8')).not.toBe('mine');
});
