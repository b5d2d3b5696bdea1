/** Durations and sizes as people write them: `90m`, `24h`, `7d`; `16MB`. */

const MILLISECONDS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds; `undefined` if the text is not a duration of at least a second. */
export function durationMs(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})(s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(count) * (MILLISECONDS[unit ?? ''] ?? Number.NaN);
  return ms > 0 ? ms : undefined;
}

export function durationFaults(text: string): string[] {
  return durationMs(text) === undefined ? ['is no length of time such as 90m, 24h or 7d'] : [];
}

/** A number of days in words: `1 day`, `30 days`. */
export function daysInWords(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

/** A duration in words, in its largest whole unit: `3 hours`. */
export function inWords(ms: number): string {
  const units = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ] as const;
  // From two units on: `36 hours` says more than `1 day`.
  const [length, name] = units.find(([unit]) => ms >= 2 * unit) ?? [1000, 'second'];
  const count = Math.floor(ms / length);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

const BYTES: Readonly<Record<string, number>> = { '': 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** Bytes; `undefined` if the text is not a size such as `500000`, `64KB` or `16MB`. */
export function sizeBytes(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,12}) ?((?:[KMG]B)?)$/i.exec(text) ?? [];
  const bytes = Number(count) * (BYTES[unit?.toUpperCase() ?? ''] ?? Number.NaN);
  return bytes > 0 ? bytes : undefined;
}
