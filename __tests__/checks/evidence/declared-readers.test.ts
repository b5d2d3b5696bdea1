import type { DeclaringContext } from '../../../checks/evidence/context';
import {
  beyondReading,
  declaredTrust,
  forAnybody,
  meaning,
  narrowingOf,
  otherIdsAccepted,
  type Reader,
  shutOut,
  strangersIn,
  unreadableTo,
  withEveryDeny,
} from '../../../checks/evidence/declared-readers';
import type { Allowed } from '../../../checks/evidence/excess-grants';
import {
  parsedIdentityPolicy,
  parsedResourcePolicy,
  parsedTrustPolicy,
} from '../../../checks/evidence/parsed';
import type { RolePolicies } from '../../../checks/evidence/role-policies';
import {
  ABSENT,
  type FormerKey,
  type KmsKeyObservation,
  known,
  type Observed,
  type PolicyText,
} from '../../../checks/observe/observation';
import {
  glob,
  grantsOf,
  type Policy,
  RequestContext,
  resourceName,
  resourcePattern,
} from '../../../checks/policy';
import { type ExportOptionsInput, exportOptionsSchema } from '../../../config/options';
import { readerDocument } from '../../../config/options/readers';
import { BUCKET, type Json, KEY, OBJECTS, OTHER, OWN, refused } from '../rules/builders';
import { EXAMPLE } from '../rules/support';

const THIRD = '333333333333';
const COLLECTOR = `arn:aws:iam::${OTHER}:role/siem/collector`;
const ID = 'siem-1';
const rootOf = (account: string) => `arn:aws:iam::${account}:root`;
const context = (declares: ExportOptionsInput = {}, formerKeys?: readonly FormerKey[]) =>
  ({
    contract: EXAMPLE,
    declared: exportOptionsSchema.parse(declares),
    observation: { formerKeys },
    observedAt: '2026-01-01T00:00:00.000Z',
  }) as DeclaringContext;

const text = (source: string, Statement: readonly unknown[]): PolicyText => ({
  source,
  text: JSON.stringify({ Version: '2012-10-17', Statement }),
});
const enter = (AWS: unknown, Condition?: unknown, changes: Json = {}) => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action: 'sts:AssumeRole',
  ...(Condition ? { Condition } : {}),
  ...changes,
});
const isPrincipal = (arn: string, operator = 'ArnEquals') => ({ [operator]: { 'aws:PrincipalArn': arn } });
const sending = (value: unknown, operator = 'StringEquals') => ({ [operator]: { 'sts:ExternalId': value } });
const denyAnybody = (Condition: unknown) => enter('*', Condition, { Effect: 'Deny' });

interface Declared {
  readonly trusts?: readonly string[];
  readonly externalId?: string;
}

const trust = ({ trusts = [COLLECTOR], externalId }: Declared, statements: readonly unknown[]) => ({
  found: parsedTrustPolicy(text('trust policy', statements)),
  reader: { name: 'siem', trustedPrincipals: [...trusts], externalId } as Reader,
  context: context(),
});

const SERVICE = { Service: 'lambda.amazonaws.com' };

test.each<[what: string, statements: readonly unknown[], narrowing: readonly string[]]>([
  ['nothing', [enter(rootOf(THIRD))], []],
  [
    'a Deny that may be of it',
    [enter(rootOf(THIRD)), denyAnybody({ Bool: { 'aws:MultiFactorAuthPresent': 'false' } })],
    ['/Statement/1'],
  ],
  ['a Deny of somebody else', [enter(rootOf(THIRD)), { ...enter(rootOf(OTHER)), Effect: 'Deny' }], []],
  [
    'a Deny that is of two strangers, once',
    [enter([rootOf(THIRD), '*']), denyAnybody({ Bool: { 'aws:MultiFactorAuthPresent': 'false' } })],
    ['/Statement/1'],
  ],
  [
    'any Deny, of a service',
    [
      enter(undefined, undefined, { Principal: SERVICE }),
      denyAnybody(isPrincipal(COLLECTOR)),
      enter(COLLECTOR),
    ],
    ['/Statement/1'],
  ],
])('what narrows strangers: %s', (_what, statements, narrowing) => {
  const trusted = trust({}, statements);
  const strangers = strangersIn(trusted);
  expect(strangers.length).toBeGreaterThan(0);
  expect(narrowingOf(strangers, trusted)).toStrictEqual(
    narrowing.map((pointer) => ({ document: 'trust policy', pointer })),
  );
});

test('the declared trust policy names accounts by their root, and demands the external ID', () => {
  expect(
    declaredTrust({ name: 'siem', trustedPrincipals: [OTHER, COLLECTOR], externalId: ID }, context()),
  ).toStrictEqual({
    Version: '2012-10-17',
    Statement: [enter([rootOf(OTHER), COLLECTOR], sending(ID))],
  });
  expect(declaredTrust({ name: 'siem' }, context()).Statement).toStrictEqual([enter([])]);
});

