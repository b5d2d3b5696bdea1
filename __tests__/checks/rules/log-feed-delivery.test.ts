import { known, unreadable } from '../../../checks/observe/observation';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import { judge } from '../../../checks/verdict/judge';
import { feedKeyDocument, queueDocument, topicDocument } from '../../../config/options/log-feed';
import { EXAMPLE } from './support';

type Feed = NonNullable<SetUp['logFeed']>;

const PLACE = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' } as const;
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:altr-acme-prod-logs';
const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:altr-acme-prod-splunk';

function findings(logFeed: Feed) {
  const [report] = judge(observationOf({ logFeed }, EXAMPLE), {
    contracts: [EXAMPLE],
    declaredRoles: [EXAMPLE],
    feeds: new Map([[EXAMPLE.name, ['splunk']]]),
  });
  return report?.findings.filter(({ rule }) => rule === 'log-feed-delivery') ?? [];
}

const statuses = (logFeed: Feed) => findings(logFeed).map(({ status }) => status);
const topics = (events: readonly string[], isFiltered = false, topicArn = TOPIC) => ({
  topics: [{ topicArn, events, isFiltered }],
});
const allow = (Service: string, Action: unknown, Condition?: unknown, Resource: unknown = '*') => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service }, Action, Resource, ...(Condition ? { Condition } : {}) },
  ],
});
const deny = (document: { Statement: readonly unknown[] }, Condition: unknown) => ({
  ...document,
  Statement: [
    ...document.Statement,
    { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*', Condition },
  ],
});

describe('passes', () => {
  test.each<[string, Feed]>([
    ['as the construct makes it', {}],
    [
      'with the ways of creation one by one',
      topics(['Put', 'Post', 'Copy', 'CompleteMultipartUpload'].map((way) => `s3:ObjectCreated:${way}`)),
    ],
    [
      'with a topic policy that any bucket of the account may use',
      {
        topicPolicy: allow('s3.amazonaws.com', 'SNS:Publish', {
          StringEquals: { 'aws:sourceaccount': '123456789012' },
        }),
      },
    ],
    [
      'with a queue policy by ArnLike',
      {
        queuePolicy: allow('sns.amazonaws.com', 'sqs:*', {
          ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:altr-*' },
        }),
      },
    ],
    [
      'with TLS demanded',
      {
        queuePolicy: deny(queueDocument(PLACE, 'altr-acme-prod-splunk', 'altr-acme-prod-logs'), {
          Bool: { 'aws:SecureTransport': 'false' },
        }),
      },
    ],
    [
      'with another queue beside ours',
      { subscribedQueues: ['arn:aws:sqs:us-east-1:123456789012:other', QUEUE] },
    ],
    ['with a key whose primary Region changes', { key: { keyState: 'Updating' } }],
  ])('%s', (_name, feed) => {
    expect(statuses(feed)).toEqual(['pass']);
  });
});

describe('fails', () => {
  test.each<[string, Feed, string]>([
    ['without a notification', { topics: [] }, 'does not notify the topic'],
    [
      'with a notification to another topic',
      topics(['s3:ObjectCreated:*'], false, `${TOPIC}-other`),
      'does not notify the topic',
    ],
    ['with one way of creation missing', topics(['s3:ObjectCreated:Put']), 'CompleteMultipartUpload'],
    ['with removals only', topics(['s3:ObjectRemoved:*']), 's3:ObjectCreated:Put'],
    ['with some keys only', topics(['s3:ObjectCreated:*'], true), 'some keys only'],
    [
      'where S3 may not publish',
      { topicPolicy: allow('sns.amazonaws.com', 'sns:Publish') },
      'S3 can’t publish',
    ],
    [
      'where only another bucket may publish',
      { topicPolicy: topicDocument(PLACE, 'altr-acme-prod-logs', 'another') },
      'S3 can’t publish',
    ],
    [
      'where a Deny stops S3',
      {
        topicPolicy: deny(topicDocument(PLACE, 'altr-acme-prod-logs', 'acme-altr-audit-logs'), {
          Bool: { 'aws:PrincipalIsAWSService': 'true' },
        }),
      },
      'S3 can’t publish',
    ],
    [
      'where the topic may not send',
      { queuePolicy: allow('s3.amazonaws.com', 'sqs:SendMessage') },
      'SNS can’t send',
    ],
    [
      'where only another topic may send',
      { queuePolicy: queueDocument(PLACE, 'altr-acme-prod-splunk', 'another') },
      'SNS can’t send',
    ],
    ['where the queue is not subscribed', { subscribedQueues: [] }, 'does not receive the messages'],
    [
      'where the subscription filters by attributes',
      { filter: known({ scope: 'MessageAttributes', policy: '{"store":["example"]}' }) },
      'has a filter policy on attributes',
    ],
    ['with AWS’s own key', { key: { keyManager: 'AWS' } }, 'an AWS managed key'],
    ['with a disabled key', { key: { keyState: 'PendingDeletion' } }, 'is PendingDeletion'],
    [
      'where S3 may not use the key',
      { keyPolicy: { ...feedKeyDocument(PLACE, 'altr-acme-prod-logs', 'another') } },
      'S3 can’t encrypt',
    ],
    [
      'where the key lets decrypt only',
      { keyPolicy: allow('sns.amazonaws.com', 'kms:Decrypt') },
      'SNS can’t encrypt',
    ],
  ])('%s', (_name, feed, message) => {
    const found = findings(feed);
    expect(found.every(({ status }) => status === 'fail')).toBe(true);
    expect(found.map((finding) => finding.message).join('\n')).toContain(message);
    expect(found.every(({ remediation }) => remediation !== null)).toBe(true);
  });
});

describe('is unknown', () => {
  test('where a condition depends on what is not known', () => {
    const condition = { StringEquals: { 'aws:SourceOrgID': 'o-exampleorgid' } };
    expect(statuses({ topicPolicy: allow('s3.amazonaws.com', 'sns:Publish', condition) })).toEqual([
      'unknown',
    ]);
  });

  test.each<[string, Feed['filter']]>([
    [
      'filters by the body',
      known({ scope: 'MessageBody', policy: '{"Records":{"eventName":[{"prefix":"ObjectCreated"}]}}' }),
    ],
    [
      'wants an attribute to be missing',
      known({ scope: 'MessageAttributes', policy: '{"store":[{"exists":false}]}' }),
    ],
    ['could not be read', unreadable({ message: 'AccessDenied' })],
  ])('where the subscription %s', (_name, filter) => {
    expect(statuses({ ...(filter ? { filter } : {}) })).toEqual(['unknown']);
  });

  test('where the queue demands a key that SNS is not said to send', () => {
    const condition = { StringEquals: { 'aws:SourceAccount': '123456789012' } };
    expect(statuses({ queuePolicy: allow('sns.amazonaws.com', 'sqs:SendMessage', condition) })).toEqual([
      'unknown',
    ]);
  });

  test('where a policy can’t be read as one', () => {
    expect(statuses({ queuePolicy: 'no policy' })).toEqual(['unknown']);
  });

  test('where a declared feed was not looked at', () => {
    const [report] = judge(observationOf({}, EXAMPLE), {
      contracts: [EXAMPLE],
      declaredRoles: [EXAMPLE],
      feeds: new Map([[EXAMPLE.name, ['splunk']]]),
    });
    expect(report?.status).toBe('unknown');
  });

  test('where one of two queues was not looked at', () => {
    const [report] = judge(observationOf({ logFeed: {} }, EXAMPLE), {
      contracts: [EXAMPLE],
      declaredRoles: [EXAMPLE],
      feeds: new Map([[EXAMPLE.name, ['splunk', 'alerts']]]),
    });
    expect(report?.status).toBe('unknown');
  });
});

test('is silent where no reader is declared', () => {
  const [report] = judge(observationOf({ logFeed: { topics: [] } }, EXAMPLE), {
    contracts: [EXAMPLE],
    declaredRoles: [EXAMPLE],
  });
  expect(report?.findings.filter(({ rule }) => rule === 'log-feed-delivery')).toEqual([]);
});
