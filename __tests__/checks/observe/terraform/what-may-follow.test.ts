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
    ['a stack set, which makes none by itself', { type: 'aws_cloudformation_stack_set' }, false, false],
    [
      'a stack of a serverless application',
      { type: 'aws_serverlessapplicationrepository_cloudformation_stack' },
      true,
      true,
    ],
    ['a product of Service Catalog', { type: 'aws_servicecatalog_provisioned_product' }, true, true],
    ['a stack of awscc', { type: 'awscc_cloudformation_stack' }, true, true],
    ['a stack set of awscc', { type: 'awscc_cloudformation_stack_set' }, true, true],
    [
      'a product of Service Catalog by awscc',
      { type: 'awscc_servicecatalog_cloudformation_provisioned_product' },
      true,
      true,
    ],
    ['a queue of awscc', { type: 'awscc_sqs_queue' }, false, false],
    ...[
      'CloudFormation::Stack',
      'CloudFormation::StackSet',
      'ServiceCatalog::CloudFormationProvisionedProduct',
    ].map((name): [string, Part, boolean, boolean] => [
      `${name} by Cloud Control`,
      { type: 'aws_cloudcontrolapi_resource', values: { type_name: `AWS::${name}` } },
      true,
      true,
    ]),
    ['a stack that is read', { type: 'aws_cloudformation_stack', mode: 'data' }, false, false],
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
      'a type by Cloud Control that is not AWS’s own',
      { type: 'aws_cloudcontrolapi_resource', values: { type_name: 'Acme::Security::Baseline' } },
      true,
      true,
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