const USER = `arn:aws:iam::${OTHER}:user/collector`;
const sessionOf = (account: string, name: string) => `arn:aws:sts::${account}:assumed-role/${name}`;
const AT = '/Statement/0/Principal/AWS';
const but = 'everyone but those named in NotPrincipal';

test.each<
  [
    what: string,
    declared: readonly string[],
    statements: readonly unknown[],
    strangers: readonly [who: string, pointer?: string][],
  ]
>([
  ['the declared role', [COLLECTOR], [enter(COLLECTOR)], []],
  ['the declared user', [USER], [enter(USER)], []],
  ['nobody', [COLLECTOR], [], []],
  ['a user of the declared role’s name', [COLLECTOR], [enter(USER)], [[USER, AT]]],
  [
    'a role of the declared user’s name',
    [USER],
    [enter(`arn:aws:iam::${OTHER}:role/collector`)],
    [[`arn:aws:iam::${OTHER}:role/collector`, AT]],
  ],
  [
    'a role of that name in another account',
    [COLLECTOR],
    [enter(COLLECTOR.replace(OTHER, THIRD))],
    [[COLLECTOR.replace(OTHER, THIRD), AT]],
  ],
  ['another role of the account', [COLLECTOR], [enter(`${COLLECTOR}2`)], [[`${COLLECTOR}2`, AT]]],
  [
    'a session of the declared role, which tells no path',
    [COLLECTOR],
    [enter(sessionOf(OTHER, 'collector/x'))],
    [],
  ],
  [
    'a session of a declared role without a path',
    [rootOf(THIRD), `arn:aws:iam::${OTHER}:role/collector`],
    [enter(sessionOf(OTHER, 'collector/x'))],
    [],
  ],
  [
    'a session of another role',
    [COLLECTOR],
    [enter(sessionOf(OTHER, 'collector2/x'))],
    [[sessionOf(OTHER, 'collector2/x'), AT]],
  ],
  [
    'a session of that name in another account',
    [COLLECTOR],
    [enter(sessionOf(THIRD, 'collector/x'))],
    [[sessionOf(THIRD, 'collector/x'), AT]],
  ],
  [
    'a session of the declared user’s name',
    [USER],
    [enter(sessionOf(OTHER, 'collector/x'))],
    [[sessionOf(OTHER, 'collector/x'), AT]],
  ],
  ['the declared account', [OTHER], [enter(OTHER)], []],
  [
    'everybody of the declared account',
    [OTHER],
    [enter([rootOf(OTHER), COLLECTOR, USER, sessionOf(OTHER, 'x/y')])],
    [],
  ],
  [
    'somebody of another account than the declared one',
    [OTHER],
    [enter([COLLECTOR, rootOf(THIRD)])],
    [[rootOf(THIRD), `${AT}/1`]],
  ],
  ['the account of the declared role', [COLLECTOR], [enter(rootOf(OTHER))], [[rootOf(OTHER), AT]]],
  [
    'the account, narrowed to the declared role',
    [COLLECTOR],
    [enter(rootOf(OTHER), isPrincipal(COLLECTOR))],
    [],
  ],
  [
    'the account, narrowed to another role',
    [COLLECTOR],
    [enter(rootOf(OTHER), isPrincipal(USER))],
    [[rootOf(OTHER), AT]],
  ],
  [
    'the account, narrowed to both declared ones',
    [COLLECTOR, USER],
    [enter(rootOf(OTHER), { ArnEquals: { 'aws:PrincipalArn': [COLLECTOR, USER] } })],
    [],
  ],
  [
    'the account, narrowed to a pattern',
    [COLLECTOR],
    [enter(rootOf(OTHER), isPrincipal(`${COLLECTOR}*`, 'ArnLike'))],
    [[rootOf(OTHER), AT]],
  ],
  [
    'the account, narrowed to a role that is declared of another one',
    [COLLECTOR],
    [enter(rootOf(THIRD), isPrincipal(COLLECTOR))],
    [],
  ],
  [
    'the account, narrowed to nobody',
    [COLLECTOR],
    [enter(rootOf(OTHER), { Null: { 'aws:PrincipalArn': 'true' } })],
    [],
  ],
  ['another user whom a Deny names', [COLLECTOR], [enter(USER), { ...enter(USER), Effect: 'Deny' }], []],
  [
    'another user beside whom a Deny names a third one',
    [COLLECTOR],
    [enter(USER), { ...enter(`${USER}2`), Effect: 'Deny' }],
    [[USER, AT]],
  ],
  ['anybody', [COLLECTOR], [enter('*')], [['*', AT]]],
  ['anybody, narrowed to the declared role', [COLLECTOR], [enter('*', isPrincipal(COLLECTOR))], []],
  ['anybody, narrowed to another role', [COLLECTOR], [enter('*', isPrincipal(USER))], [['*', AT]]],
  [
    'anybody, narrowed to the declared account',
    [OTHER],
    [enter('*', { StringEquals: { 'aws:PrincipalAccount': OTHER } })],
    [],
  ],
  [
    'anybody, narrowed to another account',
    [OTHER],
    [enter('*', { StringEquals: { 'aws:PrincipalAccount': THIRD } })],
    [['*', AT]],
  ],
  [
    'everybody but one',
    [COLLECTOR],
    [{ Effect: 'Allow', NotPrincipal: { AWS: USER }, Action: 'sts:AssumeRole' }],
    [[but, undefined]],
  ],
  [
    'everybody but one, whom a Deny narrows to the declared role',
    [COLLECTOR],
    [
      { Effect: 'Allow', NotPrincipal: { AWS: USER }, Action: 'sts:AssumeRole' },
      denyAnybody(isPrincipal(COLLECTOR, 'ArnNotEquals')),
    ],
    [],
  ],
  ['another one whom a Deny shuts out', [COLLECTOR], [enter(USER), denyAnybody(isPrincipal(USER))], []],
  [
    'another one whom a Deny shuts out perhaps',
    [COLLECTOR],
    [enter(USER), denyAnybody({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })],
    [[USER, AT]],
  ],
  [
    'another one by one way of two',
    [COLLECTOR],
    [enter(USER, undefined, { Action: 'sts:AssumeRole*' }), denyAnybody(undefined)],
    [[USER, AT]],
  ],
  [
    'a service',
    [COLLECTOR],
    [enter(undefined, undefined, { Principal: { Service: 'lambda.amazonaws.com' } })],
    [['lambda.amazonaws.com', '/Statement/0/Principal/Service']],
  ],
  ['the remains of a deleted principal', [COLLECTOR], [enter('AROAABCDEFGHIJKLMNOPQ')], []],
  ['another one by no way in', [COLLECTOR], [enter(USER, undefined, { Action: 'sts:TagSession' })], []],
])('strangers in a trust policy that lets in %s', (_what, trusts, statements, strangers) => {
  const { found, ...declared } = trust({ trusts }, statements);
  expect(strangersIn({ found, ...declared })).toStrictEqual(
    strangers.map(([who, pointer]) => ({
      statement: found.statements[0],
      who,
      ...(pointer === undefined ? {} : { pointer }),
    })),
  );
});

