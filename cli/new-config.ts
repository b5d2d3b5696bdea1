/** Where a new config file goes, where its schema is, and what is done with the file next. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { quote } from '../checks/remedy/shell';
import { CONFIG_FILE_VARIABLE, DEFAULT_CONFIG_FILE, namedConfigFile } from '../config/file/find';
import { UserError } from '../contract/user-error';
import { installedFile } from './installation';

/** The file to write. @throws UserError if it exists and may not be overwritten, or its folder does not exist */
export function newConfigFile(given: string | undefined, force: boolean): string {
  const file = given ?? namedConfigFile() ?? DEFAULT_CONFIG_FILE;
  if (!force && existsSync(file)) {
    throw new UserError(
      `${file} exists already; add to it with --append, name another file, or overwrite it with --force`,
    );
  }
  const folder = dirname(file);
  if (!existsSync(folder))
    throw new UserError(`there is no folder ${folder}; make it, or name another file with --config`);
  return file;
}

/** The JSON Schema of this installation, as seen from the config file: what editors read. */
export function schemaFor(file: string): string {
  return installedFile('docs/schema/altr-exports.schema.json', dirname(file));
}

/** How the next commands name the config file: an option of ours, and what precedes `cdktf`. */
export function waysToName(file: string): { readonly option: string; readonly variable: string } {
  return file === DEFAULT_CONFIG_FILE
    ? { option: '', variable: '' }
    : { option: ` --config ${quote(file)}`, variable: `${CONFIG_FILE_VARIABLE}=${quote(file)} ` };
}
