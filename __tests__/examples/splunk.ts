/** Reads the examples for Splunk, and evaluates their expressions as far as they are used here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

/** Stanzas of a Splunk configuration file: keys and values by stanza. */
export function splunkStanzas(file: string): Record<string, Record<string, string>> {
  return stanzas(readFileSync(join(__dirname, '..', '..', 'examples', 'splunk', file), 'utf8'));
}

export function stanzas(text: string): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  let stanza: Record<string, string> | undefined;
  for (const line of text.split('\n').filter((entry) => entry !== '' && !entry.startsWith('#'))) {
    const name = /^\[(.+)\]$/.exec(line)?.[1];
    if (name) {
      stanza = {};
      found[name] = stanza;
      continue;
    }
    const [, key, value] = /^([\w.-]+) = (.*)$/.exec(line) ?? [];
    if (!stanza || !key || value === undefined) throw new Error(`no setting: ${line}`);
    stanza[key] = value;
  }
  return found;
}

const OPERATORS: Readonly<Record<string, string>> = { AND: '&&', OR: '||', NOT: '!', '=': '===' };

/** The value of an eval expression for an event: Splunk's operators are put in JavaScript's words. */
export function splunkEvaluated(expression: string, event: object): unknown {
  const script = expression.replaceAll(
    /"(?:[^"\\]|\\.)*"|\b(?:AND|OR|NOT)\b|=|\b(if|case|true|null)\(/g,
    (token, name?: string) => {
      // A backslash stays in the text, except before a quote.
      if (token.startsWith('"')) return JSON.stringify(token.slice(1, -1).replaceAll('\\"', '"'));
      return name ? `${name}_(` : (OPERATORS[token] ?? token);
    },
  );
  const fields: Record<string, unknown> = {
    category: undefined,
    responseCode: undefined,
    eventType: undefined,
  };
  // Splunk takes JSON's null for a text.
  for (const [key, value] of Object.entries(event)) fields[key] = value === null ? 'null' : value;
  const functions = {
    _raw: JSON.stringify(event),
    isnull: (value: unknown) => value === undefined || value === null,
    match: (text: unknown, regex: string) =>
      text != null &&
      new RegExp(regex.replace('(?i)', ''), regex.startsWith('(?i)') ? 'i' : '').test(String(text)),
    tonumber: (value: unknown) => (/^-?\d+$/.test(String(value)) ? Number(value) : undefined),
    json_extract: (text: string, key: string) => (JSON.parse(text) as Record<string, unknown>)[key],
    if_: (condition: boolean, yes: unknown, no: unknown) => (condition ? yes : no),
    case_: (...pairs: unknown[]) =>
      pairs[pairs.findIndex((value, index) => index % 2 === 0 && value === true) + 1],
    true_: () => true,
    null_: () => null,
  };
  return runInNewContext(script, { ...fields, ...functions });
}
