/** Stands between the SDK and the emulator: counts requests by API, and spoils them. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What can happen to an answer. */
export type Fault =
  | 'denied'
  | 'denied-by-scp'
  | 'not-found'
  | 'throttled'
  | 'error-500'
  | 'slow-down'
  | 'reset'
  | 'hang'
  | 'truncated'
  | 'garbage'
  | 'expired';

export const FAULTS: readonly Fault[] = [
  'denied',
  'denied-by-scp',
  'not-found',
  'throttled',
  'error-500',
  'slow-down',
  'reset',
  'hang',
  'truncated',
  'garbage',
  'expired',
];

/** Faults that pass by themselves, so that a run in which they happen once ends as if they had not. */
export const TRANSIENT: readonly Fault[] = ['throttled', 'error-500', 'slow-down', 'reset', 'hang'];

/** Requests of one access key: seen, and spoilt, apart from those of others. */
export interface Lane {
  /** Every API in the order in which it was asked, retries included. */
  readonly seen: string[];
  /** Spoils answers of an API, or of all that match: the first one, or all. */
  spoil(api: string | RegExp, fault: Fault, times: 'once' | 'always'): void;
  clear(): void;
}

export interface FaultProxy extends Lane {
  readonly url: string;
  /** The lane of an access key of the form `LANE1`. All other keys share the proxy's own. */
  lane(accessKey: string): Lane;
  /**
   * Holds every request back from now on until no other has come for some milliseconds, then answers all that wait: what is
   * asked together is one wave. @returns the waves, as they form
   */
  gatherWaves(quiet: number): readonly (readonly string[])[];
  /** Keeps the emulator's answers from now on, and gives them again to the same question instead of asking it. */
  keepAnswers(): void;
  /** Forgets what was kept, and keeps anew. */
  forgetAnswers(): void;
  stop(): Promise<void>;
}

interface Plan {
  readonly api: string | RegExp;
  readonly fault: Fault;
  left: number;
}

interface LaneState extends Lane {
  plan: Plan | undefined;
}

