// Bundles the command line. A check is short, so it should not compile or run what it doesn't need:
// 1. esbuild splits the sources at every import(), which shows what of the SDK each command uses, and leaves out the rest;
// 2. the pieces become one file, each run when it is first asked for: reading one file is faster than reading forty.
//    V8 compiles those that a check runs at once, and the others when they are asked for.
// Without the first step every SDK client would be run whole: esbuild leaves nothing out of a module behind an import().
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';

/** Only commands that synthesise need these; they are loaded from node_modules. */
const INSTALLED = ['cdktf', 'constructs', '@cdktf/provider-aws'];

/** Large, and rarely loaded: a file each, which a check doesn't read. */
const APART = { prompts: '@inquirer/prompts', proxy: 'proxy-agent' };

const NAMES = ['cli', ...Object.keys(APART)];

/** All that a command needs of `dist`, and what goes with it: for the image and a release's commit. */
export const FILES_OF_BUNDLE = [...NAMES.map((name) => `dist/${name}.cjs`), 'dist/THIRD-PARTY-NOTICES.txt'];

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

/**
 * Commander can run other programs as subcommands, which we have none of: Node needn't load what starts processes.
 * @type {import('esbuild').Plugin}
 */
const noPrograms = {
  name: 'no-programs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'nothing', namespace: 'nothing' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'nothing' }, () => ({ contents: '' }));
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
    plugins: [apart, noPrograms],
  });
  /** @type {import('esbuild').BuildOptions & { metafile: true }} */
  const one = {
    ...COMMON,
    format: 'cjs',
    outdir: resolve(pieces, 'whole'),
    outExtension: { '.js': '.cjs' },
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
  };
  await build({
    ...one,
    // esbuild writes the paths of the pieces into the bundle: seen from here, they don't depend on the folder's name.
    absWorkingDir: resolve(pieces),
    entryPoints: { cli: './cli.js' },
    external: [...INSTALLED, ...Object.keys(APART).map(fileOf)],
  });
  const { metafile } = await build({ ...one, entryPoints: APART });
  const files = NAMES.map((name) => join(pieces, 'whole', `${name}.cjs`));
  const [whole] = files;
  writeFileSync(whole, compiledAtOnce(readFileSync(whole, 'utf8'), piecesOfCheck(split.metafile)));
  await build({
    ...COMMON,
    bundle: false,
    external: undefined,
    format: 'cjs',
    entryPoints: files,
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    minifyWhitespace: true,
    // Short names load faster. `--debug` reads the map and shows the right ones (bin/altr-export.js).
    minifyIdentifiers: true,
  });
  for (const file of files.map((path) => join(folder, basename(path)))) {
    // V8 keeps pure ASCII as one byte a character.
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/[^\0-\x7f]/g, escaped));
  }
  rmSync(pieces, { recursive: true });
  return [...Object.keys(split.metafile.inputs), ...Object.keys(metafile.inputs)];
}

/** What a check of AWS loads behind an import(). */
const CHECK = ['cli/check/run.ts', 'cli/check/observe-aws.ts'];

/** The pieces that a check runs. @param {import('esbuild').Metafile} metafile @returns {Set<string>} their file names */
function piecesOfCheck({ outputs }) {
  const reached = new Set(
    Object.keys(outputs).filter((file) => ['cli/main.ts', ...CHECK].includes(outputs[file].entryPoint)),
  );
  for (const file of reached)
    for (const { path, kind } of outputs[file].imports)
      if (kind === 'import-statement' && path in outputs) reached.add(path);
  return new Set([...reached].map((file) => basename(file)));
}

/**
 * Puts the function of each of these pieces in parentheses, so that V8 compiles it with the file. Otherwise V8 would first only
 * look for the function's end, and then read it again.
 * @param {string} code @param {Set<string>} names
 */
function compiledAtOnce(code, names) {
  const compiled = code.replaceAll(
    /^ {2}"([^"\n]+)"\(\) \{$([\s\S]*?)^ {2}\}$(?=\n\}\);$)/gm,
    (whole, path, body) => (names.has(basename(path)) ? `  "${path}": (function() {${body}  })` : whole),
  );
  if (compiled === code)
    throw new Error('esbuild writes its pieces in another way than compiledAtOnce expects');
  return compiled;
}

/** A character as JavaScript's strings and patterns may spell it. @param {string} char */
function escaped(char) {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
