/** Who reads the logs: options of an export under `splunkFeed`. */
import * as z from 'zod';
import { arnFaults, keyArnFaults, principalArnFaults } from '../arn';
import { clientIdFaults } from '../names';
import { judged } from './judged';

const alarmActions = z
  .array(judged(arnFaults, 'ARN of what an alarm notifies.'))
  .describe(
    'ARNs that the alarms notify, such as an SNS topic. Default: the alarms show in CloudWatch only.',
  );

const maxAge = z
  .int()
  .min(60)
  .max(1_209_600)
  .describe('Seconds after which the oldest unread message raises the alarm. Default: 3600.');

const kmsKeyArn = judged(
  keyArnFaults,
  'ARN of a customer-managed key for topic and queues, which S3 and SNS may use. Default: a key of its own.',
);

export const splunkFeedSchema = z
  .strictObject({
    readerPrincipalArn: judged(
      principalArnFaults,
      'ARN of the principal that Splunk runs as; a role is made that it may assume. Default: only the policy is made.',
    ).exactOptional(),
    readerExternalId: judged(
      clientIdFaults,
      'ExternalId that the principal must give when it assumes the role. Default: none.',
    ).exactOptional(),
    kmsKeyArn: kmsKeyArn.exactOptional(),
    maxAge: maxAge.exactOptional(),
    alarmActions: alarmActions.exactOptional(),
  })
  .describe('A queue of new logs for the Splunk Add-on for AWS. Default: none.');

export type SplunkFeedConfig = z.output<typeof splunkFeedSchema>;

/** Keys of an export. */
export const readersShape = {
  splunkFeed: splunkFeedSchema.exactOptional(),
};
