import { administratorsShutOut, otherAdministrators } from '../../../checks/evidence/key-administrators';
import { parsedResourcePolicy } from '../../../checks/evidence/parsed';
import { type KmsKeyObservation, known } from '../../../checks/observe/observation';
import { type Json, KEY, OTHER, OWN } from '../rules/builders';
import { declaringContextOf } from './context-of';

const ROOT = `arn:aws:iam::${OWN}:root`;
const role = (name: string, account = OWN) => `arn:aws:iam::${account}:role/${name}`;
const user = (name: string) => `arn:aws:iam::${OWN}:user/${name}`;
const session = (name: string) => `arn:aws:sts::${OWN}:assumed-role/${name}/alice`;
const ADMIN = role('KeyAdmin');
const EVERYBODY = 'everybody in the account whom its IAM policies allow';

const policyOf = (...Statement: readonly Json[]) => ({
  source: 'key policy',
  text: JSON.stringify({ Version: '2012-10-17', Statement }),
});
const allow = (AWS: unknown, Action: unknown = 'kms:PutKeyPolicy', Condition?: Json): Json => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action,
  Resource: '*',
  Condition,
});
const deny = (...args: Parameters<typeof allow>): Json => ({ ...allow(...args), Effect: 'Deny' });
const key = (policy: KmsKeyObservation['policy']): KmsKeyObservation => ({
  arn: KEY,
  keyManager: 'CUSTOMER',
  keyState: 'Enabled',
  policy,
});

/** Who may administer the key besides the declared administrators, by which statement. */
function others(statements: readonly Json[], administrators: readonly string[] = [ADMIN]) {
  const text = policyOf(...statements);
  return otherAdministrators(
    parsedResourcePolicy(text),
    key(known(text)),
    administrators,
    declaringContextOf(),
  );
}
const whoOf = (statements: readonly Json[], administrators?: readonly string[]) =>
  others(statements, administrators).flatMap(({ who }) => who);

function shutOut(statements: readonly Json[], administrators: readonly string[] = [ADMIN]) {
  const text = policyOf(...statements);
  return administratorsShutOut(
    parsedResourcePolicy(text),
    key(known(text)),
    administrators,
    declaringContextOf(),
  );
}

test('what changes a key is administration, and what shows or uses it is not', () => {
  const [found, ...more] = others([allow(role('Other'), '*')]);
  expect(more).toStrictEqual([]);
  expect(found?.actions).toStrictEqual([
    'kms:PutKeyPolicy',
    'kms:ScheduleKeyDeletion',
    'kms:CancelKeyDeletion',
    'kms:DisableKey',
    'kms:EnableKey',
    'kms:CreateGrant',
    'kms:RevokeGrant',
    'kms:CreateAlias',
    'kms:UpdateAlias',
    'kms:DeleteAlias',
    'kms:EnableKeyRotation',
    'kms:DisableKeyRotation',
    'kms:RotateKeyOnDemand',
    'kms:ReplicateKey',
    'kms:UpdatePrimaryRegion',
    'kms:UpdateKeyDescription',
    'kms:ImportKeyMaterial',
    'kms:DeleteImportedKeyMaterial',
    'kms:TagResource',
    'kms:UntagResource',
  ]);
});

test('those whom one statement lets in are reported together, each action once', () => {
  const statement = allow(
    [role('A'), role('B'), ADMIN],
    ['kms:DisableKey', 'kms:TagResource', 'kms:Decrypt'],
  );
  const policy = parsedResourcePolicy(policyOf(statement));
  expect(otherAdministrators(policy, key(known(policyOf())), [ADMIN], declaringContextOf())).toStrictEqual([
    {
      statement: policy.statements[0],
      who: [role('A'), role('B')],
      actions: ['kms:DisableKey', 'kms:TagResource'],
      isOpen: false,
      narrowedBy: [],
    },
  ]);
});

test('each statement is reported for itself', () => {
  const found = others([allow([role('A'), role('B')], 'kms:*Key'), allow(role('A'), 'kms:EnableKey')]);
  expect(found.map(({ statement, who, actions }) => [statement.pointer, who, actions])).toStrictEqual([
    ['/Statement/0', [role('A'), role('B')], ['kms:DisableKey', 'kms:EnableKey', 'kms:ReplicateKey']],
    ['/Statement/1', [role('A')], ['kms:EnableKey']],
  ]);
});

const arnLike = (...arns: readonly string[]) => ({ ArnLike: { 'aws:PrincipalArn': arns } });

