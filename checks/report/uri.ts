import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A file as a URI, relative to the root of the repository that holds the working directory: code scanning knows files by that
 * path. Outside of a repository it is relative to the working directory; a file elsewhere gets an absolute URI.
 */
export function uriOf(file: string): string {
  const path = relative(repositoryRoot(process.cwd()) ?? process.cwd(), resolve(file));
  if (path.startsWith('..') || isAbsolute(path)) return pathToFileURL(resolve(file)).href;
  return path.split(sep).map(encodeURIComponent).join('/');
}

/** The nearest folder with a `.git`, which is a file in a worktree or a submodule. */
function repositoryRoot(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryRoot(parent);
}
