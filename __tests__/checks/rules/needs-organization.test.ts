/** A rule that looks at the organization says that it needs it: nobody reads the organization for other rules. */
import type { RuleContext } from '../../../checks/evidence/context';
import { known } from '../../../checks/observe/observation';
import { declaredBy } from '../../../checks/pages/example';
import { EXAMPLE_ORGANIZATION, observationOf, type SetUp } from '../../../checks/pages/set-up';
import { RULES } from '../../../checks/rules';
import { inOrganization } from './organization';
import { EXAMPLE } from './support';

/** An export whose bucket of copies lets the account's own organization in. */
const SHARED_COPIES: SetUp = {
  declares: { replication: { bucket: 'acme-copies', region: 'eu-west-1' } },
  copies: {
    policy: known({
      source: 'policy of the copies',
      text: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::acme-copies/*',
          Condition: { StringEquals: { 'aws:PrincipalOrgID': EXAMPLE_ORGANIZATION } },
        },
      }),
    }),
  },
};

const SET_UPS = [
  SHARED_COPIES,
  ...RULES.flatMap(({ metadata: { examples } }) => [examples.violating.setUp, examples.compliant.setUp]),
].map((setUp): SetUp => ({ ...inOrganization({}), ...setUp }));

function contextOf(setUp: SetUp, look: () => void): RuleContext {
  const { exports, accounts, organization, observedAt } = observationOf(setUp, EXAMPLE);
  const [observation] = exports;
  if (!observation) throw new Error('the set-up has no export');
  const get = (seen: object, key: string | symbol) => {
    look();
    return Reflect.get(seen, key);
  };
  return {
    contract: EXAMPLE,
    observation,
    account: accounts[0],
    declaredRoles: { surely: new Set([EXAMPLE.roleName.toLowerCase()]), perhaps: new Map() },
    assumptions: {},
    declared: declaredBy(setUp, EXAMPLE.name)?.get(EXAMPLE.name),
    feedConsumers: setUp.logFeed ? ['splunk'] : undefined,
    observedAt,
    organization: organization && (new Proxy(organization, { get }) as typeof organization),
  };
}

test.each(RULES.map((rule) => [rule.metadata.id, rule] as const))('%s', (_id, rule) => {
  let looks = 0;
  for (const setUp of SET_UPS) rule.judge(contextOf(setUp, () => looks++));
  expect(looks > 0).toBe(rule.metadata.needs === 'organization');
});
