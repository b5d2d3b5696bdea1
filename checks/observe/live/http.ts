/** How requests leave the machine: timeouts, proxies, certificates. */
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { UserError } from '../../../contract/user-error';

/** Options of the SDK's request handler. */
export interface RequestHandlerOptions {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly throwOnRequestTimeout: boolean;
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** Milliseconds that one attempt of a call may take. */
const CALL_TIMEOUT = 15_000;

/**
 * Request handling as the environment asks: `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, and `AWS_CA_BUNDLE`, which the
 * JavaScript SDK does not honour by itself (AWS SDKs and Tools Reference Guide, "General configuration").
 * @param timeout milliseconds that one attempt of a call may take
 * @throws UserError where the environment's CA bundle can't be read, or an endpoint in it is no URL
 */
export async function requestHandlerOptions(timeout = CALL_TIMEOUT): Promise<RequestHandlerOptions> {
  assertEndpoints();
  // How many calls are under way is bounded by the sessions; a queue for sockets would count as time of the call.
  const common = { keepAlive: true };
  const ca = caBundle();
  const httpAgent = new HttpAgent(common);
  const httpsAgent = new HttpsAgent({ ...common, ca });
  const timeouts = {
    connectionTimeout: Math.min(timeout, 5_000),
    requestTimeout: timeout,
    throwOnRequestTimeout: true,
  };
  if (!/^(https?|all)_proxy$/im.test(Object.keys(process.env).join('\n')))
    return { ...timeouts, httpAgent, httpsAgent };
  const { ProxyAgent } = await import('proxy-agent');
  const proxied = new ProxyAgent({ ...common, ca, httpAgent, httpsAgent });
  return { ...timeouts, httpAgent: proxied, httpsAgent: proxied as unknown as HttpsAgent };
}

function caBundle(): string[] | undefined {
  const file = process.env.AWS_CA_BUNDLE;
  if (!file) return undefined;
  try {
    return [...rootCertificates, readFileSync(file, 'utf8')];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`AWS_CA_BUNDLE names ${file}, which can't be read (${code}); correct or unset it`);
  }
}

/** The SDK itself says no more than "Invalid URL", and not before the first call. */
function assertEndpoints(): void {
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^AWS_ENDPOINT_URL(_|$)/.test(name) || !value) continue;
    if (/^https?:\/\/[^/]/i.test(value) && URL.canParse(value)) continue;
    throw new UserError(`${name} ${JSON.stringify(value)} is no URL; write it as https://host, or unset it`);
  }
}
