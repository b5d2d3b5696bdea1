/** S3 Control's client. A file of its own: it is loaded only where a bucket's block is incomplete, or its policy delegates. */
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { hasIpHost } from '../../../config/endpoint';
import type { Session } from './session';

export function s3Control({ clients }: Session, region: string): S3ControlClient {
  const named = clients.endpoint('S3_CONTROL')?.url;
  const endpoint = hasIpHost(named) ? named : undefined;
  return clients.watched(
    new S3ControlClient({
      ...clients.options(region),
      // S3 Control puts the account ID before the host's name, which an IP address can't have.
      ...(endpoint ? { endpointProvider: () => ({ url: new URL(endpoint) }) } : {}),
    }),
  );
}
