/** Who outside the account a bucket policy grants something. */
import type { Partition } from '../../contract/partition';
import { bucketArn } from '../../contract/policies';
import type { BucketObservation } from '../observe/observation';
import {
  type Caller,
  evaluateConditions,
  type Fact,
  grantsOf,
  isNotPublic,
  isRemoved,
  narrowing,
  type Policy,
  type Principal,
  parseRange,
  RequestContext,
  type Statement,
  splitArn,
  UNNAMED,
} from '../policy';
import type { FindingLocation } from '../verdict/finding';
import type { RuleContext } from './context';
import { effectiveBlock } from './public-access';
import { fromNowOn, NO_SERVICE, principalArns } from './request-context';
import { locationOf } from './wording';

/** A principal of the policy that is not of the account, and whether something else shuts it out. */
export interface ForeignPrincipal {
  readonly statement: Statement;
  /** As written, or what `NotPrincipal` means. */
  readonly text: string;
  readonly pointer: string;
  readonly kind: 'anyone' | 'account' | 'service' | 'canonical' | 'federated' | 'deleted';
  /** A condition or a Deny that leaves nothing of the grant. */
  readonly shutOut: boolean;
  /** The buckets for which alone a service may act, if their owners are not known. */
  readonly unknownSource?: string;
  /** Whether a condition names fixed accounts, organizations, addresses or endpoints: then S3 doesn't call it public. */
  readonly narrowed: boolean;
  /** Of everybody: whether AWS services that act for another account are among them. */
  readonly opensToServices?: boolean;
  /** The Deny statements that may take something from it. */
  readonly narrowedBy?: readonly Statement[];
  /** Whether it reaches other accounts of the account's own organization alone. */
  readonly withinOrganization?: boolean;
}

/**
 * Keys by which a condition makes a policy non-public for S3, where their values are fixed.
 * Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", "The meaning of public".
 */
const NARROWING_KEYS = new Set(
  [
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalOrgID',
    'aws:PrincipalOrgPaths',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:SourceIp',
    'aws:SourceOrgID',
    'aws:SourceOrgPaths',
    'aws:SourceOwner',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:userid',
    's3:DataAccessPointAccount',
    's3:DataAccessPointArn',
    's3:x-amz-server-side-encryption-aws-kms-key-id',
  ].map((key) => key.toLowerCase()),
);

/**
 * Services that act for the bucket's owner alone, whatever the policy says: S3 delivers server access logs only to a
 * bucket of the same account (Amazon S3 User Guide, "Enabling Amazon S3 server access logging").
 */
const ACTS_FOR_OWNER = new Set(['logging.s3.amazonaws.com']);

/** The account that owns the bucket. */
export interface BucketAccount {
  readonly partition: Partition;
  readonly accountId: string;
  /** The account's canonical user ID; `undefined` where it is not known. */
  readonly canonicalId?: string;
  readonly bucketArn?: string;
  /** False for the policy of a key that another account owns. */
  readonly isOwner?: boolean;
  /** The account's organization; `undefined` where it is not known. */
  readonly organizationId?: string;
  readonly observedAt: string;
}

/** Every foreign principal in a bucket's policy, with the reason if its grant has no effect. */
export function foreignPrincipalsOf(
  policy: Policy,
  bucket: BucketObservation,
  account: Omit<BucketAccount, 'canonicalId' | 'bucketArn'>,
): { readonly principal: ForeignPrincipal; readonly heldBack: string | undefined }[] {
  const block = effectiveBlock(bucket);
  const restricted = !('message' in block) && block.restrictPublicBuckets;
  const ownArn = bucketArn(account.partition, bucket.name);
  const canonicalId = bucket.acl.state === 'value' ? bucket.acl.value.owner : undefined;
  return foreignPrincipalsIn(policy, { ...account, canonicalId, bucketArn: ownArn }).map((found) => {
    const principal = restricted ? leftByRestriction(found) : found;
    return { principal, heldBack: holdsBack(principal, restricted) };
  });
}

