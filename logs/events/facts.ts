/** What people search events for: who, which tags, which words. One way for every kind of event. */
import type { AuditEvent } from './event';
import { auditsOf } from './system-audit';

/** A Snowflake object tag and its value. */
export interface Tag {
  readonly name: string;
  readonly value: string | undefined;
}

/** Who did it: the query's user, the administrator's ID, or the user that a Custom Audit's details name. */
export function userOf(event: AuditEvent): string | undefined {
  switch (event.kind) {
    case 'query':
      return event.record.eventDetails?.actor?.username ?? undefined;
    case 'system': {
      const id = event.record.userIdentity?.principalid;
      return id == null ? undefined : String(id);
    }
    case 'custom': {
      const { user_name, username, user } = (event.details ?? {}) as Readonly<Record<string, unknown>>;
      return [user_name, username, user].find((name) => typeof name === 'string') as string | undefined;
    }
    case 'other':
      return undefined;
  }
}

/** Details of a rule that was broken; others of the same event say what followed. */
const RULE_AUDITS = ['thresholdAudit', 'anomalyAudit'];

/** The rule that an event is about: the name or ID in a System Audit's details. */
export function ruleOf(event: AuditEvent): string | undefined {
  if (event.kind !== 'system') return undefined;
  const audits = auditsOf(event.record);
  const kind = [...RULE_AUDITS, ...Object.keys(audits)].find((name) => audits[name]);
  if (kind === undefined) return undefined;
  const details = audits[kind];
  const { name, thresholdName, ruleName, id, thresholdId } = details as Readonly<Record<string, unknown>>;
  const label = [name, thresholdName, ruleName].find(isShown);
  const number = [id, thresholdId].find(isShown);
  const what = kind.replace(/Audit$/, '');
  if (label === undefined && number === undefined) return what;
  return `${what} ${[label, number === undefined ? undefined : `(ID ${number})`].filter(isShown).join(' ')}`;
}

/** The user whose access the details of a System Audit speak of, such as the one who exceeded a threshold. */
export function subjectOf(event: AuditEvent): string | undefined {
  if (event.kind !== 'system') return undefined;
  for (const details of Object.values(auditsOf(event.record))) {
    const { username, userName, user_name, user } = details as Readonly<Record<string, unknown>>;
    const found = [username, userName, user_name, user].find(isShown);
    if (found !== undefined) return String(found);
  }
  return undefined;
}

function isShown(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

/** The tags that a query touched, each once. */
export function tagsOf(event: AuditEvent): readonly Tag[] {
  if (event.kind !== 'query') return [];
  const { queryTimeDecision, auditTimeDecision } = event.record.eventDetails?.result?.tagPolicy ?? {};
  const tags = new Map<string, Tag>();
  for (const { tagName, tagValue } of [...(queryTimeDecision ?? []), ...(auditTimeDecision ?? [])]) {
    if (tagName) tags.set(`${tagName}=${tagValue}`, { name: tagName, value: tagValue ?? undefined });
  }
  return [...tags.values()];
}

/** A System Audit's category, a Custom Audit's type, a query's statement type. */
export function categoryOf(event: AuditEvent): string | undefined {
  switch (event.kind) {
    case 'query':
      return event.record.eventDetails?.query?.type ?? undefined;
    case 'system':
      return event.record.category ?? undefined;
    case 'custom':
      return event.record.eventType ?? undefined;
    case 'other':
      return undefined;
  }
}

/** What happened, in a few words: the query's text, or the event's name and details. May be long; may be hostile. */
export function summaryOf(event: AuditEvent): string {
  switch (event.kind) {
    case 'query': {
      const { text, id } = event.record.eventDetails?.query ?? {};
      return text ?? (id ? `query ${id}` : event.record.eventName);
    }
    case 'system': {
      const details = auditsOf(event.record);
      const code = event.record.responseCode == null ? '' : ` (${event.record.responseCode})`;
      return `${event.record.eventName}${code}${Object.keys(details).length > 0 ? ` ${JSON.stringify(details)}` : ''}`;
    }
    case 'custom':
      return `${event.record.eventType ?? ''} ${event.record.eventDetails ?? ''}`.trim();
    case 'other':
      return event.record.eventName;
  }
}
