import { durationMs } from '../../config/duration';
import { UserError } from '../../contract/user-error';

/** ISO 8601, as far as people write it: a day, perhaps with a time, perhaps with a zone. */
const TIME =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[T ](?<clock>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(?<zone>Z|[+-]\d{2}:\d{2})?)?$/i;

/** A time, or one before now such as `24h`. Without a zone it is in UTC, as all times that we print. */
export function instant(option: string, text: string, now: number): number {
  const ago = durationMs(text);
  const at = ago === undefined ? timeOf(text) : now - ago;
  if (Number.isNaN(at))
    throw new UserError(
      `${option} ${JSON.stringify(text)} is neither a time such as 2026-01-31T00:00:00Z nor a duration such as 24h`,
    );
  return at;
}

function timeOf(text: string): number {
  const { day, clock = '00:00', zone = 'Z' } = TIME.exec(text)?.groups ?? {};
  if (day === undefined) return Number.NaN;
  const midnight = Date.parse(`${day}T00:00Z`);
  // Date.parse makes 3 March of 31 February.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return Number.NaN;
  return Date.parse(`${day}T${clock}${zone.toUpperCase()}`);
}
