/** Reads the config file. */
import { readFileSync } from 'node:fs';
import { UserError } from '../../contract/user-error';
import { CONFIG_FILE_VARIABLE, configFile, DEFAULT_CONFIG_FILE } from './find';
import { type ConfigPurpose, type LoadedConfig, parseConfig } from './parse';

/**
 * Reads the config: the given file, else `$ALTR_EXPORTS_CONFIG`, else `altr-exports.yaml` in the working directory or above.
 * @throws UserError if there is no such file or it can't be read; ConfigError if it is not valid
 */
export function readConfig(purpose: ConfigPurpose, given?: string): LoadedConfig {
  const file = configFile(given);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UserError(unreadableFile(file, (error as NodeJS.ErrnoException).code));
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${file} is not a text in UTF-8; save it as UTF-8`);
  }
  return parseConfig(text, file, purpose);
}

function unreadableFile(file: string, code: string | undefined): string {
  const remedy = `name the right one with --config or ${CONFIG_FILE_VARIABLE}`;
  if (code === 'ENOENT') {
    const where = file === DEFAULT_CONFIG_FILE ? ' in this folder, nor above it in the repository' : '';
    return `there is no config file ${file}${where}; altr-export init asks for each value and writes one, altr-export adopt writes one for what exists, or ${remedy}`;
  }
  if (code === 'EISDIR') return `${file} is a folder, not a config file; ${remedy}`;
  return `the config file ${file} can't be read (${code ?? 'unknown error'}); fix its permissions, or ${remedy}`;
}
