/** Who reads the logs: options of an export under `logEvents`, `splunkFeed` and `alerts`. */
import * as z from 'zod';
import { arnFaults, keyArnFaults, principalArnFaults } from '../../contract/arn';
import { externalIdFaults } from '../../contract/names';
import { FEED_QUEUE } from './log-feed';
import { attachedToSchema } from './readers';
import { judged } from './text';

const alarmActions = z
  .array(judged(arnFaults, 'ARN of what an alarm notifies.'))
  .describe(
    'ARNs that the alarms notify, such as an SNS topic. Default: the alarms show in CloudWatch only.',
  );

const maxAge = z
  .int()
  .min(60)
  // A message that SQS has deleted is no old message: the alarm must come well before that.
  .max(FEED_QUEUE.retention / 2, 'must be a week at most: SQS deletes a message after two')
  .describe('Seconds after which the oldest unread message raises the alarm. Default: 3600.');

const kmsKeyArn = judged(
  keyArnFaults,
  'ARN of a customer-managed key for topic and queues, which S3 and SNS may use. Default: a key of its own.',
);

export const logEventsSchema = z
  .strictObject({
    kmsKeyArn: kmsKeyArn.optional(),
    notification: z
      .boolean()
      .optional()
      .describe(
        'Whether to set the bucket’s notification configuration, of which S3 keeps one. Default: true, but false for an existing bucket, where true needs existingBucketConfirmed.',
      ),
  })
  .describe(
    'The topic that tells of new objects, which splunkFeed and alerts share. Made where one of them is.',
  );

export const splunkFeedSchema = z
  .strictObject({
    readerPrincipalArn: judged(
      principalArnFaults,
      'ARN of the principal that Splunk runs as; a role is made that it may assume. Default: only the policy is made.',
    ).optional(),
    attachedTo: attachedToSchema.optional(),
    readerExternalId: judged(
      externalIdFaults,
      'ExternalId that the principal must give when it assumes the role. Default: none.',
    ).optional(),
    rawMessageDelivery: z
      .boolean()
      .optional()
      .describe(
        'Whether messages come without SNS’s envelope, as Microsoft Sentinel wants them. Default: false.',
      ),
    maxAge: maxAge.optional(),
    alarmActions: alarmActions.optional(),
  })
  .describe('A queue of new logs for the Splunk Add-on for AWS. Default: none.');

export type LogEventsConfig = z.output<typeof logEventsSchema>;

export type SplunkFeedConfig = z.output<typeof splunkFeedSchema>;

const patterns = (what: string) =>
  z.array(z.string().min(1)).describe(`${what}; compared without case, * stands for any text.`);

/** Retentions that CloudWatch Logs knows (Amazon CloudWatch Logs API Reference, PutRetentionPolicy), in days. */
const LOG_RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

export const alertsSchema = z
  .strictObject({
    emails: z
      .array(judged(emailFaults, 'Address that gets the mails, after it confirmed a mail of AWS.'))
      .min(1, 'must name at least one address')
      .describe('Addresses that get the mails.'),
    systemCategories: patterns(
      'Categories of System Audits that raise an alert. Default: thresholds, alerts, anomalies',
    ).optional(),
    eventNames: patterns(
      'Names that these System Audits must have, or with ! before it must not have. Default: none that says that a person created, changed or resolved something; all names if systemCategories is given',
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
  .describe('Mails about alerts in the logs. Default: none.');

export type AlertsConfig = z.output<typeof alertsSchema>;

/** Keys of an export. */
export const readersShape = {
  logEvents: logEventsSchema.optional(),
  splunkFeed: splunkFeedSchema.optional(),
  alerts: alertsSchema.optional(),
};

/** Who reads an export's logs from a queue of the feed. */
export function feedConsumersOf(entry: {
  readonly splunkFeed?: unknown;
  readonly alerts?: unknown;
}): string[] {
  return [...(entry.splunkFeed ? ['splunk'] : []), ...(entry.alerts ? ['alerts'] : [])];
}

/** An address as Amazon SNS takes it: plain ASCII, no display name. */
function emailFaults(text: string): string[] {
  return /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}$/.test(text)
    ? []
    : ['must be an e-mail address'];
}
