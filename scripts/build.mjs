// Bundles the command line into dist/cli.cjs. With --if-stale it does so only if a source is newer than the last build.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { bundleCommandLine, COMMON } from './bundle-command-line.mjs';
import { packagesOf, softwareBillOfMaterials, thirdPartyNotices } from './notices.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));

const SOURCES = [
  'contract',
  'config',
  'checks',
  'cli',
  'lambda',
  'logs',
  'modules',
  'package.json',
  'package-lock.json',
  'bin',
  'scripts',
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

// Built beside the old bundle and put in its place whole: a check that runs meanwhile never finds half of it.
const draft = `dist.${process.pid}.tmp`;

const inputs = await bundleCommandLine(draft);
// The Lambda function of the alerts, one file: the runtime brings the SDK.
await build({
  ...COMMON,
  input: 'lambda/alerts.ts',
  external: [/^@aws-sdk\//],
  transform: { target: 'node22' },
  output: {
    ...COMMON.output,
    file: join(draft, 'lambda', 'alerts', 'index.mjs'),
    format: 'esm',
    // Stack traces in its log show names.
    minify: { compress: true, mangle: false, codegen: true },
    codeSplitting: false,
  },
});
const packages = packagesOf(inputs);
writeFileSync(`${draft}/THIRD-PARTY-NOTICES.txt`, thirdPartyNotices(packages));
const kit = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync(`${draft}/package.cdx.json`, softwareBillOfMaterials(kit, packages));
rmSync('dist', { recursive: true, force: true });
renameSync(draft, 'dist');