/** What the target answered. */
interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export async function startProxy(target: string): Promise<FaultProxy> {
  const lanes = new Map<string, LaneState>();
  let kept: Map<string, Promise<Answer>> | undefined;
  const laneOf = (key: string): LaneState => {
    const lane = lanes.get(key) ?? newLane();
    lanes.set(key, lane);
    return lane;
  };
  const ask = (incoming: IncomingMessage, body: Buffer): Promise<Answer> => {
    if (!kept) return forward(target, incoming, body);
    const { method, url, headers } = incoming;
    const question = JSON.stringify([
      method,
      url,
      headers['x-amz-target'],
      headers['x-amz-expected-bucket-owner'],
      body.toString(),
    ]);
    const answer = kept.get(question) ?? forward(target, incoming, body);
    kept.set(question, answer);
    return answer;
  };
  let gate: ((api: string) => Promise<void>) | undefined;
  const server: Server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const api = apiOf(incoming, body.toString());
      const key = /Credential=(LANE\d+)\//.exec(incoming.headers.authorization ?? '')?.[1] ?? '';
      const lane = laneOf(key);
      lane.seen.push(api);
      const { plan } = lane;
      if (plan && plan.left > 0 && (typeof plan.api === 'string' ? plan.api === api : plan.api.test(api))) {
        plan.left--;
        spoilt(plan.fault, api, incoming, outgoing);
        return;
      }
      const answered = gate ? gate(api).then(() => ask(incoming, body)) : ask(incoming, body);
      answered.then(
        (answer) => {
          const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
          outgoing.writeHead(answer.status, headers);
          // The credentials of an assumed role stay in the lane that asked for them.
          outgoing.end(key ? answer.body.toString().replace(/(<AccessKeyId>)\w+/, `$1${key}`) : answer.body);
        },
        () => outgoing.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { seen, spoil, clear } = laneOf('');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    spoil,
    clear,
    lane: laneOf,
    gatherWaves: (quiet) => {
      const waves: string[][] = [];
      gate = waveGate(quiet, waves);
      return waves;
    },
    keepAnswers: () => {
      kept ??= new Map();
    },
    forgetAnswers: () => {
      kept = new Map();
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Waits of requests that end together, once no other has come for some milliseconds. */
function waveGate(quiet: number, waves: string[][]): (api: string) => Promise<void> {
  let waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  return (api) =>
    new Promise((resolve) => {
      if (waiting.length === 0) waves.push([]);
      waves.at(-1)?.push(api);
      waiting.push(resolve);
      clearTimeout(timer);
      timer = setTimeout(() => {
        const wave = waiting;
        waiting = [];
        for (const go of wave) go();
      }, quiet);
    });
}

function newLane(): LaneState {
  const lane: LaneState = {
    plan: undefined,
    seen: [],
    spoil: (api, fault, times) => {
      lane.plan = { api, fault, left: times === 'once' ? 1 : Number.POSITIVE_INFINITY };
    },
    clear: () => {
      lane.plan = undefined;
      lane.seen.length = 0;
    },
  };
  return lane;
}

/** The API of a request, as `checks/observe/live/api.ts` names it. */
export function apiOf({ method, url = '', headers }: IncomingMessage, body: string): string {
  const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  if (action) return `${/^(GetCallerIdentity|AssumeRole)$/.test(action) ? 'sts' : 'iam'}:${action}`;
  const target = /TrentService\.(\w+)/.exec(String(headers['x-amz-target']))?.[1];
  if (target) return `kms:${target}`;
  const { pathname, searchParams } = new URL(url, 'http://x');
  if (pathname.includes('/configuration/publicAccessBlock')) return 's3control:GetPublicAccessBlock';
  if (method === 'HEAD') return 's3:HeadBucket';
  const settings: Readonly<Record<string, string>> = {
    policy: 's3:GetBucketPolicy',
    publicAccessBlock: 's3:GetPublicAccessBlock',
    acl: 's3:GetBucketAcl',
    ownershipControls: 's3:GetBucketOwnershipControls',
    encryption: 's3:GetBucketEncryption',
    notification: 's3:GetBucketNotificationConfiguration',
  };
  const setting = Object.keys(settings).find((name) => searchParams.has(name));
  if (setting) return settings[setting] ?? '';
  if (method === 'GET' && searchParams.get('list-type') === '2') return 's3:ListObjectsV2';
  // Path style: what follows the bucket is an object's key.
  return method === 'GET' && /^\/[^/]+\/./.test(pathname) ? 's3:GetObject' : 's3:ListBuckets';
}

function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const { hostname, port } = new URL(target);
  return new Promise((resolve, reject) => {
    const onward = request(
      { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('end', () =>
          resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    onward.once('error', reject);
    onward.end(body);
  });
}

function spoilt(fault: Fault, api: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const error = (status: number, code: string, message: string) => {
    const kms = api.startsWith('kms:');
    const text = kms
      ? JSON.stringify({ __type: code, message })
      : api.startsWith('s3')
        ? `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>r</RequestId></Error>`
        : `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
    outgoing.writeHead(status, { 'content-type': kms ? 'application/x-amz-json-1.1' : 'text/xml' });
    outgoing.end(incoming.method === 'HEAD' ? undefined : text);
  };
  switch (fault) {
    case 'denied':
      error(403, 'AccessDenied', 'User is not authorized');
      return;
    case 'denied-by-scp':
      error(403, 'AccessDenied', 'with an explicit deny in a service control policy');
      return;
    case 'not-found':
      error(404, 'ResourceNotFoundOfSomeOtherKind', 'not here');
      return;
    case 'throttled':
      error(api.startsWith('s3') ? 429 : 400, 'Throttling', 'Rate exceeded');
      return;
    case 'error-500':
      error(500, 'InternalError', 'try again');
      return;
    case 'slow-down':
      error(503, 'SlowDown', 'Please reduce your request rate');
      return;
    case 'expired':
      error(403, 'ExpiredToken', 'The security token included in the request is expired');
      return;
    case 'reset':
      incoming.socket.destroy();
      return;
    case 'hang':
      return;
    case 'truncated':
      outgoing.writeHead(200, { 'content-type': 'text/xml', 'content-length': '5000' });
      outgoing.write('<?xml version="1.0"?><Trunc');
      setTimeout(() => incoming.socket.destroy(), 5);
      return;
    case 'garbage':
      outgoing.writeHead(200, { 'content-type': 'text/xml' });
      outgoing.end(incoming.method === 'HEAD' ? undefined : '\u0000\u0001 nothing that anybody asked for');
      return;
  }
}
