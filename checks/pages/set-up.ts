/** A set-up described by what differs from the vendor page's own: for the rules' examples and their tests. */

import type { ExportOptionsInput } from '../../config/options';
import {
  feedKeyDocument,
  OBJECT_CREATED,
  queueArn,
  queueDocument,
  queueNames,
  topicArn,
  topicDocument,
  topicName,
} from '../../config/options/log-feed';
import type { ExportContract } from '../../contract/contract';
import { s3ViaService } from '../../contract/partition';
import { accountRootArn, roleArn } from '../../contract/policies';
import {
  ABSENT,
  type BucketObservation,
  type DeliveryObservation,
  type ExportObservation,
  type FeedFilter,
  type FormerKey,
  type KmsKeyObservation,
  known,
  type ListedRole,
  type LogFeedObservation,
  type NewestLog,
  type Observation,
  type Observed,
  type OrganizationObservation,
  type OrganizationPolicy,
  type OrganizationTarget,
  type PlanLoss,
  type PolicyText,
  type ReaderObservation,
  type RoleObservation,
  type SampledObject,
} from '../observe/observation';

/** The account that example set-ups live in. */
const EXAMPLE_ACCOUNT = '123456789012';

/** What differs from a set-up clicked together by the vendor's page. Documents may be objects or texts. */
export interface SetUp {
  readonly roleExists?: false;
  readonly roleName?: string;
  readonly rolePath?: string;
  readonly roleId?: string;
  readonly roleTags?: Readonly<Record<string, string>>;
  readonly trustPolicy?: unknown;
  /** Attached policies by name; the vendor's own is `acme.s3.policy`. */
  readonly attachedPolicies?: Readonly<Record<string, unknown>>;
  readonly inlinePolicies?: Readonly<Record<string, unknown>>;
  readonly permissionsBoundary?: unknown;
  /** Whatever else differs about the role. */
  readonly role?: Partial<RoleObservation>;
  readonly bucketExists?: false;
  readonly bucket?: Partial<BucketObservation>;
  readonly bucketPolicy?: unknown;
  /** What differs about the bucket of the copies, if the config declares replication. */
  readonly copies?: Partial<BucketObservation>;
  readonly kmsKey?: Partial<KmsKeyObservation>;
  readonly kmsKeyPolicy?: unknown;
  /** The way to Splunk's queue, where it is declared: what differs from what the construct makes. */
  readonly logFeed?: Partial<{
    readonly topics: readonly { topicArn: string; events: readonly string[]; isFiltered: boolean }[];
    readonly topicPolicy: unknown;
    readonly subscribedQueues: readonly string[];
    readonly filter: Observed<FeedFilter>;
    readonly queuePolicy: unknown;
    readonly key: Partial<KmsKeyObservation>;
    readonly keyPolicy: unknown;
  }>;
  /** The declared readers, where the config declares any. */
  readonly readers?: readonly ReaderObservation[];
  /** The declared former keys, where the config declares any. */
  readonly formerKeys?: readonly FormerKey[];
  /** The organization, where anybody looks at it: the account is in a unit of its root. */
  readonly organization?: OrganizationSetUp;
  /** What a plan takes away, where a plan is judged. */
  readonly planLosses?: readonly PlanLoss[];
  /** Other roles of the account by name, each with its trust policy. */
  readonly otherRoles?: Readonly<Record<string, unknown>>;
  /** What the config declares about the export. */
  readonly declares?: ExportOptionsInput;
  /** What arrives, where anybody looks: the newest log, and the objects that were opened. */
  readonly delivery?: Partial<NewestLog> & {
    readonly sample: readonly SampledObject[];
    readonly roleLastUsed?: string;
    readonly kinds?: DeliveryObservation['kinds'];
  };
}

/** Statements of policies by their names; without `serviceControlPolicies` there is FullAWSAccess. */
interface LevelSetUp {
  readonly serviceControlPolicies?: Readonly<Record<string, readonly unknown[]>>;
  readonly resourceControlPolicies?: Readonly<Record<string, readonly unknown[]>>;
}

