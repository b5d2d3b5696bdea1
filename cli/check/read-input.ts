/** Reads a file that the command line names. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { UserError } from '../../contract/user-error';

/**
 * The text of a file, or of stdin for `-`. In UTF-8, or in UTF-16 with a byte order mark, which is how Windows PowerShell
 * writes what `>` takes from a program.
 * @throws UserError if it can't be read
 */
export function readInput(file: string): string {
  try {
    const bytes = readFileSync(file === '-' ? 0 : file);
    return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
  } catch (error) {
    throw new UserError(
      `${inputName(file)} can't be read (${(error as NodeJS.ErrnoException).code}); correct its name`,
    );
  }
}

/** Whether there is no such file. One that may not be looked at is not missing. */
export function isMissing(file: string): boolean {
  try {
    return file !== '-' && statSync(file, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/**
 * @param outputs files to write @param inputs what the run reads. A baseline is none: the next run may replace it
 * @throws UserError if an output would overwrite an input
 */
export function refuseOverwriting(outputs: readonly string[], inputs: readonly string[]): void {
  const read = new Map(inputs.flatMap((file) => targetOf(file).map((target) => [target, file] as const)));
  for (const file of outputs) {
    const input = targetOf(file).flatMap((target) => read.get(target) ?? [])[0];
    if (input !== undefined)
      throw new UserError(`${file} would overwrite ${input}, which this run reads; name another file`);
  }
}

/** The file behind a path; none if nothing is there, or no file. */
function targetOf(file: string): string[] {
  try {
    return file !== '-' && statSync(file).isFile() ? [realpathSync(file)] : [];
  } catch {
    return [];
  }
}

/** What messages call it. */
export function inputName(file: string): string {
  return file === '-' ? 'stdin' : file;
}