/** The Deny statements that narrow what the principals are granted. */
export function narrowedAt(principals: readonly ForeignPrincipal[]): FindingLocation[] {
  const denies = new Set(principals.flatMap(({ narrowedBy = [] }) => narrowedBy));
  return [...denies].map((deny) => locationOf(deny));
}

/** What RestrictPublicBuckets still lets through: AWS services, whichever account they act for. */
function leftByRestriction(principal: ForeignPrincipal): ForeignPrincipal {
  const isHeldBack = isOpen(principal) && principal.opensToServices;
  return isHeldBack ? { ...principal, kind: 'service' } : principal;
}

/** The foreign principals to which the bucket's policy really grants something. */
export function effectiveForeignPrincipals(
  policy: Policy,
  { contract, observation, observedAt }: RuleContext,
): ForeignPrincipal[] {
  const { bucket, accountId } = observation;
  if (bucket.state !== 'value' || accountId.state !== 'value') return [];
  return foreignPrincipalsOf(policy, bucket.value, {
    partition: contract.partition,
    accountId: accountId.value,
    observedAt,
  })
    .filter(
      ({ principal, heldBack }) =>
        principal.unknownSource === undefined && (heldBack === undefined || isOpen(principal)),
    )
    .map(({ principal }) => principal);
}

/** Whether only a public access block stands before it. */
function isOpen({ kind, narrowed, shutOut }: ForeignPrincipal): boolean {
  return kind === 'anyone' && !narrowed && !shutOut;
}

/** Every foreign principal that an Allow statement names. Statements that were not understood are left out. */
export function foreignPrincipalsIn(policy: Policy, account: BucketAccount): ForeignPrincipal[] {
  return policy.statements
    .filter(({ effect, faults }) => effect === 'Allow' && faults.length === 0)
    .flatMap((statement) => {
      const { principals } = statement;
      if (!principals) return [];
      const entries = principals.negated ? [everyoneBut(principals.pointer)] : principals.entries;
      return entries.flatMap((principal) => foreignIn(principal, statement, policy, account));
    });
}

function everyoneBut(pointer: string): Principal {
  return { kind: 'anyone', text: 'everyone but those named in NotPrincipal', pointer };
}

function foreignIn(
  principal: Principal,
  statement: Statement,
  policy: Policy,
  account: BucketAccount,
): ForeignPrincipal[] {
  const { text, pointer } = principal;
  const found = { statement, text, pointer, narrowed: isNarrowed(statement) };
  switch (principal.kind) {
    case 'anyone': {
      const somebody: Caller = { accountId: UNNAMED };
      const context = strangerContext(account, {});
      const forPeople = againstStrangers(policy, account);
      const forServices = againstServices(policy);
      const shutOut = isShutOut(forPeople, statement, somebody, context);
      const sources = sourcesOf(forServices, statement, account);
      const opensToServices = !sources.shutOut;
      const withinOrganization = isWithin(
        account,
        (outside) =>
          isShutOut(forPeople, statement, somebody, context.with(outside)) &&
          (!opensToServices || sourcesOf(forServices, statement, account, undefined, outside).shutOut),
      );
      // A statement that only AWS services can use is as if it named them.
      if (shutOut && opensToServices) {
        const narrowedBy = narrowingOfService(policy, statement, account);
        return [{ ...found, kind: 'service', narrowedBy, withinOrganization, ...sources }];
      }
      const narrowedBy = narrowing(statement, [policy], somebody, context);
      return [{ ...found, kind: 'anyone', shutOut, opensToServices, narrowedBy, withinOrganization }];
    }
    case 'account':
    case 'role':
    case 'user':
    case 'session':
    case 'federated-user': {
      if (principal.accountId === account.accountId) return [];
      const caller: Caller = {
        accountId: principal.accountId,
        ...(principal.kind === 'role' ? { roleArn: text } : {}),
      };
      const isNamed = principal.kind === 'role' || principal.kind === 'user';
      const context = strangerContext(account, { accountId: principal.accountId }).with(
        isNamed ? { 'aws:PrincipalArn': { kind: 'value', value: text } } : {},
      );
      const narrowedBy = narrowing(statement, [policy], caller, context);
      const shutOut = isShutOut(policy, statement, caller, context);
      const withinOrganization = isWithin(account, (outside) =>
        isShutOut(policy, statement, caller, context.with(outside)),
      );
      return [{ ...found, kind: 'account', shutOut, narrowedBy, withinOrganization }];
    }
    case 'service': {
      const ownOnly = ACTS_FOR_OWNER.has(text.toLowerCase()) && !namesSource(statement);
      const sources = ownOnly ? { shutOut: true } : sourcesOf(policy, statement, account, text);
      const narrowedBy = narrowingOfService(policy, statement, account, text);
      const withinOrganization = isWithin(
        account,
        (outside) => sourcesOf(policy, statement, account, text, outside).shutOut,
      );
      return [{ ...found, kind: 'service', narrowedBy, withinOrganization, ...sources }];
    }
    case 'canonical':
      return text === account.canonicalId ? [] : [{ ...found, kind: 'canonical', shutOut: false }];
    case 'federated':
      return text.includes(`::${account.accountId}:`)
        ? []
        : [{ ...found, kind: 'federated', shutOut: false }];
    case 'deleted':
      return [{ ...found, kind: 'deleted', shutOut: true }];
    default:
      return [];
  }
}

