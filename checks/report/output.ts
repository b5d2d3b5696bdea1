/** Where reports go: stdout, or files that are written whole or not at all. */
import { constants, type Stats } from 'node:fs';
import { access, chmod, lstat, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
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
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) {
    const place = twice === '-' ? 'stdout' : twice;
    throw new UserError(`two reports can't both go to ${place}; name another --output for one of them`);
  }
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

/**
 * Fails before anything is read where a file can't be written for certain (no such folder, no permission, a folder), or
 * where two are the same file, however they are spelled. Devices and pipes may be named twice.
 * @throws UserError
 */
export async function assertWritable(files: readonly string[]): Promise<void> {
  const byTarget = new Map<string, string>();
  for (const file of files) {
    await attempt(file, async () => {
      const existing = await statOf(file);
      if (existing?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
      if (existing && !existing.isFile()) return;
      const target = await targetOf(file);
      await access(dirname(target), constants.W_OK);
      const other = byTarget.get(target);
      if (other !== undefined) {
        const pair = other === file ? `${file} is named twice` : `${other} and ${file} are the same file`;
        throw new UserError(`${pair}, which can't hold two outputs; name another file for one of them`);
      }
      byTarget.set(target, file);
    });
  }
}

/** A file and its whole text. */
export interface FileText {
  readonly file: string;
  readonly text: string;
  /** Who may read it; by default whoever could read it before, or may read new files. */
  readonly mode?: number;
}

/**
 * Writes every file whole, or none: all of them beside their places first, then into them. A link is followed; a device
 * or a pipe is written to as it is. @throws UserError where one can't be written
 */
export async function writeFilesWhole(files: readonly FileText[]): Promise<void> {
  const drafts: { file: string; draft: string; target: string }[] = [];
  try {
    for (const [index, { file, text, mode }] of files.entries()) {
      await attempt(file, async () => {
        const existing = await statOf(file);
        if (existing && !existing.isFile()) return writeFile(file, text);
        const target = await targetOf(file);
        const draft = join(dirname(target), `.${basename(target)}.${process.pid}.${index}.tmp`);
        drafts.push({ file, draft, target });
        await writeFile(draft, text, { mode });
        if (existing) await chmod(draft, mode ?? existing.mode);
      });
    }
    for (const { file, draft, target } of drafts) await attempt(file, () => rename(draft, target));
  } catch (error) {
    await Promise.all(drafts.map(({ draft }) => rm(draft, { force: true })));
    throw error;
  }
}

/** Writes one file whole or not at all. @throws UserError where it can't be written */
export function writeFileWhole(file: string, text: string, mode?: number): Promise<void> {
  return writeFilesWhole([{ file, text, mode }]);
}

async function attempt(file: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw error instanceof UserError ? error : unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): UserError {
  const { code } = error as NodeJS.ErrnoException;
  return new UserError(`${file} can't be written (${code ?? 'unknown error'}); name another file`);
}

/** `undefined` where there is nothing yet. */
async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Where a file really is, or will be: behind every link, also one to a file that does not exist yet. */
async function targetOf(file: string): Promise<string> {
  if (await statOf(file)) return realpath(file);
  const target = join(await realpath(dirname(file)), basename(file));
  return (await isLink(target)) ? targetOf(resolve(dirname(target), await readlink(target))) : target;
}

async function isLink(file: string): Promise<boolean> {
  try {
    return (await lstat(file)).isSymbolicLink();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Writes to stdout and waits until it is taken. What can't be written is dealt with by `main`, which listens. */
export function writeStdout(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve());
  });
}
