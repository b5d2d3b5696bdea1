/** `altr-export logs replay` against the emulator's SNS and SQS: who is told about which objects. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { queueArn, queueNames, topicName } from '../../config/options/log-feed';
import { objectsIn } from '../../logs/alerts/notification';
import { altrExport } from './support/command';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { clientsFor, makeBucket, TESTING } from './support/set-up';

const EXPORT = {
  name: 'replayed',
  clientId: 'client-1',
  bucket: 'replayed-logs',
  region: 'us-east-1',
  splunkFeed: {},
  alerts: { emails: ['sec@acme.example'] },
};
const PLACE = { partition: 'aws', region: EXPORT.region, accountId: EMULATOR_ACCOUNT } as const;
/** More than one batch. */
const KEYS = Array.from({ length: 12 }, (_, index) => `year=2026/log ${index}.json`);

describeOnRealParts('notifications that are sent again', ['emulator'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-replay-'));
  const config = join(folder, 'altr-exports.json');
  let emulator: Emulator;
  let sqs: SQSClient;
  let urls: Record<string, string>;

  const replay = (...args: string[]) =>
    altrExport(['logs', 'replay', EXPORT.name, '-c', config, ...args], { env: emulator.env });
  const toldTo = async (consumer: string) => {
    const keys: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: urls[consumer], MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return keys.sort();
      keys.push(...Messages.flatMap(({ Body = '' }) => objectsIn(Body).map(({ key }) => key)));
    }
  };

  beforeAll(async () => {
    emulator = await startEmulator();
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: '111122223333' }, exports: [EXPORT] }));
    const { s3 } = await clientsFor(emulator.url);
    await makeBucket(s3, EXPORT.bucket);
    for (const Key of KEYS) await s3.send(new PutObjectCommand({ Bucket: EXPORT.bucket, Key, Body: '{}' }));
    const at = { endpoint: emulator.url, region: EXPORT.region, credentials: TESTING };
    sqs = new SQSClient(at);
    const sns = new SNSClient(at);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: topicName(EXPORT.name) }));
    urls = {};
    for (const consumer of ['splunk', 'alerts']) {
      const { queue } = queueNames(EXPORT.name, consumer);
      const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: queue }));
      urls[consumer] = QueueUrl;
      const Endpoint = queueArn(PLACE, queue);
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    }
  });

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a dry run prints the objects and sends nothing', async () => {
    const { code, stdout } = await replay('--since', '1h', '--dry-run');
    expect({ code, keys: stdout.split('\n').slice(0, -2).sort() }).toEqual({
      code: 0,
      keys: [...KEYS].sort(),
    });
    expect(stdout).toMatch(/12 notifications \(objects of 24 bytes, .*\) would be sent to every reader/);
    expect(await toldTo('splunk')).toEqual([]);
  });

  test('it has to be confirmed', async () => {
    expect(await replay('--since', '1h')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/sends 12 notifications .* has to be confirmed; add --yes/),
    });
  });

  test('one reader is told through its queue, and no other', async () => {
    expect(await replay('--since', '1h', '--to', 'alerts', '--yes')).toMatchObject({ code: 0 });
    expect(await toldTo('alerts')).toEqual([...KEYS].sort());
    expect(await toldTo('splunk')).toEqual([]);
  });

  test('every reader is told through the topic', async () => {
    expect(await replay('--since', '1h', '--yes')).toMatchObject({ code: 0 });
    expect(await toldTo('splunk')).toEqual([...KEYS].sort());
    expect(await toldTo('alerts')).toEqual([...KEYS].sort());
  });

  test('nothing is sent for a range in which nothing arrived', async () => {
    expect(await replay('--since', '48h', '--until', '24h', '--yes')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no object arrived'),
    });
  });

  test.each([
    [['--since', 'yesterday'], 'neither a time such as'],
    [['--since', '1h', '--until', '2h'], '--since must be earlier than --until'],
  ])('%j is refused', async (args, message) => {
    expect(await replay(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});
