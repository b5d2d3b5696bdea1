/** Reads the report of an earlier run. */
import type { Baseline, Report } from '../../checks/verdict/finding';
import { baseline } from '../../checks/verdict/finding-schema';
import { UserError } from '../../contract/user-error';

const SCHEMA_VERSION: Report['schemaVersion'] = 1;

/**
 * @param text a report as `--format json` prints it
 * @param file its name, for messages
 * @param wanted what to give instead
 * @throws UserError if it is none, has another schema version, or is that of a run that failed
 */
export function parseBaseline(
  text: string,
  file: string,
  wanted = 'give --baseline the report of an earlier run, written with --format json',
): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`${file} is not JSON; ${wanted}`);
  }
  const { schemaVersion, tool, error } = Object(value) as Record<string, unknown>;
  if (schemaVersion === undefined || tool === undefined) {
    throw new UserError(`${file} is no report of altr-export; ${wanted}`);
  }
  if (schemaVersion !== SCHEMA_VERSION) {
    throw new UserError(
      `${file} is a report of schema version ${JSON.stringify(schemaVersion)}, and this version of altr-export compares with version ${SCHEMA_VERSION}; make a new baseline with it`,
    );
  }
  if (error !== undefined) {
    throw new UserError(`${file} is the report of a run that failed and judged nothing; ${wanted}`);
  }
  const parsed = baseline.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.');
  throw new UserError(`${file} is a damaged report (at ${where}); ${wanted}`);
}
