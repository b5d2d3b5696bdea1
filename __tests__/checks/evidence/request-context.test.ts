/** Which condition keys a request carries, by who asks. Source: IAM User Guide, "AWS global condition context keys". */
import { isDeepStrictEqual } from 'node:util';
import {
  ASSUME_ROLE_KEYS,
  DATA_KEY_KEYS,
  GLOBAL_KEYS,
  PUT_OBJECT_KEYS,
} from '../../../checks/evidence/condition-keys';
import type { OwnOrganization } from '../../../checks/evidence/own-organization';
import {
  altrCaller,
  assumeRoleContext,
  everyKey,
  fromNowOn,
  keyContext,
  principalArns,
  putObjectContext,
  type RoleFacts,
  readerKeyContext,
  sessionContext,
  tagsOf,
  unreadTags,
} from '../../../checks/evidence/request-context';
import { ABSENT, known, type RoleObservation, unreadable } from '../../../checks/observe/observation';
import {
  type Decision,
  type Domain,
  type Fact,
  parsePolicy,
  type RequestContext,
  UNNAMED,
} from '../../../checks/policy';
import type { Assumptions } from '../../../config/options/assumptions';
import { contractFor } from '../../../contract/contract';
import { BUCKET, CLIENT, OTHER, OWN, ROLE } from '../rules/builders';
import { EXAMPLE } from '../rules/support';

const NOW = '2026-01-01T00:00:00.000Z';
const ALTR_ACCOUNT = EXAMPLE.altrAccountId;

const role = (changes: Partial<RoleFacts> = {}): RoleFacts => ({
  roleArn: ROLE,
  accountId: OWN,
  region: 'us-east-1',
  bucketArn: BUCKET,
  observedAt: NOW,
  assumptions: {},
  ...changes,
});
const assuming = (changes: Partial<Parameters<typeof assumeRoleContext>[1]> = {}) =>
  assumeRoleContext(EXAMPLE, { observedAt: NOW, accountId: OWN, assumptions: {}, ...changes });
const putting = (changes: Partial<RoleFacts> = {}) => putObjectContext(role(changes));
const usingKey = (changes: Partial<RoleFacts> = {}, owner = { accountId: OWN }) =>
  keyContext(role(changes), owner);
const readingKey = (changes: Partial<RoleFacts> = {}, owner = { accountId: OWN }) =>
  readerKeyContext(role(changes), owner);

const NEVER: Fact = { kind: 'absent' };
const PERHAPS: Fact = { kind: 'open' };
const SOME: Fact = { kind: 'present' };
const is = (value: string): Fact => ({ kind: 'value', value });
const perhaps = (domain: Domain): Fact => ({ kind: 'open', domain });
const some = (domain: Domain): Fact => ({ kind: 'present', domain });
const unnamed = (example: string): Fact => perhaps({ kind: 'unnamed', example });
const matching = (...patterns: readonly string[]): Domain => ({ kind: 'matching', patterns });
const oneOf = (...values: readonly string[]): Fact => perhaps({ kind: 'one-of', values });
const NOT_TRUE = perhaps({ kind: 'other-than', values: ['true'] });
const PUBLIC: Domain = { kind: 'public-address' };
const FROM_NOW = some({ kind: 'not-before', time: NOW });

/** What is known of a key, or of a name in a family of keys, without the reason. */
function factOf(context: RequestContext, key: string): Fact {
  const { why: _why, ...fact } = context.fact(nameIn(key));
  return fact;
}

/** The key itself, or some key of a family. */
function nameIn(key: string): string {
  return /[/:]$/.test(key) ? `${key}any` : key;
}

type Row = readonly [key: string, fact: Fact];

const VPC_ARN = perhaps(matching(`arn:*:ec2:${UNNAMED}:${UNNAMED}:vpc/vpc-${UNNAMED}`));

