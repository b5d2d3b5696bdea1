/** Shows on stderr how far a run is: a line that changes on a terminal, a plain line now and then elsewhere. */
import type { Call } from '../checks/observe/live/session';
import { terminal } from '../checks/report/sanitise';

/** The part of a stream that progress is written to. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  /** Nothing at all. */
  readonly quiet?: boolean | undefined;
  /** A line for each call instead. */
  readonly verbose?: boolean | undefined;
}

/** Milliseconds between two lines. A run that is over sooner shows none. */
const TERMINAL_EVERY = 500;
const PLAIN_EVERY = 5_000;

export class Progress {
  #calls = 0;
  #throttled = 0;
  #observed = 0;
  #drawn = false;
  readonly #verbose: boolean;
  readonly #timer: NodeJS.Timeout | undefined;

  /** @param total how many exports there are; or what is done by now, in words */
  constructor(
    private readonly stream: ProgressStream,
    private readonly total: number | (() => string),
    { quiet, verbose }: ProgressOptions = {},
  ) {
    this.#verbose = verbose === true;
    if (quiet || verbose) return;
    this.#timer = setInterval(() => this.#draw(), stream.isTTY ? TERMINAL_EVERY : PLAIN_EVERY);
    this.#timer.unref();
  }

  /** A call has ended. */
  called(call: Call): void {
    this.#calls++;
    if (this.#verbose) this.stream.write(`${lineOf(call)}\n`);
  }

  /** AWS throttled an attempt. */
  throttled(): void {
    this.#throttled++;
  }

  /** An export has been observed. */
  observed(): void {
    this.#observed++;
  }

  /** Takes the changing line away; calls are shown still. */
  end(): void {
    clearInterval(this.#timer);
    if (this.#drawn && this.stream.isTTY) this.stream.write('\r\u001b[K');
  }

  #draw(): void {
    this.#drawn = true;
    const done = typeof this.total === 'function' ? this.total() : this.#exports(this.total);
    const calls = this.#calls === 1 ? 'call' : 'calls';
    const line = `${done}, ${this.#calls} ${calls}, ${this.#throttled} throttled`;
    // A line that wraps can't be overwritten.
    const room = Math.max(10, (this.stream.columns ?? 80) - 1);
    this.stream.write(this.stream.isTTY ? `\r\u001b[K${line.slice(0, room)}` : `${line}\n`);
  }

  #exports(total: number): string {
    return `${this.#observed} of ${total} ${total === 1 ? 'export' : 'exports'}`;
  }
}

/** For example `s3:GetBucketPolicy eu-west-1 123456789012 NoSuchBucketPolicy 34 ms (2 attempts)`. */
function lineOf({ api, region, accountId, outcome, ms, attempts }: Call): string {
  const where = accountId === undefined ? region : `${region} ${accountId}`;
  return terminal(`${api} ${where} ${outcome} ${ms} ms${attempts > 1 ? ` (${attempts} attempts)` : ''}`);
}
