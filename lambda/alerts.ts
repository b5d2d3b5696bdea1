/**
 * The Lambda function: the alerter with AWS behind it. The SDK's clients come with the runtime; everything else is
 * bundled (scripts/build.mjs).
 */
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { hasIpHost } from '../config/endpoint';
import { ALERT_ENVIRONMENT, ALERT_FUNCTION, type AlertFilter } from '../config/options/alerts';
import { type AlertPorts, handleMessages, type QueueMessage } from '../logs/alerts/alerter';
import type { NewObject } from '../logs/alerts/notification';

const s3 = new S3Client({
  forcePathStyle: hasIpHost(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL),
});
const sns = new SNSClient({});
const dynamodb = new DynamoDBClient({});

/** An invocation by the queue (AWS Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
export interface SqsEvent {
  readonly Records: readonly QueueMessage[];
}

/** What Lambda says of an invocation (AWS Lambda Developer Guide, "Using the Lambda context object"). */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** Milliseconds that are left to tell what was found. */
const TO_TELL = 20_000;

/** Handles a batch of messages; those that failed alone are delivered again (`ReportBatchItemFailures`). */
export async function handler(
  event: SqsEvent,
  context: LambdaContext,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  const failed = await handleMessages(event.Records, ports, {
    exportName: variable('exportName'),
    filter: JSON.parse(variable('filter')) as AlertFilter,
    deadline: Date.now() + context.getRemainingTimeInMillis() - TO_TELL,
  });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

const ports: AlertPorts = {
  async get(object) {
    try {
      return await bodyOf(object);
    } catch (error) {
      // A policy of one's own may allow the current version only.
      if (object.versionId !== undefined && nameOf(error) === 'AccessDenied') {
        return bodyOf({ bucket: object.bucket, key: object.key });
      }
      throw error;
    }
  },

  async send({ subject, body }) {
    await sns.send(new PublishCommand({ TopicArn: variable('topicArn'), Subject: subject, Message: body }));
  },

  async claim(key) {
    const now = Math.floor(Date.now() / 1000);
    try {
      await dynamodb.send(
        new PutItemCommand({
          TableName: variable('ledgerTable'),
          Item: item(key, now, false),
          // A claim that is older than the function may run is that of a run which died before it told.
          ConditionExpression: 'attribute_not_exists(eventID) OR (told = :no AND claimedAt < :dead)',
          ExpressionAttributeValues: {
            ':no': { BOOL: false },
            ':dead': { N: String(now - ALERT_FUNCTION.timeout) },
          },
        }),
      );
      return true;
    } catch (error) {
      if (nameOf(error) === 'ConditionalCheckFailedException') return false;
      throw error;
    }
  },

  async told(key) {
    const now = Math.floor(Date.now() / 1000);
    await dynamodb.send(
      new PutItemCommand({ TableName: variable('ledgerTable'), Item: item(key, now, true) }),
    );
  },

  linkTo({ bucket, key }: NewObject) {
    const region = process.env.AWS_REGION ?? 'us-east-1';
    const query = new URLSearchParams({ region, prefix: key });
    return `https://${consoleHost(region)}/s3/object/${encodeURIComponent(bucket)}?${query}`;
  },

  log(entry) {
    process.stdout.write(`${JSON.stringify(entry)}\n`);
  },
};

/** The object's bytes; `undefined` if it is gone. */
async function bodyOf({ bucket, key, versionId }: NewObject): Promise<AsyncIterable<Uint8Array> | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    return Body as AsyncIterable<Uint8Array> | undefined;
  } catch (error) {
    if (['NoSuchKey', 'NoSuchVersion'].includes(nameOf(error))) return undefined;
    throw error;
  }
}

function item(key: string, now: number, told: boolean) {
  return {
    eventID: { S: key },
    told: { BOOL: told },
    claimedAt: { N: String(now) },
    expiresAt: { N: String(now + ALERT_FUNCTION.ledgerDays * 24 * 3600) },
  };
}

/** AWS Management Console's host of a region's partition. */
function consoleHost(region: string): string {
  if (region.startsWith('us-gov-')) return 'console.amazonaws-us-gov.com';
  if (region.startsWith('cn-')) return 'console.amazonaws.cn';
  if (region.startsWith('eusc-')) return 'console.amazonaws.eu';
  return `${region}.console.aws.amazon.com`;
}

function variable(name: keyof typeof ALERT_ENVIRONMENT): string {
  const value = process.env[ALERT_ENVIRONMENT[name]];
  if (!value) throw new Error(`the environment variable ${ALERT_ENVIRONMENT[name]} is missing`);
  return value;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
