/** Sends notifications of new objects again, on a user's word: to the feed's topic, or to one reader's queue. */
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { errorCode } from '../../checks/observe/live/aws-error';
import type { Session } from '../../checks/observe/live/session';
import { queueNames, topicArn, topicName } from '../../config/options/log-feed';
import type { ExportConfig } from '../../config/schema';
import { partitionOf } from '../../contract/partition';
import { UserError } from '../../contract/user-error';

/** Both SNS and SQS take at most 10 messages in one call (PublishBatch, SendMessageBatch in their API references). */
export const BATCH_SIZE = 10;

/** A way to send up to `BATCH_SIZE` messages. */
export type Send = (messages: readonly string[]) => Promise<void>;

interface Answer {
  readonly Failed?: readonly { readonly Code?: string; readonly Message?: string }[];
}

/** Sends to the topic, so to every reader. @throws UserError if the account is not known */
export async function toTopic(session: Session, { name, region }: ExportConfig): Promise<Send> {
  const account = await session.account();
  if (account.state !== 'value') throw new UserError('the account could not be read; check the credentials');
  const arn = topicArn(
    { partition: partitionOf(region) ?? 'aws', region, accountId: account.value },
    topicName(name),
  );
  const sns = session.clients.watched(new SNSClient(session.clients.options(region)));
  return async (messages) => {
    const PublishBatchRequestEntries = messages.map((Message, index) => ({
      Id: String(index),
      Subject: 'Amazon S3 Notification',
      Message,
    }));
    await sent(`topic ${arn}`, 'sns:Publish', () =>
      sns.send(new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries })),
    );
  };
}

/** Sends to the queue of one reader. @throws UserError if there is no such queue */
export async function toQueue(
  session: Session,
  { name, region }: ExportConfig,
  consumer: string,
): Promise<Send> {
  const sqs = session.clients.watched(new SQSClient(session.clients.options(region)));
  const { queue: QueueName } = queueNames(name, consumer);
  let QueueUrl: string | undefined;
  await sent(`queue ${QueueName}`, 'sqs:GetQueueUrl', async () => {
    ({ QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName })));
    return {};
  });
  return async (messages) => {
    const Entries = messages.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    await sent(`queue ${QueueName}`, 'sqs:SendMessage', () =>
      sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })),
    );
  };
}

/** @throws UserError if AWS refuses the call, or one of its messages */
async function sent(target: string, permission: string, call: () => Promise<Answer>): Promise<void> {
  let answer: Answer;
  try {
    answer = await call();
  } catch (error) {
    throw new UserError(
      `the ${target} refused it (${errorCode(error)}); check that it exists, and that your credentials may ${permission} and use its KMS key (kms:GenerateDataKey, kms:Decrypt)`,
    );
  }
  const [first] = answer.Failed ?? [];
  if (first)
    throw new UserError(
      `the ${target} did not take every message (${first.Code ?? 'unknown'}: ${first.Message ?? 'no reason'}); run it again with a later --since`,
    );
}
