/** What the role or policy of a declared reader allows, decided by the policy engine on what was found. */
import type { ProvisionedOptions } from '../../config/options';
import { readerTrustDocument } from '../../config/options/readers';
import { parseArn } from '../../contract/arn';
import { ASSUME_ACTION, KMS_READ_ACTION, roleArn } from '../../contract/policies';
import type { KmsKeyObservation } from '../observe/observation';
import {
  type Caller,
  type Clause,
  decide,
  decideByPolicy,
  evaluateConditions,
  type Fact,
  type Glob,
  type Grant,
  glob,
  includes,
  matchesPrincipals,
  mayBe,
  type Policy,
  type Principal,
  type Request,
  type RequestContext,
  type ResourcePattern,
  resourceIncludes,
  resourceName,
  resourcePattern,
  type Statement,
  type Tri,
  UNNAMED,
} from '../policy';
import type { FindingLocation } from '../verdict/finding';
import { asAskedBy } from './askers';
import type { DeclaringContext } from './context';
import { type Allowed, type GrantSide, list, sessionOf, withoutAccounts } from './excess-grants';
import { ANY_OTHER_ID, acceptedIds, sendingId } from './external-ids';
import { parsedKeyPolicy, parsedTrustPolicy } from './parsed';
import { onlyDenies, withoutDenies } from './policy-part';
import { everyKey, readerBucketContext, readerKeyContext, sessionContext } from './request-context';
import type { RolePolicies } from './role-policies';
import { type Attempt, attemptsOf, entryStatements, type Named, namedIn, narrowedBy } from './trust-callers';
import { locationOf } from './wording';

export type Reader = NonNullable<ProvisionedOptions['readers']>[number];

/** Somebody whom a statement of the reader's trust policy lets in though the config does not name them. */
export interface Stranger {
  readonly statement: Statement;
  readonly who: string;
  readonly pointer?: string;
}

/** A declared reader's trust policy, as found and as declared. */
export interface ReaderTrust {
  readonly found: Policy;
  readonly reader: Reader;
  readonly context: DeclaringContext;
}

/** The trust policy that the config declares. */
export function declaredTrust(
  { trustedPrincipals = [], externalId }: Reader,
  { contract }: DeclaringContext,
): ReturnType<typeof readerTrustDocument> {
  return readerTrustDocument(contract.partition, trustedPrincipals, externalId);
}

interface DeclaredPrincipal {
  readonly principal: Principal;
  /** What would let it in. */
  readonly statement: Statement;
}

function declaredPrincipals(reader: Reader, context: DeclaringContext): DeclaredPrincipal[] {
  const text = JSON.stringify(declaredTrust(reader, context));
  const { statements } = parsedTrustPolicy({ source: 'the declared trust policy', text });
  return statements.flatMap((statement) =>
    (statement.principals?.entries ?? []).map((principal) => ({ principal, statement })),
  );
}

/** Everybody whom the trust policy lets in and the config does not name. */
export function strangersIn({ found, reader, context }: ReaderTrust): Stranger[] {
  const declared = declaredPrincipals(reader, context).map(({ principal }) => principal);
  return entryStatements(found).flatMap((statement) =>
    namedIn(statement).flatMap((principal): Stranger[] => {
      if (principal !== 'everyone-but') {
        // The remains of a deleted principal let nobody in.
        if (principal.kind === 'deleted' || declared.some((one) => includesPrincipal(one, principal)))
          return [];
      }
      const tried = attempts(principal, statement, found, context);
      const strange = tried.flatMap((attempt) => withoutDeclared(attempt, principal, declared));
      const policy = asAsked(found, principal);
      const isOut =
        tried.length > 0 && strange.every((one) => decideByPolicy(policy, one).verdict === 'denied');
      if (isOut) return [];
      return [
        principal === 'everyone-but'
          ? { statement, who: 'everyone but those named in NotPrincipal' }
          : { statement, who: principal.text, pointer: principal.pointer },
      ];
    }),
  );
}

