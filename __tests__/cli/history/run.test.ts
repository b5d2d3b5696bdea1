/** `altr-export history`: which files it reads, and what it prints. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runHistory } from '../../../cli/history/run';
import { exportOf, reportOf } from '../../checks/report/support';
import { beside, put } from '../../checks/rules/builders';

let folder: string;
let printed = '';
let told = '';
const capture = (take: (text: string) => void) => (text: unknown, done?: unknown) => {
  take(String(text));
  if (typeof done === 'function') done();
  return true;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'altr-history-'));
  printed = '';
  told = '';
  jest.spyOn(process.stdout, 'write').mockImplementation(capture((text) => (printed += text)));
  jest.spyOn(process.stderr, 'write').mockImplementation(capture((text) => (told += text)));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const bad = exportOf('acme', beside(put({ Action: 's3:GetObject' })));
const good = exportOf('acme', {});
function report(name: string, day: number, exports = [bad]): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ ...reportOf(exports), startedAt: `2026-01-0${day}T03:17:00.000Z` }));
  return file;
}
const text = { only: [], format: 'text' } as const;

test('puts the runs in order whatever the files are called, and counts a copy once', async () => {
  const files = [report('c.json', 1, [good]), report('a.json', 3, [good]), report('b.json', 2)];
  await runHistory([...files, report('copy.json', 2)], text);
  expect(printed).toBe(
    [
      '3 reports, 2026-01-01 03:17 UTC to 2026-01-03 03:17 UTC',
      '',
      'GONE permissions-action-scope (high) in acme',
      '    The inline policy more of role ALTRPublishSIEMDataAcmeProd allows s3:GetObject, more than s3:PutObject.',
      '    came 2026-01-02 03:17 UTC (not yet 2026-01-01 03:17 UTC), went 2026-01-03 03:17 UTC',
      '',
      '1 violation: 0 open, 0 accepted, 1 gone',
      '',
    ].join('\n'),
  );
});

test('reads a folder, and names what is no report in it', async () => {
  report('a.json', 1);
  mkdirSync(join(folder, 'below'));
  report('below/b.json', 2);
  writeFileSync(join(folder, 'other.json'), '{}');
  writeFileSync(join(folder, 'failed.json'), JSON.stringify({ ...reportOf([]), error: 'no credentials' }));
  writeFileSync(join(folder, 'notes.txt'), 'not looked at');
  await runHistory([folder], { only: [], format: 'json' });
  expect(JSON.parse(printed)).toMatchObject({
    runs: { count: 2, first: '2026-01-01T03:17:00.000Z', last: '2026-01-02T03:17:00.000Z' },
    violations: [{ export: 'acme', status: 'open', spells: [{ from: '2026-01-01T03:17:00.000Z' }] }],
  });
  expect(told.split('\n').map((line) => line.replace(folder, ''))).toEqual([
    '/failed.json is the report of a run that failed and judged nothing; it is left out',
    '/other.json is no report of altr-export; it is left out',
    '',
  ]);
});

test('shows the chosen exports alone', async () => {
  const file = report('a.json', 1, [bad, { ...bad, name: 'other', accountId: '222222222222' }]);
  await runHistory([file], { only: ['oth*'], format: 'text' });
  expect(printed).toContain('in other\n');
  expect(printed).not.toContain('in acme\n');
  await expect(runHistory([file], { only: ['nobody'], format: 'text' })).rejects.toThrow(
    /no export is named/,
  );
});

test('refuses a file that is no report, and a folder without one', async () => {
  const file = join(folder, 'other.json');
  writeFileSync(file, '{}');
  await expect(runHistory([file], text)).rejects.toThrow(
    /other\.json is no report of altr-export; give reports of check that were written with --format json$/,
  );
  await expect(runHistory([folder], text)).rejects.toThrow(/^there is no report among the files/);
});
