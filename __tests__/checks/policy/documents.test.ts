/** Any document that AWS would store, and others: what is understood of it, and where what is not understood stands. */
import { type Principal, parsePolicy } from '../../../checks/policy';

const parse = (document: unknown) =>
  parsePolicy({ source: 'p', text: typeof document === 'string' ? document : JSON.stringify(document) });
const faults = (document: unknown) =>
  parse(document).faults.map(({ pointer, reason }) => `${pointer}: ${reason}`);
const statement = (changes: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*', ...changes }],
});

test('the normal form names every element and its place', () => {
  const policy = parse({
    Version: '2012-10-17',
    Id: 'x',
    Statement: [
      { Sid: 'first', Effect: 'Allow', Action: 'a:B', Resource: ['x', 'y'] },
      {
        Effect: 'Deny',
        NotPrincipal: { AWS: '123456789012' },
        NotAction: ['a:B'],
        NotResource: 'x/~y',
        Condition: { 'ForAnyValue:StringLike': { 'a/b~c': [true, 1, 'x'] } },
      },
    ],
  });
  expect(policy).toMatchObject({
    source: 'p',
    faults: [],
    statements: [
      {
        pointer: '/Statement/0',
        source: 'p',
        sid: 'first',
        effect: 'Allow',
        actions: {
          negated: false,
          entries: [{ text: 'a:B', pointer: '/Statement/0/Action' }],
          pointer: '/Statement/0/Action',
        },
        resources: {
          negated: false,
          entries: [
            { text: 'x', pointer: '/Statement/0/Resource/0' },
            { text: 'y', pointer: '/Statement/0/Resource/1' },
          ],
        },
        conditions: [],
        variables: true,
      },
      {
        pointer: '/Statement/1',
        effect: 'Deny',
        principals: {
          negated: true,
          pointer: '/Statement/1/NotPrincipal',
          entries: [{ kind: 'account', pointer: '/Statement/1/NotPrincipal/AWS' }],
        },
        actions: { negated: true, entries: [{ text: 'a:B', pointer: '/Statement/1/NotAction/0' }] },
        resources: { negated: true, entries: [{ text: 'x/~y', pointer: '/Statement/1/NotResource' }] },
        conditions: [
          {
            operator: 'ForAnyValue:StringLike',
            key: 'a/b~c',
            values: ['true', '1', 'x'],
            pointer: '/Statement/1/Condition/ForAnyValue:StringLike/a~1b~0c',
          },
        ],
      },
    ],
  });
  expect(policy.statements[0]?.principals).toBeUndefined();
  expect(policy.statements[1]?.sid).toBeUndefined();
});

test('one statement need not stand in a list', () => {
  const [only, ...more] = parse({ statement: { effect: 'Allow', action: 'a:B', resource: '*' } }).statements;
  expect(more).toEqual([]);
  expect(only).toMatchObject({
    pointer: '/statement',
    variables: false,
    actions: { pointer: '/statement/action' },
  });
});

