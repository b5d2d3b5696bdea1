import { Testing } from 'cdktf';
import { ExportStack, type ExportStackProps } from '../../../modules/stack/export-stack';

const POLICY = 'arn:aws:iam::123456789012:policy/acme.s3.policy';
const PROPS: ExportStackProps = {
  name: 'acme',
  altrAccountId: '111122223333',
  clientId: 'client-1',
  bucket: 'acme-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataAcme',
  adopt: { policyArn: POLICY, bucketSettings: ['publicAccessBlock', 'encryption'] },
};

interface Stack {
  import?: { to: string; id: string }[];
  resource: Record<
    string,
    Record<string, { depends_on?: string[]; lifecycle?: { ignore_changes: string[] } }>
  >;
}
const synth = (changed: Partial<ExportStackProps> = {}) =>
  JSON.parse(Testing.synth(new ExportStack(Testing.app(), { ...PROPS, ...changed }))) as Stack;
const imports = ({ import: blocks = [] }: Stack) => Object.fromEntries(blocks.map(({ to, id }) => [to, id]));

test('imports the bucket, the settings that it has, the role, and its policy', () => {
  expect(imports(synth())).toEqual({
    'aws_iam_role.export_role': PROPS.roleName,
    'aws_iam_policy.export_policy': POLICY,
    'aws_iam_role_policy_attachment.export_policy_attachment': `${PROPS.roleName}/${POLICY}`,
    'aws_iam_role_policies_exclusive.export_policy_no_inline': PROPS.roleName,
    'aws_iam_role_policy_attachments_exclusive.export_policy_nothing_else_attached': PROPS.roleName,
    'aws_s3_bucket.export_bucket': 'acme-logs',
    'aws_s3_bucket_public_access_block.export_bucket_public_access_block': 'acme-logs',
    'aws_s3_bucket_server_side_encryption_configuration.export_bucket_encryption': 'acme-logs',
  });
});

test('imports the bucket’s Object Lock with its versioning', () => {
  const adopt = { policyArn: POLICY, bucketSettings: ['versioning' as const, 'objectLock' as const] };
  expect(imports(synth({ adopt, retention: { objectLock: true } }))).toMatchObject({
    'aws_s3_bucket_versioning.export_bucket_versioning': 'acme-logs',
    'aws_s3_bucket_object_lock_configuration.export_bucket_object_lock': 'acme-logs',
  });
});

test('imports nothing that is made beside it, such as the bucket of the replicas', () => {
  const replication = { bucket: 'acme-logs-copy', region: 'us-west-2' } as ExportStackProps['replication'] &
    object;
  const stack = synth({ replication, retention: { versioning: true } });
  expect(Object.keys(stack.resource.aws_s3_bucket ?? {})).toHaveLength(2);
  expect(Object.values(imports(stack))).not.toContain('acme-logs-copy');
});

test('makes the policy anew without its ARN, and lets inline policies go only behind it', () => {
  const stack = synth({ adopt: { bucketSettings: [] } });
  expect(imports(stack)).toEqual({
    'aws_iam_role.export_role': PROPS.roleName,
    'aws_iam_role_policies_exclusive.export_policy_no_inline': PROPS.roleName,
    'aws_iam_role_policy_attachments_exclusive.export_policy_nothing_else_attached': PROPS.roleName,
    'aws_s3_bucket.export_bucket': 'acme-logs',
  });
  expect(stack.resource.aws_iam_role_policies_exclusive?.export_policy_no_inline?.depends_on).toEqual([
    'aws_iam_role_policy_attachment.export_policy_attachment',
  ]);
});

test('leaves the bucket alone that somebody else owns', () => {
  const addresses = Object.keys(imports(synth({ existingBucket: true })));
  expect(addresses).toContain('aws_iam_role.export_role');
  expect(addresses.filter((address) => address.startsWith('aws_s3'))).toEqual([]);
});

test('keeps tags and the policy’s description, unless the config declares tags', () => {
  const ignored = (changed: Partial<ExportStackProps>, type: string) =>
    Object.values(synth(changed).resource[type] ?? {})[0]?.lifecycle?.ignore_changes ?? [];
  expect(ignored({}, 'aws_iam_policy')).toEqual(['description', 'tags', 'tags_all']);
  expect(ignored({}, 'aws_s3_bucket')).toEqual(['tags', 'tags_all']);
  for (const declared of [{ tags: { team: 'a' } }, { defaultTags: { team: 'a' } }]) {
    expect(ignored(declared, 'aws_iam_policy')).toEqual(['description']);
    expect(ignored(declared, 'aws_iam_role')).toEqual([]);
  }
});

test('imports nothing without adopt', () => {
  const { adopt: _, ...props } = PROPS;
  expect(imports(JSON.parse(Testing.synth(new ExportStack(Testing.app(), props))) as Stack)).toEqual({});
});
