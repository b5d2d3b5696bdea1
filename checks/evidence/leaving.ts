/** Ways by which others get at logs that the bucket's own policy does not show: keys, grants and access points. */
import { readerArns } from '../../config/options/readers';
import { parseArn } from '../../contract/arn';
import { s3ViaService } from '../../contract/partition';
import { bucketArn, roleArn } from '../../contract/policies';
import type { AccessGrant, BucketObservation, KmsGrant, KmsKeyObservation } from '../observe/observation';
import {
  decideByPolicy,
  type Fact,
  glob,
  includes,
  isLiteral,
  matchesGlob,
  overlaps,
  type Policy,
  resourceName,
  type Statement,
  UNNAMED,
} from '../policy';
import { type Asking, asAskedBy, is, principal } from './askers';
import type { RuleContext } from './context';
import {
  againstStrangers,
  type BucketAccount,
  type ForeignPrincipal,
  foreignPrincipalsIn,
  foreignPrincipalsOf,
  strangerContext,
} from './foreign-principals';

/**
 * The operations of a grant that let somebody read what the key encrypts. `CreateGrant` alone is none: the grants that it makes
 * allow no more than their parent (KMS Developer Guide, "Granting CreateGrant permission").
 */
const READING_OPERATIONS: readonly string[] = ['Decrypt', 'ReEncryptFrom'];

/** Why it can't be decided whether somebody reads logs: the encryption context may be that of logs, or a session's role a declared one. */
export type Undecided = 'context' | 'session';

/** Somebody whom the key's policy lets read, or may let read. */
export interface ForeignReader extends ForeignPrincipal {
  readonly undecided?: Undecided;
}

/** The cause that findings share if the declared bucket of the copies, by its ARN, is another account's. */
export function foreignCopies(arn: string): string {
  return `copies-of-another-account:${arn}`;
}

/** Who may hold the key to logs. */
export interface KeyHolders {
  /** The bucket's own account and the key's. */
  readonly accounts: readonly string[];
  /** ARNs, with `*`, of readers and administrators that the config names. */
  readonly declared: readonly string[];
}

export function holdersOfKey(
  key: KmsKeyObservation,
  accountId: string,
  { declared }: RuleContext,
): KeyHolders {
  const { bucketPolicy, encryption } = declared ?? {};
  const keyAccount = parseArn(key.arn)?.accountId;
  return {
    accounts: [accountId, ...(keyAccount ? [keyAccount] : [])],
    declared: [...(bucketPolicy?.onlyReaders ?? []), ...(encryption?.keyAdministrators ?? [])],
  };
}

/** `session` where only the path of its role tells, which the ARN of a session does not have. */
function isHolder(who: string, { accounts, declared }: KeyHolders): boolean | 'session' {
  if (accounts.includes(parseArn(who)?.accountId ?? who)) return true;
  if (declared.some((pattern) => matchesGlob(pattern, who))) return true;
  const session = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(who);
  if (!session) return false;
  const [, partition, account, name] = session;
  const means = declared.map((pattern) => meansRole(pattern, `arn:${partition}:iam::${account}:role/`, name));
  return means.includes(true) || (means.includes('session') && 'session');
}

