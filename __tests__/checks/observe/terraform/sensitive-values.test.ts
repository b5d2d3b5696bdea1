/** Reports show no value of a sensitive variable, and judge by it all the same. */
import { loadObservation, saveObservation } from '../../../../checks/observe/saved';
import { observePlan } from '../../../../checks/observe/terraform';
import { judge } from '../../../../checks/verdict/judge';
import { contractFor } from '../../../../contract/contract';
import { BUCKET, planOf, ROLE, TARGET } from './support';

const CONTRACT = contractFor({ ...TARGET, clientId: 'the-client', region: 'eu-west-1' });

/** A plan whose role accepts the external ID, which is a variable's value. */
function reported(
  externalId: string,
  sensitive: boolean,
  changed = (plan: ReturnType<typeof planOf>): object => plan,
) {
  const [statement] = CONTRACT.trust.Statement;
  const trust = {
    ...CONTRACT.trust,
    Statement: [{ ...statement, Condition: { StringEquals: { 'sts:ExternalId': externalId } } }],
  };
  const role = { ...ROLE, values: { ...ROLE.values, assume_role_policy: JSON.stringify(trust) } };
  const plan = planOf([role, BUCKET], { variables: { id: { value: { nested: [externalId] } } } });
  const root_module = { ...plan.configuration.root_module, variables: { id: { sensitive } } };
  const text = JSON.stringify(changed({ ...plan, configuration: { ...plan.configuration, root_module } }));
  const observation = observePlan(text, 'the plan', [TARGET]);
  const saved = loadObservation(saveObservation(observation), 'the file');
  return [observation, saved].map((seen) => {
    const [report] = judge(seen, { contracts: [CONTRACT], declaredRoles: [{ roleName: TARGET.roleName }] });
    return { status: report?.status, text: JSON.stringify(report) };
  });
}

test('a sensitive value is hidden, in findings and documents, and of a saved observation too', () => {
  for (const { status, text } of reported('quite-another-client', true)) {
    expect(status).toBe('violating');
    expect(text).not.toContain('quite-another-client');
    expect(text).toContain('(sensitive)');
  }
});

const SECRET = 'quite-another-client';

test.each<[what: string, changed: (plan: ReturnType<typeof planOf>) => object]>([
  [
    'a variable of a module',
    (plan) => ({
      ...plan,
      variables: {},
      configuration: {
        ...plan.configuration,
        root_module: {
          ...plan.configuration.root_module,
          module_calls: {
            m: {
              expressions: { id: { constant_value: SECRET } },
              module: { variables: { id: { sensitive: true } } },
            },
          },
        },
      },
    }),
  ],
  [
    'a variable of a module that gets one of the root',
    (plan) => ({
      ...plan,
      configuration: {
        ...plan.configuration,
        root_module: {
          ...plan.configuration.root_module,
          module_calls: {
            m: {
              expressions: { other: { references: ['var.id'] } },
              module: { variables: { other: { sensitive: true } } },
            },
          },
        },
      },
    }),
  ],
  [
    'an attribute that a plan marks',
    (plan) => ({
      ...plan,
      variables: {},
      resource_changes: plan.resource_changes.map((one) => ({
        ...one,
        change: {
          ...one.change,
          after: plan.planned_values.root_module.resources.find(({ address }) => address === one.address)
            ?.values,
          after_sensitive: { assume_role_policy: true },
        },
      })),
    }),
  ],
  [
    'an attribute that a state marks',
    (plan) => ({
      ...plan,
      variables: {},
      planned_values: undefined,
      resource_changes: undefined,
      values: {
        root_module: {
          resources: plan.planned_values.root_module.resources.map((one) => ({
            ...one,
            sensitive_values: { assume_role_policy: true },
          })),
        },
      },
    }),
  ],
])('%s is hidden', (_what, changed) => {
  for (const { status, text } of reported(SECRET, false, changed)) {
    expect(status).toBe('violating');
    expect(text).not.toContain(SECRET);
  }
});

test('any other value is shown', () => {
  for (const { text } of reported('quite-another-client', false))
    expect(text).toContain('quite-another-client');
});

test('what the config says is no secret', () => {
  for (const { text } of reported('the-client', true)) {
    expect(text).toContain('the-client');
    expect(text).not.toContain('(sensitive)');
  }
});
