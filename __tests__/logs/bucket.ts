/** A bucket in memory that lists as S3 does (Amazon S3 API Reference, ListObjectsV2), and counts the calls. */
import type { ListedObject, ListPage, ListRequest, ObjectStore } from '../../logs';

export interface FakeBucket extends ObjectStore {
  readonly requests: ListRequest[];
}

/** @param objects keys, each with when it was last modified and perhaps its bytes */
export function bucketOf(
  objects: Iterable<readonly [key: string, lastModified: number, body?: Buffer]>,
): FakeBucket {
  const bodies = new Map<string, Buffer>();
  const listed: ListedObject[] = [];
  for (const [key, lastModified, body] of objects) {
    listed.push({ key, lastModified, size: body?.length ?? 1, owner: 'c0ffee' });
    if (body) bodies.set(key, body);
  }
  // The keys of these tests are ASCII: the order of UTF-16 is that of UTF-8.
  listed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const requests: ListRequest[] = [];
  return {
    requests,
    async list(request) {
      requests.push(request);
      return pageOf(listed, request);
    },
    async get(key) {
      const body = bodies.get(key);
      if (!body) throw new Error(`there is no ${key}`);
      return {
        body: (async function* () {
          yield body;
        })(),
        encryption: 'AES256',
      };
    },
  };
}

function pageOf(listed: readonly ListedObject[], request: ListRequest): ListPage {
  const { prefix = '', delimiter, startAfter = '', token, limit = 1000 } = request;
  const objects: ListedObject[] = [];
  const groups: string[] = [];
  let index =
    token === undefined ? lowerBound(listed, [startAfter, prefix].sort().at(-1) ?? '') : Number(token);
  for (; index < listed.length; ) {
    const object = listed[index]!;
    if (!object.key.startsWith(prefix)) break;
    if (token === undefined && object.key <= startAfter) {
      index++;
      continue;
    }
    if (objects.length + groups.length === limit) return { objects, groups, next: String(index) };
    const end = delimiter ? object.key.indexOf(delimiter, prefix.length) : -1;
    if (end < 0) {
      objects.push(object);
      index++;
    } else {
      const group = object.key.slice(0, end + 1);
      groups.push(group);
      index = lowerBound(listed, `${group}\uffff`);
    }
  }
  return { objects, groups };
}

/** The first index whose key is not before this one. */
function lowerBound(listed: readonly ListedObject[], key: string): number {
  let [low, high] = [0, listed.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (listed[middle]!.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
