/** The construct judges its own output by the auditor's rules: sabotage must fail the synth. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import type { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import type { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Testing } from 'cdktf';
import type { IConstruct } from 'constructs';
import { ExportStack, type ExportStackProps } from '../../../modules/stack/export-stack';
import { synthesise } from '../../../modules/stack/synthesise';
import { MATRIX } from '../option-matrix';

const definition = {
  name: 'acme',
  altrAccountId: '000011112222',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'acme-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataAcme',
};

/** What the construct's validation says of a stack after something was done to it. */
function said(sabotage: (stack: ExportStack) => void, options: Partial<ExportStackProps> = {}): string[] {
  const stack = new ExportStack(Testing.app(), { ...definition, accountId: '123456789012', ...options });
  sabotage(stack);
  return stack.export.node.validate();
}

const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

test('an untouched stack is valid', () => expect(said(() => {})).toEqual([]));

test.each<[string, (stack: ExportStack) => void, string]>([
  [
    'a trust policy without the ExternalId',
    ({ export: { role } }) =>
      role.addOverride(
        'assume_role_policy',
        policy({ Effect: 'Allow', Principal: { AWS: '000011112222' }, Action: 'sts:AssumeRole' }),
      ),
    'trust-external-id',
  ],
  [
    'a trust policy for everybody',
    ({ export: { role, contract } }) =>
      role.addOverride(
        'assume_role_policy',
        policy({ ...contract.trust.Statement[0], Principal: { AWS: '*' } }),
      ),
    'trust-principal',
  ],
  [
    'a permission policy for every bucket',
    (stack) =>
      stack.export.policy.addOverride(
        'policy',
        policy({ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }),
      ),
    'permissions-resource-scope',
  ],
  [
    'a public bucket policy behind a public access block that lets it through',
    (stack) => {
      const block = stack.export.node.findChild('Bucket').node.findChild('PublicAccessBlock');
      (block as S3BucketPublicAccessBlock).addOverride('restrict_public_buckets', false);
      new S3BucketPolicy(stack, 'Public', {
        bucket: 'acme-logs',
        policy: policy({
          Effect: 'Allow',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::acme-logs/*',
        }),
      });
    },
    'bucket-foreign-access',
  ],
  [
    'a bucket policy that denies ALTR',
    (stack) =>
      new S3BucketPolicy(stack, 'Deny', {
        bucket: 'acme-logs',
        policy: policy({
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:Put*',
          Resource: 'arn:aws:s3:::acme-logs/*',
        }),
      }),
    'permissions-put-object',
  ],
  [
    'a bucket policy that lets another account read',
    (stack) =>
      new S3BucketPolicy(stack, 'Grant', {
        bucket: 'acme-logs',
        policy: policy({
          Effect: 'Allow',
          Principal: { AWS: '999988887777' },
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::acme-logs/*',
        }),
      }),
    'bucket-foreign-access',
  ],
])('%s fails the synth', (_what, sabotage, rule) => {
  const faults = said(sabotage);
  expect(faults.join('\n')).toContain(
    `export acme: what would be deployed violates the contract (${rule}): `,
  );
});

test('a key policy that shuts the role out fails the synth', () => {
  const faults = said(
    ({ export: { key } }) =>
      key?.addOverride(
        'policy',
        policy({
          Effect: 'Allow',
          Principal: { AWS: '123456789012' },
          Action: 'kms:Describe*',
          Resource: '*',
        }),
      ),
    {
      encryption: { type: 'kms' },
    },
  );
  expect(faults.join('\n')).toContain('(bucket-encryption-delivery)');
});

/** Denies what has an older TLS than 1.3, which only ALTR knows whether it speaks. */
function denyOldTls(stack: ExportStack): void {
  const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::acme-logs/*' };
  new S3BucketPolicy(stack, 'Tls', {
    bucket: 'acme-logs',
    policy: policy({ ...deny, Condition: { NumericLessThan: { 's3:TlsVersion': '1.3' } } }),
  });
}

/** A second policy of the role, which the first apply may or may not leave there. */
function addRogue(stack: ExportStack): void {
  new IamRolePolicy(stack, 'Rogue', {
    role: stack.export.role.name,
    policy: policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme-logs/*' }),
  });
}

test.each(MATRIX.map(({ name, options }) => [name, options] as const))(
  'the construct is as its own options declare: %s',
  (_name, options) => expect(said(() => {}, options)).toEqual([]),
);

test.each<[string, Partial<ExportStackProps>, (stack: ExportStack) => void, string]>([
  [
    'a lifecycle that deletes logs within days',
    {},
    (stack) =>
      new S3BucketLifecycleConfiguration(stack, 'CleanUp', {
        bucket: 'acme-logs',
        rule: [{ id: 'clean-up', status: 'Enabled', filter: [{ prefix: '' }], expiration: [{ days: 1 }] }],
      }),
    'logs-kept',
  ],
  [
    'a lifecycle that deletes logs sooner than declared',
    { retention: { expireAfterDays: 400 } },
    (stack) =>
      bucketPart<S3BucketLifecycleConfiguration>(stack, 'Lifecycle').addOverride(
        'rule.0.expiration.0.days',
        30,
      ),
    'logs-kept',
  ],
  [
    'versioning that is suspended though it is declared',
    { retention: { versioning: true } },
    (stack) =>
      bucketPart<S3BucketVersioningA>(stack, 'Bucket', 'Versioning').addOverride(
        'versioning_configuration.status',
        'Suspended',
      ),
    'declared-retention',
  ],
  [
    'a session that is longer than declared',
    { role: { maxSessionHours: 1 } },
    ({ export: { role } }) => role.addOverride('max_session_duration', 43_200),
    'declared-role',
  ],
  [
    'a reader’s role that somebody else may assume',
    { readers: [{ name: 'siem', trustedPrincipals: ['210987654321'] }] },
    (stack) =>
      bucketPart<IamRole>(stack, 'Reader-siem', 'Role').addOverride(
        'assume_role_policy',
        policy({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }),
      ),
    'declared-readers',
  ],
])('%s fails the synth', (_what, options, sabotage, rule) => {
  expect(said(sabotage, options).join('\n')).toContain(
    `export acme: what would be deployed violates the contract (${rule}): `,
  );
});

/** A part of the construct, by the path of its IDs. */
function bucketPart<T>(stack: ExportStack, ...path: readonly string[]): T {
  return path.reduce<IConstruct>((node, id) => node.node.findChild(id), stack.export) as T;
}

test.each([
  ['violates', false],
  ['may violate', true],
])(
  'a second policy on the role %s the contract where the role’s lists are exclusive: %s',
  (verb, exclusive) => {
    expect(said(addRogue, { role: { exclusive } }).join('\n')).toContain(
      `export acme: what would be deployed ${verb} the contract (permissions-action-scope): `,
    );
  },
);

const bounded: Partial<ExportStackProps> = {
  role: { permissionsBoundary: 'arn:aws:iam::123456789012:policy/Boundary' },
};

test.each<[string, Partial<ExportStackProps>]>([
  ['', {}],
  [', behind a permissions boundary that can’t be read as well', bounded],
])('a condition that only ALTR knows whether it meets fails the synth%s', (_where, options) => {
  const faults = said(denyOldTls, options);
  expect(faults).toEqual([
    expect.stringMatching(
      /^export acme: what would be deployed may violate the contract \(permissions-put-object\): .*s3:TlsVersion/,
    ),
  ]);
});

test('a Deny of ALTR fails the synth behind a permissions boundary as well, which alone fails nothing', () => {
  expect(said(() => {}, bounded)).toEqual([]);
  const deny = (stack: ExportStack) =>
    new S3BucketPolicy(stack, 'Deny', {
      bucket: 'acme-logs',
      policy: policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:Put*',
        Resource: 'arn:aws:s3:::acme-logs/*',
      }),
    });
  expect(said(deny, bounded).join('\n')).toContain('violates the contract (permissions-put-object)');
});

test('one export that fails the synth keeps all of them from being written', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'altr-judged-')), 'out');
  const { altrAccountId, ...entry } = definition;
  const config = {
    altr: { awsAccountId: altrAccountId },
    exports: [{ ...entry, name: 'fine', bucket: 'fine-logs', roleName: 'ALTRPublishSIEMDataFine' }, entry],
  };
  const { seal } = ExportStack.prototype;
  const sabotage = jest.spyOn(ExportStack.prototype, 'seal').mockImplementation(function (this: ExportStack) {
    if (this.export.contract.name === 'acme') denyOldTls(this);
    seal.call(this);
  });
  expect(() => synthesise(config, folder)).toThrow(
    /^export acme: what would be deployed may violate the contract \(permissions-put-object\): .*s3:TlsVersion/,
  );
  expect(existsSync(join(folder, 'stacks', 'fine', 'cdk.tf.json'))).toBe(false);
  sabotage.mockRestore();
  rmSync(join(folder, '..'), { recursive: true });
});
