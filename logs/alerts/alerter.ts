/** From messages of the queue to mails: reads the objects that they name, and tells of every alert once. */
import type { AlertFilter } from '../../contract/alerts';
import { readEvents } from '../read/reader';
import { raisesAlert } from './filter';
import { type Alert, type Mail, mailOf } from './mail';
import { type NewObject, objectsIn } from './notification';

/** What the alerter needs of the world. */
export interface AlertPorts {
  /** The object's bytes; `undefined` where it is gone. */
  get(object: NewObject): Promise<AsyncIterable<Uint8Array> | undefined>;
  send(mail: Mail): Promise<void>;
  /** Whether this event is ours to tell: true once, and again after a run that did not come to its end. */
  claim(eventId: string): Promise<boolean>;
  /** Remembers that the events were told. */
  told(eventIds: readonly string[]): Promise<void>;
  /** A link for a person. */
  linkTo(object: NewObject): string;
  log(entry: Readonly<Record<string, unknown>>): void;
}

export interface AlertOptions {
  readonly exportName: string;
  readonly filter: AlertFilter;
}

/** A message of the queue. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
}

/**
 * Handles a batch: one mail for all its alerts. A message whose object could not be read is given back, to be delivered
 * again; a record that is no event is logged and counted, and stops nothing.
 * @returns IDs of the messages to deliver again
 * @throws what `send` throws: then all of them are
 */
export async function handleMessages(
  messages: readonly QueueMessage[],
  ports: AlertPorts,
  { exportName, filter }: AlertOptions,
): Promise<string[]> {
  const alerts = new Map<string, Alert>();
  const failed: string[] = [];
  for (const { messageId, body } of messages) {
    try {
      for (const object of objectsIn(body)) {
        for (const alert of await alertsIn(object, ports, filter)) {
          const id = alert.event.record.eventID;
          if (!alerts.has(id) && (await ports.claim(id))) alerts.set(id, alert);
        }
      }
    } catch (error) {
      failed.push(messageId);
      ports.log({
        level: 'error',
        messageId,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }
  if (alerts.size > 0) {
    await ports.send(mailOf(exportName, [...alerts.values()], ports.linkTo));
    await ports.told([...alerts.keys()]);
  }
  return failed;
}

async function alertsIn(object: NewObject, ports: AlertPorts, filter: AlertFilter): Promise<Alert[]> {
  const body = await ports.get(object);
  if (!body) {
    ports.log({ level: 'warn', ...object, message: 'the object is gone' });
    return [];
  }
  const alerts: Alert[] = [];
  let events = 0;
  let faults = 0;
  for await (const { event, fault, offset } of readEvents(body, { key: object.key })) {
    if (fault) {
      faults++;
      // The first few tell enough; a foreign file may hold millions.
      if (faults <= 3) ports.log({ level: 'warn', ...object, offset, message: fault.message });
    } else {
      events++;
      if (raisesAlert(event, filter)) alerts.push({ ...object, event });
    }
  }
  ports.log({ level: 'info', ...object, events, faults, alerts: alerts.length });
  return alerts;
}
