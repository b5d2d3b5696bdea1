/** The spellings of a date in a part of a key: as a whole, or year, month, day and hour in a part each. */

/** What is known so far of a date that several parts spell. */
export interface DateFields {
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
  readonly hour?: number;
}

export type DateUnit = 'year' | 'month' | 'day' | 'hour' | 'second' | 'millisecond';

/** A date in one part of a key. */
export interface DatePart {
  /** As a pattern, for example `year={YYYY}` or `{YYYY-MM-DD}`. */
  readonly pattern: string;
  /** What was known before, and this. */
  readonly fields: DateFields;
  /** The time that it stands for: milliseconds since 1970, UTC; `to` is not part of it. */
  readonly from: number;
  readonly to: number;
  readonly unit: DateUnit;
  /** Spells an instant in this form, so that the order of the texts is the order of time; only for whole dates. */
  readonly spell?: (instant: number) => string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Names of Hive-style partitions, and the part of a date that each holds. */
const NAMES: Readonly<Record<string, keyof DateFields>> = {
  year: 'year',
  yyyy: 'year',
  y: 'year',
  month: 'month',
  mm: 'month',
  m: 'month',
  day: 'day',
  dd: 'day',
  d: 'day',
  hour: 'hour',
  hh: 'hour',
  hr: 'hour',
  h: 'hour',
};

const PLACEHOLDER: Readonly<Record<keyof DateFields, string>> = {
  year: '{YYYY}',
  month: '{MM}',
  day: '{DD}',
  hour: '{HH}',
};

const VALUE: Readonly<Record<keyof DateFields, RegExp>> = {
  year: /^(19|20)\d\d$/,
  month: /^(0?[1-9]|1[0-2])$/,
  day: /^(0?[1-9]|[12]\d|3[01])$/,
  hour: /^([01]?\d|2[0-3])$/,
};

/** In the order in which a date is spelled over several parts. */
const ORDER = ['year', 'month', 'day', 'hour'] as const;

interface WholeForm {
  readonly pattern: string;
  readonly regex: RegExp;
  /** How the UTC time `2026-01-31T09:…` is cut and joined. */
  readonly spell: (iso: readonly string[]) => string;
}

const YEAR = '((?:19|20)\\d\\d)';

/** Whole dates; the first that matches counts. */
const WHOLE: readonly WholeForm[] = [
  form('{YYYY-MM-DD-HH}', `${YEAR}-(\\d\\d)-(\\d\\d)-(\\d\\d)`, ([y, m, d, h]) => `${y}-${m}-${d}-${h}`),
  form('{YYYY-MM-DDTHH}', `${YEAR}-(\\d\\d)-(\\d\\d)T(\\d\\d)`, ([y, m, d, h]) => `${y}-${m}-${d}T${h}`),
  form('{YYYY-MM-DD}', `${YEAR}-(\\d\\d)-(\\d\\d)`, ([y, m, d]) => `${y}-${m}-${d}`),
  form('{YYYY_MM_DD}', `${YEAR}_(\\d\\d)_(\\d\\d)`, ([y, m, d]) => `${y}_${m}_${d}`),
  form('{YYYYMMDDTHH}', `${YEAR}(\\d\\d)(\\d\\d)T(\\d\\d)`, ([y, m, d, h]) => `${y}${m}${d}T${h}`),
  form('{YYYYMMDDHH}', `${YEAR}(\\d\\d)(\\d\\d)(\\d\\d)`, ([y, m, d, h]) => `${y}${m}${d}${h}`),
  form('{YYYYMMDD}', `${YEAR}(\\d\\d)(\\d\\d)`, ([y, m, d]) => `${y}${m}${d}`),
  form('{YYYY-MM}', `${YEAR}-(\\d\\d)`, ([y, m]) => `${y}-${m}`),
];

function form(pattern: string, regex: string, spell: WholeForm['spell']): WholeForm {
  return { pattern, regex: new RegExp(`^${regex}`), spell };
}

/**
 * The date in a folder's name, given what the folders before it say.
 * @returns `undefined` where the name is no date, or none that can follow
 */
export function folderDate(name: string, before: DateFields = {}): DatePart | undefined {
  const hive = /^([A-Za-z_]+)=(.*)$/.exec(name);
  const [lead, value] = hive ? [`${hive[1]}=`, hive[2] ?? ''] : ['', name];
  const next = ORDER.find((field) => before[field] === undefined);
  if (!next) return undefined;
  const named = hive ? NAMES[hive[1]!.toLowerCase()] : next;
  // A name that we don't know may hold a whole date (dt=…, event_date=…), or be a partition by something else.
  if (named === next && VALUE[next].test(value)) {
    const fields = { ...before, [next]: Number(value) };
    const span = spanOf(fields);
    return span && { pattern: lead + PLACEHOLDER[next], fields, ...span };
  }
  return before.year === undefined ? wholeDate(value, lead, true) : undefined;
}

/** The date that an object's own name begins with, where what follows it is no letter or digit. */
export function nameDate(name: string): DatePart | undefined {
  return wholeDate(name, '', false);
}

function wholeDate(text: string, lead: string, alone: boolean): DatePart | undefined {
  for (const { pattern, regex, spell } of WHOLE) {
    const match = regex.exec(text);
    if (!match || !ends(text, match[0].length, alone)) continue;
    const [year, month, day, hour] = match.slice(1).map(Number);
    const fields = {
      year: year ?? 0,
      month: month ?? 0,
      day,
      hour,
    };
    const span = spanOf(fields);
    if (!span) continue;
    const spellInstant = (instant: number) => lead + spell(new Date(instant).toISOString().split(/[-T:]/));
    return { pattern: lead + pattern, fields, ...span, spell: spellInstant };
  }
  return epochDate(text, lead, alone);
}

/** Seconds from 2001 on, or milliseconds: the numbers of 10 and 13 digits that begin with 1 or 2. */
function epochDate(text: string, lead: string, alone: boolean): DatePart | undefined {
  const digits = /^[12]\d{9}(\d{3})?/.exec(text)?.[0];
  if (!digits || !ends(text, digits.length, alone)) return undefined;
  const isMs = digits.length === 13;
  const step = isMs ? 1 : 1000;
  const from = Number(digits) * step;
  return {
    pattern: `${lead}{epoch ${isMs ? 'ms' : 's'}}`,
    fields: { year: 0, month: 0, day: 0, hour: 0 },
    from,
    to: from + step,
    unit: isMs ? 'millisecond' : 'second',
    spell: (instant) => lead + String(Math.floor(instant / step)),
  };
}

/** Whether a date that is `length` long ends there: at the end, or for a name before anything but a digit or letter. */
function ends(text: string, length: number, alone: boolean): boolean {
  return alone
    ? text.length === length
    : !/^[0-9A-Za-z]/.test(text.slice(length)) || /^T\d/.test(text.slice(length));
}

/** The time that the fields stand for; `undefined` for a day that does not exist. */
function spanOf({
  year = 0,
  month,
  day,
  hour,
}: DateFields): Pick<DatePart, 'from' | 'to' | 'unit'> | undefined {
  const from = Date.UTC(year, (month ?? 1) - 1, day ?? 1, hour ?? 0);
  const back = new Date(from);
  if (month !== undefined && back.getUTCMonth() + 1 !== month) return undefined;
  if (day !== undefined && back.getUTCDate() !== day) return undefined;
  if (hour !== undefined)
    return back.getUTCHours() === hour ? { from, to: from + HOUR, unit: 'hour' } : undefined;
  if (day !== undefined) return { from, to: from + DAY, unit: 'day' };
  if (month !== undefined) return { from, to: Date.UTC(year, month), unit: 'month' };
  return { from, to: Date.UTC(year + 1, 0), unit: 'year' };
}
