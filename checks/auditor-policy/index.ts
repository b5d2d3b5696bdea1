/**
 * The auditor's own least-privilege policy, made from the table of the APIs that a check may call: a call that is added
 * there is allowed here. Pure, and loads no SDK.
 *
 * What can be scoped to a resource is by the Service Authorization Reference, "Resource types" of each action.
 */
import type { ExportOptions } from '../../config/options';
import { feedConsumersOf, queueArn, queueNames, topicArn, topicName } from '../../config/options/log-feed';
import { readerRoleNames } from '../../config/options/readers';
import { ROLE_NAME_PREFIX } from '../../contract/names';
import { type Partition, partitionOf } from '../../contract/partition';
import { bucketArn, bucketObjectsArn, roleArn } from '../../contract/policies';
import type { ContractDocument, ContractStatement } from '../../contract/statement';
import { UserError } from '../../contract/user-error';
import { APIS, type Api, type PermissionScope } from '../observe/live/api';

/** What of an export the policy is scoped to. */
export interface AuditedExport {
  readonly bucket: string;
  readonly region: string;
  readonly roleName: string;
  /** The export's account, if the config names it; otherwise any account. */
  readonly accountId?: string;
  /** Unique name of the export; needed where readers of its logs are declared. */
  readonly name?: string;
  readonly splunkFeed?: unknown;
  readonly alerts?: unknown;
  /** Whether S3 Access Grants are asked for. */
  readonly accessGrants?: boolean;
  /** Readers of the logs, whose roles are read, too. */
  readonly readers?: ExportOptions['readers'];
  /** Where logs are copied to: that bucket's settings are read, too, and those of its key. */
  readonly replication?: Pick<NonNullable<ExportOptions['replication']>, 'bucket' | 'region'>;
}

/** IAM and STS quotas: a managed policy has at most 6,144 characters, white space not counted. */
export const MANAGED_POLICY_LIMIT = 6144;

export interface AuditorPolicy {
  readonly document: ContractDocument;
  /** Whether roles and buckets had to be named by a pattern, since all names would exceed the limit. */
  readonly widened: boolean;
}

const SIDS: Readonly<Record<PermissionScope, string>> = {
  role: 'ReadDeclaredRoles',
  'altr-role': 'ReadRolesWithPrefix',
  policy: 'ReadManagedPolicies',
  bucket: 'ReadBucketSettings',
  object: 'ReadDeliveredLogs',
  key: 'ReadBucketKeys',
  topic: 'ReadFeedTopics',
  queue: 'ReadFeedQueues',
  'access-grants': 'ReadAccessGrants',
  account: 'ReadAccount',
};

export interface AuditorPolicyOptions {
  /** Characters that the document may have, white space not counted. */
  readonly limit?: number;
  /** Whether the logs themselves may be read, as the opt-in rule delivery-alive and `altr-export logs` do. */
  readonly readLogs?: boolean;
}

/**
 * The policy that a check of these exports needs, and no more.
 * @throws UserError if the logs of all exports can't be named within the limit: no other logs are ever opened
 */
export function auditorPolicy(
  exports: readonly AuditedExport[],
  { limit = MANAGED_POLICY_LIMIT, readLogs = false }: AuditorPolicyOptions = {},
): AuditorPolicy {
  const exact = documentFor(exports, declared, readLogs);
  if (JSON.stringify(exact).length <= limit) return { document: exact, widened: false };
  const document = documentFor(exports, anyName, readLogs);
  if (readLogs && JSON.stringify(document).length > limit) {
    throw new UserError(
      `the logs of ${exports.length} exports can't be named within ${limit} characters, and a policy that reads every object of the account is not made; make one for fewer exports, or one without reading the logs`,
    );
  }
  return { document, widened: true };
}

/** Every permission that a check may need, sorted; those of optional parts only if they are asked for. */
export function auditorPermissions(asked: AskedFor = {}): string[] {
  return [...new Set(SIDS_IN_ORDER.flatMap((scope) => permissionsOf(scope, asked)))].sort();
}

/** Parts of a check that not everybody asks for. */
interface AskedFor {
  readonly readLogs?: boolean;
  readonly hasFeed?: boolean;
  readonly accessGrants?: boolean;
}

