/** An AWS of the test's own, for answers that the emulator does not give: what AWS sends on the wire, by API. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExportContract } from '../../../../contract/contract';
import { apiOrFailure } from '../../../e2e/support/proxy';

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

/** What the SDK needs to ask it, each call once. */
export function environmentOf({ url }: FakeAws): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'y',
    AWS_REGION: 'us-east-1',
    AWS_MAX_ATTEMPTS: '1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

export async function startFakeAws(answers: () => Answers, seen: Request[] = []): Promise<FakeAws> {
  const server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on('end', () => {
      const [, region = ''] =
        /Credential=[^/]+\/\d+\/([^/]+)\//.exec(incoming.headers.authorization ?? '') ?? [];
      const request = {
        api: apiOrFailure(incoming, body, outgoing),
        region,
        headers: incoming.headers,
        url: incoming.url ?? '',
        body,
      };
      seen.push(request);
      const answer = answers()[request.api]?.(request) ?? { status: 501, body: '' };
      outgoing.writeHead(answer.status ?? 200, {
        'content-type': /^(kms|organizations):/.test(request.api) ? 'application/x-amz-json-1.1' : 'text/xml',
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

/** An answer of KMS. Organizations answers in the same form. */
export function kms(body: object): Answer {
  return { body: JSON.stringify(body) };
}

/** An error of KMS. */
export function kmsError(status: number, code: string): Answer {
  return { status, body: JSON.stringify({ __type: code, message: 'm' }) };
}

export const ACCOUNT = '123456789012';

export const encoded = (document: unknown) => encodeURIComponent(JSON.stringify(document));
export const roleXml = (contract: ExportContract) =>
  `<RoleName>${contract.roleName}</RoleName><Path>/</Path><Arn>arn:aws:iam::${ACCOUNT}:role/${contract.roleName}</Arn><RoleId>AROA</RoleId><CreateDate>2026-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>${encoded(contract.trust)}</AssumeRolePolicyDocument>`;
export const block =
  '<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>';
export const acl =
  '<AccessControlPolicy><Owner><ID>owner</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>owner</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>';
export const encryption = (sse: string) =>
  `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>${sse}</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`;

/** What AWS answers to a check of a compliant export. */
export const compliantAnswers = (contract: ExportContract): Answers => ({
  'sts:GetCallerIdentity': () =>
    query(
      'GetCallerIdentity',
      `<Account>${ACCOUNT}</Account><Arn>arn:aws:iam::${ACCOUNT}:user/me</Arn><UserId>U</UserId>`,
    ),
  'iam:GetRole': () => query('GetRole', `<Role>${roleXml(contract)}</Role>`),
  'iam:ListRolePolicies': () =>
    query(
      'ListRolePolicies',
      '<PolicyNames><member>put</member></PolicyNames><IsTruncated>false</IsTruncated>',
    ),
  'iam:GetRolePolicy': () =>
    query(
      'GetRolePolicy',
      `<RoleName>r</RoleName><PolicyName>put</PolicyName><PolicyDocument>${encoded(contract.permissions)}</PolicyDocument>`,
    ),
  'iam:ListAttachedRolePolicies': () =>
    query('ListAttachedRolePolicies', '<AttachedPolicies/><IsTruncated>false</IsTruncated>'),
  'iam:ListRoles': () => query('ListRoles', '<Roles/><IsTruncated>false</IsTruncated>'),
  's3:HeadBucket': () => ({ headers: { 'x-amz-bucket-region': contract.region } }),
  's3:GetBucketPolicy': () => s3Error(404, 'NoSuchBucketPolicy'),
  's3:GetPublicAccessBlock': () => ({ body: block }),
  's3:GetBucketAcl': () => ({ body: acl }),
  's3:GetBucketEncryption': () => ({ body: encryption('<SSEAlgorithm>AES256</SSEAlgorithm>') }),
  's3:GetBucketLifecycleConfiguration': () => s3Error(404, 'NoSuchLifecycleConfiguration'),
  's3:GetBucketReplication': () => s3Error(404, 'ReplicationConfigurationNotFoundError'),
  's3:GetObjectLockConfiguration': () => s3Error(404, 'ObjectLockConfigurationNotFoundError'),
  's3:ListBucketInventoryConfigurations': () => ({
    body: '<ListInventoryConfigurationsResult><IsTruncated>false</IsTruncated></ListInventoryConfigurationsResult>',
  }),
});

/** A fake AWS for the tests of a `describe`: the SDK asks it instead of AWS. */
export interface FakeAwsOfSuite {
  readonly url: string;
  readonly seen: Request[];
  /** Answers so from now on, and forgets what was asked before. */
  answer(answers: Answers): void;
}

export function fakeAwsForSuite(): FakeAwsOfSuite {
  const before = { ...process.env };
  const seen: Request[] = [];
  let aws: FakeAws | undefined;
  let answers: Answers = {};
  beforeAll(async () => {
    aws = await startFakeAws(() => answers, seen);
    process.env = { ...before, ...environmentOf(aws) };
  });
  afterAll(async () => {
    process.env = before;
    await aws?.stop();
  });
  return {
    get url() {
      return aws?.url ?? '';
    },
    seen,
    answer: (given) => {
      answers = given;
      seen.length = 0;
    },
  };
}