/** The Deny statements that may shut some of the strangers out, or some of their ways in. */
export function narrowingOf(strangers: readonly Stranger[], trust: ReaderTrust): FindingLocation[] {
  const { found, context } = trust;
  const all = strangers.flatMap(({ statement, pointer }) =>
    namedIn(statement)
      .filter((principal) => principal === 'everyone-but' || principal.pointer === pointer)
      .flatMap((principal) => {
        const tried = attempts(principal, statement, found, context);
        // How services and providers come in is not tried.
        if (tried.length === 0) return onlyDenies(found).statements.map((deny) => locationOf(deny));
        return narrowedBy(tried, asAsked(found, principal));
      }),
  );
  return [...new Map(all.map((place) => [place.pointer, place])).values()];
}

function attempts(
  principal: Named,
  statement: Statement,
  found: Policy,
  { contract, observedAt }: DeclaringContext,
): Attempt[] {
  return attemptsOf(principal, statement, found, contract, observedAt);
}

/** The trust policy as it is for a principal: which user asks, an attempt does not tell. */
function asAsked(found: Policy, principal: Named): Policy {
  return principal !== 'everyone-but' && principal.kind === 'user' ? asAskedBy(found, principal.text) : found;
}

/** Whether everybody whom a principal means is meant by a declared one, too. */
function includesPrincipal(declared: Principal, found: Principal): boolean {
  if (declared.text === found.text) return true;
  if (!('accountId' in declared) || !('accountId' in found) || declared.accountId !== found.accountId)
    return false;
  if (declared.kind === 'account') return true;
  // The session of a role carries its name without its path.
  return (
    declared.kind === 'role' &&
    found.kind === 'session' &&
    found.name.startsWith(`${declared.name.slice(declared.name.lastIndexOf('/') + 1)}/`)
  );
}

/** The attempt by somebody whom the config does not name; none if it names the whole account. */
function withoutDeclared(attempt: Attempt, principal: Named, declared: readonly Principal[]): Attempt[] {
  const isOne = principal !== 'everyone-but' && principal.kind !== 'anyone' && principal.kind !== 'account';
  if (isOne) return [attempt];
  const ofAccount = declared.filter(
    (one) => 'accountId' in one && one.accountId === attempt.caller.accountId,
  );
  if (ofAccount.some(({ kind }) => kind === 'account')) return [];
  if (ofAccount.length === 0) return [attempt];
  const others: Fact = {
    kind: 'present',
    domain: { kind: 'other-than', values: ofAccount.map(({ text }) => text) },
  };
  return [{ ...attempt, context: attempt.context.with({ 'aws:PrincipalArn': others }) }];
}

/** The declared principals that the trust policy lets in by no way. */
export function shutOut({ found, reader, context }: ReaderTrust): string[] {
  const { externalId } = reader;
  const sent = (attempt: Attempt) => (externalId ? sendingId(attempt, externalId) : attempt);
  return declaredPrincipals(reader, context).flatMap(({ principal, statement }) => {
    const isDenied = attempts(principal, statement, found, context).every(
      (attempt) => decideByPolicy(asAsked(found, principal), sent(attempt)).verdict === 'denied',
    );
    return isDenied ? [principal.text] : [];
  });
}

/** What a trust policy accepts in place of the declared external ID: each as the end of a sentence. */
export interface OtherIds {
  readonly accepted: readonly string[];
  /** Whether something could not be decided. */
  readonly isOpen: boolean;
}

