/** The account's public access block. A file of its own: its SDK client is loaded only where a bucket's block is incomplete. */
import { GetPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import type { Observed, PublicAccessBlock } from '../observation';
import { hasIpEndpoint } from './clients';
import { switches } from './public-access-block';
import type { Session } from './session';

export async function accountPublicAccessBlock(
  session: Session,
  AccountId: string,
  region: string,
): Promise<Observed<PublicAccessBlock>> {
  return session.once('account public access block', async () => {
    const s3Control = new S3ControlClient(await session.clients.options(region));
    if (hasIpEndpoint('S3_CONTROL')) dropAccountPrefix(s3Control);
    return session.ask(
      's3control:GetPublicAccessBlock',
      region,
      (options) => s3Control.send(new GetPublicAccessBlockCommand({ AccountId }), options),
      ({ PublicAccessBlockConfiguration: block }) => block && switches(block),
    );
  });
}

/** S3 Control puts the account ID before the host name, which an IP address can't have. */
function dropAccountPrefix(client: S3ControlClient): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { hostname?: string };
      request.hostname = request.hostname?.replace(/^\d{12}\./, '') ?? '';
      return next(args);
    },
    { step: 'build', name: 'dropAccountPrefix', priority: 'low' },
  );
}