/** Every global key, in ALTR’s AssumeRole, in its PutObject, and as S3 asks for the key of the bucket on its behalf. */
const GLOBAL: readonly (readonly [key: string, assumeRole: Fact, putObject: Fact, dataKey: Fact])[] = [
  // Who asks.
  ['aws:PrincipalAccount', is(ALTR_ACCOUNT), is(OWN), is(OWN)],
  [
    'aws:PrincipalArn',
    some(matching(`arn:aws:iam::${ALTR_ACCOUNT}:role/*`, `arn:aws:iam::${ALTR_ACCOUNT}:user/*`)),
    is(ROLE),
    is(ROLE),
  ],
  ['aws:PrincipalIsAWSService', is('false'), is('false'), is('false')],
  ['aws:PrincipalOrgID', unnamed(`o-${UNNAMED}`), PERHAPS, PERHAPS],
  ['aws:PrincipalOrgPaths', unnamed(`o-${UNNAMED}/r-${UNNAMED}/`), PERHAPS, PERHAPS],
  ['aws:PrincipalServiceName', NEVER, NEVER, NEVER],
  ['aws:PrincipalServiceNamesList', NEVER, NEVER, NEVER],
  ['aws:PrincipalTag/', PERHAPS, PERHAPS, PERHAPS],
  ['aws:PrincipalType', SOME, is('AssumedRole'), is('AssumedRole')],
  ['aws:userid', SOME, SOME, SOME],
  ['aws:username', PERHAPS, NEVER, NEVER],
  // The session with which it asks.
  ['aws:AssumedRoot', NEVER, NEVER, NEVER],
  ['aws:FederatedProvider', PERHAPS, NEVER, NEVER],
  ['aws:TokenIssueTime', perhaps({ kind: 'not-before', time: '2025-12-30T12:00:00.000Z' }), is(NOW), is(NOW)],
  ['aws:MultiFactorAuthAge', NEVER, NEVER, NEVER],
  ['aws:MultiFactorAuthPresent', NOT_TRUE, NOT_TRUE, NOT_TRUE],
  ['aws:ChatbotSourceArn', NEVER, NEVER, NEVER],
  ['aws:Ec2InstanceSourceVpc', PERHAPS, NEVER, NEVER],
  ['aws:Ec2InstanceSourcePrivateIPv4', PERHAPS, NEVER, NEVER],
  ['aws:SourceIdentity', NEVER, NEVER, NEVER],
  ['ec2:RoleDelivery', PERHAPS, NEVER, NEVER],
  ['ec2:SourceInstanceArn', PERHAPS, NEVER, NEVER],
  ['glue:RoleAssumedBy', PERHAPS, NEVER, NEVER],
  ['glue:CredentialIssuingService', PERHAPS, NEVER, NEVER],
  ['identitystore:UserId', NEVER, NEVER, NEVER],
  ['lambda:SourceFunctionArn', PERHAPS, NEVER, NEVER],
  ['ssm:SourceInstanceArn', PERHAPS, NEVER, NEVER],
  // Where it asks from.
  ['aws:SourceIp', some(PUBLIC), some(PUBLIC), perhaps(PUBLIC)],
  ['aws:SourceVpc', ...three(unnamed(`vpc-${UNNAMED}`))],
  ['aws:SourceVpcArn', ...three(VPC_ARN)],
  ['aws:SourceVpce', ...three(unnamed(`vpce-${UNNAMED}`))],
  ['aws:VpceAccount', ...three(unnamed(UNNAMED))],
  ['aws:VpceOrgID', ...three(unnamed(`o-${UNNAMED}`))],
  ['aws:VpceOrgPaths', ...three(unnamed(`o-${UNNAMED}/r-${UNNAMED}/`))],
  ['aws:VpcSourceIp', PERHAPS, PERHAPS, PERHAPS],
  // What it asks for.
  ['aws:ResourceAccount', is(OWN), is(OWN), is(OWN)],
  ['aws:ResourceOrgID', PERHAPS, PERHAPS, PERHAPS],
  ['aws:ResourceOrgPaths', PERHAPS, PERHAPS, PERHAPS],
  ['aws:ResourceTag/', PERHAPS, PERHAPS, PERHAPS],
  // The request itself.
  ['aws:CalledVia', NEVER, NEVER, PERHAPS],
  ['aws:CalledViaAWSMCP', NEVER, NEVER, NEVER],
  ['aws:CalledViaFirst', NEVER, NEVER, PERHAPS],
  ['aws:CalledViaLast', NEVER, NEVER, PERHAPS],
  ['aws:CurrentTime', is(NOW), is(NOW), is(NOW)],
  ['aws:EpochTime', is('1767225600'), is('1767225600'), is('1767225600')],
  ['aws:IsMcpServiceAction', NOT_TRUE, NOT_TRUE, NOT_TRUE],
  ['aws:Referer', NEVER, NEVER, NEVER],
  ['aws:RequestedRegion', PERHAPS, is('us-east-1'), is('us-east-1')],
  ['aws:RequestTag/', NEVER, NEVER, NEVER],
  ['aws:SecureTransport', is('true'), is('true'), is('true')],
  ['aws:SourceAccount', NEVER, NEVER, NEVER],
  ['aws:SourceArn', NEVER, NEVER, NEVER],
  ['aws:SourceOrgID', NEVER, NEVER, NEVER],
  ['aws:SourceOrgPaths', NEVER, NEVER, NEVER],
  ['aws:SourceOwner', NEVER, NEVER, NEVER],
  ['aws:TagKeys', NEVER, NEVER, NEVER],
  ['aws:UserAgent', SOME, SOME, SOME],
  ['aws:ViaAWSMCPService', NOT_TRUE, NOT_TRUE, NOT_TRUE],
  ['aws:ViaAWSService', is('false'), is('false'), is('true')],
];