test('every stranger is told at its statement', () => {
  const { found, ...declared } = trust({}, [
    enter([COLLECTOR, USER]),
    enter(COLLECTOR),
    enter(rootOf(THIRD)),
  ]);
  expect(
    strangersIn({ found, ...declared }).map(({ statement, who, pointer }) => [
      statement.pointer,
      who,
      pointer,
    ]),
  ).toEqual([
    ['/Statement/0', USER, '/Statement/0/Principal/AWS/1'],
    ['/Statement/2', rootOf(THIRD), '/Statement/2/Principal/AWS'],
  ]);
});

test.each<[what: string, declared: Declared, statements: readonly unknown[], out: readonly string[]]>([
  ['nobody', {}, [enter(COLLECTOR)], []],
  ['an account, by its ARN', { trusts: [OTHER] }, [], [rootOf(OTHER)]],
  ['a user, and lets in a role', { trusts: [COLLECTOR, USER] }, [enter(COLLECTOR)], [USER]],
  ['a role, and lets in a user', { trusts: [COLLECTOR, USER] }, [enter(USER)], [COLLECTOR]],
  ['a user, and lets in another one', { trusts: [USER] }, [enter(`${USER}2`)], [USER]],
  ['nobody whose account it lets in', { trusts: [COLLECTOR, USER] }, [enter(rootOf(OTHER))], []],
  ['nobody of an account, of which it lets in a role', { trusts: [OTHER] }, [enter(COLLECTOR)], []],
  [
    'all who are denied',
    { trusts: [COLLECTOR, USER] },
    [enter([COLLECTOR, USER]), denyAnybody(undefined)],
    [COLLECTOR, USER],
  ],
  [
    'nobody who is denied perhaps',
    {},
    [enter(COLLECTOR), denyAnybody({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })],
    [],
  ],
  [
    'who can’t assume the role by AssumeRole',
    {},
    [enter(COLLECTOR, undefined, { Action: 'sts:AssumeRoleWithSAML' })],
    [COLLECTOR],
  ],
  ['nobody who sends the declared external ID', { externalId: ID }, [enter(COLLECTOR, sending(ID))], []],
  ['who would have to send another one', { externalId: ID }, [enter(COLLECTOR, sending('x'))], [COLLECTOR]],
  [
    'who must not send the declared one',
    { externalId: ID },
    [enter(COLLECTOR, sending(ID, 'StringNotEquals'))],
    [COLLECTOR],
  ],
  ['nobody who may send any, if none is declared', {}, [enter(COLLECTOR, sending('x'))], []],
])('a trust policy shuts out %s', (_what, declared, statements, out) => {
  expect(shutOut(trust(declared, statements))).toStrictEqual(out);
});

