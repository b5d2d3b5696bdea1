import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInput } from '../../../cli/check/read-input';

const folder = mkdtempSync(join(tmpdir(), 'altr-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['UTF-8', Buffer.from('{"a":"ü"}')],
  ['UTF-8 with a byte order mark', Buffer.from('\uFEFF{"a":"ü"}')],
  ['UTF-16, as Windows PowerShell writes it', Buffer.from('\uFEFF{"a":"ü"}', 'utf16le')],
])('reads %s', (_what, bytes) => {
  const file = join(folder, 'plan.json');
  writeFileSync(file, bytes);
  expect(JSON.parse(readInput(file))).toEqual({ a: 'ü' });
});

test('says what can’t be read', () => {
  expect(() => readInput(join(folder, 'none'))).toThrow(/none can't be read \(ENOENT\); correct its name$/);
});
