/** Whether an event raises an alert. */
import type { AlertFilter } from '../../config/options/alerts';
import type { AuditEvent } from '../events/event';
import { auditsOf } from '../events/system-audit';
import { matchesPattern } from '../pattern';
import { isAboutViolations, isViolation } from './violation';

export function raisesAlert(event: AuditEvent, filter: AlertFilter): boolean {
  switch (event.kind) {
    case 'system': {
      const details = Object.keys(auditsOf(event.record));
      return (
        isNamed(event.record.eventName, filter, details.some(isAboutViolations)) &&
        // An event without a category may say what it is in its name alone.
        [event.record.category ?? event.record.eventName, ...details].some((text) =>
          matchesAny(text, filter.systemCategories),
        )
      );
    }
    case 'custom':
      return matchesAny(event.record.eventType ?? '', filter.customEventTypes);
    case 'other': {
      const { eventName } = event.record;
      return isNamed(eventName, filter, false) && matchesAny(eventName, filter.systemCategories);
    }
    case 'query':
      return false;
  }
}

/** Whether a name matches a pattern, if there are any without `!`, and none of those with it. */
function isNamed(
  name: string,
  { eventNames = [], violationsOnly }: AlertFilter,
  hasDetails: boolean,
): boolean {
  if (violationsOnly && !isViolation(name, hasDetails)) return false;
  const wanted = eventNames.filter((pattern) => !pattern.startsWith('!'));
  const excluded = eventNames.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  return (wanted.length === 0 || matchesAny(name, wanted)) && !matchesAny(name, excluded);
}

function matchesAny(text: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesPattern(text, pattern));
}
