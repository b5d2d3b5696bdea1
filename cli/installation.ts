/** Files that come with the program. */
import { realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** The path of a file of this installation, as seen from a folder, with slashes. */
export function installedFile(path: string, from = '.'): string {
  // The program is bin/altr-export.js; npm links to it.
  const installation = dirname(dirname(realpathSync(process.argv[1] ?? '.')));
  return relative(resolve(from), join(installation, path)).split(sep).join('/');
}
