import type { PolicyText } from '../observe/observation';
import { isTooDeep } from '../policy';
import type { ExportReport, Finding } from './finding';

export type DocumentsByName = ReadonlyMap<string, PolicyText>;

/**
 * Every document in an observation, by its name.
 * @param seen what was observed of the export and its account, in any shape: documents are found wherever they are
 */
export function documentsIn(seen: readonly unknown[]): DocumentsByName {
  return new Map(seen.flatMap(policyTexts).map((document) => [document.source, document]));
}

/** The documents that findings point into, as they were seen. A pass needs none. */
export function documentsOf(
  findings: readonly Finding[],
  documents: DocumentsByName,
): Pick<ExportReport, 'documents'> {
  const wanted = new Set(
    findings.flatMap(({ status, location }) => (status === 'pass' || !location ? [] : [location.document])),
  );
  const found = [...documents].filter(([name]) => wanted.has(name));
  if (found.length === 0) return {};
  return { documents: Object.fromEntries(found.map(([name, { text }]) => [name, parsed(text)])) };
}

/** Every document in an observation. */
export function policyTexts(value: unknown): PolicyText[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('source' in value && 'text' in value) return [value as PolicyText];
  return Object.values(value).flatMap(policyTexts);
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value) ? text : value;
  } catch {
    return text;
  }
}
