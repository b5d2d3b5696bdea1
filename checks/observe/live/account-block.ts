/** The account's public access block. A file of its own: its SDK client is loaded only where a bucket's block is incomplete. */
import { GetPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { hasIpHost } from '../../../config/endpoint';
import type { Observed, PublicAccessBlock } from '../observation';
import { switches } from './public-access-block';
import type { Session } from './session';

export async function accountPublicAccessBlock(
  session: Session,
  AccountId: string,
  region: string,
): Promise<Observed<PublicAccessBlock>> {
  return session.once('account public access block', async () => {
    const named = session.clients.endpoint('S3_CONTROL')?.url;
    const endpoint = hasIpHost(named) ? named : undefined;
    const s3Control = session.clients.watched(
      new S3ControlClient({
        ...session.clients.options(region),
        // S3 Control puts the account ID before the host's name, which an IP address can't have.
        ...(endpoint ? { endpointProvider: () => ({ url: new URL(endpoint) }) } : {}),
      }),
    );
    return session.ask(
      's3control:GetPublicAccessBlock',
      region,
      (options) => s3Control.send(new GetPublicAccessBlockCommand({ AccountId }), options),
      ({ PublicAccessBlockConfiguration: block }) => block && switches(block),
    );
  });
}
