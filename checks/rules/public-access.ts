/** The public access block that is in force: the bucket's and the account's, whichever is stricter. */
import type { BucketObservation, Observed, PublicAccessBlock, Unreadable } from '../observe/observation';

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
