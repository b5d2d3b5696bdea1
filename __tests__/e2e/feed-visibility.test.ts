/**
 * What is wrong with the logs that arrive, or with the way to their readers, stays detected while something else can't be read.
 * What hides it is said here by reason, not taken from the observer.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMSClient, ListKeysCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import {
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { queueArn, queueDocument, queueNames, topicArn, topicName } from '../../config/options/log-feed';
import { fixture } from '../logs/fixtures';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { checkEverything, setUpEverything } from './support/everything';
import { type KeptAnswers, keepAnswers } from './support/kept-answers';
import { laneProfiles, problemsOf } from './support/lanes';
import { type Fault, type FaultProxy, startProxy } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';
import { TESTING } from './support/set-up';

const definition = {
  name: 'heard',
  altrAccountId: '111122223333',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'heard-altr-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataHeard',
};

const PLACE = { partition: 'aws', region: definition.region, accountId: EMULATOR_ACCOUNT } as const;
const TOPIC = topicName(definition.name);
const TOPIC_ARN = topicArn(PLACE, TOPIC);
const { queue: QUEUE } = queueNames(definition.name, 'splunk');

/** A refusal, a nonsense and a noise. That every other fault ends in the same "could not be read" is what the fault matrix shows. */
const WAYS: readonly Fault[] = ['denied', 'not-found', 'garbage'];

/** Cells under way at once. */
const LANES = 8;

/** Without the account's ID nobody can say whose the bucket is, and what its topic and queues are called. */
const ACCOUNT = ['sts:GetCallerIdentity'];
const QUEUE_CALLS = ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'];

interface Clients {
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly kms: KMSClient;
}

interface Loss {
  readonly summary: string;
  readonly fails: 'log-feed-delivery' | 'delivery-alive';
  make(clients: Clients): Promise<void>;
  /** The calls without which it can't be seen. */
  readonly hiddenWithout: readonly string[];
}

