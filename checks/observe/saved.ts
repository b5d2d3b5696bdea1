/** Saves an observation, and reads it again: the same findings, byte for byte, in a room without AWS. */
import { UserError } from '../../contract/user-error';
import type { Observation } from './observation';
import { observation } from './observation-schema';

const SCHEMA_VERSION: Observation['schemaVersion'] = 1;

/** The text of a saved observation: keys in the order of the schema, lists as they were observed, one line feed at the end. */
export function saveObservation(seen: Observation): string {
  return `${JSON.stringify(observation.parse(seen), null, 2)}\n`;
}

/**
 * Reads a saved observation.
 * @param source names the file in messages
 * @throws UserError where the text is none, or one of a newer version of this tool
 */
export function loadObservation(text: string, source: string): Observation {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UserError(`${source} is not JSON; write it with check --save-observation FILE`);
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    throw new UserError(
      `${source} was saved by a newer version of this tool (schema ${version}); upgrade the tool`,
    );
  }
  const parsed = observation.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    `${source} is no saved observation (${issue?.path.join('.') || 'the whole'}: ${issue?.message}); write it with check --save-observation FILE`,
  );
}
