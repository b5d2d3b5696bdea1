import { durationMs } from '../../config/duration';
import { UserError } from '../../contract/user-error';

/** An instant that is written as ISO 8601, or as a time before now such as `24h`. */
export function instant(option: string, text: string, now: number): number {
  const ago = durationMs(text);
  const at = ago === undefined ? Date.parse(text) : now - ago;
  if (Number.isNaN(at))
    throw new UserError(
      `${option} ${JSON.stringify(text)} is neither a time such as 2026-01-31T00:00:00Z nor a duration such as 24h`,
    );
  return at;
}
