/**
 * What a request of ALTR's looks like: for each condition key whether AWS always sets it and to what, never sets it, or
 * nobody but ALTR knows. Source, where no other is named: IAM User Guide, "AWS global condition context keys".
 */

import type { Assumptions } from '../../config/options/assumptions';
import type { ExportContract } from '../../contract/contract';
import { type Partition, s3ViaService } from '../../contract/partition';
import { accountRootArn, EXTERNAL_ID_KEY } from '../../contract/policies';
import type { Observed, RoleObservation, Unreadable } from '../observe/observation';
import {
  type Caller,
  type ClauseVerdict,
  type Decision,
  type Domain,
  type Fact,
  RequestContext,
  UNNAMED,
} from '../policy';
import { ASSUME_ROLE_KEYS, DATA_KEY_KEYS, GLOBAL_KEYS, PUT_OBJECT_KEYS } from './condition-keys';
import { remembered } from './lazily';
import type { OwnOrganization } from './own-organization';
import { putObjectFacts } from './put-object-facts';

/** Any principal of ALTR's account: which one it uses, only ALTR knows. */
export function altrCaller(contract: ExportContract): Caller {
  return { accountId: contract.altrAccountId, partition: contract.partition };
}

const never = (why: string): Fact => ({ kind: 'absent', why });
const is = (value: string, why: string): Fact => ({ kind: 'value', value, why });
/** A key that no service defines is absent: AWS would have to add it, and ALTR to use it. */
const carried = (keys: readonly string[]): ReadonlySet<string> => new Set([...GLOBAL_KEYS, ...keys]);
const CARRIED = {
  putObject: carried(PUT_OBJECT_KEYS),
  assumeRole: carried(ASSUME_ROLE_KEYS),
  dataKey: carried(DATA_KEY_KEYS),
};

const VIA_SERVICE = never('set only where an AWS service calls on somebody’s behalf');

/** Keys that say who somebody is that is no AWS service, and that nobody can choose. */
export const NO_SERVICE: Readonly<Record<string, Fact>> = {
  'aws:PrincipalIsAWSService': is('false', 'the principal is no AWS service'),
  'aws:PrincipalServiceName': VIA_SERVICE,
  'aws:PrincipalServiceNamesList': VIA_SERVICE,
  'aws:SourceAccount': VIA_SERVICE,
  'aws:SourceArn': VIA_SERVICE,
  'aws:SourceOrgID': VIA_SERVICE,
  'aws:SourceOrgPaths': VIA_SERVICE,
  'aws:SourceOwner': VIA_SERVICE,
};

/** The time at which somebody acts who can wait: now, or any later. */
export function fromNowOn(observedAt: string): Readonly<Record<string, Fact>> {
  const later: Fact = { kind: 'present', domain: { kind: 'not-before', time: observedAt } };
  return { 'aws:CurrentTime': later, 'aws:EpochTime': later };
}

/** ARNs that principals of an account have in `aws:PrincipalArn`: that of a role also for its sessions. */
export function principalArns(partition: Partition, accountId: string): string[] {
  return [
    accountRootArn(partition, accountId),
    ...assumerArns(partition, accountId),
    `arn:${partition}:sts::${accountId}:federated-user/*`,
  ];
}

/** ARNs of those that can assume roles: neither the root user nor a federated user can (IAM User Guide, "Compare AWS STS credentials"). */
function assumerArns(partition: Partition, accountId: string): string[] {
  return ['role', 'user'].map((kind) => `arn:${partition}:iam::${accountId}:${kind}/*`);
}

