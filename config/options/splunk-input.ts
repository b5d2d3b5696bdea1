/** What to enter in the Splunk Add-on for AWS: the stanza of an SQS-based S3 input. */

/** An input's values. All may be Terraform references. */
export interface SplunkInput {
  /** The export's name. */
  readonly name: string;
  readonly queueUrl: string;
  readonly region: string;
  /** Name of the role in the add-on's own configuration; missing where the account itself may read. */
  readonly roleName?: string;
}

/** Sourcetype that the input gives; `props.conf` sorts events of the three kinds from it. */
export const SPLUNK_SOURCETYPE = 'altr:audit';

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
