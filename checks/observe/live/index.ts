/** Observes live AWS. Reads only; judges nothing. */
import type { Access } from '../../../config/options/access';
import { organizationRegion } from '../../../config/options/organization';
import { partitionOf } from '../../../contract/partition';
import { type DeclaredExport, otherAccount, unseen, wayInto } from '../declared-account';
import type { DeclaredOptions } from '../declared-options';
import { exportNamesTags, organizationNamesTags } from '../named-keys';
import type {
  AccountObservation,
  DeliveryObservation,
  ExportObservation,
  Observation,
  Observed,
  OrganizationObservation,
} from '../observation';
import { known } from '../observation';
import { rolesForAltr, withLastUse } from './account';
import { meansNoCredentials } from './aws-error';
import type { WantedSettings } from './bucket';
import { pause } from './deadline';
import type { DeliveryTarget } from './delivery';
import { requestHandlerOptions } from './http';
import { limiter, mapBounded } from './limit';
import { observeRole, policyOf } from './role';
import { ifFound, type Session, type SessionOptions } from './session';
import { sessionOf } from './session-of';

/** An export to observe, and how its account is reached. */
export interface ObserveTarget extends DeclaredExport {
  readonly bucket: string;
  readonly region: string;
  readonly roleName: string;
  /** Whether to look at what arrives: lists the bucket, and opens at most this many of its newest objects. */
  readonly delivery?: Pick<DeliveryTarget, 'expectEvery' | 'kinds' | 'clientId' | 'sample' | 'prefix'>;
  /** Who reads the logs from queues; nobody by default. */
  readonly feedConsumers?: readonly string[];
  /** Whether to ask S3 Access Grants who gets at the bucket. */
  readonly accessGrants?: boolean;
  /** What the config declares beyond the vendor's page; nothing by default. */
  readonly declared?: DeclaredOptions;
}

export interface ObserveOptions extends Omit<SessionOptions, 'region' | 'profile' | 'http' | 'sharedLimit'> {
  /** ALTR's account, to find roles that let it in. */
  readonly altrAccountId: string;
  /** Whether to list the account's roles; the rule undeclared-altr-role needs it. */
  readonly listRoles?: boolean;
  /** As whom the organization is read; it is not read by default. */
  readonly organization?: Access;
  /** A copy of it that takes its place; only what else must be observed follows from it. */
  readonly organizationCopy?: OrganizationObservation;
  /** Names of the roles that the config declares: others for ALTR are asked when they were last used. Without it none is. */
  readonly declaredRoleNames?: readonly string[];
  /** An export has been observed. */
  readonly onExport?: (name: string) => void;
}

/** Accounts that are visited at once, and exports of each. */
const ACCOUNTS_AT_ONCE = 8;
const EXPORTS_AT_ONCE = 16;

/**
 * Calls under way at once in all accounts: at 50 ms a call that is about what one process can send. More would only wait, and
 * memory would grow with them. One that takes longer than `PATIENCE` (milliseconds) no longer counts, so that an account whose
 * calls hang holds up no other.
 */
const CALLS_AT_ONCE = 24;
const PATIENCE = 1_000;

/** Observes every target, each account once. Never throws for what AWS says: that is part of the observation. */
export async function observeLive(
  targets: readonly ObserveTarget[],
  options: ObserveOptions,
): Promise<Observation> {
  const observedAt = new Date().toISOString();
  const shared = {
    http: await requestHandlerOptions(options.callTimeout),
    sharedLimit: limiter(CALLS_AT_ONCE, PATIENCE),
  };
  const groups = byAccess(targets);
  const rolesOf = options.listRoles === false ? undefined : listing(rolesLister(options), groups.length);
  const visits = await mapBounded(groups, ACCOUNTS_AT_ONCE, (group) =>
    visit(group, { ...options, ...shared }, rolesOf),
  );
  const visited = visits.flatMap(({ exports }) => exports);
  const organization =
    options.organization &&
    (await organizationOf(options.organization, targets, visited, { ...options, ...shared }));
  const { organizationCopy: copy } = options;
  const tagged = await withTags(visits, targets, copy ? known(copy) : organization);
  const seen = new Map(tagged.map((entry) => [entry.name, entry]));
  return {
    schemaVersion: 1,
    observedAt,
    altrAccountId: options.altrAccountId,
    ...(options.signal?.aborted ? { partial: true } : {}),
    // In the order of the config, whatever AWS answered first.
    exports: targets.flatMap(({ name }) => seen.get(name) ?? []),
    accounts: eachOnce(visits.flatMap(({ account }) => account ?? [])),
    organization,
  };
}

