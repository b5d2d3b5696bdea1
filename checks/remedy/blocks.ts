/** HCL for resources with nested blocks. */
import { type Expression, literal, resource } from './hcl';

/** Arguments and blocks of a block; a list of bodies is one block each, and what is `undefined` is left out. */
export interface Body {
  readonly [name: string]: string | number | boolean | Expression | Body | readonly Body[] | undefined;
}

/** A resource with nested blocks, its label made from the name of what it manages. */
export function resourceWithBlocks(type: string, name: string, body: Body): string {
  const [head = ''] = resource(type, name, {}).split('\n');
  return [head, ...linesOf(body, '  '), '}'].join('\n');
}

function linesOf(body: Body, indent: string): string[] {
  const entries = Object.entries(body).filter(([, value]) => value !== undefined);
  const plain = entries.filter(([, value]) => !isBlock(value));
  const width = Math.max(0, ...plain.map(([key]) => key.length));
  const lines = plain.map(([key, value]) => `${indent}${key.padEnd(width)} = ${shown(value)}`);
  for (const [key, value] of entries) {
    for (const inner of isBlock(value) ? [value].flat() : []) {
      const within = linesOf(inner as Body, `${indent}  `);
      if (lines.length > 0) lines.push('');
      lines.push(
        ...(within.length === 0 ? [`${indent}${key} {}`] : [`${indent}${key} {`, ...within, `${indent}}`]),
      );
    }
  }
  return lines;
}

function shown(value: Body[string]): string {
  return typeof value === 'object' && 'expression' in value ? String(value.expression) : literal(value);
}

function isBlock(value: Body[string]): value is Body | readonly Body[] {
  return typeof value === 'object' && !('expression' in value);
}
