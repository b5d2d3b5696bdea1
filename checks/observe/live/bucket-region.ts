/**
 * A bucket is asked in its own region, and the config may be wrong about it. S3 answers 301 PermanentRedirect or, where the
 * signature is for another region or the region has to be opted in to, 400 (AuthorizationHeaderMalformed,
 * IllegalLocationConstraintException); to HEAD without a body. The header `x-amz-bucket-region` names the right one
 * (Amazon S3 API Reference, "Error responses"; AWS re:Post, "troubleshoot the PermanentRedirect error").
 *
 * The SDK's `followRegionRedirects` does the same, but changes its client's region while it does: calls that are under way
 * beside it would be signed for a region that is not theirs.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import type { Clients } from './clients';
import { s3Client } from './s3';

/**
 * Sends to a bucket: in the given region, and once more in the bucket's own where S3 says that it is another.
 * @param send gets the region, too
 */
export async function toBucket<A>(
  { clients }: { readonly clients: Clients },
  region: string,
  send: (s3: S3Client, region: string) => Promise<A>,
): Promise<A> {
  try {
    return await send(s3Client(clients, region), region);
  } catch (error) {
    const own = bucketRegionIn(error);
    if (!own || own === region || !meansElsewhere(error)) throw error;
    return send(s3Client(clients, own), own);
  }
}

/** The bucket's region as the headers of an error name it. */
export function bucketRegionIn(error: unknown): string | undefined {
  const { headers } =
    (error as { $response?: { headers?: Readonly<Record<string, string>> } }).$response ?? {};
  return headers?.['x-amz-bucket-region'];
}

function meansElsewhere(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status === 301 || status === 307 || status === 400;
}
