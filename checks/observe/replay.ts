/** What a saved observation still says of the config that it is held against, which may have changed since. Pure. */
import { readerName } from '../../config/names';
import type { ExportOptions } from '../../config/options';
import { type DeclaredExport, inDeclaredAccounts, unseen } from './declared-account';
import {
  type ExportObservation,
  NO_ACCOUNT,
  type Observation,
  type ReaderObservation,
  unreadable,
} from './observation';

/** What the config declares now. */
export interface Declared {
  readonly exports: readonly (DeclaredExport & {
    readonly roleName: string;
    readonly bucket: string;
    readonly replication?: { readonly bucket: string };
    readonly readers?: ExportOptions['readers'];
  })[];
  readonly altrAccountId: string;
}

/**
 * A saved observation, as far as it is of what the config declares. Unread is: an export that was seen in another account,
 * with another role or another bucket; what is there of another name for copies or a reader; and an account whose roles were not listed, or not for the declared account of ALTR.
 */
export function replayed(saved: Observation, { exports: declared, altrAccountId }: Declared): Observation {
  const byName = new Map(declared.map((entry) => [entry.name, entry]));
  const inAccounts = inDeclaredAccounts(saved, declared);
  const exports = inAccounts.exports.map((seen) => {
    const entry = byName.get(seen.name);
    const message = entry && otherThan(entry, seen);
    if (message !== undefined) return unseen(seen.name, unreadable({ message }));
    if (!entry) return seen;
    return { ...seen, copies: copiesAsDeclared(entry, seen), readers: readersAsDeclared(entry, seen) };
  });
  return { ...saved, exports, accounts: listings(saved, exports, altrAccountId) };
}

/** What was seen in place of what the export declares. What did not exist has no name, and is a violation as it is. */
function otherThan(
  { name, roleName, bucket: bucketName }: Declared['exports'][number],
  { role, bucket }: ExportObservation,
): string | undefined {
  const differs = (what: string, key: string, was: string, is: string) =>
    `the ${what} ${was} was observed, and the export ${name} declares ${is}; observe again, or correct ${key}`;
  // IAM User Guide, "IAM identifiers": names of roles are unique regardless of case.
  if (role.state === 'value' && role.value.name.toLowerCase() !== roleName.toLowerCase())
    return differs('role', 'roleName', role.value.name, roleName);
  if (bucket.state === 'value' && bucket.value.name !== bucketName)
    return differs('bucket', 'bucket', bucket.value.name, bucketName);
  return undefined;
}

/** The bucket of the copies, if it is the one that the export declares. */
function copiesAsDeclared(
  { name, replication }: Declared['exports'][number],
  { copies }: ExportObservation,
): ExportObservation['copies'] {
  if (!replication || copies?.state !== 'value' || copies.value.name === replication.bucket) return copies;
  const message = `the bucket ${copies.value.name} was observed, and the export ${name} declares that logs are copied to ${replication.bucket}; observe again, or correct replication.bucket`;
  return unreadable({ message });
}

/** The readers, each as far as its role or policy is the one that the export declares. */
function readersAsDeclared(
  entry: Declared['exports'][number],
  { readers }: ExportObservation,
): ExportObservation['readers'] {
  return readers?.map((seen) => {
    const reader = entry.readers?.find(({ name }) => name === seen.name);
    const { what, was } = nameOf(seen);
    const is = reader && readerName(entry, reader);
    if (was === undefined || is === undefined || was.toLowerCase() === is.toLowerCase()) return seen;
    const message = `the ${what} ${was} was observed, and the export ${entry.name} declares ${is} for its reader ${seen.name}; observe again, or correct readers.roleName`;
    return { name: seen.name, [what]: unreadable({ message }) };
  });
}

/** The name of a reader's role or policy, if it exists. A policy has its name, or its ARN, in the document's. */
function nameOf({ role, policy }: ReaderObservation): { what: 'role' | 'policy'; was: string | undefined } {
  if (role?.state === 'value') return { what: 'role', was: role.value.name };
  const source = policy?.state === 'value' ? policy.value.source : '';
  return { what: 'policy', was: /^policy (?:\S*\/)?([^\s/]+)/.exec(source)?.[1] };
}

/** The accounts, each with its roles where they were listed for ALTR's account as it is declared now. */
function listings(
  { accounts, altrAccountId: listedFor }: Observation,
  exports: readonly ExportObservation[],
  altrAccountId: string,
): Observation['accounts'] {
  const listed = new Set(accounts.map(({ accountId }) => accountId));
  const seen = exports.flatMap(({ accountId }) => (accountId.state === 'value' ? [accountId.value] : []));
  const unlisted = [...new Set(seen)].filter((id) => id !== NO_ACCOUNT && !listed.has(id));
  const again = 'observe again with the rule undeclared-altr-role';
  return [
    ...accounts.map((account) => {
      // A plan holds its own roles, whomever they let in.
      if (account.partial || listedFor === altrAccountId) return account;
      const message = `roles were listed for ALTR’s account ${listedFor ?? 'that the observation does not name'}, and the config declares ${altrAccountId}; ${again}`;
      return { ...account, roles: unreadable({ message }) };
    }),
    ...unlisted.map((accountId) => ({
      accountId,
      roles: unreadable({ message: `the roles of account ${accountId} were not listed; ${again}` }),
    })),
  ];
}
