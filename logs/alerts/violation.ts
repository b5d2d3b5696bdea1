/**
 * Tells a violation from administration by its name: the vendor names neither. Words that say that a rule was broken win over
 * verbs, and an unknown name counts as a violation, so that none is swallowed. `examples/splunk/props.conf` holds the same
 * expressions, so they use only what PCRE knows, too.
 */

const THING = 'threshold|alert|anomal|rule|polic|limit|setting|config|notification|recipient';

/** Verbs of those who look at alerts or work through them. */
const HANDLING =
  'get|list|view|read|search|export|download|resolve|acknowledge|ack|close|dismiss|assign|unassign|reopen|snooze|mute|archive';

/** Verbs of those who change things. */
const CHANGING =
  'update|edit|modify|modifie|delete|remove|enable|disable|set|change|rename|save|activate|deactivate|configure|import|upload|copy|copie|clone|duplicate|move|test|pause|resume|restore|reset|schedule|register|patch|put|apply|applie|replace|suspend|attach|detach|publish';

/** The verb first, as in “Update Threshold” and “UpdateThreshold”. */
const first = (verbs: string) => `^(?:${verbs})(?:e?d|s)?(?=$|[^A-Za-z]|${THING})`;

/** The verb last, as in “Threshold Updated”. */
const last = (verbs: string) =>
  `(?:^|[^A-Za-z]|thresholds?|alerts?|anomaly|anomalies|rules?)(?:${verbs})(?:e?d|s)?[^A-Za-z]*$`;

export const VIOLATION_WORDS = {
  /** What an event must be about: in its category, or in its name if it has none. */
  about: 'threshold|alert|anomal',
  /** The last word says it: nothing before it is the verb. */
  happenedLast: '(?:triggered|exceeded|violated|breached|detected|raised)[^A-Za-z]*$',
  handling: `${first(HANDLING)}|${last(HANDLING)}|^add.*note|note added$`,
  happened: 'triggered|exceed|violat|breach|detected|raised',
  // An alert that is created is one.
  changing: `${first(CHANGING)}|${last(CHANGING)}|^(?:create|add|new)d? ?threshold(?!.*(?:alert|anomal))|threshold (?:create|add)(?:e?d)?$`,
  /** What a change is a change of; any other name, such as “User Disabled”, may be what a violation led to. */
  changed: `${THING}|^(?:${CHANGING})(?:e?d|s)?$`,
} as const;

type Word = keyof typeof VIOLATION_WORDS;

const EXPRESSIONS = Object.fromEntries(
  Object.entries(VIOLATION_WORDS).map(([word, source]) => [word, new RegExp(source, 'i')]),
) as Record<Word, RegExp>;

/** @param hasDetails whether the event holds details of a threshold, alert or anomaly */
export function isViolation(eventName: string, hasDetails: boolean): boolean {
  const says = (word: Word) => EXPRESSIONS[word].test(eventName);
  return (
    says('happenedLast') ||
    (!says('handling') && (says('happened') || !says('changing') || (hasDetails && !says('changed'))))
  );
}

export function isAboutViolations(text: string): boolean {
  return EXPRESSIONS.about.test(text);
}