/** What makes a request of ALTR's an ordinary one: keys that are the same in each, though somebody else might choose otherwise. */
const ordinary = remembered(
  (assumptions: Assumptions) =>
    new RequestContext({
      ...NO_SERVICE,
      ...network(assumptions),
      'aws:SecureTransport': is('true', 'ALTR uses TLS'),
      'aws:CalledVia': VIA_SERVICE,
      'aws:CalledViaFirst': VIA_SERVICE,
      'aws:CalledViaLast': VIA_SERVICE,
      'aws:CalledViaAWSMCP': VIA_SERVICE,
      'aws:ViaAWSService': is('false', 'ALTR calls directly'),
      'aws:ViaAWSMCPService': neverTrue('ALTR calls directly'),
      'aws:IsMcpServiceAction': neverTrue('ALTR calls directly'),
      // Absent with long-term credentials, "false" with temporary ones: never "true", no person logs in.
      'aws:MultiFactorAuthPresent': neverTrue('nobody enters an MFA code for a scheduled export'),
      'aws:MultiFactorAuthAge': never('nobody enters an MFA code for a scheduled export'),
      'aws:referer': never('set only by browsers'),
      'aws:SourceIdentity': never('ALTR’s ordinary call sets no source identity'),
      'identitystore:UserId': never('set only for users of IAM Identity Center'),
      'aws:AssumedRoot': never('set only for sessions of AssumeRoot'),
      'aws:ChatbotSourceArn': never('set only for sessions of a chatbot'),
      'aws:RequestTag/': never('the call sets no tags'),
      'aws:TagKeys': never('the call sets no tags'),
    }),
);

/** An ordinary request to put an object. */
const putting = remembered((assumptions: Assumptions) =>
  ordinary(assumptions).with(putObjectFacts(assumptions)),
);

/** The time of the audit. */
function atTime(observedAt: string): Record<string, Fact> {
  return {
    'aws:CurrentTime': is(observedAt, 'the time of the audit'),
    'aws:EpochTime': is(String(Math.floor(Date.parse(observedAt) / 1000)), 'the time of the audit'),
  };
}

function neverTrue(why: string): Fact {
  return { kind: 'open', domain: { kind: 'other-than', values: ['true'] }, why };
}

/**
 * Where ALTR's requests come from. Addresses that the config declares are seen by AWS only of requests that come through no
 * VPC endpoint: the key is absent from those that do.
 */
function network({ sourceIpRanges }: Assumptions): Record<string, Fact> {
  const endpoint = (domain?: Domain): Fact =>
    sourceIpRanges
      ? never('ALTR comes from the addresses that the config declares, through no VPC endpoint')
      : {
          kind: 'open',
          domain,
          why: 'set only for requests through a VPC endpoint, and ALTR doesn’t come through yours',
        };
  const unnamed = (example: string) => endpoint({ kind: 'unnamed', example });
  return {
    'aws:SourceIp': sourceIpRanges
      ? {
          kind: 'present',
          domain: { kind: 'addresses', ranges: sourceIpRanges },
          why: 'ALTR’s addresses, as the config declares them',
        }
      : {
          kind: 'present',
          domain: { kind: 'public-address' },
          why: 'ALTR comes over the public internet, from addresses that only ALTR knows',
        },
    'aws:VpcSourceIp': endpoint(),
    'aws:SourceVpc': unnamed(`vpc-${UNNAMED}`),
    // In any partition.
    'aws:SourceVpcArn': endpoint({
      kind: 'matching',
      patterns: [`arn:*:ec2:${UNNAMED}:${UNNAMED}:vpc/vpc-${UNNAMED}`],
    }),
    'aws:SourceVpce': unnamed(`vpce-${UNNAMED}`),
    'aws:VpceAccount': unnamed(UNNAMED),
    'aws:VpceOrgID': unnamed(`o-${UNNAMED}`),
    'aws:VpceOrgPaths': unnamed(`o-${UNNAMED}/r-${UNNAMED}/`),
  };
}

