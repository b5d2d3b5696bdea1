/** An export for which a check has to ask for everything that it can ask for, and a check that does. */
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  PutBucketAclCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { declaredOptions } from '../../../checks/observe/declared-options';
import { type ObserveOptions, type ObserveTarget, observeLive } from '../../../checks/observe/live';
import type { ExportReport } from '../../../checks/verdict/finding';
import { judge } from '../../../checks/verdict/judge';
import { readerName } from '../../../config/names';
import type { ExportOptions } from '../../../config/options';
import {
  feedKeyDocument,
  OBJECT_CREATED,
  queueArn,
  queueDocument,
  queueNames,
  topicDocument,
  topicName,
} from '../../../config/options/log-feed';
import { contractFor, type ExportDefinition } from '../../../contract/contract';
import { fixture } from '../../logs/fixtures';
import { EMULATOR_ACCOUNT } from './emulator';
import { TESTING } from './set-up';

/** Who reads the logs from a queue. */
const CONSUMER = 'splunk';

/** Options beyond the vendor's page, so that a check has to look at what they set. */
export const EVERY_OPTION = {
  retention: { versioning: true, objectLock: true },
  accessLogging: { bucket: 'everything-access-logs', prefix: '' },
  readers: [
    { name: 'siem', trustedPrincipals: [EMULATOR_ACCOUNT] },
    { name: 'policy-only', roleName: 'everything-reads' },
  ],
} satisfies ExportOptions;

const DELIVERY = { expectEvery: 24 * 3_600_000, sample: 1 };

/** Subscriptions of a page (Amazon SNS API Reference, ListSubscriptionsByTopic). */
const PAGE_OF_SUBSCRIPTIONS = 100;

/** Looks at an export, at what arrives and at the feed, and judges all of it. */
export async function checkEverything(
  definition: ExportDefinition,
  options: Omit<ObserveOptions, 'altrAccountId'> & {
    readonly access?: Pick<ObserveTarget, 'profile' | 'assumeRoleArn'>;
    readonly declaredRoles?: readonly { readonly roleName: string }[];
  },
): Promise<ExportReport> {
  const { access, declaredRoles = [definition], ...more } = options;
  const { name, altrAccountId } = definition;
  const declared = declaredOptions({ ...definition, ...EVERY_OPTION });
  const target = {
    ...definition,
    ...access,
    declared,
    delivery: DELIVERY,
    feedConsumers: [CONSUMER],
    accessGrants: true,
  };
  const observation = await observeLive([target], { ...more, altrAccountId });
  const [report] = judge(observation, {
    contracts: [contractFor(definition)],
    declaredRoles,
    declared: new Map([[name, EVERY_OPTION]]),
    deliveries: new Map([[name, DELIVERY]]),
    feeds: new Map([[name, [CONSUMER]]]),
  });
  if (!report) throw new Error('no report');
  return report;
}

/** What the emulator is asked with. */
interface At {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: typeof TESTING;
}

/**
 * A role with a boundary that decides by the bucket's tags, and policies of either kind; a bucket open by its ACL, under a key, whose block is the account's,
 * which is incomplete, and whose policy delegates to an access point; readers; a fresh log; a feed under the same key. More than one page of whatever the emulator has pages of.
 */
export async function setUpEverything(endpoint: string, definition: ExportDefinition): Promise<void> {
  const at = { endpoint, region: definition.region, credentials: TESTING };
  const keyArn = await setUpKey(at, definition);
  await setUpRole(at, definition, keyArn);
  await setUpBucket(at, definition, keyArn);
  await setUpReaders(at, definition);
  await setUpFeed(at, definition, keyArn);
}

/** As the options declare them: one with a role, one with a policy alone. */
async function setUpReaders(at: At, definition: ExportDefinition): Promise<void> {
  const iam = new IAMClient(at);
  const reads = document({
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:ListBucket'],
    Resource: [`arn:aws:s3:::${definition.bucket}`, `arn:aws:s3:::${definition.bucket}/*`],
  });
  const root = `arn:aws:iam::${EMULATOR_ACCOUNT}:root`;
  const trust = document({ Effect: 'Allow', Principal: { AWS: root }, Action: 'sts:AssumeRole' });
  const [withRole, withPolicy] = EVERY_OPTION.readers.map((reader) => readerName(definition, reader));
  await iam.send(new CreateRoleCommand({ RoleName: withRole, AssumeRolePolicyDocument: trust }));
  await iam.send(
    new PutRolePolicyCommand({ RoleName: withRole, PolicyName: 'reads', PolicyDocument: reads }),
  );
  await iam.send(new CreatePolicyCommand({ PolicyName: withPolicy, PolicyDocument: reads }));
}

async function setUpKey(at: At, { name, bucket }: ExportDefinition): Promise<string> {
  const Policy = JSON.stringify(feedKeyDocument(place(at), topicName(name), bucket));
  const { KeyMetadata } = await new KMSClient(at).send(new CreateKeyCommand({ Policy }));
  return KeyMetadata?.Arn ?? '';
}

