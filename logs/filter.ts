/** Picks events by what people look for. */
import type { AuditEvent, EventKind } from './events/event';
import { categoryOf, tagsOf, userOf } from './events/facts';

/** All that is given has to hold. Texts are compared without case. */
export interface EventFilter {
  readonly kinds?: readonly EventKind[];
  /** The user's name, or the administrator's ID. */
  readonly user?: string;
  /** Part of a query's text, such as a table's name. */
  readonly text?: string;
  /** A tag that the query touched: its name, or `NAME=VALUE`. */
  readonly tag?: string;
  /** A System Audit's category, a Custom Audit's type, a query's statement type. */
  readonly category?: string;
}

/** Whether an event is what is looked for. */
export function matches(event: AuditEvent, filter: EventFilter): boolean {
  const { kinds, user, text, tag, category } = filter;
  return (
    (kinds === undefined || kinds.includes(event.kind)) &&
    (user === undefined || same(userOf(event), user)) &&
    (category === undefined || same(categoryOf(event), category)) &&
    (text === undefined || holds(event, text)) &&
    (tag === undefined ||
      tagsOf(event).some(({ name, value }) => same(name, tag) || same(`${name}=${value ?? ''}`, tag)))
  );
}

function holds(event: AuditEvent, text: string): boolean {
  const query = event.kind === 'query' ? event.record.eventDetails?.query?.text : undefined;
  return query?.toLowerCase().includes(text.toLowerCase()) ?? false;
}

function same(value: string | undefined, wanted: string): boolean {
  return value?.toLowerCase() === wanted.toLowerCase();
}
