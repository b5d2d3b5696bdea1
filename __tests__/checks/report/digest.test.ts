/** Short messages name causes, not rules. */
import { unreadable } from '../../../checks/observe/observation';
import { digestOf } from '../../../checks/report/digest';
import { exportOf, reportOf } from './support';

test('one unreadable API is one line, whatever rules wait for it', () => {
  const reason = {
    message: 'AWS denied iam:GetRole (AccessDenied)',
    api: 'iam:GetRole',
    code: 'AccessDenied',
  };
  const entry = exportOf('acme', {}, { role: unreadable(reason) });
  const { sections } = digestOf(reportOf([entry]), {});
  const lines = sections.flatMap((section) => section.lines).filter((line) => line.includes('iam:GetRole'));
  expect(lines).toEqual([expect.stringMatching(/^unknown \S+ and \d+ other rules in acme: /)]);
});