/** What is attached at each level. */
export interface OrganizationSetUp {
  readonly root?: LevelSetUp;
  readonly unit?: LevelSetUp;
  readonly account?: LevelSetUp;
  /** Whatever else differs about it. */
  readonly differs?: Partial<OrganizationObservation>;
}

/** The observation of a set-up. */
export function observationOf(setUp: SetUp, contract: ExportContract): Observation {
  return {
    schemaVersion: 1,
    observedAt: '2026-01-01T00:00:00.000Z',
    altrAccountId: contract.altrAccountId,
    exports: [exportObservation(setUp, contract)],
    accounts: [{ accountId: EXAMPLE_ACCOUNT, roles: known(listedRoles(setUp, contract)) }],
    ...(setUp.organization ? { organization: known(organizationObservation(setUp.organization)) } : {}),
  };
}

function exportObservation(setUp: SetUp, contract: ExportContract): ExportObservation {
  return {
    name: contract.name,
    accountId: known(EXAMPLE_ACCOUNT),
    role: setUp.roleExists === false ? ABSENT : known(roleObservation(setUp, contract)),
    bucket: setUp.bucketExists === false ? ABSENT : known(bucketObservation(setUp, contract)),
    copies: copiesObservation(setUp, contract),
    ...(setUp.delivery ? { delivery: deliveryObservation(setUp.delivery) } : {}),
    ...(setUp.logFeed ? { logFeed: logFeedObservation(setUp.logFeed, contract) } : {}),
    ...(setUp.readers ? { readers: setUp.readers } : {}),
    formerKeys: setUp.formerKeys,
    planLosses: setUp.planLosses,
  };
}

export const EXAMPLE_ORGANIZATION = 'o-exampleorg1';

function organizationObservation({
  root = {},
  unit = {},
  account = {},
  differs,
}: OrganizationSetUp): OrganizationObservation {
  const full = { Effect: 'Allow', Action: '*', Resource: '*' };
  const policies: OrganizationPolicy[] = [];
  const attach = (
    type: OrganizationPolicy['type'],
    given: NonNullable<LevelSetUp['serviceControlPolicies']>,
  ) =>
    known(
      Object.entries(given).map(([name, Statement]) => {
        const id = `p-${policies.length}`;
        const kind = type === 'SERVICE_CONTROL_POLICY' ? 'service control policy' : 'resource control policy';
        const document = known(text(`${kind} ${name} (${id})`, { Version: '2012-10-17', Statement }));
        policies.push({ id, name, type, document });
        return id;
      }),
    );
  const target = (
    id: string,
    type: OrganizationTarget['type'],
    { serviceControlPolicies, resourceControlPolicies }: LevelSetUp,
  ): OrganizationTarget => ({
    id,
    type,
    serviceControlPolicies: attach('SERVICE_CONTROL_POLICY', {
      ...(serviceControlPolicies ?? { FullAWSAccess: [full] }),
    }),
    resourceControlPolicies: attach('RESOURCE_CONTROL_POLICY', {
      RCPFullAWSAccess: [{ ...full, Principal: '*' }],
      ...resourceControlPolicies,
    }),
  });
  const targets = [
    target('r-ab12', 'ROOT', root),
    { ...target('ou-ab12-11111111', 'ORGANIZATIONAL_UNIT', unit), name: 'Logs' },
    target(EXAMPLE_ACCOUNT, 'ACCOUNT', account),
  ];
  return {
    id: EXAMPLE_ORGANIZATION,
    managementAccountId: '999999999999',
    accounts: [{ accountId: EXAMPLE_ACCOUNT, path: known(targets.map(({ id }) => id)) }],
    targets,
    policies,
    ...differs,
  };
}