function three(fact: Fact): [Fact, Fact, Fact] {
  return [fact, fact, fact];
}

/** Keys of AssumeRole alone. Source: IAM User Guide, "IAM and AWS STS condition context keys". */
const ASSUME_ROLE: readonly Row[] = [
  ['sts:ExternalId', is(CLIENT)],
  ['sts:RoleSessionName', some(matching('??*'))],
  ['sts:SourceIdentity', NEVER],
  ['sts:TransitiveTagKeys', NEVER],
  ['aws:RequestTag/', NEVER],
  ['aws:ResourceTag/', PERHAPS],
  ['aws:TagKeys', NEVER],
  ['iam:ResourceTag/', PERHAPS],
  ['accounts.google.com:aud', NEVER],
  ['accounts.google.com:sub', NEVER],
  ['cognito-identity.amazonaws.com:amr', NEVER],
  ['cognito-identity.amazonaws.com:aud', NEVER],
  ['cognito-identity.amazonaws.com:sub', NEVER],
  ['graph.facebook.com:app_id', NEVER],
  ['graph.facebook.com:id', NEVER],
  ['saml:namequalifier', NEVER],
  ['saml:sub', NEVER],
  ['saml:sub_type', NEVER],
  ['www.amazon.com:app_id', NEVER],
  ['www.amazon.com:user_id', NEVER],
];

/** Keys of PutObject alone. Source: Service Authorization Reference, "Amazon S3"; S3 API Reference, PutObject. */
const PUT_OBJECT: readonly Row[] = [
  ['aws:ResourceTag/', PERHAPS],
  ['s3:AccessGrantsInstanceArn', NEVER],
  ['s3:authType', oneOf('REST-HEADER', 'REST-QUERY-STRING', 'POST')],
  ['s3:BucketTag/', PERHAPS],
  ['s3:if-match', NEVER],
  ['s3:if-none-match', oneOf('*')],
  ['s3:object-lock-event-hold', NEVER],
  ['s3:object-lock-event-hold-duration-days', NEVER],
  ['s3:object-lock-legal-hold', NEVER],
  ['s3:object-lock-mode', NEVER],
  ['s3:object-lock-remaining-retention-days', NEVER],
  ['s3:object-lock-retain-until-date', NEVER],
  ['s3:ObjectCreationOperation', PERHAPS],
  ['s3:RequestObjectTag/', NEVER],
  ['s3:RequestObjectTagKeys', NEVER],
  ['s3:ResourceAccount', is(OWN)],
  ['s3:signatureAge', PERHAPS],
  ['s3:signatureversion', is('AWS4-HMAC-SHA256')],
  ['s3:TlsVersion', some({ kind: 'at-least', number: 1.2 })],
  ['s3:x-amz-acl', oneOf('bucket-owner-full-control')],
  ['s3:x-amz-content-sha256', PERHAPS],
  ['s3:x-amz-copy-source', NEVER],
  ['s3:x-amz-grant-full-control', NEVER],
  ['s3:x-amz-grant-read', NEVER],
  ['s3:x-amz-grant-read-acp', NEVER],
  ['s3:x-amz-grant-write', NEVER],
  ['s3:x-amz-grant-write-acp', NEVER],
  ['s3:x-amz-metadata-directive', NEVER],
  ['s3:x-amz-object-annotation-directive', NEVER],
  ['s3:x-amz-server-side-encryption', oneOf('AES256', 'aws:kms', 'aws:kms:dsse')],
  ['s3:x-amz-server-side-encryption-aws-kms-key-id', PERHAPS],
  ['s3:x-amz-server-side-encryption-customer-algorithm', NEVER],
  [
    's3:x-amz-storage-class',
    oneOf(
      'STANDARD',
      'REDUCED_REDUNDANCY',
      'STANDARD_IA',
      'ONEZONE_IA',
      'INTELLIGENT_TIERING',
      'GLACIER',
      'GLACIER_IR',
      'DEEP_ARCHIVE',
    ),
  ],
  ['s3:x-amz-website-redirect-location', PERHAPS],
];

