/** The SDK clients of one account's credentials, each loaded and made when first needed. */

import { isIP } from 'node:net';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { S3ControlClient } from '@aws-sdk/client-s3-control';
import type { STSClient } from '@aws-sdk/client-sts';
import { partitionOf } from '../../../contract/partition';
import { requestHandlerOptions } from './http';

type Credentials = NonNullable<ConstructorParameters<typeof IAMClient>[0]>['credentials'];

export interface ClientOptions {
  /** A region of the partition that is audited. */
  readonly region: string;
  readonly credentials?: Credentials;
  readonly profile?: string;
  /** Milliseconds that one attempt of a call may take. */
  readonly callTimeout?: number;
  /** Called once for each attempt that AWS throttled. */
  readonly onRetry?: (api: string) => void;
}

/** How often a call is tried: throttling and 5xx are retried with full jitter by the SDK's adaptive mode. */
const MAX_ATTEMPTS = 5;

export class Clients {
  /** The region that IAM and STS are asked in: `AWS_REGION` where it lies in the audited partition. */
  readonly region: string;
  readonly #options: ClientOptions;
  readonly #made = new Map<string, Promise<unknown>>();

  constructor(options: ClientOptions) {
    this.#options = options;
    const preferred = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? '';
    this.region = partitionOf(preferred) === partitionOf(options.region) ? preferred : options.region;
  }

  iam(): Promise<IAMClient> {
    return this.#once(
      'iam',
      async () => new (await import('@aws-sdk/client-iam')).IAMClient(await this.#common()),
    );
  }

  sts(): Promise<STSClient> {
    return this.#once(
      'sts',
      async () => new (await import('@aws-sdk/client-sts')).STSClient(await this.#common()),
    );
  }

  s3(region: string): Promise<S3Client> {
    return this.#once(`s3 ${region}`, async () => {
      const { S3Client } = await import('@aws-sdk/client-s3');
      return new S3Client({
        ...(await this.#common(region)),
        followRegionRedirects: true,
        // A bucket's name can't be a subdomain of an IP address; with dots in it, it doesn't fit the certificate.
        forcePathStyle: hasIpEndpoint('S3'),
      });
    });
  }

  s3Control(region: string): Promise<S3ControlClient> {
    return this.#once(`s3control ${region}`, async () => {
      const { S3ControlClient } = await import('@aws-sdk/client-s3-control');
      const client = new S3ControlClient(await this.#common(region));
      if (hasIpEndpoint('S3_CONTROL')) dropAccountPrefix(client);
      return client;
    });
  }

  kms(region: string): Promise<KMSClient> {
    return this.#once(
      `kms ${region}`,
      async () => new (await import('@aws-sdk/client-kms')).KMSClient(await this.#common(region)),
    );
  }

  async #common(region = this.region) {
    const { credentials, profile, callTimeout = 15_000 } = this.#options;
    return {
      region,
      ...(credentials ? { credentials } : {}),
      ...(profile ? { profile } : {}),
      maxAttempts: MAX_ATTEMPTS,
      retryMode: 'adaptive',
      requestHandler: await this.#once('http', () => requestHandlerOptions(callTimeout)),
    };
  }

  #once<T>(key: string, make: () => Promise<T>): Promise<T> {
    let made = this.#made.get(key) as Promise<T> | undefined;
    if (!made) {
      made = make();
      this.#made.set(key, made);
    }
    return made;
  }
}

/** The endpoint that the environment names for a service, in place of AWS's own. */
export function endpointOf(service: string): string | undefined {
  return process.env[`AWS_ENDPOINT_URL_${service}`] || process.env.AWS_ENDPOINT_URL || undefined;
}

function hasIpEndpoint(service: string): boolean {
  const url = endpointOf(service);
  if (!url || !URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 || host === 'localhost';
}

/** S3 Control puts the account ID before the host name, which an IP address can't have. */
function dropAccountPrefix(client: S3ControlClient): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { hostname?: string };
      request.hostname = request.hostname?.replace(/^\d{12}\./, '') ?? '';
      return next(args);
    },
    { step: 'build', name: 'dropAccountPrefix', priority: 'low' },
  );
}
