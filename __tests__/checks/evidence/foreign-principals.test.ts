import type { RuleContext } from '../../../checks/evidence/context';
import {
  type BucketAccount,
  effectiveForeignPrincipals,
  type ForeignPrincipal,
  foreignPrincipalsIn,
  foreignPrincipalsOf,
  namesService,
  namesSource,
} from '../../../checks/evidence/foreign-principals';
import { parsedResourcePolicy } from '../../../checks/evidence/parsed';
import {
  type BucketObservation,
  known,
  type Observed,
  type PublicAccessBlock,
  unreadable,
} from '../../../checks/observe/observation';
import { observationOf } from '../../../checks/pages/set-up';
import { BUCKET, FUTURE, type Json, OBJECTS, OTHER, OWN, PAST } from '../rules/builders';
import { EXAMPLE } from '../rules/support';

const OBSERVED_AT = '2026-01-01T00:00:00.000Z';
const ACCOUNT: BucketAccount = {
  partition: 'aws',
  accountId: OWN,
  bucketArn: BUCKET,
  canonicalId: 'c0ffee',
  observedAt: OBSERVED_AT,
};
const OTHER_ROLE = `arn:aws:iam::${OTHER}:role/Reader`;
const OTHER_ROOT = `arn:aws:iam::${OTHER}:root`;
const trail = (account: string) => `arn:aws:cloudtrail:us-east-1:${account}:trail/events`;
const CLOUDTRAIL = { Service: 'cloudtrail.amazonaws.com' };
const S3 = { Service: 's3.amazonaws.com' };
const NO_SERVICE = { Bool: { 'aws:PrincipalIsAWSService': 'false' } };

const parsed = (Version: string, Statement: readonly Json[]) =>
  parsedResourcePolicy({ source: 'bucket policy', text: JSON.stringify({ Version, Statement }) });
const policyOf = (...statements: readonly Json[]) => parsed('2012-10-17', statements);
const allow = (Principal: unknown, Condition?: unknown, changes: Json = {}): Json => ({
  Effect: 'Allow',
  Principal,
  Action: 's3:GetObject',
  Resource: OBJECTS,
  Condition,
  ...changes,
});
const deny = (Condition?: unknown, changes: Json = {}): Json => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: OBJECTS,
  Condition,
  ...changes,
});

/** The one foreign principal that the statements let in. */
function only(statements: readonly Json[], account: Partial<BucketAccount> = {}): ForeignPrincipal {
  const [found, ...more] = foreignPrincipalsIn(policyOf(...statements), { ...ACCOUNT, ...account });
  if (!found || more.length > 0) throw new Error('not one foreign principal');
  return found;
}