const ANYTHING = ['a call without an external ID', 'any external ID'];

test.each<
  [
    what: string,
    externalId: string | undefined,
    statements: readonly unknown[],
    accepted: readonly string[],
    isOpen?: boolean,
  ]
>([
  ['none is declared', undefined, [enter(COLLECTOR)], []],
  ['it is demanded', ID, [enter(COLLECTOR, sending(ID))], []],
  ['it is not demanded', ID, [enter(COLLECTOR)], ANYTHING],
  [
    'it is demanded if one is sent',
    ID,
    [enter(COLLECTOR, sending(ID, 'StringEqualsIfExists'))],
    ['a call without an external ID'],
  ],
  ['another one is demanded', ID, [enter(COLLECTOR, sending('x'))], ['the external ID x']],
  [
    'it is one of three',
    ID,
    [enter(COLLECTOR, sending(['x', ID, 'y']))],
    ['the external ID x', 'the external ID y'],
  ],
  [
    'any other is demanded',
    ID,
    [enter(COLLECTOR, sending(ID, 'StringNotEquals')), denyAnybody({ Null: { 'sts:ExternalId': 'true' } })],
    ['any external ID'],
  ],
  ['two let in by the same one', ID, [enter([COLLECTOR, USER], sending([ID, 'x']))], ['the external ID x']],
  ['one of two does not demand it', ID, [enter(COLLECTOR, sending(ID)), enter(USER)], ANYTHING],
  [
    'it is demanded of AssumeRole, the only way that carries it',
    ID,
    [enter(COLLECTOR, undefined, { Action: 'sts:AssumeRole*' }), denyAnybody(sending(ID, 'StringNotEquals'))],
    [],
  ],
  [
    'it is compared in a way that AWS does not document',
    ID,
    [enter(COLLECTOR, sending(ID, 'BinaryEquals'))],
    [],
    true,
  ],
  [
    'one of two compares it so',
    ID,
    [enter(COLLECTOR, sending(ID, 'BinaryEquals')), enter(USER, sending(ID))],
    [],
    true,
  ],
  [
    'beside such a comparison another one is accepted',
    ID,
    [enter(COLLECTOR, sending(ID, 'BinaryEquals')), enter(COLLECTOR, sending('x'))],
    ['the external ID x'],
  ],
])(
  'which other external IDs a trust policy accepts if %s',
  (_what, externalId, statements, accepted, isOpen = false) => {
    const trusted = trust({ trusts: [COLLECTOR, USER], externalId }, statements);
    expect(otherIdsAccepted(trusted, [])).toStrictEqual({ accepted, isOpen });
  },
);

test.each<[what: string, statements: readonly unknown[], accepted: readonly string[]]>([
  ['a stranger', [enter([COLLECTOR, USER], sending(ID)), enter(rootOf(THIRD))], []],
  ['everyone but one', [{ Effect: 'Allow', NotPrincipal: { AWS: USER }, Action: 'sts:AssumeRole' }], []],
  ['a role of the declared user’s account', [enter(USER, sending(ID)), enter(`${COLLECTOR}2`)], []],
  [
    'a third account, beside everyone but one, narrowed to the declared role',
    [
      {
        Effect: 'Allow',
        NotPrincipal: { AWS: USER },
        Action: 'sts:AssumeRole',
        Condition: isPrincipal(COLLECTOR),
      },
      enter(rootOf(THIRD)),
    ],
    ANYTHING,
  ],
  ['a declared one beside a stranger', [enter([COLLECTOR, rootOf(THIRD)])], ANYTHING],
  ['a declared one, after a stranger’s statement', [enter(rootOf(THIRD)), enter(COLLECTOR)], ANYTHING],
])('of strangers no external ID is told: %s', (_what, statements, accepted) => {
  const trusted = trust({ externalId: ID, trusts: [COLLECTOR, USER] }, statements);
  const strangers = strangersIn(trusted);
  expect(strangers).toHaveLength(1);
  expect(otherIdsAccepted(trusted, strangers)).toStrictEqual({ accepted, isOpen: false });
});

const ANOTHER_KEY = `${KEY.slice(0, -1)}9`;
const FORMER = `${KEY.slice(0, -1)}6`;
const allowed = (more: Partial<Allowed> = {}): Allowed => ({
  resources: [resourceName(BUCKET), resourcePattern(OBJECTS, false)],
  key: undefined,
  keyUnread: undefined,
  ...more,
});
const allow = (Action: unknown, Resource: unknown, changes: Json = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...changes,
});
const identity = (...statements: readonly unknown[]) => parsedIdentityPolicy(text('policy p', statements));
const CALLER = { accountId: OWN, roleArn: `arn:aws:iam::${OWN}:role/reader`, roleName: 'reader' };
const grantOf = (policy: Policy) => {
  const [grant, ...more] = grantsOf([policy], CALLER, new RequestContext({}));
  if (!grant || more.length > 0) throw new Error('the policy makes not one grant');
  return grant;
};
const ENCRYPTED: ExportOptionsInput = { encryption: { type: 'kms', kmsKeyArn: KEY, formerKeys: [FORMER] } };
const UNREAD = allowed({ keyUnread: refused('kms:DescribeKey').reason });
const OWN_KEY = allowed({ key: resourcePattern(KEY, false) });

