/** Whether what was observed is in the account that the config declares: what another one holds says nothing of an export. */
import { type Access, accessKey, declaredAccount } from '../../config/options/access';
import { partitionOf } from '../../contract/partition';
import { type ExportObservation, NO_ACCOUNT, type Observation, unreadable } from './observation';

/** An export, and how its account is reached. */
export interface DeclaredExport extends Access {
  readonly name: string;
}

/** Tells the ways into accounts apart: the usual credentials of another partition are of another account. */
export function wayInto(entry: Access & { readonly region: string }): string {
  return `${partitionOf(entry.region)} ${accessKey(entry)}`;
}

/** What is wrong with the account; `undefined` where the export declares it, or none. */
export function otherAccount(entry: DeclaredExport, accountId: string): string | undefined {
  const declared = declaredAccount(entry);
  if (declared === undefined || declared === accountId || accountId === NO_ACCOUNT) return undefined;
  return `this is account ${accountId}, and the export ${entry.name} declares ${declared}; use credentials of that account, or correct accountId`;
}

/** An export that could not be read at all, for one reason. */
export function unseen(name: string, reason: ReturnType<typeof unreadable>): ExportObservation {
  return { name, accountId: reason, role: reason, bucket: reason };
}

/** An observation in which exports that were seen in another account than they declare count as unread. */
export function inDeclaredAccounts(
  observation: Observation,
  declared: readonly DeclaredExport[],
): Observation {
  const byName = new Map(declared.map((entry) => [entry.name, entry]));
  const exports = observation.exports.map((seen) => {
    const entry = byName.get(seen.name);
    if (!entry || seen.accountId.state !== 'value') return seen;
    const message = otherAccount(entry, seen.accountId.value);
    return message === undefined ? seen : unseen(seen.name, unreadable({ message }));
  });
  return { ...observation, exports };
}

/** A role that a config declares. */
export interface DeclaredRole {
  readonly roleName: string;
  /** Its account; null where nobody knows it, missing where it counts in each. */
  readonly accountId?: string | null;
  /** The export that declares it. */
  readonly exportName?: string;
}

/**
 * The roles that a config declares, each in its account: the declared one, else the one in which its export was seen, else
 * the one in which an export was seen that is reached in the same way.
 */
export function declaredRoles(
  exports: readonly (DeclaredExport & { readonly roleName: string; readonly region: string })[],
  observation: Observation,
): DeclaredRole[] {
  const seen = new Map(observation.exports.map(({ name, accountId }) => [name, accountId]));
  // A plan may be of several accounts, whatever the credentials of the audit.
  const reached = new Map<string, Set<string>>();
  for (const entry of exports) {
    const accountId = seen.get(entry.name);
    if (accountId?.state !== 'value') continue;
    const way = wayInto(entry);
    reached.set(way, (reached.get(way) ?? new Set()).add(accountId.value));
  }
  return exports.map((entry) => {
    const own = seen.get(entry.name);
    const ownId = own?.state === 'value' ? own.value : undefined;
    const [only, ...more] = reached.get(wayInto(entry)) ?? [];
    const accountId = declaredAccount(entry) ?? ownId ?? (more.length === 0 ? only : null) ?? null;
    return { roleName: entry.roleName, accountId, exportName: entry.name };
  });
}