/** Keys of the use of a KMS key, by ALTR’s session and by a reader’s. Source: KMS Developer Guide, "AWS KMS condition keys". */
const DATA_KEY: readonly Row[] = [
  ['aws:ResourceTag/', PERHAPS],
  ['kms:CallerAccount', is(OWN)],
  ['kms:EncryptionAlgorithm', is('SYMMETRIC_DEFAULT')],
  ['kms:EncryptionContext:', PERHAPS],
  ['kms:EncryptionContextKeys', PERHAPS],
  ['kms:KeyOrigin', PERHAPS],
  ['kms:KeySpec', is('SYMMETRIC_DEFAULT')],
  ['kms:KeyUsage', is('ENCRYPT_DECRYPT')],
  ['kms:MultiRegion', PERHAPS],
  ['kms:MultiRegionKeyType', PERHAPS],
  ['kms:RecipientAttestation:', NEVER],
  ['kms:RequestAlias', PERHAPS],
  ['kms:ResourceAliases', PERHAPS],
  ['kms:ViaService', is('s3.us-east-1.amazonaws.com')],
];

describe('a fact is written down for every key that AWS’s reference lists, and for no other', () => {
  test.each<
    [what: string, rows: readonly (readonly [key: string, ...unknown[]])[], listed: readonly string[]]
  >([
    ['global keys', GLOBAL, GLOBAL_KEYS],
    ['keys of AssumeRole', ASSUME_ROLE, ASSUME_ROLE_KEYS],
    ['keys of PutObject', PUT_OBJECT, PUT_OBJECT_KEYS],
    ['keys of GenerateDataKey', DATA_KEY, DATA_KEY_KEYS],
  ])('%s', (_what, rows, listed) => {
    expect(rows.map(([key]) => key.toLowerCase()).sort()).toEqual([...listed].sort());
  });
});

describe('global keys of each request', () => {
  test.each(GLOBAL)('%s', (key, assumeRole, putObject, dataKey) => {
    expect([assuming(), putting(), usingKey()].map((context) => factOf(context, key))).toEqual([
      assumeRole,
      putObject,
      dataKey,
    ]);
  });
});

describe('keys of one service', () => {
  test.each(ASSUME_ROLE)('AssumeRole: %s', (key, fact) => {
    expect(factOf(assuming(), key)).toEqual(fact);
  });

  test.each(PUT_OBJECT)('PutObject: %s', (key, fact) => {
    expect(factOf(putting(), key)).toEqual(fact);
  });

  test.each(DATA_KEY)('the use of a key: %s', (key, fact) => {
    expect([factOf(usingKey(), key), factOf(readingKey(), key)]).toEqual([fact, fact]);
  });
});

test.each([
  ['AssumeRole', assuming(), 's3:x-amz-acl'],
  ['PutObject', putting(), 'sts:ExternalId'],
  ['the use of a key', usingKey(), 's3:x-amz-acl'],
])('%s carries no key of another service', (_what, context, key) => {
  expect(context.fact(key)).toEqual({ kind: 'absent', why: 'no request for this action carries the key' });
});

test('a grant of a KMS key plays no part', () => {
  expect(usingKey().fact('kms:GrantIsForAWSResource')).toEqual({ ...NEVER, why: 'set only for grants' });
});