test.each<
  [
    what: string,
    statement: unknown,
    exceeds: boolean | 'key-unread',
    known?: Allowed,
    declares?: ExportOptionsInput,
  ]
>([
  ['reading objects', allow('s3:GetObject', OBJECTS), false],
  ['reading objects, in another spelling', allow('S3:getobject', OBJECTS), false],
  ['reading all there is of the bucket', allow('s3:Get*', BUCKET), false],
  ['listing the bucket', allow('s3:ListBucket', BUCKET), false],
  ['listing every bucket', allow('s3:ListAllMyBuckets', '*'), true],
  ['reading another bucket', allow('s3:GetObject', `${BUCKET}-2/*`), true],
  ['deleting', allow('s3:DeleteObject', OBJECTS), true],
  ['everything in S3', allow('s3:*', OBJECTS), true],
  ['everything but one thing', { Effect: 'Allow', NotAction: 's3:PutObject', Resource: OBJECTS }, true],
  [
    'reading everywhere but in one place',
    { Effect: 'Allow', Action: 's3:GetObject', NotResource: BUCKET },
    true,
  ],
  ['decrypting with a key that nobody names', allow('kms:Decrypt', KEY), true],
  ['decrypting with the declared key', allow('kms:Decrypt', KEY), false, allowed(), ENCRYPTED],
  ['describing the declared key', allow('kms:DescribeKey', KEY), false, allowed(), ENCRYPTED],
  ['decrypting with a former key', allow('kms:Decrypt', FORMER), false, allowed(), ENCRYPTED],
  [
    'decrypting with a former key of a bucket whose key is made',
    allow('kms:Decrypt', FORMER),
    false,
    allowed(),
    { encryption: { type: 'kms', formerKeys: [FORMER] } },
  ],
  [
    'decrypting with another key than the declared one',
    allow('kms:Decrypt', ANOTHER_KEY),
    true,
    OWN_KEY,
    ENCRYPTED,
  ],
  ['decrypting with every key', allow('kms:Decrypt', '*'), true, OWN_KEY, ENCRYPTED],
  ['decrypting with the bucket’s key', allow('kms:Decrypt', KEY), false, OWN_KEY],
  ['encrypting with the bucket’s key', allow('kms:Encrypt', KEY), true, OWN_KEY, ENCRYPTED],
  ['everything with the bucket’s key', allow('kms:*', KEY), true, OWN_KEY, ENCRYPTED],
  [
    'decrypting with a key, if the bucket’s could not be read',
    allow('kms:Decrypt', ANOTHER_KEY),
    'key-unread',
    UNREAD,
  ],
  [
    'encrypting with a key, if the bucket’s could not be read',
    allow('kms:Encrypt', ANOTHER_KEY),
    true,
    UNREAD,
  ],
  [
    'decrypting with every key but one, if the bucket’s could not be read',
    { Effect: 'Allow', Action: 'kms:Decrypt', NotResource: ANOTHER_KEY },
    true,
    UNREAD,
  ],
  [
    'decrypting with the declared key, if the bucket’s could not be read',
    allow('kms:Decrypt', KEY),
    false,
    UNREAD,
    ENCRYPTED,
  ],
])('whether it goes beyond reading: %s', (_what, statement, exceeds, seen = allowed(), declares = {}) => {
  expect(beyondReading(context(declares)).exceeds(grantOf(identity(statement)), seen)).toBe(exceeds);
});

test('an excess is told grant by grant, with its place, for all of what it grants', () => {
  const side = beyondReading(context());
  const grant = grantOf(identity(allow(['s3:DeleteObject'], [OBJECTS])));
  expect(side.name).toBe('resource');
  expect(side.rows).toBe('grant');
  expect(side.text(grant)).toBe(`s3:DeleteObject on ${OBJECTS}`);
  expect(side.pointer(grant)).toBe('/Statement/0');
  const { except, ...region } = side.region(grant, OWN_KEY);
  expect(region).toStrictEqual({ action: grant.actionPattern, resource: grant.resourcePattern });
  const [bucket, objects] = OWN_KEY.resources;
  expect(except).toStrictEqual([
    { action: glob('s3:get*'), resource: bucket },
    { action: glob('s3:get*'), resource: objects },
    { action: glob('s3:list*'), resource: bucket },
    { action: glob('s3:list*'), resource: objects },
    { action: glob('kms:decrypt'), resource: OWN_KEY.key },
    { action: glob('kms:describekey'), resource: OWN_KEY.key },
  ]);
  expect(side.message(['s3:DeleteObject on x', 's3:PutObject on x'], 'policy p')).toBe(
    'The policy p allows s3:DeleteObject on x, s3:PutObject on x, more than reading the bucket.',
  );
});

