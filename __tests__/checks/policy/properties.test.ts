/** What must hold for every policy, whatever it says. */
import fc from 'fast-check';
import {
  decide,
  evaluateConditions,
  matchesGlob,
  type Policy,
  parsePolicy,
  RequestContext,
  resourcePattern,
} from '../../../checks/policy';

const actions = fc.constantFrom(
  's3:PutObject',
  's3:putobject',
  's3:Put*',
  's3:*',
  '*',
  's3:GetObject',
  's3:?utObject',
);
const resources = fc.constantFrom(
  '*',
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::b/x*',
  'arn:aws:s3:::b*',
  'arn:aws:s3:::c/*',
  'arn:aws:s3:::b',
);
const conditions = fc.constantFrom<Record<string, Record<string, string | string[]>>>(
  {},
  { Bool: { 'aws:SecureTransport': 'true' } },
  { Bool: { 'aws:SecureTransport': 'false' } },
  { StringEquals: { 'aws:PrincipalTag/team': 'x' } },
  { StringNotEquals: { 's3:x-amz-acl': ['private', 'public-read'] } },
);
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.array(actions, { minLength: 1, maxLength: 3 }),
  Resource: fc.array(resources, { minLength: 1, maxLength: 3 }),
  Condition: conditions,
});
type AnyStatement = typeof statement extends fc.Arbitrary<infer S> ? S : never;
const statements = fc.array(statement, { maxLength: 5 });

const parse = (list: readonly unknown[]): Policy =>
  parsePolicy({ source: 'p', text: JSON.stringify({ Version: '2012-10-17', Statement: list }) });

const request = {
  action: 's3:PutObject',
  resource: resourcePattern('arn:aws:s3:::b/?*', false),
  caller: { accountId: '123456789012', roleArn: 'arn:aws:iam::123456789012:role/r', roleName: 'r' },
  context: new RequestContext({ 'aws:SecureTransport': { kind: 'value', value: 'true' } }),
};
const verdict = (list: readonly unknown[]) => decide({ identity: [parse(list)] }, request).verdict;
const RANK = { denied: 0, depends: 1, allowed: 2 } as const;
const check = <T extends unknown[]>(property: fc.IProperty<T>) =>
  fc.assert(property, { numRuns: Number(process.env.PROPERTY_RUNS ?? 1_500) });

test('adding a Deny never widens', () => {
  check(
    fc.property(statements, statement, (list, more) => {
      expect(RANK[verdict([...list, { ...more, Effect: 'Deny' }])]).toBeLessThanOrEqual(RANK[verdict(list)]);
    }),
  );
});

test('adding an Allow never narrows', () => {
  check(
    fc.property(statements, statement, (list, more) => {
      expect(RANK[verdict([...list, { ...more, Effect: 'Allow' }])]).toBeGreaterThanOrEqual(
        RANK[verdict(list)],
      );
    }),
  );
});

test('the order of statements, actions and resources changes nothing', () => {
  check(
    fc.property(statements, (list) => {
      const reversed = [...list].reverse().map((entry) => ({
        ...entry,
        Action: [...entry.Action].reverse(),
        Resource: [...entry.Resource].reverse(),
      }));
      expect(verdict(reversed)).toBe(verdict(list));
    }),
  );
});

test('splitting a statement by its actions changes nothing', () => {
  check(
    fc.property(statements, (list) => {
      const split = list.flatMap((entry) => entry.Action.map((Action) => ({ ...entry, Action })));
      expect(verdict(split)).toBe(verdict(list));
    }),
  );
});

test('the case of actions and condition keys changes nothing', () => {
  const shout = (entry: AnyStatement) => ({
    ...entry,
    Action: entry.Action.map((action) => action.toUpperCase()),
    Condition: Object.fromEntries(
      Object.entries(entry.Condition).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, value]) => [key.toUpperCase(), value])),
      ]),
    ),
  });
  check(
    fc.property(statements, (list) => {
      expect(verdict(list.map(shout))).toBe(verdict(list));
    }),
  );
});

test('a list of one and the text alone are the same', () => {
  const bare = (list: readonly string[]) => (list.length === 1 ? list[0] : list);
  check(
    fc.property(statements, (list) => {
      const changed = list.map((entry) => ({
        ...entry,
        Action: bare(entry.Action),
        Resource: bare(entry.Resource),
      }));
      expect(verdict(changed)).toBe(verdict(list));
    }),
  );
});

