/** Counts events: by kind and hour, by user and tag, and how long they took to arrive. In bounded memory. */
import { type Counted, FieldCounter, NameCounter } from './count';
import type { AuditEvent, EventKind } from './events/event';

export type KindCounts = Readonly<Record<EventKind, number>>;

export interface Statistics {
  readonly events: number;
  readonly kinds: KindCounts;
  /** Hours (UTC) with events, in order of time; at most 10 000. */
  readonly hours: readonly { readonly hour: number; readonly kinds: KindCounts }[];
  /** From event to object, milliseconds; missing without events. The values are exact to a tenth. */
  readonly delay?: { readonly median: number; readonly p95: number; readonly longest: number };
  /** Events whose time is after their object was written: a clock is wrong. */
  readonly afterObject: number;
  readonly users: readonly Counted[];
  readonly tags: readonly Counted[];
  /** Fields that are not as documented, by path; the events count all the same. */
  readonly warnings: readonly Counted[];
  /** Where fields were asked for: their most frequent values, and the events that have none. */
  readonly fields?: Readonly<
    Record<string, { readonly values: readonly Counted[]; readonly without: number }>
  >;
  /** Hours, users, tags or values beyond those that are counted one by one; the lists may then miss some. */
  readonly isApproximate: boolean;
}

/** Hours that are counted one by one: more than a year of them. Events may bear any date. */
const MOST_HOURS = 10_000;

/** Clocks may differ by so much without a word. */
const CLOCK_TOLERANCE = 5_000;

export class EventStatistics {
  #events = 0;
  #delayed = 0;
  #afterObject = 0;
  #longest = 0;
  #isApproximate = false;
  readonly #kinds = noEvents();
  readonly #hours = new Map<number, Record<EventKind, number>>();
  readonly #delays = new Map<number, number>();
  readonly #users = new FieldCounter('user');
  readonly #tags = new FieldCounter('tag');
  readonly #warnings = new NameCounter();
  readonly #fields: readonly FieldCounter[];

  /** @param fields further fields to count, as `valuesOf` names them */
  constructor(fields: readonly string[] = []) {
    this.#fields = fields.map((field) => new FieldCounter(field));
  }

  /** @param written when the event's object was written, milliseconds since 1970; without it no delay is measured */
  add(event: AuditEvent, written?: number): void {
    this.#events++;
    this.#kinds[event.kind]++;
    const hour = Math.floor(event.eventTime / 3_600_000) * 3_600_000;
    const kinds = this.#hours.get(hour) ?? noEvents();
    kinds[event.kind]++;
    if (this.#hours.has(hour) || this.#hours.size < MOST_HOURS) this.#hours.set(hour, kinds);
    else this.#isApproximate = true;
    if (written !== undefined) this.#addDelay(written - event.eventTime);
    for (const counter of [this.#users, this.#tags, ...this.#fields]) counter.addEvent(event);
    for (const { path, message } of event.warnings) this.#warnings.add(`${path} ${message}`);
  }

  result(top = 5): Statistics {
    const counters = [this.#users, this.#tags, this.#warnings, ...this.#fields];
    const fields = Object.fromEntries(
      this.#fields.map((counter) => [counter.field, { values: counter.top(top), without: counter.without }]),
    );
    const delay = { median: this.#quantile(0.5), p95: this.#quantile(0.95), longest: this.#longest };
    return {
      events: this.#events,
      kinds: this.#kinds,
      hours: [...this.#hours].sort(([a], [b]) => a - b).map(([hour, kinds]) => ({ hour, kinds })),
      ...(this.#delays.size > 0 ? { delay } : {}),
      afterObject: this.#afterObject,
      users: this.#users.top(top),
      tags: this.#tags.top(top),
      warnings: this.#warnings.top(top),
      ...(this.#fields.length > 0 ? { fields } : {}),
      isApproximate: this.#isApproximate || counters.some((counter) => counter.isApproximate),
    };
  }

  #addDelay(delay: number): void {
    if (delay < -CLOCK_TOLERANCE) this.#afterObject++;
    this.#longest = Math.max(this.#longest, delay);
    const step = stepOf(delay);
    this.#delays.set(step, (this.#delays.get(step) ?? 0) + 1);
    this.#delayed++;
  }

  #quantile(share: number): number {
    let left = Math.ceil(share * this.#delayed);
    for (const [step, count] of [...this.#delays].sort(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return Math.min(msOf(step), this.#longest);
    }
    return this.#longest;
  }
}

/** Delays in steps of a tenth: a few hundred numbers, whatever the number of events. */
function stepOf(delay: number): number {
  return delay <= 1 ? 0 : Math.ceil(Math.log(delay) / Math.log(1.1));
}

function msOf(step: number): number {
  return step === 0 ? 0 : Math.round(1.1 ** step);
}

export function noEvents(): Record<EventKind, number> {
  return { query: 0, system: 0, custom: 0, other: 0 };
}
