// Bundles the command line into one file, dist/cli.cjs: what a command does not use is in it, but is not run. Beside it lies
// V8's code cache of a check, without which half of its start would be compiling (bin/load.mjs).
// With --if-stale it does so only where a source is newer than the last build.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeCodeCache } from './code-cache.mjs';
import { thirdPartyNotices } from './notices.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));

const SOURCES = [
  'contract',
  'modules',
  'checks',
  'logs',
  'package.json',
  'package-lock.json',
  'bin',
  'scripts/build.mjs',
  'scripts/code-cache.mjs',
];

if (process.argv.includes('--if-stale') && !isStale()) process.exit(0);

/** Whether a source is newer than the bundle. */
function isStale() {
  if (!existsSync('dist/cli.cjs')) return true;
  const built = statSync('dist/cli.cjs').mtimeMs;
  return SOURCES.filter((path) => existsSync(path)).some((path) => newest(path) > built);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** A character as JavaScript's texts and patterns may spell it. @param {string} char */
function escaped(char) {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

// Built beside the old bundle and put in its place whole: a check that runs meanwhile never finds half of it.
const draft = `dist.${process.pid}.tmp`;

const { metafile } = await build({
  metafile: true,
  entryPoints: { cli: 'checks/cli/main.ts' },
  outdir: draft,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  // The SDK's ES modules: what is not used is left out.
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Code from V8's cache can't import() by itself.
  supported: { 'dynamic-import': false },
  // Only commands that synthesise need these; they are loaded from node_modules.
  external: ['cdktf', 'constructs', '@cdktf/provider-aws'],
});
// The Lambda function of the alerts, one file: the runtime brings the SDK.
await build({
  entryPoints: { index: 'logs/alerts/lambda.ts' },
  outdir: join(draft, 'lambda', 'alerts'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['@aws-sdk/*'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
});
writeFileSync(`${draft}/THIRD-PARTY-NOTICES.txt`, thirdPartyNotices(metafile));
// Pure ASCII is read as it lies there, a byte a character.
const bundle = join(draft, 'cli.cjs');
writeFileSync(bundle, readFileSync(bundle, 'utf8').replaceAll(/[^\0-\x7f]/g, escaped));
await writeCodeCache(bundle);
rmSync('dist', { recursive: true, force: true });
renameSync(draft, 'dist');
