/** An AWS of the test's own, for answers that the emulator does not give: what AWS sends on the wire, by API. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiOf } from '../../e2e/support/proxy';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Request {
  readonly api: string;
  /** The region that the request was signed for. */
  readonly region: string;
  readonly headers: IncomingMessage['headers'];
  readonly url: string;
  readonly body: string;
}

/** Answers of a compliant export; what a test gives takes their place. */
export type Answers = Readonly<Record<string, (request: Request) => Answer>>;

export interface FakeAws {
  readonly url: string;
  /** Each request in its order. */
  readonly seen: Request[];
  stop(): Promise<void>;
}

export async function startFakeAws(answers: () => Answers): Promise<FakeAws> {
  const seen: Request[] = [];
  const server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on('end', () => {
      const [, region = ''] =
        /Credential=[^/]+\/\d+\/([^/]+)\//.exec(incoming.headers.authorization ?? '') ?? [];
      const request = {
        api: apiOf(incoming, body),
        region,
        headers: incoming.headers,
        url: incoming.url ?? '',
        body,
      };
      seen.push(request);
      const answer = answers()[request.api]?.(request) ?? { status: 501, body: '' };
      outgoing.writeHead(answer.status ?? 200, {
        'content-type': request.api.startsWith('kms:') ? 'application/x-amz-json-1.1' : 'text/xml',
        'x-amz-request-id': `request-${seen.length}`,
        ...answer.headers,
      });
      outgoing.end(incoming.method === 'HEAD' ? undefined : answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** An answer of IAM or STS. */
export function query(action: string, result: string): Answer {
  return {
    body: `<${action}Response><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`,
  };
}

/** An error of IAM or STS. */
export function queryError(status: number, code: string, message = ''): Answer {
  return {
    status,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  };
}

/** An error of S3. */
export function s3Error(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers,
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`,
  };
}

/** An answer of KMS. */
export function kms(body: object): Answer {
  return { body: JSON.stringify(body) };
}

/** An error of KMS. */
export function kmsError(status: number, code: string): Answer {
  return { status, body: JSON.stringify({ __type: code, message: 'm' }) };
}
