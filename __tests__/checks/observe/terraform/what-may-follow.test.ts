/** What a file does not show: the rest of a partial plan, other tools, policies of AWS, roles without a name yet, owners. */
import { observePlan } from '../../../../checks/observe/terraform';
import { judge } from '../../../../checks/verdict/judge';
import { contractFor } from '../../../../contract/contract';
import { attachedOf, BUCKET, bucketOf, inlineOf, type Part, planOf, ROLE, TARGET } from './support';

const CONTRACT = contractFor({ ...TARGET, clientId: 'the-client', region: 'eu-west-1' });
const TRUSTING: Part = {
  ...ROLE,
  values: { ...ROLE.values, assume_role_policy: JSON.stringify(CONTRACT.trust) },
};
const PUT: Part = {
  type: 'aws_iam_role_policy',
  values: { role: TARGET.roleName, name: 'put', policy: JSON.stringify(CONTRACT.permissions) },
};

function report(file: unknown, declared = TARGET.roleName) {
  const observation = observePlan(JSON.stringify(file), 'the plan', [TARGET]);
  const [seen] = judge(observation, { contracts: [CONTRACT], declaredRoles: [{ roleName: declared }] });
  if (!seen) throw new Error('nothing was judged');
  return seen;
}
const statusesOf = (file: unknown, rule: string) =>
  report(file)
    .findings.filter((finding) => finding.rule === rule)
    .map(({ status }) => status);

test('the whole of a plan is compliant, a part of one is unknown', () => {
  const parts = [TRUSTING, BUCKET, PUT];
  expect(report(planOf(parts)).status).toBe('compliant');
  expect(report(planOf(parts, { complete: true })).status).toBe('compliant');
  const partial = planOf(parts, { complete: false });
  expect(report(partial).status).toBe('unknown');
  const unknown = report(partial).findings.filter(({ status }) => status === 'unknown');
  expect([...new Set(unknown.map(({ rule }) => rule))].sort()).toEqual([
    'bucket-encryption-delivery',
    'bucket-foreign-access',
    'bucket-public-access',
    'logs-kept',
    'logs-stay',
    'permissions-action-scope',
    'permissions-put-object',
    'permissions-resource-scope',
  ]);
  expect(unknown[0]?.message).toMatch(/not the whole plan, as with -target/);
});

describe('other means', () => {
  test.each<[what: string, Part, inline: boolean, bucket: boolean]>([
    ['a stack of CloudFormation', { type: 'aws_cloudformation_stack' }, true, true],
    ['an instance of a stack set', { type: 'aws_cloudformation_stack_set_instance' }, true, true],
    [
      'a policy by Cloud Control',
      { type: 'aws_cloudcontrolapi_resource', values: { type_name: 'AWS::IAM::RolePolicy' } },
      true,
      false,
    ],
    [
      'a bucket policy by Cloud Control',
      { type: 'aws_cloudcontrolapi_resource', values: { type_name: 'AWS::S3::BucketPolicy' } },
      false,
      true,
    ],
    [
      'a queue by Cloud Control',
      { type: 'aws_cloudcontrolapi_resource', values: { type_name: 'AWS::SQS::Queue' } },
      false,
      false,
    ],
    [
      'something by Cloud Control that is not known yet',
      { type: 'aws_cloudcontrolapi_resource', unknown: { type_name: true } },
      true,
      true,
    ],
  ])('%s', (_what, other, inline, bucket) => {
    expect(inlineOf([ROLE, other])).toEqual(
      inline ? [expect.stringMatching(/which this tool does not read, may give the role more$/)] : [],
    );
    expect(bucketOf([BUCKET, other]).policy.state).toBe(bucket ? 'unreadable' : 'absent');
  });
});

describe('policies of AWS’s own', () => {
  const attached = (name: string): Part => ({
    type: 'aws_iam_role_policy_attachment',
    values: { role: TARGET.roleName, policy_arn: `arn:aws:iam::aws:policy/${name}` },
  });
  test.each<[name: string, action: string[], put: string[]]>([
    ['AdministratorAccess', ['fail'], ['pass']],
    ['ReadOnlyAccess', ['fail', 'unknown'], ['unknown']],
    ['service-role/AWSLambdaBasicExecutionRole', ['fail', 'unknown'], ['unknown']],
    ['AWSDenyAll', ['pass'], ['fail']],
    ['AWSCompromisedKeyQuarantineV3', ['unknown'], ['unknown']],
  ])('%s', (name, action, put) => {
    const file = planOf([TRUSTING, BUCKET, PUT, attached(name)]);
    expect(statusesOf(file, 'permissions-action-scope')).toEqual(action);
    expect(statusesOf(file, 'permissions-put-object')).toEqual(put);
  });

  test('what such a policy allows is not taken for the right to deliver', () => {
    const file = planOf([TRUSTING, BUCKET, attached('AmazonS3FullAccess')]);
    expect(statusesOf(file, 'permissions-put-object')).toEqual(['unknown']);
  });

  test('one that the configuration reads is judged by its document', () => {
    const arn = 'arn:aws:iam::aws:policy/Custom';
    const read = {
      type: 'aws_iam_policy',
      mode: 'data',
      values: { arn, policy: '{"Statement":[]}' },
    } as const;
    expect(attachedOf([ROLE, attached('Custom'), read])).toMatchObject([
      { document: { value: { text: '{"Statement":[]}' } } },
    ]);
  });
});

test('a role whose name is known after apply and that lets ALTR in is not left out', () => {
  const unnamed = (trust: unknown): Part => ({
    type: 'aws_iam_role',
    name: 'unnamed',
    values: { name_prefix: 'x', assume_role_policy: JSON.stringify(trust) },
    unknown: { name: true },
  });
  const found = (trust: unknown) =>
    report(planOf([TRUSTING, BUCKET, PUT, unnamed(trust)])).findings.filter(
      ({ rule }) => rule === 'undeclared-altr-role',
    );
  expect(found(CONTRACT.trust).map(({ status, message }) => [status, message])).toEqual([
    [
      'unknown',
      'It can’t be decided: in the trust policy of role aws_iam_role.unnamed, at /Statement/0, the role lets in 111122223333, and its name is known after apply, says the plan, so whether the config declares it is not known.',
    ],
  ]);
  const lambda = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'lambda.amazonaws.com' },
  };
  expect(found({ Statement: [lambda] })).toEqual([]);
});

test('the owner that a setting of the bucket expects is its owner, in a state too', () => {
  const arn = `arn:aws:iam::123456789012:role/${TARGET.roleName}`;
  const state = (expected_bucket_owner: string) => ({
    format_version: '1.0',
    values: {
      root_module: {
        resources: [
          { type: 'aws_iam_role', values: { ...TRUSTING.values, arn } },
          { type: 'aws_s3_bucket', values: { bucket: 'logs', region: 'eu-west-1' } },
          { type: 'aws_s3_bucket_versioning', values: { bucket: 'logs', expected_bucket_owner } },
        ].map((resource) => ({ address: `${resource.type}.this`, mode: 'managed', ...resource })),
      },
    },
  });
  expect(statusesOf(state('123456789012'), 'bucket-exists')).toEqual(['pass']);
  expect(statusesOf(state('222222222222'), 'bucket-exists')).toEqual(['fail']);
});
