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

const grant = (grantee: string, permission: string, granteeType: 'Group' | 'CanonicalUser' = 'Group') =>
  ({ grantee, granteeType, permission }) as const;
const AWS_USERS = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
const granting = (...grants: ReturnType<typeof grant>[]) =>
  ({
    objectOwnership: { state: 'value', value: 'ObjectWriter' },
    acl: { state: 'value', value: { owner: 'c0ffee', grants } },
  }) as const;

test('one ACL is one finding, whatever it grants to whom', () => {
  const grants = [grant(EVERYBODY, 'READ'), grant(EVERYBODY, 'READ_ACP'), grant(AWS_USERS, 'WRITE')];
  const message =
    'The bucket’s ACL gives READ, READ_ACP to everybody; WRITE to everybody with an AWS account';
  const open = of({ bucket: { publicAccessBlock: off, ...granting(...grants) } });
  expect(open.filter(({ location }) => location?.document.startsWith('ACL'))).toMatchObject([
    { status: 'fail', message: `${message}.`, actual: { length: 3 } },
  ]);
  expect(of({ bucket: granting(...grants) })).toMatchObject([
    { status: 'pass' },
    { status: 'advice', message: `${message}, held back by IgnorePublicAcls alone.` },
  ]);
});

test('an exception for one grant does not excuse another one that comes later', () => {
  const fingerprint = (...grants: ReturnType<typeof grant>[]) =>
    of({ bucket: { publicAccessBlock: off, ...granting(...grants) } })[0]?.fingerprint;
  const [read, write] = [grant(EVERYBODY, 'READ'), grant(AWS_USERS, 'WRITE')];
  expect(fingerprint(read, write)).not.toBe(fingerprint(read));
  expect(fingerprint(read, write)).toBe(fingerprint(write, read));
});
