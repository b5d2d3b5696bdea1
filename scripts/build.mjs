// Bundles the command line into dist/: an entry and one chunk for each lazily loaded part, so that a check loads
// only the SDK clients and the report format that it uses.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

/** Only `start` and `synth` need these; they are loaded from node_modules, file by file. */
const PROVISIONING = /^(cdktf|constructs|@cdktf\/provider-aws)(\/|$)/;

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { cli: 'checks/cli/main.ts' },
  outdir: 'dist',
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
  legalComments: 'none',
  logLevel: 'warning',
  // Bundled CommonJS packages call require() for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
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
