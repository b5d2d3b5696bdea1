/** What makes a bucket public, and the public access block that is in force: the bucket's and the account's, whichever is stricter. */
import {
  ABSENT,
  type AclGrant,
  type BucketObservation,
  type PublicAccessBlock,
  type Unreadable,
} from '../observe/observation';
import { oneOrAll } from './wording';

/** The group by which S3 itself delivers access logs (Amazon S3 User Guide, "Access control list (ACL) overview"). */
export const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery';

/** Groups that an ACL can open a bucket to (Amazon S3 User Guide, "Access control list (ACL) overview"). */
export const PUBLIC_GROUPS: Readonly<Record<string, string>> = {
  'http://acs.amazonaws.com/groups/global/AllUsers': 'everybody',
  'http://acs.amazonaws.com/groups/global/AuthenticatedUsers': 'everybody with an AWS account',
};

/** Grantees that a sentence names; an ACL has at most 100 grants. */
const MOST_GRANTEES = 5;

/** The switches in force; unreadable where a switch is off as far as was read, and something could not be read. */
export function effectiveBlock(bucket: BucketObservation): PublicAccessBlock | Unreadable {
  const blocks = [bucket.publicAccessBlock, bucket.accountPublicAccessBlock ?? ABSENT];
  const on = (name: keyof PublicAccessBlock) =>
    blocks.some((block) => block.state === 'value' && block.value[name]);
  const effective: PublicAccessBlock = {
    blockPublicAcls: on('blockPublicAcls'),
    ignorePublicAcls: on('ignorePublicAcls'),
    blockPublicPolicy: on('blockPublicPolicy'),
    restrictPublicBuckets: on('restrictPublicBuckets'),
  };
  const unread = blocks.find((block) => block.state === 'unreadable');
  return unread && !Object.values(effective).every(Boolean) ? unread.reason : effective;
}

/** Grants of an ACL as words, for example `READ, WRITE to everybody; READ to 79a5…`. */
export function wordGrants(grants: readonly AclGrant[]): string {
  const grantees = [...new Set(grants.map(({ grantee }) => grantee))];
  const words = grantees.map((grantee) => {
    const permissions = grants
      .filter((grant) => grant.grantee === grantee)
      .map(({ permission }) => permission);
    return `${[...new Set(permissions)].join(', ')} to ${PUBLIC_GROUPS[grantee] ?? grantee}`;
  });
  const more = words.length - MOST_GRANTEES;
  const others = more > 0 ? `; and more to ${more} ${more === 1 ? 'other' : 'others'}` : '';
  return `${words.slice(0, MOST_GRANTEES).join('; ')}${others}`;
}

/** What a finding shows of an ACL's grants: one of them as itself. */
export function foundGrants(grants: readonly AclGrant[]): unknown {
  return oneOrAll(grants.map(({ grantee, permission }) => ({ grantee, permission })));
}
