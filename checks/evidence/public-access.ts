/** What makes a bucket public, and the public access block that is in force: the bucket's and the account's, whichever is stricter. */
import type {
  AclGrant,
  BucketObservation,
  Observed,
  PublicAccessBlock,
  Unreadable,
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

const OFF: PublicAccessBlock = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};

/** The switches in force; unreadable where a switch is off as far as was read, and something could not be read. */
export function effectiveBlock(bucket: BucketObservation): PublicAccessBlock | Unreadable {
  const own = switches(bucket.publicAccessBlock);
  const account = bucket.accountPublicAccessBlock ? switches(bucket.accountPublicAccessBlock) : OFF;
  const known = [own, account].filter((block): block is PublicAccessBlock => !('message' in block));
  const on = (name: keyof PublicAccessBlock) => known.some((block) => block[name]);
  const effective: PublicAccessBlock = {
    blockPublicAcls: on('blockPublicAcls'),
    ignorePublicAcls: on('ignorePublicAcls'),
    blockPublicPolicy: on('blockPublicPolicy'),
    restrictPublicBuckets: on('restrictPublicBuckets'),
  };
  const unread = [own, account].find((block): block is Unreadable => 'message' in block);
  return unread && !Object.values(effective).every(Boolean) ? unread : effective;
}

function switches(block: Observed<PublicAccessBlock>): PublicAccessBlock | Unreadable {
  if (block.state === 'unreadable') return block.reason;
  return block.state === 'absent' ? OFF : block.value;
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
  return `${words.slice(0, MOST_GRANTEES).join('; ')}${more > 0 ? `; and more to ${more} others` : ''}`;
}

/** What a finding shows of an ACL's grants: one of them as itself. */
export function foundGrants(grants: readonly AclGrant[]): unknown {
  return oneOrAll(grants.map(({ grantee, permission }) => ({ grantee, permission })));
}
