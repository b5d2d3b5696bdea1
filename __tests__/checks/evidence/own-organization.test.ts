import { ownOrganization, pathOf } from '../../../checks/evidence/own-organization';
import { ABSENT, known, type OrganizationObservation, unreadable } from '../../../checks/observe/observation';

const OWN = '123456789012';
const refused = unreadable({ message: 'AWS denied organizations:ListParents (AccessDenied)' });

const organization = (
  accounts: OrganizationObservation['accounts'] = [
    { accountId: OWN, path: known(['r-ab12', 'ou-ab12-11111111', OWN]) },
  ],
): OrganizationObservation => ({
  id: 'o-exampleorg1',
  managementAccountId: '999999999999',
  accounts,
  targets: [],
  policies: [],
});

test('the path is that of aws:PrincipalOrgPaths: the organization, its root and units, without the account', () => {
  expect(ownOrganization({ organization: known(organization()) }, OWN)).toEqual({
    id: 'o-exampleorg1',
    managementAccountId: '999999999999',
    path: 'o-exampleorg1/r-ab12/ou-ab12-11111111/',
  });
});

test.each<
  [what: string, observed: Parameters<typeof ownOrganization>[0]['organization'], accountId: string | null]
>([
  ['nobody looked at the organization', undefined, OWN],
  ['the organization could not be read', refused, OWN],
  ['there is no organization', ABSENT, OWN],
  ['the account is not known', known(organization()), null],
  ['the path of the account was not read', known(organization([{ accountId: OWN, path: refused }])), OWN],
  ['the account is in another one', known(organization([{ accountId: OWN, path: ABSENT }])), OWN],
  ['nobody looked for the account', known(organization()), '222222222222'],
])('no organization is told if %s', (_what, observed, accountId) => {
  expect(ownOrganization({ organization: observed }, accountId)).toBeUndefined();
});

test('an account that could not be found differs from one that nobody looked for', () => {
  const seen = organization([{ accountId: OWN, path: ABSENT }]);
  expect([pathOf(seen, OWN), pathOf(seen, '222222222222')]).toEqual([ABSENT, undefined]);
});
