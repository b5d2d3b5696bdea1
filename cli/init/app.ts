/** The project around a config that `cdktf deploy` needs: what `altr-export init --app` writes. */
import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeFileWhole } from '../../checks/report/output';
import { DEFAULT_CONFIG_FILE } from '../../config/file/find';
import { UserError } from '../../contract/user-error';
import { devDependencies, version } from '../../package.json';
import type { App } from './questions';

const RUN_TYPESCRIPT = { tsx: devDependencies.tsx };

const DEPENDENCIES: Readonly<Record<App, Readonly<Record<'dependencies' | 'devDependencies', object>>>> = {
  cdktf: {
    dependencies: {
      '@cdktf/provider-aws': devDependencies['@cdktf/provider-aws'],
      cdktf: devDependencies.cdktf,
      constructs: devDependencies.constructs,
    },
    devDependencies: { 'cdktf-cli': devDependencies['cdktf-cli'], ...RUN_TYPESCRIPT },
  },
  cdktn: {
    // The kit imports the names of CDKTF: they lead to CDK Terrain, in one copy (docs/cdk-terrain.md).
    dependencies: {
      '@cdktf/provider-aws': 'npm:@cdktn/provider-aws@25.7.0',
      cdktf: 'file:./cdktf-is-cdktn',
      cdktn: '0.24.0',
      constructs: '10.7.1',
    },
    devDependencies: { 'cdktn-cli': '0.24.0', ...RUN_TYPESCRIPT },
  },
};

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Text by the path of each file, from the folder of the config. */
function filesOf(app: App, config: string): Readonly<Record<string, string>> {
  const { dependencies, devDependencies: tools } = DEPENDENCIES[app];
  const named = config === DEFAULT_CONFIG_FILE ? '' : `, ${JSON.stringify(config)}`;
  return {
    'cdktf.json': json({
      language: 'typescript',
      app: 'npx tsx main.ts',
      projectId: 'altr-exports',
      sendCrashReports: 'false',
    }),
    'main.ts': [
      `/** One stack for each export of ${config}. */`,
      "import { readConfig, synthesise } from 'altr-audit-log-export-kit';",
      '',
      `synthesise(readConfig('provision'${named}).config);`,
      '',
    ].join('\n'),
    'package.json': json({
      name: 'altr-exports',
      private: true,
      dependencies: { ...dependencies, 'altr-audit-log-export-kit': version },
      devDependencies: tools,
    }),
    'tsconfig.json': json({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2022',
        strict: true,
        skipLibCheck: true,
        noEmit: true,
      },
      files: ['main.ts'],
    }),
    // The state names accounts, keys and client IDs.
    '.gitignore': 'node_modules/\ncdktf.out/\nterraform.*.tfstate*\n',
    ...(app === 'cdktn'
      ? {
          'cdktf-is-cdktn/package.json': json({
            name: 'cdktf',
            version: '0.24.0',
            main: 'index.js',
            types: 'index.d.ts',
          }),
          'cdktf-is-cdktn/index.js': "module.exports = require('cdktn');\n",
          'cdktf-is-cdktn/index.d.ts': "export * from 'cdktn';\n",
        }
      : {}),
  };
}

/**
 * Plans the files of a project beside a config, and returns what writes them.
 * @throws UserError if one exists and may not be overwritten
 */
export function appBeside(config: string, app: App, force: boolean): () => Promise<void> {
  const folder = dirname(config);
  const files = Object.entries(filesOf(app, basename(config)));
  const existing = files.map(([name]) => join(folder, name)).filter((file) => existsSync(file));
  if (existing.length > 0 && !force) {
    throw new UserError(
      `${existing.join(', ')} exist${existing.length === 1 ? 's' : ''} already; --app writes a project of its own: take an empty folder, or overwrite with --force`,
    );
  }
  return async () => {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      await writeFileWhole(join(folder, name), text);
    }
  };
}