const SIDS_IN_ORDER = Object.keys(SIDS) as PermissionScope[];

type Names = (
  entry: AuditedExport,
  partition: Partition,
  accountId: string,
) => Record<'role' | 'bucket' | 'object', string[]>;

/** The declared names. A role's path is not in the config, and is part of its ARN (IAM User Guide, "IAM identifiers"). */
const declared: Names = ({ bucket, roleName, readers = [], replication }, partition, accountId) => ({
  role: [roleName, ...readerRoleNames({ bucket, roleName }, { readers }, [])].flatMap((name) => [
    roleArn(partition, accountId, name),
    roleArn(partition, accountId, name, '/*/'),
  ]),
  bucket: [bucket, ...(replication ? [replication.bucket] : [])].map((name) => bucketArn(partition, name)),
  object: [bucketObjectsArn(partition, bucket)],
});

/** Any name for reading settings; objects only in declared buckets. */
const anyName: Names = (entry, partition, accountId) => ({
  ...declared(entry, partition, accountId),
  role: [roleArn(partition, accountId, '*')],
  bucket: [bucketArn(partition, '*')],
});

function documentFor(exports: readonly AuditedExport[], names: Names, readLogs: boolean): ContractDocument {
  const resources: Record<PermissionScope, Set<string>> = {
    role: new Set(),
    'altr-role': new Set(),
    policy: new Set(),
    bucket: new Set(),
    object: new Set(),
    key: new Set(),
    topic: new Set(),
    queue: new Set(),
    'access-grants': new Set(),
    // Nothing narrower exists for these actions.
    account: new Set(['*']),
  };
  for (const entry of exports) {
    const partition = partitionOf(entry.region) ?? 'aws';
    const accountId = entry.accountId ?? '*';
    const { role, bucket, object } = names(entry, partition, accountId);
    for (const arn of role) resources.role.add(arn);
    for (const arn of bucket) resources.bucket.add(arn);
    for (const arn of object) resources.object.add(arn);
    for (const path of ['/', '/*/'] as const)
      resources['altr-role'].add(roleArn(partition, accountId, `${ROLE_NAME_PREFIX}*`, path));
    // Which policies are attached is what the audit finds out; AWS's own are in the account "aws".
    resources.policy.add(`arn:${partition}:iam::${accountId}:policy/*`);
    if (accountId !== '*') resources.policy.add(`arn:${partition}:iam::aws:policy/*`);
    for (const region of [entry.region, ...(entry.replication ? [entry.replication.region] : [])]) {
      // A bucket may encrypt with a key of another account, in its own region.
      resources.key.add(`arn:${partition}:kms:${region}:*:key/*`);
      // An account has one instance in a region (Amazon S3 User Guide, "Working with S3 Access Grants instances").
      resources['access-grants'].add(`arn:${partition}:s3:${region}:${accountId}:access-grants/default`);
    }
    const place = { partition, region: entry.region, accountId };
    for (const consumer of feedConsumersOf(entry)) {
      resources.topic.add(topicArn(place, topicName(entry.name ?? '*')));
      resources.queue.add(queueArn(place, queueNames(entry.name ?? '*', consumer).queue));
    }
  }
  const asked = {
    readLogs,
    hasFeed: exports.some((entry) => feedConsumersOf(entry).length > 0),
    accessGrants: exports.some(({ accessGrants }) => accessGrants === true),
  };
  return {
    Version: '2012-10-17',
    Statement: SIDS_IN_ORDER.map(
      (scope): ContractStatement => ({
        Sid: SIDS[scope],
        Effect: 'Allow',
        Action: permissionsOf(scope, asked),
        Resource: [...resources[scope]].sort(),
      }),
    ).filter(({ Action, Resource }) => Action.length > 0 && (Resource?.length ?? 0) > 0),
  };
}

function permissionsOf(scope: PermissionScope, asked: AskedFor): string[] {
  const apis = Object.values<Api>(APIS).filter(
    ({ optional, feed, accessGrants }) =>
      (asked.readLogs || !optional) && (asked.hasFeed || !feed) && (asked.accessGrants || !accessGrants),
  );
  const permissions = apis.flatMap((api) =>
    [api.scope, api.also].includes(scope) && api.permission ? [api.permission] : [],
  );
  return [...new Set(permissions)].sort();
}
