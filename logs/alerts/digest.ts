/** What one run has to tell: a bounded part of it in full, of the rest the number. */
import { ledgerKey } from './ledger';
import { type Alert, MOST_TOLD, type UnreadObject } from './mail';
import type { NewObject } from './notification';

/** What decides whether something was told before. */
export interface Ledger {
  claim(key: string): Promise<boolean>;
}

export class Digest {
  /** The first alerts; an event may have megabytes, so the others are counted only. */
  readonly alerts: Alert[] = [];
  /** The first objects with records that are no events. */
  readonly unread: UnreadObject[] = [];
  /** The first objects that were gone before they were read. */
  readonly gone: NewObject[] = [];
  /** Keys of the ledger of all that is told, in full or as a number. */
  readonly keys: string[] = [];
  /** How many alerts there are. */
  count = 0;
  /** How many objects with records that are no events there are. */
  unreadCount = 0;
  /** How many objects were gone before they were read. */
  goneCount = 0;
  /** Milliseconds that claims have taken: noting what was told takes about as long. */
  claimingTime = 0;
  readonly #seen = new Set<string>();
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Adds those that nobody has told or is telling; asks the ledger for all of them at once. Throws where it did not answer for one. */
  async addAlerts(alerts: readonly Alert[]): Promise<void> {
    // All of them, also where one fails: a claim that came later would be noted as told without being in the mail.
    const begun = Date.now();
    const claims = await Promise.allSettled(
      alerts.map(async (alert) => {
        if (!(await this.#claims(ledgerKey(alert.event.record.eventID)))) return;
        this.count++;
        if (this.alerts.length < MOST_TOLD.alerts) this.alerts.push(alert);
      }),
    );
    this.claimingTime += Date.now() - begun;
    const failure = claims.find((claim) => claim.status === 'rejected');
    if (failure) throw failure.reason;
  }

  /** Adds an object, once as well: it is read again where its message is delivered twice. */
  async addUnread(object: UnreadObject): Promise<void> {
    if (!(await this.#claims(ledgerKey(JSON.stringify(['unread', object.bucket, object.key]))))) return;
    this.unreadCount++;
    if (this.unread.length < MOST_TOLD.unread) this.unread.push(object);
  }

  /** Adds an object that was gone, once as well. */
  async addGone(object: NewObject): Promise<void> {
    const { bucket, key, versionId } = object;
    if (!(await this.#claims(ledgerKey(JSON.stringify(['gone', bucket, key, versionId]))))) return;
    this.goneCount++;
    if (this.gone.length < MOST_TOLD.gone) this.gone.push(object);
  }

  async #claims(key: string): Promise<boolean> {
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    try {
      if (!(await this.#ledger.claim(key))) return false;
    } catch (error) {
      // The object is read again, maybe in this very run.
      this.#seen.delete(key);
      throw error;
    }
    this.keys.push(key);
    return true;
  }
}
