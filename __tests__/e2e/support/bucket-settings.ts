/** What protects a bucket, as S3 tells it; and a bucket for access logs. */
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Each setting, `undefined` for one that the bucket doesn't have. */
export async function protectionOf(s3: S3Client, Bucket: string) {
  const of = { Bucket };
  const [policy, lifecycle, publicAccess, ownership, encryption] = await Promise.all([
    orNone(s3.send(new GetBucketPolicyCommand(of))),
    orNone(s3.send(new GetBucketLifecycleConfigurationCommand(of))),
    orNone(s3.send(new GetPublicAccessBlockCommand(of))),
    orNone(s3.send(new GetBucketOwnershipControlsCommand(of))),
    orNone(s3.send(new GetBucketEncryptionCommand(of))),
  ]);
  return {
    policy: policy?.Policy,
    lifecycle: lifecycle?.Rules,
    publicAccess: publicAccess?.PublicAccessBlockConfiguration,
    ownership: ownership?.OwnershipControls,
    encryption: encryption?.ServerSideEncryptionConfiguration,
    versioning: (await s3.send(new GetBucketVersioningCommand(of))).Status,
    logging: (await s3.send(new GetBucketLoggingCommand(of))).LoggingEnabled?.TargetBucket,
  };
}

function orNone<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: Error) => {
    if (/NoSuch|NotFound/.test(error.name)) return undefined;
    throw error;
  });
}

/** A bucket that S3 may write access logs to. */
export async function makeAccessLogBucket(s3: S3Client, Bucket: string, region?: 'eu-west-1'): Promise<void> {
  await s3.send(
    new CreateBucketCommand({
      Bucket,
      ...(region ? { CreateBucketConfiguration: { LocationConstraint: region } } : {}),
    }),
  );
  const logDelivery = {
    Effect: 'Allow',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${Bucket}/*`,
  };
  await s3.send(
    new PutBucketPolicyCommand({
      Bucket,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [logDelivery] }),
    }),
  );
}