/** The policy without the Denies whose `NotPrincipal` names strangers: such a Deny lets these in, so it does not stop everybody. */
export function againstStrangers(policy: Policy, account: Pick<BucketAccount, 'accountId'>): Policy {
  return withoutDenyingAllBut(
    policy,
    (entry) => 'accountId' in entry && entry.accountId !== account.accountId,
  );
}

/** The same, of services that may act for others. */
function againstServices(policy: Policy): Policy {
  return withoutDenyingAllBut(
    policy,
    ({ kind, text }) => kind === 'service' && !ACTS_FOR_OWNER.has(text.toLowerCase()),
  );
}

function withoutDenyingAllBut(policy: Policy, isSpared: (entry: Principal) => boolean): Policy {
  const statements = policy.statements.filter(
    ({ effect, principals }) =>
      effect !== 'Deny' || !principals?.negated || !principals.entries.some(isSpared),
  );
  return { ...policy, statements };
}

/** What is known of a request of somebody else's, who is no AWS service. */
export function strangerContext(
  account: BucketAccount,
  stranger: { readonly accountId?: string },
): RequestContext {
  return new RequestContext({ ...strangerFacts(account, stranger), ...NO_SERVICE });
}

function ownerFacts({ accountId: value }: BucketAccount): Readonly<Record<string, Fact>> {
  return { 'aws:ResourceAccount': { kind: 'value', value }, 's3:ResourceAccount': { kind: 'value', value } };
}

function strangerFacts(
  account: BucketAccount,
  { accountId }: { readonly accountId?: string },
): Readonly<Record<string, Fact>> {
  const callerAccount: Fact = accountId
    ? { kind: 'value', value: accountId }
    : { kind: 'open', domain: { kind: 'other-than', values: [account.accountId] } };
  return {
    ...fromNowOn(account.observedAt),
    'aws:PrincipalAccount': callerAccount,
    // The same for a key's policy (KMS Developer Guide, "kms:CallerAccount").
    'kms:CallerAccount': callerAccount,
    ...(account.isOwner === false ? {} : ownerFacts(account)),
    'aws:PrincipalArn': accountId
      ? {
          kind: 'present',
          domain: { kind: 'matching', patterns: principalArns(account.partition, accountId) },
        }
      : { kind: 'open', domain: { kind: 'arn-outside-accounts', accountIds: [account.accountId] } },
  };
}

