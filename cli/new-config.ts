/** Where a new config file goes, and where its schema lies. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { CONFIG_FILE_VARIABLE, DEFAULT_CONFIG_FILE } from '../config/file/read';
import { UserError } from '../contract/user-error';
import { installedFile } from './installation';

/** The file to write. @throws UserError where it exists and may not be overwritten, or its folder does not exist */
export function newConfigFile(given: string | undefined, force: boolean): string {
  const file = given ?? (process.env[CONFIG_FILE_VARIABLE] || DEFAULT_CONFIG_FILE);
  refuseExisting(file, force);
  const folder = dirname(file);
  if (!existsSync(folder))
    throw new UserError(`there is no folder ${folder}; make it, or name another file with --config`);
  return file;
}

/** @throws UserError where the file exists and may not be overwritten */
export function refuseExisting(file: string, force: boolean): void {
  if (!force && existsSync(file)) {
    throw new UserError(`${file} exists already; name another file, or overwrite it with --force`);
  }
}

/** The JSON Schema of this installation, as seen from the config file: what editors read. */
export function schemaFor(file: string): string {
  return installedFile('docs/schema/altr-exports.schema.json', dirname(file));
}
