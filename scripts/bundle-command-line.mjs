// Bundles the command line. A check is short, so it should not compile or run what it doesn't need:
// 1. esbuild splits the sources at every import(), which shows what of the SDK each command uses, and leaves out the rest;
// 2. the pieces become one file, each run when it is first asked for: reading one file is faster than reading forty.
// Without the first step every SDK client would be run whole: esbuild leaves nothing out of a module behind an import().
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Only commands that synthesise need these; they are loaded from node_modules. */
const INSTALLED = ['cdktf', 'constructs', '@cdktf/provider-aws'];

/** Large, and rarely loaded: a file each, which a check doesn't read. */
const APART = { prompts: '@inquirer/prompts', proxy: 'proxy-agent' };

/** @param {string} name of a file that is apart @returns {string} what the bundle calls it */
const fileOf = (name) => `./${name}.cjs`;

/** @type {import('esbuild').Plugin} */
const apart = {
  name: 'apart',
  setup({ onResolve }) {
    for (const [name, path] of Object.entries(APART))
      onResolve({ filter: new RegExp(`^${path}$`) }, () => ({ path: fileOf(name), external: true }));
  },
};

/** @type {import('esbuild').BuildOptions & { metafile: true }} */
const COMMON = {
  metafile: true,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // The SDK's ES modules: what is not used is left out.
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  sourcemap: true,
  sourcesContent: false,
  external: INSTALLED,
};

/** @param {string} folder where to write `cli.cjs` @returns {Promise<string[]>} the files that are in it */
export async function bundleCommandLine(folder) {
  const pieces = join(folder, 'pieces');
  const split = await build({
    ...COMMON,
    entryPoints: { cli: 'cli/main.ts' },
    outdir: pieces,
    format: 'esm',
    splitting: true,
    plugins: [apart],
  });
  const { metafile } = await build({
    ...COMMON,
    format: 'cjs',
    // Short names load faster. `--debug` reads the map and shows the right ones (bin/altr-export.js).
    minifyIdentifiers: true,
    // `require` in place of import(): the SDK's import('node:http') would start Node's loader of ES modules, which asks for all
    // that module exports, and so runs the whole of undici.
    supported: { 'dynamic-import': false },
    logOverride: {
      // Pieces name each other even if they take nothing from each other, which would run them: no module of ours has side
      // effects, as package.json says, and one of a package is in the piece that uses it.
      'ignored-bare-import': 'silent',
      // A proxy's PAC file needs WebAssembly that the bundle doesn't hold.
      'empty-import-meta': 'silent',
    },
    entryPoints: { ...APART, cli: join(pieces, 'cli.js') },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    external: [...INSTALLED, ...Object.keys(APART).map(fileOf)],
  });
  rmSync(pieces, { recursive: true });
  for (const name of ['cli', ...Object.keys(APART)]) {
    // V8 keeps pure ASCII as one byte a character.
    const file = join(folder, `${name}.cjs`);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/[^\0-\x7f]/g, escaped));
  }
  return [...Object.keys(split.metafile.inputs), ...Object.keys(metafile.inputs)].filter(
    (input) => !input.startsWith(pieces),
  );
}

/** A character as JavaScript's strings and patterns may spell it. @param {string} char */
function escaped(char) {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
