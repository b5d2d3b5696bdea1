/** The SDK clients of one account's credentials, each made when first needed. */
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { partitionOf } from '../../../contract/partition';
import { meansThrottled } from './aws-error';
import { configuredEndpoints, type Endpoints } from './endpoints';
import { type RequestHandlerOptions, requestHandlerOptions } from './http';

/** What the SDK's clients take as credentials. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Missing where they don't expire. */
  readonly expiration?: Date;
}

export interface ClientOptions {
  /** A region of the partition that is audited. */
  readonly region: string;
  /** Of a profile or an assumed role; the usual ones by default. */
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
  /** Milliseconds that one attempt of a call may take; 15 seconds by default. */
  readonly callTimeout?: number;
  /** Sockets that several sessions share; made from the environment by default. */
  readonly http?: RequestHandlerOptions;
  /** AWS throttled an attempt. */
  readonly onThrottle?: () => void;
}

/** The part of an SDK client by which its attempts are watched. */
interface Watchable {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: never) => Promise<unknown>) => (args: never) => Promise<unknown>,
      options: { readonly step: 'deserialize'; readonly priority: 'high'; readonly name: string },
    ): void;
  };
}

/** How often a call is tried, unless AWS_MAX_ATTEMPTS says otherwise: throttling and 5xx are retried with full jitter by the SDK's adaptive mode. */
const MAX_ATTEMPTS = 5;

/**
 * The SDK's complaints on stderr, without the eight lines about AWS_PROFILE beside static keys: the profile wins, as the
 * AWS CLI has it, and reports name the account. Anything else is passed on.
 */
const LOGGER = {
  trace() {},
  debug() {},
  info() {},
  warn(...content: unknown[]) {
    if (!/Multiple credential sources detected/.test(String(content[0]))) console.warn(...content);
  },
  error() {},
};

export class Clients {
  /** The region that IAM and STS are asked in: `AWS_REGION` where it is in the audited partition. */
  readonly region: string;
  readonly #options: ClientOptions;
  readonly #http: RequestHandlerOptions;
  readonly #made = new Map<string, unknown>();

  /** @throws UserError where the environment's CA bundle can't be read, or an endpoint in it is no URL */
  static async make(options: ClientOptions): Promise<Clients> {
    const http = options.http ?? (await requestHandlerOptions(options.callTimeout));
    return new Clients(options, http, await configuredEndpoints());
  }

  private constructor(
    options: ClientOptions,
    http: RequestHandlerOptions,
    /** What the SDK asks in place of AWS's own endpoints. */
    readonly endpoint: Endpoints,
  ) {
    this.#options = options;
    this.#http = http;
    const preferred = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? '';
    this.region = partitionOf(preferred) === partitionOf(options.region) ? preferred : options.region;
  }

  iam(): IAMClient {
    return this.once('iam', () => this.watched(new IAMClient(this.options())));
  }

  sts(): STSClient {
    return this.once('sts', () => this.watched(new STSClient(this.options())));
  }

  /** What every client is made with. */
  options(region = this.region) {
    const { credentials } = this.#options;
    return {
      region,
      credentials,
      ...(process.env.AWS_MAX_ATTEMPTS ? {} : { maxAttempts: MAX_ATTEMPTS }),
      retryMode: 'adaptive',
      logger: LOGGER,
      requestHandler: this.#http,
    };
  }

  /** Counts the attempts of a client that AWS throttled. */
  watched<C extends Watchable>(client: C): C {
    const { onThrottle } = this.#options;
    if (onThrottle) {
      client.middlewareStack.add(
        (next) => async (args) => {
          try {
            return await next(args);
          } catch (error) {
            if (meansThrottled(error)) onThrottle();
            throw error;
          }
        },
        { step: 'deserialize', priority: 'high', name: 'countThrottles' },
      );
    }
    return client;
  }

  /** A client, made when it is first asked for. */
  once<T>(key: string, make: () => T): T {
    const made = (this.#made.get(key) as T | undefined) ?? make();
    this.#made.set(key, made);
    return made;
  }
}
