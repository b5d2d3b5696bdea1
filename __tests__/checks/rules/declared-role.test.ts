/** The set-ups in which declared-role decides the outcome, each with the outcome of every rule. */
import type { SetUp } from '../../../checks/pages/set-up';
import type { ExportOptionsInput } from '../../../config/options';
import { allowAltr, boundary, OWN, put, refused, trust, value } from './builders';
import { EXAMPLE, findingsOf } from './support';
import { COMPLIANT, type Expected, table } from './table';

const WEAKER: Expected = { fail: ['declared-role'] };
const ADVICE: Expected = { advice: ['declared-role'] };
const UNKNOWN: Expected = { unknown: ['declared-role'] };
const declaring = (role: ExportOptionsInput['role'], setUp: SetUp = {}): SetUp => ({
  declares: { role },
  ...setUp,
});
const BOUNDARY = `arn:aws:iam::${OWN}:policy/boundary`;
const bounded = boundary(put());
const seconds = (duration: number): SetUp => ({ role: { maxSessionDuration: value(duration) } });

table('the role is declared', [
  ['and as it is made by hand', declaring({}), COMPLIANT],
  ['and in another path', declaring({ path: '/altr/' }), WEAKER],
  ['and in the declared path', declaring({ path: '/altr/' }, { rolePath: '/altr/' }), COMPLIANT],
  ['and has the declared boundary', declaring({ permissionsBoundary: BOUNDARY }, bounded), COMPLIANT],
  ['and has no boundary', declaring({ permissionsBoundary: BOUNDARY }), WEAKER],
  ['and has another boundary', declaring({ permissionsBoundary: `${BOUNDARY}-2` }, bounded), WEAKER],
  ['and has a boundary that nobody declared', declaring({}, bounded), COMPLIANT],
  ['and allows long sessions', declaring({ maxSessionHours: 2 }, seconds(7201)), WEAKER],
  ['and allows the declared session', declaring({ maxSessionHours: 2 }, seconds(7200)), COMPLIANT],
  ['and allows shorter sessions', declaring({ maxSessionHours: 2 }, seconds(3600)), COMPLIANT],
  ['and its session was not looked at', declaring({}, { role: { maxSessionDuration: undefined } }), ADVICE],
  [
    'and its session could not be read',
    declaring({}, { role: { maxSessionDuration: refused('iam:GetRole') } }),
    UNKNOWN,
  ],
]);

const TAGS = { tags: { team: 'security' } };
const own = EXAMPLE.permissions;
const two: SetUp = { attachedPolicies: { [EXAMPLE.roleName]: own, more: own } };

table('the role has its own policy alone, by the config', [
  ['and so it has, by another name', declaring({}), COMPLIANT],
  ['and one is beside it', declaring({}, two), WEAKER],
  ['and an inline one is beside it', declaring({}, { inlinePolicies: { more: own } }), WEAKER],
  ['and one is beside it, which is declared to be fine', declaring({ exclusive: false }, two), COMPLIANT],
]);

test('nothing is said of a role that is not declared', () => {
  expect(findingsOf({ ...two, ...seconds(43_200) }).filter(({ rule }) => rule === 'declared-role')).toEqual(
    [],
  );
});

test('tags that are missing are a violation', () => {
  const declares: ExportOptionsInput = { role: {}, tags: { team: 'security' } };
  const of = (tags: Record<string, string>) =>
    findingsOf({ declares, role: { tags: value(tags) } })
      .filter(({ rule }) => rule === 'declared-role')
      .map(({ status }) => status);
  expect(of({})).toEqual(['fail']);
  expect(of({ team: 'security', more: 'x' })).toEqual(['pass']);
});

table('tags alone are declared', [
  ['and the role has them', { declares: TAGS, roleTags: { team: 'security', more: 'x' } }, COMPLIANT],
  ['and the role lacks one', { declares: TAGS, roleTags: { more: 'x' } }, WEAKER],
  ['and one has another value', { declares: TAGS, roleTags: { team: 'data' } }, WEAKER],
  [
    'and nothing else of the role is judged',
    { declares: TAGS, roleTags: TAGS.tags, ...two, ...seconds(43_200), rolePath: '/x/' },
    COMPLIANT,
  ],
  ['and they could not be read', { declares: TAGS, role: { tags: refused('iam:GetRole') } }, UNKNOWN],
  ['and they were not looked at', { declares: TAGS, role: { tags: undefined } }, ADVICE],
]);

test('the fix of a session sets the declared one', () => {
  const [finding] = findingsOf(declaring({ maxSessionHours: 2 }, seconds(43_200))).filter(
    ({ rule }) => rule === 'declared-role',
  );
  expect(finding?.remediation?.commands).toEqual([
    `aws iam update-role --role-name ${EXAMPLE.roleName} --max-session-duration 7200`,
  ]);
});

const remedyOf = (fact: RegExp, setUp: SetUp) =>
  findingsOf(setUp).find(({ rule, message }) => rule === 'declared-role' && fact.test(message))?.remediation;

test('the fix of the boundary leaves session and path alone', () => {
  const remedy = remedyOf(
    /boundary/,
    declaring({ path: '/altr/', permissionsBoundary: BOUNDARY, maxSessionHours: 12 }, { rolePath: '/altr/' }),
  );
  expect(remedy?.commands).toEqual([
    `aws iam put-role-permissions-boundary --role-name ${EXAMPLE.roleName} --permissions-boundary ${BOUNDARY}`,
  ]);
  expect(remedy?.terraform).toMatch(/path += "\/altr\/"/);
  expect(remedy?.terraform).toContain(`max_session_duration = 3600\n  permissions_boundary = "${BOUNDARY}"`);
});

test('the fix of the session keeps the path and a boundary that nobody declared', () => {
  const remedy = remedyOf(
    /sessions/,
    declaring({ path: '/altr/', maxSessionHours: 2 }, { ...bounded, ...seconds(43_200), rolePath: '/altr/' }),
  );
  expect(remedy?.commands).toHaveLength(1);
  expect(remedy?.terraform).toContain('"/altr/"');
  expect(remedy?.terraform).toContain(`max_session_duration = 7200\n  permissions_boundary = "${BOUNDARY}"`);
});

test('a role in another path is declared as it is: Terraform would replace it', () => {
  const remedy = remedyOf(/in the path/, declaring({ path: '/altr/' }, { rolePath: '/old/' }));
  expect(remedy).toEqual({
    summary: expect.stringMatching(/^Correct role\.path in the config/),
    cdktf: `# altr-exports.yaml, export acme-prod; then: npx cdktf deploy acme-prod\nrole:\n  path: /old/`,
  });
});

test('the block of another fix takes neither session nor boundary nor path off the role', () => {
  const trusting = trust(allowAltr({ Condition: undefined }));
  const terraform = findingsOf({ ...bounded, ...seconds(7200), ...trusting, rolePath: '/altr/' }).find(
    ({ rule, status }) => rule === 'trust-external-id' && status === 'fail',
  )?.remediation?.terraform;
  for (const kept of ['"/altr/"', '7200', BOUNDARY]) expect(terraform).toContain(kept);
});
