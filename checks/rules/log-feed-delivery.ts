/** Every declared consumer's queue is told of each new object. */
import { OBJECT_CREATED, queueDocument, topicDocument, topicName } from '../../config/options/log-feed';
import type { RuleContext } from '../evidence/context';
import { deploy, fail, fromBucket, fromTopic, mayDo, mayUseKey, type Place } from '../evidence/feed-access';
import { type Outcome, unread } from '../evidence/outcome';
import type { FeedFilter, FeedTopicObservation, Observed } from '../observe/observation';
import { quote } from '../remedy/shell';
import type { Rule } from './rule';

export const logFeedDelivery: Rule = {
  metadata: {
    id: 'log-feed-delivery',
    title: 'News of each new log reaches the queues of those who read it',
    severity: 'high',
    needs: 'feed',
    optIn: 'It is on for exports with `splunkFeed` or `alerts` in the config.',
    requirement: {
      text: 'Audit log data … can then be ingested into logging tools or used to trigger notifications in external systems.',
      source: 'vendor page, “Amazon S3 Audit Log Export”',
    },
    risk: 'Logs arrive in the bucket, but their consumers are not told: no search finds them and no alert is raised.',
    remediation: 'Deploy the export again: that restores notification, topic, queues and key.',
    examples: {
      violating: {
        summary: 'Somebody replaced the bucket’s notification configuration.',
        setUp: { logFeed: { topics: [] } },
      },
      compliant: {
        summary: 'The bucket tells the topic, and the topic tells the queue.',
        setUp: { logFeed: {} },
      },
    },
  },
  resource: ({ contract }) => contract.bucketArn,
  judge: (context) => {
    const { feedConsumers = [], observation, contract } = context;
    // bucket-exists reports a missing bucket.
    if (feedConsumers.length === 0 || observation.bucket.state === 'absent') return [];
    if (observation.accountId.state !== 'value') {
      return observation.accountId.state === 'unreadable' ? [unread(observation.accountId.reason)] : [];
    }
    const feed = observation.logFeed;
    if (!feed) return [unread({ message: `the feed of ${contract.name} was not looked at` })];
    const place = { ...contract, accountId: observation.accountId.value };
    const outcomes = [
      ...judgeNotification(feed.topics, feed.topic, context),
      ...judgeTopic(feed.topic, place, context),
    ];
    for (const consumer of feedConsumers) {
      const seen = feed.queues.find((entry) => entry.consumer === consumer);
      if (!seen) outcomes.push(unread({ message: `the queue for ${consumer} was not looked at` }));
      else outcomes.push(...judgeQueue(seen, feed.topic, place, context));
    }
    if (outcomes.length > 0) return outcomes;
    return [
      {
        status: 'pass',
        fact: 'told',
        message: `News of each new log reaches ${feedConsumers.length === 1 ? 'the queue' : 'the queues'} for ${feedConsumers.join(' and ')}.`,
      },
    ];
  },
};

type Feed = NonNullable<RuleContext['observation']['logFeed']>;

/** The bucket has to notify the topic of every new object. */
function judgeNotification(
  topics: Feed['topics'],
  topic: Feed['topic'],
  { contract }: RuleContext,
): Outcome[] {
  if (topics.state === 'unreadable') return [unread(topics.reason)];
  // A missing topic is reported by itself.
  if (topic.state !== 'value') return [];
  const told = topics.state === 'value' ? topics.value : [];
  const ours = told.filter(({ topicArn }) => topicArn === topic.value.arn);
  const missing = [...CREATED].filter(
    (event) =>
      !ours.some(
        ({ events, isFiltered }) => !isFiltered && events.some((given) => includesEvent(given, event)),
      ),
  );
  if (missing.length === 0) return [];
  const isFiltered = ours.some((entry) => entry.isFiltered);
  return [
    fail(
      'no-notification',
      ours.length === 0
        ? `The bucket does not notify the topic ${topic.value.arn} of new objects.`
        : isFiltered
          ? `The bucket notifies the topic ${topic.value.arn} of some keys only.`
          : `The bucket does not notify the topic ${topic.value.arn} of ${missing.join(', ')}.`,
      { topicArn: topic.value.arn, events: [OBJECT_CREATED] },
      told,
      {
        summary: 'Notify the topic of every new object, and keep the bucket’s other notifications.',
        ...deploy(contract.name),
      },
    ),
  ];
}

/** The events by which an object is created (Amazon S3 User Guide, "Supported event types for SQS, SNS, and Lambda"). */
const CREATED = new Set(
  ['Put', 'Post', 'Copy', 'CompleteMultipartUpload'].map((way) => `s3:ObjectCreated:${way}`),
);

function includesEvent(given: string, event: string): boolean {
  return given === OBJECT_CREATED || given === event;
}

