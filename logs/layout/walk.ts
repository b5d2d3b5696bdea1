/** Walks a bucket along its date partitions and lists only those that are asked for. */
import type { ListedObject, ListPage, ListRequest, ObjectStore } from '../store';
import { type DateFields, type DatePart, folderDate, nameDate } from './date-form';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Partitions may be named by another clock than UTC, at most so far off. */
export const CLOCK_SLACK = 14 * HOUR;

/** More list calls were asked for than are allowed. The message is a clause. */
export class CallsExhausted extends Error {
  override readonly name = 'CallsExhausted';
}

/** Counts the calls, and refuses more than are allowed. */
export class CountedStore {
  calls = 0;
  readonly #store: Pick<ObjectStore, 'list'>;
  readonly #most: number;

  constructor(store: Pick<ObjectStore, 'list'>, most = Number.POSITIVE_INFINITY) {
    this.#store = store;
    this.#most = most;
  }

  get exhausted(): boolean {
    return this.calls >= this.#most;
  }

  async list(request: ListRequest): Promise<ListPage> {
    if (this.exhausted) throw new CallsExhausted(`the search was ended after ${this.calls} list calls`);
    this.calls++;
    return this.#store.list(request);
  }
}

/** A folder that is named by a date, or goes on with one. */
export interface DatedFolder {
  readonly prefix: string;
  readonly part: DatePart;
}

/** What the folders of a prefix say of the date. */
export function dateOf(prefix: string): DateFields {
  let fields: DateFields = {};
  for (const folder of prefix.split('/').slice(0, -1)) fields = folderDate(folder, fields)?.fields ?? fields;
  return fields;
}

/** What is directly under a prefix. */
export interface Level {
  /** Newest first. */
  readonly dated: readonly DatedFolder[];
  /** Other folders. */
  readonly others: readonly string[];
  readonly objects: readonly ListedObject[];
  /** Whether there is more that was not listed: older by its names, or unknown. */
  readonly more: 'none' | 'older' | 'unknown';
}

/** How far back to look in a long list whose names are in the order of time, step by step. */
const STEPS = [HOUR, DAY, 8 * DAY, 64 * DAY, 512 * DAY];

/**
 * Lists what is directly under a prefix. Where that is more than a page and its names are in the order of time, it goes to
 * the end of the list instead of through it: S3 begins behind any name (`StartAfter`), but can't list backwards.
 * @param since only what is not older than this has to be found; without it, the newest
 * @param until what is younger than this need not be found
 * @param pages of 1000 names to read at most
 */
export async function listLevel(
  store: CountedStore,
  prefix: string,
  fields: DateFields,
  options: {
    readonly now: number;
    readonly since?: number;
    readonly until?: number;
    readonly pages: number;
  },
): Promise<Level> {
  const { now, since, until, pages } = options;
  const first = await store.list({ prefix, delimiter: '/' });
  if (first.next === undefined) return levelOf([first], prefix, fields, 'none');
  const spell = spellingOf(first, prefix, fields);
  if (!spell) return levelOf(await further(store, prefix, first, pages), prefix, fields, 'unknown');
  const from = since === undefined ? STEPS.map((step) => now - step) : [since - CLOCK_SLACK];
  for (const instant of from) {
    if (store.exhausted) break;
    const page = await store.list({ prefix, delimiter: '/', startAfter: prefix + spell(instant) });
    if (page.objects.length + page.groups.length === 0) continue;
    const end = until === undefined ? undefined : prefix + spell(until + CLOCK_SLACK);
    return levelOf(await further(store, prefix, page, pages, end), prefix, fields, 'older');
  }
  // Nothing since the last step: all that there is was listed or is older. For the newest of it, go through the list.
  if (since !== undefined) return levelOf([], prefix, fields, 'older');
  return levelOf(await further(store, prefix, first, pages), prefix, fields, 'unknown');
}

/** A page and those behind it, up to the first that goes beyond `end`. */
async function further(
  store: CountedStore,
  prefix: string,
  first: ListPage,
  pages: number,
  end?: string,
): Promise<ListPage[]> {
  const list = [first];
  let page = first;
  while (page.next !== undefined && list.length < pages && !store.exhausted && !isBeyond(page, end)) {
    page = await store.list({ prefix, delimiter: '/', token: page.next });
    list.push(page);
  }
  return list;
}

/** Whether all that comes after a page comes after `end`. A folder with this beginning may go on behind it. */
function isBeyond({ objects, groups }: ListPage, end: string | undefined): boolean {
  if (end === undefined) return false;
  const isLater = (name: string | undefined) => name !== undefined && name > end && !name.startsWith(end);
  return isLater(objects.at(-1)?.key) || isLater(groups.at(-1));
}

/** How the names of a page spell an instant, where all of them do so in one form. */
function spellingOf(page: ListPage, prefix: string, fields: DateFields): DatePart['spell'] {
  const parts = [
    ...page.groups.map((group) => folderDate(nameOf(group, prefix), fields)),
    ...page.objects.map(({ key }) => nameDate(key.slice(prefix.length))),
  ];
  const [first] = parts;
  return parts.every((part) => part && part.pattern === first?.pattern) ? first?.spell : undefined;
}

function levelOf(
  pages: readonly ListPage[],
  prefix: string,
  fields: DateFields,
  cut: 'none' | 'older' | 'unknown',
): Level {
  const dated: DatedFolder[] = [];
  const others: string[] = [];
  for (const group of pages.flatMap(({ groups }) => groups)) {
    const part = folderDate(nameOf(group, prefix), fields);
    if (part) dated.push({ prefix: group, part });
    else others.push(group);
  }
  const isCut = pages.at(-1)?.next !== undefined;
  return {
    dated: dated.sort((a, b) => b.part.from - a.part.from),
    others,
    objects: pages.flatMap(({ objects }) => objects),
    more: isCut ? 'unknown' : cut === 'unknown' ? 'none' : cut,
  };
}

/** The folder's own name. */
function nameOf(group: string, prefix: string): string {
  return group.slice(prefix.length, -1);
}
