/** Which events raise a mail, and how the Lambda function is told: shared by the construct and by the function's own code. */

import { ROLE_NAME_LENGTH } from '../../contract/name-limits';
import { boundedName } from '../../contract/names';
import type { ContractDocument } from '../../contract/statement';
import { type FeedPlace, feedReaderDocument, KMS_PUBLISH_ACTIONS } from './log-feed';

/** Which events raise an alert. Compared without case; `*` stands for any text. */
export interface AlertFilter {
  /** Categories of System Audits, or names of their `…Audit` objects with content. */
  readonly systemCategories: readonly string[];
  /**
   * What else the names of these System Audits must match. `!` before a pattern excludes what it matches; without any pattern
   * that has no `!`, all other names match. Default: all names.
   */
  readonly eventNames?: readonly string[];
  /** Types of Custom Audits. */
  readonly customEventTypes: readonly string[];
}

/**
 * Threshold violations and what ALTR has called them: the vendor's page speaks of thresholds, its portal's switch of alerts,
 * its events hold `thresholdAudit` and `anomalyAudit`.
 */
export const DEFAULT_ALERT_FILTER: Required<AlertFilter> = {
  systemCategories: ['*threshold*', '*alert*', '*anomal*'],
  // A threshold, alert or anomaly that a person changes is administration, no violation. An alert that is created is one.
  eventNames: [
    ...['create', 'add'].flatMap((verb) => [
      `!${verb} threshold*`,
      `!${verb}threshold*`,
      `!*threshold ${verb}*`,
    ]),
    ...[
      'update',
      'edit',
      'modify',
      'delete',
      'remove',
      'resolve',
      'acknowledge',
      'enable',
      'disable',
    ].flatMap((verb) => [`!${verb}*`, `!* ${verb}`]),
    ...[
      'updated',
      'edited',
      'modified',
      'deleted',
      'removed',
      'resolved',
      'acknowledged',
      'enabled',
      'disabled',
    ].map((participle) => `!*${participle}`),
    '!add*note*',
    '!*note added',
  ],
  customEventTypes: [],
};

/** Names of the function's environment variables. */
export const ALERT_ENVIRONMENT = {
  topicArn: 'ALERT_TOPIC_ARN',
  ledgerTable: 'ALERT_LEDGER_TABLE',
  exportName: 'ALERT_EXPORT_NAME',
  /** JSON of an `AlertFilter`. */
  filter: 'ALERT_FILTER',
} as const;

/** The function's limits. */
export const ALERT_FUNCTION = {
  /** The oldest LTS runtime that every supported provider version knows. */
  runtime: 'nodejs22.x',
  handler: 'index.handler',
  /** MiB: an object streams by, and records have at most 16 MiB. */
  memory: 512,
  /** Seconds. */
  timeout: 100,
  /** Notifications that one run takes at most: they become one mail. */
  batchSize: 100,
  /** Seconds that notifications are gathered, unless the config says otherwise. */
  digestSeconds: 60,
  /** Invocations at once: the fewest that Lambda allows for a queue, so that a flood becomes few mails. */
  concurrency: 2,
  /** Days that the ledger remembers an event, at least as long as the queue keeps a message. */
  ledgerDays: 30,
} as const;

/**
 * Seconds that a message of the function's queue must stay hidden: six times the function's timeout, and the time that
 * messages are gathered (AWS Lambda Developer Guide, "Configuring a queue to use with Lambda").
 */
export function alertVisibilityTimeout(digestSeconds: number): number {
  return 6 * ALERT_FUNCTION.timeout + digestSeconds;
}

/** Names of the parts of an export's alerts, each within its service's limit: Lambda and IAM 64, DynamoDB 255, SNS 256. */
export function alertNames(exportName: string) {
  const name = `altr-${exportName}-alerts`;
  return {
    topic: `${name}-mail`,
    ledger: name,
    function: boundedName(name, 64),
    role: boundedName(name, ROLE_NAME_LENGTH),
  };
}

/** What the function may do: read its queue and the objects, remember and tell, write its own log. */
export function alertFunctionDocument(
  place: FeedPlace,
  parts: {
    readonly exportName: string;
    readonly bucket: string;
    readonly queueArn: string;
    readonly topicArn: string;
    /** Keys of queue and topic. */
    readonly keyArns: readonly string[];
    /** Keys of the bucket's objects. */
    readonly objectKeyArns: readonly string[];
  },
): ContractDocument {
  const { partition, region, accountId } = place;
  const names = alertNames(parts.exportName);
  const reading = feedReaderDocument(partition, {
    queueArn: parts.queueArn,
    bucket: parts.bucket,
    keyArns: parts.objectKeyArns,
    // Without it a missing object would be answered with 403, as if permissions were missing.
    listsBucket: true,
    // A notification names the version that is new; it may not be the current one any more.
    objectActions: ['s3:GetObjectVersion'],
  });
  return {
    ...reading,
    Statement: [
      ...reading.Statement,
      {
        Sid: 'Remember',
        Effect: 'Allow',
        Action: 'dynamodb:PutItem',
        Resource: `arn:${partition}:dynamodb:${region}:${accountId}:table/${names.ledger}`,
      },
      { Sid: 'Tell', Effect: 'Allow', Action: 'sns:Publish', Resource: parts.topicArn },
      {
        Sid: 'UseKeys',
        Effect: 'Allow',
        Action: KMS_PUBLISH_ACTIONS,
        Resource: parts.keyArns,
      },
      {
        Sid: 'Log',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: `arn:${partition}:logs:${region}:${accountId}:log-group:/aws/lambda/${names.function}:*`,
      },
    ],
  };
}

/** Only Lambda may use the function's role. */
export function lambdaTrust(): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  };
}

/**
 * What is left to do after the deployment. SNS deletes a subscription that nobody has confirmed within 48 hours (Amazon SNS
 * Developer Guide, "Deleting an Amazon SNS subscription and topic").
 */
export function confirmationNote(emails: readonly string[]): string {
  return (
    `AWS has sent a mail to ${emails.join(', ')}: each of them must follow the link in it within two days. ` +
    'Until then no alert reaches them, and terraform shows the subscription as pending. AWS deletes what is pending for longer: deploy again for a new link.'
  );
}