/**
 * Whether nothing is left outside the organization of the account. A policy can demand it by `${aws:ResourceOrgID}` where its ID
 * is not known.
 */
function isWithin(
  { organizationId = UNNAMED, isOwner }: BucketAccount,
  isShutOutOutside: (outside: Readonly<Record<string, Fact>>) => boolean,
): boolean {
  const id: Fact = { kind: 'open', domain: { kind: 'other-than', values: [organizationId] } };
  const path: Fact = { kind: 'open', domain: { kind: 'not-beginning', prefix: `${organizationId}/` } };
  return isShutOutOutside({
    'aws:PrincipalOrgID': id,
    'aws:PrincipalOrgPaths': path,
    'aws:SourceOrgID': id,
    'aws:SourceOrgPaths': path,
    ...(isOwner === false ? {} : { 'aws:ResourceOrgID': { kind: 'value', value: organizationId } }),
  });
}

function narrowingOfService(
  policy: Policy,
  statement: Statement,
  account: BucketAccount,
  service?: string,
): Statement[] {
  return narrowing(statement, [policy], serviceCaller(service), serviceContext(statement, account, service));
}

function serviceCaller(service = UNNAMED): Caller {
  return { accountId: UNNAMED, service };
}

/** What is known of the request of an AWS service that acts for another account. */
function serviceContext(
  statement: Statement,
  account: BucketAccount,
  service: string | undefined,
): RequestContext {
  // Any service but those that act for the bucket's owner, unless a foreign source is asked of them.
  const anyService: Fact = namesSource(statement)
    ? { kind: 'present' }
    : { kind: 'present', domain: { kind: 'other-than', values: [...ACTS_FOR_OWNER] } };
  const another: Fact = { kind: 'open', domain: { kind: 'other-than', values: [account.accountId] } };
  return new RequestContext({
    ...strangerFacts(account, {}),
    'aws:PrincipalIsAWSService': { kind: 'value', value: 'true' },
    'aws:PrincipalServiceName': service ? { kind: 'value', value: service } : anyService,
    'aws:SourceAccount': another,
    'aws:SourceOwner': another,
    'aws:SourceArn': {
      kind: 'open',
      domain: { kind: 'arn-outside-accounts', accountIds: [account.accountId] },
    },
  });
}

/** What a policy leaves of a statement for services that act for others. */
type Sources = Pick<ForeignPrincipal, 'shutOut' | 'unknownSource'>;

/**
 * What is left of the statement for an AWS service that acts for another account. The ARN of a source tells its account; that of
 * a bucket has none, so of other buckets than the audited one the owner is not known.
 * @param service its name; any service without it
 */
function sourcesOf(
  policy: Policy,
  statement: Statement,
  account: BucketAccount,
  service?: string,
  facts: Readonly<Record<string, Fact>> = {},
): Sources {
  const context = serviceContext(statement, account, service).with(facts);
  const isShutOutAs = (sourceArn: Fact, more: Readonly<Record<string, Fact>> = {}) =>
    isShutOut(
      policy,
      statement,
      serviceCaller(service),
      context.with({ ...more, 'aws:SourceArn': sourceArn }),
    );
  const { accountId, bucketArn: ownArn } = account;
  const actsForOwner = service !== undefined && ACTS_FOR_OWNER.has(service.toLowerCase());
  const elsewhere: Fact = {
    kind: 'open',
    domain: { kind: 'arn-outside-accounts', accountIds: [accountId, ''] },
  };
  if (!isShutOutAs(elsewhere)) return { shutOut: false };
  const isOwn = (arn: string) => ownArn !== undefined && (arn === ownArn || arn.startsWith(`${ownArn}/`));
  const unknown: string[] = [];
  for (const source of sourcesWithoutAccount(policy).filter((arn) => !isOwn(arn))) {
    const isOne = !/[*?$]/.test(source);
    const asked: Fact = isOne ? { kind: 'value', value: source } : { kind: 'present' };
    if (isShutOutAs(asked)) continue;
    // Where it can't be this account, the source is a foreign one.
    const isForeign = isShutOutAs(asked, { 'aws:SourceAccount': { kind: 'value', value: accountId } });
    if (!isOne || isForeign) return { shutOut: false };
    // Such a service acts for buckets of this account alone, whatever their names.
    if (!actsForOwner) unknown.push(source);
  }
  return unknown.length > 0 ? { shutOut: false, unknownSource: unknown.join(', ') } : { shutOut: true };
}