describe('who is foreign', () => {
  test.each<[what: string, principal: unknown, kind: ForeignPrincipal['kind'], shutOut: boolean]>([
    ['everybody', '*', 'anyone', false],
    ['another account', { AWS: OTHER }, 'account', false],
    ['another account’s root', { AWS: OTHER_ROOT }, 'account', false],
    ['a role of another account', { AWS: OTHER_ROLE }, 'account', false],
    ['a user of another account', { AWS: `arn:aws:iam::${OTHER}:user/ann` }, 'account', false],
    [
      'a session of another account',
      { AWS: `arn:aws:sts::${OTHER}:assumed-role/Reader/x` },
      'account',
      false,
    ],
    [
      'a federated user of another account',
      { AWS: `arn:aws:sts::${OTHER}:federated-user/bob` },
      'account',
      false,
    ],
    ['another canonical user', { CanonicalUser: 'feed' }, 'canonical', false],
    [
      'a provider of another account',
      { Federated: `arn:aws:iam::${OTHER}:saml-provider/x` },
      'federated',
      false,
    ],
    ['a public provider', { Federated: 'cognito-identity.amazonaws.com' }, 'federated', false],
    ['a service for any account', CLOUDTRAIL, 'service', false],
    ['a service for the owner alone', { Service: 'Logging.s3.amazonaws.com' }, 'service', true],
    ['a deleted role', { AWS: 'AROAEXAMPLEID1234567' }, 'deleted', true],
  ])('%s', (_what, principal, kind, shutOut) => {
    expect(only([allow(principal)])).toMatchObject({ kind, shutOut });
  });

  test.each<[what: string, statement: Json]>([
    ['the account', allow({ AWS: OWN })],
    ['a role of the account', allow({ AWS: `arn:aws:iam::${OWN}:role/Reader` })],
    ['a user of the account', allow({ AWS: `arn:aws:iam::${OWN}:user/ann` })],
    ['a session of the account', allow({ AWS: `arn:aws:sts::${OWN}:assumed-role/Reader/x` })],
    ['a federated user of the account', allow({ AWS: `arn:aws:sts::${OWN}:federated-user/bob` })],
    ['the account’s canonical user', allow({ CanonicalUser: 'c0ffee' })],
    ['a provider of the account', allow({ Federated: `arn:aws:iam::${OWN}:saml-provider/x` })],
    ['those whom a Deny names', deny(undefined, { Principal: { AWS: OTHER } })],
    ['those who are no principal', allow({ AWS: 'somebody' })],
    ['those of a statement that was not understood', allow({ AWS: OTHER }, undefined, { Action: 7 })],
    ['those of a statement without a principal', allow(undefined)],
  ])('not %s', (_what, statement) => {
    expect(foreignPrincipalsIn(policyOf(statement), ACCOUNT)).toEqual([]);
  });

  test('each principal with its text and place', () => {
    const found = foreignPrincipalsIn(policyOf(allow({ AWS: [OWN, OTHER, OTHER_ROLE] })), ACCOUNT);
    expect(found.map(({ text, pointer }) => [text, pointer])).toEqual([
      [OTHER, '/Statement/0/Principal/AWS/1'],
      [OTHER_ROLE, '/Statement/0/Principal/AWS/2'],
    ]);
  });

  test('NotPrincipal is everyone but those', () => {
    const statement = allow(undefined, undefined, { NotPrincipal: { AWS: OWN } });
    expect(only([statement])).toMatchObject({
      kind: 'anyone',
      text: 'everyone but those named in NotPrincipal',
      pointer: '/Statement/0/NotPrincipal',
    });
  });
});

