import { candidateOf, exportNameFor, type Seen } from '../../../checks/adopt/candidate';
import { sameDocument } from '../../../checks/adopt/document';
import { type RoleSettings, roleFacts } from '../../../checks/adopt/role';
import {
  ABSENT,
  type BucketObservation,
  known,
  type ObjectLock,
  type ObjectOwnership,
  type Observed,
  type RoleObservation,
  type RolePolicy,
  unreadable,
} from '../../../checks/observe/observation';
import { permissionDocument, trustDocument } from '../../../contract/policies';

const ALTR = '111122223333';
const ACCOUNT = '123456789012';
const POLICY_ARN = `arn:aws:iam::${ACCOUNT}:policy/acme.s3.policy`;
const denied = unreadable({ message: 'AWS denied it (AccessDenied)' });

const text = (document: unknown) => known({ source: 'the document', text: JSON.stringify(document) });
const attached = (changed: Partial<RolePolicy> = {}): RolePolicy => ({
  kind: 'attached',
  name: 'acme.s3.policy',
  arn: POLICY_ARN,
  document: text(permissionDocument('aws', 'acme-logs')),
  ...changed,
});
const allowing = (statement: object) =>
  known([
    attached({ document: text({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] }) }),
  ]);
const trusting = (condition: object, account = ALTR) =>
  text({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole', Condition: condition },
    ],
  });

const ROLE: RoleObservation = {
  name: 'ALTRPublishSIEMDataAcme',
  arn: `arn:aws:iam::${ACCOUNT}:role/ALTRPublishSIEMDataAcme`,
  path: '/',
  trustPolicy: text(trustDocument('aws', ALTR, 'client-1')),
  inlinePolicies: known([]),
  attachedPolicies: known([attached()]),
  permissionsBoundary: ABSENT,
};
const SETTINGS: RoleSettings = {
  description: 'by hand',
  maxSessionDuration: 3600,
  attachments: { [POLICY_ARN]: known(1) },
};
const BUCKET: BucketObservation = {
  name: 'acme-logs',
  owner: known('audited-account'),
  region: known('eu-west-1'),
  policy: ABSENT,
  publicAccessBlock: known({
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  }),
  acl: known({
    owner: 'me',
    grants: [{ grantee: 'me', granteeType: 'CanonicalUser', permission: 'FULL_CONTROL' }],
  }),
  encryption: known({ algorithm: 'AES256' }),
};

interface World {
  readonly role?: Partial<RoleObservation>;
  readonly settings?: Partial<RoleSettings>;
  readonly bucket?: Partial<BucketObservation> | Observed<BucketObservation>;
  readonly ownership?: Observed<ObjectOwnership>;
  readonly bucketKeys?: Observed<boolean>;
  readonly objectLock?: Observed<ObjectLock>;
  readonly clientId?: string;
}

function adopt({ role = {}, settings = {}, bucket = {}, ...rest }: World, partitionConfirmed = false) {
  const seenRole = { ...ROLE, ...role };
  const seenSettings = { ...SETTINGS, ...settings };
  const options = {
    altrAccountId: ALTR,
    ...(rest.clientId === undefined ? {} : { clientId: rest.clientId }),
  };
  const seen: Seen = {
    accountId: ACCOUNT,
    role: seenRole,
    settings: seenSettings,
    facts: roleFacts(seenRole, seenSettings, options),
    bucket: {
      observation:
        'state' in bucket ? bucket : known({ ...BUCKET, objectLock: rest.objectLock ?? ABSENT, ...bucket }),
      extras: {
        ownership: rest.ownership ?? known('BucketOwnerEnforced'),
        bucketKeys: rest.bucketKeys ?? known(false),
      },
    },
  };
  return candidateOf(seen, 'acme', { awsAccountId: ALTR, partitionConfirmed });
}

const ENTRY = {
  name: 'acme',
  accountId: ACCOUNT,
  clientId: 'client-1',
  bucket: 'acme-logs',
  region: 'eu-west-1',
  roleName: 'ALTRPublishSIEMDataAcme',
  role: { description: 'by hand', policyName: 'acme.s3.policy' },
  adopt: { policyArn: POLICY_ARN, bucketSettings: ['publicAccessBlock', 'ownershipControls', 'encryption'] },
};

