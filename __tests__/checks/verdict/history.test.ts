/** When violations came and went, on findings that the rules really make. */
import { unreadable } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import type { ExportReport } from '../../../checks/verdict/finding';
import { historyOf } from '../../../checks/verdict/history';
import { parseBaseline } from '../../../cli/check/baseline-file';
import { accepted, exportOf, reportOf } from '../report/support';
import { allowAltr, beside, put, trust } from '../rules/builders';

const READS_TOO: SetUp = beside(put({ Action: 's3:GetObject' }));
const NO_ID: SetUp = trust(allowAltr({ Condition: undefined }));
const UNREADABLE = unreadable({
  message: 'AWS denied iam:GetRole',
  api: 'iam:GetRole',
  code: 'AccessDenied',
});

const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`;

/** The history of runs on one day after the other. */
function history(...days: readonly (readonly ExportReport[])[]) {
  return historyOf(
    days.map((exports, index) =>
      parseBaseline(JSON.stringify({ ...reportOf(exports), startedAt: at(index + 1) }), 'report.json'),
    ),
  ).map(({ export: name, rule, status, spells }) => ({
    name,
    rule,
    status,
    spells: spells.map(({ from, after, last, gone }) =>
      [from, after, last, gone].map((time) => (time === null ? '-' : time.slice(9, 10))).join(' '),
    ),
  }));
}

const good = exportOf('acme', {});
const bad = exportOf('acme', READS_TOO);
const about = { name: 'acme', rule: 'permissions-action-scope' };

test.each([
  ['came and stayed', [[good], [bad], [bad]], 'open', ['2 1 3 -']],
  ['was there in the first report', [[bad], [bad]], 'open', ['1 - 2 -']],
  ['came and went', [[good], [bad], [bad], [good]], 'gone', ['2 1 3 4']],
  ['came back', [[bad], [good], [bad]], 'open', ['1 - 1 2', '3 2 3 -']],
  ['was accepted', [[bad], [accepted(bad)]], 'accepted', ['1 - 2 -']],
  ['was accepted, and counts again', [[accepted(bad)], [bad]], 'open', ['1 - 2 -']],
  ['was left out of a run, which proves nothing', [[bad], [exportOf('other', {})]], 'open', ['1 - 1 -']],
  [
    'could not be judged, which proves nothing',
    [[bad], [exportOf('acme', READS_TOO, { role: UNREADABLE })], [bad]],
    'open',
    ['1 - 3 -'],
  ],
] as const)('a violation that %s', (_what, days, status, spells) => {
  expect(history(...days)).toEqual([{ ...about, status, spells }]);
});

test('what is open comes first, the most severe before the others', () => {
  const worse = exportOf('worse', NO_ID);
  const old = (setUp: SetUp) => ({ ...exportOf('old', setUp), accountId: '222222222222' });
  expect(
    // A missing condition gives several findings.
    [
      ...new Set(
        history([bad, worse, old(NO_ID)], [bad, worse, old({})]).map(
          ({ name, status }) => `${name} ${status}`,
        ),
      ),
    ],
  ).toEqual(['worse open', 'acme open', 'old gone']);
});

test('runs without a violation have none', () => {
  expect(history([good], [good])).toEqual([]);
});
