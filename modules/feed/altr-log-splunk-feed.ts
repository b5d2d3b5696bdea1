/** A feed of new logs for the Splunk Add-on for AWS, and what to enter there. */
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';
import { feedReaderDocument, queueArn, queueNames } from '../../config/options/log-feed';
import { SPLUNK_READING, splunkInput } from '../../config/options/splunk-feed';
import { parseArn, principalArnFaults } from '../../contract/arn';
import { ROLE_NAME_LENGTH } from '../../contract/name-limits';
import { boundedName } from '../../contract/names';
import type { ContractDocument } from '../../contract/statement';
import { UserError } from '../../contract/user-error';
import { conventionsOfPolicy, conventionsOfRole } from '../conventions';
import { policyDocument } from '../policy-document';
import type { AltrLogEvents } from './altr-log-events';
import { AltrLogQueue, type AltrLogQueueProps } from './altr-log-queue';

export interface AltrLogSplunkFeedProps
  extends Pick<AltrLogQueueProps, 'maxAge' | 'alarmActions' | 'rawMessageDelivery'> {
  readonly events: AltrLogEvents;
  /**
   * ARN of the principal that Splunk runs as: an EC2 instance's role, or the user or role of Splunk Cloud. A role is made
   * that only it may assume.
   * @default none: only the policy is made, for you to attach to the principal that Splunk runs as
   */
  readonly readerPrincipalArn?: string;
  /**
   * ExternalId that the principal must give when it assumes the role.
   * @default none
   */
  readonly readerExternalId?: string;
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
 * A queue as the add-on's SQS-based S3 input wants it, a policy (and a role) with exactly what that input needs, and alarms.
 * Not for other consumers of the same logs: give each its own `AltrLogQueue`, since a message is read once.
 */
export class AltrLogSplunkFeed extends Construct {
  readonly queue: AltrLogQueue;
  readonly readerPolicy: IamPolicy;
  readonly readerRole: IamRole | undefined;
  /** The stanza of `inputs.conf`; it may hold Terraform references. */
  readonly inputsConf: string;

  constructor(scope: Construct, id: string, props: AltrLogSplunkFeedProps) {
    super(scope, id);
    const { events } = props;
    const { name, place, bucket } = events;
    refuseForeign(name, place.partition, props.readerPrincipalArn);
    this.queue = new AltrLogQueue(this, 'Queue', { ...props, consumer: 'splunk' });
    const reading = feedReaderDocument(place.partition, {
      ...SPLUNK_READING,
      // From its name, so that a plan shows the policy before the queue exists.
      queueArn: queueArn(place, queueNames(name, 'splunk').queue),
      bucket,
      keyArns: [
        events.kmsKeyArn,
        ...(props.bucketKeyArn ? [props.bucketKeyArn] : []),
        ...(props.formerBucketKeyArns ?? []),
      ],
    });
    this.readerPolicy = new IamPolicy(this, 'ReaderPolicy', {
      name: queueNames(name, 'splunk').queue,
      description: `Lets Splunk read ALTR audit logs of ${name}.`,
      policy: policyDocument(this, 'ReaderDocument', reading).json,
      ...conventionsOfPolicy(events.conventions),
    });
    if (props.readerPrincipalArn) {
      this.readerRole = new IamRole(this, 'ReaderRole', {
        name: boundedName(queueNames(name, 'splunk').queue, ROLE_NAME_LENGTH),
        description: 'Assumed by the Splunk Add-on for AWS to read ALTR audit logs.',
        assumeRolePolicy: policyDocument(
          this,
          'ReaderTrust',
          readerTrust(props.readerPrincipalArn, props.readerExternalId),
        ).json,
        ...conventionsOfRole(events.conventions),
      });
      new IamRolePolicyAttachment(this, 'ReaderAttachment', {
        role: this.readerRole.id,
        policyArn: this.readerPolicy.arn,
      });
    }
    this.inputsConf = splunkInput({
      name,
      queueUrl: this.queue.queue.url,
      region: place.region,
      ...(this.readerRole ? { roleName: this.readerRole.name } : {}),
    });
  }
}

/** The config checks this itself; here it is checked for those who use the construct without it. */
function refuseForeign(name: string, partition: string, arn: string | undefined): void {
  if (arn === undefined) return;
  const of = parseArn(arn)?.partition;
  const faults =
    of !== undefined && of !== partition
      ? [`is in the partition ${of}, and the bucket in ${partition}`]
      : principalArnFaults(arn);
  if (faults.length > 0)
    throw new UserError(
      faults.map((fault) => `export ${name}: readerPrincipalArn ${arn} ${fault}`).join('\n'),
    );
}

function readerTrust(principalArn: string, externalId: string | undefined): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: principalArn },
        Action: 'sts:AssumeRole',
        ...(externalId ? { Condition: { StringEquals: { 'sts:ExternalId': externalId } } } : {}),
      },
    ],
  };
}