/** The organization of the accounts that were seen. Loads what reads it only where it is asked for. */
async function organizationOf(
  access: Access,
  targets: readonly ObserveTarget[],
  exports: readonly ExportObservation[],
  options: Omit<SessionOptions, 'region' | 'profile'>,
): Promise<Observation['organization']> {
  const regions = targets.map(({ region }) => region);
  const session = await sessionOf({ ...access, region: organizationRegion(access, regions) ?? '' }, options);
  const { accountsOf, observeOrganization } = await import('./organization');
  return observeOrganization(session, accountsOf(exports));
}

/** The exports with what only their policies make worth asking. Loads what reads it only if one of them names a bucket's tags. */
async function withTags(
  visits: readonly Visit[],
  targets: readonly ObserveTarget[],
  organization: Observation['organization'],
): Promise<readonly ExportObservation[]> {
  const byOrganization = organizationNamesTags(organization);
  const regions = new Map(targets.map(({ name, region }) => [name, region]));
  const all = visits.flatMap(({ exports, session }) => exports.map((seen) => ({ seen, session })));
  return mapBounded(all, EXPORTS_AT_ONCE, async ({ seen, session }) => {
    if (!byOrganization && !exportNamesTags(seen)) return seen;
    const { withBucketTags } = await import('./abac-tags');
    return withBucketTags(session, seen, regions.get(seen.name) ?? '');
  });
}

interface Visit {
  readonly session: Session;
  readonly exports: readonly ExportObservation[];
  readonly account?: AccountObservation;
}

/** Observes the exports that are reached with the same credentials. */
async function visit(
  group: readonly [ObserveTarget, ...ObserveTarget[]],
  options: ObserveOptions & Pick<SessionOptions, 'http' | 'sharedLimit'>,
  rolesOf: ListRoles | undefined,
): Promise<Visit> {
  const session = await sessionOf(group[0], options);
  // A single export doesn't wait for the account's ID; a thousand must not find out one by one that there is no way in.
  if (group.length > 1) {
    const account = await session.account();
    if (account.state === 'unreadable' && meansNoCredentials(account.reason)) {
      const exports = group.map(({ name }) => unseen(name, account));
      for (const { name } of group) options.onExport?.(name);
      return { session, exports };
    }
  }
  const [account, roles, exports] = await Promise.all([
    session.account(),
    rolesOf?.(session),
    mapBounded(group, EXPORTS_AT_ONCE, async (target) => {
      const seen = await observeExport(session, target);
      options.onExport?.(target.name);
      return seen;
    }),
  ]);
  const entered = account.state === 'value' && exports.some(({ accountId }) => accountId.state === 'value');
  return { session, exports, ...(entered && roles ? { account: { accountId: account.value, roles } } : {}) };
}

type ListRoles = (session: Session) => Promise<AccountObservation['roles']>;

function rolesLister({ altrAccountId, declaredRoleNames }: ObserveOptions): ListRoles {
  if (!declaredRoleNames) return (session) => rolesForAltr(session, altrAccountId);
  const declared = new Set(declaredRoleNames.map((name) => name.toLowerCase()));
  return async (session) =>
    ifFound(await rolesForAltr(session, altrAccountId), async (roles) =>
      known(await withLastUse(session, roles, altrAccountId, declared)),
    );
}

/**
 * Lists the roles of an account once, though several ways lead to it, as two profiles may: which they are shows only when
 * the accounts have answered. A way that may not list them leaves it to the next. Where there is one way, nothing is waited for.
 */
function listing(list: ListRoles, ways: number): ListRoles {
  if (ways === 1) return list;
  const listed = new Map<string, ReturnType<ListRoles>>();
  return async (session) => {
    const account = await session.account();
    if (account.state !== 'value') return account;
    const before = listed.get(account.value);
    const roles = (async () => {
      const seen = await before;
      return seen?.state === 'value' ? seen : list(session);
    })();
    listed.set(account.value, roles);
    return roles;
  };
}

async function observeExport(session: Session, target: ObserveTarget): Promise<ExportObservation> {
  const { delivery: wanted } = target;
  const verified = session.account().then((seen) => asDeclared(session, seen, target));
  const [seen, accountId, role, bucket, copies, delivery, logFeed, readers, formerKeys] = await Promise.all([
    session.account(),
    verified,
    observeRole(session, target.roleName),
    bucketOf(session, target, verified),
    copiesOf(session, target, verified),
    wanted ? verified.then((id) => arrivals(session, { ...target, ...wanted }, id)) : undefined,
    verified.then((id) => logFeedOf(session, target, id)),
    target.declared && readersOf(session, target, target.declared, verified),
    target.declared && formerKeysOf(session, target, target.declared, verified),
  ]);
  // What another account holds says nothing of the export.
  return accountId.state === 'unreadable' && seen.state === 'value'
    ? unseen(target.name, accountId)
    : {
        name: target.name,
        accountId,
        role,
        bucket,
        copies,
        delivery,
        logFeed,
        readers,
        formerKeys,
      };
}

