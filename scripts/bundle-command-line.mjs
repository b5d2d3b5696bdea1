// Bundles the command line into dist/cli.cjs and the files of dist/cli/, which are read when what they hold is first asked
// for. A check is short, so it should not read, compile or run what it doesn't need.
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'rolldown';

/** Only commands that synthesise need these; they are loaded from node_modules. */
const INSTALLED = [/^cdktf(\/|$)/, /^constructs(\/|$)/, /^@cdktf\/provider-aws(\/|$)/];

/**
 * What a check loads, in the order in which it does: each with all that it imports and that is in no file before it. Reading one
 * file is faster than reading forty. What other commands load, Rolldown cuts up so that each reads no more than it uses.
 */
const FILES_OF_CHECK = [
  ['start', 'cli/main.ts'],
  ['check', 'cli/check/run.ts'],
  ['session', 'cli/check/observe-aws.ts'],
  // While the first answers are under way.
  ['bucket', 'checks/observe/live/bucket.ts', 'checks/report/text.ts'],
];

/**
 * Commander can run other programs as subcommands, which we have none of: Node needn't load what starts processes.
 * @type {import('rolldown').Plugin}
 */
const noPrograms = {
  name: 'no-programs',
  resolveId: (id, importer) =>
    id === 'node:child_process' && /[\\/]commander[\\/]/.test(importer ?? '') ? '\0nothing' : null,
  load: (id) => (id === '\0nothing' ? 'export default {}' : null),
};

/** What all bundles have in common. @type {import('rolldown').BuildOptions & { output: import('rolldown').OutputOptions }} */
export const COMMON = {
  platform: 'node',
  // The SDK's ES modules: what is not used is left out. Paths are those of the checkout, also where node_modules is a link.
  resolve: { mainFields: ['module', 'main'], symlinks: false },
  logLevel: 'warn',
  output: {
    minify: true,
    comments: false,
    // V8 keeps pure ASCII as one byte a character.
    charset: 'ascii',
  },
};

/** @param {string} folder where to write `cli.cjs` and `cli/` @returns {Promise<string[]>} the modules that are in them */
export async function bundleCommandLine(folder) {
  const { output } = await build({
    ...COMMON,
    input: { cli: 'cli/main.ts' },
    external: INSTALLED,
    plugins: [noPrograms],
    transform: { target: 'node20' },
    // A module that one file imports at once and another by import() needs no file of its own.
    checks: { ineffectiveDynamicImport: false },
    output: {
      ...COMMON.output,
      dir: folder,
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'cli/[name].cjs',
      // `require` in place of import(): the SDK's import('node:http') would start Node's loader of ES modules, which asks for all
      // that module exports, and so runs the whole of undici.
      dynamicImportInCjs: false,
      sourcemap: true,
      sourcemapExcludeSources: true,
      codeSplitting: {
        groups: FILES_OF_CHECK.map(([name, ...entries], index) => ({
          name,
          test: (id) => entries.some((entry) => id === resolve(entry)),
          priority: FILES_OF_CHECK.length - index,
          includeDependenciesRecursively: true,
        })),
      },
    },
  });
  return output.flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []));
}

/** All that a command needs of `dist`, and what goes with it: for the image and a release's commit. @param {string} root */
export function filesOfBundle(root) {
  const pieces = readdirSync(resolve(root, 'dist', 'cli')).filter((name) => name.endsWith('.cjs'));
  return ['dist/THIRD-PARTY-NOTICES.txt', 'dist/cli.cjs', ...pieces.sort().map((name) => `dist/cli/${name}`)];
}
