import { Testing } from 'cdktf';
import { parseConfig } from '../../../config/file/parse';
import { definitionOf } from '../../../config/schema';
import { AltrLogEvents } from '../../../modules/feed/altr-log-events';
import { AltrLogSplunkFeed } from '../../../modules/feed/altr-log-splunk-feed';
import { addReaders } from '../../../modules/feed/export-readers';
import { ExportStack } from '../../../modules/stack/export-stack';

type Resources = Record<string, Record<string, Record<string, unknown>>>;

function synth(options: object): { resource: Resources; output: Record<string, { value: string }> } {
  const text = JSON.stringify({
    altr: { awsAccountId: '111122223333' },
    exports: [
      {
        name: 'acme',
        clientId: 'client',
        bucket: 'acme-logs',
        region: 'eu-west-1',
        roleName: 'ALTRPublishSIEMDataAcme',
        ...options,
      },
    ],
  });
  const { config } = parseConfig(text, 'altr-exports.json', 'provision');
  const [entry] = config.exports;
  if (!entry) throw new Error('no export');
  const stack = new ExportStack(Testing.app(), { ...entry, ...definitionOf(config, entry) });
  addReaders(stack, entry);
  return JSON.parse(Testing.synth(stack));
}

test('nobody reads the logs unless the config says so', () => {
  const { resource } = synth({});
  expect(Object.keys(resource).filter((type) => /sns|sqs|lambda|kms|notification/.test(type))).toEqual([]);
});

test('two readers share the topic and the one notification of the bucket', () => {
  const { resource } = synth({ splunkFeed: {}, alerts: { emails: ['a@example.com', 'b@example.com'] } });
  expect(Object.keys(resource.aws_s3_bucket_notification ?? {})).toHaveLength(1);
  expect(Object.values(resource.aws_sns_topic ?? {}).map(({ name }) => name)).toEqual([
    'altr-acme-alerts-mail',
    'altr-acme-logs',
  ]);
  expect(Object.values(resource.aws_sns_topic_subscription ?? {}).map(({ protocol }) => protocol)).toEqual([
    'email',
    'email',
    'sqs',
    'sqs',
  ]);
});

test('only new objects are told', () => {
  const { resource } = synth({ splunkFeed: {} });
  const [notification] = Object.values(resource.aws_s3_bucket_notification ?? {});
  expect(notification?.topic).toEqual([expect.objectContaining({ events: ['s3:ObjectCreated:*'] })]);
});

test('the notification waits for the topic’s policy and for the last setting of the bucket', () => {
  const { resource } = synth({
    splunkFeed: {},
    retention: { objectLock: true, expireAfterDays: 400 },
    accessLogging: { bucket: 'access' },
    bucketPolicy: { requireTls: true },
    replication: { bucket: 'acme-copy', region: 'eu-north-1' },
  });
  const [notification] = Object.values(resource.aws_s3_bucket_notification ?? {});
  expect(notification?.depends_on).toEqual([
    'aws_sns_topic_policy.events_topic_policy',
    'aws_s3_bucket_replication_configuration.export_replication_configuration',
  ]);
  const [replication] = Object.values(resource.aws_s3_bucket_replication_configuration ?? {});
  expect(replication?.depends_on).toContain('aws_s3_bucket_policy.export_bucket_policy');
});

test('the notification can be left to whoever sets the others of the bucket', () => {
  const { resource } = synth({ splunkFeed: {}, logEvents: { notification: false } });
  expect(resource.aws_s3_bucket_notification).toBeUndefined();
});

test('a key of one’s own is used and none is made', () => {
  const kmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/abc';
  const { resource } = synth({ splunkFeed: {}, logEvents: { kmsKeyArn } });
  expect(resource.aws_kms_key).toBeUndefined();
  expect(Object.values(resource.aws_sqs_queue ?? {}).map((queue) => queue.kms_master_key_id)).toEqual([
    kmsKeyArn,
    kmsKeyArn,
  ]);
});

test('without a principal of Splunk’s only the policy is made', () => {
  const { resource, output } = synth({ splunkFeed: {} });
  expect(Object.keys(resource.aws_iam_role ?? {})).toEqual(['export_role']);
  expect(Object.values(resource.aws_iam_policy ?? {}).map(({ name }) => name)).toContain('altr-acme-splunk');
  expect(output.splunk_inputs_conf?.value).not.toContain('aws_iam_role');
});

