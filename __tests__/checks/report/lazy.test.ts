import { join } from 'node:path';
import { build } from 'esbuild';
import { FORMAT_NAMES } from '../../../checks/report/formats';

test('no format is loaded that was not asked for', async () => {
  const { metafile } = await build({
    entryPoints: [join(__dirname, '..', '..', '..', 'checks', 'report', 'formats.ts')],
    outdir: 'unwritten',
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  const outputs = Object.entries(metafile.outputs);
  /** What is loaded with an output: its own sources, and those of every output that it imports at once. */
  const loaded = (path: string, seen = new Set<string>()): string[] => {
    if (seen.has(path)) return [];
    seen.add(path);
    const { inputs = {}, imports = [] } = metafile.outputs[path] ?? {};
    const atOnce = imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
    return [...Object.keys(inputs), ...atOnce.flatMap((imported) => loaded(imported.path, seen))];
  };
  const entry = outputs.find(([, { entryPoint }]) => entryPoint?.endsWith('formats.ts'))?.[0] ?? '';
  const renderers = (paths: readonly string[]) =>
    FORMAT_NAMES.filter((name) => paths.some((path) => path.endsWith(`checks/report/${name}.ts`)));
  expect(loaded(entry).length).toBeGreaterThan(0);
  expect(renderers(loaded(entry))).toEqual([]);
  for (const format of FORMAT_NAMES) {
    const chunk =
      outputs.find(([, { entryPoint }]) => entryPoint?.endsWith(`report/${format}.ts`))?.[0] ?? '';
    expect(renderers(loaded(chunk))).toEqual([format]);
  }
});
