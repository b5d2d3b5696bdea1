import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../../config/file/find';

/**
 * A file as a URI, relative to the root of the repository that holds the working directory: code scanning knows files by that
 * path. Outside of a repository it is relative to the working directory; a file elsewhere gets an absolute URI.
 */
export function uriOf(file: string): string {
  const path = relative(repositoryRoot(process.cwd()) ?? process.cwd(), resolve(file));
  if (path.startsWith('..') || isAbsolute(path)) return pathToFileURL(resolve(file)).href;
  return path.split(sep).map(encodeURIComponent).join('/');
}
