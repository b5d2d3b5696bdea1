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

/** What follows an API's name where a page behind the first one is asked for; only while pages are small. */
export const NEXT_PAGE = ', next page';

/** Requests of one access key: seen, and spoilt, apart from those of others. */
export interface Lane {
  /** Every API in the order in which it was asked, retries included. */
  readonly seen: string[];
  /** Spoils answers of an API, or of all that match: the first one, or all. Takes the place of what was spoilt before. */
  spoil(api: string | RegExp, fault: Fault, times: 'once' | 'always'): void;
  /** Denies all APIs that match, beside what is spoilt. */
  deny(apis: RegExp): void;
  /** Whether it may spoil the next answer of an API. */
  spoils(api: string): boolean;
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
  /**
   * Has the emulator give no more than so many items a page from now on, where it knows pages: AWS, too, may give fewer than
   * were asked for (IAM API Reference, ListRoles, `MaxItems`).
   */
  smallPages(items: number): void;
  /** Keeps the emulator's answers of some APIs from now on, and gives them again to the same question instead of asking it. */
  keepAnswers(apis: RegExp): void;
  stop(): Promise<void>;
}

interface Plan {
  readonly api: string | RegExp;
  readonly fault: Fault;
  left: number;
}

interface LaneState extends Lane {
  plan: Plan | undefined;
  denied: RegExp | undefined;
}

