import { parsedResourcePolicy } from '../../../checks/evidence/parsed';
import { accountPart, onlyDenies, withoutDenies } from '../../../checks/evidence/policy-part';
import type { Policy } from '../../../checks/policy';
import { OTHER, OWN, ROLE } from '../rules/builders';

const root = (accountId: string) => ({ AWS: `arn:aws:iam::${accountId}:root` });
const statement = (Sid: string, changes: object) => ({
  Sid,
  Effect: 'Allow',
  Action: 'kms:*',
  Resource: '*',
  ...changes,
});
const KEY_POLICY = parsedResourcePolicy({
  source: 'key policy',
  text: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      statement('account', { Principal: root(OWN) }),
      statement('account and role', { Principal: { AWS: [ROLE, OWN] } }),
      statement('other account', { Principal: root(OTHER) }),
      statement('role', { Principal: { AWS: ROLE } }),
      statement('everybody', { Principal: '*' }),
      statement('all but the account', { NotPrincipal: root(OWN) }),
      statement('nobody', {}),
      statement('deny', { Effect: 'Deny', Principal: { AWS: ROLE } }),
      statement('not understood', { Principal: { AWS: ROLE }, Conditions: {} }),
      statement('neither effect', { Effect: 'Perhaps', Principal: { AWS: ROLE } }),
    ],
  }),
});
const sidsOf = ({ statements }: Policy) => statements.map(({ sid }) => sid);

test('the account’s part is what names the whole account, and all that may deny or was not understood', () => {
  expect(sidsOf(accountPart(KEY_POLICY, OWN))).toStrictEqual([
    'account',
    'account and role',
    'nobody',
    'deny',
    'not understood',
    'neither effect',
  ]);
});

test('what may deny is all but the Allow statements', () => {
  expect(sidsOf(onlyDenies(KEY_POLICY))).toStrictEqual(['deny', 'neither effect']);
});

test('what may allow is all but the Deny statements', () => {
  expect(sidsOf(withoutDenies(KEY_POLICY))).toStrictEqual(sidsOf(KEY_POLICY).filter((sid) => sid !== 'deny'));
});

test.each([
  ['account’s part', accountPart(KEY_POLICY, OWN)],
  ['denying part', onlyDenies(KEY_POLICY)],
  ['allowing part', withoutDenies(KEY_POLICY)],
])('the %s keeps the name of the document and its faults', (_what, { source, faults }) => {
  expect({ source, faults }).toStrictEqual({ source: 'key policy', faults: KEY_POLICY.faults });
});
