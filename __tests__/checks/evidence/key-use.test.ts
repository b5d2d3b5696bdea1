import { decideKeyUse, isUsable, WEIGHT, weight } from '../../../checks/evidence/key-use';
import { parsedBoundary, parsedIdentityPolicy, parsedResourcePolicy } from '../../../checks/evidence/parsed';
import { type Decision, RequestContext, resourceName } from '../../../checks/policy';
import { type Json, KEY, OTHER, OWN, ROLE } from '../rules/builders';
import { EXAMPLE } from '../rules/support';

test.each([
  ['Enabled', true],
  ['Updating', true],
  ['Disabled', false],
  ['PendingDeletion', false],
  ['Unavailable', false],
])('a key that is %s', (keyState, usable) => {
  expect(isUsable(keyState)).toBe(usable);
});

const FOREIGN_KEY = KEY.replace(OWN, OTHER);
const ACTION = 'kms:GenerateDataKey';

const document = (source: string, Statement: readonly Json[]) => ({
  source,
  text: JSON.stringify({ Version: '2012-10-17', Statement }),
});

const use = (Principal?: unknown, more: Json = {}): Json => ({
  Effect: 'Allow',
  Principal,
  Action: ACTION,
  Resource: '*',
  ...more,
});
const deny = (Principal?: unknown): Json => use(Principal, { Effect: 'Deny' });
const byRole = use({ AWS: ROLE });
const byAccount = use({ AWS: `arn:aws:iam::${OWN}:root` });
const NEVER = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const UNTOLD = { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'data' } } };

interface Policies {
  readonly key: readonly Json[];
  readonly role?: readonly Json[];
  readonly boundary?: readonly Json[];
}

function decided({ key, role = [], boundary }: Policies, keyArn = KEY): Decision {
  const identity = document('role policy', role);
  return decideKeyUse(
    parsedResourcePolicy(document('key policy', key)),
    {
      identity: [
        {
          policy: { kind: 'inline', name: 'p', document: { state: 'value', value: identity } },
          parsed: parsedIdentityPolicy(identity),
        },
      ],
      boundary: boundary && parsedBoundary(document('boundary', boundary)),
      caller: { accountId: OWN, roleArn: ROLE, roleName: EXAMPLE.roleName },
    },
    {
      action: ACTION,
      resource: resourceName(keyArn),
      caller: { accountId: OWN, roleArn: ROLE, roleName: EXAMPLE.roleName },
      context: new RequestContext({ 'aws:SecureTransport': { kind: 'value', value: 'true' } }),
    },
    keyArn,
  );
}

/** The verdict, and where each reason has its place. */
const told = ({ verdict, reasons }: Decision) => [
  verdict,
  ...reasons.map(({ kind, source }) => (source ? `${kind}: ${source}` : kind)),
];

