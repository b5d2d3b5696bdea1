/** The CDKTF app: one stack for each export of the config. `cdktf` runs it; so can you, with `npx tsx main.ts`. */
import { readConfig } from './config/file/read';
import { UserError } from './contract/user-error';
import { synthesise } from './modules/stack/synthesise';

try {
  synthesise(readConfig('provision').config);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
