/** A new object's way to Splunk, on real parts: the role puts it, the queue tells of it, the reader gets it and nothing else. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { synthesise } from './support/command';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { terraform, terraformCliConfig } from './support/terraform';

const SPLUNK = `arn:aws:iam::${EMULATOR_ACCOUNT}:root`;

const EXPORT = {
  name: 'feed',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'feed-altr-logs',
  region: 'eu-central-1',
  roleName: 'ALTRPublishSIEMDataFeed',
  splunkFeed: { readerPrincipalArn: SPLUNK, readerExternalId: 'splunk-external-id' },
};

describeOnRealParts('the Splunk feed', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-feed-'));
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let stack: string;
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
  const output = (name: string) => {
    const found = outputs[name]?.value;
    if (!found) throw new Error(`there is no output ${name}`);
    return found;
  };

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    const config = join(folder, 'altr-exports.json');
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