/** Whether a pattern means the role of this name, in whatever path. */
function meansRole(pattern: string, prefix: string, name = ''): boolean | 'session' {
  const compiled = glob(pattern);
  // The name of a role is unique in its account, whatever its path.
  if (isLiteral(compiled)) return pattern.replace(/:role\/.*\//, ':role/') === `${prefix}${name}`;
  const inRoot = matchesGlob(pattern, `${prefix}${name}`);
  const inPath = glob(`${prefix}*/${name}`);
  if (inRoot && includes(compiled, inPath)) return true;
  const isNamed = matchesGlob(pattern.slice(pattern.lastIndexOf('/') + 1), name);
  return isNamed && (inRoot || overlaps(compiled, inPath)) && 'session';
}

/** Whether a condition leaves declared principals alone, of all whom the statement names. */
function isForDeclared({ conditions }: Statement, { declared }: KeyHolders): boolean {
  return conditions.some(
    ({ key, operator, values }) =>
      key.toLowerCase() === 'aws:principalarn' &&
      /^(arn|string)(equals|like)$/i.test(operator) &&
      values.every((value) => declared.some((pattern) => includes(glob(pattern), glob(value)))),
  );
}

/** Principals other than these whom the key's policy lets read, or may let read. */
export function foreignReadersOfKey(
  policy: Policy,
  key: KmsKeyObservation,
  holders: KeyHolders,
  accountId: string,
  context: RuleContext,
): ForeignReader[] {
  const { contract, observedAt } = context;
  const isOwner = parseArn(key.arn)?.accountId === accountId;
  const account = { partition: contract.partition, accountId, isOwner, observedAt };
  return foreignPrincipalsIn(policy, account).flatMap((found): ForeignReader[] => {
    const { kind, shutOut, text, statement } = found;
    if (shutOut || (kind !== 'anyone' && kind !== 'account')) return [];
    const holds = isHolder(text, holders);
    if (holds === true || isForDeclared(statement, holders)) return [];
    const reads = readsLogs(found, policy, key, account, context);
    if (reads === false) return [];
    return [{ ...found, undecided: reads === true ? holds || undefined : reads }];
  });
}

/** Whether a principal can read logs by its statement, whatever else the policy allows. */
function readsLogs(
  { kind, text, statement }: ForeignPrincipal,
  policy: Policy,
  { arn }: KmsKeyObservation,
  account: BucketAccount,
  { contract }: RuleContext,
): boolean | 'context' {
  const isAnyone = kind === 'anyone';
  const { caller, facts }: Asking = isAnyone ? { caller: { accountId: UNNAMED }, facts: {} } : asking(text);
  const stranger = strangerContext(account, isAnyone ? {} : caller).with(facts);
  const all = isAnyone ? againstStrangers(policy, account) : policy;
  const denies = { ...policy, statements: all.statements.filter(({ effect }) => effect === 'Deny') };
  const { statements } = isOne(text) ? asAskedBy(denies, text) : denies;
  const alone = { ...policy, statements: [{ ...statement, principals: undefined }, ...statements] };
  const region = parseArn(arn)?.region ?? contract.region;
  const mayWith = (more: Readonly<Record<string, Fact>>) =>
    waysToRead(bucketArn(contract.partition, contract.bucket), region).some(
      ({ action, carries }) =>
        decideByPolicy(alone, {
          action,
          resource: resourceName(arn),
          caller,
          context: stranger.with({ ...more, ...carries }),
        }).verdict !== 'denied',
    );
  if (mayWith({ [ENCRYPTION_CONTEXT]: ABSENT })) return true;
  return mayWith(contextOfServices(policy)) && 'context';
}

/** Whether a principal, as written, is one role or user: not an account, nor a session, whose role may be in any path. */
function isOne(text: string): boolean {
  return /^arn:[^:]+:iam::\d+:(role|user)\//.test(text);
}

function asking(text: string): Asking {
  return isOne(text)
    ? principal(text)
    : { caller: { accountId: parseArn(text)?.accountId ?? text }, facts: {} };
}

const ENCRYPTION_CONTEXT = 'kms:EncryptionContext:';
const ABSENT: Fact = { kind: 'absent' };

/**
 * How logs are read with their key: through S3, or directly with the encryption context of a log, with which alone it decrypts.
 * A grant that a service asks for is for that service's own use (KMS Developer Guide, "kms:GrantIsForAWSResource").
 * `kms:PutKeyPolicy` is none: "Cross-account use: No" (KMS API Reference, "PutKeyPolicy").
 */
function waysToRead(
  ownArn: string,
  region: string,
): { readonly action: string; readonly carries: Readonly<Record<string, Fact>> }[] {
  const ofLogs = { kind: 'matching', patterns: [ownArn, `${ownArn}/?*`] } as const;
  const ofLog: Record<string, Fact> = {
    [`${ENCRYPTION_CONTEXT}aws:s3:arn`]: { kind: 'present', domain: ofLogs },
  };
  const forNoGrant: Record<string, Fact> = { 'kms:GrantIsForAWSResource': ABSENT };
  const directly: Record<string, Fact> = {
    'kms:ViaService': ABSENT,
    'aws:ViaAWSService': is('false'),
    'aws:CalledVia': ABSENT,
    'aws:CalledViaFirst': ABSENT,
    'aws:CalledViaLast': ABSENT,
  };
  const throughS3 = { 'kms:ViaService': is(s3ViaService(region)), 'aws:ViaAWSService': is('true') };
  const makesGrant: Record<string, Fact> = {
    // The constraint of the grant that is made: that of logs, or none.
    [`${ENCRYPTION_CONTEXT}aws:s3:arn`]: { kind: 'open', domain: ofLogs },
    'kms:GrantIsForAWSResource': { kind: 'open', domain: { kind: 'one-of', values: ['false'] } },
  };
  return [
    { action: 'kms:Decrypt', carries: { ...ofLog, ...forNoGrant, ...throughS3 } },
    { action: 'kms:Decrypt', carries: { ...ofLog, ...forNoGrant, ...directly } },
    { action: 'kms:ReEncryptFrom', carries: { ...ofLog, ...forNoGrant, ...directly } },
    { action: 'kms:CreateGrant', carries: { ...directly, ...makesGrant } },
  ];
}

/** Beside its own, S3 says nothing in the name of AWS, and what an application adds, which ALTR may be (KMS Developer Guide, "Encryption context"). */
function contextOfServices({ statements }: Policy): Readonly<Record<string, Fact>> {
  const keys = statements.flatMap(({ conditions }) => conditions.map(({ key }) => key));
  const ofServices = keys.filter((key) =>
    key.toLowerCase().startsWith(`${ENCRYPTION_CONTEXT}aws:`.toLowerCase()),
  );
  return Object.fromEntries(ofServices.map((key) => [key, ABSENT]));
}

/** Whether a grant lets somebody else read logs. */
export function letsForeignRead(
  { granteePrincipal, operations, constraints }: KmsGrant,
  holders: KeyHolders,
  { contract }: RuleContext,
): boolean | Undecided {
  // The name of a service, which acts for somebody who made the grant, or the ID of a deleted principal.
  if (!parseArn(granteePrincipal)?.accountId) return false;
  const holds = isHolder(granteePrincipal, holders);
  if (holds === true) return false;
  if (!operations.some((operation) => READING_OPERATIONS.includes(operation))) return false;
  const context = { ...constraints?.encryptionContextSubset, ...constraints?.encryptionContextEquals };
  const own = bucketArn(contract.partition, contract.bucket);
  const isOfLogs = Object.entries(context).map(([key, value]) => {
    // "In a grant constraint, the key in each key-value pair is not case sensitive" (KMS API Reference, "GrantConstraints").
    const name = key.toLowerCase();
    // S3 encrypts for the object's ARN, or the bucket's (KMS Developer Guide, "Encryption context").
    if (name === 'aws:s3:arn') return value === own || value.startsWith(`${own}/`);
    return name.startsWith('aws:') ? false : ('context' as const);
  });
  if (isOfLogs.includes(false)) return false;
  return constraints?.sourceArn !== undefined || isOfLogs.includes('context') ? 'context' : holds || true;
}

/** Principals of other accounts whom an access point's policy lets in, as far as nothing else shuts them out. */
export function foreignUsersOf(
  policy: Policy,
  bucket: BucketObservation,
  accountId: string,
  { contract, observedAt }: RuleContext,
): ForeignPrincipal[] {
  return foreignPrincipalsOf(policy, bucket, { partition: contract.partition, accountId, observedAt })
    .filter(({ heldBack }) => heldBack === undefined)
    .map(({ principal }) => principal);
}

/** Whether a grant of S3 Access Grants lets a declared reader read, and nothing else. */
export function isDeclaredReader(
  { granteeType, grantee, permission }: AccessGrant,
  accountId: string,
  { contract, declared = {} }: RuleContext,
): boolean {
  if (granteeType !== 'IAM' || permission !== 'READ') return false;
  const arnOf = (name: string) => roleArn(contract.partition, accountId, name, declared.role?.path);
  const readers = readerArns(contract, declared, declared.otherReaders ?? [], arnOf);
  return readers.some((pattern) => matchesGlob(pattern, grantee));
}
