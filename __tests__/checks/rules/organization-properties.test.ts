/** What must hold for every organization, whatever its policies say. */
import fc from 'fast-check';
import { bindingOf, decideByOrganization } from '../../../checks/evidence/organization';
import type { OrganizationObservation, OrganizationPolicy } from '../../../checks/observe/observation';
import { RequestContext, resourcePattern } from '../../../checks/policy';

const ACCOUNT = '123456789012';
const MANAGEMENT = '999999999999';
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny', 'Neither'),
  Principal: fc.constant('*'),
  Action: fc.constantFrom('s3:PutObject', 's3:*', '*', 'ec2:*'),
  Resource: fc.constantFrom('*', 'arn:aws:s3:::b/*', 'arn:aws:s3:::b/x*', 'arn:aws:s3:::c/*'),
  Condition: fc.constantFrom<object>(
    {},
    { Bool: { 'aws:SecureTransport': 'false' } },
    { StringNotEquals: { 'aws:PrincipalTag/team': 'x' } },
  ),
});
type Statements = readonly object[];
/** Policies of a level; a level has one policy a list. */
const level = fc.array(fc.array(statement, { maxLength: 3 }), { maxLength: 3 });
const levels = fc.array(level, { minLength: 1, maxLength: 4 });
const FULL: Statements = [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }];

const request = {
  action: 's3:PutObject',
  resource: resourcePattern('arn:aws:s3:::b/?*', false),
  caller: { accountId: ACCOUNT, roleArn: `arn:aws:iam::${ACCOUNT}:role/r`, roleName: 'r' },
  context: new RequestContext({ 'aws:SecureTransport': { kind: 'value', value: 'true' } }),
};

type Kind = 'service' | 'resource';

/** Service control policies name no principals. */
const ofKind = (kind: Kind) => (statement: object) =>
  kind === 'service' ? { ...statement, Principal: undefined } : statement;

/** The organization whose path has these levels; each holds these policies of one type. */
function organizationOf(of: readonly (readonly Statements[])[], kind: Kind): OrganizationObservation {
  const type = kind === 'service' ? 'SERVICE_CONTROL_POLICY' : 'RESOURCE_CONTROL_POLICY';
  const policies: OrganizationPolicy[] = [];
  const targets = of.map((attached, at) => {
    const ids = attached.map((Statement) => {
      const id = `p-${policies.length}`;
      const text = JSON.stringify({ Version: '2012-10-17', Statement: Statement.map(ofKind(kind)) });
      policies.push({ id, name: id, type, document: { state: 'value', value: { source: id, text } } });
      return id;
    });
    const [own, other] = [{ state: 'value', value: ids } as const, { state: 'absent' } as const];
    return {
      id: `ou-${at}`,
      type: 'ORGANIZATIONAL_UNIT' as const,
      serviceControlPolicies: kind === 'service' ? own : other,
      resourceControlPolicies: kind === 'resource' ? own : other,
    };
  });
  const path = { state: 'value', value: targets.map(({ id }) => id) } as const;
  return {
    id: 'o-a',
    managementAccountId: MANAGEMENT,
    accounts: [{ accountId: ACCOUNT, path }],
    targets,
    policies,
  };
}

function verdict(of: readonly (readonly Statements[])[], kind: Kind, accountId = ACCOUNT) {
  const binding = bindingOf(organizationOf(of, kind), accountId);
  if (binding.state !== 'value') throw new Error('no binding');
  return decideByOrganization(binding.value[kind], request).verdict;
}

const RANK = { denied: 0, depends: 1, allowed: 2 } as const;
const check = <T extends unknown[]>(property: fc.IProperty<T>) =>
  fc.assert(property, { numRuns: Number(process.env.PROPERTY_RUNS ?? 250) });

describe.each<Kind>(['service', 'resource'])('%s control policies', (kind) => {
  test('one level more never widens', () => {
    check(
      fc.property(levels, level, (list, more) => {
        expect(RANK[verdict([...list, more], kind)]).toBeLessThanOrEqual(RANK[verdict(list, kind)]);
      }),
    );
  });

  test('one Deny more never widens', () => {
    check(
      fc.property(levels, statement, (list, more) => {
        const [first = [], ...rest] = list;
        const denied = [[...first, [{ ...more, Effect: 'Deny' }]], ...rest];
        expect(RANK[verdict(denied, kind)]).toBeLessThanOrEqual(RANK[verdict(list, kind)]);
      }),
    );
  });

  test('full access at every level stops nothing, and a level of it changes nothing', () => {
    check(
      fc.property(levels, (list) => {
        expect(
          verdict(
            list.map(() => [FULL]),
            kind,
          ),
        ).toBe('allowed');
        expect(verdict([...list, [FULL]], kind)).toBe(verdict(list, kind));
      }),
    );
  });

  test('the order of levels, policies and statements changes nothing', () => {
    check(
      fc.property(levels, (list) => {
        const turned = [...list].reverse().map((of) => [...of].reverse().map((own) => [...own].reverse()));
        expect(verdict(turned, kind)).toBe(verdict(list, kind));
      }),
    );
  });

  test('nothing binds the management account', () => {
    check(fc.property(levels, (list) => expect(verdict(list, kind, MANAGEMENT)).toBe('allowed')));
  });
});
