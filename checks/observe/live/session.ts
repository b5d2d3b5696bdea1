/** One account's credentials at work: asks AWS, and turns every answer into one of three. */
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { ABSENT, known, type Observed, type Unreadable, unreadable } from '../observation';
import type { ApiName } from './api';
import { errorCode, meansAbsent, unreadableBecause } from './aws-error';
import type { ClientOptions, Clients } from './clients';
import { pause, withDeadline } from './deadline';
import { type Limiter, limiter } from './limit';

/** Calls in flight at once, by service: IAM throttles per account early, Organizations earlier, S3 per prefix and late. */
const CONCURRENCY: Readonly<Record<string, number>> = {
  iam: 12,
  s3: 24,
  s3control: 4,
  kms: 8,
  sts: 4,
  organizations: 4,
};

/** Milliseconds that a call may take with all its retries, unless the options say otherwise. */
const CALL_DEADLINE = 60_000;

/** Milliseconds between two looks at what does not exist yet. */
const LOOK_AGAIN_AFTER = 2_000;

/** A call that has ended. */
export interface Call {
  readonly api: ApiName;
  readonly region: string;
  readonly accountId?: string;
  /** Milliseconds, retries included. */
  readonly ms: number;
  /** `ok`, or AWS's error code. */
  readonly outcome: string;
  readonly attempts: number;
}

/** What the caller of a run wants to know while it goes on. */
export interface SessionEvents {
  /** A call has ended, well or not. */
  readonly onCall?: (call: Call) => void;
  /** AWS throttled an attempt, which will be made again. */
  readonly onThrottle?: () => void;
}

export interface SessionOptions extends Omit<ClientOptions, 'credentials'>, SessionEvents {
  /** Profile of the AWS configuration files; the usual credentials by default. */
  readonly profile?: string;
  /** Cancels every call. */
  readonly signal?: AbortSignal;
  /** Bounds the calls of all sessions of a run together; without it each session bounds its own only. */
  readonly sharedLimit?: Limiter;
  /** Milliseconds that a call may take with all its retries; 60 seconds by default. */
  readonly callDeadline?: number;
  /** Until when (milliseconds since 1970) to look again for what does not exist yet; not at all by default. */
  readonly waitUntil?: number;
  /** Milliseconds between two such looks; 2 seconds by default. */
  readonly lookAgainAfter?: number;
}

