/** Findings of plans and states: where the fault is written, no commands for what does not exist, no made-up account. */
import { observePlan } from '../../../checks/observe/terraform';
import { inTerraform } from '../../../checks/verdict/in-terraform';
import { judge } from '../../../checks/verdict/judge';
import { contractFor } from '../../../contract/contract';
import { BUCKET, OFF, type Part, planOf, ROLE, TARGET } from '../observe/terraform/support';
import { findingsOf } from '../rules/support';

const CONTRACT = contractFor({ ...TARGET, clientId: 'the-client', region: 'eu-west-1' });
const trusting = (change: object): Part => ({
  ...ROLE,
  values: {
    ...ROLE.values,
    assume_role_policy: JSON.stringify({
      ...CONTRACT.trust,
      Statement: CONTRACT.trust.Statement.map((statement) => ({ ...statement, ...change })),
    }),
  },
});
const PARTS: Part[] = [
  trusting({ Condition: undefined }),
  BUCKET,
  {
    type: 'aws_iam_role_policy',
    values: {
      role: TARGET.roleName,
      name: 'put',
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      }),
    },
  },
  { type: 'aws_s3_bucket_public_access_block', values: { bucket: 'logs', ...OFF } },
  {
    type: 'aws_iam_role',
    name: 'second',
    values: { name: 'ALTRPublishSIEMDataSecond', assume_role_policy: JSON.stringify(CONTRACT.trust) },
  },
];

function report(file: unknown) {
  const observation = observePlan(JSON.stringify(file), 'the file', [TARGET]);
  const [seen] = judge(observation, {
    contracts: [CONTRACT],
    declaredRoles: [{ roleName: TARGET.roleName }],
  });
  if (!seen) throw new Error('nothing was judged');
  return seen;
}

const plan = planOf(PARTS);
const state = { format_version: '1.0', values: plan.planned_values };
const failed = (file: unknown) =>
  new Map(
    report(file).findings.flatMap((entry) => (entry.status === 'fail' ? [[entry.rule, entry] as const] : [])),
  );

test.each([
  ['a plan', plan],
  ['a state', state],
])('each violation of %s has the address of its resource', (_what, file) => {
  const found = failed(file);
  const addressOf = (rule: string) => found.get(rule)?.location?.address;
  expect(addressOf('trust-external-id')).toBe('aws_iam_role.this');
  expect(addressOf('permissions-action-scope')).toBe('aws_iam_role_policy.this');
  // A state does not say whose provider made the other role.
  if (file === plan) expect(addressOf('undeclared-altr-role')).toBe('aws_iam_role.second');
  expect([...found.values()].filter(({ location }) => location?.address === undefined)).toEqual([]);
});

test('a finding without a document points at the resource', () => {
  const broken = planOf(
    [...PARTS, { ...BUCKET, name: 'own', values: { bucket: 'logs', region: 'us-east-1' } }].filter(
      ({ name, type }) => name === 'own' || type !== 'aws_s3_bucket',
    ),
  );
  expect(failed(broken).get('bucket-region')?.location).toEqual({
    document: 'Terraform resource aws_s3_bucket.own',
    pointer: '',
    address: 'aws_s3_bucket.own',
  });
});

test('a plan’s fix is HCL, and no command for what does not exist', () => {
  for (const { rule, remediation } of failed(plan).values()) {
    expect({ rule, commands: remediation?.commands }).toEqual({ rule, commands: undefined });
    expect({ rule, terraform: remediation?.terraform }).toEqual({
      rule,
      terraform: expect.stringMatching(/\w/),
    });
  }
});

test('what a state holds exists, so commands may fix it', () => {
  expect(failed(state).get('trust-external-id')?.remediation?.commands?.[0]).toMatch(/^aws iam /);
});

test('no account is made up', () => {
  const text = JSON.stringify(report(plan));
  expect(text).not.toContain('000000000000');
  expect(text).toContain('arn:aws:iam::ACCOUNT_ID:role/ALTRPublishSIEMDataX');
});

test('what the placeholder hides counts for no fingerprint', () => {
  const known = planOf(
    PARTS.map((part) =>
      part === PARTS[0]
        ? { ...part, values: { ...part.values, arn: 'arn:aws:iam::123456789012:role/ALTRPublishSIEMDataX' } }
        : part,
    ),
  );
  expect(failed(known).get('trust-external-id')?.resource).toContain('123456789012');
  expect(failed(known).get('bucket-public-access')?.fingerprint).toBe(
    failed(plan).get('bucket-public-access')?.fingerprint,
  );
});

test('a role that is missing is missing in no account', () => {
  const found = failed(planOf([BUCKET, { ...ROLE, actions: ['delete'] }]));
  expect(found.get('role-exists')?.message).toBe('There is no role ALTRPublishSIEMDataX.');
});

test('findings about AWS have commands and no address', () => {
  const [finding] = findingsOf({ roleExists: false }).filter(({ rule }) => rule === 'role-exists');
  expect(finding?.location).toBeNull();
  expect(finding?.remediation?.commands).toHaveLength(2);
});

test('in HCL the account is the provider’s', () => {
  const { exports } = observePlan(JSON.stringify(plan), 'the file', [TARGET]);
  const [finding] = failed(plan).values();
  if (!finding || !exports[0]) throw new Error('nothing was judged');
  const remediation = { summary: 's', terraform: 'a = "arn:aws:iam::000000000000:root"' };
  const seen = { observation: exports[0], account: undefined, contract: CONTRACT };
  expect(inTerraform([{ ...finding, remediation }], seen)[0]?.remediation?.terraform).toBe(
    'data "aws_caller_identity" "current" {}\n\na = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"',
  );
});
