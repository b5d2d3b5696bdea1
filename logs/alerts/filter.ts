/** Whether an event raises an alert. */
import type { AlertFilter } from '../../config/options/alerts';
import type { AuditEvent } from '../events/event';
import { auditsOf } from '../events/system-audit';

/** The `*Audit` objects that say by themselves that a threshold was violated, whatever the category is called. */
const ALERTING_AUDITS = ['thresholdAudit', 'anomalyAudit'] as const;

export function raisesAlert(event: AuditEvent, filter: AlertFilter): boolean {
  switch (event.kind) {
    case 'system': {
      if (matchesAny(event.record.category ?? '', filter.systemCategories)) return true;
      // Only with the default's own words: who lists other categories wants no others.
      const audits = auditsOf(event.record);
      return ALERTING_AUDITS.some((name) => name in audits && matchesAny(name, filter.systemCategories));
    }
    case 'custom':
      return matchesAny(event.record.eventType ?? '', filter.customEventTypes);
    case 'query':
    case 'other':
      return false;
  }
}

function matchesAny(text: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(text.toLowerCase(), pattern.toLowerCase()));
}

/** Greedy from the left: each piece between stars as early as it comes, the last one at the end. Linear for a piece. */
function matches(text: string, pattern: string): boolean {
  const [first = '', ...pieces] = pattern.split('*');
  if (pieces.length === 0) return text === pattern;
  if (!text.startsWith(first)) return false;
  const last = pieces.pop() ?? '';
  let from = first.length;
  for (const piece of pieces) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
