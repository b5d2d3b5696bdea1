/** What an AWS error means, in one sentence. */
import type { Unreadable } from '../observation';
import { type ApiName, apiOf } from './api';
import { DeadlineExceeded, RunCancelled } from './deadline';
import { denialOf } from './denial';
import type { Endpoint } from './endpoints';

/** Thrown where the role of an account could not be assumed, to every call that would have needed it. */
export class RoleNotAssumed extends Error {
  override readonly name = 'RoleNotAssumed';
  constructor(readonly reason: Unreadable) {
    super(reason.message);
  }
}

/** What the SDK throws, as far as we look at it. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly Code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $response?: { readonly statusCode?: number };
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

const DENIED =
  /^(AccessDenied|AccessDeniedException|AccessDeniedByServiceControlPolicy|UnauthorizedOperation|Forbidden|403)$/;
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/;
const REFUSED =
  /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|IncompleteSignature|AuthFailure|MissingAuthenticationToken)$/;
/** A request is too old or too new for AWS. STS and IAM say so in words, beside a code that says something else. */
const CLOCK = /^(RequestTimeTooSkewed|RequestInTheFuture)$/;
const CLOCK_SENTENCE = /signature (expired|not yet current)/i;
/** The account, not the caller: no permission would help. */
const ACCOUNT =
  /^(AccountProblem|AllAccessDisabled|InvalidPayer|NotSignedUp|OptInRequired|SubscriptionRequiredException)$/;
/** The object is in an archive. */
const ARCHIVED = /^InvalidObjectState$/;
const NO_CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;
const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|RequestThrottled|RequestThrottledException|TooManyRequestsException|RequestLimitExceeded|BandwidthLimitExceeded|ProvisionedThroughputExceededException|SlowDown|429)$/;
const NETWORK =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|TimeoutError|EPROTO|CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)$/;

/** AWS's error code, or the system's for a failure below HTTP. */
export function errorCode(error: unknown): string {
  const { name, code, Code, $metadata, cause, errors } = (error ?? {}) as SdkError;
  if (name === 'AggregateError' && errors?.[0]) return errorCode(errors[0]);
  if (typeof code === 'string' && NETWORK.test(code)) return code;
  if (typeof Code === 'string' && Code !== '') return Code;
  if (name === 'Error' && cause) return errorCode(cause);
  // HeadBucket's 4xx have no body: the SDK can only give the status.
  if (name && name !== 'Error' && !/^Unknown/.test(name)) return name;
  return typeof code === 'string' ? code : String($metadata?.httpStatusCode ?? name ?? 'unknown');
}

/** Whether the error is AWS's way to say that the thing does not exist. */
export function meansAbsent(api: ApiName, error: unknown): boolean {
  const { absent } = apiOf(api);
  return absent?.includes(errorCode(error)) ?? false;
}

/** Whether AWS refused because a permission is missing. Not every 403 says that. */
function meansDenied(error: unknown): boolean {
  const code = errorCode(error);
  if (DENIED.test(code)) return true;
  const { $metadata } = (error ?? {}) as SdkError;
  return (
    $metadata?.httpStatusCode === 403 &&
    ![EXPIRED, REFUSED, ACCOUNT, ARCHIVED].some((other) => other.test(code)) &&
    !isClock(code, error)
  );
}

/** Whether this machine's clock differs too much from AWS's. */
function isClock(code: string, error: unknown): boolean {
  return CLOCK.test(code) || CLOCK_SENTENCE.test((error as SdkError)?.message ?? '');
}

/** Whether AWS refused because it was asked too fast. */
export function meansThrottled(error: unknown): boolean {
  return THROTTLED.test(errorCode(error));
}

/** Whether there are no credentials that AWS accepts: then no other call will do better. */
export function meansNoCredentials({ api, code = '' }: Unreadable): boolean {
  return (
    api === 'sts:AssumeRole' ||
    [EXPIRED, REFUSED, NO_CREDENTIALS, CLOCK].some((pattern) => pattern.test(code))
  );
}

/** What kind of thing has to change before the call can work. */
export function problemOf(reason: Unreadable): 'credentials' | 'network' | 'permission' | 'other' {
  if (meansNoCredentials(reason)) return 'credentials';
  if (reason.permission) return 'permission';
  return NETWORK.test(reason.code ?? '') ? 'network' : 'other';
}

/** Where something was asked. */
export interface AskedAt {
  readonly accountId?: string | undefined;
  readonly region: string;
  /** In place of AWS's own. */
  readonly endpoint?: Endpoint;
  readonly profile?: string | undefined;
}

