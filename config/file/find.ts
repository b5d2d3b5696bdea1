/** Where the config file is. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** Default name of the config file. */
export const DEFAULT_CONFIG_FILE = 'altr-exports.yaml';

/** Environment variable that names the config file when running under `cdktf`, which takes no `--config`. */
export const CONFIG_FILE_VARIABLE = 'ALTR_EXPORTS_CONFIG';

/** The config file: the given one, else `$ALTR_EXPORTS_CONFIG`, else the one that is found, else the default name. */
export function configFile(given?: string): string {
  return given ?? namedConfigFile() ?? foundConfigFile() ?? DEFAULT_CONFIG_FILE;
}

/** The file that `$ALTR_EXPORTS_CONFIG` names. */
export function namedConfigFile(): string | undefined {
  return process.env[CONFIG_FILE_VARIABLE] || undefined;
}

/**
 * `altr-exports.yaml` in the working directory or the nearest folder above, as seen from the working directory. It looks no
 * higher than the root of the repository, or the home directory, since others may write to the folders above.
 */
export function foundConfigFile(home = homeDirectory()): string | undefined {
  const start = process.cwd();
  const above = foldersUpTo(start, repositoryRoot(start) ?? home ?? start);
  const folder = above.find((path) => existsSync(join(path, DEFAULT_CONFIG_FILE)));
  return folder === undefined ? undefined : join(relative(start, folder), DEFAULT_CONFIG_FILE);
}

/** `undefined` for a user without an entry in the user database and without `HOME`, as in some containers. */
function homeDirectory(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** The nearest folder with a `.git`, which is a file in a worktree or a submodule. */
export function repositoryRoot(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryRoot(parent);
}

/** The folder and those above it, up to the last; the folder alone if it is not inside the last. */
function foldersUpTo(folder: string, last: string): string[] {
  const folders = [folder];
  for (let path = folder; path !== last; path = dirname(path)) {
    const parent = dirname(path);
    if (parent === path) return [folder];
    folders.push(parent);
  }
  return folders;
}