/** @param strangers principals that need no second finding */
export function otherIdsAccepted(
  { found, reader, context }: ReaderTrust,
  strangers: readonly Stranger[],
): OtherIds {
  const { externalId } = reader;
  if (externalId === undefined) return { accepted: [], isOpen: false };
  const isStranger = (statement: Statement, principal: Named) =>
    strangers.some(
      (one) =>
        one.statement === statement && (principal === 'everyone-but' || one.pointer === principal.pointer),
    );
  const callers = entryStatements(found)
    .flatMap((statement) =>
      namedIn(statement)
        .filter((principal) => !isStranger(statement, principal))
        .flatMap((principal) =>
          attempts(principal, statement, found, context).map((attempt) => ({ attempt, principal })),
        ),
    )
    .filter(({ attempt }) => attempt.action === ASSUME_ACTION);
  const results = callers.map(({ attempt, principal }) =>
    acceptedIds(attempt, asAsked(found, principal), externalId),
  );
  const values = [...new Set(results.flatMap((result) => result.values))];
  const others = values.filter((value) => value !== undefined);
  return {
    accepted: [
      ...(values.includes(undefined) ? ['a call without an external ID'] : []),
      ...(others.includes(ANY_OTHER_ID)
        ? ['any external ID']
        : others.map((value) => `the external ID ${value}`)),
    ],
    isOpen: results.some((result) => result.doubtful && result.values.length === 0),
  };
}

/** Read-only: what shows objects, the bucket or its settings, and changes nothing. */
const READS = ['s3:get*', 's3:list*'].map((action) => glob(action));
const DECRYPTS = ['kms:decrypt', 'kms:describekey'].map((action) => glob(action));

function pairs(actions: readonly Glob[], resources: readonly ResourcePattern[]) {
  return actions.flatMap((action) => resources.map((resource) => ({ action, resource })));
}

/** What goes beyond reading this bucket, and decrypting with its keys. */
export function beyondReading({ declared: { encryption } }: DeclaringContext): GrantSide {
  const { kmsKeyArn, formerKeys = [] } = encryption ?? {};
  const named = [...(kmsKeyArn ? [kmsKeyArn] : []), ...formerKeys].map((arn) => resourcePattern(arn, false));
  const keysOf = ({ key }: Allowed) => [...named, ...(key ? [key] : [])];
  const isOf = (patterns: readonly ResourcePattern[], { resourcePattern: asked }: Grant) =>
    patterns.some((pattern) => resourceIncludes(pattern, asked));
  return {
    name: 'resource',
    rows: 'grant',
    exceeds: (grant, allowed: Allowed) => {
      const { statement, actionPattern } = grant;
      if (statement.resources?.negated) return true;
      if (READS.some((read) => includes(read, actionPattern))) return !isOf(allowed.resources, grant);
      if (!DECRYPTS.some((use) => includes(use, actionPattern))) return true;
      if (isOf(keysOf(allowed), grant)) return false;
      return allowed.keyUnread ? 'key-unread' : true;
    },
    region: ({ actionPattern: action, resourcePattern: resource }, allowed) => ({
      action,
      resource,
      except: [...pairs(READS, allowed.resources), ...pairs(DECRYPTS, keysOf(allowed))],
    }),
    text: ({ action, resource }) => `${action.text} on ${resource.text}`,
    pointer: ({ statement }) => statement.pointer,
    message: (excess, source) => `The ${source} allows ${list(excess)}, more than reading the bucket.`,
  };
}

/**
 * What of a resource's policy means the reader: statements that reach another role of the account less, or not at all. What is
 * granted to everybody is for other rules to judge.
 */
export function meaning(
  policy: Policy,
  { caller, facts }: Pick<RolePolicies, 'caller' | 'facts'>,
  { contract: { partition } }: DeclaringContext,
): Policy {
  const otherArn = roleArn(partition, caller.accountId, UNNAMED);
  const other: Caller = { ...caller, roleArn: otherArn, roleName: UNNAMED };
  const ofOther = sessionContext({
    ...facts,
    roleArn: otherArn,
    roleId: undefined,
    tags: undefined,
    noSessionTags: false,
  });
  const ofReader = sessionOf(facts);
  const meets = (statement: Statement, who: Caller, context: RequestContext): Tri => {
    const named = statement.principals ? matchesPrincipals(statement.principals, who) : 'false';
    const holds = statement.faults.length > 0 ? 'depends' : evaluateConditions(statement, context).verdict;
    if (named === 'false' || holds === 'false') return 'false';
    return named === 'true' && holds === 'true' ? 'true' : 'depends';
  };
  return {
    ...policy,
    statements: policy.statements.filter(
      (statement) =>
        mayBe(statement, 'Allow') &&
        onePrincipalEach(withoutAccounts(statement)).some((one) => {
          const own = meets(one, caller, ofReader);
          return own !== 'false' && own !== meets(one, other, ofOther);
        }),
    ),
  };
}

