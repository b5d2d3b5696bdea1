/** The set-ups in which bucket-public-access decides the outcome, each with the outcome of every rule. Source, unless another is named: IAM User Guide, "IAM JSON policy elements". */
import { ALL_USERS, aclGranting, bucketPolicy, put, value, withAcl } from './builders';
import { table } from './table';

const off = { state: 'absent' } as const;

table('public', [
  ['no public access block', { bucket: { publicAccessBlock: off } }, { fail: ['bucket-public-access'] }],
  [
    'three of four switches',
    {
      bucket: {
        publicAccessBlock: {
          state: 'value',
          value: {
            blockPublicAcls: true,
            ignorePublicAcls: true,
            blockPublicPolicy: true,
            restrictPublicBuckets: false,
          },
        },
      },
    },
    { fail: ['bucket-public-access'] },
  ],
  [
    'a public policy and no block',
    { bucket: { publicAccessBlock: off }, ...bucketPolicy(put({ Principal: '*', Action: 's3:PutObject' })) },
    { fail: ['bucket-foreign-access', 'bucket-public-access'] },
  ],
  [
    'a block that can’t be read',
    { bucket: { publicAccessBlock: { state: 'unreadable', reason: { message: 'AWS denied it' } } } },
    { unknown: ['bucket-public-access'] },
  ],
  [
    'the account’s block can’t be read, the bucket’s is missing',
    {
      bucket: {
        publicAccessBlock: off,
        accountPublicAccessBlock: { state: 'unreadable', reason: { message: 'AWS denied it' } },
      },
    },
    { unknown: ['bucket-public-access'] },
  ],
]);

table('access control lists', [
  [
    'everybody, and no public access block',
    withAcl(aclGranting(ALL_USERS, 'Group'), {
      objectOwnership: value('ObjectWriter'),
      publicAccessBlock: { state: 'absent' },
    }),
    { fail: ['bucket-public-access'] },
  ],
  [
    'everybody, held back by the block alone',
    withAcl(aclGranting(ALL_USERS, 'Group'), { objectOwnership: value('ObjectWriter') }),
    { advice: ['bucket-public-access'] },
  ],
  [
    'everybody, but ACLs are off',
    withAcl(aclGranting(ALL_USERS, 'Group'), { objectOwnership: value('BucketOwnerEnforced') }),
    {},
  ],
]);