const reads = (...keys: readonly string[]) => readerDocument(EXAMPLE, EXAMPLE.bucket, keys).Statement;
const OPEN = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
const keyOf = (arn: string, policy: Observed<PolicyText>): KmsKeyObservation => ({
  arn,
  keyManager: 'CUSTOMER',
  keyState: 'Enabled',
  policy,
});
const keyPolicy = (...statements: readonly unknown[]) => known(text('key policy', statements));
const toReader = (changes: Json = {}) =>
  allow('kms:Decrypt', '*', { Principal: { AWS: CALLER.roleArn }, ...changes });

interface Held {
  readonly statements?: readonly unknown[];
  readonly more?: readonly unknown[];
  readonly boundary?: readonly unknown[];
  readonly bucket?: readonly unknown[];
  readonly key?: KmsKeyObservation;
}

function policiesOf({ statements = reads(), more, boundary, bucket, key }: Held): RolePolicies {
  const parsed = [statements, ...(more ? [more] : [])].map((held) => ({ parsed: identity(...held) }));
  return {
    identity: parsed,
    boundary: boundary && identity(...boundary),
    bucket: bucket && parsedResourcePolicy(text('bucket policy', bucket)),
    key,
    caller: CALLER,
    organizationOf: () => undefined,
    facts: {
      roleArn: CALLER.roleArn,
      accountId: OWN,
      region: 'us-east-1',
      bucketArn: BUCKET,
      observedAt: '2026-01-01T00:00:00.000Z',
      assumptions: {},
    },
  } as unknown as RolePolicies;
}

/** The kit's policy, and the use of the key under a condition. */
const usingKey = (Condition: Json): Held => ({
  statements: [...reads(), allow('kms:Decrypt', KEY, { Condition })],
  key: keyOf(KEY, keyPolicy()),
});
const ofAccount = (account: string) => [
  allow('s3:*', '*', { Condition: { StringEquals: { 's3:ResourceAccount': account } } }),
];

const BOTH = ['s3:ListBucket', 's3:GetObject'];

