/** The two spellings of time in the audit logs: epoch milliseconds, and Snowflake's text with nanoseconds. */
import * as z from 'zod';

/** 1973 in milliseconds: what lies below is seconds, taken for milliseconds. */
const EARLIEST_MS = 100_000_000_000;
/** The last millisecond of the year 9999. */
const LATEST_MS = 253_402_300_799_999;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const epochMs = z
  .int()
  .min(EARLIEST_MS, 'is too small for milliseconds since 1970; are these seconds?')
  .max(LATEST_MS, 'lies beyond the year 9999; are these microseconds?');

const TIMESTAMP =
  /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))? ?(Z|[+-]\d{2}:?\d{2})$/;

/** Snowflake's text of an instant, for example `2020-01-01 00:00:00.000000000Z`. */
export const timestamp = z
  .string()
  .regex(TIMESTAMP, 'must be an instant such as 2020-01-01 00:00:00.000000000Z')
  .refine((text) => !TIMESTAMP.test(text) || nanosecondsOf(text) !== undefined, 'is no day of the calendar');

/**
 * Nanoseconds since 1970-01-01T00:00:00Z, without loss.
 * @returns `undefined` where the text is no instant: another form, no such day or hour, no time zone
 */
export function nanosecondsOf(text: string): bigint | undefined {
  const parts = TIMESTAMP.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts.map(Number) as [number, ...number[]];
  const whole = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const back = new Date(whole);
  // Date.UTC makes 1 March of 30 February, and 1900 of the year 0.
  const same =
    back.getUTCFullYear() === year &&
    back.getUTCMonth() + 1 === month &&
    back.getUTCDate() === day &&
    back.getUTCHours() === hour &&
    back.getUTCMinutes() === minute &&
    back.getUTCSeconds() === second;
  const offset = offsetMinutes(parts[8] ?? 'Z');
  if (!same || offset === undefined) return undefined;
  const fraction = BigInt((parts[7] ?? '').padEnd(9, '0'));
  return BigInt(whole - offset * 60_000) * 1_000_000n + fraction;
}

/** The text of an instant as Snowflake writes it, in UTC: the inverse of `nanosecondsOf`. */
export function timestampOf(nanoseconds: bigint): string {
  const perSecond = 1_000_000_000n;
  const fraction = ((nanoseconds % perSecond) + perSecond) % perSecond;
  const seconds = (nanoseconds - fraction) / perSecond;
  const [whole] = new Date(Number(seconds) * 1000).toISOString().split('.');
  return `${whole?.replace('T', ' ')}.${String(fraction).padStart(9, '0')}Z`;
}

/** Minutes east of UTC; `undefined` for what is no offset, as `+99:00`. */
function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
