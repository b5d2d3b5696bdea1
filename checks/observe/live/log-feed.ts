/** The way from the bucket to the queues of those who read its logs. A file of its own: its SDK clients are loaded only where a feed is declared. */
import { GetBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { queueArn, queueNames, topicArn, topicName } from '../../../config/options/log-feed';
import type { Partition } from '../../../contract/partition';
import {
  ABSENT,
  type FeedFilter,
  type FeedQueueObservation,
  type FeedSubscription,
  type FeedTopicObservation,
  known,
  type LogFeedObservation,
  type Observed,
  type PolicyText,
} from '../observation';
import { toBucket } from './bucket-region';
import { kmsKeyOf } from './kms-key';
import { ifFound, pages, type Session } from './session';

/** A declared feed. */
export interface FeedTarget {
  /** The export's name, from which topic and queues are named. */
  readonly name: string;
  readonly bucket: string;
  readonly partition: Partition;
  readonly region: string;
  readonly consumers: readonly string[];
}

/** Everything about a feed, in at most four calls one after the other: a queue's URL, its attributes, its key, the key's policy. */
export async function observeLogFeed(
  session: Session,
  target: FeedTarget,
  accountId: string,
): Promise<LogFeedObservation> {
  const [topics, topic, queues] = await Promise.all([
    notifiedTopics(session, target, accountId),
    observeTopic(session, target, accountId),
    Promise.all(
      target.consumers.map(async (consumer) => {
        const { queue } = queueNames(target.name, consumer);
        return { consumer, name: queue, queue: await observeQueue(session, target, queue, accountId) };
      }),
    ),
  ]);
  return { topics, topic, queues };
}

function notifiedTopics(
  session: Session,
  { bucket, region }: FeedTarget,
  accountId: string,
): Promise<LogFeedObservation['topics']> {
  const command = new GetBucketNotificationConfigurationCommand({
    Bucket: bucket,
    ExpectedBucketOwner: accountId,
  });
  return session.ask(
    's3:GetBucketNotificationConfiguration',
    region,
    (options) => toBucket(session, region, (s3) => s3.send(command, options)),
    ({ TopicConfigurations = [] }) =>
      TopicConfigurations.map(({ TopicArn = '', Events = [], Filter }) => ({
        topicArn: TopicArn,
        events: [...Events],
        // Every key begins and ends with nothing.
        isFiltered: (Filter?.Key?.FilterRules ?? []).some(({ Value }) => Value !== ''),
      })),
  );
}

async function observeTopic(
  session: Session,
  target: FeedTarget,
  accountId: string,
): Promise<Observed<FeedTopicObservation>> {
  const { region } = target;
  const arn = topicArn({ ...target, accountId }, topicName(target.name));
  const sns = session.clients.watched(new SNSClient(session.clients.options(region)));
  const ours = target.consumers.map((consumer) =>
    queueArn({ ...target, accountId }, queueNames(target.name, consumer).queue),
  );
  // Who else reads, and what of it, is not our business.
  const isOurs = ({ queueArn: subscribed }: { readonly queueArn: string }) => ours.includes(subscribed);
  const withFilter = async ({
    queueArn: subscribed,
    subscriptionArn,
  }: {
    readonly queueArn: string;
    readonly subscriptionArn: string;
  }): Promise<FeedSubscription> => ({
    queueArn: subscribed,
    filter: await observeFilter(session, sns, subscriptionArn, region),
  });
  const [attributes, listed] = await Promise.all([
    session.ask(
      'sns:GetTopicAttributes',
      region,
      (options) => sns.send(new GetTopicAttributesCommand({ TopicArn: arn }), options),
      ({ Attributes }) => Attributes,
    ),
    pages(session, 'sns:ListSubscriptionsByTopic', region, (NextToken) =>
      session.ask(
        'sns:ListSubscriptionsByTopic',
        region,
        (options) => sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn, NextToken }), options),
        ({ Subscriptions, NextToken: next }) =>
          Subscriptions && {
            items: Subscriptions.flatMap(({ Protocol, Endpoint, SubscriptionArn }) =>
              // Until it is confirmed, a subscription has no ARN and gets nothing.
              Protocol === 'sqs' && Endpoint && SubscriptionArn?.startsWith('arn:')
                ? [{ queueArn: Endpoint, subscriptionArn: SubscriptionArn }]
                : [],
            ),
            next: next || undefined,
          },
      ),
    ),
  ]);
  return ifFound(attributes, async ({ Policy, KmsMasterKeyId }) => {
    const [key, subscriptions] = await Promise.all([
      KmsMasterKeyId ? kmsKeyOf(session, KmsMasterKeyId, region, accountId) : undefined,
      ifFound(listed, async (all) => known(await Promise.all(all.filter(isOurs).map(withFilter)))),
    ]);
    return known({
      arn,
      policy: policyText(`policy of topic ${arn}`, Policy),
      subscriptions,
      key,
    });
  });
}

/** An empty policy is no filter (Amazon SNS Developer Guide, "Removing a subscription filter policy"). */
async function observeFilter(
  session: Session,
  sns: SNSClient,
  subscriptionArn: string,
  region: string,
): Promise<Observed<FeedFilter>> {
  const attributes = await session.ask(
    'sns:GetSubscriptionAttributes',
    region,
    (options) =>
      sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: subscriptionArn }), options),
    ({ Attributes }) => Attributes,
  );
  return ifFound(attributes, async ({ FilterPolicy, FilterPolicyScope }) =>
    FilterPolicy && FilterPolicy.replaceAll(/\s/g, '') !== '{}'
      ? known({ scope: FilterPolicyScope ?? 'MessageAttributes', policy: FilterPolicy })
      : ABSENT,
  );
}

async function observeQueue(
  session: Session,
  { region }: FeedTarget,
  name: string,
  accountId: string,
): Promise<Observed<FeedQueueObservation>> {
  const sqs = session.clients.watched(new SQSClient(session.clients.options(region)));
  const url = await session.ask(
    'sqs:GetQueueUrl',
    region,
    (options) => sqs.send(new GetQueueUrlCommand({ QueueName: name }), options),
    ({ QueueUrl }) => QueueUrl,
  );
  return ifFound(url, async (QueueUrl) => {
    const attributes = await session.ask(
      'sqs:GetQueueAttributes',
      region,
      (options) => sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }), options),
      ({ Attributes }) => (Attributes?.QueueArn ? { ...Attributes, arn: Attributes.QueueArn } : undefined),
    );
    return ifFound(attributes, async ({ arn, Policy, KmsMasterKeyId }) => {
      const key = KmsMasterKeyId ? await kmsKeyOf(session, KmsMasterKeyId, region, accountId) : undefined;
      return known({ arn, policy: policyText(`policy of queue ${arn}`, Policy), key });
    });
  });
}

/** SNS and SQS answer without the attribute, or with an empty one, where there is no policy. */
function policyText(source: string, text: string | undefined): Observed<PolicyText> {
  return text ? known({ source, text }) : ABSENT;
}
