/** What a policy grants, limited to one account. Its own people, and AWS services that act for it, lose nothing. */
import type { Partition } from '../../contract/partition';
import { NO_SERVICE, principalArns } from '../evidence/request-context';
import {
  evaluateConditions,
  type Fact,
  type Principal,
  RequestContext,
  type Statement,
  UNNAMED,
} from '../policy';
import { onlyFor, type Raw, withoutPrincipals, withoutSid } from './statements';

export interface Account {
  readonly partition: Partition;
  readonly accountId: string;
  /** The key that tells the account of a caller who is no AWS service. KMS has one of its own, which `aws/s3` uses. */
  readonly callerKey: 'aws:PrincipalAccount' | 'kms:CallerAccount';
}

/** What is left of an Allow: for people of the account, and for services that act for it. */
interface Limited {
  /** Also AWS services, if none of the statement's may act for others. */
  readonly people?: unknown;
  readonly services?: unknown;
}

/** A document with corrections, and what they change. */
export interface Correction<Change> {
  /** `undefined` if nothing is left. */
  readonly document: object | undefined;
  readonly changes: ReadonlySet<Change>;
}

/** What is done to a statement's principals. */
export type Limit = 'removed' | 'everybody-limited' | 'services-limited' | 'not-principal-removed';

/**
 * Takes principals out of an Allow. Everybody and AWS services stay, for this account alone: each under a condition of its own,
 * since a person's request has no `aws:SourceAccount`, and a service's no account of a caller (IAM User Guide, "AWS global
 * condition context keys").
 * @param pointers to principals outside the account
 * @param changes takes note of what is done
 * @param alsoRemoved to principals within it
 */
export function withinAccount(
  statement: Statement,
  pointers: readonly string[],
  account: Account,
  changes: { add(change: Limit): unknown },
  alsoRemoved: readonly string[] = [],
): Limited {
  const { principals } = statement;
  // "Using it with "Effect":"Allow" is not supported" (IAM User Guide, "AWS JSON policy elements: NotPrincipal").
  if (!principals || principals.negated) {
    changes.add('not-principal-removed');
    return {};
  }
  const listed = principals.entries.filter(({ pointer }) => pointers.includes(pointer));
  const placesOf = (entries: readonly Principal[]) => entries.map(({ pointer }) => pointer);
  const isService = ({ kind }: Principal) => kind === 'service';
  const isEverybody = listed.some(({ kind }) => kind === 'anyone');
  const services = isEverybody ? [] : listed.filter(isService);
  const removed = listed.filter(({ kind }) => kind !== 'anyone' && kind !== 'service');
  const others = principals.entries.filter((entry) => !services.includes(entry));
  const { callerKey, accountId } = account;
  const limited = (raw: unknown, key: string, facts: Readonly<Record<string, Fact>>) =>
    raw === undefined || evaluateConditions(statement, new RequestContext(facts)).verdict === 'false'
      ? undefined
      : onlyFor(raw as Raw, key, accountId);
  const rest = withoutPrincipals(statement, [...alsoRemoved, ...placesOf([...removed, ...services])]);
  const people = isEverybody ? limited(rest, callerKey, personOf(account)) : rest;
  const forServices = isEverybody ? rest : withoutPrincipals(statement, placesOf(others));
  const ofServices =
    isEverybody || services.length > 0
      ? limited(forServices, 'aws:SourceAccount', serviceFor(account))
      : undefined;
  // Under its own conditions nobody of this account can use it.
  const isGone =
    (isEverybody && people === undefined && ofServices === undefined) ||
    (services.length > 0 && ofServices === undefined);
  if (removed.length > 0 || isGone) changes.add('removed');
  if (isEverybody && !isGone) changes.add('everybody-limited');
  if (services.length > 0 && !isGone) changes.add('services-limited');
  // A Sid may be in a policy once.
  return {
    people,
    services: people === undefined || ofServices === undefined ? ofServices : withoutSid(ofServices),
  };
}

/** Somebody of the account who is no AWS service. */
function personOf({ partition, accountId: value }: Account): Readonly<Record<string, Fact>> {
  return {
    ...NO_SERVICE,
    'aws:PrincipalAccount': { kind: 'value', value },
    'kms:CallerAccount': { kind: 'value', value },
    'aws:PrincipalArn': {
      kind: 'present',
      domain: { kind: 'matching', patterns: principalArns(partition, value) },
    },
  };
}

/** Keys about a caller or a network, which a service's own request does not have. */
const NOT_OF_SERVICES = [
  'aws:PrincipalArn',
  'aws:PrincipalOrgID',
  'aws:PrincipalOrgPaths',
  'aws:PrincipalTag/',
  'aws:userid',
  'aws:username',
  'aws:SourceVpc',
  'aws:SourceVpce',
  'aws:VpcSourceIp',
  // "Applies only to forward access sessions" (KMS Developer Guide, "kms:ViaService").
  'kms:ViaService',
];

/** An AWS service that acts for the account by itself, on nobody's behalf. */
function serviceFor({ accountId: value }: Account): Readonly<Record<string, Fact>> {
  const noCustomers: Fact = { kind: 'open', domain: { kind: 'unnamed', example: UNNAMED } };
  return {
    ...Object.fromEntries(NOT_OF_SERVICES.map((key): [string, Fact] => [key, { kind: 'absent' }])),
    'aws:PrincipalAccount': noCustomers,
    'kms:CallerAccount': noCustomers,
    'aws:PrincipalIsAWSService': { kind: 'value', value: 'true' },
    'aws:SourceAccount': { kind: 'value', value },
    // A bucket's ARN has no account.
    'aws:SourceArn': {
      kind: 'open',
      domain: { kind: 'matching', patterns: [`arn:*:*:*:${value}:*`, 'arn:*:s3:::*'] },
    },
  };
}

/** Sentences about what a correction changes, in the order of the sentences. */
export function wordChanges<T extends string>(
  sentences: Readonly<Record<T, string>>,
  changes: ReadonlySet<T>,
): string {
  return (Object.keys(sentences) as T[])
    .filter((change) => changes.has(change))
    .map((change) => sentences[change])
    .join(' ');
}
