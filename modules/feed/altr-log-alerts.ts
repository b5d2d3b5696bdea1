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
  readonly queue: AltrLogQueue;
  readonly topic: SnsTopic;
  readonly function: LambdaFunction;
  readonly ledger: DynamodbTable;

  constructor(scope: Construct, id: string, props: AltrLogAlertsProps) {
    super(scope, id);
    const { events } = props;
    const { place } = events;
    const names = alertNames(events.name);
    const filter: AlertFilter = {
      systemCategories: props.filter?.systemCategories ?? DEFAULT_ALERT_FILTER.systemCategories,
      eventNames: props.filter?.eventNames,
      violationsOnly:
        props.filter?.violationsOnly ??
        (props.filter?.systemCategories || props.filter?.eventNames
          ? undefined
          : DEFAULT_ALERT_FILTER.violationsOnly),
      customEventTypes: props.filter?.customEventTypes ?? DEFAULT_ALERT_FILTER.customEventTypes,
    };
    const tags = tagged(events.conventions);
    const digestSeconds = props.digestSeconds ?? ALERT_FUNCTION.digestSeconds;
    this.queue = new AltrLogQueue(this, 'Queue', {
      events,
      consumer: 'alerts',
      visibilityTimeout: alertVisibilityTimeout(digestSeconds),
      maxAge: props.maxAge,
      alarmActions: props.alarmActions,
    });
    this.topic = new SnsTopic(this, 'Topic', {
      name: names.topic,
      displayName: 'ALTR alerts',
      kmsMasterKeyId: events.kmsKeyArn,
      ...tags,
    });
    props.emails.forEach((endpoint, index) => {
      new SnsTopicSubscription(this, `Mail${index + 1}`, {
        topicArn: this.topic.arn,
        protocol: 'email',
        endpoint,
      });
    });
    this.ledger = new DynamodbTable(this, 'Ledger', {
      name: names.ledger,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'eventID',
      attribute: [{ name: 'eventID', type: 'S' }],
      ttl: { attributeName: 'expiresAt', enabled: true },
      ...tags,
      // It holds hashes of events' IDs only, so DynamoDB's own key will do.
    });
    const logs = new CloudwatchLogGroup(this, 'Logs', {
      name: `/aws/lambda/${names.function}`,
      retentionInDays: props.logRetentionDays ?? 30,
      ...tags,
    });
    const role = new IamRole(this, 'Role', {
      name: names.role,
      description: 'Role of the function that mails ALTR alerts.',
      assumeRolePolicy: policyDocument(this, 'Trust', lambdaTrust()).json,
      ...conventionsOfRole(events.conventions),
    });
    const permissions = new IamRolePolicy(this, 'Permissions', {
      name: 'alerts',
      role: role.id,
      policy: policyDocument(
        this,
        'PermissionDocument',
        alertFunctionDocument(place, {
          exportName: events.name,
          bucket: events.bucket,
          queueArn: queueArn(place, queueNames(events.name, 'alerts').queue),
          topicArn: topicArn(place, names.topic),
          keyArns: [events.kmsKeyArn],
          objectKeyArns: [
            ...(props.bucketKeyArn ? [props.bucketKeyArn] : []),
            ...(props.formerBucketKeyArns ?? []),
          ],
        }),
      ).json,
    });
    const code = new TerraformAsset(this, 'Code', { path: lambdaBundle('alerts'), type: AssetType.ARCHIVE });
    this.function = new LambdaFunction(this, 'Function', {
      functionName: names.function,
      description: `Mails alerts in the ALTR audit logs of ${events.name}.`,
      role: role.arn,
      runtime: ALERT_FUNCTION.runtime,
      architectures: ['arm64'],
      handler: ALERT_FUNCTION.handler,
      filename: code.path,
      sourceCodeHash: code.assetHash,
      memorySize: ALERT_FUNCTION.memory,
      timeout: ALERT_FUNCTION.timeout,
      ...tags,
      environment: {
        variables: {
          [ALERT_ENVIRONMENT.topicArn]: this.topic.arn,
          [ALERT_ENVIRONMENT.ledgerTable]: this.ledger.name,
          [ALERT_ENVIRONMENT.exportName]: events.name,
          [ALERT_ENVIRONMENT.filter]: JSON.stringify(filter),
        },
      },
      // Without its permissions the function could not read the queue; without the group it would make one that keeps logs for ever.
      dependsOn: [permissions, logs],
    });
    new LambdaEventSourceMapping(this, 'Source', {
      eventSourceArn: this.queue.queue.arn,
      functionName: this.function.arn,
      ...tags,
      batchSize: ALERT_FUNCTION.batchSize,
      maximumBatchingWindowInSeconds: digestSeconds,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: ALERT_FUNCTION.concurrency },
    });
  }
}
