/** Mails about alerts in the audit logs: a queue of new objects, a function that reads them, a topic that sends mails. */
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import {
  ALERT_ENVIRONMENT,
  ALERT_FUNCTION,
  type AlertFilter,
  alertFunctionDocument,
  alertNames,
  alertVisibilityTimeout,
  DEFAULT_ALERT_FILTER,
  lambdaTrust,
} from '../../config/options/alerts';
import { queueArn, queueNames, topicArn } from '../../config/options/log-feed';
import { conventionsOfRole, tagged } from '../conventions';
import { policyDocument } from '../policy-document';
import type { AltrLogEvents } from './altr-log-events';
import { AltrLogQueue, type AltrLogQueueProps } from './altr-log-queue';
import { lambdaBundle } from './lambda-bundle';

export interface AltrLogAlertsProps extends Pick<AltrLogQueueProps, 'maxAge' | 'alarmActions'> {
  readonly events: AltrLogEvents;
  /** Addresses that get the mails. Each has to confirm a mail of AWS before it gets any. */
  readonly emails: readonly string[];
  /**
   * Which events raise an alert.
   * @default System Audits whose category or details speak of thresholds, alerts or anomalies, without administration
   */
  readonly filter?: Partial<AlertFilter>;
  /**
   * Seconds that notifications are gathered before they become one mail: 1 to 300.
   * @default 60
   */
  readonly digestSeconds?: number;
  /**
   * Days that the function's own log is kept; a value that CloudWatch Logs knows.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * ARN of the key that the bucket's objects are encrypted with, if it is customer-managed.
   * @default none
   */
  readonly bucketKeyArn?: string;
  /**
   * ARNs of keys that older objects are still encrypted with.
   * @default none
   */
  readonly formerBucketKeyArns?: readonly string[];
}

/**
 * A Lambda function that reads each new object and mails events that match the filter: what happened, who, when, and in which
 * object. Each event is mailed once; many events become a digest. Not for archives that are copied into the bucket: their old
 * alerts would be mailed too.
 */
export class AltrLogAlerts extends Construct {
  readonly #names: ReturnType<typeof alertNames>;
  readonly #tags: ReturnType<typeof tagged>;
  readonly queue: AltrLogQueue;
  readonly topic: SnsTopic;
  readonly function: LambdaFunction;
  readonly ledger: DynamodbTable;

  constructor(scope: Construct, id: string, props: AltrLogAlertsProps) {
    super(scope, id);
    const { events } = props;
    this.#names = alertNames(events.name);
    this.#tags = tagged(events.conventions);
    const digestSeconds = props.digestSeconds ?? ALERT_FUNCTION.digestSeconds;
    this.queue = new AltrLogQueue(this, 'Queue', {
      events,
      consumer: 'alerts',
      visibilityTimeout: alertVisibilityTimeout(digestSeconds),
      maxAge: props.maxAge,
      alarmActions: props.alarmActions,
    });
    this.topic = this.addTopic(props);
    this.ledger = this.addLedger();
    this.function = this.addFunction(props);
    this.readQueue(digestSeconds);
  }

  private addTopic({ events, emails }: AltrLogAlertsProps): SnsTopic {
    const topic = new SnsTopic(this, 'Topic', {
      name: this.#names.topic,
      displayName: 'ALTR alerts',
      kmsMasterKeyId: events.kmsKeyArn,
      ...this.#tags,
    });
    emails.forEach((endpoint, index) => {
      new SnsTopicSubscription(this, `Mail${index + 1}`, {
        topicArn: topic.arn,
        protocol: 'email',
        endpoint,
      });
    });
    return topic;
  }

  private addLedger(): DynamodbTable {
    return new DynamodbTable(this, 'Ledger', {
      name: this.#names.ledger,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'eventID',
      attribute: [{ name: 'eventID', type: 'S' }],
      ttl: { attributeName: 'expiresAt', enabled: true },
      ...this.#tags,
      // It holds hashes of events' IDs only, so DynamoDB's own key will do.
    });
  }

  private addFunction(props: AltrLogAlertsProps): LambdaFunction {
    const { events } = props;
    const logs = new CloudwatchLogGroup(this, 'Logs', {
      name: `/aws/lambda/${this.#names.function}`,
      retentionInDays: props.logRetentionDays ?? 30,
      ...this.#tags,
    });
    const { role, permissions } = this.addRole(props);
    const code = new TerraformAsset(this, 'Code', { path: lambdaBundle('alerts'), type: AssetType.ARCHIVE });
    return new LambdaFunction(this, 'Function', {
      functionName: this.#names.function,
      description: `Mails alerts in the ALTR audit logs of ${events.name}.`,
      role: role.arn,
      runtime: ALERT_FUNCTION.runtime,
      architectures: ['arm64'],
      handler: ALERT_FUNCTION.handler,
      filename: code.path,
      sourceCodeHash: code.assetHash,
      memorySize: ALERT_FUNCTION.memory,
      timeout: ALERT_FUNCTION.timeout,
      ...this.#tags,
      environment: {
        variables: {
          [ALERT_ENVIRONMENT.topicArn]: this.topic.arn,
          [ALERT_ENVIRONMENT.ledgerTable]: this.ledger.name,
          [ALERT_ENVIRONMENT.exportName]: events.name,
          [ALERT_ENVIRONMENT.filter]: JSON.stringify(withDefaults(props.filter)),
        },
      },
      // Without its permissions the function could not read the queue; without the group it would make one that keeps logs for ever.
      dependsOn: [permissions, logs],
    });
  }

  private addRole({ events, bucketKeyArn, formerBucketKeyArns = [] }: AltrLogAlertsProps) {
    const { place } = events;
    const role = new IamRole(this, 'Role', {
      name: this.#names.role,
      description: 'Role of the function that mails ALTR alerts.',
      assumeRolePolicy: policyDocument(this, 'Trust', lambdaTrust()).json,
      ...conventionsOfRole(events.conventions),
    });
    const document = alertFunctionDocument(place, {
      exportName: events.name,
      bucket: events.bucket,
      queueArn: queueArn(place, queueNames(events.name, 'alerts').queue),
      topicArn: topicArn(place, this.#names.topic),
      keyArns: [events.kmsKeyArn],
      objectKeyArns: [...(bucketKeyArn ? [bucketKeyArn] : []), ...formerBucketKeyArns],
    });
    const permissions = new IamRolePolicy(this, 'Permissions', {
      name: 'alerts',
      role: role.id,
      policy: policyDocument(this, 'PermissionDocument', document).json,
    });
    return { role, permissions };
  }

  private readQueue(digestSeconds: number): void {
    new LambdaEventSourceMapping(this, 'Source', {
      eventSourceArn: this.queue.queue.arn,
      functionName: this.function.arn,
      ...this.#tags,
      batchSize: ALERT_FUNCTION.batchSize,
      maximumBatchingWindowInSeconds: digestSeconds,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: ALERT_FUNCTION.concurrency },
    });
  }
}

/** A filter that names categories or events takes all of them, those that speak of administration too. */
function withDefaults(filter: Partial<AlertFilter> = {}): AlertFilter {
  const { systemCategories, eventNames, violationsOnly, customEventTypes } = filter;
  const isNarrowed = systemCategories || eventNames;
  return {
    systemCategories: systemCategories ?? DEFAULT_ALERT_FILTER.systemCategories,
    eventNames,
    violationsOnly: violationsOnly ?? (isNarrowed ? undefined : DEFAULT_ALERT_FILTER.violationsOnly),
    customEventTypes: customEventTypes ?? DEFAULT_ALERT_FILTER.customEventTypes,
  };
}