test.each<[what: string, context: RequestContext, keys: readonly string[], without: readonly string[]]>([
  [
    'AssumeRole',
    assuming({ tags: {} }),
    ASSUME_ROLE_KEYS,
    ['aws:principaltype', 'aws:tokenissuetime', 'aws:useragent', 'aws:userid'],
  ],
  ['PutObject', putting({ tags: {} }), PUT_OBJECT_KEYS, ['aws:useragent']],
  ['the use of a key', usingKey({ tags: {} }), DATA_KEY_KEYS, ['aws:sourceip', 'aws:useragent']],
])(
  '%s: what is known of a key has a reason, but for those that need none',
  (_what, context, keys, without) => {
    const unexplained = [...GLOBAL_KEYS, ...keys].filter((key) => {
      const fact = context.fact(nameIn(key));
      return !fact.why && !isDeepStrictEqual(fact, PERHAPS);
    });
    expect(unexplained).toEqual(without);
  },
);

describe('a session of the role, whoever holds it', () => {
  test.each<Row>([
    ['aws:PrincipalArn', is(ROLE)],
    ['aws:PrincipalAccount', is(OWN)],
    ['aws:PrincipalType', is('AssumedRole')],
    ['aws:PrincipalIsAWSService', is('false')],
    ['aws:username', NEVER],
    ['aws:userid', SOME],
    ['aws:UserAgent', SOME],
    ['aws:CurrentTime', FROM_NOW],
    ['aws:EpochTime', FROM_NOW],
    // Its holder chooses these.
    ['aws:SecureTransport', PERHAPS],
    ['aws:SourceIp', PERHAPS],
    ['aws:SourceVpce', PERHAPS],
    ['aws:MultiFactorAuthPresent', PERHAPS],
    ['aws:ViaAWSService', PERHAPS],
    ['aws:TokenIssueTime', PERHAPS],
    ['aws:PrincipalTag/', PERHAPS],
    ['s3:x-amz-acl', PERHAPS],
  ])('%s', (key, fact) => {
    expect(factOf(sessionContext(role()), key)).toEqual(fact);
  });

  test('S3 asks for a key on its behalf over TLS, from wherever the session is used', () => {
    const keys = ['aws:SecureTransport', 'aws:ViaAWSService', 'aws:CurrentTime', 'aws:SourceIp'];
    expect(keys.map((key) => factOf(readingKey(), key))).toEqual([is('true'), is('true'), FROM_NOW, PERHAPS]);
  });
});

test('the session has the unique ID of its role, if it was read', () => {
  const contexts = [putting({ roleId: 'AROAEXAMPLE' }), sessionContext(role({ roleId: 'AROAEXAMPLE' }))];
  expect(contexts.map((context) => factOf(context, 'aws:userid'))).toEqual([
    some(matching('AROAEXAMPLE:?*')),
    some(matching('AROAEXAMPLE:?*')),
  ]);
});

const refused = unreadable({ message: 'AWS denied s3:GetBucketAbac (AccessDenied)' });

describe('tags of the role', () => {
  const tags = { team: 'logs' };
  test.each<[what: string, context: RequestContext, prefix: string, team: Fact, env: Fact]>([
    ['AssumeRole, by the global key', assuming({ tags }), 'aws:ResourceTag/', is('logs'), NEVER],
    ['AssumeRole, by the key of IAM', assuming({ tags }), 'iam:ResourceTag/', is('logs'), NEVER],
    ['AssumeRole of a role without tags', assuming({ tags: {} }), 'aws:ResourceTag/', NEVER, NEVER],
    ['PutObject', putting({ tags }), 'aws:PrincipalTag/', is('logs'), NEVER],
    ['the use of a key', usingKey({ tags }), 'aws:PrincipalTag/', is('logs'), NEVER],
    [
      'a session to which nobody can pass tags',
      sessionContext(role({ tags, noSessionTags: true })),
      'aws:PrincipalTag/',
      is('logs'),
      NEVER,
    ],
    [
      'a session to which somebody may pass others',
      sessionContext(role({ tags, noSessionTags: false })),
      'aws:PrincipalTag/',
      PERHAPS,
      PERHAPS,
    ],
  ])('%s', (_what, context, prefix, team, env) => {
    expect([factOf(context, `${prefix}team`), factOf(context, `${prefix}env`)]).toEqual([team, env]);
  });

  test('a finding that rests on one says so', () => {
    const { why } = putting({ tags }).fact('aws:PrincipalTag/team');
    expect(why).toBe('a tag of the role');
  });

  test.each<[what: string, tags: RoleObservation['tags'], expected: typeof tags | undefined]>([
    ['they were read', known(tags), tags],
    ['the role is not there', ABSENT, undefined],
    ['they could not be read', refused, undefined],
    ['nobody looked', undefined, undefined],
  ])('%s', (_what, observed, expected) => {
    expect(tagsOf({ tags: observed } as RoleObservation)).toEqual(expected);
  });
});

