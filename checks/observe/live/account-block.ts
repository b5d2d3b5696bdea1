/** The account's public access block. A file of its own: its SDK client is loaded only where a bucket's block is incomplete. */
import { GetPublicAccessBlockCommand } from '@aws-sdk/client-s3-control';
import type { Observed, PublicAccessBlock } from '../observation';
import { switches } from './public-access-block';
import { s3Control } from './s3-control';
import type { Session } from './session';

export async function accountPublicAccessBlock(
  session: Session,
  AccountId: string,
  region: string,
): Promise<Observed<PublicAccessBlock>> {
  return session.once('account public access block', async () => {
    const client = s3Control(session, region);
    return session.ask(
      's3control:GetPublicAccessBlock',
      region,
      (options) => client.send(new GetPublicAccessBlockCommand({ AccountId }), options),
      ({ PublicAccessBlockConfiguration: block }) => block && switches(block),
    );
  });
}