test('a boundary never widens, and one that allows everything changes nothing', () => {
  check(
    fc.property(statements, statements, (list, limits) => {
      const alone = verdict(list);
      const bounded = decide({ identity: [parse(list)], boundary: parse(limits) }, request).verdict;
      expect(RANK[bounded]).toBeLessThanOrEqual(RANK[alone]);
      const everything = parse([{ Effect: 'Allow', Action: '*', Resource: '*' }]);
      expect(decide({ identity: [parse(list)], boundary: everything }, request).verdict).toBe(alone);
    }),
  );
});

test('the normal form of a normal form is the same', () => {
  check(
    fc.property(statements, (list) => {
      const raw = (policy: Policy) => policy.statements.map((entry) => entry.raw);
      const once = raw(parse(list));
      expect(raw(parse(once))).toEqual(once);
    }),
  );
});

test('any text at all is parsed, and none is taken for an empty policy', () => {
  check(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const policy = parsePolicy({ source: 'p', text });
      expect(policy.faults.length + policy.statements.length).toBeGreaterThan(0);
      expect(decide({ identity: [policy] }, request).verdict).not.toBe('allowed');
    }),
  );
});

const OWN = '111122223333';
const strangers = fc
  .record({
    accountId: fc.constantFrom('222233334444', '333344445555'),
    path: fc.constantFrom('', 'a/', `a:iam::${OWN}:b/`, `:${OWN}:role/`, `iam::${OWN}:role/x/`),
    name: fc.constantFrom('x', 'r', 'root'),
  })
  .map(({ accountId, path, name }) => `arn:aws:iam::${accountId}:role/${path}${name}`);
const arnPatterns = fc
  .tuple(
    fc.constantFrom('arn', '*', 'arn:*'),
    fc.constantFrom(':aws', ':*', ':aws*', ''),
    fc.constantFrom(':iam', ':*', ':i?m', ''),
    fc.constantFrom(':', ':*', ':?', ''),
    fc.constantFrom(`:${OWN}`, ':*', `:${OWN}*`, ':222233334444'),
    fc.constantFrom(':root', ':*', ':role/*', ':role/x', ':role/*/x', '*'),
  )
  .map((parts) => parts.join(''));

test('what is said of every principal of other accounts is true of each', () => {
  check(
    fc.property(
      fc.constantFrom('StringLike', 'StringNotLike', 'ArnLike', 'ArnNotLike', 'StringEquals'),
      fc.array(arnPatterns, { minLength: 1, maxLength: 2 }),
      strangers,
      (operator, patterns, stranger) => {
        const Condition = { [operator]: { 'aws:PrincipalArn': patterns } };
        const [entry] = parse([{ Effect: 'Allow', Action: '*', Resource: '*', Condition }]).statements;
        const of = (fact: ConstructorParameters<typeof RequestContext>[0]) =>
          entry && evaluateConditions(entry, new RequestContext(fact)).verdict;
        const domain = { kind: 'arn-outside-accounts', accountIds: [OWN] } as const;
        const ofAll = of({ 'aws:PrincipalArn': { kind: 'present', domain } });
        const ofOne = of({ 'aws:PrincipalArn': { kind: 'value', value: stranger } });
        if (ofAll !== 'depends' && ofOne !== 'depends') expect(ofAll).toBe(ofOne);
        if (operator === 'StringLike')
          expect(ofOne).toBe(String(patterns.some((pattern) => matchesGlob(pattern, stranger))));
      },
    ),
  );
});

test('an incomplete ARN is its completion in identity policies, and no more certain where nobody said', () => {
  const incomplete = fc
    .tuple(
      fc.constantFrom('arn'),
      fc.array(fc.constantFrom('aws', 's3', '*', '', 'b', 'b/*', 's3*'), { minLength: 1, maxLength: 4 }),
    )
    .map(([first, more]) => [first, ...more].join(':'));
  const everyEffect = fc.record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    element: fc.constantFrom('Resource', 'NotResource'),
    arn: incomplete,
  });
  check(
    fc.property(fc.array(everyEffect, { minLength: 1, maxLength: 3 }), (list) => {
      const decided = (kind: 'identity' | undefined, complete: (arn: string) => string) => {
        const Statement = list.map(({ Effect, element, arn }) => ({
          Effect,
          Action: 's3:PutObject',
          [element]: complete(arn),
        }));
        const text = JSON.stringify({ Version: '2012-10-17', Statement });
        return decide({ identity: [parsePolicy({ source: 'p', text }, kind)] }, request).verdict;
      };
      const asWritten = (arn: string) => arn;
      const completed = decided('identity', (arn) => arn + ':*'.repeat(6 - arn.split(':').length));
      expect(decided('identity', asWritten)).toBe(completed);
      const unsaid = decided(undefined, asWritten);
      expect(['depends', completed]).toContain(unsaid);
    }),
  );
});
