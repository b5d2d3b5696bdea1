/** A topic that announces new objects of the bucket; every reader of the logs subscribes to it. */
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import {
  type FeedPlace,
  feedKeyDocument,
  OBJECT_CREATED,
  topicDocument,
  topicName,
} from '../../config/options/log-feed';
import { type Conventions, tagged } from '../conventions';
import { policyDocument } from '../policy-document';

/** The conventions apply to the consumers of the events too. */
export interface AltrLogEventsProps extends Conventions {
  /** The export's name, from which all names derive. */
  readonly name: string;
  /** The bucket that ALTR writes to, in the same account and region. */
  readonly bucket: string;
  readonly place: FeedPlace;
  /**
   * ARN of a KMS key for the topic and its queues. Its policy must hold `feedKeyStatements` (config/options/log-feed.ts):
   * AWS-managed keys can't be used, since S3 may not publish with them.
   * @default a key of its own, with rotation
   */
  readonly kmsKeyArn?: string;
  /**
   * Whether to set the bucket's notification configuration. S3 keeps one per bucket: setting it replaces what another
   * owner of the bucket has set.
   * @default true
   */
  readonly notification?: boolean;
  /** What must exist before the bucket's notification is configured: the bucket and its settings. */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * An SNS topic that gets an event for every new object of the bucket, encrypted with a customer-managed key that S3 and SNS
 * may use. Not for other events: readers of logs don't need deletions.
 */
export class AltrLogEvents extends Construct {
  readonly name: string;
  readonly bucket: string;
  readonly place: FeedPlace;
  readonly kmsKeyArn: string;
  readonly topic: SnsTopic;
  readonly conventions: Conventions;

  constructor(scope: Construct, id: string, props: AltrLogEventsProps) {
    super(scope, id);
    const { name, bucket, place, path, permissionsBoundary, tags } = props;
    this.name = name;
    this.bucket = bucket;
    this.place = place;
    this.conventions = {
      path,
      permissionsBoundary,
      tags,
    };
    const topic = topicName(name);
    this.kmsKeyArn = props.kmsKeyArn ?? this.key(topic).arn;
    this.topic = new SnsTopic(this, 'Topic', {
      name: topic,
      displayName: `ALTR audit logs of ${name}`,
      kmsMasterKeyId: this.kmsKeyArn,
      ...tagged(this.conventions),
    });
    const policy = new SnsTopicPolicy(this, 'TopicPolicy', {
      arn: this.topic.arn,
      policy: policyDocument(this, 'TopicDocument', topicDocument(place, topic, bucket)).json,
    });
    if (props.notification === false) return;
    // S3 sends a test event when this is set, and refuses a topic that it may not publish to.
    new S3BucketNotification(this, 'Notification', {
      bucket,
      topic: [{ topicArn: this.topic.arn, events: [OBJECT_CREATED] }],
      dependsOn: [policy, ...(props.dependsOn ?? [])],
    });
  }

  private key(topic: string): KmsKey {
    const key = new KmsKey(this, 'Key', {
      description: `Notifications of ALTR audit logs, ${topic}.`,
      enableKeyRotation: true,
      policy: policyDocument(this, 'KeyDocument', feedKeyDocument(this.place, topic, this.bucket)).json,
      ...tagged(this.conventions),
    });
    new KmsAlias(this, 'KeyAlias', { name: `alias/${topic}`, targetKeyId: key.keyId });
    return key;
  }
}
