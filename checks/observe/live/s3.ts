/** S3's client. A file of its own: it is the largest, and is loaded while AWS answers the first calls, which are not S3's. */
import { S3Client } from '@aws-sdk/client-s3';
import { hasIpHost } from '../../../config/endpoint';
import type { Clients } from './clients';

export function s3Client(clients: Clients, region: string): S3Client {
  return clients.once(`s3 ${region}`, () =>
    clients.watched(
      new S3Client({
        ...clients.options(region),
        // A bucket's name can't be a subdomain of an IP address.
        forcePathStyle: hasIpHost(clients.endpoint('S3')?.url),
      }),
    ),
  );
}
