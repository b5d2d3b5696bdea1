import { auditorPermissions, auditorPolicy, MANAGED_POLICY_LIMIT } from '../../../checks/auditor-policy';
import { auditorPolicyTerraform } from '../../../checks/auditor-policy/terraform';
import { APIS, type Api } from '../../../checks/observe/live/api';
import { listOf } from '../../../contract/statement';

const prod = { bucket: 'acme-logs', region: 'us-east-1', roleName: 'ALTRPublishSIEMDataAcme' };
const resourcesOf = (exports: Parameters<typeof auditorPolicy>[0], sid: string) => {
  const found = auditorPolicy(exports).document.Statement.find(({ Sid }) => Sid === sid);
  return listOf(found?.Resource ?? []);
};

test('holds the permission of every API that a check may call, and no other', () => {
  const needed = Object.values<Api>(APIS).flatMap(({ permission, optional, feed, accessGrants }) =>
    permission && !optional && !feed && !accessGrants ? [permission] : [],
  );
  const granted = auditorPolicy([prod]).document.Statement.flatMap(({ Action }) => listOf(Action));
  expect([...new Set(granted)].sort()).toEqual([...new Set(needed)].sort());
  expect(auditorPermissions()).toEqual([...new Set(granted)].sort());
});

test('lists S3 Access Grants where an export asks for them, those of its region alone', () => {
  const asking = [{ ...prod, accountId: '123456789012', accessGrants: true }];
  expect(resourcesOf(asking, 'ReadAccessGrants')).toEqual([
    'arn:aws:s3:us-east-1:123456789012:access-grants/default',
  ]);
  expect(resourcesOf([prod], 'ReadAccessGrants')).toEqual([]);
});

test('reads the feed where one is declared, by the names of its parts', () => {
  const feed = [{ ...prod, name: 'acme', accountId: '123456789012', splunkFeed: {} }];
  expect(resourcesOf(feed, 'ReadFeedTopics')).toEqual(['arn:aws:sns:us-east-1:123456789012:altr-acme-logs']);
  expect(resourcesOf(feed, 'ReadFeedQueues')).toEqual([
    'arn:aws:sqs:us-east-1:123456789012:altr-acme-splunk',
  ]);
  expect(resourcesOf([prod], 'ReadFeedTopics')).toEqual([]);
  const account = auditorPolicy(feed).document.Statement.find(({ Sid }) => Sid === 'ReadAccount');
  expect(listOf(account?.Action ?? [])).toContain('sns:GetSubscriptionAttributes');
});

test('lets nobody read the logs unless asked', () => {
  const actionsOn = (readLogs: boolean) =>
    auditorPolicy([prod], { readLogs })
      .document.Statement.filter(({ Resource }) =>
        listOf(Resource ?? []).includes('arn:aws:s3:::acme-logs/*'),
      )
      .flatMap(({ Action }) => listOf(Action));
  expect(actionsOn(false)).toEqual([]);
  expect(actionsOn(true)).toEqual(['s3:GetObject']);
});

test('reads and lists only', () => {
  for (const permission of auditorPermissions()) expect(permission).toMatch(/:(Get|List|Describe)/);
});

test('names the declared roles on any path, and the declared buckets', () => {
  expect(resourcesOf([prod], 'ReadDeclaredRoles')).toEqual([
    'arn:aws:iam::*:role/*/ALTRPublishSIEMDataAcme',
    'arn:aws:iam::*:role/ALTRPublishSIEMDataAcme',
  ]);
  expect(resourcesOf([prod], 'ReadBucketSettings')).toEqual(['arn:aws:s3:::acme-logs']);
});

test('may ask when a role with ALTR’s prefix was last used, and nothing else of it', () => {
  const reached = auditorPolicy([prod]).document.Statement.filter(({ Resource }) =>
    listOf(Resource ?? []).some((arn) => arn.endsWith('/ALTRPublishSIEMData*')),
  );
  expect(reached).toEqual([
    {
      Sid: 'ReadRolesWithPrefix',
      Effect: 'Allow',
      Action: ['iam:GetRole'],
      Resource: ['arn:aws:iam::*:role/*/ALTRPublishSIEMData*', 'arn:aws:iam::*:role/ALTRPublishSIEMData*'],
    },
  ]);
});

