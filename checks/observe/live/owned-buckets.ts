/** Whose a bucket is, by the buckets that the account lists as its own. */
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { known, type Observed } from '../observation';
import { s3Client } from './s3';
import { ifFound, pages, type Session } from './session';

/** Whether the account lists the bucket among its own (Amazon S3 API Reference, ListBuckets: those of the sender). */
export async function ownsBucket(
  session: Session,
  bucket: string,
  region: string,
): Promise<Observed<boolean>> {
  return session.once(`owner of bucket ${bucket}`, async () => {
    const s3 = s3Client(session.clients, region);
    const names = await pages(session, 's3:ListBuckets', region, (ContinuationToken) =>
      session.ask(
        's3:ListBuckets',
        region,
        (options) =>
          s3.send(new ListBucketsCommand({ Prefix: bucket, MaxBuckets: 1000, ContinuationToken }), options),
        ({ Buckets, ContinuationToken: next }) => Buckets && { items: Buckets.map(({ Name }) => Name), next },
      ),
    );
    return ifFound(names, async (list) => known(list.includes(bucket)));
  });
}