describe('access points by other means', () => {
  const delegating: Part = {
    type: 'aws_s3_bucket_policy',
    values: {
      bucket: 'logs',
      policy: JSON.stringify({
        Statement: {
          Effect: 'Allow',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::logs/*',
          Condition: { StringEquals: { 's3:DataAccessPointAccount': '123456789012' } },
        },
      }),
    },
  };

  test.each<[what: string, Part, state: string]>([
    ['of the bucket', { type: 'awscc_s3_access_point', values: { bucket: 'logs' } }, 'unreadable'],
    ['of another bucket', { type: 'awscc_s3_access_point', values: { bucket: 'other' } }, 'value'],
    ['of what is not known yet', { type: 'awscc_s3_access_point', unknown: { bucket: true } }, 'unreadable'],
    [
      'by Cloud Control',
      { type: 'aws_cloudcontrolapi_resource', values: { type_name: 'AWS::S3::AccessPoint' } },
      'unreadable',
    ],
    [
      'nothing of the kind',
      { type: 'aws_cloudcontrolapi_resource', values: { type_name: 'AWS::SQS::Queue' } },
      'value',
    ],
  ])('%s', (_what, other, state) => {
    expect(bucketOf([ROLE, BUCKET, delegating, other]).accessPoints?.state).toBe(state);
  });

  test('matter only where the bucket’s policy leaves decisions to them', () => {
    const other: Part = { type: 'awscc_s3_access_point', values: { bucket: 'logs' } };
    expect(bucketOf([ROLE, BUCKET, other]).accessPoints).toBeUndefined();
  });
});

describe('other roles', () => {
  const RULE = 'undeclared-altr-role';
  const trust = (Principal: unknown, more = {}) =>
    JSON.stringify({ Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more }] });
  const role = (values: Part['values'], more: Partial<Part> = {}): Part => ({
    type: 'aws_iam_role',
    name: 'other',
    values,
    ...more,
  });
  const unnamed = (assume_role_policy: string, name_prefix = 'x') =>
    role({ name_prefix, assume_role_policy }, { unknown: { name: true } });
  const messages = (...parts: Part[]) =>
    report(planOf([TRUSTING, BUCKET, PUT, ...parts])).findings.filter(({ rule }) => rule === RULE);
  const statuses = (...parts: Part[]) => messages(...parts).map(({ status }) => status);

  test.each<[what: string, trust: string, prefix: string | undefined, expected: string[]]>([
    ['for ALTR', JSON.stringify(CONTRACT.trust), undefined, ['unknown']],
    ['for anybody', trust('*'), undefined, ['unknown']],
    ['for any account', trust({ AWS: ['*'] }), undefined, ['unknown']],
    [
      'for anybody under a condition',
      trust('*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      undefined,
      ['unknown'],
    ],
    [
      'with the prefix of ALTR’s roles',
      trust({ Service: 'lambda.amazonaws.com' }),
      'ALTRPublishSIEMData',
      ['unknown'],
    ],
    ['for a service', trust({ Service: 'lambda.amazonaws.com' }), undefined, []],
    ['for another account', trust({ AWS: '222222222222' }), undefined, []],
  ])('whose name is known after apply, %s', (_what, policy, prefix, expected) => {
    expect(statuses(unnamed(policy, prefix))).toEqual(expected);
  });

  test('whose name is known after apply, and what of it is for ALTR', () => {
    expect(messages(unnamed(JSON.stringify(CONTRACT.trust))).map(({ message }) => message)).toEqual([
      'It can’t be decided: in the trust policy of role aws_iam_role.other, at /Statement/0, the role lets in 111122223333, and its name is known after apply, says the plan, so whether the config declares it is not known.',
    ]);
  });

  const ALLOW = { actions: ['sts:AssumeRole'], effect: 'Allow' };
  const known = (type: string, identifiers: string[]) => ({ ...ALLOW, principals: [{ type, identifiers }] });
  const open = (type: string) => ({ ...ALLOW, principals: [{ type, identifiers: [null] }] });
  const OPEN = { principals: [{ identifiers: [true] }] };
  const partly = (statement: unknown[], unknown: unknown[], more = {}): Part => ({
    type: 'aws_iam_policy_document',
    mode: 'data',
    name: 'trust',
    values: { statement, ...more },
    unknown: {
      json: true,
      id: true,
      statement: unknown,
      ...Object.fromEntries(Object.keys(more).map((name) => [name, true])),
    },
    actions: ['read'],
  });
  const byDocument = {
    unknown: { assume_role_policy: true },
    expressions: {
      assume_role_policy: {
        references: ['data.aws_iam_policy_document.trust.json', 'data.aws_iam_policy_document.trust'],
      },
    },
  };

  test.each<[what: string, document: Part, expected: string[]]>([
    [
      'a known statement for ALTR',
      partly([known('AWS', ['111122223333']), open('Service')], [{}, OPEN]),
      ['fail'],
    ],
    ['an account that is not known yet', partly([open('AWS')], [OPEN]), ['unknown']],
    ['a service that is not known yet', partly([open('Service')], [OPEN]), []],
    ['an identity provider that is not known yet', partly([open('Federated')], [OPEN]), []],
    [
      'a kind of principal that is not known yet',
      partly([{ ...ALLOW, principals: [null] }], [{ principals: [true] }]),
      ['unknown'],
    ],
    [
      'ALTR under a condition that is not known yet',
      partly(
        [{ ...known('AWS', ['arn:aws:iam::111122223333:root']), condition: [{ values: [null] }] }],
        [{ condition: [{ values: [true] }] }],
      ),
      ['unknown'],
    ],
    [
      'another account under such a condition',
      partly(
        [{ ...known('AWS', ['222222222222']), condition: [{ values: [null] }] }],
        [{ condition: [{ values: [true] }] }],
      ),
      [],
    ],
    [
      'everybody but one who is not known yet',
      partly(
        [{ ...ALLOW, not_principals: [{ type: 'AWS', identifiers: [null] }] }],
        [{ not_principals: [{ identifiers: [true] }] }],
      ),
      ['unknown'],
    ],
    ['a Deny that is not known yet', partly([{ ...open('AWS'), effect: 'Deny' }], [OPEN]), ['unknown']],
    [
      'a known document for ALTR of which a statement may be replaced',
      {
        ...partly([{ ...open('Service'), sid: null }], [{ ...OPEN, sid: true }]),
        values: {
          statement: [{ ...open('Service'), sid: null }],
          source_policy_documents: [
            JSON.stringify({
              Statement: [{ Sid: 'x', Effect: 'Allow', Principal: { AWS: '111122223333' } }],
            }),
          ],
        },
      },
      ['unknown'],
    ],
    [
      'another document that is not known yet',
      partly([known('Service', ['lambda.amazonaws.com'])], [{}], { source_policy_documents: [null] }),
      ['unknown'],
    ],
  ])('whose trust policy is known in part: %s', (_what, document, expected) => {
    expect(statuses(role({ name: 'Trial' }, byDocument), document)).toEqual(expected);
  });

  test('whose trust policy is not known', () => {
    const at = { unknown: { assume_role_policy: true } };
    const expressions = { assume_role_policy: { references: ['local.trust'] } };
    expect(messages(role({ name: 'Trial' }, { ...at, expressions })).map(({ message }) => message)).toEqual([
      'It can’t be decided: in the trust policy of role Trial, at /Statement/0, whether the role lets in 111122223333 is known after apply, says the plan.',
    ]);
    expect(
      statuses(role({ name_prefix: 'x' }, { unknown: { ...at.unknown, name: true }, expressions })),
    ).toEqual(['unknown']);
  });

  test.each<[what: string, name: string, trust: string, expected: string[]]>([
    ['for a service, that the plan makes', 'Trial', trust({ Service: 'lambda.amazonaws.com' }), []],
    ['for ALTR, that the plan makes', 'Trial', JSON.stringify(CONTRACT.trust), ['fail']],
    ['that it does not make', 'Another', trust({ Service: 'lambda.amazonaws.com' }), ['unknown']],
  ])('a data source that is read during the apply finds a role %s', (_what, name, policy, expected) => {
    const found = { mode: 'data', name: 'found', unknown: { id: true, assume_role_policy: true } } as const;
    expect(statuses(role({ name: 'Trial', assume_role_policy: policy }), role({ name }, found))).toEqual(
      expected,
    );
  });
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
