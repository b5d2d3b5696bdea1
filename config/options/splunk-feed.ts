/** A queue of new logs for the Splunk Add-on for AWS, and what to enter there. */
import * as z from 'zod';
import { principalArnFaults } from '../../contract/arn';
import { externalIdFaults } from '../../contract/names';
import { alarmActions, maxAge } from './log-feed';
import { type OptionGroup, validText, whenGiven } from './option';
import { attachedToSchema } from './readers';

const splunkFeedSchema = whenGiven(() =>
  z
    .strictObject({
      readerPrincipalArn: validText(
        principalArnFaults,
        'ARN of the principal that Splunk runs as; a role is made that it may assume. Default: only the policy is made.',
      ).optional(),
      attachedTo: attachedToSchema.optional(),
      readerExternalId: validText(
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
    .describe('A queue of new logs for the Splunk Add-on for AWS. Default: none.'),
);

export const splunkFeedShape = { splunkFeed: splunkFeedSchema.optional() };

export const splunkFeed: OptionGroup = {
  needs: [
    {
      option: 'splunkFeed.readerExternalId',
      needs: 'splunkFeed.readerPrincipalArn',
      because: 'without it no role is made that could demand it',
      when: ({ splunkFeed }) =>
        splunkFeed?.readerExternalId !== undefined && splunkFeed.readerPrincipalArn === undefined,
    },
  ],
  arns: ({ splunkFeed }) => [
    { option: 'splunkFeed.readerPrincipalArn', arn: splunkFeed?.readerPrincipalArn, anyAccount: true },
  ],
};

/**
 * What the Splunk Add-on for AWS needs for an SQS-based S3 input. Its documentation's sample also allows
 * `sqs:SendMessage`, which would let a reader forge notifications; the input receives, hides and deletes messages only.
 * Source: Splunk Add-on for AWS, "Configure SQS-Based S3 inputs", permissions.
 */
export const SPLUNK_READING = {
  queueActions: ['sqs:ChangeMessageVisibility', 'sqs:GetQueueUrl'],
  // For the list of queues in Splunk Web.
  accountActions: ['sqs:ListQueues'],
  objectActions: ['s3:GetObjectVersion'],
  listsBucket: true,
} as const;

/** An input's values. All may be Terraform references. */
export interface SplunkInput {
  /** The export's name. */
  readonly name: string;
  readonly queueUrl: string;
  readonly region: string;
  /** Name of the role in the add-on's own configuration; missing if the account itself may read. */
  readonly roleName?: string;
}

/** Sourcetype that the input gives; `props.conf` sorts events of the three kinds from it. */
const SPLUNK_SOURCETYPE = 'altr:audit';

/**
 * A stanza of `inputs.conf`, whose keys are also the fields of the add-on's form.
 * Source: Splunk Add-on for AWS, `inputs.conf.spec`, `[aws_sqs_based_s3://<name>]`.
 */
export function splunkInput({ name, queueUrl, region, roleName }: SplunkInput): string {
  return [
    `[aws_sqs_based_s3://altr-${name}]`,
    'aws_account = <account of the add-on>',
    ...(roleName ? [`aws_iam_role = ${roleName}`] : []),
    `sqs_queue_region = ${region}`,
    `sqs_queue_url = ${queueUrl}`,
    'sqs_batch_size = 10',
    'using_dlq = 1',
    's3_file_decoder = CustomLogs',
    `sourcetype = ${SPLUNK_SOURCETYPE}`,
    'interval = 300',
    'index = <your index>',
    'disabled = 0',
    '',
  ].join('\n');
}
