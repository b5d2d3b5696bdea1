import { deploy, fail, fromBucket, fromTopic, mayDo, mayUseKey } from '../../../checks/evidence/feed-access';
import type { Outcome } from '../../../checks/evidence/outcome';
import {
  ABSENT,
  type KmsKeyObservation,
  known,
  type Observed,
  type PolicyText,
  unreadable,
} from '../../../checks/observe/observation';
import { feedKeyDocument, feedKeyStatements, topicDocument } from '../../../config/options/log-feed';
import { EXAMPLE } from '../rules/support';

const PLACE = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' } as const;
const TOPIC_NAME = 'altr-acme-prod-logs';
const TOPIC = `arn:aws:sns:us-east-1:123456789012:${TOPIC_NAME}`;
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/feed';
const SOURCE = `policy of topic ${TOPIC}`;

const BUCKET = fromBucket(PLACE, EXAMPLE);
const REMEDY = {
  summary: 'Let S3 publish.',
  document: topicDocument(PLACE, TOPIC_NAME, EXAMPLE.bucket),
};
const refused = unreadable({ message: 'AWS denied sns:GetTopicAttributes (AccessDenied)' });

const policyText = (source: string, document: unknown): Observed<PolicyText> =>
  known({ source, text: JSON.stringify(document) });
const allow = (Service: string, Action: unknown, Condition?: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action, Resource: '*', Condition }],
});
const publish = (policy: Observed<PolicyText>) =>
  mayDo(
    { service: 'S3', does: 'publish to the topic' },
    policy,
    SOURCE,
    'sns:Publish',
    TOPIC,
    BUCKET,
    REMEDY,
  );

test('S3 is known by bucket and account, SNS by the topic alone, and both as services that use TLS', () => {
  const told = ({ context }: typeof BUCKET) =>
    ['SourceArn', 'SourceAccount', 'PrincipalIsAWSService', 'PrincipalServiceName', 'SecureTransport'].map(
      (key) => {
        const fact = context.fact(`aws:${key}`);
        return fact.kind === 'value' ? fact.value : fact.kind;
      },
    );
  expect(BUCKET.caller).toEqual({ accountId: '', service: 's3.amazonaws.com' });
  expect(told(BUCKET)).toEqual([EXAMPLE.bucketArn, '123456789012', 'true', 's3.amazonaws.com', 'true']);
  const topic = fromTopic(PLACE, EXAMPLE);
  expect(topic.caller).toEqual({ accountId: '', service: 'sns.amazonaws.com' });
  expect(told(topic)).toEqual([TOPIC, 'open', 'true', 'sns.amazonaws.com', 'true']);
});