async function setUpRole(at: At, definition: ExportDefinition, keyArn: string): Promise<void> {
  const { roleName: RoleName, name } = definition;
  const { trust, permissions } = contractFor(definition);
  const iam = new IAMClient(at);
  const policy = async (PolicyName: string, PolicyDocument: string) => {
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
    return Policy?.Arn ?? '';
  };
  const limits = document(
    { Effect: 'Allow', Action: ['s3:*', 'kms:*'], Resource: '*' },
    {
      Effect: 'Deny',
      Action: 's3:PutObject',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:ResourceTag/holds': 'logs' } },
    },
  );
  const PermissionsBoundary = await policy(`${name}-boundary`, limits);
  const AssumeRolePolicyDocument = JSON.stringify(trust);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, PermissionsBoundary }));
  for (const PolicyName of [`${name}-put`, `${name}-put-too`]) {
    const PolicyArn = await policy(PolicyName, JSON.stringify(permissions));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  const key = { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: keyArn };
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'key', PolicyDocument: document(key) }));
  const service = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
  await iam.send(
    new CreateRoleCommand({ RoleName: `${name}-bystander`, AssumeRolePolicyDocument: document(service) }),
  );
}

async function setUpBucket(
  at: At,
  { bucket: Bucket, clientId }: ExportDefinition,
  keyArn: string,
): Promise<void> {
  const s3 = new S3Client({ ...at, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket, ObjectOwnership: 'BucketOwnerPreferred' }));
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } }],
      },
    }),
  );
  await s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
  await setUpDeclared(s3, Bucket);
  await setUpAccessPoint(at, s3, Bucket);
  const now = new Date();
  const [year, month, day] = now.toISOString().split(/[-T]/);
  const Body = `${JSON.stringify({ ...fixture('query-audit'), clientID: clientId, eventTime: now.getTime() })}\n`;
  for (const file of ['first', 'second']) {
    // The emulator, where it enforces IAM, takes the signature of a path with an equals sign for wrong.
    const Key = `${year}/${month}/${day}/${file}.json`;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  }
  // The bucket has no block of its own: the account's stands in. S3 Control's client can't address an IP address.
  await fetch(`${at.endpoint}/v20180820/configuration/publicAccessBlock`, {
    method: 'PUT',
    headers: {
      'x-amz-account-id': EMULATOR_ACCOUNT,
      authorization: 'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request',
    },
    body: '<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>false</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>',
  });
}

/** What the options declare, and a lifecycle that deletes no log. */
async function setUpDeclared(s3: S3Client, Bucket: string): Promise<void> {
  const { bucket: TargetBucket, prefix: TargetPrefix } = EVERY_OPTION.accessLogging;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
    }),
  );
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: {
        Rules: [
          {
            ID: 'uploads',
            Status: 'Enabled',
            Filter: { Prefix: '' },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          },
        ],
      },
    }),
  );
  await s3.send(new CreateBucketCommand({ Bucket: TargetBucket }));
  const logging = {
    Effect: 'Allow',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: 's3:PutObject',
  };
  const Policy = document({ ...logging, Resource: `arn:aws:s3:::${TargetBucket}/*` });
  await s3.send(new PutBucketPolicyCommand({ Bucket: TargetBucket, Policy }));
  await s3.send(
    new PutBucketLoggingCommand({
      Bucket,
      BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix } },
    }),
  );
}

/** An access point for the account's own, and a bucket policy that leaves it the decision. S3 Control's client can't address an IP. */
async function setUpAccessPoint({ endpoint }: At, s3: S3Client, Bucket: string): Promise<void> {
  const root = `arn:aws:iam::${EMULATOR_ACCOUNT}:root`;
  const own = { Effect: 'Allow', Principal: { AWS: root }, Action: 's3:GetObject' };
  const put = (path: string, body: string) =>
    fetch(`${endpoint}/v20180820/accesspoint/everything${path}`, {
      method: 'PUT',
      headers: {
        'x-amz-account-id': EMULATOR_ACCOUNT,
        authorization: 'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request',
      },
      body,
    });
  await put('', `<CreateAccessPointRequest><Bucket>${Bucket}</Bucket></CreateAccessPointRequest>`);
  const point = `arn:aws:s3:us-east-1:${EMULATOR_ACCOUNT}:accesspoint/everything/object/*`;
  const policy = document({ ...own, Resource: point });
  await put(
    '/policy',
    `<PutAccessPointPolicyRequest><Policy>${policy.replaceAll('"', '&quot;')}</Policy></PutAccessPointPolicyRequest>`,
  );
  const Condition = { StringEquals: { 's3:DataAccessPointAccount': EMULATOR_ACCOUNT } };
  const Policy = document({ ...own, Resource: `arn:aws:s3:::${Bucket}/*`, Condition });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
}

async function setUpFeed(at: At, { name, bucket }: ExportDefinition, keyArn: string): Promise<void> {
  const topic = topicName(name);
  const { queue } = queueNames(name, CONSUMER);
  const sns = new SNSClient(at);
  const { TopicArn } = await sns.send(
    new CreateTopicCommand({
      Name: topic,
      Attributes: {
        Policy: JSON.stringify(topicDocument(place(at), topic, bucket)),
        KmsMasterKeyId: keyArn,
      },
    }),
  );
  await new SQSClient(at).send(
    new CreateQueueCommand({
      QueueName: queue,
      Attributes: {
        Policy: JSON.stringify(queueDocument(place(at), queue, topic)),
        KmsMasterKeyId: keyArn,
      },
    }),
  );
  // Ours is the last one, so that it stands on the second page.
  const others = Array.from({ length: PAGE_OF_SUBSCRIPTIONS }, (_, index) => `other-${index}`);
  for (const subscriber of [...others, queue]) {
    const Endpoint = queueArn(place(at), subscriber);
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  }
  await new S3Client({ ...at, forcePathStyle: true }).send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: bucket,
      NotificationConfiguration: { TopicConfigurations: [{ TopicArn, Events: [OBJECT_CREATED] }] },
    }),
  );
}

function place({ region }: At) {
  return { partition: 'aws', region, accountId: EMULATOR_ACCOUNT } as const;
}

function document(...statements: readonly unknown[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
