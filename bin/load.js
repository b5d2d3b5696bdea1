// Loads the bundled command line with V8's code cache, without which compiling would be half of a check's start. CommonJS, since
// Node's loader of ES modules alone takes a tenth of that start.
const { readFileSync } = require('node:fs');
const module_ = require('node:module');
const { dirname } = require('node:path');
const vm = require('node:vm');

/** The file of a bundle's code cache, which fits the Node that built it. @param {string} bundle */
const cacheOf = (bundle) => `${bundle}.cache`;

/**
 * What the bundle exports.
 * @param {string} bundle its absolute path
 * @param {boolean} debug whether stack traces shall show the sources' names and lines, which takes some time
 * @returns {{ main(argv: readonly string[]): Promise<void> }}
 */
function load(bundle, debug) {
  // Node reads maps of modules only.
  if (debug) process.setSourceMapsEnabled(true);
  // Node 22 and later keep a code cache themselves.
  else if (module_.enableCompileCache) module_.enableCompileCache();
  else return run(compile(bundle), bundle);
  return require(bundle);
}

/** Compiles the bundle as Node compiles a CommonJS module. A cache that is missing, or of another V8, costs time only. @param {string} bundle */
function compile(bundle) {
  return new vm.Script(
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(bundle, 'latin1')}\n})`,
    // V8 keeps the name in the cache: it tells nothing of the machine that built it.
    { filename: 'cli.cjs', cachedData: cached(bundle) },
  );
}

/** Runs a compiled bundle. @param {vm.Script} script @param {string} bundle */
function run(script, bundle) {
  const cli = { exports: {} };
  script.runInThisContext()(cli.exports, module_.createRequire(bundle), cli, bundle, dirname(bundle));
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

module.exports = { cacheOf, compile, load, run };
