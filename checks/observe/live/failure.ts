/** What an AWS error means, in one sentence. */
import type { Unreadable } from '../observation';
import { APIS, type Api, type ApiName } from './api';

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
  /^(AccessDenied|AccessDeniedException|AccessDeniedByServiceControlPolicy|UnauthorizedOperation|Forbidden|AllAccessDisabled|403)$/;
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/;
const REFUSED =
  /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|IncompleteSignature|AuthFailure|MissingAuthenticationToken)$/;
const NO_CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;
const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded|SlowDown|429)$/;
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
  const { absent }: Api = APIS[api];
  return absent?.includes(errorCode(error)) ?? false;
}

/** Whether AWS refused for want of a permission. */
export function meansDenied(error: unknown): boolean {
  return DENIED.test(errorCode(error)) || (error as SdkError)?.$metadata?.httpStatusCode === 403;
}

/** Why an API's answer could not be had. */
export function unreadableBecause(
  api: ApiName,
  error: unknown,
  at: { accountId?: string | undefined; region: string; endpoint?: string | undefined },
): Unreadable {
  const code = errorCode(error);
  const requestId = (error as SdkError)?.$metadata?.requestId;
  const { permission }: Api = APIS[api];
  const denied = meansDenied(error) && !EXPIRED.test(code) && !REFUSED.test(code);
  return {
    message: sentence(api, code, error, at),
    api,
    code,
    ...(requestId ? { requestId } : {}),
    ...(at.accountId ? { accountId: at.accountId } : {}),
    region: at.region,
    ...(denied && permission ? { permission } : {}),
  };
}

function sentence(
  api: ApiName,
  code: string,
  error: unknown,
  at: { region: string; endpoint?: string | undefined },
): string {
  const { message = '', $metadata } = (error ?? {}) as SdkError;
  const said = message ? `, which says: ${oneLine(message)}` : '';
  if (NO_CREDENTIALS.test(code)) {
    const profile = process.env.AWS_PROFILE;
    return profile
      ? `no AWS credentials were found for the profile ${profile} (AWS_PROFILE); correct it, or log in`
      : 'no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in';
  }
  if (EXPIRED.test(code))
    return `the AWS credentials have expired (${code} from ${api}); renew them and run it again`;
  if (REFUSED.test(code)) return `AWS does not accept the credentials (${code} from ${api}); correct them`;
  if (code === 'AbortError') return `the run was cancelled or timed out before ${api} answered`;
  if (NETWORK.test(code)) {
    const where = at.endpoint ?? `AWS in ${at.region}`;
    const remedy = at.endpoint ? 'check AWS_ENDPOINT_URL' : 'check the network, the proxy and AWS_REGION';
    return `${where} could not be reached for ${api} (${code}); ${remedy}`;
  }
  if (THROTTLED.test(code))
    return `AWS throttled ${api} (${code}) more often than we retry; run it again later`;
  if (meansDenied(error)) return `AWS denied ${api} (${code})${/explicit deny/i.test(message) ? said : ''}`;
  if (($metadata?.httpStatusCode ?? 0) >= 500)
    return `${api} failed on AWS’s side (${code}); run it again later`;
  return `${api} failed (${code})${said}`;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
