/** Where reports go: stdout, or files that are written whole or not at all. */
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { UserError } from '../../contract/user-error';
import { FORMAT_NAMES, type FormatName, parseFormat } from './formats';

/** One report to write. */
export interface Output {
  readonly format: FormatName;
  /** `-` is stdout. */
  readonly file: string;
}

const BY_EXTENSION: Readonly<Record<string, FormatName>> = Object.fromEntries([
  ...FORMAT_NAMES.map((name) => [name, name] as const),
  ['txt', 'text'],
  ['log', 'text'],
  ['jsonl', 'ndjson'],
  ['xml', 'junit'],
  ['md', 'markdown'],
]);

/**
 * Pairs formats with files. A file without a format of its own is written by its extension.
 * @throws UserError where a format is unknown, or a file's format can't be told
 */
export function planOutputs(formats: readonly string[], files: readonly string[]): Output[] {
  const named = formats.map(parseFormat);
  if (files.length === 0) {
    if (named.length > 1)
      throw new UserError('several formats need an --output each; only one can go to stdout');
    return [{ format: named[0] ?? 'text', file: '-' }];
  }
  if (named.length > files.length) {
    throw new UserError(
      `there are ${named.length} formats and ${files.length} outputs; give each format its --output`,
    );
  }
  // A single format, or as many formats as files, belong together in their order; otherwise the extension decides.
  return files.map((file, index) => ({
    file,
    format: named.length === files.length ? (named[index] ?? 'text') : byName(file, named[0]),
  }));
}

function byName(file: string, otherwise: FormatName | undefined): FormatName {
  if (file === '-') return otherwise ?? 'text';
  const format = BY_EXTENSION[extname(file).slice(1).toLowerCase()] ?? otherwise;
  if (format) return format;
  throw new UserError(
    `the format of ${file} can't be told from its name; add --format (${FORMAT_NAMES.join(', ')})`,
  );
}

/** Writes a whole file or nothing: beside it first, then in its place. @throws UserError where it can't be written */
export async function writeFileWhole(file: string, text: string): Promise<void> {
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${file} can't be written (${code ?? 'unknown error'}); name another --output`);
  }
}

/** Writes to stdout and waits until it is taken. */
export function writeStdout(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
