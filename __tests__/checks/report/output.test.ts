/** Files are written whole, or none is. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertWritable, planOutputs, writeFilesWhole } from '../../../checks/report/output';
import { wantsColour } from '../../../cli/colour';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'altr-output-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('several files are written, and nothing else is left beside them', async () => {
  await writeFilesWhole([
    { file: join(folder, 'a.json'), text: 'a' },
    { file: join(folder, 'b.md'), text: 'b' },
  ]);
  expect(readdirSync(folder).sort()).toEqual(['a.json', 'b.md']);
});

test('where one can’t be written, the others stay as they were', async () => {
  const good = join(folder, 'good.json');
  writeFileSync(good, 'old');
  const bad = join(folder, 'none', 'bad.json');
  await expect(
    writeFilesWhole([
      { file: good, text: 'new' },
      { file: bad, text: 'new' },
    ]),
  ).rejects.toThrow(`${bad} can't be written (ENOENT); name another file`);
  expect(readFileSync(good, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['good.json']);
});

test('a link stays a link, and a file keeps its mode', async () => {
  const target = join(folder, 'target.json');
  const link = join(folder, 'link.json');
  writeFileSync(target, 'old');
  chmodSync(target, 0o640);
  symlinkSync(target, link);
  await writeFilesWhole([{ file: link, text: 'new' }]);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, 'utf8')).toBe('new');
  expect(statSync(target).mode & 0o777).toBe(0o640);
});

test.each([true, false])(
  'a file is as closed as asked for, whether it exists (%s) or not',
  async (exists) => {
    const file = join(folder, 'closed.json');
    if (exists) writeFileSync(file, 'old', { mode: 0o644 });
    await writeFilesWhole([{ file, text: 'new', mode: 0o600 }]);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  },
);

test('a link to what does not exist yet stays a link, and makes its target', async () => {
  const link = join(folder, 'latest.json');
  symlinkSync('today.json', link);
  await writeFilesWhole([{ file: link, text: 'new' }]);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, 'today.json'), 'utf8')).toBe('new');
});

test('one file by two names is refused before anything is written', async () => {
  symlinkSync('a.json', join(folder, 'link.json'));
  symlinkSync('.', join(folder, 'here'));
  const a = join(folder, 'a.json');
  for (const other of [`${folder}/./a.json`, join(folder, 'link.json'), join(folder, 'here', 'a.json')]) {
    await expect(assertWritable([a, other])).rejects.toThrow(
      `${a} and ${other} are the same file, which can't hold two outputs; name another file for one of them`,
    );
  }
  await expect(assertWritable([a, a])).rejects.toThrow(`${a} is named twice`);
  await assertWritable([a, join(folder, 'b.json'), '/dev/null', '/dev/null']);
  expect(readdirSync(folder).sort()).toEqual(['here', 'link.json']);
});

test('a device is written to, not replaced', async () => {
  await writeFilesWhole([{ file: '/dev/null', text: 'gone' }]);
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('what can’t be written is known before there is anything to write', async () => {
  mkdirSync(join(folder, 'reports'));
  await expect(assertWritable([join(folder, 'reports')])).rejects.toThrow(
    /reports can't be written \(EISDIR\)/,
  );
  await expect(assertWritable([join(folder, 'none', 'r.json')])).rejects.toThrow(
    /can't be written \(ENOENT\)/,
  );
  await assertWritable([join(folder, 'new.json'), '/dev/null']);
  expect(readdirSync(folder)).toEqual(['reports']);
});

test.each([['r.json'], ['-']])('two reports can’t both go to %s', (file) => {
  expect(() => planOutputs(['json', 'text'], [file, file])).toThrow(
    /two reports can't both go to (r\.json|stdout); name another --output/,
  );
});

test('stdout may be one of several outputs', () => {
  expect(planOutputs([], ['-', 'r.json'])).toEqual([
    { format: 'text', file: '-' },
    { format: 'json', file: 'r.json' },
  ]);
  expect(planOutputs(['json'], ['-'])).toEqual([{ format: 'json', file: '-' }]);
});

test.each([
  ['a terminal', {}, true, true],
  ['a pipe', {}, false, false],
  ['a terminal with NO_COLOR', { NO_COLOR: '1' }, true, false],
  ['a terminal with an empty NO_COLOR', { NO_COLOR: '' }, true, true],
  ['a pipe with FORCE_COLOR', { FORCE_COLOR: '1' }, false, true],
  ['a terminal with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
  ['NO_COLOR and FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ['a dumb terminal', { TERM: 'dumb' }, true, false],
])('colour on %s', (_where, env, isTerminal, expected) =>
  expect(wantsColour(env, isTerminal)).toBe(expected),
);