test.each<[what: string, statements: readonly Json[], who: readonly string[]]>([
  ['the account', [allow(ROOT)], [EVERYBODY]],
  ['the account, and one of its roles by name', [allow([ROOT, role('Other')])], [EVERYBODY]],
  ['the root user', [allow(ROOT, '*', arnLike(ROOT))], ['the root user of the account']],
  ['roles', [allow(ROOT, '*', arnLike(role('*')))], ['every role of the account']],
  [
    'roles, and a user by name',
    [allow(ROOT, '*', arnLike(role('*'), user('bob')))],
    ['every role of the account', user('bob')],
  ],
  [
    'roles, and one of them by name',
    [allow(ROOT, '*', arnLike(role('*'), role('Other')))],
    ['every role of the account'],
  ],
  ['users', [allow(ROOT, '*', arnLike(user('*')))], ['every user of the account']],
  [
    'federated users',
    [allow(ROOT, '*', arnLike(`arn:aws:sts::${OWN}:federated-user/*`))],
    ['every federated user of the account'],
  ],
  ['roles and users', [allow(ROOT, '*', arnLike(role('*'), user('*')))], [EVERYBODY]],
  ['some roles', [allow(ROOT, '*', arnLike(role('ops/*')))], [role('ops/*')]],
  [
    'a role of any account, as that of this one',
    [allow(ROOT, '*', arnLike(role('Other', '*')))],
    [role('Other')],
  ],
  [
    'a role of any account, with two wildcards',
    [allow(ROOT, '*', arnLike(role('Other', '?*')))],
    [role('Other')],
  ],
  [
    'whoever has a name, as a role',
    [allow(ROOT, '*', { StringLike: { 'aws:PrincipalArn': '*Other' } })],
    [role('*Other')],
  ],
  [
    'a role by name, and by a condition',
    [allow(role('Other'), '*', arnLike(role('Other')))],
    [role('Other')],
  ],
  ['a session', [allow(session('Other'))], [session('Other')]],
  ['a user', [allow(user('bob'))], [user('bob')]],
  [
    'a federated user',
    [allow(`arn:aws:sts::${OWN}:federated-user/f`)],
    [`arn:aws:sts::${OWN}:federated-user/f`],
  ],
  ['a role of another account, which can’t', [allow(role('Other', OTHER))], []],
  ['a service', [{ ...allow(''), Principal: { Service: 'config.amazonaws.com' } }], []],
  ['an administrator', [allow(ADMIN)], []],
  ['a role that may only look', [allow(role('Other'), 'kms:Describe*')], []],
  ['a role from which a Deny takes it back', [allow(role('Other')), deny(role('Other'))], []],
  [
    'all but administrators, in a Deny',
    [allow(ROOT), deny('*', '*', { ArnNotLike: arnLike(ADMIN).ArnLike })],
    [],
  ],
])('a policy lets in %s', (_what, statements, who) => {
  expect(whoOf(statements)).toStrictEqual(who);
});

describe('who is declared', () => {
  test.each<[what: string, administrators: readonly string[], named: string, isDeclared: boolean]>([
    ['a role by its ARN', [ADMIN], ADMIN, true],
    ['one of several', [role('Second'), ADMIN], ADMIN, true],
    ['a role by a pattern', [role('Key*')], ADMIN, true],
    ['another role', [role('Key')], ADMIN, false],
    ['a user of the same name', [user('KeyAdmin')], ADMIN, false],
    ['a session by its role', [ADMIN], session('KeyAdmin'), true],
    ['a session by its role, which has a path', [role('ops/team/KeyAdmin')], session('KeyAdmin'), true],
    ['a session by a pattern of its role', [role('ops/Key*')], session('KeyAdmin'), true],
    ['a session of a role whose name only begins so', [ADMIN], session('KeyAdmin2'), false],
    ['a session of a role whose name only ends so', [role('Admin')], session('KeyAdmin'), false],
    ['a session whose role has the name of a path', [role('KeyAdmin/other')], session('KeyAdmin'), false],
    ['a session by a user', [user('KeyAdmin')], session('KeyAdmin'), false],
    ['a session by a role of another account', [role('KeyAdmin', OTHER)], session('KeyAdmin'), false],
  ])('%s', (_what, administrators, named, isDeclared) => {
    expect(whoOf([allow(named)], administrators)).toStrictEqual(isDeclared ? [] : [named]);
  });
});

