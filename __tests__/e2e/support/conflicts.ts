/**
 * Stands between Terraform and the emulator, and does what S3 does and the emulator doesn't: a change of a bucket's settings
 * that comes while another one of the same bucket is under way gets 409 OperationAborted.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface ConflictProxy {
  readonly url: string;
  /** Every change that met another one, as `PUT bucket ?policy while ?publicAccessBlock`. */
  readonly conflicts: readonly string[];
  /** How many changes of buckets went through. */
  readonly changes: number;
  stop(): Promise<void>;
}

/** Path style: `/bucket?subresource`. Objects' keys and queries to other services are no change of a bucket. */
const BUCKET = /^\/([a-z0-9][a-z0-9.-]{2,62})\/?(?:\?(.*))?$/;

const ABORTED =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>OperationAborted</Code><Message>A conflicting conditional operation ' +
  'is currently in progress against this resource. Please try again.</Message></Error>';

/** @param slowness milliseconds that each change takes longer, so that two at a time really meet */
export async function startConflictProxy(target: string, slowness: number): Promise<ConflictProxy> {
  const underWay = new Map<string, string>();
  const conflicts: string[] = [];
  let changes = 0;
  const server = createServer(async (incoming, outgoing) => {
    const [, bucket, query = ''] = BUCKET.exec(incoming.url ?? '') ?? [];
    const isChange = bucket !== undefined && (incoming.method === 'PUT' || incoming.method === 'DELETE');
    if (!isChange) return forward(target, incoming, outgoing);
    const what = query.split('&')[0] || 'the bucket';
    const other = underWay.get(bucket);
    if (other !== undefined) {
      conflicts.push(`${incoming.method} ${bucket} ${what} while ${other}`);
      incoming.resume();
      outgoing.writeHead(409, { 'content-type': 'application/xml' }).end(ABORTED);
      return;
    }
    changes += 1;
    underWay.set(bucket, what);
    await pause(slowness);
    outgoing.once('close', () => underWay.delete(bucket));
    forward(target, incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    conflicts,
    get changes() {
      return changes;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url, headers } = incoming;
  const onward = request(new URL(url ?? '/', target), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
