import { findingsOf } from './support';

const of = (setUp: Parameters<typeof findingsOf>[0]) =>
  findingsOf(setUp).filter(({ rule }) => rule === 'bucket-public-access');
const off = { state: 'absent' } as const;
const acl = (grantee: string) =>
  ({
    state: 'value',
    value: { owner: 'c0ffee', grants: [{ grantee, granteeType: 'Group', permission: 'READ' }] },
  }) as const;
const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers';

test('a missing block alone is medium: nothing is public yet', () => {
  expect(of({ bucket: { publicAccessBlock: off } })).toMatchObject([
    { status: 'fail', severity: 'medium', actual: [] },
  ]);
});

test('a public ACL without a block is critical', () => {
  expect(
    of({
      bucket: {
        publicAccessBlock: off,
        acl: acl(EVERYBODY),
        objectOwnership: { state: 'value', value: 'ObjectWriter' },
      },
    })[0],
  ).toMatchObject({
    status: 'fail',
    severity: 'critical',
    message: 'The bucket’s ACL gives READ to everybody.',
  });
});

test('a public ACL means nothing where ACLs are off', () => {
  const findings = of({
    bucket: {
      publicAccessBlock: off,
      acl: acl(EVERYBODY),
      objectOwnership: { state: 'value', value: 'BucketOwnerEnforced' },
    },
  });
  expect(findings.map(({ severity }) => severity)).toEqual(['medium']);
});