test.each<[what: string, held: Held, lacking: readonly string[]]>([
  ['that has the kit’s own policy', {}, []],
  ['that has nothing', { statements: [] }, BOTH],
  ['that lists only', { statements: [allow('s3:ListBucket', BUCKET)] }, ['s3:GetObject']],
  ['that reads only', { statements: [allow('s3:GetObject', OBJECTS)] }, ['s3:ListBucket']],
  [
    'that reads in two policies',
    { statements: [allow('s3:ListBucket', BUCKET)], more: [allow('s3:GetObject', OBJECTS)] },
    [],
  ],
  ['that reads a part', { statements: [allow('s3:*', [BUCKET, `${BUCKET}/a*`])] }, ['s3:GetObject']],
  ['that lists another bucket', { statements: [allow('s3:*', [`${BUCKET}-2`, OBJECTS])] }, ['s3:ListBucket']],
  [
    'that reads every key, which has at least one character',
    { statements: [allow('s3:*', [BUCKET, `${BUCKET}/?*`])] },
    [],
  ],
  ['that reads under an open condition', { statements: [allow('s3:*', '*', { Condition: OPEN })] }, []],
  ['that denies itself', { more: [{ Effect: 'Deny', Action: '*', Resource: '*' }] }, BOTH],
  ['that its boundary holds back', { boundary: [allow('s3:ListBucket', '*')] }, ['s3:GetObject']],
  [
    'that the bucket’s policy denies',
    { bucket: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, OBJECTS] }] },
    BOTH,
  ],
  [
    'that the bucket’s policy lets read',
    { statements: [], bucket: [allow('s3:*', [BUCKET, OBJECTS], { Principal: { AWS: CALLER.roleArn } })] },
    [],
  ],
  ['without the key', { key: keyOf(KEY, keyPolicy()) }, ['kms:Decrypt']],
  ['with the key', { statements: reads(KEY), key: keyOf(KEY, keyPolicy()) }, []],
  ['with another key', { statements: reads(ANOTHER_KEY), key: keyOf(KEY, keyPolicy()) }, ['kms:Decrypt']],
  ['that the key’s policy lets decrypt', { key: keyOf(KEY, keyPolicy(toReader())) }, []],
  [
    'that the key’s policy lets do other things',
    { key: keyOf(KEY, keyPolicy(toReader({ Action: 'kms:Encrypt' }))) },
    ['kms:Decrypt'],
  ],
  [
    'that the key’s policy denies, which is judged beside this',
    { statements: reads(KEY), key: keyOf(KEY, keyPolicy(toReader({ Effect: 'Deny' }))) },
    [],
  ],
  [
    'with the key through S3',
    usingKey({ StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } }),
    [],
  ],
  [
    'with the key through S3 of another region',
    usingKey({ StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } }),
    ['kms:Decrypt'],
  ],
  [
    'with the key through another service',
    usingKey({ StringEquals: { 'kms:ViaService': 'ec2.us-east-1.amazonaws.com' } }),
    ['kms:Decrypt'],
  ],
  [
    'with the key for this bucket',
    usingKey({ StringLike: { 'kms:EncryptionContext:aws:s3:arn': [BUCKET, OBJECTS] } }),
    [],
  ],
  [
    'with the key for the bucket or its objects, which of them is not known',
    usingKey({ StringEquals: { 'kms:EncryptionContext:aws:s3:arn': BUCKET } }),
    [],
  ],
  [
    'with the key for another bucket',
    usingKey({ StringEquals: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::other' } }),
    ['kms:Decrypt'],
  ],
  [
    'with the key but for a Deny of what is not done through S3',
    {
      statements: [
        ...reads(KEY),
        allow('kms:*', '*', {
          Effect: 'Deny',
          Condition: { StringNotEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
        }),
      ],
      key: keyOf(KEY, keyPolicy()),
    },
    [],
  ],
  [
    'with the key but for a Deny of what is done through S3',
    {
      statements: [
        ...reads(KEY),
        allow('kms:*', '*', {
          Effect: 'Deny',
          Condition: { StringLike: { 'kms:ViaService': 's3.*' } },
        }),
      ],
      key: keyOf(KEY, keyPolicy()),
    },
    ['kms:Decrypt'],
  ],
  ['that reads what its own account owns', { statements: ofAccount(OWN) }, []],
  ['that reads what another account owns', { statements: ofAccount(OTHER) }, BOTH],
  ['without the key, whose policy could not be read', { key: keyOf(KEY, refused('kms:GetKeyPolicy')) }, []],
  ['without the key, which has no policy', { key: keyOf(KEY, ABSENT) }, ['kms:Decrypt']],
])('what a reader lacks %s', (_what, held, lacking) => {
  expect(unreadableTo(policiesOf(held), context())).toStrictEqual(lacking);
});

const LACKS_FORMER = [`kms:Decrypt with the former key ${FORMER}`];
const former = (policy: Observed<PolicyText>, arn = FORMER): FormerKey => ({
  arn,
  key: known(keyOf(arn, policy)),
});

test.each<
  [
    what: string,
    keys: readonly string[],
    formerKeys: readonly FormerKey[] | undefined,
    lacking: readonly string[],
  ]
>([
  ['that its own policy names', [KEY, FORMER], [former(keyPolicy())], []],
  ['that its own policy does not name', [KEY], [former(keyPolicy())], LACKS_FORMER],
  ['whose policy lets it decrypt', [KEY], [former(keyPolicy(toReader()))], []],
  ['whose policy could not be read', [KEY], [former(refused('kms:GetKeyPolicy'))], []],
  ['that could not be read', [KEY], [{ arn: FORMER, key: refused('kms:DescribeKey') }], []],
  ['that does not exist', [KEY], [{ arn: FORMER, key: ABSENT }], []],
  ['that was not looked at', [KEY], [], []],
  ['beside others that were looked at', [KEY], [former(keyPolicy(), ANOTHER_KEY)], []],
  [
    'after another that its policy names',
    [KEY, ANOTHER_KEY],
    [former(keyPolicy(), ANOTHER_KEY), former(keyPolicy())],
    LACKS_FORMER,
  ],
  ['if nobody looked at any', [KEY], undefined, []],
])('what a reader lacks for a former key %s', (_what, keys, formerKeys, lacking) => {
  const policies = policiesOf({ statements: reads(...keys), key: keyOf(KEY, keyPolicy()) });
  expect(unreadableTo(policies, context(ENCRYPTED, formerKeys))).toStrictEqual(lacking);
});

const ANALYST = `arn:aws:iam::${OWN}:role/Analyst`;
const READER_TAG = { StringEquals: { 'aws:PrincipalTag/team': 'siem' } };
const TAGGED = { tags: { team: 'siem' }, noSessionTags: true };

test.each<[what: string, statement: Json, means: boolean, facts?: Json]>([
  ['its ARN', { Principal: { AWS: CALLER.roleArn } }, true],
  ['its ARN beside its account', { Principal: { AWS: [rootOf(OWN), CALLER.roleArn] } }, true],
  ['its ARN beside everybody', { Principal: { AWS: ['*', CALLER.roleArn] } }, true],
  ['its ARN, never', { Principal: { AWS: CALLER.roleArn }, Condition: isPrincipal(ANALYST) }, false],
  ['its session', { Principal: { AWS: sessionOf(OWN, 'reader/x') } }, true],
  ['the session of another of its account', { Principal: { AWS: sessionOf(OWN, 'reader2/x') } }, false],
  [
    'the session of one of its name in another account',
    { Principal: { AWS: sessionOf(OTHER, 'reader/x') } },
    false,
  ],
  ['another role', { Principal: { AWS: ANALYST } }, false],
  ['its account', { Principal: { AWS: rootOf(OWN) } }, false],
  [
    'its account, narrowed to it, which leaves that to IAM',
    { Principal: { AWS: OWN }, Condition: isPrincipal(CALLER.roleArn) },
    false,
  ],
  ['everybody', { Principal: '*' }, false],
  ['everybody from an address', { Principal: '*', Condition: OPEN }, false],
  [
    'everybody of its account',
    { Principal: '*', Condition: isPrincipal(`arn:aws:iam::${OWN}:*`, 'ArnLike') },
    false,
  ],
  ['everybody who is it', { Principal: '*', Condition: isPrincipal(CALLER.roleArn) }, true],
  [
    'everybody of its kind',
    { Principal: '*', Condition: isPrincipal(`${CALLER.roleArn}*`, 'ArnLike') },
    true,
  ],
  ['everybody who is another', { Principal: '*', Condition: isPrincipal(ANALYST) }, false],
  [
    'everybody with its ID',
    { Principal: '*', Condition: { StringLike: { 'aws:userid': 'AROAREADER:*' } } },
    true,
    { roleId: 'AROAREADER' },
  ],
  [
    'everybody with another ID',
    { Principal: '*', Condition: { StringLike: { 'aws:userid': 'AROAOTHER:*' } } },
    false,
    { roleId: 'AROAREADER' },
  ],
  ['everybody with its tag', { Principal: '*', Condition: READER_TAG }, true, TAGGED],
  ['everybody with a tag that it may have', { Principal: '*', Condition: READER_TAG }, false],
  ['everybody but another', { NotPrincipal: { AWS: ANALYST } }, false],
  ['it, in a Deny', { Effect: 'Deny', Principal: { AWS: CALLER.roleArn } }, false],
  ['it, in a statement that is not understood', { Principal: { AWS: CALLER.roleArn }, Foo: 1 }, true],
  ['everybody, in a statement that is not understood', { Principal: '*', Foo: 1 }, false],
])('whether a bucket’s policy means the reader: %s', (_what, statement, means, facts = {}) => {
  const policy = parsedResourcePolicy(text('bucket policy', [allow('s3:*', OBJECTS, statement)]));
  const policies = policiesOf({});
  const found = meaning(policy, { ...policies, facts: { ...policies.facts, ...facts } }, context());
  expect(found).toStrictEqual({ ...policy, statements: means ? policy.statements : [] });
});

test('every Deny may hold back somebody whom a policy may be attached to', () => {
  const policy = identity(
    allow('s3:*', '*', { Condition: OPEN }),
    allow('s3:*', '*', { Effect: 'Deny', Condition: OPEN }),
  );
  const { statements } = withEveryDeny(policy);
  expect(statements).toStrictEqual(policy.statements.map((one) => ({ ...one, conditions: [] })));
});

test('conditions on how a key is used count for anybody', () => {
  const ofUse = { 'kms:ViaService': 's3.us-east-1.amazonaws.com' };
  const policy = identity(
    allow('kms:Decrypt', KEY, { Condition: { StringEquals: { ...ofUse, 'aws:PrincipalArn': COLLECTOR } } }),
    allow('kms:Decrypt', KEY, { Effect: 'Deny', Condition: { StringNotEquals: ofUse } }),
    allow('kms:Decrypt', KEY, {
      Effect: 'Deny',
      Condition: { StringNotEquals: { ...ofUse, 'aws:PrincipalArn': COLLECTOR } },
    }),
  );
  expect(
    forAnybody(policy).statements.map(({ effect, conditions }) => [effect, conditions.map(({ key }) => key)]),
  ).toStrictEqual([
    ['Allow', ['kms:ViaService']],
    ['Deny', ['kms:ViaService']],
  ]);
});

test.each<[what: string, statement: Json, counts: boolean]>([
  ['an Allow', allow('s3:*', '*'), true],
  ['an Allow under a condition', allow('s3:*', '*', { Condition: OPEN }), true],
  ['a Deny', allow('s3:*', '*', { Effect: 'Deny' }), true],
  ['a Deny under a condition', allow('s3:*', '*', { Effect: 'Deny', Condition: OPEN }), false],
  [
    'a statement of neither effect, under a condition',
    allow('s3:*', '*', { Effect: 'Perhaps', Condition: OPEN }),
    true,
  ],
])('whether it counts for anybody whom a policy may be attached to: %s', (_what, statement, counts) => {
  const policy = identity(statement);
  expect(forAnybody(policy)).toStrictEqual({
    ...policy,
    statements: counts ? policy.statements.map((one) => ({ ...one, conditions: [] })) : [],
  });
});
