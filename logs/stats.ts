/** Counts events: by kind and hour, by user and tag, and how long they took to arrive. In bounded memory. */
import type { AuditEvent, EventKind } from './events/event';
import { tagsOf, userOf } from './events/facts';

export type KindCounts = Readonly<Record<EventKind, number>>;

export interface Counted {
  readonly name: string;
  readonly events: number;
}

export interface Statistics {
  readonly events: number;
  readonly kinds: KindCounts;
  /** Hours (UTC) with events, in order of time; at most 10 000. */
  readonly hours: readonly { readonly hour: number; readonly kinds: KindCounts }[];
  /** From event to object, milliseconds; missing without events. The values are exact to a tenth. */
  readonly delay?: { readonly median: number; readonly p95: number; readonly longest: number };
  /** Events whose time lies after their object was written: a clock is wrong. */
  readonly afterObject: number;
  readonly users: readonly Counted[];
  readonly tags: readonly Counted[];
  /** Fields that are not as documented, by path; the events count all the same. */
  readonly warnings: readonly Counted[];
  /** Hours, users or tags beyond those that are counted one by one; the lists may then miss some. */
  readonly isApproximate: boolean;
}

/** Hours that are counted one by one: more than a year of them. Events may bear any date. */
const MOST_HOURS = 10_000;

/** Names that are counted one by one. */
const MOST_NAMES = 50_000;

/** Clocks may differ by so much without a word. */
const CLOCK_TOLERANCE = 5_000;

export class EventStatistics {
  #events = 0;
  #afterObject = 0;
  #longest = 0;
  #isApproximate = false;
  readonly #kinds = noEvents();
  readonly #hours = new Map<number, Record<EventKind, number>>();
  readonly #delays = new Map<number, number>();
  readonly #users = new Map<string, number>();
  readonly #tags = new Map<string, number>();
  readonly #warnings = new Map<string, number>();

  /** @param written when the event's object was written, milliseconds since 1970 */
  add(event: AuditEvent, written: number): void {
    this.#events++;
    this.#kinds[event.kind]++;
    const hour = Math.floor(event.eventTime / 3_600_000) * 3_600_000;
    const kinds = this.#hours.get(hour) ?? noEvents();
    kinds[event.kind]++;
    if (this.#hours.has(hour) || this.#hours.size < MOST_HOURS) this.#hours.set(hour, kinds);
    else this.#isApproximate = true;
    const delay = written - event.eventTime;
    if (delay < -CLOCK_TOLERANCE) this.#afterObject++;
    this.#longest = Math.max(this.#longest, delay);
    const step = stepOf(delay);
    this.#delays.set(step, (this.#delays.get(step) ?? 0) + 1);
    this.#count(this.#users, userOf(event));
    for (const { name, value } of tagsOf(event)) {
      this.#count(this.#tags, value === undefined ? name : `${name}=${value}`);
    }
    for (const { path, message } of event.warnings) this.#count(this.#warnings, `${path} ${message}`);
  }

  result(top = 5): Statistics {
    const delay = { median: this.#quantile(0.5), p95: this.#quantile(0.95), longest: this.#longest };
    return {
      events: this.#events,
      kinds: this.#kinds,
      hours: [...this.#hours].sort(([a], [b]) => a - b).map(([hour, kinds]) => ({ hour, kinds })),
      ...(this.#events > 0 ? { delay } : {}),
      afterObject: this.#afterObject,
      users: topOf(this.#users, top),
      tags: topOf(this.#tags, top),
      warnings: topOf(this.#warnings, top),
      isApproximate: this.#isApproximate,
    };
  }

  #count(counts: Map<string, number>, name: string | undefined): void {
    if (name === undefined) return;
    const before = counts.get(name);
    if (before === undefined && counts.size >= MOST_NAMES) this.#isApproximate = true;
    else counts.set(name, (before ?? 0) + 1);
  }

  #quantile(share: number): number {
    let left = Math.ceil(share * this.#events);
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

function topOf(counts: ReadonlyMap<string, number>, top: number): Counted[] {
  return [...counts]
    .map(([name, events]) => ({ name, events }))
    .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
    .slice(0, top);
}

export function noEvents(): Record<EventKind, number> {
  return { query: 0, system: 0, custom: 0, other: 0 };
}
