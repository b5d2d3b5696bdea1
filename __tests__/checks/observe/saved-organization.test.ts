/** A saved copy of an organization: what is kept, and what is refused. */
import type { SavedOrganization } from '../../../checks/observe/observation';
import {
  loadObservation,
  loadOrganization,
  saveObservation,
  saveOrganization,
} from '../../../checks/observe/saved';

const ACCOUNT = '123456789012';
const known = <T>(value: T) => ({ state: 'value' as const, value });
const ABSENT = { state: 'absent' } as const;

const target = (id: string, type: 'ROOT' | 'ORGANIZATIONAL_UNIT' | 'ACCOUNT', policies = ['p-full']) => ({
  id,
  type,
  serviceControlPolicies: known(policies),
  resourceControlPolicies: ABSENT,
});

const ORGANIZATION: SavedOrganization['organization'] = {
  id: 'o-example',
  managementAccountId: '999999999999',
  accounts: [{ accountId: ACCOUNT, path: known(['r-root', ACCOUNT]) }],
  targets: [target('r-root', 'ROOT'), target(ACCOUNT, 'ACCOUNT')],
  policies: [
    {
      id: 'p-full',
      name: 'FullAWSAccess',
      type: 'SERVICE_CONTROL_POLICY',
      document: known({ source: 'organization policy FullAWSAccess (p-full)', text: '{}' }),
    },
  ],
};

const SAVED: SavedOrganization = {
  schemaVersion: 1,
  observedAt: '2026-11-29T09:00:00.000Z',
  organization: ORGANIZATION,
};

test('is read as it was saved', () => {
  expect(loadOrganization(saveOrganization(SAVED), 'f.json')).toEqual(SAVED);
});

test('may hold what could not be read, and accounts that are not of it', () => {
  const unreadable = { state: 'unreadable', reason: { message: 'AWS denied it' } } as const;
  const partial = {
    ...SAVED,
    organization: {
      ...ORGANIZATION,
      accounts: [
        { accountId: ACCOUNT, path: unreadable },
        { accountId: '222222222222', path: ABSENT },
      ],
      targets: [{ ...target('r-root', 'ROOT'), serviceControlPolicies: unreadable }],
    },
  };
  expect(loadOrganization(saveOrganization(partial), 'f.json')).toEqual(partial);
});

const SAVE_AGAIN = 'write it with altr-export organization save --output FILE';
const damaged = (message: string) => `f.json is a damaged copy of an organization: ${message}; save it again`;
const changed = (organization: Partial<SavedOrganization['organization']>) =>
  JSON.stringify({ ...SAVED, organization: { ...ORGANIZATION, ...organization } });

test.each<[string, string, string | RegExp]>([
  ['no JSON', 'organization:', `f.json is not JSON; ${SAVE_AGAIN}`],
  ['null', 'null', /^f\.json is no saved organization \(the whole: .*\); write it with/],
  ['an observation', '{"schemaVersion":1,"exports":[]}', /^f\.json is no saved organization \(observedAt: /],
  [
    'a newer version',
    '{"schemaVersion":2}',
    'f.json was saved by a newer version of this tool (schema 2); upgrade the tool',
  ],
  [
    'a path through a target that is missing',
    changed({ targets: [target(ACCOUNT, 'ACCOUNT')] }),
    damaged(`the path of ${ACCOUNT} names r-root, which is not in it`),
  ],
  [
    'a path that ends above the account',
    changed({ accounts: [{ accountId: ACCOUNT, path: known(['r-root']) }] }),
    damaged(`the path of ${ACCOUNT} does not end with it`),
  ],
  [
    'a path that does not begin at a root',
    changed({ accounts: [{ accountId: ACCOUNT, path: known([ACCOUNT]) }] }),
    damaged(`the path of ${ACCOUNT} has ${ACCOUNT} in place of a root`),
  ],
  [
    'a path of no steps',
    changed({ accounts: [{ accountId: ACCOUNT, path: known([]) }] }),
    damaged(`the path of ${ACCOUNT} does not end with it`),
  ],
  [
    'a path that begins at a unit',
    changed({ targets: [target('r-root', 'ORGANIZATIONAL_UNIT'), target(ACCOUNT, 'ACCOUNT')] }),
    damaged(`the path of ${ACCOUNT} has r-root in place of a root`),
  ],
  [
    'a path through another root',
    changed({
      accounts: [{ accountId: ACCOUNT, path: known(['r-root', 'r-two', ACCOUNT]) }],
      targets: [...ORGANIZATION.targets, target('r-two', 'ROOT')],
    }),
    damaged(`the path of ${ACCOUNT} has r-two in place of an organizational unit`),
  ],
  [
    'an account that is a unit',
    changed({ targets: [target('r-root', 'ROOT'), target(ACCOUNT, 'ORGANIZATIONAL_UNIT')] }),
    damaged(`the path of ${ACCOUNT} has ${ACCOUNT} in place of the account`),
  ],
  [
    'a policy that is missing',
    changed({ policies: [] }),
    damaged('the policy p-full of r-root is not in it'),
  ],
  [
    'a target twice',
    changed({ targets: [...ORGANIZATION.targets, target('r-root', 'ROOT', [])] }),
    damaged('it holds the target r-root twice'),
  ],
  [
    'a policy twice',
    changed({ policies: [...ORGANIZATION.policies, ...ORGANIZATION.policies] }),
    damaged('it holds the policy p-full twice'),
  ],
  [
    'an account twice',
    changed({ accounts: [...ORGANIZATION.accounts, ...ORGANIZATION.accounts] }),
    damaged(`it holds the account ${ACCOUNT} twice`),
  ],
])('refuses %s in one sentence', (_, text, message) => {
  expect(() => loadOrganization(text, 'f.json')).toThrow(message);
});

describe('in a saved observation', () => {
  const observation = (organization?: SavedOrganization['organization']) => ({
    schemaVersion: 1 as const,
    observedAt: SAVED.observedAt,
    exports: [],
    accounts: [],
    organization: organization && known(organization),
  });

  test('it is read as it was saved', () => {
    const seen = observation(ORGANIZATION);
    expect(loadObservation(saveObservation(seen), 'f.json')).toEqual(seen);
  });

  test('it is not looked at if an older file lacks it', () => {
    expect(loadObservation(saveObservation(observation()), 'f.json').organization).toBeUndefined();
  });

  test('it is refused if it is damaged', () => {
    const text = saveObservation(observation({ ...ORGANIZATION, policies: [] }));
    expect(() => loadObservation(text, 'f.json')).toThrow(
      damaged('the policy p-full of r-root is not in it'),
    );
  });
});
