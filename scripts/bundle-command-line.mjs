// Bundles the command line. A check is short, so it should not compile or run what it doesn't need:
// 1. esbuild splits the sources at every import(), which shows what of the SDK each command uses, and leaves out the rest;
// 2. the pieces become one file, each run when it is first asked for: reading one file is faster than reading forty.
// Without the first step every SDK client would be run whole: esbuild leaves nothing out of a module behind an import().
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

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
  sourcemap: true,
  sourcesContent: false,
  // Paths are parts of what esbuild writes: those of the checkout, also where node_modules is a link to elsewhere.
  preserveSymlinks: true,
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
  });
  const bundle = join(folder, 'cli.cjs');
  await build({
    ...COMMON,
    format: 'cjs',
    entryPoints: [join(pieces, 'cli.js')],
    outfile: bundle,
    // Short names load faster. `--debug` reads the map and shows the right ones (bin/altr-export.js).
    minifyIdentifiers: true,
    logOverride: {
      // Pieces name each other even if they take nothing from each other, which would run them: no module of ours has side
      // effects, as package.json says, and one of a package is in the piece that uses it.
      'ignored-bare-import': 'silent',
      // A proxy's PAC file needs WebAssembly that the bundle doesn't hold.
      'empty-import-meta': 'silent',
    },
  });
  rmSync(pieces, { recursive: true });
  // V8 keeps pure ASCII as one byte a character.
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replaceAll(/[^\0-\x7f]/g, escaped));
  return Object.keys(split.metafile.inputs);
}

/** A character as JavaScript's strings and patterns may spell it. @param {string} char */
function escaped(char) {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