test.each<[what: string, policy: Observed<PolicyText>, outcomes: readonly Outcome[]]>([
  ['that lets it', policyText(SOURCE, REMEDY.document), []],
  [
    'that could not be read',
    refused,
    [
      {
        status: 'unknown',
        fact: 'unreadable-attribute',
        cause: 'unreadable',
        message: 'It can’t be decided: AWS denied sns:GetTopicAttributes (AccessDenied).',
        actual: refused.reason,
      },
    ],
  ],
  [
    'that does not exist',
    ABSENT,
    [
      {
        status: 'fail',
        fact: 'not-allowed',
        message: `S3 can’t publish to the topic: there is no ${SOURCE}.`,
        expected: REMEDY.document,
        actual: null,
        remediation: REMEDY,
      },
    ],
  ],
  [
    'that names another service',
    policyText(SOURCE, allow('sns.amazonaws.com', 'sns:Publish')),
    [
      {
        status: 'fail',
        fact: 'not-allowed',
        message: 'S3 can’t publish to the topic: nothing allows sns:Publish.',
        expected: REMEDY.document,
        actual: ['nothing allows sns:Publish'],
        remediation: REMEDY,
        location: { document: SOURCE, pointer: '' },
      },
    ],
  ],
  [
    'that denies it',
    policyText(SOURCE, {
      Statement: [
        ...REMEDY.document.Statement,
        { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' },
      ],
    }),
    [
      {
        status: 'fail',
        fact: 'not-allowed',
        message: `S3 can’t publish to the topic: a statement denies it (${SOURCE}, /Statement/1).`,
        expected: REMEDY.document,
        actual: ['a statement denies it'],
        remediation: REMEDY,
        location: { document: SOURCE, pointer: '/Statement/1' },
      },
    ],
  ],
  [
    'that asks for what nobody knows',
    policyText(
      SOURCE,
      allow('s3.amazonaws.com', 'sns:Publish', { StringEquals: { 'aws:SourceOrgID': 'o-exampleorg1' } }),
    ),
    [
      {
        status: 'unknown',
        fact: 'depends',
        cause: 'undecidable',
        message: `Whether S3 can publish to the topic can’t be decided: its condition depends on what is not known: StringEquals aws:SourceOrgID o-exampleorg1 (${SOURCE}, /Statement/0).`,
        actual: [{ kind: 'condition', text: 'its condition depends on what is not known' }],
        location: { document: SOURCE, pointer: '/Statement/0' },
      },
    ],
  ],
])('what S3 may do by a policy %s', (_what, policy, outcomes) => {
  expect(publish(policy)).toEqual(outcomes);
});

test.each([
  [
    'requests without TLS',
    { Bool: { 'aws:SecureTransport': 'false' } },
    'Bool aws:SecureTransport false (AWS’s services use TLS)',
  ],
  [
    'another bucket',
    { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::another' } },
    'ArnEquals aws:SourceArn arn:aws:s3:::another (set by the service that acts for the resource)',
  ],
  [
    'another account',
    { StringEquals: { 'aws:SourceAccount': '222222222222' } },
    'StringEquals aws:SourceAccount 222222222222 (set by the service that acts for the resource)',
  ],
  [
    'no service',
    { Bool: { 'aws:PrincipalIsAWSService': 'false' } },
    'Bool aws:PrincipalIsAWSService false (set by the service that acts for the resource)',
  ],
  [
    'another service by its name',
    { StringEquals: { 'aws:PrincipalServiceName': 'sns.amazonaws.com' } },
    'StringEquals aws:PrincipalServiceName sns.amazonaws.com (set by the service that acts for the resource)',
  ],
])('a policy for %s alone is told with the reason why S3 does not meet it', (_what, condition, words) => {
  const [outcome] = publish(policyText(SOURCE, allow('s3.amazonaws.com', 'sns:Publish', condition)));
  expect(outcome?.message).toBe(
    `S3 can’t publish to the topic: nothing allows sns:Publish; its condition never holds for this request: ${words} (${SOURCE}, /Statement/0).`,
  );
});

const encrypt = (key: Observed<KmsKeyObservation> | undefined) =>
  mayUseKey({ service: 'S3', does: 'encrypt for the topic' }, key, BUCKET, PLACE, EXAMPLE);
const keyDocument = feedKeyDocument(PLACE, TOPIC_NAME, EXAMPLE.bucket);
const keyWith = (changes: Partial<KmsKeyObservation> = {}): Observed<KmsKeyObservation> =>
  known({
    arn: KEY,
    keyManager: 'CUSTOMER',
    keyState: 'Enabled',
    policy: policyText('the key policy', keyDocument),
    ...changes,
  });
const keyRemedy = {
  summary: 'Encrypt with a customer-managed key whose policy lets S3 and SNS use it.',
  document: keyDocument,
  cdktf: 'npx cdktf deploy acme-prod',
};
const expected = feedKeyStatements(PLACE, TOPIC_NAME, EXAMPLE.bucket);

test.each<[what: string, key: Observed<KmsKeyObservation> | undefined, outcomes: readonly Outcome[]]>([
  ['without a key', undefined, []],
  ['with the kit’s own key', keyWith(), []],
  ['with a key whose primary Region changes', keyWith({ keyState: 'Updating' }), []],
  [
    'with a key that could not be read',
    unreadable({ message: 'AWS denied kms:DescribeKey (AccessDenied)', api: 'kms:DescribeKey' }),
    [
      {
        status: 'unknown',
        fact: 'unreadable-kms:DescribeKey',
        cause: 'unreadable',
        message: 'It can’t be decided: AWS denied kms:DescribeKey (AccessDenied).',
        actual: { message: 'AWS denied kms:DescribeKey (AccessDenied)', api: 'kms:DescribeKey' },
      },
    ],
  ],
  [
    'with a key that does not exist',
    ABSENT,
    [
      {
        status: 'fail',
        fact: 'no-key',
        message: 'S3 can’t encrypt for the topic: the key does not exist.',
        expected,
        actual: null,
        remediation: keyRemedy,
      },
    ],
  ],
  [
    'with AWS’s own key',
    keyWith({ keyManager: 'AWS' }),
    [
      {
        status: 'fail',
        fact: 'aws-managed-key',
        message: `S3 can’t encrypt for the topic: ${KEY} is an AWS managed key, whose policy lets no service publish.`,
        expected,
        actual: 'AWS-managed key',
        remediation: keyRemedy,
      },
    ],
  ],
  [
    'with a key that is off',
    keyWith({ keyState: 'Disabled' }),
    [
      {
        status: 'fail',
        fact: 'key-disabled',
        message: `S3 can’t encrypt for the topic: the key ${KEY} is Disabled.`,
        expected: 'Enabled',
        actual: 'Disabled',
        remediation: keyRemedy,
      },
    ],
  ],
])('what S3 may encrypt %s', (_what, key, outcomes) => {
  expect(encrypt(key)).toEqual(outcomes);
});

test.each([
  ['nothing', 'kms:Encrypt', 'kms:GenerateDataKey'],
  ['no decryption', 'kms:GenerateDataKey*', 'kms:Decrypt'],
  ['no data keys', 'kms:Decrypt', 'kms:GenerateDataKey'],
])('a key that lets S3 do %s fails once, by the first action that it lacks', (_what, allowed, lacking) => {
  const policy = policyText('the key policy', allow('s3.amazonaws.com', allowed));
  expect(encrypt(keyWith({ policy }))).toEqual([
    {
      ...fail(
        'not-allowed',
        `S3 can’t encrypt for the topic: nothing allows ${lacking}.`,
        keyDocument,
        [`nothing allows ${lacking}`],
        keyRemedy,
      ),
      location: { document: `key policy of ${KEY}`, pointer: '' },
    },
  ]);
});

test('a feed is repaired by a deployment of its export', () => {
  expect(deploy('acme-prod')).toEqual({ cdktf: 'npx cdktf deploy acme-prod' });
});
