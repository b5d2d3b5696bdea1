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
    'the default of a module’s variable',
    (plan) => ({
      ...plan,
      variables: {},
      configuration: {
        ...plan.configuration,
        root_module: {
          ...plan.configuration.root_module,
          module_calls: { m: { module: { variables: { id: { sensitive: true, default: SECRET } } } } },
        },
      },
    }),
  ],
  [
    'a document that is a variable of a module',
    (plan) => ({
      ...plan,
      variables: {},
      configuration: {
        ...plan.configuration,
        root_module: {
          ...plan.configuration.root_module,
          module_calls: {
            m: {
              expressions: {
                trust: {
                  constant_value: plan.planned_values.root_module.resources[0]?.values.assume_role_policy,
                },
              },
              module: { variables: { trust: { sensitive: true } } },
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

test.each(['a"quoted"client', 'a\\client', 'a<client>'])(
  'a value that JSON escapes is hidden: %s',
  (value) => {
    for (const { status, text } of reported(value, true)) {
      expect(status).toBe('violating');
      for (const written of [value, JSON.stringify(value), JSON.stringify(JSON.stringify(value))])
        expect(text).not.toContain(written.replaceAll(/^[\\"]+|[\\"]+$/g, ''));
    }
  },
);

test('what a marked bucket policy names is hidden, one by one', () => {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '999999999999' },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::logs/secret-project/*',
      },
    ],
  };
  const values = { bucket: 'logs', policy: JSON.stringify(policy) };
  const plan = planOf([ROLE, BUCKET, { type: 'aws_s3_bucket_policy', values }]);
  const marked = plan.planned_values.root_module.resources.map((one) =>
    one.type === 'aws_s3_bucket_policy' ? { ...one, sensitive_values: { policy: true } } : one,
  );
  const planned_values = { root_module: { resources: marked } };
  const target = { ...TARGET, accountId: '123456789012' };
  const seen = observePlan(JSON.stringify({ ...plan, planned_values }), 'the plan', [target]);
  const [report] = judge(seen, { contracts: [CONTRACT], declaredRoles: [CONTRACT] });
  const found = report?.findings.find(({ rule }) => rule === 'bucket-foreign-access');
  expect(found?.status).toBe('fail');
  for (const secret of ['999999999999', 'secret-project'])
    expect(JSON.stringify(report)).not.toContain(secret);
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
