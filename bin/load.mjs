// Loads the bundled command line with V8's code cache, without which compiling would be half of a check's start.
import { readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import vm from 'node:vm';

/** The file of a bundle's code cache, which fits the Node that built it. @param {string} bundle */
export const cacheOf = (bundle) => `${bundle}.cache`;

/** What the bundle exports. @param {string} bundle its absolute path @returns {{ main(argv: readonly string[]): Promise<void> }} */
export function load(bundle) {
  // Node 22 and later keep a code cache themselves.
  if (module.enableCompileCache) {
    module.enableCompileCache();
    return createRequire(bundle)(bundle);
  }
  return run(compile(bundle), bundle);
}

/** Compiles the bundle as Node compiles a CommonJS module. A cache that is missing, or of another V8, costs time only. @param {string} bundle */
export function compile(bundle) {
  return new vm.Script(
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(bundle, 'latin1')}\n})`,
    { filename: bundle, cachedData: cached(bundle) },
  );
}

/** Runs a compiled bundle. @param {vm.Script} script @param {string} bundle */
export function run(script, bundle) {
  const cli = { exports: {} };
  script.runInThisContext()(cli.exports, createRequire(bundle), cli, bundle, dirname(bundle));
  return cli.exports;
}

/** @param {string} bundle */
function cached(bundle) {
  try {
    return readFileSync(cacheOf(bundle));
  } catch {
    return undefined;
  }
}
