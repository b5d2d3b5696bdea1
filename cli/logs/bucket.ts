/** Opens the bucket of an export, to look at its logs. */
import { accessAdvice } from '../../checks/evidence/access-advice';
import type { SessionOptions } from '../../checks/observe/live/session';
import { line } from '../../checks/report/sanitise';
import { readConfig } from '../../config/file/read';
import type { ExportConfig } from '../../config/schema';
import { UserError } from '../../contract/user-error';
import type { ObjectStore, StoreError } from '../../logs';
import { selectByName } from '../select-by-name';

export interface BucketOptions {
  readonly config?: string;
  readonly prefix?: string;
}

/** How a command shows what it does. */
export interface ShownOptions {
  readonly quiet?: true;
  readonly verbose?: true;
}

/** Folders that are listed at once at each depth, and objects that are fetched at once: the distance takes the time. */
export const LISTS_AT_ONCE = 8;
export const OBJECTS_AT_ONCE = 16;

export interface OpenBucket {
  readonly entry: ExportConfig;
  readonly store: ObjectStore;
  /** What the keys to look at begin with. */
  readonly prefix: string | undefined;
  /** List calls so far. */
  listCalls(): number;
}

/** The one export of this name. @throws UserError if there is none, or several match */
export function exportNamed(name: string, config: string | undefined): ExportConfig {
  const found = selectByName(readConfig('audit', config).config.exports, [name], 'export');
  const [entry, ...others] = found;
  if (entry === undefined || others.length > 0) {
    const names = found.map((its) => its.name).join(', ');
    throw new UserError(`${JSON.stringify(name)} names several exports (${names}); name one`);
  }
  return entry;
}

/** Nothing is asked of AWS yet. Without a prefix, the one that the export declares for its logs is taken. */
export async function openBucket(
  name: string,
  { config, prefix }: BucketOptions,
  more: Pick<SessionOptions, 'signal' | 'onCall' | 'onThrottle'> = {},
): Promise<OpenBucket> {
  const entry = exportNamed(name, config);
  const { sessionOf } = await import('../../checks/observe/live/session-of');
  const { objectStore } = await import('../../checks/observe/live/objects');
  const store = objectStore(await sessionOf(entry, more), entry);
  let calls = 0;
  const list: ObjectStore['list'] = (request) => {
    calls++;
    return store.list(request);
  };
  return {
    entry,
    store: { ...store, list },
    prefix: prefix ?? entry.delivery?.prefix,
    listCalls: () => calls,
  };
}

/** What the user can do about a bucket that can't be read. */
export function storeFailure({ message, detail }: StoreError): UserError {
  // Which policy refused decides what helps: against an SCP no Allow does.
  if (detail.deniedBy) return new UserError(line(`${message}. ${accessAdvice(detail) ?? ''}`.trim()));
  const remedy = detail.permission ? `; allow ${detail.permission} to the principal that runs this` : '';
  return new UserError(line(`${message}${remedy}`));
}
