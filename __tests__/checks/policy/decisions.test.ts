/**
 * What IAM decides. Source: IAM User Guide, "Policy evaluation logic", "Permissions boundaries for IAM entities", "AWS JSON
 * policy elements: Principal" and "NotPrincipal".
 */
import {
  type AccountPolicies,
  apply,
  type Caller,
  type DocumentKind,
  decide,
  decideByPolicy,
  type Fact,
  grantsOf,
  isLimitedByBoundary,
  isRemoved,
  parsePolicy,
  RequestContext,
  resourceIncludes,
  resourceName,
  resourcePattern,
  resourcesOverlap,
  withinParts,
} from '../../../checks/policy';
import { glob } from '../../../checks/policy/glob';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/path/r`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`;
const caller: Caller = { accountId: ACCOUNT, roleArn: ROLE, roleName: 'r' };
type Statement = Readonly<Record<string, unknown>>;
const policy = (...Statement: readonly unknown[]) =>
  parsePolicy({ source: 'p', text: JSON.stringify({ Version: '2012-10-17', Statement }) });
const allow = (more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::b/*',
  ...more,
});
const deny = (more: Statement = {}): Statement => allow({ Effect: 'Deny', ...more });
const by = (Principal: unknown, more: Statement = {}) => allow({ Principal, ...more });
const facts: Record<string, Fact> = {
  yes: { kind: 'value', value: 'yes' },
  maybe: { kind: 'open' },
  gone: { kind: 'absent' },
  'aws:PrincipalArn': { kind: 'value', value: ROLE },
};
const IF_MAYBE = { Condition: { StringEquals: { maybe: 'x' } } };
const NEVER = { Condition: { StringEquals: { yes: 'no' } } };
const context = new RequestContext(facts);
const request = (resource = 'arn:aws:s3:::b/?*', action = 's3:PutObject') => ({
  action,
  resource: resourcePattern(resource, false),
  caller,
  context,
});
const verdict = (policies: Partial<AccountPolicies>, asked = request()) =>
  decide({ identity: [], ...policies }, asked).verdict;
const identity = (...statements: unknown[]) => ({ identity: [policy(...statements)] });

describe('identity policies', () => {
  test.each<[string, unknown[], string]>([
    ['nothing', [], 'denied'],
    ['an Allow', [allow()], 'allowed'],
    ['an Allow of another action', [allow({ Action: 's3:GetObject' })], 'denied'],
    ['an Allow of all other actions', [allow({ Action: undefined, NotAction: 's3:PutObject' })], 'denied'],
    [
      'an Allow by NotAction',
      [allow({ Action: undefined, NotAction: ['s3:GetObject', 's3:List*'] })],
      'allowed',
    ],
    ['an Allow of a part', [allow({ Resource: 'arn:aws:s3:::b/x*' })], 'denied'],
    [
      'an Allow of all but a part',
      [allow({ Resource: undefined, NotResource: 'arn:aws:s3:::b/x*' })],
      'denied',
    ],
    [
      'an Allow of all but a part that crosses the bucket’s name',
      [allow({ Resource: undefined, NotResource: 'arn:aws:s3:::*/private/*' })],
      'denied',
    ],
    [
      'an Allow of all but a part, and one of that part',
      [
        allow({ Resource: undefined, NotResource: 'arn:aws:s3:::b/x*' }),
        allow({ Resource: 'arn:aws:s3:::b/x*' }),
      ],
      'depends',
    ],
    [
      'an Allow of all but a part, and one of all that depends',
      [allow({ Resource: undefined, NotResource: 'arn:aws:s3:::b/x*' }), allow(IF_MAYBE)],
      'depends',
    ],
    [
      'an Allow of all but a part, and one of some of it that depends',
      [
        allow({ Resource: undefined, NotResource: 'arn:aws:s3:::b/x*' }),
        allow({ Resource: 'arn:aws:s3:::b/x/*', ...IF_MAYBE }),
      ],
      'denied',
    ],
    [
      'an Allow of all but a part of a name that is not known',
      [allow({ Resource: undefined, NotResource: 'arn:aws:s3:::b/${maybe}' })],
      'depends',
    ],
    [
      'a resource with a variable that has no value',
      [allow({ Resource: 'arn:aws:s3:::b/${gone}*' })],
      'denied',
    ],
    [
      'an Allow and a Deny with a variable that has no value',
      [allow(), deny({ Resource: 'arn:aws:s3:::b/${gone}*' })],
      'allowed',
    ],
    [
      'an Allow and a Deny of all but a variable that has no value',
      [allow(), deny({ Resource: undefined, NotResource: 'arn:aws:s3:::${gone}/*' })],
      'depends',
    ],
    [
      'an Allow of all but something else',
      [allow({ Resource: undefined, NotResource: 'arn:aws:s3:::c/*' })],
      'allowed',
    ],
    ['an Allow of all but this', [allow({ Resource: undefined, NotResource: 'arn:aws:s3:::b/*' })], 'denied'],
    ['an Allow that depends', [allow(IF_MAYBE)], 'depends'],
    ['an Allow that depends and one that does not', [allow(IF_MAYBE), allow()], 'allowed'],
    ['an Allow that never applies', [allow(NEVER)], 'denied'],
    ['Allow and Deny', [allow(), deny()], 'denied'],
    ['Allow and a Deny that depends', [allow(), deny(IF_MAYBE)], 'depends'],
    ['Allow and a Deny that never applies', [allow(), deny(NEVER)], 'allowed'],
    ['Allow and a Deny of a part', [allow(), deny({ Resource: 'arn:aws:s3:::b/x' })], 'denied'],
    [
      'Allow and a Deny of all but a part',
      [allow(), deny({ Resource: undefined, NotResource: 'arn:aws:s3:::b/x*' })],
      'denied',
    ],
    [
      'Allow and a Deny of all but this',
      [allow(), deny({ Resource: undefined, NotResource: 'arn:aws:s3:::b/*' })],
      'allowed',
    ],
    ['Allow and a Deny of another resource', [allow(), deny({ Resource: 'arn:aws:s3:::c/*' })], 'allowed'],
    [
      'Allow and a Deny of all other actions',
      [allow(), deny({ Action: undefined, NotAction: 's3:Put*' })],
      'allowed',
    ],
    ['Allow and what is not understood', [allow(), 'x'], 'depends'],
    ['what is not understood', ['x'], 'depends'],
    ['Deny and what is not understood', [deny(), 'x'], 'denied'],
    ['a resource that is no ARN', [allow({ Resource: 'b/*' })], 'depends'],
    ['a resource with an open variable', [allow({ Resource: 'arn:aws:s3:::${maybe}/*' })], 'depends'],
    [
      'a resource with an open variable in its last part',
      [allow({ Resource: 'arn:aws:s3:::b/${maybe}' })],
      'depends',
    ],
    [
      'a resource with a known variable in its last part',
      [allow({ Resource: "arn:aws:s3:::${gone, 'b'}/*" })],
      'allowed',
    ],
    ['a resource with a known variable', [allow({ Resource: 'arn:aws:s3:::${yes}/*' })], 'denied'],
    [
      'an Allow and a Deny with an open variable',
      [allow(), deny({ Resource: 'arn:aws:s3:::${maybe}/*' })],
      'depends',
    ],
    ['two halves of the names', [allow({ Resource: ['arn:aws:s3:::b/?', 'arn:aws:s3:::b/??*'] })], 'depends'],
    ['names of two characters and more', [allow({ Resource: 'arn:aws:s3:::b/??*' })], 'denied'],
    ['names of one character', [allow({ Resource: 'arn:aws:s3:::b/?' })], 'denied'],
  ])('%s', (_what, statements, expected) => expect(verdict(identity(...statements))).toBe(expected));

  test('two documents count as one', () => {
    expect(verdict({ identity: [policy(allow()), policy(deny())] })).toBe('denied');
    expect(verdict({ identity: [policy(), policy(allow())] })).toBe('allowed');
  });
});

test('a part that the role’s policy leaves out may be what the resource’s policy allows', () => {
  const leavesOut = identity(allow({ Resource: undefined, NotResource: 'arn:aws:s3:::b/x*' }));
  expect(
    verdict({ ...leavesOut, resource: policy(by({ AWS: ROLE }, { Resource: 'arn:aws:s3:::b/x*' })) }),
  ).toBe('depends');
  expect(
    verdict({ ...leavesOut, resource: policy(by({ AWS: ROLE }, { Resource: 'arn:aws:s3:::b/xy*' })) }),
  ).toBe('denied');
});

describe('incomplete ARNs', () => {
  const of = (kind: DocumentKind | undefined, ...Statement: unknown[]) =>
    parsePolicy({ source: 'p', text: JSON.stringify({ Version: '2012-10-17', Statement }) }, kind);
  test.each<[string, string, string, string]>([
    ['arn:aws:s3', 'allowed', 'denied', 'depends'],
    ['arn:aws:s3:', 'allowed', 'denied', 'depends'],
    ['arn:aws:s3::', 'allowed', 'denied', 'depends'],
    ['arn:aws', 'allowed', 'denied', 'depends'],
    ['arn:aws:s3:*', 'allowed', 'allowed', 'allowed'],
    ['arn:aws:s3*', 'allowed', 'allowed', 'allowed'],
    ['arn:aws:sqs', 'denied', 'denied', 'depends'],
    ['arn:aws:s3:::b/*', 'allowed', 'allowed', 'allowed'],
    ['arn:aws:s3:::b', 'denied', 'denied', 'denied'],
    ['*', 'allowed', 'allowed', 'allowed'],
  ])(
    '%s is completed in identity policies alone: %s, else %s; unsaid %s',
    (Resource, own, resource, unsaid) => {
      expect(verdict({ identity: [of('identity', allow({ Resource }))] })).toBe(own);
      expect(verdict({ resource: of('resource', by('*', { Resource })) })).toBe(resource);
      expect(verdict({ identity: [of(undefined, allow({ Resource }))] })).toBe(unsaid);
      const everything = identity(allow({ Resource: '*' }));
      expect(verdict({ ...everything, boundary: of('identity', allow({ Resource })) })).toBe(own);
    },
  );

  test('are completed in Deny and NotResource, too', () => {
    const all = allow({ Resource: '*' });
    const denied = (more: Statement) => verdict({ identity: [of('identity', all, deny(more))] });
    expect(denied({ Resource: 'arn:aws:s3' })).toBe('denied');
    expect(denied({ Resource: 'arn:aws:sqs' })).toBe('allowed');
    expect(denied({ Resource: undefined, NotResource: 'arn:aws:s3' })).toBe('allowed');
    expect(denied({ Resource: undefined, NotResource: 'arn:aws:sqs' })).toBe('denied');
  });
});

test('a statement without a principal is not understood where there must be one', () => {
  const of = (kind: DocumentKind, statement: unknown) =>
    parsePolicy({ source: 'p', text: JSON.stringify({ Statement: statement }) }, kind);
  expect(of('identity', allow()).faults).toEqual([]);
  expect(of('resource', by('*')).faults).toEqual([]);
  expect(of('resource', allow({ NotPrincipal: '*' })).faults).toEqual([]);
  expect(of('resource', [by('*'), allow()]).faults).toEqual([
    { pointer: '/Statement/1', reason: 'the statement has neither Principal nor NotPrincipal' },
  ]);
  expect(verdict({ resource: of('resource', allow()) })).toBe('depends');
  expect(verdict({ ...identity(allow()), resource: of('resource', deny()) })).toBe('depends');
});

describe('the resource’s policy', () => {
  test.each<[string, unknown, string]>([
    ['the role', { AWS: ROLE }, 'allowed'],
    ['another role', { AWS: `${ROLE}x` }, 'denied'],
    ['the role without its path', { AWS: `arn:aws:iam::${ACCOUNT}:role/r` }, 'denied'],
    ['the account, which leaves it to the role’s policies', { AWS: ACCOUNT }, 'denied'],
    ['everybody', '*', 'allowed'],
    ['one session', { AWS: SESSION }, 'depends'],
    ['a session of another role', { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/rr/s` }, 'denied'],
    ['a session of another account', { AWS: SESSION.replace(ACCOUNT, '222222222222') }, 'denied'],
    ['a user', { AWS: `arn:aws:iam::${ACCOUNT}:user/x` }, 'denied'],
    ['a service', { Service: 's3.amazonaws.com' }, 'denied'],
    ['the remains of a role', { AWS: 'AROAIOSFODNN7EXAMPLEX' }, 'denied'],
    ['a canonical user', { CanonicalUser: 'feed' }, 'denied'],
  ])('that allows %s', (_who, principal, expected) => {
    expect(verdict({ resource: policy(by(principal)) })).toBe(expected);
  });

  test.each<[string, Statement, string]>([
    ['the role', { Principal: { AWS: ROLE } }, 'denied'],
    ['the account', { Principal: { AWS: ACCOUNT } }, 'denied'],
    ['another account', { Principal: { AWS: '222222222222' } }, 'allowed'],
    ['one session', { Principal: { AWS: SESSION } }, 'depends'],
    ['a canonical user', { Principal: { CanonicalUser: 'feed' } }, 'depends'],
    ['all but another role', { NotPrincipal: { AWS: `${ROLE}x` } }, 'denied'],
    ['all but the role and its account', { NotPrincipal: { AWS: [ROLE, ACCOUNT] } }, 'depends'],
    ['nobody', { NotPrincipal: '*' }, 'allowed'],
  ])('that denies %s', (_who, principals, expected) => {
    expect(verdict({ ...identity(allow()), resource: policy(deny(principals)) })).toBe(expected);
  });
});

describe('the boundary', () => {
  const bounded = (boundary: unknown[], more: Partial<AccountPolicies> = {}) =>
    verdict({ ...identity(allow()), boundary: policy(...boundary), ...more });

  test('limits, and grants nothing', () => {
    expect(bounded([allow()])).toBe('allowed');
    expect(bounded([])).toBe('denied');
    expect(bounded([allow(IF_MAYBE)])).toBe('depends');
    expect(bounded([allow(), deny()])).toBe('denied');
    expect(bounded([allow()], { identity: [] })).toBe('denied');
    expect(bounded(['x'])).toBe('depends');
  });

  test('is named as the reason', () => {
    const { reasons } = decide({ ...identity(allow()), boundary: policy() }, request());
    expect(reasons.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'boundary: the permissions boundary: nothing allows s3:PutObject',
    ]);
  });

  test.each<[string, Statement, string]>([
    ['a role by its ARN', { Principal: { AWS: ROLE } }, 'denied'],
    ['everybody', { Principal: '*' }, 'depends'],
    ['everybody but another', { NotPrincipal: { AWS: '222222222222' } }, 'depends'],
    [
      'everybody with the role’s ARN',
      { Principal: '*', Condition: { ArnEquals: { 'AWS:principalarn': ROLE } } },
      'allowed',
    ],
    ['a session', { Principal: { AWS: SESSION } }, 'depends'],
  ])('and a resource’s policy that grants %s', (_who, principals, expected) => {
    expect(verdict({ boundary: policy(), resource: policy(allow(principals)) })).toBe(expected);
  });

  test('makes every NotPrincipal with Deny hit', () => {
    const resource = policy(deny({ NotPrincipal: { AWS: [ROLE, ACCOUNT] } }));
    expect(bounded([allow()], { resource })).toBe('denied');
  });

  test('limits what names neither a session nor everybody', () => {
    const limited = (statement: Statement) => policy(statement).statements.map(isLimitedByBoundary);
    expect(limited(allow())).toEqual([true]);
    expect(limited(by({ AWS: ROLE }))).toEqual([true]);
    expect(limited(by({ AWS: [ROLE, SESSION] }))).toEqual([false]);
    expect(limited(by('*'))).toEqual([false]);
    expect(limited(allow({ NotPrincipal: { AWS: ROLE } }))).toEqual([false]);
  });
});

describe('a caller of whom only the account is known', () => {
  const anybody = { action: 'sts:AssumeRole', caller: { accountId: ACCOUNT }, context };
  const assume = (Principal: unknown, more: Statement = {}) => ({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal,
    ...more,
  });
  test.each<[string, unknown[], string]>([
    ['its account', [assume({ AWS: ACCOUNT })], 'allowed'],
    ['a role of its account', [assume({ AWS: ROLE })], 'depends'],
    ['a user of its account', [assume({ AWS: `arn:aws:iam::${ACCOUNT}:user/x` })], 'depends'],
    ['a session of its account', [assume({ AWS: SESSION })], 'depends'],
    ['a role of another account', [assume({ AWS: ROLE.replace(ACCOUNT, '222222222222') })], 'denied'],
    ['a service', [assume({ Service: 'x.amazonaws.com' })], 'denied'],
    [
      'its account, less a role',
      [assume({ AWS: ACCOUNT }), assume({ AWS: ROLE }, { Effect: 'Deny' })],
      'depends',
    ],
  ])('%s', (_who, statements, expected) => {
    expect(decideByPolicy(policy(...statements), anybody).verdict).toBe(expected);
  });

  test('why it depends is said of Allow and of Deny', () => {
    const kinds = (effect: string) =>
      policy(assume({ AWS: ROLE }, { Effect: effect })).statements.flatMap((statement) =>
        apply(statement, anybody).reasons.map(({ kind }) => kind),
      );
    expect(kinds('Allow')).toEqual(['principal']);
    expect(kinds('Deny')).toEqual(['denied-principal']);
  });
});

describe('reasons', () => {
  const reasons = (...statements: unknown[]) =>
    decide(identity(...statements), request()).reasons.map(
      ({ kind, pointer }) => `${kind} ${pointer ?? '-'}`,
    );
  test.each<[string, unknown[], string[]]>([
    ['allowed', [allow()], []],
    ['denied', [allow(), deny()], ['deny /Statement/1']],
    ['nothing allows', [], ['no-allow -']],
    ['a near miss', [allow(NEVER)], ['no-allow -', 'condition /Statement/0']],
    ['a part', [allow({ Resource: 'arn:aws:s3:::b/x*' })], ['partial /Statement/0']],
    ['a condition', [allow(IF_MAYBE)], ['condition /Statement/0']],
    ['a Deny’s condition', [allow(), deny(IF_MAYBE)], ['condition /Statement/1']],
    ['a variable', [allow({ Resource: 'arn:aws:s3:::${maybe}/*' })], ['partial /Statement/0']],
    ['not understood', [allow({ Foo: 1 })], ['fault /Statement/0/Foo']],
  ])('%s', (_what, statements, expected) => expect(reasons(...statements)).toEqual(expected));

  test('name the conditions', () => {
    const [reason] = decide(identity(allow(IF_MAYBE)), request()).reasons;
    expect(reason?.clauses?.map(({ clause }) => clause.key)).toEqual(['maybe']);
  });
});

describe('patterns of resources', () => {
  const pattern = (text: string) => resourcePattern(text, false);
  test.each([
    ['*', 'arn:aws:s3:::b/x', true, 'true'],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/*', true, 'true'],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b*', false, 'true'],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::c/*', false, 'false'],
    ['arn:aws:s3:::B/*', 'arn:aws:s3:::b/*', false, 'false'],
    ['arn:*:s3:::b/*', 'arn:aws:s3:::b/*', true, 'true'],
    ['arn:*:s3:*:*:b/*', 'arn:aws:s3:*:*:b/*', true, 'true'],
    // A star within a part stays there, one that ends a part may run on.
    ['arn:aws:s3:*x::b/*', 'arn:aws:s3:a:bx::b/y', false, 'false'],
    ['arn:aws:s3:x*::b/*', 'arn:aws:s3:::c/x::b/y', false, 'false'],
    ['arn:aws:s3:*:*:b/*', 'arn:aws:s3:::c/x:y:b/z', false, 'depends'],
    ['arn:aws:s3:*', 'arn:aws:s3:::b/*', true, 'true'],
    ['arn:aws:s3*', 'arn:aws:s3:::b/*', true, 'true'],
    ['arn:aws:sqs:*', 'arn:aws:s3:::b/*', false, 'false'],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:*', false, 'true'],
    ['arn:aws:s3', 'arn:aws:s3:::b/*', false, 'false'],
    ['b/*', 'arn:aws:s3:::b/*', false, 'depends'],
    ['arn:aws:s3:::b/*', '*', false, 'true'],
    ['*', '*', true, 'true'],
    // What one star reaches past its colon, another reaches, too, and no plain text does.
    ['arn:aws:s3:*:*:b/*', 'arn:aws:s3:*:*:b/*', true, 'true'],
    ['arn:aws:s3:*:*:b/*', 'arn:aws:s3:::b/*', true, 'true'],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:*:*:b/*', false, 'true'],
    ['arn:aws:s3:::*', 'arn:aws:s3:*:*:b/*', false, 'true'],
    ['*', 'arn:aws:s3:*:*:b/*', true, 'true'],
    ['arn:aws:s3:?*:*:b/*', 'arn:aws:s3:*?:*:b/*', true, 'true'],
    ['arn:aws:s3:*?:*?:b/*', 'arn:aws:s3:?*:?*:b/*', false, 'true'],
  ])('%s and %s', (outer, inner, included, overlap) => {
    expect(resourceIncludes(pattern(outer), pattern(inner))).toBe(included);
    expect(resourcesOverlap(pattern(outer), pattern(inner))).toBe(overlap);
    expect(resourcesOverlap(pattern(inner), pattern(outer))).toBe(overlap);
  });

  test('what is a fact of resources does not reach past its colons', () => {
    const own = withinParts(pattern('arn:*:s3:*:*:b/*'));
    expect(resourceIncludes(own, pattern('arn:aws:s3:::b/*'))).toBe(true);
    expect(resourceIncludes(own, pattern('arn:???:s3:::b/*'))).toBe(true);
    expect(resourceIncludes(own, pattern('arn:*:s3:::b/*'))).toBe(false);
    expect(resourceIncludes(own, pattern('arn:aws:s3:*::b/*'))).toBe(false);
    expect(resourceIncludes(own, pattern('arn:aws:s3::*:b/*'))).toBe(false);
    expect(resourceIncludes(own, pattern('arn:aws:s3*:::b/*'))).toBe(false);
  });

  test('a colon in a variable separates nothing, and one in the last part either', () => {
    const variable = resourcePattern("arn:aws:s3:::${a:b, 'c:d'}/x:y", true, context);
    expect(variable.parts).toHaveLength(6);
    expect(resourceName('arn:aws:s3:::b/x:*').parts?.[5]).toHaveLength(5);
    expect(resourceName('nothing').valid).toBe(false);
  });
});

describe('an action on a resource that does not count', () => {
  const except = [{ action: glob('s3:get*'), resource: resourcePattern('arn:aws:s3:::b/*', false) }];
  const removed = (resource: string, statements: unknown[], boundary?: unknown[]) =>
    isRemoved(
      { action: glob('s3:*'), resource: resourcePattern(resource, false), except },
      { all: [policy(...statements)], boundary: boundary && policy(...boundary) },
      caller,
      context,
    );
  const denyAllBut = (NotAction: string) => [deny({ Action: undefined, NotAction, Resource: '*' })];

  test.each<[string, boolean, boolean]>([
    ['what a Deny spares, on that resource', removed('arn:aws:s3:::b/*', denyAllBut('s3:GetObject')), true],
    ['what a Deny spares, everywhere', removed('*', denyAllBut('s3:GetObject')), false],
    ['more than the action', removed('arn:aws:s3:::b/*', denyAllBut('s3:*Object')), false],
    [
      'what a boundary allows',
      removed('*', [], [allow({ Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::b/*' })]),
      true,
    ],
    [
      'another action in a boundary',
      removed('*', [], [allow({ Action: 's3:PutObject', Resource: 'arn:aws:s3:::b/*' })]),
      false,
    ],
    [
      'another resource in a boundary',
      removed('*', [], [allow({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::c/*' })]),
      false,
    ],
    [
      'all actions in a boundary',
      removed('*', [], [allow({ Action: 's3:*', Resource: 'arn:aws:s3:::b/*' })]),
      false,
    ],
  ])('%s', (_what, found, expected) => expect(found).toBe(expected));
});

describe('what is taken away', () => {
  const region = (action: string, resource = '*') => ({
    action: glob(action),
    resource: resourcePattern(resource, false),
    except: [{ action: glob('s3:putobject') }, { resource: resourcePattern('arn:aws:s3:::b/*', false) }],
  });
  const removed = (statements: unknown[], of = region('s3:*'), boundary?: unknown[]) =>
    isRemoved(
      of,
      { all: [policy(...statements)], ...(boundary ? { boundary: policy(...boundary) } : {}) },
      caller,
      context,
    );
  const all = { Action: 's3:*', Resource: '*' };
  const not = (NotAction: unknown, more: Statement = {}) =>
    deny({ Action: undefined, NotAction, Resource: '*', ...more });
  const notResource = (NotResource: unknown) => deny({ Action: '*', Resource: undefined, NotResource });

  test.each<[string, unknown[], boolean]>([
    ['nothing', [], false],
    ['an Allow', [allow(all)], false],
    ['a Deny', [deny(all)], true],
    ['a Deny of something more', [deny({ ...all, Action: '*' })], true],
    ['a Deny of something less', [deny({ ...all, Action: 's3:Get*' })], false],
    ['a Deny of another resource', [deny({ ...all, Resource: 'arn:aws:s3:::c/*' })], false],
    ['a Deny that depends', [deny({ ...all, ...IF_MAYBE })], false],
    ['a Deny that never applies', [deny({ ...all, ...NEVER })], false],
    ['a Deny for others', [deny({ ...all, Principal: { AWS: '222222222222' } })], false],
    ['a Deny for the role', [deny({ ...all, Principal: { AWS: ROLE } })], true],
    ['a Deny with what is not understood', [deny({ ...all, Foo: 1 })], false],
    ['a Deny with an open variable', [deny({ Action: '*', Resource: 'arn:aws:s3:::${maybe}' })], false],
    ['all but what does not count', [not('s3:PutObject')], true],
    ['all but something of another service', [not('ec2:*')], true],
    ['all but one more', [not(['s3:PutObject', 's3:GetObject'])], false],
    [
      'all but one more, which is denied too',
      [not(['s3:PutObject', 's3:GetObject']), deny({ ...all, Action: 's3:Get*' })],
      true,
    ],
    [
      'all but one more, denied in part',
      [not(['s3:PutObject', 's3:GetObject']), deny({ Action: 's3:Get*', Resource: 'arn:aws:s3:::b/x' })],
      false,
    ],
    ['all but a pattern that crosses', [not('*Object'), deny({ ...all, Action: '*Object' })], false],
    ['all resources but those that do not count', [notResource('arn:aws:s3:::b/*')], true],
    ['all resources but another', [notResource(['arn:aws:s3:::b/*', 'arn:aws:s3:::c/*'])], false],
    [
      'all resources but another, which is denied too',
      [notResource(['arn:aws:s3:::b/*', 'arn:aws:s3:::c/*']), deny({ ...all, Resource: 'arn:aws:s3:::c/*' })],
      true,
    ],
    ['all resources but what is no ARN', [notResource('b/*')], false],
  ])('by %s', (_what, statements, expected) => expect(removed(statements)).toBe(expected));

  test.each<[string, unknown[], unknown[], boolean]>([
    ['lets nothing through', [], [], true],
    ['lets through what does not count', [], [allow({ Resource: '*' })], true],
    ['lets all through', [], [allow(all)], false],
    ['lets all through, perhaps', [], [allow({ ...all, ...IF_MAYBE })], false],
    ['lets all through, never', [], [allow({ ...all, ...NEVER })], true],
    [
      'lets one more through',
      [],
      [allow({ Action: ['s3:PutObject', 's3:GetObject'], Resource: '*' })],
      false,
    ],
    [
      'lets one more through, which is denied',
      [deny({ ...all, Action: 's3:Get*' })],
      [allow({ Action: ['s3:PutObject', 's3:GetObject'], Resource: '*' })],
      true,
    ],
    ['lets other services through', [], [allow({ Action: 'ec2:*', Resource: '*' })], true],
    ['lets all but S3 through', [], [allow({ Action: undefined, NotAction: 's3:*', Resource: '*' })], true],
    [
      'lets all but reading through',
      [],
      [allow({ Action: undefined, NotAction: 's3:Get*', Resource: '*' })],
      false,
    ],
    ['lets through on resources that do not count', [], [allow({ Action: '*' })], true],
    ['lets through on another resource', [], [allow({ Action: '*', Resource: 'arn:aws:s3:::c/*' })], false],
    [
      'lets through on all resources but all',
      [],
      [allow({ Action: '*', Resource: undefined, NotResource: '*' })],
      true,
    ],
    [
      'lets through on all resources but some',
      [],
      [allow({ Action: '*', Resource: undefined, NotResource: 'arn:aws:s3:::c/*' })],
      false,
    ],
    ['was not understood', [], ['x'], false],
    ['denies', [], [allow(all), deny(all)], false],
  ])('by a boundary that %s', (_what, statements, boundary, expected) => {
    expect(removed(statements, region('s3:*'), boundary)).toBe(expected);
  });
});

describe('grants', () => {
  const grants = (...statements: unknown[]) =>
    [...grantsOf([policy(...statements)], caller, context)].map(
      ({ action, resource, negated, condition }) =>
        `${action.text} on ${resource.text}${negated ? ', negated' : ''}: ${condition}`,
    );
  test('are one for each action and resource', () => {
    expect(grants(allow({ Action: ['a:B', 'c:D'], Resource: ['x', 'y'] }))).toEqual([
      'a:B on x: true',
      'a:B on y: true',
      'c:D on x: true',
      'c:D on y: true',
    ]);
    expect(
      grants(allow({ Action: undefined, NotAction: ['a:B', 'c:D'], Resource: 'x', ...IF_MAYBE })),
    ).toEqual(['everything but a:B, c:D on x, negated: depends']);
    expect(grants(allow({ Resource: undefined, NotResource: ['x', 'y'] }))).toEqual([
      's3:PutObject on everything but x, y, negated: true',
    ]);
    expect(grants(allow({ Resource: undefined }))).toEqual(['s3:PutObject on *: true']);
    expect(grants(deny(), allow({ Foo: 1 }), by({ AWS: '222222222222' }))).toEqual([]);
    expect(grants(by({ AWS: SESSION }, { Resource: 'x' }))).toEqual(['s3:PutObject on x: true']);
  });
});
