import { declaredRoles } from '../../../checks/observe/declared-account';
import { known, type Observation, unreadable } from '../../../checks/observe/observation';

const unread = unreadable({ message: 'no credentials' });
const seen = (accounts: Readonly<Record<string, string | undefined>>): Observation => ({
  schemaVersion: 1,
  observedAt: '2026-01-01T00:00:00.000Z',
  accounts: [],
  exports: Object.entries(accounts).map(([name, id]) => ({
    name,
    accountId: id === undefined ? unread : known(id),
    role: unread,
    bucket: unread,
  })),
});
const one = { name: 'one', roleName: 'RoleOne', profile: 'a', region: 'eu-west-1' };
const two = { name: 'two', roleName: 'RoleTwo', profile: 'b', region: 'eu-west-1' };

test.each([
  ['where both are seen, each in its own', seen({ one: '1', two: '2' }), two, '2'],
  ['where its own can’t be entered, nobody knows where', seen({ one: '1', two: undefined }), two, null],
  ['where it was not looked at, nobody knows where', seen({ one: '1' }), two, null],
  ['reached like one that was seen, in that', seen({ one: '1' }), { ...two, profile: 'a' }, '1'],
  [
    'reached alike in another partition, nobody knows where',
    seen({ one: '1' }),
    { ...two, profile: 'a', region: 'cn-north-1' },
    null,
  ],
  ['declared, in that one', seen({ one: '1' }), { ...two, accountId: '222222222222' }, '222222222222'],
])('a role is declared %s', (_where, observation, second, accountId) => {
  expect(declaredRoles([one, second], observation)).toEqual([
    { exportName: 'one', roleName: 'RoleOne', accountId: '1' },
    { exportName: 'two', roleName: 'RoleTwo', accountId },
  ]);
});

test('where exports that are reached alike were seen in several accounts, nobody knows where another is', () => {
  const same = { region: 'eu-west-1', profile: 'a' };
  const exports = ['one', 'two', 'three', 'four'].map((name) => ({ ...same, name, roleName: name }));
  const accounts = declaredRoles(exports, seen({ one: '1', two: '2', three: '1' }));
  expect(accounts.map(({ accountId }) => accountId)).toEqual(['1', '2', '1', null]);
});
