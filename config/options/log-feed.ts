/**
 * The way from a new object in the bucket to those who read the logs: S3 → SNS topic → SQS queues. One topic, since S3
 * keeps one notification configuration a bucket and sends each event to one destination for overlapping prefixes
 * (Amazon S3 User Guide, "Configuring event notifications"). Options, names, limits and the documents of every part.
 */
import * as z from 'zod';
import { arnFaults, keyArnFaults } from '../../contract/arn';
import { boundedName } from '../../contract/names';
import type { Partition } from '../../contract/partition';
import { accountRootArn, bucketArn, bucketObjectsArn } from '../../contract/policies';
import type { ContractDocument, ContractStatement } from '../../contract/statement';
import { type OptionGroup, validText, whenGiven } from './option';

/** New objects, however they were uploaded, and nothing else. */
export const OBJECT_CREATED = 's3:ObjectCreated:*';

/**
 * What the Splunk Add-on for AWS wants of its queue. Splunk's page on SQS-based S3 inputs asks for a visibility timeout of
 * five minutes or more and for a dead-letter queue; 14 days are the longest that SQS keeps a message (Amazon SQS API
 * Reference, SetQueueAttributes).
 */
export const FEED_QUEUE = {
  /** Seconds that a message is hidden while its object is read. */
  visibilityTimeout: 600,
  /** Seconds that a message is kept. */
  retention: 14 * 24 * 3600,
  /** Deliveries before a message goes to the dead-letter queue. */
  maxReceiveCount: 5,
} as const;

export const alarmActions = z
  .array(validText(arnFaults, 'ARN of what an alarm notifies.'))
  .describe(
    'ARNs that the alarms notify, such as an SNS topic. Default: the alarms show in CloudWatch only.',
  );

export const maxAge = z
  .int()
  .min(60)
  // A message that SQS has deleted is no old message: the alarm must come well before that.
  .max(FEED_QUEUE.retention / 2, 'must be a week at most: SQS deletes a message after two')
  .describe('Seconds after which the oldest unread message raises the alarm. Default: 3600.');

const kmsKeyArn = validText(
  keyArnFaults,
  'ARN of a customer-managed key for topic and queues, which S3 and SNS may use. Default: a key of its own.',
);

const logEventsSchema = whenGiven(() =>
  z
    .strictObject({
      kmsKeyArn: kmsKeyArn.optional(),
      notification: z
        .boolean()
        .optional()
        .describe(
          'Whether to set the bucket’s notification configuration (S3 keeps one per bucket). Default: true, but false for an existing bucket, which needs existingBucketConfirmed for true.',
        ),
    })
    .describe(
      'The topic that announces new objects. It is made if splunkFeed or alerts is given, and they share it.',
    ),
);

export const logFeedShape = { logEvents: logEventsSchema.optional() };

export const logFeed: OptionGroup = {
  needs: [
    {
      option: 'logEvents',
      needs: 'splunkFeed or alerts',
      because: 'without a reader there is nobody to tell of new logs',
      when: ({ logEvents, splunkFeed, alerts }) => logEvents !== undefined && !splunkFeed && !alerts,
    },
  ],
  takesOver: [
    {
      option: 'logEvents.notification',
      when: ({ logEvents }) => logEvents?.notification === true,
      fate: 'an apply replaces its notifications, and a destroy removes them, including those that its owner had set before',
    },
  ],
};

/** The consumers that read an export's logs from a queue of the feed. */
export function feedConsumersOf(entry: {
  readonly splunkFeed?: unknown;
  readonly alerts?: unknown;
}): string[] {
  return [...(entry.splunkFeed ? ['splunk'] : []), ...(entry.alerts ? ['alerts'] : [])];
}

/** What a service must be allowed of a key to write into an encrypted topic or queue (Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs"). */
export const KMS_PUBLISH_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'] as const;

/** Where a feed lives. `accountId` may be a Terraform reference. */
export interface FeedPlace {
  readonly partition: Partition;
  readonly region: string;
  readonly accountId: string;
}

/** Who a queue of the feed is for: a short word, part of the queue's name. A message is read once, so each has a queue of its own. */
export type FeedConsumer = string;

/** Amazon SQS API Reference, CreateQueue, `QueueName`. */
const QUEUE_NAME_LENGTH = 80;

/** Name of the topic that tells of an export's new objects. SNS allows 256 characters; an export's name has at most 64. */
export function topicName(exportName: string): string {
  return `altr-${exportName}-logs`;
}

/** Names of a consumer's queue and of its dead-letter queue, within SQS's limit. */
export function queueNames(
  exportName: string,
  consumer: FeedConsumer,
): { queue: string; deadLetters: string } {
  const suffix = '-dlq';
  const queue = boundedName(`altr-${exportName}-${consumer}`, QUEUE_NAME_LENGTH - suffix.length);
  return { queue, deadLetters: `${queue}${suffix}` };
}

