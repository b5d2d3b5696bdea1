import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../contract/user-error';

export function isFolder(path: string): boolean {
  return path !== '-' && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The file itself, or every file of a folder and those below it, in the order of their names. */
export function filesIn(path: string): string[] {
  if (!isFolder(path)) return [path];
  const found = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  if (found.length === 0) throw new UserError(`the folder ${path} holds no file; name another`);
  return found;
}