/** Keys that tell the organization of the account; `prefix` says whether it is the principal's account or the resource's. */
function organization(
  prefix: 'Principal' | 'Resource',
  { organizationId }: Assumptions,
  own: OwnOrganization | undefined,
): Record<string, Fact> {
  if (own) {
    const why = 'your organization, as AWS Organizations tells it';
    return {
      [`aws:${prefix}OrgID`]: is(own.id, why),
      [`aws:${prefix}OrgPaths`]: { kind: 'values', values: [own.path], why },
    };
  }
  const why = organizationId
    ? 'your organization, as the config declares it'
    : 'the audit does not read which organization the account is in';
  return {
    [`aws:${prefix}OrgID`]: organizationId ? is(organizationId, why) : { kind: 'open', why },
    [`aws:${prefix}OrgPaths`]: organizationId
      ? { kind: 'present', domain: { kind: 'matching', patterns: [`${organizationId}/*`] }, why }
      : { kind: 'open', why },
  };
}

/** The role's tags, if they were read. */
export function tagsOf({ tags }: RoleObservation): Tags | undefined {
  return tags?.state === 'value' ? tags.value : undefined;
}

/** The tags of the role under a prefix such as `aws:ResourceTag/`; nothing if they were not read. */
function tagFacts(prefix: string, tags: Tags | undefined): Record<string, Fact> {
  if (!tags) return {};
  return {
    [prefix]: never('the role has no such tag'),
    ...Object.fromEntries(
      Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, is(value, 'a tag of the role')]),
    ),
  };
}

type Tags = Readonly<Record<string, string>>;

/** The longest that temporary credentials last: those of a user, by GetSessionToken (IAM User Guide, "Compare AWS STS credentials"). */
const SESSION_HOURS = 36;

/** ALTR's direct AssumeRole from its own account. Keys: IAM User Guide, "IAM and AWS STS condition context keys". */
export function assumeRoleContext(
  contract: ExportContract,
  facts: {
    observedAt: string;
    accountId: string | null;
    assumptions: Assumptions;
    tags?: Tags;
    organization?: OwnOrganization;
  },
): RequestContext {
  const untagged = never('ALTR’s ordinary call passes no session tags');
  const whereAltrRuns: Fact = { kind: 'open', why: 'only ALTR knows on which of AWS’s services it runs' };
  const sessionBegan = new Date(Date.parse(facts.observedAt) - SESSION_HOURS * 3_600_000).toISOString();
  return new RequestContext(
    {
      ...atTime(facts.observedAt),
      [EXTERNAL_ID_KEY]: is(contract.clientId, 'ALTR sends the customer’s client ID'),
      // "Minimum length of 2" (AWS STS API Reference, AssumeRole).
      'sts:RoleSessionName': {
        kind: 'present',
        domain: { kind: 'matching', patterns: ['??*'] },
        why: 'AssumeRole demands one; only ALTR knows which',
      },
      'sts:SourceIdentity': never('ALTR’s ordinary call sets no source identity'),
      'sts:TransitiveTagKeys': untagged,
      'aws:RequestTag/': untagged,
      'aws:TagKeys': untagged,
      ...tagFacts('aws:ResourceTag/', facts.tags),
      ...tagFacts('iam:ResourceTag/', facts.tags),
      ...organization('Resource', facts.assumptions, facts.organization),
      ...ofAltrsOrganization(facts.organization),
      ...FEDERATED,
      'aws:PrincipalAccount': is(contract.altrAccountId, 'ALTR’s account'),
      'aws:PrincipalArn': {
        kind: 'present',
        domain: { kind: 'matching', patterns: assumerArns(contract.partition, contract.altrAccountId) },
        why: 'a role or a user of ALTR’s account, and only ALTR knows which',
      },
      'aws:TokenIssueTime': { kind: 'open', domain: { kind: 'not-before', time: sessionBegan } },
      // Set for credentials that an instance or a function was given.
      'aws:Ec2InstanceSourceVpc': whereAltrRuns,
      'aws:Ec2InstanceSourcePrivateIPv4': whereAltrRuns,
      'ec2:SourceInstanceArn': whereAltrRuns,
      'ec2:RoleDelivery': whereAltrRuns,
      'lambda:SourceFunctionArn': whereAltrRuns,
      'ssm:SourceInstanceArn': whereAltrRuns,
      'glue:RoleAssumedBy': whereAltrRuns,
      'glue:CredentialIssuingService': whereAltrRuns,
      // Set for the session of a role that was assumed with a token, as by a pod of Kubernetes.
      'aws:FederatedProvider': whereAltrRuns,
      'aws:username': { kind: 'open', why: 'set only for IAM users, and only ALTR knows whether it is one' },
      'aws:userid': { kind: 'present' },
      'aws:PrincipalType': { kind: 'present' },
      'aws:UserAgent': { kind: 'present' },
      ...(facts.accountId ? { 'aws:ResourceAccount': is(facts.accountId, 'the role’s account') } : {}),
    },
    CARRIED.assumeRole,
    ordinary(facts.assumptions),
  );
}

