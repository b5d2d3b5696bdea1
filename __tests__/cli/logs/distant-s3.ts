/**
 * An S3 that is far away: a server that answers ListObjectsV2 and GetObject of one bucket in memory, counts what it is asked,
 * and lets requests wait until others came, as they would if each took its time. Nothing depends on a clock.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ListPage } from '../../../logs';
import { bucketOf } from '../../logs/bucket';

export interface DistantS3 {
  readonly url: string;
  /** Prefixes that were listed. */
  readonly listed: string[];
  /** Most requests of each kind that waited at once. */
  readonly most: { list: number; get: number };
  stop(): Promise<void>;
}

/** Milliseconds after which requests are answered that too few others follow. */
const PATIENCE = { list: 50, get: 1_000 };

/**
 * @param objects one without a body is listed, and gone when it is fetched
 * @param together answers requests for objects once so many of them wait; half as many for lists
 * @param throttled of this many requests, each is refused once
 */
export async function distantS3(
  objects: readonly (readonly [key: string, lastModified: number, body?: Buffer])[],
  together = 1,
  throttled = 0,
): Promise<DistantS3> {
  let refusals = throttled;
  const bucket = bucketOf(objects);
  const bodies = new Map(objects.map(([key, , body]) => [key, body]));
  const listed: string[] = [];
  const most = { list: 0, get: 0 };
  const now = { list: 0, get: 0 };
  const waiting: Record<'list' | 'get', (() => void)[]> = { list: [], get: [] };
  const release = (kind: 'list' | 'get') => {
    for (const answer of waiting[kind].splice(0)) answer();
  };
  const company = (kind: 'list' | 'get') =>
    new Promise<void>((resolve) => {
      waiting[kind].push(resolve);
      if (waiting[kind].length >= (kind === 'get' ? together : together / 2)) release(kind);
      else setTimeout(() => release(kind), PATIENCE[kind]).unref();
    });

  const server: Server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    if (refusals > 0) {
      refusals--;
      response.statusCode = 503;
      response.end('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>');
      return;
    }
    const kind = searchParams.get('list-type') === '2' ? 'list' : 'get';
    most[kind] = Math.max(most[kind], ++now[kind]);
    await company(kind);
    if (kind === 'list') {
      const prefix = searchParams.get('prefix') ?? '';
      listed.push(prefix);
      const page = await bucket.list({
        prefix,
        delimiter: searchParams.get('delimiter') === '/' ? '/' : undefined,
        startAfter: searchParams.get('start-after') ?? undefined,
        token: searchParams.get('continuation-token') ?? undefined,
      });
      response.setHeader('content-type', 'application/xml').end(xmlOf(page));
    } else {
      const body = bodies.get(decodeURIComponent(pathname.split('/').slice(2).join('/')));
      response.statusCode = body ? 200 : 404;
      response.end(body ?? '<Error><Code>NoSuchKey</Code><Message>It is gone.</Message></Error>');
    }
    now[kind]--;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    listed,
    most,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function xmlOf({ objects, groups, next }: ListPage): string {
  const contents = objects.map(
    ({ key, size, lastModified }) =>
      `<Contents><Key>${key}</Key><Size>${size}</Size><LastModified>${new Date(lastModified).toISOString()}</LastModified></Contents>`,
  );
  const prefixes = groups.map((group) => `<CommonPrefixes><Prefix>${group}</Prefix></CommonPrefixes>`);
  const more = next ? `<NextContinuationToken>${next}</NextContinuationToken>` : '';
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${more}${contents.join('')}${prefixes.join('')}</ListBucketResult>`;
}
