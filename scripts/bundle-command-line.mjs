// Bundles the command line. A check is short, so what it need not read, compile or run is left out of its way:
// 1. esbuild splits the sources at every import(), which tells what of the SDK each command uses, and leaves out the rest;
// 2. the pieces become one file, each run when it is first asked for: reading one file is faster than reading forty;
// 3. big packages that a check rarely loads go into a file of their own (rarely-loaded.mjs).
// Without the first step all of the SDK's clients would be run: esbuild leaves nothing out of a module behind an import().
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { RARELY_LOADED, rarelyLoaded } from './rarely-loaded.mjs';

const REST = 'cli-rest.cjs';

/** Only commands that synthesise need these; they are loaded from node_modules. */
const INSTALLED = ['cdktf', 'constructs', '@cdktf/provider-aws'];

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
};

/** @type {import('esbuild').BuildOptions} */
const ONE_FILE = {
  format: 'cjs',
  // Code from V8's cache can't import() by itself.
  supported: { 'dynamic-import': false },
};

/** @param {string} folder where to write `cli.cjs` and `cli-rest.cjs` @returns {Promise<{ bundle: string, inputs: string[] }>} the first of them, and the files that are in them */
export async function bundleCommandLine(folder) {
  const pieces = join(folder, 'pieces');
  const split = await build({
    ...COMMON,
    entryPoints: { cli: 'cli/main.ts' },
    outdir: pieces,
    format: 'esm',
    splitting: true,
    sourcemap: true,
    sourcesContent: false,
    external: INSTALLED,
    plugins: [rarelyLoaded(REST)],
  });
  const bundle = join(folder, 'cli.cjs');
  await build({
    ...COMMON,
    ...ONE_FILE,
    entryPoints: [join(pieces, 'cli.js')],
    outfile: bundle,
    // Short names load faster. `--debug` reads the map and shows the right ones (bin/altr-export.js).
    minifyIdentifiers: true,
    sourcemap: true,
    sourcesContent: false,
    external: [...INSTALLED, `./${REST}`],
    // Pieces name each other also where nothing is taken from them, which would run them: no module of ours has side effects,
    // as package.json says, and one of a package lies with those that use it.
    logOverride: { 'ignored-bare-import': 'silent' },
  });
  const rest = await build({
    ...COMMON,
    ...ONE_FILE,
    stdin: { contents: RARELY_LOADED, resolveDir: '.' },
    outfile: join(folder, REST),
  });
  rmSync(pieces, { recursive: true });
  // Pure ASCII is read as it lies there, a byte a character.
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replaceAll(/[^\0-\x7f]/g, escaped));
  return { bundle, inputs: [split, rest].flatMap(({ metafile }) => Object.keys(metafile.inputs)) };
}

/** A character as JavaScript's texts and patterns may spell it. @param {string} char */
function escaped(char) {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