function judgeTopic(topic: Feed['topic'], place: Place, { contract }: RuleContext): Outcome[] {
  const name = topicName(contract.name);
  if (topic.state === 'unreadable') return [unread(topic.reason)];
  if (topic.state === 'absent') {
    return [missing('topic', name, contract.name)];
  }
  const { arn, policy, key } = topic.value;
  const document = topicDocument(place, name, contract.bucket);
  return [
    ...mayDo(
      { service: 'S3', does: 'publish to the topic' },
      policy,
      `policy of topic ${arn}`,
      'sns:Publish',
      arn,
      fromBucket(place, contract),
      {
        summary: 'Let S3 publish to the topic for this bucket.',
        document,
        commands: [
          `aws sns set-topic-attributes --topic-arn ${quote(arn)} --attribute-name Policy --attribute-value ${quote(JSON.stringify(document))}`,
        ],
        ...deploy(contract.name),
      },
    ),
    ...mayUseKey(
      { service: 'S3', does: 'encrypt for the topic' },
      key,
      fromBucket(place, contract),
      place,
      contract,
    ),
  ];
}

function judgeQueue(
  { name, queue }: Feed['queues'][number],
  topic: Feed['topic'],
  place: Place,
  { contract }: RuleContext,
): Outcome[] {
  if (queue.state === 'unreadable') return [unread(queue.reason)];
  if (queue.state === 'absent') return [missing('queue', name, contract.name)];
  const { arn, policy, key } = queue.value;
  const document = queueDocument(place, name, topicName(contract.name));
  const outcomes = [
    ...mayDo(
      { service: 'SNS', does: 'send to the queue' },
      policy,
      `policy of queue ${arn}`,
      'sqs:SendMessage',
      arn,
      fromTopic(place, contract),
      {
        summary: 'Let the topic send to the queue.',
        document,
        ...deploy(contract.name),
      },
    ),
    ...mayUseKey(
      { service: 'SNS', does: 'encrypt for the queue' },
      key,
      fromTopic(place, contract),
      place,
      contract,
    ),
  ];
  if (topic.state !== 'value') return outcomes;
  return [...outcomes, ...judgeSubscription(arn, topic.value, contract.name)];
}

/** The queue has to receive every message of the topic. */
function judgeSubscription(
  arn: string,
  { arn: topicIs, subscriptions }: FeedTopicObservation,
  exportName: string,
): Outcome[] {
  if (subscriptions.state === 'unreadable') return [unread(subscriptions.reason)];
  const all = subscriptions.state === 'value' ? subscriptions.value : [];
  const subscription = all.find(({ queueArn }) => queueArn === arn);
  if (subscription) return judgeFilter(arn, topicIs, subscription.filter, exportName);
  return [
    fail(
      'not-subscribed',
      `The queue ${arn} does not receive the messages of the topic ${topicIs}.`,
      arn,
      all.map(({ queueArn }) => queueArn),
      {
        summary: 'Subscribe the queue to the topic.',
        commands: [
          `aws sns subscribe --topic-arn ${quote(topicIs)} --protocol sqs --notification-endpoint ${quote(arn)}`,
        ],
        ...deploy(exportName),
      },
    ),
  ];
}

/**
 * S3's messages have no attributes, so a filter on attributes stops all of them, unless it asks for an absent attribute.
 * Filters on the body are not decided here (Amazon SNS Developer Guide, "Amazon SNS subscription
 * filter policy scope").
 */
function judgeFilter(
  arn: string,
  topicIs: string,
  filter: Observed<FeedFilter>,
  exportName: string,
): Outcome[] {
  if (filter.state === 'unreadable') return [unread(filter.reason)];
  if (filter.state === 'absent') return [];
  const { scope, policy } = filter.value;
  if (scope !== 'MessageAttributes' || policy.includes('"exists"')) {
    return [
      {
        status: 'unknown',
        fact: 'filter-undecided',
        cause: 'undecidable',
        message: `The subscription of the queue ${arn} has a filter policy, and whether news of each new log passes it can’t be decided: ${policy}.`,
        actual: filter.value,
      },
    ];
  }
  return [
    fail(
      'filtered',
      `The subscription of the queue ${arn} to the topic ${topicIs} has a filter policy on attributes, which S3’s messages lack: none arrives.`,
      null,
      filter.value,
      { summary: 'Remove the subscription’s filter policy.', ...deploy(exportName) },
    ),
  ];
}

function missing(what: 'topic' | 'queue', name: string, exportName: string): Outcome {
  return fail(`no-${what}`, `There is no ${what} ${name}.`, name, null, {
    summary: `Deploy the export: that creates the ${what}.`,
    ...deploy(exportName),
  });
}
