/** Reads a file that the command line names. */
import { readFileSync } from 'node:fs';
import { UserError } from '../../contract/user-error';

/**
 * The text of a file, or of stdin for `-`. In UTF-8, or in UTF-16 with a byte order mark, which is how Windows PowerShell
 * writes what `>` takes from a program.
 * @throws UserError where it can't be read
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

/** What messages call it. */
export function inputName(file: string): string {
  return file === '-' ? 'stdin' : file;
}