/** ALTR may be in an organization of its own, or in none. Where yours is known, a policy may name ALTR's, too. */
function ofAltrsOrganization(own: OwnOrganization | undefined): Record<string, Fact> {
  const notYours = (example: string, known: (own: OwnOrganization) => Domain): Fact => ({
    kind: 'open',
    domain: own ? known(own) : { kind: 'unnamed', example },
    why: 'ALTR’s account is not in your organization',
  });
  const somewhere = `o-${UNNAMED}`;
  return {
    'aws:PrincipalOrgID': notYours(somewhere, ({ id }) => ({ kind: 'other-than', values: [id] })),
    'aws:PrincipalOrgPaths': notYours(`${somewhere}/r-${UNNAMED}/`, ({ id }) => ({
      kind: 'not-beginning',
      prefix: `${id}/`,
    })),
    'aws:PrincipalOrgMasterAccountId': notYours(UNNAMED, ({ managementAccountId }) => ({
      kind: 'other-than',
      values: [managementAccountId],
    })),
  };
}

/** Keys of sessions that an identity provider vouches for; ALTR's principal is of its own account. */
const FEDERATED: Readonly<Record<string, Fact>> = Object.fromEntries(
  ASSUME_ROLE_KEYS.filter((key) => !/^(aws|sts|iam):/.test(key)).map((key) => [
    key,
    never('set only for sessions that an identity provider vouches for'),
  ]),
);

/** The role as its session calls AWS services. */
export interface RoleFacts {
  readonly roleArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly bucketArn: string;
  readonly observedAt: string;
  readonly assumptions: Assumptions;
  /** `undefined` if they were not read. */
  readonly tags?: Tags;
  /** Absent while they decide nothing; `undefined` if nobody looked. */
  readonly bucketTags?: Observed<Tags>;
  /** Whether the trust policy lets nobody pass tags: then those of a session are the role's own. */
  readonly noSessionTags?: boolean;
  readonly roleId?: string;
  /** Whether S3 asks for the key for the bucket as a whole, by an S3 Bucket Key; `undefined` if it was not read. */
  readonly asksForBucket?: boolean;
  /** The organization of the account; `undefined` if it was not read. */
  readonly organization?: OwnOrganization;
}

/** Whose a resource is. */
export interface Owner {
  readonly accountId: string;
  /** `undefined` if it was not read. */
  readonly organization?: OwnOrganization;
}

/**
 * What is true of every request of the role's session, whoever holds its credentials and whatever they choose: what counts
 * for how far the role could go.
 */
export function sessionContext(role: RoleFacts): RequestContext {
  const tags = role.noSessionTags ? tagFacts('aws:PrincipalTag/', role.tags) : {};
  return new RequestContext({ ...identity(role), ...tags, ...fromNowOn(role.observedAt) });
}

function identity(role: RoleFacts): Record<string, Fact> {
  return {
    ...NO_SERVICE,
    'aws:PrincipalArn': is(role.roleArn, 'the role itself, also for its sessions'),
    'aws:PrincipalAccount': is(role.accountId, 'the role’s account'),
    'aws:PrincipalType': is('AssumedRole', 'the session of a role'),
    'aws:userid': {
      kind: 'present',
      domain: role.roleId ? { kind: 'matching', patterns: [`${role.roleId}:?*`] } : undefined,
      why: 'the role’s unique ID and the session’s name',
    },
    'aws:username': never('set only for IAM users'),
    ...organization('Principal', role.assumptions, role.organization),
    ...organization('Resource', role.assumptions, role.organization),
    'aws:PrincipalOrgMasterAccountId': role.organization
      ? is(role.organization.managementAccountId, 'the management account of your organization')
      : { kind: 'open' },
    'aws:UserAgent': { kind: 'present' },
  };
}