/** Milliseconds in which the first calls have left. */
const FIRST_CALLS = 10;

/** Observes the bucket. What does is large: it is loaded while AWS answers the first calls, which are not about the bucket. */
async function bucketOf(
  session: Session,
  {
    bucket,
    region,
    declared,
    accessGrants,
  }: Pick<ObserveTarget, 'bucket' | 'region' | 'accessGrants'> & { readonly declared?: WantedSettings },
  verified: Promise<Observed<string>>,
): Promise<ExportObservation['bucket']> {
  const { observeBucket } = await session.once('bucket reader', () =>
    pause(FIRST_CALLS).then(() => import('./bucket')),
  );
  return ifFound(await verified, (accountId) =>
    observeBucket(session, bucket, region, accountId, { ...declared, accessGrants }),
  );
}

/** The bucket that logs are copied to; `undefined` if the config declares no replication. */
async function copiesOf(
  session: Session,
  { declared, accessGrants }: ObserveTarget,
  verified: Promise<Observed<string>>,
): Promise<ExportObservation['copies']> {
  const copies = declared?.copies;
  return copies && bucketOf(session, { ...copies, declared: copies, accessGrants }, verified);
}

/** What the declared readers got; `undefined` if none is declared. */
async function readersOf(
  session: Session,
  { region }: ObserveTarget,
  { readers, path }: DeclaredOptions,
  verified: Promise<Observed<string>>,
): Promise<ExportObservation['readers']> {
  if (readers.length === 0) return undefined;
  const partition = partitionOf(region) ?? 'aws';
  return Promise.all(
    readers.map(async ({ name, roleName, hasRole }) => {
      if (hasRole) return { name, role: await observeRole(session, roleName) };
      const policy = await ifFound(await verified, (accountId) =>
        policyOf(session, `arn:${partition}:iam::${accountId}:policy${path}${roleName}`),
      );
      return { name, policy };
    }),
  );
}

/** The declared former keys; `undefined` if none is declared. */
async function formerKeysOf(
  session: Session,
  { region }: ObserveTarget,
  { formerKeys }: DeclaredOptions,
  verified: Promise<Observed<string>>,
): Promise<ExportObservation['formerKeys']> {
  if (formerKeys.length === 0) return undefined;
  const accountId = await verified;
  const { kmsKeyOf } = await import('./kms-key');
  return Promise.all(
    formerKeys.map(async (arn) => ({
      arn,
      key: await ifFound(accountId, (id) => kmsKeyOf(session, arn, region, id, false)),
    })),
  );
}

/** Loads what looks at a feed only where one is declared. */
async function logFeedOf(session: Session, target: ObserveTarget, accountId: Observed<string>) {
  const { name, bucket, region, feedConsumers: consumers = [] } = target;
  const partition = partitionOf(region);
  if (consumers.length === 0 || accountId.state !== 'value' || !partition) return undefined;
  const { observeLogFeed } = await import('./log-feed');
  return observeLogFeed(session, { name, bucket, region, partition, consumers }, accountId.value);
}

async function arrivals(
  session: Session,
  target: Omit<DeliveryTarget, 'accountId'>,
  accountId: Observed<string>,
): Promise<DeliveryObservation> {
  if (accountId.state !== 'value') return { newest: accountId, sample: accountId, roleLastUsed: accountId };
  const { observeDelivery } = await import('./delivery');
  return observeDelivery(session, { ...target, accountId: accountId.value });
}

/** The account, where it is the one that the export declares. */
async function asDeclared(
  session: Session,
  account: Observed<string>,
  target: ObserveTarget,
): Promise<Observed<string>> {
  const message = account.state === 'value' ? otherAccount(target, account.value) : undefined;
  return message === undefined
    ? account
    : session.unreadable('sts:GetCallerIdentity', session.clients.region, message);
}

/** Targets that are reached with the same credentials. */
function byAccess(targets: readonly ObserveTarget[]): [ObserveTarget, ...ObserveTarget[]][] {
  const groups = new Map<string, [ObserveTarget, ...ObserveTarget[]]>();
  for (const target of targets) {
    const key = wayInto(target);
    const group = groups.get(key);
    if (group) group.push(target);
    else groups.set(key, [target]);
  }
  return [...groups.values()];
}

/** One entry for each account: two profiles may turn out to lead to the same. */
function eachOnce(accounts: readonly AccountObservation[]): AccountObservation[] {
  const byId = new Map<string, AccountObservation>();
  for (const account of accounts) {
    if (byId.get(account.accountId)?.roles.state !== 'value') byId.set(account.accountId, account);
  }
  return [...byId.values()];
}
