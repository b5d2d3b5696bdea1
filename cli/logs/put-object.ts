/** The only thing here that writes: `altr-export logs generate --put` puts made-up logs into a bucket that a person named. */
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { errorCode } from '../../checks/observe/live/aws-error';
import { toBucket } from '../../checks/observe/live/bucket-region';
import type { BucketAddress } from '../../checks/observe/live/objects';
import type { Session } from '../../checks/observe/live/session';
import { UserError } from '../../contract/user-error';

/** @throws UserError where S3 refuses it */
export async function putObject(
  session: Session,
  { bucket, region }: BucketAddress,
  key: string,
  body: Buffer,
): Promise<void> {
  try {
    await toBucket(session, region, (s3) =>
      s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body })),
    );
  } catch (error) {
    throw new UserError(
      `${key} could not be put to ${bucket} (${errorCode(error)}); check the bucket's name and that your credentials may s3:PutObject`,
    );
  }
}
