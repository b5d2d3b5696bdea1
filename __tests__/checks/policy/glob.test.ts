import fc from 'fast-check';
import { glob, includes, literal, matches, overlaps } from '../../../checks/policy';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 1_500);

/** By the definition, in exponential time. */
function naive(pattern: string, text: string): boolean {
  const [token, ...rest] = pattern;
  if (token === undefined) return text === '';
  const more = rest.join('');
  if (token === '*') return naive(more, text) || (text !== '' && naive(pattern, text.slice(1)));
  return text !== '' && (token === '?' || token === text[0]) && naive(more, text.slice(1));
}

/** Every text of at most this length. `c` stands for every character that no pattern names. */
function everyText(length: number): string[] {
  let last = [''];
  const all = [''];
  for (let i = 0; i < length; i++) {
    last = last.flatMap((text) => ['a', 'b', 'c'].map((char) => text + char));
    all.push(...last);
  }
  return all;
}

const pattern = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength });
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

test('matching agrees with the definition', () => {
  fc.assert(
    fc.property(pattern(6), text, (p, t) => matches(glob(p), literal(t)) === naive(p, t)),
    { numRuns: RUNS * 3 },
  );
});

// Two patterns of at most five tokens differ on a text of at most ten characters, if at all on texts of at most eight.
const TEXTS = everyText(8).map((entry) => literal(entry));

test('inclusion agrees with enumeration', () => {
  fc.assert(
    fc.property(pattern(5), pattern(5), (outer, inner) => {
      const [o, i] = [glob(outer), glob(inner)];
      return includes(o, i) === TEXTS.every((entry) => !matches(i, entry) || matches(o, entry));
    }),
    { numRuns: RUNS },
  );
});

test('overlap agrees with enumeration', () => {
  fc.assert(
    fc.property(pattern(5), pattern(5), (a, b) => {
      const [x, y] = [glob(a), glob(b)];
      return overlaps(x, y) === TEXTS.some((entry) => matches(x, entry) && matches(y, entry));
    }),
    { numRuns: RUNS },
  );
});

test.each([
  ['arn:aws:s3:::logs/*', 'arn:aws:s3:::logs*/x', false],
  ['arn:aws:s3:::logs*', 'arn:aws:s3:::logs/*', true],
  ['a*', 'a?*', true],
  ['a?*', 'a*', false],
  ['?*', '*?', true],
  ['*?*?*', '??', true],
  ['*a*', '*b*', false],
  ['s3:putobject', 's3:putobject', true],
  ['s3:putobject', 's3:putobjec?', false],
  ['*', '', true],
  ['', '*', false],
])('%j includes %j: %p', (outer, inner, expected) => {
  expect(includes(glob(outer), glob(inner))).toBe(expected);
});

test('characters beyond the basic plane count as one', () => {
  expect(matches(glob('a?b'), literal('a🙂b'))).toBe(true);
  expect(matches(glob('a??b'), literal('a🙂b'))).toBe(false);
});

test('adversarial patterns come to an end', () => {
  const many = glob(`${'a*'.repeat(10_000)}b`);
  expect(matches(many, literal('a'.repeat(300)))).toBe(false);
  expect(includes(many, many)).toBe(true);
  expect(overlaps(glob('?*'.repeat(200)), glob('*?'.repeat(200)))).toBe(true);
});