/** Why an API's answer could not be had. */
export function unreadableBecause(api: ApiName, error: unknown, at: AskedAt): Unreadable {
  if (error instanceof RoleNotAssumed) return error.reason;
  const code = errorCode(error);
  const requestId = (error as SdkError)?.$metadata?.requestId;
  const { permission } = apiOf(api);
  const { message = '' } = (error ?? {}) as SdkError;
  const isDenied = meansDenied(error);
  const { action, ...denial } = isDenied ? denialOf(message) : {};
  const deniedBy =
    denial.deniedBy ?? (code === 'AccessDeniedByServiceControlPolicy' ? 'service control policy' : undefined);
  return {
    message: sentence(api, code, error, at),
    api,
    code,
    requestId,
    accountId: at.accountId,
    region: at.region,
    ...(isDenied && permission ? { permission: action ?? permission } : {}),
    ...(isDenied && isSentence(message) ? { said: oneLine(message) } : {}),
    ...denial,
    deniedBy,
  };
}

function sentence(api: ApiName, code: string, error: unknown, at: AskedAt): string {
  const { message = '', $metadata } = (error ?? {}) as SdkError;
  const said = message ? `, which says: ${oneLine(message)}` : '';
  if (NO_CREDENTIALS.test(code)) {
    const profile = at.profile ?? process.env.AWS_PROFILE;
    const named = at.profile ? 'profile in the config' : 'AWS_PROFILE';
    const why = /SSO|MFA|multi-factor|expired/i.test(message) ? said : '';
    return profile
      ? `no AWS credentials were found for the profile ${profile} (${named})${why}; correct it, or log in`
      : 'no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in';
  }
  if (isClock(code, error))
    return `this machine’s clock differs too much from AWS’s (${code} from ${api}); set it right and run it again`;
  if (ARCHIVED.test(code))
    return `${api} can’t read an object in an archive storage class (${code}); have it restored first`;
  if (ACCOUNT.test(code))
    return `AWS refuses ${api} because of the account itself (${code})${said}; its owner has to settle that with AWS`;
  if (EXPIRED.test(code))
    return `the AWS credentials have expired (${code} from ${api}); renew them and run it again`;
  if (REFUSED.test(code))
    return `AWS does not accept the credentials (${code} from ${api}); ${refusedRemedy(api, at)}`;
  if (error instanceof RunCancelled) return `${error.message} before ${api} answered`;
  if (code === 'AbortError') return `the run was cancelled before ${api} answered`;
  if (error instanceof DeadlineExceeded)
    return `${api} gave no answer within ${error.seconds} seconds, retries included; run it again later`;
  if (NETWORK.test(code)) {
    const where = at.endpoint?.url ?? `AWS in ${at.region}`;
    const remedy = at.endpoint
      ? `check ${at.endpoint.setting}`
      : 'check the network, the proxy and AWS_REGION';
    return `${where} could not be reached for ${api} (${code}); ${remedy}`;
  }
  if (THROTTLED.test(code))
    return `AWS throttled ${api} (${code}) more often than we retry; run it again later`;
  if (meansDenied(error)) return `AWS denied ${api} (${code})${isSentence(message) ? said : ''}`;
  if (($metadata?.httpStatusCode ?? 0) >= 500)
    return `${api} failed on AWS’s side (${code}); run it again later`;
  return `${api} failed (${code})${said}`;
}

/**
 * A region that has to be opted in to refuses credentials of an account that has not, and session tokens of the global STS
 * endpoint (IAM User Guide, "Manage AWS STS in an AWS Region").
 */
function refusedRemedy(api: ApiName, { region }: AskedAt): string {
  return /^(s3|s3control|kms):/.test(api)
    ? `correct them; if ${region} is a region to opt in to, enable it for the account and use a regional STS endpoint`
    : 'correct them';
}

/** Whether AWS says more than that it refused: “Access Denied”, “Forbidden” and the SDK's “UnknownError” tell nothing. */
function isSentence(message: string): boolean {
  return /\bnot authorized\b|\bexplicit deny\b|\bbecause\b/i.test(message);
}

/** Characters of a sentence of AWS's: it names the caller, the resource and the policy by their ARNs, each of up to some hundreds. */
const LONGEST_SENTENCE = 4_000;

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_SENTENCE ? `${line.slice(0, LONGEST_SENTENCE)}…` : line;
}
