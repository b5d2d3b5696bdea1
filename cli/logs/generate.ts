/** `altr-export logs generate`: made-up events, to stdout, into files, or on request into a bucket. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeStdout } from '../../checks/report/output';
import { UserError } from '../../contract/user-error';
import { type AuditKind, generateEvents, objectsOf } from '../../logs';
import { exportNamed } from './bucket';
import { confirm } from './confirm';
import { instant } from './instant';

export interface GenerateCommandOptions {
  readonly config?: string;
  readonly count: number;
  readonly seed: number;
  readonly kind: readonly AuditKind[];
  readonly clientId: string;
  /** The end of the time range of the events. */
  readonly until?: string;
  /** Milliseconds before that. */
  readonly spread: number;
  readonly out?: string;
  readonly gzip?: true;
  readonly put?: string;
  readonly yes?: true;
}

export async function runGenerate(options: GenerateCommandOptions): Promise<void> {
  const { count, seed, kind, out, put } = options;
  const now = Date.now();
  const to = options.until === undefined ? now : instant('--until', options.until, now);
  if (out !== undefined && put !== undefined) throw new UserError('give either --out or --put, not both');
  const entry = put === undefined ? undefined : exportNamed(put, options.config);
  const events = generateEvents({
    count,
    seed,
    clientId: entry?.clientId ?? options.clientId,
    from: to - options.spread,
    to,
    kinds: kind.length > 0 ? kind : undefined,
  });
  if (out === undefined && entry === undefined) {
    for (const event of events) await writeStdout(`${JSON.stringify(event)}\n`);
    return;
  }
  const objects = objectsOf(events, { seed, gzip: options.gzip });
  if (out !== undefined) {
    const written = await writeFiles(out, objects);
    process.stderr.write(`${written} files with ${count} events were written to ${out}\n`);
    return;
  }
  if (!entry) return;
  // Nobody who trusts the bucket can tell made-up events from real ones later.
  if (!options.yes)
    await confirm(
      `puts ${count} made-up events into ${entry.bucket}, beside real ones`,
      entry.bucket,
      'the bucket’s name',
    );
  const { sessionOf } = await import('../../checks/observe/live/session-of');
  const { putObject } = await import('./put-object');
  const session = await sessionOf(entry);
  let written = 0;
  for (const { key, body } of objects) {
    await putObject(session, entry, key, body);
    written++;
  }
  process.stderr.write(`${written} objects with ${count} events were put to ${entry.bucket}\n`);
}

async function writeFiles(
  folder: string,
  objects: Iterable<{ readonly key: string; readonly body: Buffer }>,
): Promise<number> {
  let written = 0;
  for (const { key, body } of objects) {
    const file = join(folder, key);
    try {
      await mkdir(dirname(file), { recursive: true });
      // Never over what is there.
      await writeFile(file, body, { flag: 'wx' });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UserError(
        code === 'EEXIST'
          ? `${file} exists already; name an empty folder with --out`
          : `${file} can't be written (${code}); name another folder with --out`,
      );
    }
    written++;
  }
  return written;
}
