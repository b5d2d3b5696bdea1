/**
 * A new object's way to its readers, on real parts: the role puts it, Splunk's queue tells of it and Splunk's role reads it
 * and nothing else; the function's real bundle mails what is alerting.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { CreatePolicyCommand, GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteObjectCommand,
  type Event,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
  type TopicConfiguration,
} from '@aws-sdk/client-s3';
import {
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Report } from '../../checks/verdict/finding';
import { OBJECT_CREATED, queueDocument, topicDocument } from '../../config/options/log-feed';
import { fixture } from '../logs/fixtures';
import { altrExport, ROOT, synthesise } from './support/command';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { run, terraform, terraformCliConfig } from './support/terraform';

const SPLUNK = `arn:aws:iam::${EMULATOR_ACCOUNT}:root`;

const EXPORT = {
  name: 'feed',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'feed-altr-logs',
  region: 'eu-central-1',
  roleName: 'ALTRPublishSIEMDataFeed',
  splunkFeed: { readerPrincipalArn: SPLUNK, readerExternalId: 'splunk-external-id' },
  alerts: { emails: ['security@example.com'], customEventTypes: ['login'] },
  // What a landing zone may demand.
  role: { path: '/vendors/', permissionsBoundary: `arn:aws:iam::${EMULATOR_ACCOUNT}:policy/LandingZone` },
  tags: { team: 'security' },
};

const PLACE = { partition: 'aws', region: EXPORT.region, accountId: EMULATOR_ACCOUNT } as const;
const TOPIC = 'altr-feed-logs';
const QUEUE = 'altr-feed-splunk';

describeOnRealParts('the readers of the logs', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-feed-'));
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let stack: string;
  const config = join(folder, 'altr-exports.json');
  let outputs: Record<string, { value: string }>;
  const at = () => ({ endpoint: emulator.url, region: EXPORT.region });
  const admin = { accessKeyId: 'testing', secretAccessKey: 'testing' };

  const as = async (roleArn: string, externalId: string) => {
    const sts = new STSClient({ ...at(), credentials: admin });
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'test', ExternalId: externalId }),
    );
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    return {
      s3: new S3Client({ ...at(), credentials, forcePathStyle: true }),
      sqs: new SQSClient({ ...at(), credentials }),
    };
  };
  const admins = () => {
    const options = { ...at(), credentials: admin };
    return {
      s3: new S3Client({ ...options, forcePathStyle: true }),
      sns: new SNSClient(options),
      sqs: new SQSClient(options),
    };
  };
  const topicArn = (name: string) => `arn:aws:sns:${EXPORT.region}:${EMULATOR_ACCOUNT}:${name}`;
  const queueUrl = (name: string) => `${emulator.url}/${EMULATOR_ACCOUNT}/${name}`;
  const invoke = (records: readonly { messageId: string | undefined; body: string | undefined }[]) =>
    invokeBundle(
      {
        ...env,
        AWS_REGION: EXPORT.region,
        ALERT_TOPIC_ARN: output('alerts_topic_arn'),
        ALERT_LEDGER_TABLE: 'altr-feed-alerts',
        ALERT_EXPORT_NAME: EXPORT.name,
        ALERT_FILTER: JSON.stringify({ systemCategories: ['*threshold*'], customEventTypes: ['LOGIN'] }),
      },
      { Records: records },
    );
  const output = (name: string) => {
    const found = outputs[name]?.value;
    if (!found) throw new Error(`there is no output ${name}`);
    return found;
  };

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
    await new IAMClient({ ...at(), credentials: admin }).send(
      new CreatePolicyCommand({
        PolicyName: 'LandingZone',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: '098765432109' }, exports: [EXPORT] }));
    await synthesise(config, join(folder, 'cdktf.out'), env);
    stack = join(folder, 'cdktf.out', 'stacks', EXPORT.name);
    await terraform(['init', '-input=false', '-no-color'], { cwd: stack, env });
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], { cwd: stack, env });
    outputs = JSON.parse((await terraform(['output', '-json'], { cwd: stack, env })).stdout);
  }, 240_000);

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a second plan changes nothing', async () => {
    await terraform(['plan', '-input=false', '-no-color', '-out=second.plan'], { cwd: stack, env });
    const { stdout } = await terraform(['show', '-json', 'second.plan'], { cwd: stack, env });
    const { resource_changes } = JSON.parse(stdout) as { resource_changes: ResourceChange[] };
    const changed = resource_changes.filter(({ change: { actions, before, after } }) => {
      // The emulator gives the redrive policy back with other white space than it was given.
      return !actions.includes('no-op') && !actions.includes('read') && settled(before) !== settled(after);
    });
    expect(changed.map(({ address }) => address)).toEqual([]);
  });

  test('path, boundary and tags are on everything that this version of the provider can give them to', async () => {
    const { stdout } = await terraform(['show', '-json'], { cwd: stack, env });
    const { values } = JSON.parse(stdout) as { values: { root_module: { resources: StateResource[] } } };
    const made = values.root_module.resources.filter(({ mode }) => mode === 'managed');
    const lacking = (key: string, expected: unknown, types = /./) =>
      made
        .filter(({ type, values: has }) => types.test(type) && key in has)
        .filter(({ values: has }) => !isDeepStrictEqual(has[key], expected))
        .map(({ address }) => address);
    expect(made.filter(({ values: has }) => 'tags' in has).length).toBeGreaterThan(15);
    expect(lacking('tags', EXPORT.tags)).toEqual([]);
    expect(lacking('permissions_boundary', EXPORT.role.permissionsBoundary)).toEqual([]);
    expect(lacking('path', EXPORT.role.path, /^aws_iam_/)).toEqual([]);
  });

  test('an object that ALTR puts arrives as a message that names it, and the reader reads it', async () => {
    const altr = await as(output('role_arn'), EXPORT.clientId);
    const splunk = await as(output('splunk_role_arn'), 'splunk-external-id');
    const QueueUrl = output('splunk_queue_url');
    const Key = '2026/01/02/query-audits-1.json';
    await emulator.enforceIam(true);
    try {
      await altr.s3.send(new PutObjectCommand({ Bucket: EXPORT.bucket, Key, Body: '{"eventID":"1"}' }));
      const { Messages = [] } = await splunk.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      // S3's test event, sent when the notification was set, names no object: the add-on passes over it.
      const objects = Messages.flatMap(objectsOf);
      expect(objects).toEqual([{ bucket: EXPORT.bucket, key: Key }]);
      const { Body } = await splunk.s3.send(new GetObjectCommand({ Bucket: EXPORT.bucket, Key }));
      expect(await Body?.transformToString()).toBe('{"eventID":"1"}');
      await splunk.s3.send(new ListObjectsV2Command({ Bucket: EXPORT.bucket }));
      for (const { ReceiptHandle = '' } of Messages) {
        await splunk.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }

      const refused = { $metadata: expect.objectContaining({ httpStatusCode: 403 }) };
      await expect(
        splunk.s3.send(new PutObjectCommand({ Bucket: EXPORT.bucket, Key: 'forged', Body: '{}' })),
      ).rejects.toMatchObject(refused);
      await expect(
        splunk.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' })),
      ).rejects.toMatchObject(refused);
    } finally {
      await emulator.enforceIam(false);
    }
  });

  test('the function mails an alert once, whatever else is in the object, and asks again for what it could not read', async () => {
    const sqs = new SQSClient({ ...at(), credentials: admin });
    const s3 = new S3Client({ ...at(), credentials: admin, forcePathStyle: true });
    const sns = new SNSClient({ ...at(), credentials: admin });
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'inbox' }));
    await sns.send(
      new SubscribeCommand({
        TopicArn: output('alerts_topic_arn'),
        Protocol: 'sqs',
        Endpoint: `arn:aws:sqs:${EXPORT.region}:${EMULATOR_ACCOUNT}:inbox`,
      }),
    );
    const system = fixture('system-audit');
    const threshold = { ...system, eventID: 'threshold-1', category: 'Thresholds <script>' };
    // Longer than a key of DynamoDB may be.
    const long = { ...threshold, eventID: 'x'.repeat(3000) };
    const lines = [fixture('query-audit'), threshold, long, fixture('custom-audit'), system].map((event) =>
      JSON.stringify(event),
    );
    const Key = 'year=2026/month=01/all kinds.json.gz';
    const Body = gzipSync(Buffer.from([...lines, 'no event', ''].join('\n')));
    await s3.send(new PutObjectCommand({ Bucket: EXPORT.bucket, Key, Body }));

    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl('altr-feed-alerts'), MaxNumberOfMessages: 10 }),
    );
    const records = Messages.map(({ MessageId: messageId, Body: body }) => ({ messageId, body }));
    const broken = { messageId: 'broken', body: 'not JSON' };
    const first = await invoke([...records, broken]);
    expect(first.result).toEqual({ batchItemFailures: [{ itemIdentifier: 'broken' }] });
    expect(first.logs).toContainEqual(expect.objectContaining({ key: Key, events: 5, faults: 1, alerts: 3 }));
    const again = await invoke(records);
    expect(again.result).toEqual({ batchItemFailures: [] });

    const mails = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    const [mail, ...more] = (mails.Messages ?? []).map(
      ({ Body: text = '' }) => JSON.parse(text) as { Subject: string; Message: string },
    );
    expect(more).toEqual([]);
    expect(mail?.Subject).toBe('ALTR feed: 3 alerts, records that could not be read');
    expect(mail?.Message).toContain('Event:  threshold-1');
    expect(mail?.Message).toContain('Thresholds ‹script›');
    expect(mail?.Message).toContain('Who:    EXAMPLE_USER');
    expect(mail?.Message).toContain(`Object: s3://${EXPORT.bucket}/${Key}`);
  });

  test('the function may do what it does and no more', async () => {
    const iam = new IAMClient({ ...at(), credentials: admin });
    const { PolicyDocument = '' } = await iam.send(
      new GetRolePolicyCommand({ RoleName: 'altr-feed-alerts', PolicyName: 'alerts' }),
    );
    const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument)) as {
      Statement: { Resource: unknown }[];
    };
    expect(JSON.stringify(Statement.map(({ Resource }) => Resource))).not.toContain('"*"');
    const lambda = new LambdaClient({ ...at(), credentials: admin });
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: 'altr-feed-alerts' }));
    expect(Configuration).toMatchObject({ Handler: 'index.handler', Runtime: 'nodejs22.x', Timeout: 100 });
  });

  const everyObject = { TopicArn: topicArn(TOPIC), Events: [OBJECT_CREATED] as Event[] };
  const prefix = (Value: string) => ({ Key: { FilterRules: [{ Name: 'prefix' as const, Value }] } });
  const setFilter = async (AttributeValue: string) => {
    const { sns } = admins();
    const { Subscriptions = [] } = await sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: topicArn(TOPIC) }),
    );
    for (const { SubscriptionArn, Endpoint } of Subscriptions) {
      if (!Endpoint?.endsWith(`:${QUEUE}`)) continue;
      await sns.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn,
          AttributeName: 'FilterPolicy',
          AttributeValue,
        }),
      );
    }
  };
  const setNotification = (TopicConfigurations: TopicConfiguration[]) =>
    admins().s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: EXPORT.bucket,
        NotificationConfiguration: { TopicConfigurations },
      }),
    );
  const setTopicPolicy = (policy: unknown) =>
    admins().sns.send(
      new SetTopicAttributesCommand({
        TopicArn: topicArn(TOPIC),
        AttributeName: 'Policy',
        AttributeValue: JSON.stringify(policy),
      }),
    );
  const setQueuePolicy = (policy: unknown) =>
    admins().sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: queueUrl(QUEUE),
        Attributes: { Policy: JSON.stringify(policy) },
      }),
    );

  test.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
    [
      'the bucket tells nobody',
      () => setNotification([]),
      () => setNotification([{ TopicArn: topicArn(TOPIC), Events: [OBJECT_CREATED] }]),
    ],
    [
      'the topic’s policy lets S3 in no more',
      () => setTopicPolicy(queueDocument(PLACE, QUEUE, TOPIC)),
      () => setTopicPolicy(topicDocument(PLACE, TOPIC, EXPORT.bucket)),
    ],
    [
      'the queue’s policy lets another topic in',
      () => setQueuePolicy(queueDocument(PLACE, QUEUE, 'another')),
      () => setQueuePolicy(queueDocument(PLACE, QUEUE, TOPIC)),
    ],
    [
      'the subscription lets no message through',
      () => setFilter('{"store":["example"]}'),
      () => setFilter('{}'),
    ],
    [
      'the bucket tells of one folder only',
      () => setNotification([{ ...everyObject, Filter: prefix('other/') }]),
      () => setNotification([everyObject]),
    ],
  ])('check says so when %s', async (_name, loosen, undo) => {
    const check = async (what: readonly string[] = ['--config', config]) => {
      const { code, stdout } = await altrExport(['check', ...what, '--format', 'json'], { env });
      const failed = (JSON.parse(stdout) as Report).exports.flatMap(({ findings }) =>
        findings.filter(({ status }) => status === 'fail' || status === 'unknown').map(({ rule }) => rule),
      );
      return { code, failed: [...new Set(failed)] };
    };
    expect(await check()).toEqual({ code: 0, failed: [] });
    await loosen();
    expect(await check()).toEqual({ code: 1, failed: ['log-feed-delivery'] });
    // What was deployed says of itself that it has feeds.
    const deployed = join(folder, 'outputs.json');
    writeFileSync(deployed, JSON.stringify(outputs));
    expect(await check(['--terraform-output', deployed])).toEqual({
      code: 1,
      failed: ['log-feed-delivery'],
    });
    await undo();
    expect(await check()).toEqual({ code: 0, failed: [] });
  });

  test('the queue is what the add-on asks for', async () => {
    const sqs = new SQSClient({ ...at(), credentials: admin });
    const QueueUrl = output('splunk_queue_url');
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({ VisibilityTimeout: '600', MessageRetentionPeriod: '1209600' });
    expect(Attributes?.KmsMasterKeyId).toMatch(/^arn:aws:kms:/);
    expect(JSON.parse(Attributes?.RedrivePolicy ?? '{}')).toMatchObject({ maxReceiveCount: 5 });
    expect(output('splunk_inputs_conf')).toContain(`sqs_queue_url = ${QueueUrl}`);
  });

  test('destroy leaves nothing behind', async () => {
    const s3 = new S3Client({ ...at(), credentials: admin, forcePathStyle: true });
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: EXPORT.bucket }));
    for (const { Key = '' } of Contents) {
      await s3.send(new DeleteObjectCommand({ Bucket: EXPORT.bucket, Key }));
    }
    await terraform(['destroy', '-input=false', '-no-color', '-auto-approve'], { cwd: stack, env });
    expect(readFileSync(join(folder, `terraform.${EXPORT.name}.tfstate`), 'utf8')).toContain(
      '"resources": []',
    );
  });
});

/** Runs the built function in a process of its own, as Lambda would: its handler, with an event of the queue. */
async function invokeBundle(
  env: Readonly<Record<string, string>>,
  event: unknown,
): Promise<{ result: unknown; logs: unknown[] }> {
  const bundle = join(ROOT, 'dist', 'lambda', 'alerts', 'index.mjs');
  const program = `
    const { handler } = await import(${JSON.stringify(bundle)});
    const result = await handler(JSON.parse(process.env.TEST_EVENT), { getRemainingTimeInMillis: () => 100_000 });
    console.log(JSON.stringify({ result }));
  `;
  const { code, stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...env, TEST_EVENT: JSON.stringify(event) },
  });
  if (code !== 0) throw new Error(`the function ended with ${code}: ${stderr}`);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { result?: unknown });
  return { result: lines.find((line) => 'result' in line)?.result, logs: lines };
}

interface StateResource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

interface ResourceChange {
  address: string;
  change: { actions: string[]; before: Record<string, unknown>; after: Record<string, unknown> };
}

/** Attributes with the redrive policy in one spelling. */
function settled(values: Record<string, unknown>): string {
  const { redrive_policy, ...rest } = values;
  return JSON.stringify([
    rest,
    typeof redrive_policy === 'string' && redrive_policy ? JSON.parse(redrive_policy) : redrive_policy,
  ]);
}

/** The objects of a message, as the add-on finds them: SNS's envelope, S3's event in it, keys URL-decoded. */
function objectsOf({ Body = '' }: Message): { bucket: string; key: string }[] {
  const { Message: inner } = JSON.parse(Body) as { Message: string };
  const { Records = [] } = JSON.parse(inner) as {
    Records?: { s3: { bucket: { name: string }; object: { key: string } } }[];
  };
  return Records.map(({ s3: { bucket, object } }) => ({
    bucket: bucket.name,
    key: decodeURIComponent(object.key.replaceAll('+', ' ')),
  }));
}
