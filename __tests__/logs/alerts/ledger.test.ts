import { ledgerKey } from '../../../logs/alerts/ledger';

test.each([
  ['', 'a short ID'],
  ['x'.repeat(1_000_000), 'a long one'],
  ['é\u0000😀'.repeat(1000), 'one of several bytes a character'],
])('a key fits DynamoDB’s 2,048 bytes (%#)', (id) => {
  expect(Buffer.byteLength(ledgerKey(id))).toBe(64);
});

test('events with different IDs have different keys', () => {
  const long = 'x'.repeat(5000);
  expect(ledgerKey(`${long}1`)).not.toBe(ledgerKey(`${long}2`));
  expect(ledgerKey('a')).toBe(ledgerKey('a'));
});
