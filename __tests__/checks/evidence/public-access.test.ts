import {
  effectiveBlock,
  foundGrants,
  LOG_DELIVERY,
  wordGrants,
} from '../../../checks/evidence/public-access';
import {
  ABSENT,
  type BucketObservation,
  known,
  type PublicAccessBlock,
  unreadable,
} from '../../../checks/observe/observation';
import { observationOf } from '../../../checks/pages/set-up';
import { EXAMPLE } from '../rules/support';

const OFF: PublicAccessBlock = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};
const ON: PublicAccessBlock = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};
const ACLS: PublicAccessBlock = { ...OFF, blockPublicAcls: true, ignorePublicAcls: true };
const POLICIES: PublicAccessBlock = { ...OFF, blockPublicPolicy: true, restrictPublicBuckets: true };
const refused = unreadable({ message: 'AWS denied s3:GetBucketPublicAccessBlock (AccessDenied)' });
const refusedToo = unreadable({ message: 'AWS denied s3:GetAccountPublicAccessBlock (AccessDenied)' });

type Observed = BucketObservation['publicAccessBlock'];

function blockOf(publicAccessBlock: Observed, accountPublicAccessBlock?: Observed) {
  const [seen] = observationOf({ bucket: { publicAccessBlock, accountPublicAccessBlock } }, EXAMPLE).exports;
  if (seen?.bucket.state !== 'value') throw new Error('no bucket');
  return effectiveBlock(seen.bucket.value);
}

test.each<[what: string, bucket: Observed, account: Observed | undefined, effective: PublicAccessBlock]>([
  ['neither has a block', ABSENT, ABSENT, OFF],
  ['the bucket has none, and nobody looked at the account', ABSENT, undefined, OFF],
  ['the bucket’s block is on', known(ON), ABSENT, ON],
  ['the account’s block is on', ABSENT, known(ON), ON],
  ['both have some switches on', known(ACLS), known(POLICIES), ON],
  ['only some switches are on', known(ACLS), known({ ...OFF, blockPublicAcls: true }), ACLS],
  ['the bucket’s block is on, and the account’s could not be read', known(ON), refused, ON],
  ['the account’s block is on, and the bucket’s could not be read', refused, known(ON), ON],
])('the block in force if %s', (_what, bucket, account, effective) => {
  expect(blockOf(bucket, account)).toEqual(effective);
});

test.each<[what: string, bucket: Observed, account: Observed | undefined, message: string]>([
  ['the bucket’s block could not be read', refused, ABSENT, refused.reason.message],
  ['the account’s could not be read, and the bucket has none', ABSENT, refusedToo, refusedToo.reason.message],
  [
    'the account’s could not be read, and a switch of the bucket’s is off',
    known(ACLS),
    refusedToo,
    refusedToo.reason.message,
  ],
  ['neither could be read', refused, refusedToo, refused.reason.message],
])('no block is known to be in force if %s', (_what, bucket, account, message) => {
  expect(blockOf(bucket, account)).toEqual({ message });
});

const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers';
const AWS_USERS = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
const grant = (grantee: string, permission = 'READ') =>
  ({ grantee, granteeType: 'CanonicalUser', permission }) as const;
const readers = (...names: readonly string[]) => names.map((name) => grant(name));

test.each([
  ['everybody', [grant(EVERYBODY)], 'READ to everybody'],
  ['everybody with an account', [grant(AWS_USERS)], 'READ to everybody with an AWS account'],
  ['log delivery', [grant(LOG_DELIVERY, 'WRITE')], 'WRITE to http://acs.amazonaws.com/groups/s3/LogDelivery'],
  [
    'permissions of one grantee together, each once',
    [grant('a'), grant('b'), grant('a', 'WRITE'), grant('a')],
    'READ, WRITE to a; READ to b',
  ],
  [
    'five grantees',
    readers('a', 'b', 'c', 'd', 'e'),
    'READ to a; READ to b; READ to c; READ to d; READ to e',
  ],
  [
    'one more than five',
    readers('a', 'b', 'c', 'd', 'e', 'f'),
    'READ to a; READ to b; READ to c; READ to d; READ to e; and more to 1 other',
  ],
  [
    'two more than five',
    readers('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    'READ to a; READ to b; READ to c; READ to d; READ to e; and more to 2 others',
  ],
])('grants in words: %s', (_what, grants, words) => {
  expect(wordGrants(grants)).toBe(words);
});

test('a finding shows one grant as itself, and several as a list', () => {
  expect(foundGrants([grant('a')])).toEqual({ grantee: 'a', permission: 'READ' });
  expect(foundGrants(readers('a', 'b'))).toEqual([
    { grantee: 'a', permission: 'READ' },
    { grantee: 'b', permission: 'READ' },
  ]);
});
