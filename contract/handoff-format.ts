/** The portal hand-off as text and as Markdown. Values stand alone, ready to copy. */
import type { Handoff, HandoffField } from './handoff';

/** What is not for the portal, and easily forgotten after it. */
export const BEFORE_LATER_APPLIES =
  'Before every later apply run altr-export check --plan: it says whether the plan takes away a bucket, its key or what protects them.';

/** The hand-off of one export as plain text, with what to do after it. */
export function handoffOutput(handoff: Handoff): string {
  return `${formatHandoff(handoff)}\n\n${BEFORE_LATER_APPLIES}`;
}

/** The hand-off as plain text. */
export function formatHandoff(handoff: Handoff): string {
  return [
    `In ALTR’s portal: ${handoff.location.join(' → ')}`,
    ...aligned(handoff.fields),
    ...handoff.steps.map((step, index) => `  ${index + 1}. ${step}`),
    ...aligned(handoff.toggles).map((line) => `   ${line}`),
    ...(handoff.regionHint ? [`  Note: ${handoff.regionHint}`] : []),
    ...(handoff.apiRoute ? [`  ${handoff.apiRoute.ask}:`, ...aligned(handoff.apiRoute.values, '    ')] : []),
    ...handoff.notes.map((note) => `  Note: ${note}`),
  ].join('\n');
}

/** The hand-off as Markdown, for a ticket or a wiki. */
export function markdownHandoff(name: string, handoff: Handoff): string {
  return [
    `## ${name}`,
    '',
    `In ALTR’s portal: ${handoff.location.join(' → ')}`,
    '',
    ...table(handoff.fields, 'Field'),
    '',
    ...handoff.steps.map((step, index) => `${index + 1}. ${step}`),
    '',
    ...handoff.toggles.map(({ label, value }) => `- [ ] **${label}**: ${value}`),
    ...(handoff.regionHint ? ['', `> **Note:** ${handoff.regionHint}`] : []),
    ...(handoff.apiRoute
      ? ['', `${handoff.apiRoute.ask}:`, '', ...table(handoff.apiRoute.values, 'Value')]
      : []),
    ...handoff.notes.flatMap((note) => ['', `> **Note:** ${note.replaceAll('<', '&lt;')}`]),
  ].join('\n');
}

function aligned(fields: readonly HandoffField[], indent = '  '): string[] {
  const width = Math.max(...fields.map(({ label }) => label.length));
  return fields.map(({ label, value }) => `${indent}${label.padEnd(width)}  ${value}`);
}

/** Values are names and ARNs that the contract has judged: none holds a backtick or a pipe. */
function table(fields: readonly HandoffField[], head: string): string[] {
  return [
    `| ${head} | Enter |`,
    '|---|---|',
    ...fields.map(({ label, value }) => `| ${label} | \`${value}\` |`),
  ];
}
