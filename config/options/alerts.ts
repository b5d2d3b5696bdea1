/** Mails about alerts in the logs: the options, which events raise a mail, and what the function needs and may do. */
import * as z from 'zod';
import { LAMBDA_ROLE_PATH, ROLE_NAME_LENGTH } from '../../contract/name-limits';
import { boundedName } from '../../contract/names';
import type { ContractDocument } from '../../contract/statement';
import { alarmActions, type FeedPlace, feedReaderDocument, KMS_PUBLISH_ACTIONS, maxAge } from './log-feed';
import { type OptionGroup, validText, whenGiven } from './option';

const patterns = (what: string) =>
  z.array(z.string().min(1)).describe(`${what}; compared without case; * matches any text.`);

/** Retentions that CloudWatch Logs knows (Amazon CloudWatch Logs API Reference, PutRetentionPolicy), in days. */
const LOG_RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

const alertsSchema = whenGiven(() =>
  z
    .strictObject({
      emails: z
        .array(validText(emailFaults, 'Address that gets the mails, after it confirmed a mail of AWS.'))
        .min(1, 'must name at least one address')
        .describe('Addresses that get the mails.'),
      systemCategories: patterns(
        'Categories of System Audits that raise an alert. Default: thresholds, alerts, anomalies',
      ).optional(),
      eventNames: patterns(
        'Names that these System Audits must have, or with ! before it must not have. Default: names of violations and unknown names, none that says that a person looked at, changed or resolved something; all names if systemCategories is given',
      ).optional(),
      customEventTypes: patterns('Types of Custom Audits that raise an alert. Default: none').optional(),
      digestSeconds: z
        .int()
        // Lambda wants a window of a second or more for more than ten messages at once (AWS Lambda API Reference,
        // CreateEventSourceMapping, `BatchSize`).
        .min(1)
        .max(300)
        .optional()
        .describe('Seconds that new objects are gathered before their alerts become one mail. Default: 60.'),
      logRetentionDays: z
        .literal(LOG_RETENTIONS)
        .optional()
        .describe('Days that the log of the function itself is kept. Default: 30.'),
      maxAge: maxAge.optional(),
      alarmActions: alarmActions.optional(),
    })
    .describe('Mails about alerts in the logs. Default: none.'),
);

export const alertsShape = { alerts: alertsSchema.optional() };

/** An address as Amazon SNS takes it: plain ASCII, no display name. */
function emailFaults(text: string): string[] {
  return /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}$/.test(text)
    ? []
    : ['must be an e-mail address'];
}

export const alerts: OptionGroup = {
  clashes: [
    {
      option: 'role.path',
      with: 'alerts',
      because: 'in the path of a function’s role Lambda takes letters, digits and _+=,.@-/ alone',
      when: ({ role, alerts }) => alerts !== undefined && !LAMBDA_ROLE_PATH.test(role?.path ?? '/'),
    },
  ],
  notes: ({ alerts }) => (alerts ? [confirmationNote(alerts.emails)] : []),
};

/** Which events raise an alert. Compared without case; `*` matches any text. */
export interface AlertFilter {
  /** Categories of System Audits, or names of their `…Audit` objects with content. */
  readonly systemCategories: readonly string[];
  /**
   * What else the names of these System Audits must match. `!` before a pattern excludes what it matches; without any pattern
   * that has no `!`, all other names match. Default: all names.
   */
  readonly eventNames?: readonly string[];
  /** Whether names that speak of administration raise no alert, such as “Update Threshold”. Default: false. */
  readonly violationsOnly?: boolean;
  /** Types of Custom Audits. */
  readonly customEventTypes: readonly string[];
}

/**
 * Threshold violations and what ALTR has called them: the vendor's page speaks of thresholds, its portal's switch of alerts,
 * its events hold `thresholdAudit` and `anomalyAudit`.
 */
export const DEFAULT_ALERT_FILTER: AlertFilter = {
  systemCategories: ['*threshold*', '*alert*', '*anomal*'],
  violationsOnly: true,
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
function confirmationNote(emails: readonly string[]): string {
  return (
    `AWS has sent a mail to ${emails.join(', ')}: each of them must follow the link in it within two days. ` +
    'Until then no alert reaches them, and terraform shows the subscription as pending. AWS deletes what is pending for longer: deploy again for a new link.'
  );
}
