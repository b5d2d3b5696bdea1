import type { PolicyText } from '../observe/observation';
import type { ExportReport, Finding } from './finding';

/**
 * The documents that findings point into, as they were seen. A pass needs none.
 * @param seen what was observed of the export and its account, in any shape: documents are found wherever they stand
 */
export function documentsOf(
  findings: readonly Finding[],
  seen: readonly unknown[],
): Pick<ExportReport, 'documents'> {
  const wanted = new Set(
    findings.flatMap(({ status, location }) => (status === 'pass' || !location ? [] : [location.document])),
  );
  if (wanted.size === 0) return {};
  const found: Record<string, unknown> = {};
  for (const { source, text } of seen.flatMap(policyTexts)) {
    if (wanted.has(source)) found[source] = parsed(text);
  }
  return Object.keys(found).length > 0 ? { documents: found } : {};
}

/** Every document in an observation. */
export function policyTexts(value: unknown): PolicyText[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('source' in value && 'text' in value) return [value as PolicyText];
  return Object.values(value).flatMap(policyTexts);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
