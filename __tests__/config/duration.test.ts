import { durationMs, inWords, sizeBytes } from '../../config/duration';

test.each([
  ['90m', 5_400_000],
  ['24h', 86_400_000],
  ['7d', 604_800_000],
  ['1s', 1000],
  ['0h', undefined],
  ['24', undefined],
  ['-1h', undefined],
  ['1.5h', undefined],
  ['', undefined],
])('the length of time %j', (text, ms) => expect(durationMs(text)).toBe(ms));

test.each([
  ['500', 500],
  ['16MB', 16_777_216],
  ['64 kb', 65_536],
  ['1GB', 1_073_741_824],
  ['0', undefined],
  ['1TB', undefined],
  ['', undefined],
])('the size %j', (text, bytes) => expect(sizeBytes(text)).toBe(bytes));

test.each([
  [0, '0 seconds'],
  [1000, '1 second'],
  [119_000, '119 seconds'],
  [7_200_000, '2 hours'],
  [86_400_000, '24 hours'],
  [200_000_000, '2 days'],
])('%d ms in words', (ms, words) => expect(inWords(ms)).toBe(words));
