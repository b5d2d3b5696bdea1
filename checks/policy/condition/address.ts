/** IP addresses and CIDR ranges, as numbers. */

export interface Range {
  readonly family: 4 | 6;
  /** First and last address. */
  readonly from: bigint;
  readonly to: bigint;
}

/** An address or a CIDR range; `undefined` where the text is neither. */
export function parseRange(text: string): Range | undefined {
  const [address = '', length, ...rest] = text.split('/');
  if (rest.length > 0) return undefined;
  const family = address.includes(':') ? 6 : 4;
  const bits = family === 4 ? 32n : 128n;
  const number = family === 4 ? parseV4(address) : parseV6(address);
  if (number === undefined) return undefined;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = length === undefined ? bits : BigInt(length);
  if (prefix > bits) return undefined;
  const size = 1n << (bits - prefix);
  const from = (number / size) * size;
  return { family, from, to: from + size - 1n };
}

/** Whether every address of `inner` is in `outer`. */
export function rangeIncludes(outer: Range, inner: Range): boolean {
  return outer.family === inner.family && outer.from <= inner.from && inner.to <= outer.to;
}

/** Whether every address of `inner` is in one of the ranges. */
export function rangesCover(ranges: readonly Range[], inner: Range): boolean {
  const sorted = ranges
    .filter(({ family }) => family === inner.family)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  let next = inner.from;
  for (const { from, to } of sorted) if (from <= next && to >= next) next = to + 1n;
  return next > inner.to;
}

export function rangesOverlap(a: Range, b: Range): boolean {
  return a.family === b.family && a.from <= b.to && b.from <= a.to;
}

/**
 * Addresses that never are the source of a request over the public internet (IANA special-purpose address registries).
 * Ranges for documentation are left out: where they stand in a policy, they stand for public ones.
 */
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/127',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
].map((range) => parseRange(range) as Range);

/** Whether a range has no public address in it. */
export function isNotPublic(range: Range): boolean {
  return NOT_PUBLIC.some((reserved) => rangeIncludes(reserved, range));
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = (half: string | undefined) => (half ? half.split(':') : []);
  const [before, after] = [groups(halves[0]), groups(halves[1])];
  const missing = 8 - before.length - after.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const full = [...before, ...new Array<string>(missing).fill('0'), ...after];
  if (!full.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return full.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
