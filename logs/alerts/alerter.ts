/** From messages of the queue to mails: reads the objects that they name, and tells of every alert once. */
import type { AlertFilter } from '../../config/options/alerts';
import { readEvents } from '../read/reader';
import { before, mustBeBefore, untilDeadline } from './deadline';
import { Digest } from './digest';
import { raisesAlert } from './filter';
import { type Alert, type Mail, mailOf } from './mail';
import { type NewObject, objectsIn } from './notification';

/** What the alerter needs of the world. */
export interface AlertPorts {
  /** The object's bytes; `undefined` where it is gone. */
  get(object: NewObject): Promise<AsyncIterable<Uint8Array> | undefined>;
  send(mail: Mail): Promise<void>;
  /** Whether what has this key of the ledger is ours to tell: true once, and again after a run that did not come to its end. */
  claim(key: string): Promise<boolean>;
  /** Remembers that it was told. */
  told(key: string): Promise<void>;
  /** A link for a person. */
  linkTo(object: NewObject): string;
  log(entry: Readonly<Record<string, unknown>>): void;
}

export interface AlertOptions {
  readonly exportName: string;
  readonly filter: AlertFilter;
  /** Until when to read, in milliseconds since 1970: what is found by then is told, the rest is delivered again. */
  readonly deadline: number;
}

/** A message of the queue. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
}

/** Writes to the ledger in flight at once. */
const AT_ONCE = 25;

/** Times that a failed note is tried. */
const NOTE_TRIES = 3;

/**
 * Handles a batch: one mail for all its alerts. A message whose object could not be read, or not in time, is given back, to
 * be delivered again. A record that is no event stops nothing; the mail says where such records stand, since an alert may be
 * among them.
 * @returns IDs of the messages to deliver again
 * @throws what `send` throws: then all of them are
 */
export async function handleMessages(
  messages: readonly QueueMessage[],
  ports: AlertPorts,
  options: AlertOptions,
): Promise<string[]> {
  const digest = new Digest(ports);
  const failed: string[] = [];
  for (const { messageId, body } of messages) {
    try {
      for (const object of objectsIn(body)) await readObject(object, digest, ports, options);
    } catch (error) {
      failed.push(messageId);
      ports.log({
        level: 'error',
        messageId,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }
  if (digest.keys.length > 0) {
    await ports.send(mailOf(options.exportName, digest.alerts, ports.linkTo, digest));
    await noteTold(digest.keys, ports);
  }
  return failed;
}

/** Notes what was told. A note that fails must not keep the others from being made: the mail is sent. */
async function noteTold(keys: readonly string[], ports: AlertPorts): Promise<void> {
  let failed: readonly string[] = keys;
  for (let tries = 0; tries < NOTE_TRIES && failed.length > 0; tries++) {
    const again: string[] = [];
    for (let from = 0; from < failed.length; from += AT_ONCE) {
      const batch = failed.slice(from, from + AT_ONCE);
      const notes = await Promise.allSettled(batch.map((key) => ports.told(key)));
      again.push(...batch.filter((_, index) => notes[index]?.status === 'rejected'));
    }
    failed = again;
  }
  if (failed.length > 0) {
    const message = `${failed.length} of ${keys.length} alerts were mailed but could not be noted as told`;
    ports.log({ level: 'error', message });
  }
}

async function readObject(
  object: NewObject,
  digest: Digest,
  ports: AlertPorts,
  { filter, deadline }: AlertOptions,
): Promise<void> {
  // What is claimed must be told and noted before the run ends, so claims leave as much time as they took.
  const end = () => deadline - digest.claimingTime;
  const body = await before(end(), () => ports.get(object));
  if (!body) {
    ports.log({ level: 'warn', ...object, message: 'the object is gone' });
    await digest.addGone(object);
    return;
  }
  let waiting: Alert[] = [];
  let events = 0;
  let faults = 0;
  let alerts = 0;
  for await (const { event, fault, offset } of readEvents(untilDeadline(body, end), {
    key: object.key,
  })) {
    if (fault) {
      faults++;
      // The first few tell enough; a foreign file may hold millions.
      if (faults <= 3) ports.log({ level: 'warn', ...object, offset, message: fault.message });
      continue;
    }
    events++;
    if (!raisesAlert(event, filter)) continue;
    alerts++;
    waiting.push({ ...object, event });
    if (waiting.length === AT_ONCE) {
      // What is claimed is told: a claim is waited for, and then no more of them are made.
      await digest.addAlerts(waiting);
      waiting = [];
      mustBeBefore(end());
    }
  }
  await digest.addAlerts(waiting);
  if (faults > 0) await digest.addUnread({ ...object, faults });
  ports.log({ level: 'info', ...object, events, faults, alerts });
}