function deliveryObservation({
  sample,
  roleLastUsed,
  kinds,
  ...newest
}: NonNullable<SetUp['delivery']>): DeliveryObservation {
  return {
    newest: known({
      key: sample[0]?.key ?? 'year=2025/month=12/day=29/x.json',
      lastModified: 0,
      isExact: true,
      layout: {
        layouts: [{ template: 'year={YYYY}/month={MM}/day={DD}/', unit: 'day', keys: 20, partitions: 2 }],
        keys: 20,
        undated: { count: 0, examples: [] },
        confidence: 'high',
      },
      future: [],
      listCalls: 6,
      ...newest,
    }),
    sample: sample.length > 0 ? known(sample) : ABSENT,
    kinds,
    roleLastUsed: roleLastUsed === undefined ? ABSENT : known(roleLastUsed),
  };
}

function roleObservation(setUp: SetUp, contract: ExportContract): RoleObservation {
  const name = setUp.roleName ?? contract.roleName;
  const path = setUp.rolePath ?? '/';
  const boundaryArn = `arn:${contract.partition}:iam::${EXAMPLE_ACCOUNT}:policy/boundary`;
  return {
    name,
    path,
    arn: roleArn(contract.partition, EXAMPLE_ACCOUNT, name, path),
    roleId: setUp.roleId,
    trustPolicy: known(text(`trust policy of role ${name}`, setUp.trustPolicy ?? contract.trust)),
    inlinePolicies: known(
      Object.entries(setUp.inlinePolicies ?? {}).map(([policy, document]) => ({
        kind: 'inline' as const,
        name: policy,
        document: known(text(`inline policy ${policy} of role ${name}`, document)),
      })),
    ),
    attachedPolicies: known(
      Object.entries(setUp.attachedPolicies ?? { 'acme.s3.policy': contract.permissions }).map(
        ([policy, document]) => {
          const arn = `arn:${contract.partition}:iam::${EXAMPLE_ACCOUNT}:policy/${policy}`;
          return {
            kind: 'attached' as const,
            name: policy,
            arn,
            document: known(text(`policy ${arn}`, document)),
          };
        },
      ),
    ),
    permissionsBoundary:
      setUp.permissionsBoundary === undefined
        ? ABSENT
        : known({
            arn: boundaryArn,
            document: known(text(`permissions boundary ${boundaryArn}`, setUp.permissionsBoundary)),
          }),
    maxSessionDuration: known(3600),
    tags: known(setUp.roleTags ?? {}),
    description: ABSENT,
    ...setUp.role,
  };
}

const NOT_SET: Observed<never> = ABSENT;