describe('tags of the bucket', () => {
  const two = known({ team: 'logs', env: 'prod', ENV: 'test' });
  test.each<[what: string, tags: RoleFacts['bucketTags'], key: string, fact: Fact]>([
    [
      'nobody looked',
      undefined,
      'team',
      {
        kind: 'open',
        why: 'a bucket’s tags count only if its ABAC is on, and nobody read whether it is',
      },
    ],
    [
      'they could not be read',
      refused,
      'team',
      {
        kind: 'open',
        why: 'a bucket’s tags count only if its ABAC is on, and AWS denied s3:GetBucketAbac (AccessDenied)',
      },
    ],
    [
      'ABAC is off',
      ABSENT,
      'team',
      { kind: 'absent', why: 'the bucket’s ABAC is off, so its tags decide nothing' },
    ],
    ['there is one', two, 'team', { kind: 'value', value: 'logs', why: 'a tag of the bucket' }],
    [
      'there is one, in another case',
      two,
      'TEAM',
      { kind: 'value', value: 'logs', why: 'a tag of the bucket' },
    ],
    ['there is none', two, 'owner', { kind: 'absent', why: 'the bucket has no such tag' }],
    [
      'two differ in case',
      two,
      'env',
      { kind: 'open', why: 'several tags of the bucket differ in case alone' },
    ],
  ])('%s', (_what, bucketTags, name, fact) => {
    const context = putting({ bucketTags });
    expect(context.fact(`aws:ResourceTag/${name}`)).toEqual(fact);
    expect(context.fact(`s3:BucketTag/${name}`)).toEqual(fact);
  });
});

describe('why a decision is open is the bucket’s tags, if it hangs on', () => {
  const TAG = 'aws:ResourceTag/team';
  const decisionOn = (...keys: readonly string[]): Decision => {
    const Condition = { StringEquals: Object.fromEntries(keys.map((key) => [key, 'x'])) };
    const text = JSON.stringify({ Statement: { Effect: 'Deny', Action: '*', Resource: '*', Condition } });
    const clauses = parsePolicy({ source: 'bucket policy', text }).statements.flatMap(({ conditions }) =>
      conditions.map((clause) => ({ verdict: 'depends' as const, clause, fact: PERHAPS })),
    );
    const other = { kind: 'no-allow' as const, text: 'no statement allows it' };
    return { verdict: 'depends', reasons: [other, { kind: 'deny', text: 'a Deny applies', clauses }] };
  };
  test.each<[what: string, decision: Decision, tags: RoleFacts['bucketTags'], tells: boolean]>([
    ['a tag', decisionOn(TAG), refused, true],
    ['a tag by the key of S3 itself, in any case', decisionOn('S3:buckettag/team'), refused, true],
    ['a tag among other keys', decisionOn('aws:SourceIp', TAG), refused, true],
    ['no tag of an object', decisionOn('s3:ExistingObjectTag/team'), refused, false],
    ['no tag of the role', decisionOn('aws:PrincipalTag/team'), refused, false],
    ['no key that merely ends like one', decisionOn(`x${TAG}`), refused, false],
    ['no other key', decisionOn('aws:SourceIp'), refused, false],
    ['no tag that decides nothing', { ...decisionOn(TAG), verdict: 'denied' }, refused, false],
    ['no tag that was read', decisionOn(TAG), known({ team: 'y' }), false],
    ['no tag at which nobody looked', decisionOn(TAG), undefined, false],
  ])('%s', (_what, decision, bucketTags, tells) => {
    expect(unreadTags(decision, { bucketTags })).toEqual(tells ? refused.reason : undefined);
  });
});

