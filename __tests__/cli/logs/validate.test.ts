/** `altr-export logs validate FOLDER`: every file in it, and in the folders below. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runValidate } from '../../../cli/logs/validate';
import { generateEvents } from '../../../logs';

const folder = mkdtempSync(join(tmpdir(), 'altr-validate-'));
afterAll(() => rmSync(folder, { recursive: true }));

let printed = '';
beforeEach(() => {
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text, ...more) => {
    printed += String(text);
    const done = more.find((entry) => typeof entry === 'function') as (() => void) | undefined;
    done?.();
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

const lines = [
  ...generateEvents({
    count: 3,
    seed: 1,
    clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
    from: Date.parse('2026-01-01'),
    to: Date.parse('2026-01-02'),
  }),
].map((event) => JSON.stringify(event));
const options = { maxRecord: 1024 ** 2, format: 'json' } as const;

test('reads the files of a folder in order, and finds the bad one', async () => {
  const day = join(folder, 'logs', '2026', '01');
  mkdirSync(day, { recursive: true });
  writeFileSync(join(day, 'b.json'), lines.join('\n'));
  writeFileSync(join(folder, 'logs', 'a.json'), lines[0] ?? '');
  expect(await runValidate([join(folder, 'logs')], options)).toBe(0);
  const { files } = JSON.parse(printed) as { files: { file: string; faults: number }[] };
  expect(files.map(({ file }) => file)).toEqual([join(day, 'b.json'), join(folder, 'logs', 'a.json')]);

  printed = '';
  writeFileSync(join(day, 'c.json'), '{"not": "an event"}');
  expect(await runValidate([join(folder, 'logs')], options)).toBe(1);
});

test('refuses a folder without files: nothing validated is no pass', async () => {
  mkdirSync(join(folder, 'empty', 'below'), { recursive: true });
  await expect(runValidate([join(folder, 'empty')], options)).rejects.toThrow(/holds no file; name another$/);
});

test('ends with a file of nothing but faults in seconds, and says that its counts are not whole', async () => {
  const file = join(folder, 'quotes.gz');
  writeFileSync(file, gzipSync(Buffer.alloc(300_000_000, '"'), { level: 1 }));
  const started = Date.now();
  expect(await runValidate([file], { ...options, format: 'text' })).toBe(1);
  expect(Date.now() - started).toBeLessThan(20_000);
  expect(printed).toContain(`${file}: reading ended after 100000 faults; the counts are not whole\n`);
  expect(printed).toMatch(/100000 faults\n$/);
}, 60_000);

test('reads a file of fewer faults to its end', async () => {
  const file = join(folder, 'faults.json');
  writeFileSync(file, `${'{}\n'.repeat(1_000)}${lines[0]}\n`);
  expect(await runValidate([file], options)).toBe(1);
  expect(JSON.parse(printed).files[0]).toMatchObject({
    faults: 1_000,
    stopped: false,
    events: { query: expect.any(Number) },
  });
});