/** A bucket with every default of the console, as since April 2023. */
function bucketObservation(setUp: SetUp, contract: ExportContract): BucketObservation {
  const on = {
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  };
  const kmsKey = setUp.kmsKey ?? (setUp.kmsKeyPolicy === undefined ? undefined : {});
  const keyArn = `arn:${contract.partition}:kms:${contract.region}:${EXAMPLE_ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
  return {
    name: contract.bucket,
    owner: known('audited-account'),
    region: known(contract.region),
    policy:
      setUp.bucketPolicy === undefined
        ? NOT_SET
        : known(text(`bucket policy of ${contract.bucket}`, setUp.bucketPolicy)),
    publicAccessBlock: known(on),
    acl: known({
      owner: 'c0ffee',
      grants: [{ grantee: 'c0ffee', granteeType: 'CanonicalUser', permission: 'FULL_CONTROL' }],
    }),
    encryption: known(kmsKey ? { algorithm: 'aws:kms', kmsKeyId: keyArn } : { algorithm: 'AES256' }),
    ...(kmsKey
      ? {
          kmsKey: known({
            arn: keyArn,
            keyManager: 'CUSTOMER',
            keyState: 'Enabled',
            policy: known(
              text(`key policy of ${keyArn}`, setUp.kmsKeyPolicy ?? keyPolicyOf(kmsKey, contract)),
            ),
            grants: known([]),
            ...kmsKey,
          }),
        }
      : {}),
    lifecycle: ABSENT,
    replication: ABSENT,
    inventories: known([]),
    objectLock: ABSENT,
    ...setUp.bucket,
  };
}

/** Of the declared replication; nobody looks without one. */
function copiesObservation(
  { declares, copies }: SetUp,
  contract: ExportContract,
): ExportObservation['copies'] {
  if (!declares?.replication) return undefined;
  const { bucket, region, kmsKeyArn } = declares.replication;
  const kmsKey = kmsKeyArn ? { arn: kmsKeyArn } : undefined;
  return known({
    ...bucketObservation({ kmsKey }, { ...contract, bucket, region }),
    ...(kmsKeyArn ? { encryption: known({ algorithm: 'aws:kms', kmsKeyId: kmsKeyArn }) } : {}),
    versioning: known({ status: 'Enabled' }),
    ...copies,
  });
}

/** A key's policy as AWS made it: that of `aws/s3`, or that of a customer's key made without one. */
function keyPolicyOf({ keyManager }: Partial<KmsKeyObservation>, contract: ExportContract): unknown {
  if (keyManager !== 'AWS') return defaultKeyPolicy(contract);
  const byS3 = { 'kms:CallerAccount': EXAMPLE_ACCOUNT, 'kms:ViaService': s3ViaService(contract.region) };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        Resource: '*',
        Condition: { StringEquals: byS3 },
      },
    ],
  };
}

/** The key policy that KMS gives a key made without one: the account's IAM policies decide. */
function defaultKeyPolicy(contract: ExportContract): unknown {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: accountRootArn(contract.partition, EXAMPLE_ACCOUNT) },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  };
}

function listedRoles(setUp: SetUp, contract: ExportContract): ListedRole[] {
  return Object.entries(setUp.otherRoles ?? {}).map(([name, trust]) => ({
    name,
    path: '/',
    arn: roleArn(contract.partition, EXAMPLE_ACCOUNT, name),
    trustPolicy: text(`trust policy of role ${name}`, trust),
  }));
}

function text(source: string, document: unknown): PolicyText {
  return { source, text: typeof document === 'string' ? document : JSON.stringify(document) };
}

/** A topic and a queue with one key, as the construct makes them. */
function logFeedObservation(
  differs: NonNullable<SetUp['logFeed']>,
  { name, partition, region, bucket }: ExportContract,
): LogFeedObservation {
  const place = { partition, region, accountId: EXAMPLE_ACCOUNT };
  const topic = topicArn(place, topicName(name));
  const { queue } = queueNames(name, 'splunk');
  const queueIs = queueArn(place, queue);
  const keyArn = `arn:${partition}:kms:${region}:${EXAMPLE_ACCOUNT}:key/feed`;
  const document = (source: string, value: unknown) => known({ source, text: JSON.stringify(value) });
  const key = known({
    arn: keyArn,
    keyManager: 'CUSTOMER' as const,
    keyState: 'Enabled',
    policy: document(
      `key policy of ${keyArn}`,
      differs.keyPolicy ?? feedKeyDocument(place, topicName(name), bucket),
    ),
    ...differs.key,
  });
  return {
    topics: known(differs.topics ?? [{ topicArn: topic, events: [OBJECT_CREATED], isFiltered: false }]),
    topic: known({
      arn: topic,
      policy: document(
        `policy of topic ${topic}`,
        differs.topicPolicy ?? topicDocument(place, topicName(name), bucket),
      ),
      subscriptions: known(
        (differs.subscribedQueues ?? [queueIs]).map((subscribed) => ({
          queueArn: subscribed,
          filter: differs.filter ?? ABSENT,
        })),
      ),
      key,
    }),
    queues: [
      {
        consumer: 'splunk',
        name: queue,
        queue: known({
          arn: queueIs,
          policy: document(
            `policy of queue ${queueIs}`,
            differs.queuePolicy ?? queueDocument(place, queue, topicName(name)),
          ),
          key,
        }),
      },
    ],
  };
}