test('what does as the vendor’s page says is adopted as it is, and nothing changes', () => {
  expect(adopt({})).toMatchObject({ entry: ENTRY, changes: [], reasons: [] });
});

const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/k`;
const key = (keyManager: 'AWS' | 'CUSTOMER') => ({
  encryption: known({ algorithm: 'aws:kms' as const, kmsKeyId: 'k' }),
  kmsKey: known({ arn: KEY, keyManager, keyState: 'Enabled', policy: ABSENT }),
});

const inlinePolicy = (document: object = permissionDocument('aws', 'acme-logs'), name = 'by-hand') => ({
  kind: 'inline' as const,
  name,
  document: text(document),
});
const inline = known([inlinePolicy()]);
/** No managed policy, and an inline one. */
const INLINE_ALONE: World = {
  role: { inlinePolicies: inline, attachedPolicies: known([]) },
  settings: { namesake: ABSENT },
};

const WITH_LOCK = [...ENTRY.adopt.bucketSettings, 'versioning', 'objectLock'];

test('Object Lock that may not be read is not declared, so that Terraform leaves it as it is', () => {
  const { entry, reasons } = adopt({ objectLock: denied });
  expect({ retention: entry?.retention, adopt: entry?.adopt, reasons }).toEqual({
    retention: undefined,
    adopt: ENTRY.adopt,
    reasons: [],
  });
});

describe('is adopted, and says what changes', () => {
  test.each<[string, World, object, RegExp[]]>([
    [
      'a role under a path',
      {
        role: {
          path: '/altr/',
          attachedPolicies: known([attached({ arn: `arn:aws:iam::${ACCOUNT}:policy/altr/acme.s3.policy` })]),
        },
        settings: { attachments: { [`arn:aws:iam::${ACCOUNT}:policy/altr/acme.s3.policy`]: known(1) } },
      },
      { role: { path: '/altr/' } },
      [],
    ],
    [
      'a role with a boundary and long sessions',
      {
        role: { permissionsBoundary: known({ arn: POLICY_ARN, document: denied }) },
        settings: { maxSessionDuration: 43200 },
      },
      { role: { permissionsBoundary: POLICY_ARN, maxSessionHours: 12 } },
      [],
    ],
    [
      'a session that is no whole number of hours',
      { settings: { maxSessionDuration: 5400 } },
      { role: { maxSessionHours: 2 } },
      [/from 5400 to 7200 seconds/],
    ],
    [
      'a policy that allows more',
      {
        role: {
          attachedPolicies: allowing({
            Action: 's3:*',
            Resource: ['arn:aws:s3:::acme-logs', 'arn:aws:s3:::acme-logs/*'],
          }),
        },
      },
      {},
      [/policy acme\.s3\.policy gets a new version/],
    ],
    [
      'a trust that takes a pattern operator',
      { role: { trustPolicy: trusting({ StringLike: { 'STS:externalid': 'client-1' } }) } },
      { clientId: 'client-1' },
      [/trust policy is replaced/],
    ],
    [
      'no ExternalId, but a client ID by hand',
      { role: { trustPolicy: trusting({}) }, clientId: 'client-2' },
      { clientId: 'client-2' },
      [/trust policy is replaced/],
    ],
    [
      'an open bucket of old',
      { bucket: { publicAccessBlock: ABSENT, encryption: ABSENT }, ownership: ABSENT, bucketKeys: ABSENT },
      { adopt: { policyArn: POLICY_ARN, bucketSettings: [] } },
      [/closed: all four switches/, /ACLs.*switched off/, /encrypts by default/],
    ],
    [
      'Object Lock that retains nothing by itself',
      { objectLock: known({}) },
      { retention: { objectLock: true }, adopt: { bucketSettings: WITH_LOCK } },
      [],
    ],
    [
      'Object Lock with its default retention',
      { objectLock: known({ defaultRetention: { mode: 'COMPLIANCE', years: 7 } }) },
      {
        retention: { objectLock: true, defaultRetention: { mode: 'COMPLIANCE', years: 7 } },
        adopt: { bucketSettings: WITH_LOCK },
      },
      [],
    ],
    [
      'a key of one’s own',
      { bucket: key('CUSTOMER'), bucketKeys: known(true) },
      { encryption: { type: 'kms', kmsKeyArn: KEY } },
      [/new version.*and the use of the key/],
    ],
    [
      'a key without bucket keys',
      { bucket: key('CUSTOMER') },
      { encryption: { type: 'kms', kmsKeyArn: KEY, bucketKeys: false } },
      [/new version/],
    ],
    [
      'a key that the policy grants already',
      {
        bucket: key('CUSTOMER'),
        bucketKeys: known(true),
        role: {
          attachedPolicies: known([
            attached({ document: text(permissionDocument('aws', 'acme-logs', KEY)) }),
          ]),
        },
      },
      { encryption: { type: 'kms', kmsKeyArn: KEY } },
      [],
    ],
    [
      'an inline policy that says what the page says',
      INLINE_ALONE,
      { role: { description: 'by hand' }, adopt: { bucketSettings: ENTRY.adopt.bucketSettings } },
      [
        /^a managed policy ALTRPublishSIEMDataAcme .*made and attached, and then the inline policy by-hand, which says the same, is taken off$/,
      ],
    ],
    [
      'an inline policy that allows more',
      {
        ...INLINE_ALONE,
        role: {
          attachedPolicies: known([]),
          inlinePolicies: known([
            inlinePolicy({
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::acme-logs/*' }],
            }),
          ]),
        },
      },
      { role: { description: 'by hand' } },
      [/and then the inline policy by-hand is taken off$/],
    ],
    [
      'bucket keys without a key, as the console makes them',
      { bucketKeys: known(true) },
      { encryption: { bucketKeys: true } },
      [],
    ],
  ])('%s', (_what, world, entry, changes) => {
    const adopted = adopt(world);
    expect(adopted).toMatchObject({ entry, reasons: [] });
    expect(adopted.changes).toEqual(changes.map((change) => expect.stringMatching(change)));
  });
});

describe('is refused with the reason', () => {
  test.each<[string, World, RegExp]>([
    [
      'a name without the prefix',
      { role: { name: 'acme' } },
      /name must start with ALTRPublishSIEMData.*can’t rename/,
    ],
    [
      'an inline policy beside a managed one',
      { role: { inlinePolicies: inline } },
      /inline policies \(by-hand\) beside.*aws iam delete-role-policy --role-name ALTRPublishSIEMDataAcme --policy-name NAME$/,
    ],
    [
      'several inline policies',
      {
        role: {
          inlinePolicies: known([inlinePolicy(), inlinePolicy({}, 'other')]),
          attachedPolicies: known([]),
        },
      },
      /several inline policies \(by-hand, other\).*aws iam delete-role-policy/,
    ],
    [
      'an inline policy whose place a policy of that name would take',
      { ...INLINE_ALONE, settings: { namesake: known(POLICY_ARN) } },
      /one named ALTRPublishSIEMDataAcme exists already without being attached/,
    ],
    [
      'an inline policy where nobody can tell whether its place is free',
      { ...INLINE_ALONE, settings: { namesake: denied } },
      /whether a managed policy ALTRPublishSIEMDataAcme exists.*could not be read: AWS denied/,
    ],
    [
      'an inline policy for every bucket',
      {
        ...INLINE_ALONE,
        role: {
          attachedPolicies: known([]),
          inlinePolicies: known([
            inlinePolicy({
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }],
            }),
          ]),
        },
      },
      /its inline policy by-hand reaches \*/,
    ],
    [
      'inline policies that can’t be listed',
      { role: { inlinePolicies: denied } },
      /inline policies could not be listed: AWS denied/,
    ],
    [
      'several policies',
      { role: { attachedPolicies: known([attached(), attached({ name: 'other' })]) } },
      /several policies.*policy\/acme\.s3\.policy, arn.*aws iam detach-role-policy --role-name ALTRPublishSIEMDataAcme --policy-arn ARN$/,
    ],
    ['no policy', { role: { attachedPolicies: known([]) } }, /has no policy/],
    ['policies that can’t be listed', { role: { attachedPolicies: denied } }, /policies could not be listed/],
    [
      'a policy that can’t be read',
      { role: { attachedPolicies: known([attached({ document: denied })]) } },
      /policy acme\.s3\.policy could not be read/,
    ],
    [
      'AWS’s own policy',
      {
        role: { attachedPolicies: known([attached({ arn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess' })]) },
      },
      /is AWS’s own/,
    ],
    [
      'a policy under another path',
      { role: { path: '/altr/' } },
      /path \/altr\/ and its policy acme\.s3\.policy the path \/;/,
    ],
    [
      'a policy that others use too',
      { settings: { attachments: { [POLICY_ARN]: known(3) } } },
      /attached to 2 more than this role/,
    ],
    [
      'a policy whose use can’t be read',
      { settings: { attachments: { [POLICY_ARN]: denied } } },
      /what else.*could not be read: AWS denied/,
    ],
    [
      'a policy for every bucket',
      { role: { attachedPolicies: allowing({ Action: 's3:PutObject', Resource: '*' }) } },
      /reaches \*, so which bucket/,
    ],
    [
      'a policy with a wildcard in the bucket',
      { role: { attachedPolicies: allowing({ Action: 's3:PutObject', Resource: 'arn:aws:s3:::acme-*/*' }) } },
      /reaches acme-\*, so which bucket/,
    ],
    [
      'a policy for two buckets',
      {
        role: {
          attachedPolicies: allowing({
            Action: 's3:PutObject',
            Resource: ['arn:aws:s3:::a-logs/*', 'arn:aws:s3:::b-logs/*'],
          }),
        },
      },
      /reaches a-logs, b-logs/,
    ],
    [
      'a policy for everything but',
      {
        role: {
          attachedPolicies: allowing({ Action: 's3:PutObject', NotResource: 'arn:aws:s3:::acme-logs/*' }),
        },
      },
      /reaches \*/,
    ],
    [
      'a policy that writes nothing',
      { role: { attachedPolicies: allowing({ Action: 's3:GetObject', Resource: '*' }) } },
      /grants s3:PutObject on no bucket/,
    ],
    [
      'a trust in somebody else',
      { role: { trustPolicy: trusting({ StringEquals: { 'sts:ExternalId': 'client-1' } }, '999999999999') } },
      /does not name ALTR’s account 111122223333/,
    ],
    ['no ExternalId', { role: { trustPolicy: trusting({}) } }, /demands no ExternalId.*--client-id/],
    [
      'an ExternalId that is only refused',
      { role: { trustPolicy: trusting({ StringNotEquals: { 'sts:ExternalId': 'x-1' } }) } },
      /demands no ExternalId/,
    ],
    [
      'several ExternalIds',
      { role: { trustPolicy: trusting({ StringEquals: { 'sts:ExternalId': ['one', 'two'] } }) } },
      /several ExternalIds \(one, two\)/,
    ],
    [
      'an ExternalId with a wildcard',
      { role: { trustPolicy: trusting({ StringLike: { 'sts:ExternalId': 'client-*' } }) } },
      /ExternalId "client-\*".*has the character/,
    ],
    ['a trust that can’t be read', { role: { trustPolicy: denied } }, /trust policy could not be read/],
    [
      'a trust that is not understood',
      { role: { trustPolicy: text({ Statement: [{ Effect: 'allow' }] }) } },
      /trust policy is not understood/,
    ],
    [
      'a boundary that can’t be read',
      { role: { permissionsBoundary: denied } },
      /boundary could not be read/,
    ],
    ['a bucket that is not there', { bucket: ABSENT }, /bucket acme-logs does not exist/],
    ['a bucket that can’t be read', { bucket: denied }, /bucket acme-logs could not be read: AWS denied/],
    [
      'a bucket of another account',
      { bucket: { owner: known('another-account') } },
      /belongs to another account/,
    ],
    ['a bucket of who knows whom', { bucket: { owner: denied } }, /could belong to anybody/],
    [
      'a region that can’t be read',
      { bucket: { region: denied } },
      /region of its bucket acme-logs could not be read/,
    ],
    [
      'a block that can’t be read',
      { bucket: { publicAccessBlock: denied } },
      /public access block of its bucket/,
    ],
    ['ownership that can’t be read', { ownership: denied }, /ownership controls of its bucket/],
    ['bucket keys that can’t be read', { bucketKeys: denied }, /bucket keys of its bucket/],
    [
      'an ACL that grants others',
      {
        ownership: known('ObjectWriter'),
        bucket: {
          acl: known({
            owner: 'me',
            grants: [{ grantee: 'you', granteeType: 'CanonicalUser', permission: 'READ' }],
          }),
        },
      },
      /ACL of its bucket acme-logs grants others/,
    ],
    ['AWS’s own key', { bucket: key('AWS') }, /AWS’s own KMS key/],
    [
      'a key that is gone',
      { bucket: { encryption: known({ algorithm: 'aws:kms', kmsKeyId: 'k' }), kmsKey: ABSENT } },
      /KMS key of its bucket acme-logs does not exist/,
    ],
    [
      'two layers of encryption',
      { bucket: { encryption: known({ algorithm: 'aws:kms:dsse' }) } },
      /two layers/,
    ],
    [
      'a key of another account, which the construct does not take',
      {
        bucket: {
          encryption: known({ algorithm: 'aws:kms', kmsKeyId: 'k' }),
          kmsKey: known({
            arn: KEY.replace(ACCOUNT, '210987654321'),
            keyManager: 'CUSTOMER',
            keyState: 'Enabled',
            policy: ABSENT,
          }),
        },
      },
      /^encryption\.kmsKeyArn .* is in account 210987654321 and can’t go with accountId, which says 123456789012$/,
    ],
  ])('%s', (_what, world, reason) => {
    const refused = adopt(world);
    expect(refused).not.toHaveProperty('entry');
    expect(refused.changes).toEqual([]);
    expect(refused.reasons).toEqual([expect.stringMatching(reason)]);
  });

  test('all of them at once', () => {
    expect(
      adopt({ role: { trustPolicy: trusting({}), inlinePolicies: inline }, bucket: ABSENT }).reasons,
    ).toHaveLength(3);
  });
});

test('outside the partition aws it takes ALTR’s word that it has an account there', () => {
  const gov = { bucket: { region: known('us-gov-west-1') } };
  expect(adopt(gov).reasons).toContainEqual(
    expect.stringMatching(/^region us-gov-west-1 is in the partition aws-us-gov, .*altr\.partitionConfirmed/),
  );
  expect(adopt(gov, true).reasons).not.toContainEqual(expect.stringContaining('partitionConfirmed'));
});

test('an export is named after its role, in words, once', () => {
  const names = ['ALTRPublishSIEMDataAcmeProd', 'ALTRPublishSIEMData', 'ALTRPublishSIEMData_a.b@c', 'acme'];
  expect(names.map((name) => exportNameFor(name, new Set()))).toEqual([
    'acme-prod',
    'altrpublish-siemdata',
    'a-b-c',
    'acme',
  ]);
  expect(exportNameFor('ALTRPublishSIEMDataAcme', new Set(['acme', 'acme-2']))).toBe('acme-3');
});

test('documents are the same in whatever order and form, and not where a word differs', () => {
  const contract = trustDocument('aws', ALTR, 'client-1');
  const page = `{"Statement":[{"Condition":{"StringEquals":{"sts:ExternalId":["client-1"]}},"Action":["sts:AssumeRole"],"Principal":{"AWS":"${ALTR}"},"Effect":"Allow"}],"Version":"2012-10-17"}`;
  expect(sameDocument(page, contract)).toBe(true);
  expect(sameDocument(page.replace('client-1', 'client-2'), contract)).toBe(false);
  expect(sameDocument('{', contract)).toBe(false);
  expect(sameDocument(`${'['.repeat(9_900)}${']'.repeat(9_900)}`, contract)).toBe(false);
});
