/** Reads who gets at a bucket by S3 Access Grants. A file of its own: it is loaded only where the config asks for them. */
import { ListAccessGrantsCommand } from '@aws-sdk/client-s3-control';
import { type AccessGrant, known, type Observed } from '../observation';
import { s3Control } from './s3-control';
import { ifFound, pages, type Session } from './session';

/** The grants that reach a bucket; absent if the account has no instance of S3 Access Grants in the bucket's region. */
export async function accessGrantsOf(
  session: Session,
  bucket: string,
  AccountId: string,
  region: string,
): Promise<Observed<readonly AccessGrant[]>> {
  const client = s3Control(session, region);
  const listed = await pages(session, 's3control:ListAccessGrants', region, (NextToken) =>
    session.ask(
      's3control:ListAccessGrants',
      region,
      (options) =>
        client.send(new ListAccessGrantsCommand({ AccountId, MaxResults: 1000, NextToken }), options),
      ({ AccessGrantsList = [], NextToken: next }) => {
        const items = AccessGrantsList.map(({ AccessGrantId, Grantee, Permission, GrantScope }) =>
          AccessGrantId && Grantee?.GranteeType && Grantee.GranteeIdentifier && Permission && GrantScope
            ? {
                id: AccessGrantId,
                granteeType: Grantee.GranteeType,
                grantee: Grantee.GranteeIdentifier,
                permission: Permission,
                scope: GrantScope,
              }
            : undefined,
        );
        return items.every((item) => item !== undefined) ? { items, next } : undefined;
      },
    ),
  );
  return ifFound(listed, async (items) => known(items.filter(({ scope }) => reaches(scope, bucket))));
}

/** Whether a scope such as `s3://bucket/prefix*` has objects of a bucket (S3 API Reference, "CreateAccessGrant"). */
function reaches(scope: string, bucket: string): boolean {
  const path = `s3://${bucket}/`;
  const [fixed = '', ...wild] = scope.split('*');
  if (fixed.startsWith(path)) return true;
  return wild.length > 0 ? path.startsWith(fixed) : scope === `s3://${bucket}`;
}