describe('the organization', () => {
  const own: OwnOrganization = {
    id: 'o-exampleorg1',
    managementAccountId: '999999999999',
    path: 'o-exampleorg1/r-ab12/ou-ab12-11111111/',
  };
  const declared: Assumptions = { organizationId: 'o-exampleorg1' };
  const openWhy = 'the audit does not read which organization the account is in';
  const declaredWhy = 'your organization, as the config declares it';
  const readWhy = 'your organization, as AWS Organizations tells it';
  type Pair = readonly [id: Fact, paths: Fact];
  const OPEN: Pair = [
    { kind: 'open', why: openWhy },
    { kind: 'open', why: openWhy },
  ];
  const DECLARED: Pair = [
    { kind: 'value', value: 'o-exampleorg1', why: declaredWhy },
    { ...some(matching('o-exampleorg1/*')), why: declaredWhy },
  ];
  const READ: Pair = [
    { kind: 'value', value: 'o-exampleorg1', why: readWhy },
    { kind: 'values', values: [own.path], why: readWhy },
  ];
  const of = (context: RequestContext, whose: 'Principal' | 'Resource') => [
    context.fact(`aws:${whose}OrgID`),
    context.fact(`aws:${whose}OrgPaths`),
  ];

  test.each<[what: string, facts: Partial<RoleFacts>, expected: Pair]>([
    ['nobody told', {}, OPEN],
    ['the config declares it', { assumptions: declared }, DECLARED],
    ['it was read', { organization: own }, READ],
    ['it was read, and the config declares it', { organization: own, assumptions: declared }, READ],
  ])('of the role and the bucket, if %s', (_what, facts, expected) => {
    for (const context of [putting(facts), sessionContext(role(facts))]) {
      expect([of(context, 'Principal'), of(context, 'Resource')]).toEqual([expected, expected]);
    }
    expect(of(assuming(facts), 'Resource')).toEqual(expected);
  });

  test.each<
    [what: string, facts: Partial<RoleFacts>, owner: Parameters<typeof keyContext>[1], expected: Pair]
  >([
    ['in the same account', { assumptions: declared }, { accountId: OWN }, DECLARED],
    ['in another account, of which no config tells', { assumptions: declared }, { accountId: OTHER }, OPEN],
    ['in another account, if it was read', {}, { accountId: OTHER, organization: own }, READ],
    ['in another account, if only the role’s was read', { organization: own }, { accountId: OTHER }, OPEN],
  ])('of a key %s', (_what, facts, owner, expected) => {
    for (const context of [usingKey(facts, owner), readingKey(facts, owner)]) {
      expect(of(context, 'Resource')).toEqual(expected);
      expect(factOf(context, 'aws:ResourceAccount')).toEqual(is(owner.accountId));
      expect(factOf(context, 'kms:CallerAccount')).toEqual(is(OWN));
    }
  });

  test('of ALTR’s account is another than yours', () => {
    const why = 'ALTR’s account is not in your organization';
    const ofAltr = (context: RequestContext) => [
      ...of(context, 'Principal'),
      context.fact('aws:PrincipalOrgMasterAccountId'),
    ];
    expect(ofAltr(assuming({ organization: own }))).toEqual([
      { ...perhaps({ kind: 'other-than', values: ['o-exampleorg1'] }), why },
      { ...perhaps({ kind: 'not-beginning', prefix: 'o-exampleorg1/' }), why },
      { ...perhaps({ kind: 'other-than', values: ['999999999999'] }), why },
    ]);
    expect(ofAltr(assuming({ assumptions: declared }))).toEqual([
      { ...unnamed(`o-${UNNAMED}`), why },
      { ...unnamed(`o-${UNNAMED}/r-${UNNAMED}/`), why },
      { ...unnamed(UNNAMED), why },
    ]);
  });

  test('its management account is known only if it was read', () => {
    const key = 'aws:PrincipalOrgMasterAccountId';
    expect(putting({ assumptions: declared }).fact(key)).toEqual(PERHAPS);
    expect(putting({ organization: own }).fact(key)).toEqual({
      kind: 'value',
      value: '999999999999',
      why: 'the management account of your organization',
    });
  });
});

