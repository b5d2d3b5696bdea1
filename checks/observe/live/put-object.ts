/** The only thing here that writes: `altr-export logs generate --put` puts made-up logs where a person asked for it. */
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { UserError } from '../../../contract/user-error';
import { toBucket } from './bucket-region';
import { errorCode } from './failure';
import type { BucketAddress } from './objects';
import type { Session } from './session';

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