export function topicArn({ partition, region, accountId }: FeedPlace, name: string): string {
  return `arn:${partition}:sns:${region}:${accountId}:${name}`;
}

export function queueArn({ partition, region, accountId }: FeedPlace, name: string): string {
  return `arn:${partition}:sqs:${region}:${accountId}:${name}`;
}

/** Only S3, only for this bucket, only while the bucket is this account's (Amazon S3 User Guide, "Granting permissions to publish event notification messages to a destination"). */
export function topicDocument(place: FeedPlace, topic: string, bucket: string): ContractDocument {
  return document([
    {
      Sid: 'BucketPublishes',
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: topicArn(place, topic),
      Condition: fromBucket(place, bucket),
    },
  ]);
}

/**
 * Only SNS, only for this topic (Amazon SNS Developer Guide, "Subscribing an Amazon SQS queue to an Amazon SNS topic"). The
 * topic's ARN names the account, so `aws:SourceAccount` would keep nobody else out; AWS documents for no queue that SNS sends
 * it, and if it did not, nothing would arrive. A bucket's ARN names no account, so there the key is needed.
 */
export function queueDocument(place: FeedPlace, queue: string, topic: string): ContractDocument {
  return document([
    {
      Sid: 'TopicSends',
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn(place, queue),
      Condition: { ArnEquals: { 'aws:SourceArn': topicArn(place, topic) } },
    },
  ]);
}

/** What the key of the topic and its queues must allow to the services. A key policy's `*` is the key itself. */
export function feedKeyStatements(place: FeedPlace, topic: string, bucket: string): ContractStatement[] {
  return [
    {
      Sid: 'BucketPublishesEncrypted',
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: KMS_PUBLISH_ACTIONS,
      Resource: '*',
      Condition: fromBucket(place, bucket),
    },
    {
      Sid: 'TopicSendsEncrypted',
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: KMS_PUBLISH_ACTIONS,
      Resource: '*',
      Condition: { ArnEquals: { 'aws:SourceArn': topicArn(place, topic) } },
    },
  ];
}

/** A key's whole policy: the services, and the account's own IAM policies for everybody else (AWS KMS Developer Guide, "Default key policy"). */
export function feedKeyDocument(place: FeedPlace, topic: string, bucket: string): ContractDocument {
  return document([
    {
      Sid: 'AccountAdministers',
      Effect: 'Allow',
      Principal: { AWS: accountRootArn(place.partition, place.accountId) },
      Action: 'kms:*',
      Resource: '*',
    },
    ...feedKeyStatements(place, topic, bucket),
  ]);
}

/** What a consumer of the queue reads: the messages, the objects that they name, and what both are encrypted with. */
export interface FeedReading {
  readonly queueArn: string;
  readonly bucket: string;
  /** Keys of the queue and of the bucket. */
  readonly keyArns: readonly string[];
  /** Other actions on the queue than to receive and delete. */
  readonly queueActions?: readonly string[];
  /** Actions that SQS allows on all queues only, such as `sqs:ListQueues`. */
  readonly accountActions?: readonly string[];
  readonly objectActions?: readonly string[];
  /** Whether the consumer may list the bucket: S3 answers 404 instead of 403 for an object that is gone. */
  readonly listsBucket?: boolean;
}

const CONSUME_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'] as const;

/** The permissions of a consumer of the queue, and nothing else. */
export function feedReaderDocument(partition: Partition, reading: FeedReading): ContractDocument {
  const { bucket, keyArns, accountActions, listsBucket } = reading;
  return document([
    {
      Sid: 'Queue',
      Effect: 'Allow',
      Action: [...CONSUME_ACTIONS, ...(reading.queueActions ?? [])],
      Resource: reading.queueArn,
    },
    {
      Sid: 'Objects',
      Effect: 'Allow',
      Action: ['s3:GetObject', ...(reading.objectActions ?? [])],
      Resource: bucketObjectsArn(partition, bucket),
    },
    ...(listsBucket
      ? [
          {
            Sid: 'Bucket',
            Effect: 'Allow' as const,
            Action: 's3:ListBucket',
            Resource: bucketArn(partition, bucket),
          },
        ]
      : []),
    ...(accountActions
      ? [{ Sid: 'Account', Effect: 'Allow' as const, Action: accountActions, Resource: '*' }]
      : []),
    ...(keyArns.length > 0
      ? [{ Sid: 'Keys', Effect: 'Allow' as const, Action: 'kms:Decrypt', Resource: keyArns }]
      : []),
  ]);
}

function fromBucket({ partition, accountId }: FeedPlace, bucket: string) {
  return {
    ArnEquals: { 'aws:SourceArn': bucketArn(partition, bucket) },
    StringEquals: { 'aws:SourceAccount': accountId },
  };
}

function document(Statement: readonly ContractStatement[]): ContractDocument {
  return { Version: '2012-10-17', Statement };
}
