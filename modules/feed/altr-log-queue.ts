/** A queue of the feed for one consumer, with its dead-letter queue and alarms for a consumer that does not keep up. */
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { FEED_QUEUE, type FeedConsumer, queueDocument, queueNames } from '../../config/options/log-feed';
import { tagged } from '../conventions';
import { policyDocument } from '../policy-document';
import type { AltrLogEvents } from './altr-log-events';

export interface AltrLogQueueProps {
  readonly events: AltrLogEvents;
  readonly consumer: FeedConsumer;
  /**
   * Seconds after which the oldest unread message raises the alarm: a week at most, since SQS deletes a message after two.
   * @default 3600
   */
  readonly maxAge?: number;
  /**
   * ARNs that the alarms notify, for example an SNS topic.
   * @default none: the alarms show in CloudWatch only
   */
  readonly alarmActions?: readonly string[];
  /**
   * Seconds that a message is hidden while its object is read.
   * @default 600
   */
  readonly visibilityTimeout?: number;
  /**
   * Whether messages come as SNS sends them, in its envelope, or bare.
   * @default false: in the envelope, whose signature a consumer can verify
   */
  readonly rawMessageDelivery?: boolean;
}

export class AltrLogQueue extends Construct {
  readonly #tags: ReturnType<typeof tagged>;
  readonly queue: SqsQueue;
  readonly deadLetters: SqsQueue;

  constructor(scope: Construct, id: string, props: AltrLogQueueProps) {
    super(scope, id);
    const { events, consumer } = props;
    const names = queueNames(events.name, consumer);
    this.#tags = tagged(events.conventions);
    const common = {
      ...this.#tags,
      kmsMasterKeyId: events.kmsKeyArn,
      messageRetentionSeconds: FEED_QUEUE.retention,
    };
    this.deadLetters = new SqsQueue(this, 'DeadLetters', { ...common, name: names.deadLetters });
    this.queue = new SqsQueue(this, 'Queue', {
      ...common,
      name: names.queue,
      visibilityTimeoutSeconds: props.visibilityTimeout ?? FEED_QUEUE.visibilityTimeout,
      // Here and not in a resource of its own, so that the queue lets SNS in from its first moment.
      policy: policyDocument(
        this,
        'QueueDocument',
        queueDocument(events.place, names.queue, events.topic.name),
      ).json,
      redrivePolicy: Fn.jsonencode({
        deadLetterTargetArn: this.deadLetters.arn,
        maxReceiveCount: FEED_QUEUE.maxReceiveCount,
      }),
    });
    new SnsTopicSubscription(this, 'Subscription', {
      topicArn: events.topic.arn,
      protocol: 'sqs',
      endpoint: this.queue.arn,
      rawMessageDelivery: props.rawMessageDelivery ?? false,
    });
    this.alarm('DeadLetterAlarm', {
      alarmName: `${names.deadLetters}-not-empty`,
      alarmDescription: `Notifications of ALTR audit logs could not be processed: look into ${names.deadLetters}.`,
      metricName: 'ApproximateNumberOfMessagesVisible',
      queueName: names.deadLetters,
      threshold: 0,
      actions: props.alarmActions,
    });
    this.alarm('AgeAlarm', {
      alarmName: `${names.queue}-too-old`,
      alarmDescription: `Nobody has read new ALTR audit logs in time: look at the consumer of ${names.queue}.`,
      metricName: 'ApproximateAgeOfOldestMessage',
      queueName: names.queue,
      threshold: props.maxAge ?? 3600,
      actions: props.alarmActions,
    });
  }

  /** The maximum of five minutes above the threshold. An unused queue sends no data, which raises no alarm. */
  private alarm(
    id: string,
    alarm: {
      alarmName: string;
      alarmDescription: string;
      metricName: string;
      queueName: string;
      threshold: number;
      actions: readonly string[] | undefined;
    },
  ): void {
    const { queueName, actions, ...rest } = alarm;
    new CloudwatchMetricAlarm(this, id, {
      ...rest,
      ...this.#tags,
      namespace: 'AWS/SQS',
      dimensions: { QueueName: queueName },
      statistic: 'Maximum',
      comparisonOperator: 'GreaterThanThreshold',
      period: 300,
      evaluationPeriods: 1,
      treatMissingData: 'notBreaching',
      ...(actions ? { alarmActions: [...actions], okActions: [...actions] } : {}),
    });
  }
}