/** The sources that conditions name by an ARN without an account. */
function sourcesWithoutAccount({ statements }: Policy): string[] {
  const sources = statements
    .flatMap(({ conditions }) => conditions)
    .filter(({ key }) => key.toLowerCase() === 'aws:sourcearn')
    .flatMap(({ values }) => values);
  return [...new Set(sources)].filter((source) => splitArn(source)?.[4] === '');
}

/** Whether a statement tells for whom a service may act. */
export function namesSource({ conditions }: Statement): boolean {
  return conditions.some(({ key }) => /^aws:source(arn|account|org)/i.test(key));
}

/** Whether a principal, as written, is an AWS service. */
export function namesService(text: string): boolean {
  return /\.amazonaws\./.test(text);
}

/** Whether the statement never applies to the caller, or a Deny takes away all that it grants. */
function isShutOut(policy: Policy, statement: Statement, caller: Caller, context: RequestContext): boolean {
  if (evaluateConditions(statement, context).verdict === 'false') return true;
  const limits = { all: [policy] };
  let some = false;
  for (const { actionPattern: action, resourcePattern: resource } of grantsOf(
    [{ ...policy, statements: [{ ...statement, principals: undefined }] }],
    caller,
    context,
  )) {
    if (!isRemoved({ action, resource }, limits, caller, context)) return false;
    some = true;
  }
  return some;
}

function isNarrowed(statement: Statement): boolean {
  return statement.conditions.some(
    ({ operator, key, values }) =>
      NARROWING_KEYS.has(key.toLowerCase()) &&
      !/not|ifexists|^null$|forallvalues/i.test(operator) &&
      values.every((value) => isFixed(key, value, statement.variables)),
  );
}

/** Whether a value is fixed: neither a wildcard nor a variable, and of addresses no more than S3 takes for few. */
function isFixed(key: string, value: string, variables: boolean): boolean {
  if (key.toLowerCase() === 'aws:sourceip') return isNarrowRange(value);
  // "This value can contain a wildcard for the access point name … as long as the account id is fixed": of other ARNs
  // S3 demands no less than the account either, whatever follows it.
  const account = splitArn(value)?.[4];
  const fixed = account && /arn$/i.test(key) ? account : value;
  return !/[*?]/.test(fixed) && !(variables && fixed.includes('${'));
}

/** "Values broader than /8 for IPv4 and /32 for IPv6 (excluding RFC1918 private ranges)" are public. */
function isNarrowRange(value: string): boolean {
  const range = parseRange(value);
  if (!range) return false;
  const size = range.to - range.from + 1n;
  return isNotPublic(range) || size <= (range.family === 4 ? 1n << 24n : 1n << 96n);
}

/** Why a grant to a foreign principal has no effect; `undefined` if it has. */
function holdsBack({ kind, shutOut, narrowed }: ForeignPrincipal, restricted: boolean): string | undefined {
  if (kind === 'deleted') return 'the remains of a deleted principal';
  if (kind === 'service') return shutOut ? 'an AWS service that acts for this account alone' : undefined;
  if (shutOut) return 'held back by its condition or by a Deny';
  // RestrictPublicBuckets leaves a public policy to AWS services and the bucket's own account.
  return kind === 'anyone' && restricted && !narrowed ? 'held back by RestrictPublicBuckets' : undefined;
}
