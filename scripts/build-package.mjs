// Compiles what the package exports into dist/lib/: CommonJS with types, and a thin ES module over each entry, so that
// there is one copy of every class, however it is loaded.
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));

/** Entry by the name under which package.json exports it. */
const ENTRIES = ['index', 'contract', 'judge'];

const draft = `dist.${process.pid}.tmp`;
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '--project', 'tsconfig.package.json', '--outDir', draft], {
  stdio: 'inherit',
});
for (const entry of ENTRIES) {
  writeFileSync(`${draft}/package/${entry}.mjs`, `export * from './${entry}.js';\n`);
  writeFileSync(`${draft}/package/${entry}.d.mts`, `export * from './${entry}.js';\n`);
}
rmSync('dist/lib', { recursive: true, force: true });
renameSync(draft, 'dist/lib');