test.each<[unknown, string]>([
  ['', ': the document is empty'],
  [' \n', ': the document is empty'],
  ['{', ': the document is not JSON'],
  ['[]', ': the document is not a JSON object'],
  ['null', ': the document is not a JSON object'],
  [{ Version: '2012-10-17' }, ': the document has no Statement'],
  [{ Version: '2025-01-01', Statement: [] }, '/Version: the version "2025-01-01" is none of IAM’s'],
  [{ Version: 20121017, Statement: [] }, '/Version: the version 20121017 is none of IAM’s'],
  [{ Statements: [], Statement: [] }, '/Statements: "Statements" is no element of a policy'],
  [{ Statement: [], statement: [] }, '/statement: the same key is there twice in one object'],
  [statement({ Effect: 'allow' }), '/Statement/0/Effect: the effect is neither Allow nor Deny'],
  [statement({ Effect: undefined }), '/Statement/0/Effect: the effect is neither Allow nor Deny'],
  [statement({ Action: undefined }), '/Statement/0: the statement has neither Action nor NotAction'],
  [statement({ NotAction: 'x' }), '/Statement/0: the statement has both Action and NotAction'],
  [statement({ NotResource: 'x' }), '/Statement/0: the statement has both Resource and NotResource'],
  [statement({ Action: ['x', 1] }), '/Statement/0/Action/1: this is not a string'],
  [statement({ Resource: {} }), '/Statement/0/Resource: this is not a string'],
  [statement({ Foo: 1 }), '/Statement/0/Foo: "Foo" is no element of a policy'],
  [statement({ effect: 'Deny' }), '/Statement/0/effect: effect is there twice, in two spellings'],
  [statement({ Condition: [] }), '/Statement/0/Condition: the condition is not a JSON object'],
  [statement({ Condition: null }), '/Statement/0/Condition: the condition is not a JSON object'],
  [
    statement({ Condition: { Null: 'x' } }),
    '/Statement/0/Condition/Null: the operator’s keys are not a JSON object',
  ],
  [
    statement({ Condition: { Null: { a: [] } } }),
    '/Statement/0/Condition/Null/a: the condition has no value',
  ],
  [
    statement({ Condition: { Null: { a: { b: 1 } } } }),
    '/Statement/0/Condition/Null/a: a value of the condition is neither text nor boolean nor a number of exact digits',
  ],
  [
    statement({ Condition: { Null: { a: null } } }),
    '/Statement/0/Condition/Null/a: a value of the condition is neither text nor boolean nor a number of exact digits',
  ],
  [
    statement({ Condition: { Null: { a: 2 ** 53 } } }),
    '/Statement/0/Condition/Null/a: a value of the condition is neither text nor boolean nor a number of exact digits',
  ],
  [
    statement({ Condition: { Null: { a: 1 }, NULL: { a: 1 } } }),
    '/Statement/0/Condition/NULL: NULL is there twice, in two spellings',
  ],
  [
    statement({ Condition: { Null: { a: 1, A: 1 } } }),
    '/Statement/0/Condition/Null/A: A is there twice, in two spellings',
  ],
  [statement({ Principal: 'x' }), '/Statement/0/Principal: the principal is neither "*" nor a JSON object'],
  [statement({ Principal: [] }), '/Statement/0/Principal: the principal is neither "*" nor a JSON object'],
  [statement({ Principal: null }), '/Statement/0/Principal: the principal is neither "*" nor a JSON object'],
  [statement({ Principal: { AWS: [1] } }), '/Statement/0/Principal/AWS/0: this is not a string'],
  [statement({ Principal: { AWS: 'me' } }), '/Statement/0/Principal/AWS: "me" is no principal of type AWS'],
  [
    statement({ Principal: { Altr: 'me' } }),
    '/Statement/0/Principal/Altr: "me" is no principal of type Altr',
  ],
  [{ Statement: ['x'] }, '/Statement/0: the statement is not a JSON object'],
  [{ Statement: 'x' }, '/Statement: the statement is not a JSON object'],
  [{ Statement: null }, '/Statement: the statement is not a JSON object'],
])('%j', (document, fault) => expect(faults(document)).toContain(fault));

