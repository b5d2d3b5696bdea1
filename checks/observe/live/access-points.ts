/** Reads the access points of a bucket. A file of its own: its SDK client is loaded only where a bucket's policy delegates. */
import { GetAccessPointPolicyCommand, ListAccessPointsCommand } from '@aws-sdk/client-s3-control';
import { type AccessPoint, known, type Observed } from '../observation';
import { s3Control } from './s3-control';
import { ifFound, pages, type Session } from './session';

/** The access points that the account has for a bucket of its own, each with its policy. */
export async function accessPointsOf(
  session: Session,
  Bucket: string,
  AccountId: string,
  region: string,
): Promise<Observed<readonly AccessPoint[]>> {
  const client = s3Control(session, region);
  const listed = await pages(session, 's3control:ListAccessPoints', region, (NextToken) =>
    session.ask(
      's3control:ListAccessPoints',
      region,
      (options) => client.send(new ListAccessPointsCommand({ AccountId, Bucket, NextToken }), options),
      ({ AccessPointList, NextToken: next }) => {
        const items = AccessPointList?.map(({ Name, AccessPointArn, NetworkOrigin, VpcConfiguration }) =>
          Name && AccessPointArn && NetworkOrigin
            ? {
                name: Name,
                arn: AccessPointArn,
                networkOrigin: NetworkOrigin,
                vpcId: VpcConfiguration?.VpcId,
              }
            : undefined,
        );
        return items?.every((item) => item !== undefined) ? { items, next } : undefined;
      },
    ),
  );
  return ifFound(listed, async (items) =>
    known(
      await Promise.all(
        items.map(async (item): Promise<AccessPoint> => {
          const policy = await session.ask(
            's3control:GetAccessPointPolicy',
            region,
            (options) =>
              client.send(new GetAccessPointPolicyCommand({ AccountId, Name: item.name }), options),
            ({ Policy }) =>
              Policy === undefined
                ? undefined
                : { source: `policy of access point ${item.arn}`, text: Policy },
          );
          return { ...item, policy };
        }),
      ),
    ),
  );
}
