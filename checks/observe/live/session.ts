/** One account's credentials at work: asks AWS, and turns every answer into one of three. */
import { ABSENT, known, type Observed, unreadable } from '../observation';
import type { ApiName } from './api';
import { type ClientOptions, Clients, endpointOf } from './clients';
import { meansAbsent, unreadableBecause } from './failure';
import { limiter } from './limit';

/** Calls in flight at once, by service: IAM throttles per account early, S3 per prefix and late. */
const CONCURRENCY: Readonly<Record<string, number>> = { iam: 12, s3: 24, s3control: 4, kms: 8, sts: 4 };

/** What the caller of a run wants to know while it goes on. */
export interface SessionEvents {
  /** A call was sent. */
  readonly onCall?: (api: ApiName) => void;
}

export interface SessionOptions extends ClientOptions, SessionEvents {
  /** Cancels every call. */
  readonly signal?: AbortSignal;
}

/** Options of the SDK's `send`. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

export class Session {
  readonly clients: Clients;
  /** The account that the credentials really belong to, once it is known. */
  accountId: string | undefined;
  readonly #options: SessionOptions;
  readonly #limits = new Map<string, ReturnType<typeof limiter>>();
  readonly #shared = new Map<string, Promise<unknown>>();

  /** @throws UserError where the environment asks for what can't be done */
  static async open(options: SessionOptions): Promise<Session> {
    return new Session(options, await Clients.make(options));
  }

  private constructor(options: SessionOptions, clients: Clients) {
    this.#options = options;
    this.clients = clients;
  }

  get signal(): AbortSignal | undefined {
    return this.#options.signal;
  }

  /**
   * Asks AWS once. An answer without the thing that was asked for is not an answer: `pick` gives `undefined` for it,
   * and the result is unreadable.
   */
  async ask<A, T>(
    api: ApiName,
    region: string,
    send: (options: SendOptions) => Promise<A>,
    pick: (answer: A) => T | undefined,
  ): Promise<Observed<T>> {
    const service = api.slice(0, api.indexOf(':'));
    try {
      const answer = await this.#limit(service)(() => {
        this.#options.onCall?.(api);
        return send(this.signal ? { abortSignal: this.signal } : {});
      });
      const value = pick(answer);
      if (value !== undefined) return known(value);
      const message = `${api} answered without what was asked for`;
      return unreadable({ message, api, region, ...(this.accountId ? { accountId: this.accountId } : {}) });
    } catch (error) {
      if (meansAbsent(api, error)) return ABSENT;
      const endpoint = endpointOf(service === 's3control' ? 'S3_CONTROL' : service.toUpperCase());
      return unreadable(unreadableBecause(api, error, { accountId: this.accountId, region, endpoint }));
    }
  }

  /** Does a piece of work once for the whole account, for example reads a policy that many roles share. */
  once<T>(key: string, work: () => Promise<T>): Promise<T> {
    let shared = this.#shared.get(key) as Promise<T> | undefined;
    if (!shared) {
      shared = work();
      this.#shared.set(key, shared);
    }
    return shared;
  }

  #limit(service: string): ReturnType<typeof limiter> {
    let limit = this.#limits.get(service);
    if (!limit) {
      limit = limiter(CONCURRENCY[service] ?? 8);
      this.#limits.set(service, limit);
    }
    return limit;
  }
}

/** Applies a function to a value that exists; absent and unreadable stay what they are. */
export async function then<A, B>(
  observed: Observed<A>,
  next: (value: A) => Promise<Observed<B>>,
): Promise<Observed<B>> {
  return observed.state === 'value' ? next(observed.value) : observed;
}

/**
 * Reads a listing to its end. A page may be empty and not the last, so only `IsTruncated` decides
 * (IAM API Reference, ListRoles: "you may receive fewer results even when there are more").
 */
export async function pages<T>(
  page: (marker: string | undefined) => Promise<Observed<{ items: readonly T[]; next: string | undefined }>>,
): Promise<Observed<readonly T[]>> {
  const items: T[] = [];
  let marker: string | undefined;
  do {
    const answer = await page(marker);
    if (answer.state !== 'value') return answer;
    items.push(...answer.value.items);
    if (answer.value.next === marker && marker !== undefined) {
      return unreadable({ message: 'a listing repeats the same page for ever' });
    }
    marker = answer.value.next;
  } while (marker !== undefined);
  return known(items);
}
