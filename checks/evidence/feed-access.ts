/** Whether S3 and SNS may do what a feed needs, by the policies of its topic, its queues and their key. */
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
import { type Outcome, unread } from './outcome';
import { parsedResourcePolicy } from './parsed';
import { causeOf, wordReasons } from './wording';

/** Where the feed's parts are. */
export interface Place {
  readonly partition: RuleContext['contract']['partition'];
  readonly region: string;
  readonly accountId: string;
}

/** A service that acts for a resource: who it is, and what AWS says of whom it acts for. */
export interface Sender {
  readonly caller: Caller;
  readonly context: RequestContext;
}

const OF_SERVICE = 'set by the service that acts for the resource';

/** @param accountId where AWS says that the service sends it, too */
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

/** S3, as it tells of the bucket's objects. */
export function fromBucket({ accountId }: Place, { bucketArn }: { readonly bucketArn: string }): Sender {
  return sender('s3.amazonaws.com', bucketArn, accountId);
}

/** SNS, as it sends what the topic is told. */
export function fromTopic(place: Place, { name }: { readonly name: string }): Sender {
  // Amazon SNS Developer Guide, "Subscribing an Amazon SQS queue to an Amazon SNS topic", speaks of aws:SourceArn alone.
  return sender('sns.amazonaws.com', topicArn(place, topicName(name)));
}

/**
 * What is wrong where a sender can't do something by the policy of what it does it to.
 * @param what a clause, such as "S3 may publish to the topic"
 */
export function mayDo(
  what: string,
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
        `It is not so that ${what}: there is no ${source}.`,
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
        message: `Whether ${what} can’t be decided: ${words}.`,
        actual: reasons.map(({ kind, text }) => ({ kind, text })),
        location,
      },
    ];
  }
  return [
    {
      ...fail(
        'not-allowed',
        `It is not so that ${what}: ${words}.`,
        remediation.document,
        reasons.map(({ text }) => text),
        remediation,
      ),
      location,
    },
  ];
}

/** What is wrong where a sender can't encrypt with a key. Nothing where there is none. */
export function mayUseKey(
  what: string,
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
      fail('no-key', `It is not so that ${what}: the key does not exist.`, expected, null, remediation),
    ];
  }
  const { arn, keyManager, keyState, policy } = key.value;
  if (keyManager === 'AWS') {
    const message = `It is not so that ${what}: ${arn} is AWS’s own key, whose policy lets no service publish.`;
    return [fail('aws-managed-key', message, expected, 'AWS-managed key', remediation)];
  }
  if (keyState !== 'Enabled') {
    return [
      fail(
        'key-disabled',
        `It is not so that ${what}: the key ${arn} is ${keyState}.`,
        'Enabled',
        keyState,
        remediation,
      ),
    ];
  }
  // One of the actions that is missing says it all.
  for (const action of KMS_PUBLISH_ACTIONS) {
    const outcomes = mayDo(what, policy, `key policy of ${arn}`, action, arn, from, remediation);
    if (outcomes.length > 0) return outcomes;
  }
  return [];
}

/** The change in this kit that mends a feed. */
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