/** A request of ALTR's with the role's session; `base` is what makes it an ordinary one. */
function altrContext(role: RoleFacts, keys: ReadonlySet<string>, base: RequestContext): RequestContext {
  const elsewhere = never('set only for credentials that an instance, a function or a job was given');
  return new RequestContext(
    {
      ...atTime(role.observedAt),
      ...identity(role),
      // ALTR's ordinary call passes no session tags.
      ...tagFacts('aws:PrincipalTag/', role.tags),
      'aws:TokenIssueTime': is(role.observedAt, 'ALTR assumes the role anew'),
      'aws:Ec2InstanceSourceVpc': elsewhere,
      'aws:Ec2InstanceSourcePrivateIPv4': elsewhere,
      'ec2:SourceInstanceArn': elsewhere,
      'ec2:RoleDelivery': elsewhere,
      'lambda:SourceFunctionArn': elsewhere,
      'ssm:SourceInstanceArn': elsewhere,
      'glue:RoleAssumedBy': elsewhere,
      'glue:CredentialIssuingService': elsewhere,
      'aws:FederatedProvider': never(
        'set only for roles that are assumed with a token of an identity provider',
      ),
    },
    keys,
    base,
  );
}

/**
 * A bucket's tags under a prefix such as `aws:ResourceTag/`. They count only while its ABAC is on, and it is off unless someone
 * switched it on (Amazon S3 User Guide, "Using tags with S3 general purpose buckets").
 */
function bucketTagFacts(prefix: string, tags: Observed<Tags> | undefined): Record<string, Fact> {
  if (!tags)
    return { [prefix]: open('a bucket’s tags count only if its ABAC is on, and nobody read whether it is') };
  if (tags.state === 'unreadable')
    return { [prefix]: open(`a bucket’s tags count only if its ABAC is on, and ${tags.reason.message}`) };
  if (tags.state === 'absent')
    return { [prefix]: never('the bucket’s ABAC is off, so its tags decide nothing') };
  const facts: Record<string, Fact> = { [prefix]: never('the bucket has no such tag') };
  for (const [name, value] of Object.entries(tags.value)) {
    // Condition keys are compared without case, tags of buckets with it.
    const key = `${prefix}${name}`.toLowerCase();
    facts[key] = facts[key]
      ? open('several tags of the bucket differ in case alone')
      : is(value, 'a tag of the bucket');
  }
  return facts;
}

/** Why a decision is open, if it depends on tags of the bucket that could not be read. */
export function unreadTags(
  { verdict, reasons }: Decision,
  { bucketTags }: Pick<RoleFacts, 'bucketTags'>,
): Unreadable | undefined {
  if (verdict !== 'depends' || bucketTags?.state !== 'unreadable') return undefined;
  const isOfTags = ({ clause }: ClauseVerdict) => /^(?:aws:ResourceTag|s3:BucketTag)\//i.test(clause.key);
  return reasons.some(({ clauses }) => clauses?.some(isOfTags)) ? bucketTags.reason : undefined;
}

function open(why: string): Fact {
  return { kind: 'open', why };
}

/** PutObject into the bucket. */
export function putObjectContext(role: RoleFacts): RequestContext {
  return altrContext(role, CARRIED.putObject, putting(role.assumptions)).with({
    's3:ResourceAccount': is(role.accountId, 'the bucket’s account'),
    'aws:ResourceAccount': is(role.accountId, 'the bucket’s account'),
    'aws:RequestedRegion': is(role.region, 'the bucket’s region'),
    ...bucketTagFacts('aws:ResourceTag/', role.bucketTags),
    ...bucketTagFacts('s3:BucketTag/', role.bucketTags),
  });
}

