/** Objects that can't be read: each is reported and counted and does not stop the rest, unless none can be read. */

import { line } from '../../checks/report/sanitise';
import type { StoreError } from '../../logs';
import { storeFailure } from './bucket';

/** Failures in a row, from the first object on, after which it is taken that no object can be read. */
const ENOUGH = 20;

export class UnreadableObjects {
  count = 0;
  #first: StoreError | undefined;
  /** Some object was read, or the beginning is over: from now on nothing is thrown. */
  #isSettled = false;

  /** An object was read to its end. */
  read(): void {
    this.#isSettled = true;
  }

  /** @throws UserError if enough objects failed and none was read */
  add(key: string, error: StoreError): void {
    this.count++;
    this.#first ??= error;
    if (this.count >= ENOUGH) this.settle();
    process.stderr.write(`${line(`${key}: it can't be read: ${error.message}`)}\n`);
  }

  /** The beginning is over. @throws UserError if every object failed */
  settle(): void {
    if (this.#first && !this.#isSettled) throw storeFailure(this.#first);
    this.#isSettled = true;
  }
}
