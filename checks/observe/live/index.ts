/** Observes live AWS. Reads only; judges nothing. */
import type { AccountObservation, ExportObservation, Observation, Observed } from '../observation';
import { callerAccount, rolesForAltr } from './account';
import { observeBucket } from './bucket';
import { observeRole } from './role';
import { Session, type SessionEvents } from './session';

/** An export to observe. */
export interface ObserveTarget {
  readonly name: string;
  readonly bucket: string;
  readonly region: string;
  readonly roleName: string;
}

export interface ObserveOptions extends SessionEvents {
  /** ALTR's account, to find roles that let it in. */
  readonly altrAccountId: string;
  /** Cancels the run; what was not read by then is unreadable. */
  readonly signal?: AbortSignal;
  /** Milliseconds that one attempt of a call may take. */
  readonly callTimeout?: number;
  /** Whether to list the account's roles; the rule undeclared-altr-role needs it. */
  readonly listRoles?: boolean;
  readonly onExport?: (name: string) => void;
}

/** Observes every target, each account once. Never throws for what AWS says: that is part of the observation. */
export async function observeLive(
  targets: readonly ObserveTarget[],
  options: ObserveOptions,
): Promise<Observation> {
  const observedAt = new Date().toISOString();
  const [first] = targets;
  if (!first) return { schemaVersion: 1, observedAt, exports: [], accounts: [] };
  const session = await Session.open({ ...options, region: first.region });
  const account = callerAccount(session);
  const [accountId, roles, ...exports] = await Promise.all([
    account,
    options.listRoles === false ? undefined : rolesForAltr(session, options.altrAccountId),
    ...targets.map((target) => observeExport(session, account, target, options)),
  ]);
  const accounts: AccountObservation[] =
    accountId.state === 'value' && roles ? [{ accountId: accountId.value, roles }] : [];
  return { schemaVersion: 1, observedAt, exports, accounts };
}

async function observeExport(
  session: Session,
  account: Promise<Observed<string>>,
  target: ObserveTarget,
  options: ObserveOptions,
): Promise<ExportObservation> {
  const [accountId, role, bucket] = await Promise.all([
    account,
    observeRole(session, target.roleName),
    account.then((id) =>
      id.state === 'value' ? observeBucket(session, target.bucket, target.region, id.value) : id,
    ),
  ]);
  options.onExport?.(target.name);
  return { name: target.name, accountId, role, bucket };
}