/** What a client asked. */
interface Question {
  readonly method: string | undefined;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What the target answered. */
interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * What AWS documents for calls that the emulator lacks: every bucket's ABAC is on, and it has one tag; there are no S3 Access
 * Grants (S3 and S3 Control API References, GetBucketAbac, ListTagsForResource and ListAccessGrants).
 */
const NOT_EMULATED: Readonly<Record<string, string>> = {
  's3:GetBucketAbac': '<AbacStatus><Status>Enabled</Status></AbacStatus>',
  's3control:ListTagsForResource':
    '<ListTagsForResourceResult><Tags><Tag><Key>holds</Key><Value>logs</Value></Tag></Tags></ListTagsForResourceResult>',
  's3control:ListAccessGrants':
    '<ListAccessGrantsResult><AccessGrantsList></AccessGrantsList></ListAccessGrantsResult>',
};

export async function startProxy(target: string): Promise<FaultProxy> {
  const lanes = new Map<string, LaneState>();
  const kept = new Map<string, Promise<Answer>>();
  let keeps: RegExp | undefined;
  const laneOf = (key: string): LaneState => {
    const lane = lanes.get(key) ?? newLane();
    lanes.set(key, lane);
    return lane;
  };
  let pageSize: number | undefined;
  const ask = (api: string, question: Question): Promise<Answer> => {
    const stub = NOT_EMULATED[api];
    if (stub) return Promise.resolve({ status: 200, headers: {}, body: Buffer.from(stub) });
    if (!keeps?.test(api)) return forward(target, question);
    const { method, url, headers, body } = question;
    const key = JSON.stringify([
      method,
      url,
      headers['x-amz-target'],
      headers['x-amz-expected-bucket-owner'],
      body.toString(),
    ]);
    const answer = kept.get(key) ?? forward(target, question);
    kept.set(key, answer);
    return answer;
  };
  let gate: ((api: string) => Promise<void>) | undefined;
  const server: Server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method, url = '', headers } = incoming;
      const asked: Question = { method, url, headers, body: Buffer.concat(chunks) };
      const named = apiOrFailure(incoming, asked.body.toString(), outgoing);
      const question = pageSize === undefined ? asked : withPagesOf(pageSize, named, asked);
      const api = pageSize !== undefined && isNextPage(asked) ? `${named}${NEXT_PAGE}` : named;
      const key = /Credential=(LANE\d+)\//.exec(incoming.headers.authorization ?? '')?.[1] ?? '';
      const lane = laneOf(key);
      lane.seen.push(api);
      const { plan, denied } = lane;
      if (denied?.test(api)) {
        spoilt('denied', api, incoming, outgoing);
        return;
      }
      if (plan && isPlanned(plan, api)) {
        plan.left--;
        spoilt(plan.fault, api, incoming, outgoing);
        return;
      }
      const answered = gate ? gate(api).then(() => ask(api, question)) : ask(api, question);
      answered.then(
        (answer) => {
          const { 'content-length': _, 'transfer-encoding': __, ...kept } = answer.headers;
          outgoing.writeHead(answer.status, kept);
          // The credentials of an assumed role stay in the lane that asked for them.
          const isRole = key !== '' && api === 'sts:AssumeRole';
          outgoing.end(
            isRole ? answer.body.toString().replace(/(<AccessKeyId>)\w+/, `$1${key}`) : answer.body,
          );
        },
        () => outgoing.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { seen, spoil, deny, spoils, clear } = laneOf('');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    spoil,
    deny,
    spoils,
    clear,
    lane: laneOf,
    gatherWaves: (quiet) => {
      const waves: string[][] = [];
      gate = waveGate(quiet, waves);
      return waves;
    },
    smallPages: (items) => {
      pageSize = items;
    },
    keepAnswers: (apis) => {
      keeps = apis;
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
    denied: undefined,
    seen: [],
    spoil: (api, fault, times) => {
      lane.plan = { api, fault, left: times === 'once' ? 1 : Number.POSITIVE_INFINITY };
    },
    deny: (apis) => {
      lane.denied = apis;
    },
    spoils: (api) =>
      (lane.denied?.test(api) ?? false) || (lane.plan !== undefined && isPlanned(lane.plan, api)),
    clear: () => {
      lane.plan = undefined;
      lane.denied = undefined;
      lane.seen.length = 0;
    },
  };
  return lane;
}

function isPlanned({ api: planned, left }: Plan, api: string): boolean {
  return left > 0 && (typeof planned === 'string' ? planned === api : planned.test(api));
}

/**
 * The API of a request, as `checks/observe/live/api.ts` names it. One that it can't name is answered, and thrown: out of a
 * server's listener, an error fails the test that runs.
 */
export function apiOrFailure(incoming: IncomingMessage, body: string, outgoing: ServerResponse): string {
  const api = apiOf(incoming, body);
  if (api) return api;
  const { method, url, headers } = incoming;
  const sentence = `The tests can't name the API of ${method} ${url} (${/Credential=[^\s,]+/.exec(headers.authorization ?? '')?.[0] ?? 'not signed'}): add it to __tests__/e2e/support/proxy.ts.`;
  outgoing.writeHead(501, { 'content-type': 'text/plain' });
  outgoing.end(method === 'HEAD' ? undefined : sentence);
  throw new Error(sentence);
}

function apiOf({ method = '', url = '', headers }: IncomingMessage, body: string): string | undefined {
  // The name of the service is part of what is signed (IAM User Guide, "Elements of an AWS API request signature").
  const service = /Credential=[^/]+\/\d+\/[^/]+\/(\w+)\//.exec(headers.authorization ?? '')?.[1];
  const action =
    /(?:^|&)Action=(\w+)/.exec(body)?.[1] ?? /^\w+\.(\w+)$/.exec(String(headers['x-amz-target']))?.[1];
  if (action) return `${service}:${action}`;
  const { pathname, searchParams } = new URL(url, 'http://x');
  return service === 's3' ? s3ApiOf(method, pathname, [...searchParams.keys()]) : undefined;
}

/** Paths of S3 Control, which is signed for as S3 is. */
const CONTROL_READS: readonly (readonly [path: RegExp, api: string])[] = [
  [/\/configuration\/publicAccessBlock$/, 's3control:GetPublicAccessBlock'],
  [/\/accesspoint\/[^/]+\/policy$/, 's3control:GetAccessPointPolicy'],
  [/\/tags\/[^/]+$/, 's3control:ListTagsForResource'],
  [/\/accesspoint$/, 's3control:ListAccessPoints'],
  [/\/accessgrantsinstance\/grants$/, 's3control:ListAccessGrants'],
];

const OF_BUCKET: Readonly<Record<string, string>> = {
  'HEAD ': 's3:HeadBucket',
  'GET list-type': 's3:ListObjectsV2',
  'GET policy': 's3:GetBucketPolicy',
  'GET publicAccessBlock': 's3:GetPublicAccessBlock',
  'GET acl': 's3:GetBucketAcl',
  'GET ownershipControls': 's3:GetBucketOwnershipControls',
  'GET encryption': 's3:GetBucketEncryption',
  'GET notification': 's3:GetBucketNotificationConfiguration',
  'GET object-lock': 's3:GetObjectLockConfiguration',
  'GET lifecycle': 's3:GetBucketLifecycleConfiguration',
  'GET replication': 's3:GetBucketReplication',
  'GET inventory': 's3:ListBucketInventoryConfigurations',
  'GET versioning': 's3:GetBucketVersioning',
  'GET logging': 's3:GetBucketLogging',
  'GET abac': 's3:GetBucketAbac',
  // What Terraform alone asks for.
  'GET accelerate': 's3:GetBucketAccelerateConfiguration',
  'GET cors': 's3:GetBucketCors',
  'GET requestPayment': 's3:GetBucketRequestPayment',
  'GET tagging': 's3:GetBucketTagging',
  'GET website': 's3:GetBucketWebsite',
};

const OF_OBJECT: Readonly<Record<string, string>> = {
  'GET ': 's3:GetObject',
  'PUT ': 's3:PutObject',
  'DELETE ': 's3:DeleteObject',
};

/** Parts of a query that don't tell which call it is (Amazon S3 API Reference, ListBuckets, ListObjectsV2 and DeleteObject). */
const DETAILS = [
  'x-id',
  'bucket-region',
  'continuation-token',
  'delimiter',
  'encoding-type',
  'fetch-owner',
  'max-buckets',
  'max-keys',
  'prefix',
  'start-after',
  'versionId',
];

/** Path style: `/`, `/bucket` or `/bucket/key`. */
function s3ApiOf(method: string, path: string, query: readonly string[]): string | undefined {
  if (path.startsWith('/v20180820/'))
    return method === 'GET' ? CONTROL_READS.find(([known]) => known.test(path))?.[1] : undefined;
  const asked = `${method} ${query.filter((name) => !DETAILS.includes(name)).join('&')}`;
  if (path === '/') return asked === 'GET ' ? 's3:ListBuckets' : undefined;
  return (/^\/[^/]+\/./.test(path) ? OF_OBJECT : OF_BUCKET)[asked];
}

/** Listings of which the emulator knows pages, and whose size can be asked for in the form. SNS's are always of 100. */
const PAGED_BY_FORM = ['iam:ListRoles', 'iam:ListAttachedRolePolicies'];

/** The same question, for smaller pages. */
function withPagesOf(items: number, api: string, question: Question): Question {
  if (api === 's3:ListObjectsV2') {
    const url = new URL(question.url, 'http://x');
    url.searchParams.set('max-keys', String(items));
    return { ...question, url: `${url.pathname}${url.search}` };
  }
  if (!PAGED_BY_FORM.includes(api)) return question;
  const form = new URLSearchParams(question.body.toString());
  form.set('MaxItems', String(items));
  const body = Buffer.from(form.toString());
  return { ...question, body, headers: { ...question.headers, 'content-length': String(body.length) } };
}

function isNextPage({ url, body }: Question): boolean {
  return /[?&]continuation-token=./.test(url) || /&(Marker|NextToken)=./.test(body.toString());
}

function forward(target: string, { method, url: path, headers, body }: Question): Promise<Answer> {
  const { hostname, port } = new URL(target);
  return new Promise((resolve, reject) => {
    const onward = request({ hostname, port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    onward.once('error', reject);
    onward.end(body);
  });
}

function spoilt(fault: Fault, api: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const error = (status: number, code: string, message: string) => {
    const isJson = /^(kms|sqs|organizations):/.test(api);
    const text = isJson
      ? JSON.stringify({ __type: code, message })
      : api.startsWith('s3')
        ? `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>r</RequestId></Error>`
        : `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
    outgoing.writeHead(status, { 'content-type': isJson ? 'application/x-amz-json-1.1' : 'text/xml' });
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