const LOSSES: readonly Loss[] = [
  {
    summary: 'the bucket tells nobody',
    fails: 'log-feed-delivery',
    make: async ({ s3 }) => {
      const NotificationConfiguration = {};
      await s3.send(
        new PutBucketNotificationConfigurationCommand({
          Bucket: definition.bucket,
          NotificationConfiguration,
        }),
      );
    },
    hiddenWithout: [...ACCOUNT, 's3:GetBucketNotificationConfiguration', 'sns:GetTopicAttributes'],
  },
  {
    summary: 'the topic’s policy lets S3 in no more',
    fails: 'log-feed-delivery',
    make: async ({ sns }) => {
      const AttributeValue = JSON.stringify(queueDocument(PLACE, QUEUE, TOPIC));
      await sns.send(
        new SetTopicAttributesCommand({ TopicArn: TOPIC_ARN, AttributeName: 'Policy', AttributeValue }),
      );
    },
    hiddenWithout: [...ACCOUNT, 'sns:GetTopicAttributes'],
  },
  {
    summary: 'the queue’s policy lets another topic in',
    fails: 'log-feed-delivery',
    make: async ({ sqs }) => {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: QUEUE }));
      const Policy = JSON.stringify(queueDocument(PLACE, QUEUE, 'another'));
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    },
    hiddenWithout: [...ACCOUNT, ...QUEUE_CALLS],
  },
  {
    summary: 'the subscription lets no message through',
    fails: 'log-feed-delivery',
    make: async ({ sns }) => {
      const first = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC_ARN }));
      const second = await sns.send(
        new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC_ARN, NextToken: first.NextToken }),
      );
      const all = [...(first.Subscriptions ?? []), ...(second.Subscriptions ?? [])];
      const ours = all.find(({ Endpoint }) => Endpoint === queueArn(PLACE, QUEUE));
      await sns.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn: ours?.SubscriptionArn,
          AttributeName: 'FilterPolicy',
          AttributeValue: '{"store":["example"]}',
        }),
      );
    },
    hiddenWithout: [
      ...ACCOUNT,
      ...QUEUE_CALLS,
      'sns:GetTopicAttributes',
      'sns:ListSubscriptionsByTopic',
      'sns:GetSubscriptionAttributes',
    ],
  },
  {
    summary: 'the key’s policy forgets the services',
    fails: 'log-feed-delivery',
    make: async ({ kms }) => {
      const { Keys = [] } = await kms.send(new ListKeysCommand({}));
      const own = {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${EMULATOR_ACCOUNT}:root` },
        Action: 'kms:*',
        Resource: '*',
      };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [own] });
      for (const { KeyId } of Keys) {
        await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }));
      }
    },
    hiddenWithout: [...ACCOUNT, 'kms:DescribeKey', 'kms:GetKeyPolicy'],
  },
  {
    summary: 'another tenant’s logs arrive',
    fails: 'delivery-alive',
    make: async ({ s3 }) => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: definition.bucket }));
      const Body = JSON.stringify({ ...fixture('query-audit'), clientID: 'someone-else' });
      for (const { Key } of Contents) {
        await s3.send(new PutObjectCommand({ Bucket: definition.bucket, Key, Body }));
      }
    },
    hiddenWithout: [...ACCOUNT, 's3:ListObjectsV2', 's3:GetObject'],
  },
];

describeOnRealParts('losses of logs under faults', ['emulator'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-feed-visibility-'));
  let emulator: Emulator;
  let proxy: FaultProxy;
  let kept: KeptAnswers;
  let clients: Clients;
  let cells = 0;
  const before = { ...process.env };

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startProxy(emulator.url);
    kept = keepAnswers(proxy);
    const at = { endpoint: emulator.url, region: definition.region, credentials: TESTING };
    clients = {
      s3: new S3Client({ ...at, forcePathStyle: true }),
      sns: new SNSClient(at),
      sqs: new SQSClient(at),
      kms: new KMSClient(at),
    };
    process.env = {
      ...emulator.env,
      ...laneProfiles(folder, LANES),
      AWS_ENDPOINT_URL: proxy.url,
      AWS_MAX_ATTEMPTS: '1',
    };
  }, 60_000);

  afterAll(async () => {
    process.stderr.write(`losses of logs under faults: ${cells} cells\n`);
    process.env = before;
    kept?.stop();
    await proxy?.stop();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const isFound = async (lane: string, { fails }: Loss): Promise<boolean> => {
    const { findings } = await kept.inLane(lane, () =>
      checkEverything(definition, { access: { profile: lane } }),
    );
    return findings.some(({ rule, status }) => rule === fails && status === 'fail');
  };

  test.each(LOSSES.map((loss) => [loss.summary, loss] as const))('%s', async (_summary, loss) => {
    await emulator.reset();
    await setUpEverything(emulator.url, definition);
    kept.forget();
    expect(await isFound('LANE0', loss)).toBe(false);
    await loss.make(clients);
    kept.forget();
    const lane = proxy.lane('LANE0');
    lane.clear();
    expect(await isFound('LANE0', loss)).toBe(true);
    const asked = [...new Set(lane.seen)];
    expect(asked).toEqual(expect.arrayContaining([...loss.hiddenWithout]));
    const items = asked
      .filter((api) => !loss.hiddenWithout.includes(api))
      .flatMap((api) => WAYS.map((fault) => ({ api, fault })));
    const problems = await problemsOf(LANES, items, async (profile, { api, fault }) => {
      proxy.lane(profile).spoil(api, fault, 'always');
      const found = await isFound(profile, loss);
      proxy.lane(profile).clear();
      return found ? [] : [`${api} ${fault}: ${loss.summary}, and ${loss.fails} does not say so`];
    });
    cells += items.length;
    expect(problems).toEqual([]);
    expect(items.length).toBeGreaterThan(50);
  });
});
