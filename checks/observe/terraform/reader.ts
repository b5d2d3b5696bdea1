/** Reads values of a resource, and remembers whether one that matters is known only after apply. */
import { hasOpenBlocks, KnownAfterApply } from './resource';

export class Reader {
  #isOpen = false;

  /** Whether a value that was read so far is not known yet, or one of these blocks. */
  isOpen(...lists: readonly unknown[]): boolean {
    return this.#isOpen || lists.some(hasOpenBlocks);
  }

  /** A text; `undefined` if it is not set. */
  text(value: unknown): string | undefined {
    if (value instanceof KnownAfterApply) this.#isOpen = true;
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** A text that AWS or the provider sets where the configuration says nothing: then it decides nothing. */
  preset(value: unknown): string | undefined {
    const { addresses, complete } = value instanceof KnownAfterApply ? value.origin : { addresses: [''] };
    return addresses.length === 0 && complete ? undefined : this.text(value);
  }

  /** A text without which nothing can be told. */
  needed(value: unknown): string {
    const text = this.text(value);
    if (text === undefined) this.#isOpen = true;
    return text ?? '';
  }

  /** A number, which the provider may write as text. */
  number(value: unknown): number | undefined {
    if (value instanceof KnownAfterApply) this.#isOpen = true;
    if (typeof value !== 'number' && (typeof value !== 'string' || value === '')) return undefined;
    const number = Number(value);
    if (Number.isNaN(number)) this.#isOpen = true;
    return number;
  }

  /** A number above zero: the provider writes zero for what is not set. */
  positive(value: unknown): number | undefined {
    return this.number(value) || undefined;
  }

  flag(value: unknown): boolean | undefined {
    if (value instanceof KnownAfterApply) this.#isOpen = true;
    return typeof value === 'boolean' ? value : undefined;
  }

  /** `Enabled` or `Disabled`. */
  status(value: unknown): 'Enabled' | 'Disabled' {
    if (value !== 'Enabled' && value !== 'Disabled') this.#isOpen = true;
    return value === 'Enabled' ? 'Enabled' : 'Disabled';
  }

  texts(value: unknown): string[] {
    if (value instanceof KnownAfterApply) this.#isOpen = true;
    return Array.isArray(value) ? value.map((entry) => this.needed(entry)) : [];
  }

  map(value: unknown): Record<string, string> | undefined {
    if (value instanceof KnownAfterApply) this.#isOpen = true;
    if (typeof value !== 'object' || value === null || value instanceof KnownAfterApply) return undefined;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, this.text(entry) ?? '']));
  }
}