/** S3's use of a KMS key on the session's behalf. Keys: KMS Developer Guide, "AWS KMS condition keys". */
export function keyContext(role: RoleFacts, owner: Owner): RequestContext {
  return altrContext(role, CARRIED.dataKey, ordinary(role.assumptions)).with({
    ...ofKeyThroughS3(role, owner),
    'aws:SourceIp': { kind: 'open', domain: { kind: 'public-address' } },
  });
}

/**
 * "S3 Bucket Keys use the bucket ARN as encryption context" (Amazon S3 User Guide, "Reducing the cost of SSE-KMS with Amazon S3
 * Bucket Keys").
 */
function encryptionContext({ bucketArn, asksForBucket }: KeyUser): Fact {
  const ofBucket = asksForBucket === false ? [] : [bucketArn];
  const ofObject = asksForBucket === true ? [] : [`${bucketArn}/?*`];
  return {
    kind: 'present',
    domain: { kind: 'matching', patterns: [...ofBucket, ...ofObject] },
    why: 'the object’s ARN, or the bucket’s where it has an S3 Bucket Key',
  };
}

/** S3's use of a KMS key on behalf of a reader, who calls from wherever they choose. */
export function readerKeyContext(role: RoleFacts, owner: Owner): RequestContext {
  // Logs may be older than the bucket's setting.
  return sessionContext(role).with(ofKeyThroughS3({ ...role, asksForBucket: undefined }, owner));
}

/** A request for the bucket by a reader. Which region's endpoint they call, they choose. */
export function readerBucketContext(role: RoleFacts): RequestContext {
  return sessionContext(role).with({
    's3:ResourceAccount': is(role.accountId, 'the bucket’s account'),
    'aws:ResourceAccount': is(role.accountId, 'the bucket’s account'),
  });
}

type KeyUser = Pick<RoleFacts, 'accountId' | 'region' | 'bucketArn' | 'assumptions' | 'asksForBucket'>;

/** What S3 says as it asks for a key on somebody's behalf. */
function ofKeyThroughS3(role: KeyUser, owner: Owner): Record<string, Fact> {
  // What the config declares is the organization of the export's account.
  const assumptions = owner.accountId === role.accountId ? role.assumptions : {};
  return {
    'aws:SecureTransport': is('true', 'S3 uses TLS'),
    'aws:ResourceAccount': is(owner.accountId, 'the key’s account'),
    ...organization('Resource', assumptions, owner.organization),
    'kms:ViaService': is(s3ViaService(role.region), 'S3 asks for the key on the session’s behalf'),
    'aws:RequestedRegion': is(role.region, 'S3 uses a key of the bucket’s region'),
    'kms:CallerAccount': is(role.accountId, 'the role’s account'),
    'kms:GrantIsForAWSResource': never('set only for grants'),
    'kms:EncryptionAlgorithm': is('SYMMETRIC_DEFAULT', 'S3 uses symmetric keys alone'),
    'kms:KeySpec': is('SYMMETRIC_DEFAULT', 'S3 uses symmetric keys alone'),
    'kms:KeyUsage': is('ENCRYPT_DECRYPT', 'S3 uses symmetric keys alone'),
    'kms:RecipientAttestation:': never('set only for enclaves'),
    'kms:EncryptionContext:aws:s3:arn': encryptionContext(role),
    // "The aws:ViaAWSService condition key value is set to true whenever a FAS request is made" (IAM User Guide, "Forward access sessions").
    'aws:ViaAWSService': is('true', 'S3 asks for the key on the session’s behalf'),
    'aws:CalledVia': { kind: 'open' },
    'aws:CalledViaFirst': { kind: 'open' },
    'aws:CalledViaLast': { kind: 'open' },
  };
}

/** Every object that ALTR may write: a key has at least one character (Amazon S3 User Guide, "Naming Amazon S3 objects"). */
export function everyKey(contract: ExportContract): string {
  return `${contract.bucketArn}/?*`;
}
