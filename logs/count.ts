/** Counts names, and the values of fields, in bounded memory. */
import type { AuditEvent } from './events/event';
import { valuesOf } from './fields';

export interface Counted {
  readonly name: string;
  readonly events: number;
}

/** Names that are counted one by one. */
const MOST_NAMES = 50_000;

export class NameCounter {
  /** There were more names than are counted one by one: the list may miss some. */
  isApproximate = false;
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    const before = this.#counts.get(name);
    if (before === undefined && this.#counts.size >= MOST_NAMES) this.isApproximate = true;
    else this.#counts.set(name, (before ?? 0) + 1);
  }

  /** The most frequent ones, those of the same number by name. */
  top(most: number): Counted[] {
    return [...this.#counts]
      .map(([name, events]) => ({ name, events }))
      .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
      .slice(0, most);
  }
}

/** Counts the values of one field. An event with several counts for each. */
export class FieldCounter extends NameCounter {
  /** Events without a value. */
  without = 0;

  constructor(readonly field: string) {
    super();
  }

  addEvent(event: AuditEvent): void {
    const values = valuesOf(event, this.field);
    if (values.length === 0) this.without++;
    for (const value of values) this.add(value);
  }
}
