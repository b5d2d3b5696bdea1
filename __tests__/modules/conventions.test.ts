/**
 * Path, boundary and tags reach everything that is made: a landing zone refuses what lacks them. What can have tags is told by
 * the provider's bindings; that the oldest provider version that we take knows the same is proven where it is applied
 * (`__tests__/e2e/log-readers.test.ts`).
 */
import { isDeepStrictEqual } from 'node:util';
import { TerraformResource, Testing } from 'cdktf';
import { parseConfig } from '../../config/file/parse';
import { exportOptionsShape, feedOptionsShape, feedReaders } from '../../config/options';
import type { ExportInput } from '../../config/schema';
import { definitionOf } from '../../config/schema';
import { AltrAuditorRole, type AltrAuditorRoleProps } from '../../modules/altr-auditor-role';
import { addReaders } from '../../modules/feed/export-readers';
import { ExportStack } from '../../modules/stack/export-stack';

type Values = Record<string, unknown>;

const ACCOUNT = '123456789012';
const CONVENTIONS = {
  path: '/vendors/altr/',
  permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/LandingZone`,
  tags: { team: 'security', 'cost-centre': '42' },
};
const roleOf = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** Every capability at once; `existingBucket` would make less. */
const EVERYTHING: ExportInput = {
  name: 'acme',
  accountId: ACCOUNT,
  clientId: 'client-1',
  bucket: 'acme-logs',
  region: 'us-east-1',
  forceDestroy: true,
  encryption: { type: 'kms', keyAlias: 'altr' },
  retention: { objectLock: true, expireAfterDays: 400 },
  bucketPolicy: { requireTls: true, onlyReaders: [roleOf('Analyst')] },
  accessLogging: { bucket: 'acme-access-logs' },
  replication: {
    bucket: 'acme-copy',
    region: 'eu-west-1',
    kmsKeyArn: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  },
  role: { path: CONVENTIONS.path, permissionsBoundary: CONVENTIONS.permissionsBoundary },
  readers: [
    { name: 'siem', trustedPrincipals: ['210987654321'] },
    { name: 'own', attachedTo: [roleOf('Own')] },
  ],
  tags: CONVENTIONS.tags,
  logEvents: {},
  splunkFeed: { readerPrincipalArn: roleOf('Splunk') },
  alerts: { emails: ['a@example.com'] },
};

interface Made {
  readonly address: string;
  readonly type: string;
  readonly values: Values;
  readonly taggable: boolean;
}

function made(stack: ExportStack): Made[] {
  const { resource } = JSON.parse(Testing.synth(stack)) as {
    resource: Record<string, Record<string, Values>>;
  };
  return stack.node
    .findAll()
    .filter((construct) => construct instanceof TerraformResource)
    .map((construct) => ({
      address: `${construct.terraformResourceType}.${construct.friendlyUniqueId}`,
      type: construct.terraformResourceType,
      values: resource[construct.terraformResourceType]?.[construct.friendlyUniqueId] ?? {},
      taggable: 'tagsInput' in construct,
    }));
}

function stackOf(input: ExportInput): ExportStack {
  const text = JSON.stringify({ altr: { awsAccountId: '111122223333' }, exports: [input] });
  const { config } = parseConfig(text, 'altr-exports.json', 'provision');
  const [entry] = config.exports;
  if (!entry) throw new Error('no export');
  const stack = new ExportStack(Testing.app(), {
    ...entry,
    ...definitionOf(config, entry),
    otherReaders: feedReaders(entry.name, entry),
  });
  addReaders(stack, entry);
  return stack;
}

const all = made(stackOf(EVERYTHING));
const ofType = (type: string) => all.filter((resource) => resource.type === type);
const without = (resources: readonly Made[], key: string, expected: unknown) =>
  resources.filter(({ values }) => !isDeepStrictEqual(values[key], expected)).map(({ address }) => address);

test('the export has every capability that there is', () => {
  const capabilities = Object.keys({ ...exportOptionsShape, ...feedOptionsShape });
  expect(capabilities.filter((key) => !(key in EVERYTHING))).toEqual([
    'existingBucket',
    'existingBucketConfirmed',
    // Or forceDestroy.
    'preventDestroy',
  ]);
});

test('every role has the boundary', () => {
  expect(ofType('aws_iam_role').map(({ address }) => address)).toEqual([
    'aws_iam_role.export_role',
    'aws_iam_role.export_replication_role',
    'aws_iam_role.export_reader-siem_role',
    'aws_iam_role.splunk_reader_role',
    'aws_iam_role.alerts_role',
  ]);
  const { permissionsBoundary } = CONVENTIONS;
  expect(without(ofType('aws_iam_role'), 'permissions_boundary', permissionsBoundary)).toEqual([]);
});

test.each([
  ['role', 5],
  ['policy', 4],
])('every %s is in the path', (kind, count) => {
  expect(ofType(`aws_iam_${kind}`)).toHaveLength(count);
  expect(without(ofType(`aws_iam_${kind}`), 'path', CONVENTIONS.path)).toEqual([]);
});

test('everything that can have tags has them', () => {
  const taggable = all.filter((resource) => resource.taggable);
  expect(new Set(taggable.map(({ type }) => type)).size).toBeGreaterThan(10);
  expect(without(taggable, 'tags', CONVENTIONS.tags)).toEqual([]);
  expect(all.filter(({ taggable: is, values }) => !is && 'tags' in values)).toEqual([]);
});

test('the policies of bucket and key name the readers’ roles where they are', () => {
  const documents = JSON.stringify(
    (JSON.parse(Testing.synth(stackOf(EVERYTHING))) as { data: { aws_iam_policy_document: Values } }).data
      .aws_iam_policy_document,
  );
  for (const name of ['altr-acme-splunk', 'altr-acme-alerts', 'acme-logs-reader-siem']) {
    expect(documents).toContain(roleOf(`vendors/altr/${name}`));
    expect(documents).not.toContain(roleOf(name));
  }
});

test('without any, there is none', () => {
  const { tags: _, role: __, ...plain } = EVERYTHING;
  for (const { values } of made(stackOf(plain))) {
    expect(values).not.toHaveProperty('tags');
    expect(values).not.toHaveProperty('permissions_boundary');
    expect(values.path ?? '/').toBe('/');
  }
});

describe('the auditor’s role', () => {
  const synth = (more: Partial<AltrAuditorRoleProps>) =>
    JSON.parse(
      Testing.synthScope((scope) => {
        new AltrAuditorRole(scope, 'Auditor', {
          exports: [{ bucket: 'acme-logs', region: 'us-east-1', roleName: 'ALTRPublishSIEMDataAcme' }],
          trust: { accountId: '210987654321' },
          ...more,
        });
      }),
    );

  test('has them, too', () => {
    const [role] = Object.values(synth(CONVENTIONS).resource.aws_iam_role);
    expect(role).toMatchObject({
      path: CONVENTIONS.path,
      permissions_boundary: CONVENTIONS.permissionsBoundary,
      tags: CONVENTIONS.tags,
    });
  });

  test('takes none that IAM would refuse, and says all at once', () => {
    expect(() =>
      synth({ path: 'altr', permissionsBoundary: 'Boundary', tags: { 'aws:x': '1', fine: '\u0000' } }),
    ).toThrow(
      [
        'auditor role altr-auditor: path "altr" must begin and end with a slash, for example /altr/',
        'auditor role altr-auditor: permissionsBoundary "Boundary" is not the ARN of an IAM policy; write it like arn:aws:iam::111122223333:policy/name',
        'auditor role altr-auditor: tags.aws:x must not begin with aws:, which AWS reserves',
        'auditor role altr-auditor: tags.fine has a character that AWS does not allow in tags',
      ].join('\n'),
    );
  });
});
