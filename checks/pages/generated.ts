import { RULES } from '../rules';
import { rulePage } from './page';

/** The rules' pages and their index, by path from the project's root. */
export function generatedFiles(): Record<string, string> {
  const rows = RULES.map(
    ({ metadata: { id, severity, title } }) => `| [${id}](${id}.md) | ${severity} | ${title} |`,
  );
  const index = [
    '# Rules',
    '',
    'What the audit judges, in the order of its reports. `altr-export rules` lists them, `altr-export explain RULE` prints a',
    'page. Every example on a page is judged by the tests.',
    '',
    '| rule | severity | holds when |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
  return {
    'docs/rules/README.md': index,
    ...Object.fromEntries(RULES.map(({ metadata }) => [`docs/rules/${metadata.id}.md`, rulePage(metadata)])),
  };
}
