/** GitHub's own parser of workflows and actions. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ROOT } from './command';

/** What the parser finds wrong with a file, by the kind of file. */
export function githubParser(): (kind: 'parseWorkflow' | 'parseAction', content: string) => string[] {
  const folder = mkdtempSync(join(tmpdir(), 'altr-parser-'));
  try {
    // The parser is published for bundlers only.
    const file = join(folder, 'parser.cjs');
    buildSync({
      stdin: {
        contents: `export { parseWorkflow, NoOperationTraceWriter } from '@actions/workflow-parser';
          export { parseAction } from '@actions/workflow-parser/actions/action-parser';`,
        resolveDir: ROOT,
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: file,
    });
    const parser = createRequire(__filename)(file);
    return (kind, content) =>
      parser[kind]({ name: 'file.yml', content }, new parser.NoOperationTraceWriter())
        .context.errors.getErrors()
        .map(({ message }: { message: string }) => message);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
