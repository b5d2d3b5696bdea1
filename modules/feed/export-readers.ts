/** Adds to an export's stack those who read its logs, as the config asks. */
import type { ExportConfig } from '../../config/schema';
import type { ExportStack } from '../stack/export-stack';
import { AltrLogAlerts } from './altr-log-alerts';
import { AltrLogEvents } from './altr-log-events';
import { AltrLogSplunkFeed } from './altr-log-splunk-feed';

/** Makes each declared reader with its outputs, and the topic of new objects if there is a reader. */
export function addReaders(
  stack: ExportStack,
  { encryption, logEvents, splunkFeed, alerts }: ExportConfig,
): void {
  if (!splunkFeed && !alerts) return;
  const { contract, bucket, bucketSettings, kmsKeyArn, conventions } = stack.export;
  const accountId = stack.export.accountId();
  const bucketKey = { bucketKeyArn: kmsKeyArn, formerBucketKeyArns: encryption?.formerKeys };
  const events = new AltrLogEvents(stack, 'Events', {
    notification: bucket !== undefined,
    ...logEvents,
    ...conventions,
    name: contract.name,
    bucket: contract.bucket,
    place: { partition: contract.partition, region: contract.region, accountId },
    // One setting of the bucket after the other.
    dependsOn: bucketSettings.after,
  });
  if (!bucket) {
    stack.output(
      'events_topic_arn',
      events.topic.arn,
      'Topic that the bucket’s owner must send s3:ObjectCreated:* to, unless logEvents.notification is true.',
    );
  }
  if (splunkFeed) {
    const feed = new AltrLogSplunkFeed(stack, 'Splunk', { ...splunkFeed, ...bucketKey, events });
    stack.output('splunk_queue_url', feed.queue.queue.url, 'URL of the queue that Splunk reads.');
    if (feed.readerRole) {
      stack.output('splunk_role_arn', feed.readerRole.arn, 'ARN of the role that Splunk assumes.');
    }
    stack.output(
      'splunk_policy_arn',
      feed.readerPolicy.arn,
      'ARN of the policy that Splunk’s principal needs.',
    );
    stack.output(
      'splunk_inputs_conf',
      feed.inputsConf,
      'Stanza for inputs.conf of the Splunk Add-on for AWS.',
    );
  }
  if (alerts) {
    const { systemCategories, eventNames, customEventTypes, ...options } = alerts;
    const filter = { systemCategories, eventNames, customEventTypes };
    const mails = new AltrLogAlerts(stack, 'Alerts', { ...options, ...bucketKey, filter, events });
    stack.output('alerts_topic_arn', mails.topic.arn, 'ARN of the topic that sends the mails.');
  }
}