test.each<[what: string, policies: Policies, told: readonly string[]]>([
  ['the key’s policy names the role', { key: [byRole] }, ['allowed']],
  ['it names the account, and the role’s policy allows', { key: [byAccount], role: [use()] }, ['allowed']],
  [
    'it names the account, and the role’s policy does not allow',
    { key: [byAccount] },
    ['denied', 'no-allow'],
  ],
  ['it names another account', { key: [use({ AWS: OTHER })], role: [use()] }, ['denied', 'no-allow']],
  ['only the role’s policy allows', { key: [], role: [use()] }, ['denied', 'no-allow']],
  [
    'the key’s policy denies it, though the role’s allows',
    { key: [byAccount, deny('*')], role: [use()] },
    ['denied', 'deny: key policy'],
  ],
  [
    'the role’s policy denies it, though the key’s names the role',
    { key: [byRole], role: [deny()] },
    ['denied', 'deny: role policy'],
  ],
  [
    'the boundary leaves it out, though both policies allow',
    { key: [byRole, byAccount], role: [use()], boundary: [] },
    ['denied', 'boundary: boundary'],
  ],
  [
    'the boundary leaves it out, though the account’s own policies decide',
    { key: [byAccount], role: [use()], boundary: [] },
    ['denied', 'boundary: boundary'],
  ],
  ['the boundary lets it through', { key: [byAccount], role: [use()], boundary: [use()] }, ['allowed']],
  [
    'the role’s policy depends on what is not known',
    { key: [byAccount], role: [use(undefined, UNTOLD)] },
    ['depends', 'condition: role policy'],
  ],
  [
    'the key’s policy depends on what is not known, and the role’s allows',
    { key: [use({ AWS: OWN }, UNTOLD)], role: [use()] },
    ['depends', 'condition: key policy'],
  ],
  [
    'the grant to the role depends on what is not known, that to the account does not',
    { key: [use({ AWS: ROLE }, UNTOLD), byAccount], role: [use()] },
    ['allowed'],
  ],
  [
    'the grant to the role depends on what is not known, and none is left to the account',
    { key: [use({ AWS: ROLE }, UNTOLD)], role: [use()] },
    ['depends', 'no-allow', 'condition: key policy'],
  ],
  [
    'both depend on what is not known: the account’s own policies are told',
    { key: [use({ AWS: ROLE }, UNTOLD), byAccount], role: [use(undefined, UNTOLD)] },
    ['depends', 'condition: role policy'],
  ],
  [
    'both the grant to the account and the role’s policy depend on it: the key’s policy is told',
    { key: [use({ AWS: OWN }, UNTOLD)], role: [use(undefined, UNTOLD)] },
    ['depends', 'condition: key policy'],
  ],
  [
    'the key’s policy lets the account by a condition that never holds',
    { key: [use({ AWS: OWN }, NEVER)], role: [use()] },
    ['denied', 'no-allow', 'condition: key policy'],
  ],
  [
    'the role’s policy allows by a condition that never holds, and the key’s policy not at all',
    { key: [], role: [use(undefined, NEVER)] },
    ['denied', 'no-allow', 'condition: role policy'],
  ],
  [
    'neither’s condition holds: the key’s policy is told',
    { key: [use({ AWS: OWN }, NEVER)], role: [use(undefined, NEVER)] },
    ['denied', 'no-allow', 'condition: key policy'],
  ],
  [
    'nothing allows but a grant to the role by a condition that never holds',
    { key: [use({ AWS: ROLE }, NEVER)] },
    ['denied', 'no-allow', 'condition: key policy'],
  ],
])('in the key’s own account: %s', (_what, policies, expected) => {
  expect(told(decided(policies))).toEqual(expected);
});

test.each<[what: string, policies: Policies, told: readonly string[]]>([
  ['the key’s policy names the role, and the role’s allows', { key: [byRole], role: [use()] }, ['allowed']],
  [
    'the key’s policy names the account, and the role’s allows',
    { key: [byAccount], role: [use()] },
    ['allowed'],
  ],
  ['only the key’s policy allows', { key: [byRole, byAccount] }, ['denied', 'no-allow']],
  ['only the role’s policy allows', { key: [], role: [use()] }, ['denied', 'no-allow']],
  ['the key’s policy denies it', { key: [byRole, deny('*')], role: [use()] }, ['denied', 'deny: key policy']],
  ['the role’s policy denies it', { key: [byRole], role: [use(), deny()] }, ['denied', 'deny: role policy']],
  [
    'the boundary leaves it out',
    { key: [byRole], role: [use()], boundary: [] },
    ['denied', 'boundary: boundary'],
  ],
])('a key of another account: %s', (_what, policies, expected) => {
  expect(told(decided(policies, FOREIGN_KEY))).toEqual(expected);
});

const because = (
  verdict: Decision['verdict'],
  ...kinds: Decision['reasons'][number]['kind'][]
): Decision => ({
  verdict,
  reasons: kinds.map((kind) => ({ kind, text: kind })),
});

test.each<[what: string, decision: Decision, tells: number]>([
  ['a Deny', because('denied', 'deny'), WEIGHT.deny],
  ['a boundary', because('denied', 'boundary'), WEIGHT.boundary],
  ['a condition that only just fails', because('denied', 'no-allow', 'condition'), WEIGHT.nearMiss],
  ['that nothing allows', because('denied', 'no-allow'), WEIGHT.none],
  ['an open condition beside a boundary', because('depends', 'boundary', 'condition'), WEIGHT.none],
  ['nothing, where all is allowed', because('allowed'), WEIGHT.none],
])('how much is told by %s', (_what, decision, tells) => {
  expect(weight(decision)).toBe(tells);
});

test('a Deny tells more than a boundary, that more than a near miss, and that more than nothing', () => {
  const { none, nearMiss, boundary, deny: byDeny } = WEIGHT;
  expect(byDeny).toBeGreaterThan(boundary);
  expect(boundary).toBeGreaterThan(nearMiss);
  expect(nearMiss).toBeGreaterThan(none);
});
