// Bundles the command line into dist/: an entry and one chunk for each lazily loaded part, so that a check loads
// only the SDK clients and the report format that it uses.
// With --if-stale it does so only where a source is newer than the last build.
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { thirdPartyNotices } from './notices.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));

const SOURCES = [
  'contract',
  'modules',
  'checks',
  'logs',
  'package.json',
  'package-lock.json',
  'scripts/build.mjs',
];

if (process.argv.includes('--if-stale') && !isStale()) process.exit(0);

/** Whether a source is newer than the bundle. */
function isStale() {
  if (!existsSync('dist/cli.mjs')) return true;
  const built = statSync('dist/cli.mjs').mtimeMs;
  return SOURCES.filter((path) => existsSync(path)).some((path) => newest(path) > built);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

// Built beside the old bundle and put in its place whole: a check that runs meanwhile never finds half of it.
const draft = `dist.${process.pid}.tmp`;

/** Only `start` and `synth` need these; they are loaded from node_modules, file by file. */
const PROVISIONING = /^(cdktf|constructs|@cdktf\/provider-aws)(\/|$)/;

const { metafile } = await build({
  metafile: true,
  entryPoints: { cli: 'checks/cli/main.ts' },
  outdir: draft,
  chunkNames: 'chunks/[name]-[hash]',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // The SDK's ES modules: what is not used is left out.
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Bundled CommonJS packages call require() for Node's own modules, and our own code, which the package also ships as
  // CommonJS, looks for what lies beside it in __dirname.
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      "import { dirname as __dirnameOf } from 'node:path';",
      "import { fileURLToPath as __fileURLToPath } from 'node:url';",
      'const require = __createRequire(import.meta.url);',
      'const __dirname = __dirnameOf(__fileURLToPath(import.meta.url));',
    ].join(' '),
  },
  plugins: [
    {
      name: 'provisioning-stays-outside',
      setup({ onResolve }) {
        onResolve({ filter: PROVISIONING }, ({ path }) => ({
          // Node's ESM loader can't import a folder.
          path: /^@cdktf\/provider-aws\/lib\/[^/]+$/.test(path) ? `${path}/index.js` : path,
          external: true,
        }));
      },
    },
  ],
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
rmSync('dist', { recursive: true, force: true });
renameSync(draft, 'dist');