describe('addresses that the config declares', () => {
  const declared = (): { assumptions: Assumptions } => ({
    assumptions: { sourceIpRanges: ['52.1.0.0/16'] },
  });

  test.each<readonly [key: string, fact: Fact]>([
    [
      'aws:SourceIp',
      {
        ...some({ kind: 'addresses', ranges: ['52.1.0.0/16'] }),
        why: 'ALTR’s addresses, as the config declares them',
      },
    ],
    ...[
      'aws:SourceVpc',
      'aws:SourceVpcArn',
      'aws:SourceVpce',
      'aws:VpceAccount',
      'aws:VpceOrgID',
      'aws:VpceOrgPaths',
      'aws:VpcSourceIp',
    ].map((key): [string, Fact] => [
      key,
      {
        kind: 'absent',
        why: 'ALTR comes from the addresses that the config declares, through no VPC endpoint',
      },
    ]),
  ])('%s', (key, fact) => {
    expect(assuming(declared()).fact(key)).toEqual(fact);
    expect(putting(declared()).fact(key)).toEqual(fact);
  });

  test('S3 may ask for a key from others', () => {
    expect(factOf(usingKey(declared()), 'aws:SourceIp')).toEqual(perhaps(PUBLIC));
  });
});

describe('S3 asks for a key for the bucket or for each object, and a reader may read older logs', () => {
  const why = 'the object’s ARN, or the bucket’s where it has an S3 Bucket Key';
  const objects = `${BUCKET}/?*`;
  const either = [BUCKET, objects];
  test.each<[what: string, asksForBucket: boolean | undefined, ofAltr: string[]]>([
    ['with an S3 Bucket Key', true, [BUCKET]],
    ['without one', false, [objects]],
    ['if nobody knows whether there is one', undefined, either],
  ])('%s', (_what, asksForBucket, ofAltr) => {
    const key = 'kms:EncryptionContext:aws:s3:arn';
    expect(usingKey({ asksForBucket }).fact(key)).toEqual({ ...some(matching(...ofAltr)), why });
    expect(readingKey({ asksForBucket }).fact(key)).toEqual({ ...some(matching(...either)), why });
  });
});

test('a role whose account is not known may be of any', () => {
  expect(factOf(assuming({ accountId: null }), 'aws:ResourceAccount')).toEqual(PERHAPS);
});

test('S3 asks for a key in the region of the bucket', () => {
  const context = usingKey({ region: 'eu-west-1' });
  expect(['aws:RequestedRegion', 'kms:ViaService'].map((key) => factOf(context, key))).toEqual([
    is('eu-west-1'),
    is('s3.eu-west-1.amazonaws.com'),
  ]);
});

test('somebody who can wait acts now or later', () => {
  expect(fromNowOn(NOW)).toEqual({ 'aws:CurrentTime': FROM_NOW, 'aws:EpochTime': FROM_NOW });
});

describe('in another partition', () => {
  const contract = contractFor({ ...EXAMPLE, region: 'us-gov-west-1' });

  test('ALTR’s principals are of that partition', () => {
    expect(altrCaller(contract)).toEqual({ accountId: ALTR_ACCOUNT, partition: 'aws-us-gov' });
    const context = assumeRoleContext(contract, { observedAt: NOW, accountId: OWN, assumptions: {} });
    const iam = `arn:aws-us-gov:iam::${ALTR_ACCOUNT}`;
    expect(factOf(context, 'aws:PrincipalArn')).toEqual(some(matching(`${iam}:role/*`, `${iam}:user/*`)));
  });

  test('a principal may be the root user, a role, a user or a federated user', () => {
    expect(principalArns('aws-us-gov', OWN)).toEqual([
      `arn:aws-us-gov:iam::${OWN}:root`,
      `arn:aws-us-gov:iam::${OWN}:role/*`,
      `arn:aws-us-gov:iam::${OWN}:user/*`,
      `arn:aws-us-gov:sts::${OWN}:federated-user/*`,
    ]);
  });
});

test('a key of an object has at least one character', () => {
  expect(everyKey(EXAMPLE)).toBe(`${BUCKET}/?*`);
});