describe('an administrator’s request', () => {
  const absent = (name: string) => ({ Null: { [name]: 'true' } });
  const equal = (name: string, value: string) => ({ StringEquals: { [name]: value } });
  const bool = (name: string, value: string) => ({ Bool: { [name]: value } });

  test.each<[condition: Json, isOpen: boolean | undefined]>([
    [equal('kms:CallerAccount', OWN), false],
    [equal('kms:CallerAccount', OTHER), undefined],
    [equal('aws:ResourceAccount', OWN), false],
    [absent('kms:ViaService'), false],
    [equal('kms:ViaService', 's3.us-east-1.amazonaws.com'), undefined],
    [bool('kms:GrantIsForAWSResource', 'true'), undefined],
    [bool('kms:GrantIsForAWSResource', 'false'), false],
    [bool('aws:SecureTransport', 'true'), false],
    [bool('aws:ViaAWSService', 'false'), false],
    [absent('aws:CalledVia'), false],
    [absent('aws:CalledViaFirst'), false],
    [absent('aws:CalledViaLast'), false],
    [equal('aws:PrincipalTag/team', 'security'), true],
  ])('under %j', (condition, isOpen) => {
    const found = others([allow(ROOT, 'kms:PutKeyPolicy', condition)]);
    expect(found).toHaveLength(isOpen === undefined ? 0 : 1);
    expect(found[0]?.isOpen).toBe(isOpen);
  });

  // In which path a session's role is, its ARN does not tell.
  test.each<[condition: Json, isOpen: boolean | undefined]>([
    [arnLike(role('Other')), true],
    [arnLike(role('ops/Other')), true],
    [arnLike(role('Other'), role('*/Other')), false],
    [arnLike(role('Third')), undefined],
    [equal('aws:PrincipalType', 'AssumedRole'), false],
    [{ Null: { 'aws:PrincipalArn': 'false' } }, false],
    [equal('aws:PrincipalType', 'User'), undefined],
    [equal('aws:PrincipalAccount', OWN), false],
  ])('by a session, under %j', (condition, isOpen) => {
    // The condition names roles, too, which are tried for themselves.
    const found = others([allow(session('Other'), 'kms:PutKeyPolicy', condition)]).filter(({ who }) =>
      who.includes(session('Other')),
    );
    expect(found.map((one) => one.isOpen)).toStrictEqual(isOpen === undefined ? [] : [isOpen]);
  });
});

describe('what depends on something unknown', () => {
  const tagged = { StringEquals: { 'aws:PrincipalTag/team': 'security' } };
  const told = (statements: readonly Json[]) =>
    others(statements).map(({ statement, who, isOpen }) => [statement.pointer, who, isOpen]);

  test('a statement that surely lets in is reported alone', () => {
    expect(told([allow(role('A')), allow(role('A'), 'kms:*', tagged)])).toStrictEqual([
      ['/Statement/0', [role('A')], false],
      ['/Statement/1', [role('A')], true],
    ]);
    expect(told([allow(role('A'), 'kms:PutKeyPolicy', tagged), allow(role('A'))])).toStrictEqual([
      ['/Statement/1', [role('A')], false],
    ]);
  });

  test('a statement that surely does not let in is not reported', () => {
    const never = { StringEquals: { 'kms:CallerAccount': OTHER } };
    expect(told([allow(role('A'), 'kms:*', never), allow(role('A'), 'kms:*', tagged)])).toStrictEqual([
      ['/Statement/1', [role('A')], true],
    ]);
  });

  test('a Deny without a principal may take it back', () => {
    expect(told([allow(role('A')), { Effect: 'Deny', Action: '*', Resource: '*' }])).toStrictEqual([
      ['/Statement/0', [role('A')], true],
    ]);
  });

  test('one statement is reported for those whom it surely lets in, and for the others', () => {
    expect(told([allow([role('A'), role('B')]), deny(role('B'), 'kms:*', tagged)])).toStrictEqual([
      ['/Statement/0', [role('A')], false],
      ['/Statement/0', [role('B')], true],
    ]);
  });
});

describe('administrators who can’t change the policy', () => {
  test.each<
    [what: string, statements: readonly Json[], administrators: readonly string[], out: readonly string[]]
  >([
    ['nothing lets them', [], [ADMIN], [ADMIN]],
    ['only another one may', [allow(role('Other'))], [ADMIN], [ADMIN]],
    ['one of two may', [allow(ADMIN)], [ADMIN, role('Second')], [role('Second')]],
    ['they may do all but that', [allow(ADMIN, 'kms:DisableKey')], [ADMIN], [ADMIN]],
    ['a Deny takes it back', [allow(ADMIN), deny(ADMIN)], [ADMIN], [ADMIN]],
    ['only a user of the same name may', [allow(user('KeyAdmin'))], [ADMIN], [ADMIN]],
    ['nobody of the pattern may', [allow(role('Other'))], [role('Key*')], [role('Key*')]],
  ])('%s', (_what, statements, administrators, out) => {
    expect(shutOut(statements, administrators)).toStrictEqual(out);
  });

  test.each<[what: string, statements: readonly Json[], administrators: readonly string[]]>([
    ['they may by their ARN', [allow(ADMIN)], [ADMIN]],
    ['they may as everybody', [allow(ROOT)], [ADMIN]],
    ['they may by a condition', [allow(ROOT, '*', arnLike(role('Key*')))], [role('Key*')]],
    ['one whom their pattern means may', [allow(ADMIN)], [role('Key*')]],
    ['a user may', [allow(user('ops'))], [user('ops')]],
    ['a session of theirs may', [allow(session('KeyAdmin'))], [ADMIN]],
    ['they perhaps may', [allow(ADMIN, '*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })], [ADMIN]],
    ['they are of another account, where nobody can', [], [role('KeyAdmin', OTHER)]],
  ])('none if %s', (_what, statements, administrators) => {
    expect(shutOut(statements, administrators)).toStrictEqual([]);
  });
});