describe('what leaves nothing of a grant', () => {
  test.each<[what: string, shutOut: boolean, ...statements: Json[]]>([
    [
      'a condition on the own account',
      true,
      allow({ AWS: OTHER }, { StringEquals: { 'aws:PrincipalAccount': OWN } }),
    ],
    [
      'a condition on the other account',
      false,
      allow({ AWS: OTHER }, { StringEquals: { 'aws:PrincipalAccount': OTHER } }),
    ],
    ['a time past', true, allow({ AWS: OTHER }, { DateLessThan: { 'aws:CurrentTime': PAST } })],
    ['a time to come', false, allow({ AWS: OTHER }, { DateGreaterThan: { 'aws:CurrentTime': FUTURE } })],
    ['a condition that no principal is a service', false, allow({ AWS: OTHER }, NO_SERVICE)],
    [
      'a condition on a service',
      true,
      allow({ AWS: OTHER }, { Bool: { 'aws:PrincipalIsAWSService': 'true' } }),
    ],
    [
      'a role of the account in a condition',
      true,
      allow({ AWS: OTHER }, { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/*` } }),
    ],
    [
      'a role of theirs in a condition',
      false,
      allow({ AWS: OTHER }, { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OTHER}:role/*` } }),
    ],
    [
      'a Deny of the account',
      true,
      allow({ AWS: OTHER_ROLE }),
      deny(undefined, { Principal: { AWS: OTHER } }),
    ],
    [
      'a Deny of the role',
      true,
      allow({ AWS: OTHER_ROLE }),
      deny(undefined, { Principal: { AWS: OTHER_ROLE } }),
    ],
    [
      'a Deny of one role, if the account is granted it',
      false,
      allow({ AWS: OTHER }),
      deny(undefined, { Principal: { AWS: OTHER_ROLE } }),
    ],
    [
      'a Deny of the account by a condition',
      true,
      allow({ AWS: OTHER }),
      deny({ StringEquals: { 'aws:PrincipalAccount': OTHER } }),
    ],
    ['a Deny of another action', false, allow({ AWS: OTHER }), deny(undefined, { Action: 's3:PutObject' })],
    [
      'a Deny of one of two actions',
      false,
      allow({ AWS: OTHER }, undefined, { Action: ['s3:GetObject', 's3:PutObject'] }),
      deny(undefined, { Action: 's3:GetObject' }),
    ],
    [
      'a Deny of both actions',
      true,
      allow({ AWS: OTHER }, undefined, { Action: ['s3:GetObject', 's3:PutObject'] }),
      deny(),
    ],
    [
      'a Deny of everybody outside',
      true,
      allow({ AWS: OTHER }),
      deny({ StringNotEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } }),
    ],
    [
      'a Deny by S3’s key of the owner',
      true,
      allow({ AWS: OTHER }),
      deny({ StringEquals: { 's3:ResourceAccount': OWN } }),
    ],
    [
      'nothing, of a statement that grants nothing',
      false,
      allow({ AWS: OTHER }, undefined, { Action: [] }),
      deny(),
    ],
    [
      'of everybody: a condition on the own account',
      true,
      allow('*', { StringEquals: { 'aws:PrincipalAccount': OWN } }),
    ],
    [
      'of everybody: the ARN of a role of the account',
      true,
      allow('*', { ...NO_SERVICE, ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/*` } }),
    ],
    [
      'of everybody: the ARN of a role of another',
      false,
      allow('*', { ...NO_SERVICE, ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OTHER}:role/*` } }),
    ],
    [
      'of everybody: requests without an account',
      false,
      allow('*', { ...NO_SERVICE, Null: { 'aws:PrincipalAccount': 'true' } }),
    ],
    [
      'of everybody: requests without a principal',
      false,
      allow('*', { ...NO_SERVICE, Null: { 'aws:PrincipalArn': 'true' } }),
    ],
  ])('%s', (_what, shutOut, ...statements) => {
    expect(only(statements).shutOut).toBe(shutOut);
  });

  test('the owner of another account’s key is not the account', () => {
    const byOwner = allow(
      { AWS: OTHER },
      { StringEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } },
    );
    expect([only([byOwner]).shutOut, only([byOwner], { isOwner: false }).shutOut]).toEqual([true, false]);
  });

  test('a key’s policy tells the caller’s account by a key of its own', () => {
    const byCaller = (account: string) =>
      allow('*', { StringEquals: { 'kms:CallerAccount': account } }, { Action: 'kms:Decrypt' });
    expect([only([byCaller(OWN)]).shutOut, only([byCaller(OTHER)]).shutOut]).toEqual([true, false]);
  });
});

describe('which Deny statements may narrow a grant', () => {
  const pointers = (...statements: Json[]) => only(statements).narrowedBy?.map(({ pointer }) => pointer);
  const TLS = deny({ Bool: { 'aws:SecureTransport': 'false' } });

  test.each<[what: string, principal: unknown]>([
    ['everybody', '*'],
    ['another account', { AWS: OTHER }],
    ['a service', CLOUDTRAIL],
  ])('that of requests without TLS, of %s', (_what, principal) => {
    expect(pointers(allow(principal), TLS, deny(undefined, { Action: 's3:PutObject' }))).toEqual([
      '/Statement/1',
    ]);
  });

  test.each<[what: string, condition: unknown, narrows: boolean]>([
    ['of the own account', { StringEquals: { 'aws:SourceAccount': OWN } }, false],
    ['of the own account, by its older key', { StringEquals: { 'aws:SourceOwner': OWN } }, false],
    ['of a trail of the own account', { ArnEquals: { 'aws:SourceArn': trail(OWN) } }, false],
    ['of a trail of another account', { ArnEquals: { 'aws:SourceArn': trail(OTHER) } }, true],
    ['without a source', { Null: { 'aws:SourceArn': 'true' } }, true],
    ['without an account', { Null: { 'aws:SourceAccount': 'true' } }, true],
    ['of no service', NO_SERVICE, false],
    ['of another service', { StringEquals: { 'aws:PrincipalServiceName': 'config.amazonaws.com' } }, false],
    ['of the service', { StringEquals: { 'aws:PrincipalServiceName': 'cloudtrail.amazonaws.com' } }, true],
  ])('of a service for others, that of requests %s', (_what, condition, narrows) => {
    expect(pointers(allow(CLOUDTRAIL), deny(condition))).toEqual(narrows ? ['/Statement/1'] : []);
  });

  test('of another account, that of one of its roles or users', () => {
    const one = (arn: string) => deny(undefined, { Principal: { AWS: arn } });
    const denies = [
      one(OTHER_ROLE),
      one(`arn:aws:iam::${OTHER}:user/ann`),
      one(`arn:aws:iam::${OWN}:role/x`),
    ];
    expect(pointers(allow({ AWS: OTHER }), ...denies)).toEqual(['/Statement/1', '/Statement/2']);
    expect(pointers(allow({ AWS: OTHER_ROLE }), ...denies)).toEqual(['/Statement/1']);
  });

  test('of a statement that only services can use, that of any service', () => {
    const byServices = allow('*', { Bool: { 'aws:PrincipalIsAWSService': 'true' } });
    const named = (name: string) => deny({ StringEquals: { 'aws:PrincipalServiceName': name } });
    expect(
      pointers(
        byServices,
        named('config.amazonaws.com'),
        named('logging.s3.amazonaws.com'),
        deny(NO_SERVICE),
      ),
    ).toEqual(['/Statement/1']);
  });
});

describe('what a service may act for', () => {
  const A = 'arn:aws:s3:::a';
  const B = 'arn:aws:s3:::b';
  const forSource = (...sources: string[]) => allow(S3, { ArnLike: { 'aws:SourceArn': sources } });

  test.each<
    [what: string, sources: Pick<ForeignPrincipal, 'shutOut' | 'unknownSource'>, ...statements: Json[]]
  >([
    ['this bucket', { shutOut: true }, forSource(BUCKET, OBJECTS)],
    ['two other buckets', { shutOut: false, unknownSource: `${A}, ${B}` }, forSource(A, BUCKET, B, A)],
    [
      'two other buckets without the one that a Deny names',
      { shutOut: false, unknownSource: A },
      forSource(A, B),
      deny({ ArnEquals: { 'aws:SourceArn': B } }),
    ],
    [
      'other buckets that a Deny names',
      { shutOut: true },
      forSource(A),
      deny({ ArnEquals: { 'aws:SourceArn': A } }),
    ],
    ['some buckets', { shutOut: false }, forSource('arn:aws:s3:::a*')],
    ['buckets whose names are one longer', { shutOut: false }, forSource('arn:aws:s3:::a?')],
    [
      'some buckets, with a Deny of all that tell a source',
      { shutOut: true },
      forSource('arn:aws:s3:::a*'),
      deny({ Null: { 'aws:SourceArn': 'false' } }),
    ],
    [
      'another bucket of another account',
      { shutOut: false },
      allow(S3, { ArnLike: { 'aws:SourceArn': A }, StringEquals: { 'aws:SourceAccount': OTHER } }),
    ],
    [
      'another bucket of this account',
      { shutOut: true },
      allow(S3, { ArnLike: { 'aws:SourceArn': A }, StringEquals: { 'aws:SourceAccount': OWN } }),
    ],
    [
      'a trail of this account',
      { shutOut: true },
      allow(CLOUDTRAIL, { ArnLike: { 'aws:SourceArn': trail(OWN) } }),
    ],
    [
      'a trail of another account',
      { shutOut: false },
      allow(CLOUDTRAIL, { ArnLike: { 'aws:SourceArn': trail(OTHER) } }),
    ],
    [
      'every service for another bucket',
      { shutOut: false, unknownSource: A },
      allow('*', { ArnLike: { 'aws:SourceArn': A } }),
    ],
    [
      'server access logs of another bucket',
      { shutOut: true },
      allow({ Service: 'logging.s3.amazonaws.com' }, { ArnLike: { 'aws:SourceArn': A } }),
    ],
    ['requests that tell no source', { shutOut: false }, allow(S3, { Null: { 'aws:SourceArn': 'true' } })],
    ['nothing, by a Deny of the service', { shutOut: true }, allow(S3), deny(undefined, { Principal: S3 })],
    [
      'anything, with a Deny of another service',
      { shutOut: false },
      allow(S3),
      deny(undefined, { Principal: CLOUDTRAIL }),
    ],
  ])('%s', (_what, { shutOut, unknownSource }, ...statements) => {
    const found = only(statements);
    expect([found.kind, found.shutOut, found.unknownSource]).toEqual(['service', shutOut, unknownSource]);
  });

  test('without the bucket’s ARN no source is known to be its own', () => {
    expect(only([forSource(BUCKET)], { bucketArn: undefined }).unknownSource).toBe(BUCKET);
  });

  test.each<[what: string, condition: unknown, opens: boolean]>([
    ['no condition', undefined, true],
    ['a condition that no service meets', NO_SERVICE, false],
    ['a condition on the account of principals', { StringEquals: { 'aws:PrincipalAccount': OTHER } }, true],
  ])('whether services are among everybody with %s', (_what, condition, opens) => {
    expect(only([allow('*', condition)]).opensToServices).toBe(opens);
  });

  test.each([
    ['aws:SourceArn', true],
    ['AWS:sourceaccount', true],
    ['aws:SourceOrgID', true],
    ['aws:SourceOrgPaths', true],
    ['aws:SourceIp', false],
    ['aws:PrincipalTag/aws:SourceAccount', false],
  ])('%s tells a source: %s', (key, names) => {
    const [statement] = policyOf(allow(S3, { StringEquals: { [key]: 'x' } })).statements;
    expect(statement && namesSource(statement)).toBe(names);
  });

  test('a service is known by its name', () => {
    expect(['s3.amazonaws.com', 'config.amazonaws.com.cn', OTHER_ROLE].map(namesService)).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('what reaches the own organization alone', () => {
  const own = { organizationId: 'o-own' };
  const anyPath = (path: string, operator = 'ForAnyValue:StringLike') => ({
    [operator]: { 'aws:PrincipalOrgPaths': path },
  });

  test.each<[what: string, principal: unknown, condition: unknown, within: boolean]>([
    ['everybody', '*', NO_SERVICE, false],
    ['everybody of it', '*', { StringEquals: { 'aws:PrincipalOrgID': 'o-own' } }, true],
    ['everybody of another', '*', { StringEquals: { 'aws:PrincipalOrgID': 'o-other' } }, false],
    [
      'everybody of it, if an organization is told',
      '*',
      { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-own' } },
      false,
    ],
    ['everybody of a unit', '*', anyPath('o-own/r-ab12/ou-ab12-11111111/*'), true],
    ['everybody of a unit of another', '*', anyPath('o-other/r-ab12/*'), false],
    ['everybody of one whose ID is longer', '*', anyPath('o-own2/r-ab12/*'), false],
    // "ForAllValues … evaluates to true if there are no keys in the request" (IAM User Guide).
    [
      'everybody of a unit, or of no organization',
      '*',
      anyPath('o-own/r-ab12/*', 'ForAllValues:StringLike'),
      false,
    ],
    [
      'everybody of it, by a variable',
      '*',
      { StringEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } },
      true,
    ],
    ['another account', { AWS: OTHER }, undefined, false],
    [
      'another account, if it is of it',
      { AWS: OTHER },
      { StringEquals: { 'aws:PrincipalOrgID': 'o-own' } },
      true,
    ],
    ['a service', CLOUDTRAIL, undefined, false],
    ['a service for it', CLOUDTRAIL, { StringEquals: { 'aws:SourceOrgID': 'o-own' } }, true],
    ['a service for another', CLOUDTRAIL, { StringEquals: { 'aws:SourceOrgID': 'o-other' } }, false],
    [
      'a service for a unit',
      CLOUDTRAIL,
      { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-own/r-ab12/*' } },
      true,
    ],
    ['every service for it', '*', { StringEquals: { 'aws:SourceOrgID': 'o-own' } }, true],
    ['every service for another', '*', { StringEquals: { 'aws:SourceOrgID': 'o-other' } }, false],
  ])('%s', (_what, principal, condition, within) => {
    expect(only([allow(principal, condition)], own).withinOrganization).toBe(within);
  });

  test('everybody of it and every service is not: services act for others', () => {
    const statements = [
      allow('*'),
      deny({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-own' }, ...NO_SERVICE }),
    ];
    expect(only(statements, own)).toMatchObject({ opensToServices: true, withinOrganization: false });
  });

  test('by a variable it is known without its ID, but not for the key of another account', () => {
    const byOwner = allow({ AWS: OTHER }, { StringEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } });
    expect(only([byOwner]).withinOrganization).toBe(true);
    expect(only([byOwner], { isOwner: false }).withinOrganization).toBe(false);
  });
});

// Source: Amazon S3 User Guide, "The meaning of public".
describe('which conditions make a grant to everybody non-public', () => {
  const isNarrowed = (condition: unknown, changes: Json = {}) =>
    only([allow('*', condition, changes)]).narrowed;

  test.each([
    ['aws:PrincipalAccount', OTHER],
    ['aws:PrincipalArn', OTHER_ROLE],
    ['aws:PrincipalOrgID', 'o-exampleorg1'],
    ['aws:PrincipalOrgPaths', 'o-exampleorg1/r-ab12/'],
    ['aws:SourceAccount', OTHER],
    ['aws:SourceArn', trail(OTHER)],
    ['aws:SourceIp', '52.1.0.0/16'],
    ['aws:SourceOrgID', 'o-exampleorg1'],
    ['aws:SourceOrgPaths', 'o-exampleorg1/r-ab12/'],
    ['aws:SourceOwner', OTHER],
    ['aws:SourceVpc', 'vpc-1'],
    ['aws:SourceVpce', 'vpce-1'],
    ['aws:userid', 'AROAEXAMPLEID1234567:x'],
    ['s3:DataAccessPointAccount', OTHER],
    ['s3:DataAccessPointArn', `arn:aws:s3:us-east-1:${OTHER}:accesspoint/*`],
    ['s3:x-amz-server-side-encryption-aws-kms-key-id', `arn:aws:kms:us-east-1:${OTHER}:key/1`],
    ['AWS:sourcevpce', 'vpce-1'],
  ])('a fixed value of %s', (key, value) => {
    expect(isNarrowed({ StringLike: { [key]: value } })).toBe(true);
  });

  test.each<[what: string, condition: unknown]>([
    ['another key', { StringEquals: { 'aws:PrincipalTag/team': 'x' } }],
    ['all but one', { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }],
    ['one, if the key is there', { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } }],
    ['that the key is there', { Null: { 'aws:SourceVpce': 'false' } }],
    [
      'all values, if there are any',
      { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgPaths': 'o-exampleorg1/' } },
    ],
    ['a wildcard', { StringLike: { 'aws:SourceVpce': 'vpce-*' } }],
    ['a wildcard of one character', { StringLike: { 'aws:SourceVpce': 'vpce-?' } }],
    ['a fixed value or a wildcard', { StringLike: { 'aws:SourceVpce': ['vpce-1', 'vpce-*'] } }],
    ['a variable', { StringEquals: { 'aws:SourceVpce': '${aws:PrincipalTag/vpce}' } }],
    ['an ARN of any account', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:*:logs' } }],
    [
      'an ARN whose account is a variable',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:${aws:PrincipalAccount}:logs' } },
    ],
    [
      'an ARN without an account, and with a wildcard',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::logs-*' } },
    ],
    [
      'an ARN with a wildcard, as another key’s value',
      { StringLike: { 'aws:userid': `arn:aws:iam::${OTHER}:role/*` } },
    ],
  ])('not %s', (_what, condition) => {
    expect(isNarrowed(condition)).toBe(false);
  });

  test('an ARN of a fixed account may go on with a wildcard', () => {
    expect(isNarrowed({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OTHER}:role/*` } })).toBe(true);
  });

  test('in a document of the first version a variable is text', () => {
    const statement = allow('*', { StringEquals: { 'aws:SourceVpce': '${aws:PrincipalTag/vpce}' } });
    const [found] = foreignPrincipalsIn(parsed('2008-10-17', [statement]), ACCOUNT);
    expect(found?.narrowed).toBe(true);
  });

  test.each([
    ['52.1.2.3', true],
    ['52.0.0.0/8', true],
    ['52.0.0.0/7', false],
    ['0.0.0.0/0', false],
    ['10.0.0.0/8', true],
    ['192.168.0.0/16', true],
    ['2600:1f00::/32', true],
    ['2600:1f00::/31', false],
    ['fc00::/7', true],
    ['no address', false],
  ])('addresses of %s: %s', (range, narrowed) => {
    expect(isNarrowed({ IpAddress: { 'aws:SourceIp': range } })).toBe(narrowed);
  });
});

const blocked = (restrictPublicBuckets: boolean): PublicAccessBlock => ({
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets,
});
const refused = unreadable({ message: 'AWS denied it' });

function bucketWith(publicAccessBlock: Observed<PublicAccessBlock>): BucketObservation {
  const [seen] = observationOf({ bucket: { publicAccessBlock } }, EXAMPLE).exports;
  if (seen?.bucket.state !== 'value') throw new Error('no bucket');
  return seen.bucket.value;
}

describe('why a grant of a bucket’s policy has no effect', () => {
  const NAMED = 'held back by RestrictPublicBuckets';

  test.each<
    [
      what: string,
      statement: Json,
      block: Observed<PublicAccessBlock>,
      heldBack: string | undefined,
      kind: string,
    ]
  >([
    ['another account', allow({ AWS: OTHER }), known(blocked(true)), undefined, 'account'],
    [
      'another account by a condition on this one',
      allow({ AWS: OTHER }, { StringEquals: { 'aws:PrincipalAccount': OWN } }),
      known(blocked(false)),
      'held back by its condition or by a Deny',
      'account',
    ],
    [
      'a deleted role',
      allow({ AWS: 'AROAEXAMPLEID1234567' }),
      known(blocked(false)),
      'the remains of a deleted principal',
      'deleted',
    ],
    ['a service for any account', allow(CLOUDTRAIL), known(blocked(true)), undefined, 'service'],
    [
      'a service for this account',
      allow(CLOUDTRAIL, { StringEquals: { 'aws:SourceAccount': OWN } }),
      known(blocked(false)),
      'an AWS service that acts for this account alone',
      'service',
    ],
    ['everybody but services', allow('*', NO_SERVICE), known(blocked(true)), NAMED, 'anyone'],
    [
      'everybody but services, without the block',
      allow('*', NO_SERVICE),
      known(blocked(false)),
      undefined,
      'anyone',
    ],
    [
      'everybody but services, and the block could not be read',
      allow('*', NO_SERVICE),
      refused,
      undefined,
      'anyone',
    ],
    [
      'everybody at an endpoint, which is not public',
      allow('*', { ...NO_SERVICE, StringEquals: { 'aws:SourceVpce': 'vpce-1' } }),
      known(blocked(true)),
      undefined,
      'anyone',
    ],
    [
      'everybody at an endpoint, services too',
      allow('*', { StringEquals: { 'aws:SourceVpce': 'vpce-1' } }),
      known(blocked(true)),
      undefined,
      'anyone',
    ],
    ['everybody, of whom services are left', allow('*'), known(blocked(true)), undefined, 'service'],
    ['everybody, without the block', allow('*'), known(blocked(false)), undefined, 'anyone'],
    [
      'everybody of this account',
      allow('*', { ...NO_SERVICE, StringEquals: { 'aws:PrincipalAccount': OWN } }),
      known(blocked(true)),
      'held back by its condition or by a Deny',
      'anyone',
    ],
  ])('%s', (_what, statement, block, heldBack, kind) => {
    const account = { partition: 'aws', accountId: OWN, observedAt: OBSERVED_AT } as const;
    const found = foreignPrincipalsOf(policyOf(statement), bucketWith(block), account);
    expect(found.map((entry) => [entry.heldBack, entry.principal.kind])).toEqual([[heldBack, kind]]);
  });

  test('the owner of the ACL tells the account’s canonical ID', () => {
    const account = { partition: 'aws', accountId: OWN, observedAt: OBSERVED_AT } as const;
    const policy = policyOf(allow({ CanonicalUser: ['c0ffee', 'feed'] }));
    const textsOf = (bucket: BucketObservation) =>
      foreignPrincipalsOf(policy, bucket, account).map(({ principal }) => principal.text);
    const acl = known({ owner: 'c0ffee', grants: [] });
    expect(textsOf({ ...bucketWith(known(blocked(true))), acl })).toEqual(['feed']);
    expect(textsOf({ ...bucketWith(known(blocked(true))), acl: refused })).toEqual(['c0ffee', 'feed']);
  });
});

describe('whom a correction of the policy takes out', () => {
  const policy = policyOf(
    allow({ AWS: [OTHER, 'AROAEXAMPLEID1234567'] }),
    allow('*', NO_SERVICE),
    allow(CLOUDTRAIL, { StringEquals: { 'aws:SourceAccount': OWN } }),
    allow(S3, { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::other' } }),
  );

  function takenOut(differs: Partial<RuleContext['observation']> = {}) {
    const [seen] = observationOf({ bucket: { publicAccessBlock: known(blocked(true)) } }, EXAMPLE).exports;
    if (!seen) throw new Error('no export');
    // No more of the context is read.
    const context = { contract: EXAMPLE, observation: { ...seen, ...differs }, observedAt: OBSERVED_AT };
    return effectiveForeignPrincipals(policy, context as RuleContext).map(({ text }) => text);
  }

  test('those who are let in, and those whom only the public access block holds back', () => {
    expect(takenOut()).toEqual([OTHER, '*']);
  });

  test.each<[what: string, differs: Partial<RuleContext['observation']>]>([
    ['the account is not known', { accountId: refused }],
    ['the bucket could not be read', { bucket: refused }],
  ])('nobody if %s', (_what, differs) => {
    expect(takenOut(differs)).toStrictEqual([]);
  });
});