/** Options of the SDK's `send`. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

export class Session {
  readonly clients: Clients;
  readonly #options: SessionOptions;
  readonly #limits = new Map<string, Limiter>();
  readonly #sharedLimit: Limiter;
  readonly #shared = new Map<string, Promise<unknown>>();
  /** The account as soon as it is known. */
  #accountId: string | undefined;

  constructor(options: SessionOptions, clients: Clients) {
    this.#options = options;
    this.#sharedLimit = options.sharedLimit ?? ((task) => task());
    this.clients = clients;
  }

  /** The account that the credentials really belong to, asked once. */
  account(): Promise<Observed<string>> {
    return this.once('account', async () => {
      const sts = this.clients.sts();
      const account = await this.ask(
        'sts:GetCallerIdentity',
        this.clients.region,
        (options) => sts.send(new GetCallerIdentityCommand({}), options),
        ({ Account }) => Account,
      );
      if (account.state === 'value') this.#accountId = account.value;
      return account;
    });
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
    const service = serviceOf(api);
    const name = service === 's3control' ? 'S3_CONTROL' : service.toUpperCase();
    const endpoint = this.clients.endpoint(name);
    try {
      const answer = await this.#limit(service)(() => this.#sharedLimit(() => this.#send(api, region, send)));
      const value = pick(answer);
      if (value !== undefined) return known(value);
      const { requestId } = metadataOf(answer);
      return await this.unreadable(
        api,
        region,
        `${api} answered without what was asked for${endpoint ? `; is ${endpoint.url} AWS? Check ${endpoint.setting}` : ''}`,
        requestId ? { requestId } : {},
      );
    } catch (error) {
      if (meansAbsent(api, error)) return ABSENT;
      const { profile } = this.#options;
      const accountId = await this.#accountFor(api);
      return unreadable(unreadableBecause(api, error, { accountId, region, endpoint, profile }));
    }
  }

  /** What could not be read for another reason than AWS's refusal, with where it was asked. */
  async unreadable(
    api: ApiName,
    region: string,
    message: string,
    more: Partial<Unreadable> = {},
  ): Promise<Observed<never>> {
    const accountId = await this.#accountFor(api);
    return unreadable({ message, api, ...more, accountId, region });
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

  /**
   * Reads again what does not exist, for as long as the run was told to wait: IAM's changes take some time to be seen
   * everywhere (IAM User Guide, "Changes that I make are not always immediately visible").
   * @param first what was read already
   */
  async untilItExists<T>(read: () => Promise<Observed<T>>, first?: Observed<T>): Promise<Observed<T>> {
    const { signal, waitUntil = 0, lookAgainAfter = LOOK_AGAIN_AFTER } = this.#options;
    for (let seen = first ?? (await read()); ; seen = await read()) {
      if (seen.state !== 'absent' || Date.now() >= waitUntil || signal?.aborted) return seen;
      await pause(Math.min(lookAgainAfter, Math.max(0, waitUntil - Date.now())), signal);
    }
  }

  /** Waits for a part of an answer that comes in parts, such as a body: as long as for a call, and no longer than the run. */
  part<T>(next: () => Promise<T>): Promise<T> {
    const { callDeadline = CALL_DEADLINE, signal } = this.#options;
    return withDeadline(next, callDeadline, signal);
  }

  async #send<A>(api: ApiName, region: string, send: (options: SendOptions) => Promise<A>): Promise<A> {
    const { callDeadline = CALL_DEADLINE, onCall, signal } = this.#options;
    // Not `performance`, which Node would load for this alone.
    const start = process.hrtime.bigint();
    const ended = (outcome: string, attempts = 1) => {
      const accountId = this.#accountId;
      const ms = Math.round(Number(process.hrtime.bigint() - start) / 1e6);
      onCall?.({ api, region, accountId, ms, outcome, attempts });
    };
    try {
      const answer = await withDeadline((abortSignal) => send({ abortSignal }), callDeadline, signal);
      ended('ok', metadataOf(answer).attempts);
      return answer;
    } catch (error) {
      ended(errorCode(error), metadataOf(error).attempts);
      throw error;
    }
  }

  /** The account for a reason. STS is what tells it, so STS's own failures go without. */
  async #accountFor(api: ApiName): Promise<string | undefined> {
    if (serviceOf(api) === 'sts') return undefined;
    const account = await this.account();
    return account.state === 'value' ? account.value : undefined;
  }

  #limit(service: string): Limiter {
    let limit = this.#limits.get(service);
    if (!limit) {
      limit = limiter(CONCURRENCY[service] ?? 8);
      this.#limits.set(service, limit);
    }
    return limit;
  }
}

function serviceOf(api: ApiName): string {
  return api.slice(0, api.indexOf(':'));
}

function metadataOf(answer: unknown): { requestId?: string; attempts?: number } {
  return (answer as { $metadata?: { requestId?: string; attempts?: number } } | undefined)?.$metadata ?? {};
}

/** Applies a function to a value that exists; absent and unreadable stay what they are. */
export async function ifFound<A, B>(
  observed: Observed<A>,
  next: (value: A) => Promise<Observed<B>>,
): Promise<Observed<B>> {
  return observed.state === 'value' ? next(observed.value) : observed;
}

/** A page of a listing, and where the next one begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/**
 * Reads a listing to its end. A page may be empty and not the last, so only the marker of the next one decides
 * (IAM API Reference, ListRoles: "IAM might return fewer than the MaxItems number of results, even when there are more").
 */
export async function pages<T>(
  session: Session,
  api: ApiName,
  region: string,
  page: (marker: string | undefined) => Promise<Observed<Page<T>>>,
): Promise<Observed<readonly T[]>> {
  const items: T[] = [];
  const asked = new Set<string>();
  let marker: string | undefined;
  do {
    const answer = await page(marker);
    if (answer.state !== 'value') return answer;
    items.push(...answer.value.items);
    marker = answer.value.next;
    if (marker !== undefined && asked.has(marker)) {
      return session.unreadable(api, region, `${api} names a page as its next one that it gave before`);
    }
    if (marker !== undefined) asked.add(marker);
  } while (marker !== undefined);
  return known(items);
}