function onePrincipalEach(statement: Statement): Statement[] {
  const { principals } = statement;
  if (!principals || principals.negated) return [statement];
  return principals.entries.map((entry) => ({
    ...statement,
    principals: { ...principals, entries: [entry] },
  }));
}

/**
 * Actions that the reader needs to read all logs and is denied for certain, or allowed on a part only. Whether the keys' policies
 * let it decrypt is judged beside this, and for former keys by declared-encryption.
 */
export function unreadableTo(
  { identity, boundary, bucket, key, caller, facts, organizationOf }: RolePolicies,
  { contract, declared: { encryption }, observation: { formerKeys = [] } }: DeclaringContext,
): string[] {
  const policies = identity.map(({ parsed }) => parsed);
  const isAllowed = (request: Omit<Request, 'caller'>, resource: Policy | undefined) =>
    decide({ identity: policies, boundary, resource }, { ...request, caller }).verdict !== 'denied';
  const onBucket = readerBucketContext(facts);
  const mayRead = (action: string, asked: ResourcePattern) =>
    isAllowed({ action, resource: asked, context: onBucket }, bucket);
  const throughS3 = (keyArn: string) => {
    const accountId = parseArn(keyArn)?.accountId ?? facts.accountId;
    return readerKeyContext(facts, { accountId, organization: organizationOf(accountId) });
  };
  const mayDecrypt = ({ arn, policy }: KmsKeyObservation) =>
    // A policy that was not read may let the reader in by itself.
    policy.state === 'unreadable' ||
    isAllowed(
      { action: KMS_READ_ACTION, resource: resourceName(arn), context: throughS3(arn) },
      policy.state === 'value' ? withoutDenies(parsedKeyPolicy(policy.value)) : undefined,
    );
  return [
    ...(mayRead('s3:ListBucket', resourceName(contract.bucketArn)) ? [] : ['s3:ListBucket']),
    ...(mayRead('s3:GetObject', resourcePattern(everyKey(contract), false)) ? [] : ['s3:GetObject']),
    ...(!key || mayDecrypt(key) ? [] : [KMS_READ_ACTION]),
    ...(encryption?.formerKeys ?? []).flatMap((arn) => {
      const seen = formerKeys.find((former) => former.arn === arn)?.key;
      return seen?.state !== 'value' || mayDecrypt(seen.value)
        ? []
        : [`${KMS_READ_ACTION} with the former key ${arn}`];
    }),
  ];
}

/** The same with every Deny statement, which each holds back somebody that the policy may be attached to. */
export function withEveryDeny(policy: Policy): Policy {
  return { ...policy, statements: policy.statements.map((statement) => ({ ...statement, conditions: [] })) };
}

/**
 * A policy as it counts for any principal that it may be attached to: its Allow statements without their conditions, and
 * only those of its Deny statements that have none. Conditions on how a key is used are the same for everybody.
 */
export function forAnybody(policy: Policy): Policy {
  const isOfKeyUse = ({ key }: Clause) => key.toLowerCase().startsWith('kms:');
  return {
    ...policy,
    statements: policy.statements
      .filter(({ effect, conditions }) => effect !== 'Deny' || conditions.every(isOfKeyUse))
      .map((statement) => ({ ...statement, conditions: statement.conditions.filter(isOfKeyUse) })),
  };
}
