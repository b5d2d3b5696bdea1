/** Adds to an export's stack those who read its logs, as the config asks. */
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import type { ExportConfig } from '../contract/config/schema';
import { AltrLogEvents } from './altr-log-events';
import { AltrLogSplunkFeed } from './altr-log-splunk-feed';
import type { ExportStack } from './export-stack';

export function addReaders(stack: ExportStack, { splunkFeed }: ExportConfig): void {
  if (!splunkFeed) return;
  const { contract, bucket } = stack.export;
  const accountId = new DataAwsCallerIdentity(stack, 'Account').accountId;
  const { kmsKeyArn, ...options } = splunkFeed;
  const events = new AltrLogEvents(stack, 'Events', {
    name: contract.name,
    bucket: contract.bucket,
    place: { partition: contract.partition, region: contract.region, accountId },
    ...(kmsKeyArn ? { kmsKeyArn } : {}),
    dependsOn: [bucket],
  });
  const feed = new AltrLogSplunkFeed(stack, 'Splunk', { ...options, events });
  stack.output('splunk_queue_url', feed.queue.queue.url, 'URL of the queue that Splunk reads.');
  if (feed.readerRole) {
    stack.output('splunk_role_arn', feed.readerRole.arn, 'ARN of the role that Splunk assumes.');
  }
  stack.output(
    'splunk_policy_arn',
    feed.readerPolicy.arn,
    'ARN of the policy that Splunk’s principal needs.',
  );
  stack.output('splunk_inputs_conf', feed.inputsConf, 'Stanza for inputs.conf of the Splunk Add-on for AWS.');
}
