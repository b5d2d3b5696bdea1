/** Reads a bucket's versioning, Object Lock and access logging. */
import {
  GetBucketLoggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { ABSENT, type BucketObservation, known, type ObjectLock, type Observed } from '../observation';
import { toBucket } from './bucket-region';
import { ifFound, type Session } from './session';

interface Owned {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
}

/** A bucket that never had versioning answers without a status (Amazon S3 API Reference, GetBucketVersioning). */
export async function bucketVersioning(
  session: Session,
  owned: Owned,
  region: string,
): Promise<BucketObservation['versioning']> {
  const answer = await session.ask(
    's3:GetBucketVersioning',
    region,
    (options) => toBucket(session, region, (s3) => s3.send(new GetBucketVersioningCommand(owned), options)),
    ({ Status, MFADelete }) => ({ status: Status, mfaDelete: MFADelete === 'Enabled' }),
  );
  return ifFound(answer, async ({ status, mfaDelete }) => (status ? known({ status, mfaDelete }) : ABSENT));
}

/** A bucket's Object Lock; absent where it is not switched on. */
export function objectLock(session: Session, owned: Owned, region: string): Promise<Observed<ObjectLock>> {
  return session.ask(
    's3:GetObjectLockConfiguration',
    region,
    (options) =>
      toBucket(session, region, (s3) => s3.send(new GetObjectLockConfigurationCommand(owned), options)),
    ({ ObjectLockConfiguration: lock }) => {
      if (lock?.ObjectLockEnabled !== 'Enabled') return undefined;
      const { Mode: mode, Days: days, Years: years } = lock.Rule?.DefaultRetention ?? {};
      if (!mode) return {};
      // S3 answers with days or years, and servers that speak its API with a zero for the other.
      return { defaultRetention: { mode, days: days || undefined, years: years || undefined } };
    },
  );
}

/** A bucket without access logging answers without `LoggingEnabled` (Amazon S3 API Reference, GetBucketLogging). */
export async function bucketLogging(
  session: Session,
  owned: Owned,
  region: string,
): Promise<BucketObservation['logging']> {
  const answer = await session.ask(
    's3:GetBucketLogging',
    region,
    (options) => toBucket(session, region, (s3) => s3.send(new GetBucketLoggingCommand(owned), options)),
    ({ LoggingEnabled: logging }) => {
      if (!logging) return { target: undefined };
      if (!logging.TargetBucket) return undefined;
      return { target: { targetBucket: logging.TargetBucket, targetPrefix: logging.TargetPrefix ?? '' } };
    },
  );
  return ifFound(answer, async ({ target }) => (target ? known(target) : ABSENT));
}
