import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInput, refuseOverwriting } from '../../../cli/check/read-input';

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

describe('an output over an input', () => {
  const config = join(folder, 'altr-exports.yaml');
  writeFileSync(config, 'altr: {}');
  symlinkSync(config, join(folder, 'link.yaml'));

  test.each([config, join(folder, '.', 'altr-exports.yaml'), join(folder, 'link.yaml')])(
    'is refused: %s',
    (file) => {
      expect(() => refuseOverwriting(['-', file], [config])).toThrow(
        /altr-exports\.yaml would overwrite|link\.yaml would overwrite/,
      );
    },
  );

  test.each(['-', join(folder, 'report.json'), '/dev/null'])('is not what this is: %s', (file) => {
    expect(() => refuseOverwriting([file], [config, '-', '/dev/null'])).not.toThrow();
  });
});