test('reads the bucket of the copies, and the keys of its region, where replication is declared', () => {
  const copied = [{ ...prod, replication: { bucket: 'acme-copies', region: 'eu-west-1' } }];
  expect(resourcesOf(copied, 'ReadBucketSettings')).toEqual([
    'arn:aws:s3:::acme-copies',
    'arn:aws:s3:::acme-logs',
  ]);
  expect(resourcesOf(copied, 'ReadBucketKeys')).toEqual([
    'arn:aws:kms:eu-west-1:*:key/*',
    'arn:aws:kms:us-east-1:*:key/*',
  ]);
  expect(resourcesOf([prod], 'ReadBucketKeys')).toEqual(['arn:aws:kms:us-east-1:*:key/*']);
});

test('names the roles of declared readers, and of no reader that only gets a policy', () => {
  const readers = [{ name: 'siem', trustedPrincipals: ['210987654321'] }, { name: 'policy-only' }];
  expect(resourcesOf([{ ...prod, readers }], 'ReadDeclaredRoles')).toEqual([
    'arn:aws:iam::*:role/*/ALTRPublishSIEMDataAcme',
    'arn:aws:iam::*:role/*/acme-logs-reader-siem',
    'arn:aws:iam::*:role/ALTRPublishSIEMDataAcme',
    'arn:aws:iam::*:role/acme-logs-reader-siem',
  ]);
});

test('names the account where the config does, and AWS’s own policies beside it', () => {
  const exports = [{ ...prod, accountId: '210987654321' }];
  expect(resourcesOf(exports, 'ReadDeclaredRoles')[0]).toMatch(/^arn:aws:iam::210987654321:/);
  expect(resourcesOf(exports, 'ReadManagedPolicies')).toEqual([
    'arn:aws:iam::210987654321:policy/*',
    'arn:aws:iam::aws:policy/*',
  ]);
});

test('writes the ARNs of each export’s partition', () => {
  const exports = [prod, { ...prod, region: 'cn-north-1' }];
  expect(resourcesOf(exports, 'ReadBucketKeys')).toEqual([
    'arn:aws-cn:kms:cn-north-1:*:key/*',
    'arn:aws:kms:us-east-1:*:key/*',
  ]);
});

test('fits into a managed policy, however many exports there are', () => {
  const many = Array.from({ length: 500 }, (_, index) => ({ ...prod, bucket: `acme-logs-${index}` }));
  const { document, widened } = auditorPolicy(many);
  expect(widened).toBe(true);
  expect(JSON.stringify(document).length).toBeLessThanOrEqual(MANAGED_POLICY_LIMIT);
  expect(auditorPolicy([prod]).widened).toBe(false);
});

test('opens no other logs than those of its exports where they do not fit by name', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...prod,
      bucket: `acme-logs-${index}`,
      roleName: `${prod.roleName}${index}`,
    }));
  const { document, widened } = auditorPolicy(many(100), { readLogs: true });
  const objects = document.Statement.filter(({ Action }) => listOf(Action).includes('s3:GetObject'));
  expect(widened).toBe(true);
  expect(objects.flatMap(({ Resource }) => listOf(Resource ?? []))).toEqual(
    many(100)
      .map(({ bucket }) => `arn:aws:s3:::${bucket}/*`)
      .sort(),
  );
  expect(() => auditorPolicy(many(500), { readLogs: true })).toThrow(
    /^the logs of 500 exports can't be named within 6144 characters/,
  );
});

test('is the same in Terraform', () => {
  const text = auditorPolicyTerraform(auditorPolicy([prod]).document);
  for (const permission of auditorPermissions()) expect(text).toContain(`"${permission}",`);
  expect(text).toContain('"arn:aws:s3:::acme-logs",');
});
