/** Whether S3 and SNS can do what a feed needs, by the policies of its topic, its queues and their key. */
import {
  feedKeyDocument,
  feedKeyStatements,
  KMS_PUBLISH_ACTIONS,
  topicArn,
  topicName,
} from '../../config/options/log-feed';
import type { ContractDocument } from '../../contract/statement';
import type { KmsKeyObservation, Observed, PolicyText } from '../observe/observation';
import { type Caller, decideByPolicy, RequestContext, resourceName } from '../policy';
import type { RuleContext } from './context';
import { isUsable } from './key-use';
import { type Outcome, unread } from './outcome';
import { parsedResourcePolicy } from './parsed';
import { causeOf, wordReasons } from './wording';

/** Where the feed's parts are. */
export interface Place {
  readonly partition: RuleContext['contract']['partition'];
  readonly region: string;
  readonly accountId: string;
}

/** A service that acts for a resource, and the condition keys by which AWS tells for which one. */
export interface Sender {
  readonly caller: Caller;
  readonly context: RequestContext;
}

/** What a service has to be able to do, for example `S3` `publish to the topic`. */
export interface Ability {
  readonly service: string;
  readonly does: string;
}

const OF_SERVICE = 'set by the service that acts for the resource';

/** @param accountId if AWS documents that the service sends it, too */
function sender(service: string, sourceArn: string, accountId?: string): Sender {
  return {
    caller: { accountId: '', service },
    context: new RequestContext({
      'aws:SourceArn': { kind: 'value', value: sourceArn, why: OF_SERVICE },
      ...(accountId
        ? { 'aws:SourceAccount': { kind: 'value', value: accountId, why: OF_SERVICE } as const }
        : {}),
      'aws:PrincipalIsAWSService': { kind: 'value', value: 'true', why: OF_SERVICE },
      'aws:PrincipalServiceName': { kind: 'value', value: service, why: OF_SERVICE },
      'aws:SecureTransport': { kind: 'value', value: 'true', why: 'AWS’s services use TLS' },
    }),
  };
}

/** S3, as it announces the bucket's new objects. */
export function fromBucket({ accountId }: Place, { bucketArn }: { readonly bucketArn: string }): Sender {
  return sender('s3.amazonaws.com', bucketArn, accountId);
}

/** SNS, as it delivers the topic's messages. */
export function fromTopic(place: Place, { name }: { readonly name: string }): Sender {
  // Amazon SNS Developer Guide, "Subscribing an Amazon SQS queue to an Amazon SNS topic", speaks of aws:SourceArn alone.
  return sender('sns.amazonaws.com', topicArn(place, topicName(name)));
}

/** The outcomes if the resource's policy keeps a sender from doing something. */
export function mayDo(
  what: Ability,
  policy: Observed<PolicyText>,
  source: string,
  action: string,
  arn: string,
  { caller, context }: Sender,
  remediation: NonNullable<Outcome['remediation']>,
): Outcome[] {
  if (policy.state === 'unreadable') return [unread(policy.reason)];
  if (policy.state === 'absent') {
    return [
      fail(
        'not-allowed',
        `${what.service} can’t ${what.does}: there is no ${source}.`,
        remediation.document,
        null,
        remediation,
      ),
    ];
  }
  const request = { action, resource: resourceName(arn), caller, context };
  const { verdict, reasons } = decideByPolicy(parsedResourcePolicy(policy.value), request);
  if (verdict === 'allowed') return [];
  const words = wordReasons(reasons);
  const location = { document: source, pointer: reasons[0]?.pointer ?? '' };
  if (verdict === 'depends') {
    return [
      {
        status: 'unknown',
        fact: 'depends',
        cause: causeOf(reasons),
        message: `Whether ${what.service} can ${what.does} can’t be decided: ${words}.`,
        actual: reasons.map(({ kind, text }) => ({ kind, text })),
        location,
      },
    ];
  }
  return [
    {
      ...fail(
        'not-allowed',
        `${what.service} can’t ${what.does}: ${words}.`,
        remediation.document,
        reasons.map(({ text }) => text),
        remediation,
      ),
      location,
    },
  ];
}

/** The outcomes if a sender can't encrypt with a key. Empty without a key. */
export function mayUseKey(
  what: Ability,
  key: Observed<KmsKeyObservation> | undefined,
  from: Sender,
  place: Place,
  contract: RuleContext['contract'],
): Outcome[] {
  if (!key) return [];
  if (key.state === 'unreadable') return [unread(key.reason)];
  const topic = topicName(contract.name);
  const document: ContractDocument = feedKeyDocument(place, topic, contract.bucket);
  const remediation = {
    summary: 'Encrypt with a customer-managed key whose policy lets S3 and SNS use it.',
    document,
    ...deploy(contract.name),
  };
  const expected = feedKeyStatements(place, topic, contract.bucket);
  if (key.state === 'absent') {
    return [
      fail(
        'no-key',
        `${what.service} can’t ${what.does}: the key does not exist.`,
        expected,
        null,
        remediation,
      ),
    ];
  }
  const { arn, keyManager, keyState, policy } = key.value;
  if (keyManager === 'AWS') {
    const message = `${what.service} can’t ${what.does}: ${arn} is an AWS managed key, whose policy lets no service publish.`;
    return [fail('aws-managed-key', message, expected, 'AWS-managed key', remediation)];
  }
  if (!isUsable(keyState)) {
    return [
      fail(
        'key-disabled',
        `${what.service} can’t ${what.does}: the key ${arn} is ${keyState}.`,
        'Enabled',
        keyState,
        remediation,
      ),
    ];
  }
  // One missing action is enough to report.
  for (const action of KMS_PUBLISH_ACTIONS) {
    const outcomes = mayDo(what, policy, `key policy of ${arn}`, action, arn, from, remediation);
    if (outcomes.length > 0) return outcomes;
  }
  return [];
}

/** The change in this kit that repairs a feed. */
export function deploy(name: string) {
  return { cdktf: `npx cdktf deploy ${name}` };
}

export function fail(
  fact: string,
  message: string,
  expected: unknown,
  actual: unknown,
  remediation: NonNullable<Outcome['remediation']>,
): Outcome {
  return { status: 'fail', fact, message, expected, actual, remediation };
}