test('a document that is nested deeper than any that AWS stores is not understood; IAM’s deepest one is', () => {
  const nested = (levels: number) => `{"Statement":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
  expect(faults(nested(21))).toEqual([': the document is nested too deeply']);
  expect(faults(nested(20))).toContain('/Statement/0: the statement is not a JSON object');
  expect(faults(statement({ Condition: { StringLike: { 'aws:userid': ['a', 'b'] } } }))).toEqual([]);
});

test.each([
  ['in the document', '{"Version":"2012-10-17","Version":"2008-10-17","Statement":[]}', '/Version'],
  ['in a statement', '{"Statement":[{},{"Effect":"Allow","Effect":"Deny"}]}', '/Statement/1/Effect'],
  [
    'in one statement without a list',
    '{"Statement":{"Effect":"Allow","Effect":"Deny"}}',
    '/Statement/Effect',
  ],
  ['in two spellings', '{"Statement":[{"Action":"x","\\u0061ction":"y"}]}', '/Statement/0/action'],
  [
    'deep in a condition',
    '{"Statement":[{"Condition":{"Null":{"a":"1","a":"2"}}}]}',
    '/Statement/0/Condition/Null/a',
  ],
  [
    'after a list and a text with brackets',
    '{"Statement":[{"Action":["{","a\\"}"],"Sid":"[","Sid":"]"}]}',
    '/Statement/0/Sid',
  ],
  [
    'of a name with a slash',
    '{"Statement":[{"Condition":{"Null":{"a/b":"1","a/b":"2"}}}]}',
    '/Statement/0/Condition/Null/a~1b',
  ],
])('a key that is there twice %s', (_where, text, pointer) => {
  const twice = parse(text).faults.filter(
    ({ reason }) => reason === 'the same key is there twice in one object',
  );
  expect(twice).toEqual([expect.objectContaining({ pointer })]);
});

test.each([
  [
    'in a list',
    '{"Statement":[{"Effect":"Allow","Effect":"Deny","Action":"x","Action":"y"}]}',
    ['/Statement/0/Effect', '/Statement/0/Action'],
  ],
  [
    'without a list, one within a condition',
    '{"Statement":{"Effect":"Allow","Effect":"Deny","Condition":{"Null":{"a":1},"Null":{"b":1}}}}',
    ['/Statement/Effect', '/Statement/Condition/Null'],
  ],
])('all keys that are there twice in one statement are its own, %s', (_where, text, pointers) => {
  const { statements, faults } = parse(text);
  expect(statements.flatMap(({ faults: own }) => own.map(({ pointer }) => pointer))).toEqual(
    expect.arrayContaining(pointers),
  );
  expect(faults.filter(({ pointer }) => !pointer.startsWith('/Statement'))).toEqual([]);
});

test('a duplicate in one statement leaves the others as they are', () => {
  const policy = parse(
    '{"Statement":[{"Effect":"Allow","Action":"x"},{"Effect":"Allow","Effect":"Deny","Action":"x"}]}',
  );
  expect(policy.statements.map((entry) => entry.faults.length)).toEqual([0, 1]);
  expect(policy.statements).toHaveLength(2);
});

test('a duplicate is of its own statement, also of the twelfth', () => {
  const one = '{"Effect":"Allow","Action":"x"},';
  const policy = parse(`{"Statement":[${one.repeat(11)}{"Effect":"Allow","Effect":"Deny","Action":"x"}]}`);
  expect(policy.statements.map((entry) => entry.faults.length)).toEqual([...Array(11).fill(0), 1]);
  expect(policy.statements).toHaveLength(12);
});

test('the same key in two objects stands once in each', () => {
  expect(
    faults({
      Statement: [
        { Effect: 'Allow', Action: 'x' },
        { Effect: 'Allow', Action: 'x' },
      ],
    }),
  ).toEqual([]);
});

test('what was not understood of the document as a whole may do anything', () => {
  const [whole] = parse('{').statements;
  expect(whole).toMatchObject({ effect: 'unknown', pointer: '', faults: [{ pointer: '' }] });
  const unknownVersion = parse({ Version: 'x', Statement: [{ Effect: 'Allow', Action: 'x' }] });
  expect(unknownVersion.statements.map(({ effect }) => effect)).toEqual(['Allow', 'unknown']);
});

test('a document may begin with a byte-order mark', () => {
  expect(faults(`\uFEFF${JSON.stringify(statement({}))}`)).toEqual([]);
});

describe('principals', () => {
  const principal = (Principal: unknown): Principal | undefined =>
    parse(statement({ Principal })).statements[0]?.principals?.entries[0];

  test.each<[unknown, Partial<Principal> & Record<string, unknown>]>([
    ['*', { kind: 'anyone', pointer: '/Statement/0/Principal' }],
    [{ AWS: '*' }, { kind: 'anyone' }],
    [{ AWS: ['*'] }, { kind: 'anyone', pointer: '/Statement/0/Principal/AWS/0' }],
    [{ AWS: '123456789012' }, { kind: 'account', accountId: '123456789012' }],
    [{ aws: '123456789012' }, { kind: 'account', accountId: '123456789012' }],
    [{ AWS: 'arn:aws-cn:iam::123456789012:root' }, { kind: 'account', accountId: '123456789012' }],
    [
      { AWS: 'arn:aws:iam::123456789012:role/a/b/c' },
      { kind: 'role', accountId: '123456789012', name: 'a/b/c' },
    ],
    [{ AWS: 'arn:aws:iam::123456789012:user/x' }, { kind: 'user', name: 'x' }],
    [{ AWS: 'arn:aws:sts::123456789012:assumed-role/r/s' }, { kind: 'session', name: 'r/s' }],
    [{ AWS: 'arn:aws:sts::123456789012:federated-user/f' }, { kind: 'federated-user', name: 'f' }],
    [{ AWS: 'AROAIOSFODNN7EXAMPLEX' }, { kind: 'deleted' }],
    [{ AWS: 'AIDAIOSFODNN7EXAMPLEX' }, { kind: 'deleted' }],
    [{ Service: 'ec2.amazonaws.com' }, { kind: 'service', text: 'ec2.amazonaws.com' }],
    [{ Federated: 'accounts.google.com' }, { kind: 'federated' }],
    [{ CanonicalUser: 'feed' }, { kind: 'canonical' }],
    [{ AWS: '12345678901' }, { kind: 'unknown' }],
    [{ AWS: '1234567890123' }, { kind: 'unknown' }],
    [{ AWS: 'x123456789012' }, { kind: 'unknown' }],
    [{ AWS: 'arn:aws:iam::123456789012:role/*' }, { kind: 'unknown' }],
    [{ AWS: 'arn:aws:iam::123456789012:role/a?' }, { kind: 'unknown' }],
    [{ AWS: 'arn:aws:iam::123456789012:group/x' }, { kind: 'unknown' }],
    [{ AWS: 'arn:aws:s3::123456789012:role/x' }, { kind: 'unknown' }],
    [{ AWS: 'xarn:aws:iam::123456789012:root' }, { kind: 'unknown' }],
    [{ AWS: 'AROA123' }, { kind: 'unknown' }],
    [{ AWS: 'XAROAIOSFODNN7EXAMPLEX' }, { kind: 'unknown' }],
  ])('%j', (written, expected) => expect(principal(written)).toMatchObject(expected));
});

test.each([
  ['identity', 'the statement has neither Resource nor NotResource'],
  ['resource', 'the statement has neither Principal nor NotPrincipal'],
  ['resource', 'the statement has neither Resource nor NotResource'],
  ['resource-control', 'the statement has neither Principal nor NotPrincipal'],
  ['resource-control', 'the statement has neither Resource nor NotResource'],
  ['service-control', 'the statement has neither Resource nor NotResource'],
  ['key', 'the statement has neither Principal nor NotPrincipal'],
  ['trust', 'the statement has neither Principal nor NotPrincipal'],
] as const)(
  'a statement of a policy of the kind %s that lacks what its kind must have: %s',
  (kind, reason) => {
    const text = JSON.stringify({ Statement: { Effect: 'Allow', Action: 'a:B' } });
    expect(parsePolicy({ source: 'a policy', text }, kind).faults.map((fault) => fault.reason)).toContain(
      reason,
    );
  },
);

// KMS API Reference, PutKeyPolicy: such a statement is stored and has no effect.
test.each([
  { Effect: 'Deny', Principal: '*', Action: 'kms:*' },
  { Effect: 'Allow', Principal: '*', Resource: '*' },
])('a statement of a key’s policy without an action or a resource has no effect: %j', (raw) => {
  const { faults, statements } = parsePolicy(
    { source: 'a key', text: JSON.stringify({ Statement: raw }) },
    'key',
  );
  expect(faults).toEqual([]);
  expect(statements).toMatchObject([{ actions: { negated: false, entries: [] }, raw }]);
});
