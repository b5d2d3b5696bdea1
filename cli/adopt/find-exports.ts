/** Looks into the account for what can be adopted. Reads only. */

import type { Looked } from '../../checks/adopt/adoption';
import {
  type Candidate,
  candidateOf,
  exportNameFor,
  isForAltr,
  type Seen,
} from '../../checks/adopt/candidate';
import { roleFacts } from '../../checks/adopt/role';
import { rolesForAltr } from '../../checks/observe/live/account';
import {
  bucketKeys,
  namesakePolicy,
  ownershipControls,
  policyAttachments,
  roleSettings,
} from '../../checks/observe/live/adoptable';
import { observeBucket } from '../../checks/observe/live/bucket';
import { observeRole } from '../../checks/observe/live/role';
import type { Session } from '../../checks/observe/live/session';
import { sessionOf } from '../../checks/observe/live/session-of';
import type {
  BucketObservation,
  ExportObservation,
  Observed,
  RoleObservation,
} from '../../checks/observe/observation';
import { known } from '../../checks/observe/observation';
import { declaredAccount } from '../../config/options/access';
import type { ConfigInput, ExportConfig } from '../../config/schema';
import { UserError } from '../../contract/user-error';
import { selectByName } from '../select-by-name';

export interface LookOptions {
  readonly altr: ConfigInput['altr'];
  readonly clientId?: string;
  /** Patterns of role names. */
  readonly role: readonly string[];
  /** A region of the partition. */
  readonly region: string;
  /** Exports that the config has: their roles are left out. */
  readonly known: readonly ExportConfig[];
}

/** A role that was found, and what the rules need to know of it. */
export interface Found {
  readonly candidate: Candidate;
  readonly observation: ExportObservation;
}

/** What is in the account. */
export interface InAccount {
  readonly accountId: string;
  readonly found: readonly Found[];
  /** Roles that the config has, each with its export. */
  readonly left: Looked['left'];
}

/** @throws UserError if the account can't be looked into at all */
export async function lookForExports(options: LookOptions): Promise<InAccount> {
  const session = await sessionOf({ region: options.region });
  const accountId = read(await session.account());
  const altrAccountId = options.altr.awsAccountId;
  const listed = read(await rolesForAltr(session, altrAccountId));
  const all = listed.filter((role) => isForAltr(role, altrAccountId));
  const chosen = all.length > 0 ? selectByName(all, options.role, 'role for ALTR') : all;
  const exportOf = (roleName: string) =>
    options.known.find(
      (entry) =>
        entry.roleName.toLowerCase() === roleName.toLowerCase() &&
        (declaredAccount(entry) ?? accountId) === accountId,
    )?.name;
  const left = chosen.flatMap(({ name }) => {
    const exportName = exportOf(name);
    return exportName === undefined ? [] : [{ role: name, export: exportName }];
  });
  const roles = chosen.filter(({ name }) => exportOf(name) === undefined);
  if (options.clientId !== undefined && roles.length > 1) {
    throw new UserError(
      `--client-id is for one role, and there are ${roles.length} (${roles.map(({ name }) => name).join(', ')}); choose one with --role`,
    );
  }
  const taken = new Set(options.known.map(({ name }) => name));
  const named = roles.map(({ name }) => {
    const exportName = exportNameFor(name, taken);
    taken.add(exportName);
    return { role: name, exportName };
  });
  const found = await Promise.all(named.map((entry) => look(session, accountId, entry, options)));
  return { accountId, found: refuseSharedBuckets(found), left };
}

async function look(
  session: Session,
  accountId: string,
  { role: roleName, exportName }: { role: string; exportName: string },
  options: LookOptions,
): Promise<Found> {
  const [role, settings] = await Promise.all([
    observeRole(session, roleName),
    roleSettings(session, roleName),
  ]);
  const unread = {
    state: 'unreadable',
    reason: { message: 'nothing tells which bucket the role writes to' },
  } as const;
  const observation = { name: exportName, accountId: known(accountId), role };
  if (role.state !== 'value' || settings.state !== 'value') {
    const [why] = [role, settings].flatMap((seen) =>
      seen.state === 'unreadable' ? [seen.reason.message] : [],
    );
    const reasons = [`it could not be read: ${why ?? 'it was deleted meanwhile'}`];
    return {
      candidate: { role: roleName, found: {}, changes: [], reasons },
      observation: { ...observation, bucket: unread },
    };
  }
  const withUses = {
    ...settings.value,
    attachments: await policyAttachments(session, role.value),
    ...(hasInlineAlone(role.value) ? { namesake: await namesakePolicy(session, role.value) } : {}),
  };
  const { clientId } = options;
  const facts = roleFacts(role.value, withUses, {
    altrAccountId: options.altr.awsAccountId,
    clientId,
  });
  const seen: Seen = { accountId, role: role.value, settings: withUses, facts };
  if (facts.bucket === undefined) {
    return {
      candidate: candidateOf(seen, exportName, options.altr),
      observation: { ...observation, bucket: unread },
    };
  }
  const [bucket, ownership, keys] = await Promise.all([
    observeBucket(session, facts.bucket, options.region, accountId),
    ownershipControls(session, facts.bucket, options.region, accountId),
    bucketKeys(session, facts.bucket, options.region, accountId),
  ]);
  const extras = { ownership, bucketKeys: keys };
  const whole: Seen = { ...seen, bucket: { observation: bucket, extras } };
  return {
    candidate: candidateOf(whole, exportName, options.altr),
    observation: { ...observation, bucket: withVersioning(bucket) },
  };
}

/** The bucket with the versioning that comes with its Object Lock, which an adopted export declares. */
function withVersioning(bucket: Observed<BucketObservation>): Observed<BucketObservation> {
  if (bucket.state !== 'value') return bucket;
  // A bucket with Object Lock has versions, always (Amazon S3 User Guide, "Object Lock considerations").
  const versioning =
    bucket.value.objectLock?.state === 'value' ? known({ status: 'Enabled' as const }) : undefined;
  return known({ ...bucket.value, versioning });
}

function hasInlineAlone({ inlinePolicies: inline, attachedPolicies: attached }: RoleObservation): boolean {
  return (
    attached.state === 'value' &&
    attached.value.length === 0 &&
    inline.state === 'value' &&
    inline.value.length > 0
  );
}

/** Two exports can't share a bucket, and which of two roles is the right one is not ours to say. */
function refuseSharedBuckets(found: readonly Found[]): Found[] {
  return found.map(({ candidate, observation }) => {
    const { entry } = candidate;
    const rival =
      entry &&
      found.find(
        (other) => other.candidate.role !== candidate.role && other.candidate.entry?.bucket === entry.bucket,
      );
    if (!rival) return { candidate, observation };
    const { entry: _, ...rest } = candidate;
    const reason = `its bucket ${entry.bucket} is that of the role ${rival.candidate.role} too; choose one of them with --role`;
    return { candidate: { ...rest, changes: [], reasons: [reason] }, observation };
  });
}

function read<T>(seen: Observed<T>): T {
  if (seen.state === 'value') return seen.value;
  throw new UserError(seen.state === 'unreadable' ? seen.reason.message : 'the account does not exist');
}
