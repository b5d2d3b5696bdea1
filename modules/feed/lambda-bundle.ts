import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../contract/user-error';

/**
 * The folder of a bundled Lambda function, `dist/lambda/<name>/`: above this module in the built package and in
 * the bundled command line, below the root of a checkout.
 * @throws UserError if it was not built
 */
export function lambdaBundle(name: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const found = [join(folder, 'lambda', name), join(folder, 'dist', 'lambda', name)].find((path) =>
      existsSync(join(path, 'index.mjs')),
    );
    if (found) return found;
    if (folder === dirname(folder)) {
      throw new UserError(
        `the Lambda function ${name} is not built; run npm run build, then synthesise again`,
      );
    }
  }
}