test.each([true, false])(
  'messages come without SNS’s envelope where the reader wants them so: %p',
  (isRaw) => {
    const { resource } = synth({ splunkFeed: isRaw ? { rawMessageDelivery: true } : {} });
    const [subscription] = Object.values(resource.aws_sns_topic_subscription ?? {});
    expect(subscription?.raw_message_delivery).toBe(isRaw);
  },
);

test('mails wait for a confirmation, and the output says so', () => {
  const { output } = synth({ alerts: { emails: ['a@example.com'] } });
  expect(output.portal_handoff?.value).toContain('a@example.com: each of them must follow the link');
  expect(output.portal_handoff?.value).toContain('within two days');
});

test('an ExternalId of the reader’s own may look like the ID of an audit event', () => {
  const readerExternalId = 'query-audit-reader';
  const stack = synth({
    splunkFeed: { readerPrincipalArn: 'arn:aws:iam::123456789012:root', readerExternalId },
  });
  expect(JSON.stringify(stack)).toContain(readerExternalId);
});

test('a message stays hidden for six times as long as the function may run, and for the time that it waits in a batch', () => {
  const { resource } = synth({ splunkFeed: {}, alerts: { emails: ['a@example.com'], digestSeconds: 300 } });
  const hidden = Object.fromEntries(
    Object.values(resource.aws_sqs_queue ?? {}).map((queue) => [
      queue.name,
      queue.visibility_timeout_seconds,
    ]),
  );
  expect(hidden).toMatchObject({ 'altr-acme-alerts': 900, 'altr-acme-splunk': 600 });
});

test.each([
  [{ splunkFeed: { readerPrincipalArn: '*' } }, 'readerPrincipalArn "*" must be the ARN of a role'],
  [{ alerts: { emails: [] } }, 'must name at least one address'],
  [{ alerts: { emails: ['no address'] } }, 'emails[0] "no address" must be an e-mail address'],
  [{ alerts: { emails: ['a@example.com'], digestSeconds: 301 } }, 'digestSeconds 301'],
  // Lambda refuses a batch of more than ten messages without a window.
  [{ alerts: { emails: ['a@example.com'], digestSeconds: 0 } }, 'digestSeconds 0'],
  // A message that is that old is gone before the alarm could be raised.
  [{ splunkFeed: { maxAge: 1_209_600 } }, 'maxAge 1209600: must be a week at most'],
  [{ logEvents: { kmsKeyArn: 'alias/mine' } }, 'is an alias; give the ARN of the key itself'],
  [
    { alerts: { emails: ['a@example.com'] }, role: { path: '/altr(logs)/' } },
    'role.path can’t go with alerts: in the path of a function’s role Lambda takes letters',
  ],
])('refuses %j', (options, message) => {
  expect(() => synth(options)).toThrow(message);
});

describe('the Splunk feed, made without the config', () => {
  const feed = (readerPrincipalArn: string) => () => {
    const stack = new ExportStack(Testing.app(), {
      name: 'acme',
      altrAccountId: '111122223333',
      clientId: 'client',
      bucket: 'acme-logs',
      region: 'eu-west-1',
      roleName: 'ALTRPublishSIEMDataAcme',
    });
    const place = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' } as const;
    const events = new AltrLogEvents(stack, 'Events', { name: 'acme', bucket: 'acme-logs', place });
    new AltrLogSplunkFeed(stack, 'Splunk', { events, readerPrincipalArn });
  };

  test('takes a principal of its own partition', () => {
    expect(feed('arn:aws:iam::123456789012:role/Splunk')).not.toThrow();
  });

  test.each([
    [
      'of another partition',
      'arn:aws-us-gov:iam::123456789012:role/Splunk',
      'is in the partition aws-us-gov, and the bucket in aws',
    ],
    ['that is none', 'Splunk', 'must be the ARN of a role, a user or an account’s root'],
  ])('refuses one %s', (_why, arn, fault) => {
    expect(feed(arn)).toThrow(`export acme: readerPrincipalArn ${arn} ${fault}`);
  });
});
