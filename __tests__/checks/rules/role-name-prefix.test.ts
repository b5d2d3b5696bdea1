import { findingsOf } from './support';

const of = (roleName: string) => findingsOf({ roleName }).find(({ rule }) => rule === 'role-name-prefix');

test.each([
  ['the prefix alone', 'ALTRPublishSIEMData', 'pass'],
  ['the prefix and more', 'ALTRPublishSIEMDataX', 'pass'],
  ['another case', 'altrPublishSIEMDataX', 'fail'],
  ['the prefix further in', 'my-ALTRPublishSIEMData', 'fail'],
  ['something else', 'acme-altr-export', 'fail'],
])('%s', (_why, roleName, status) => {
  expect(of(roleName)?.status).toBe(status);
});

test('a prefix in another case is said to be just that', () => {
  expect(of('ALTRPUBLISHSIEMDATA')?.message).toMatch(/upper and lower case count/);
});
