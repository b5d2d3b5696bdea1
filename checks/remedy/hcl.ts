/** Changes in Terraform: HCL for configurations of your own, the config for exports that this kit deploys. */
import type { ExportContract } from '../../contract/contract';
import { hclString } from '../../contract/hcl';
import type { RuleContext } from '../evidence/context';

/** Writes an argument's value, in a block so deep. */
type Expression = (depth: number) => string;

/** Arguments and blocks of a block; a list of bodies is one block each, and what is `undefined` is left out. */
export interface Body {
  readonly [name: string]: string | number | boolean | Expression | Body | readonly Body[] | undefined;
}

/** A document as an argument: `jsonencode({…})`. */
export function jsonencode(document: unknown, layout?: Layout): Expression {
  return (depth) => `jsonencode(${literal(document, depth, layout)})`;
}

/** A list or a map as an argument. */
export function collection(value: object): Expression {
  return (depth) => literal(value, depth);
}

/** A resource block. Its label is made from the name of what it manages. */
export function resource(type: string, name: string, body: Body): string {
  return block(`resource "${type}" "${label(name)}"`, body, 0).join('\n');
}

/** Makes Terraform forget what its configuration no longer holds. The block takes no instance of a resource. */
export function removed(address: string): string {
  const where = address.startsWith('module.') ? ', or the call of its module' : '';
  return `removed {\n  from = ${address} # delete its block${where}\n  lifecycle {\n    destroy = false\n  }\n}`;
}

/**
 * Makes Terraform destroy a resource that an audit found, which has to leave the configuration.
 * @param which tells which one it is of its type
 */
export function destroyed(type: string, which: string): string {
  return `removed {\n  from = ${type}.altr # ${which}; delete its block\n  lifecycle {\n    destroy = true\n  }\n}`;
}

/** Tells Terraform that a resource has another address. */
export function moved(from: string, to: string): string {
  return `moved {\n  from = ${from}\n  to   = ${to}\n}`;
}

/** For an unchanged stack of this kit: a deploy restores what the construct manages. */
export function redeploy({ name }: ExportContract): string {
  return `npx cdktf deploy ${name}`;
}

/** The same for a setting of the bucket. Those of an existing bucket are left alone. */
export function redeployBucket({
  contract,
  declared,
}: Pick<RuleContext, 'contract' | 'declared'>): string | undefined {
  return declared?.existingBucket ? undefined : redeploy(contract);
}

/** For a stack of this kit: a change of the export's entry in the config, as YAML. */
export function configChange({ name }: ExportContract, yaml: string): string {
  return `# altr-exports.yaml, export ${name}; then: npx cdktf deploy ${name}\n${yaml}`;
}

function block(head: string, body: Body, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const lines = linesOf(body, depth + 1);
  return lines.length === 0 ? [`${indent}${head} {}`] : [`${indent}${head} {`, ...lines, `${indent}}`];
}

function linesOf(body: Body, depth: number): string[] {
  const written: (readonly [string, string])[] = [];
  const blocks: string[][] = [];
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined) continue;
    if (typeof value === 'object')
      blocks.push(...[value].flat().map((inner: Body) => block(name, inner, depth)));
    else written.push([name, typeof value === 'function' ? value(depth) : literal(value, depth)]);
  }
  const arguments_ = attributes(written, '  '.repeat(depth));
  return [arguments_, ...blocks]
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** How a list of one text is written: on one line, unless told otherwise. */
interface Layout {
  readonly entryALine?: boolean;
}

/** A JSON value as HCL writes it. Every string is plain text in it: `${` and `%{` would begin a template. */
export function literal(value: unknown, depth = 0, layout: Layout = {}): string {
  const indent = '  '.repeat(depth + 1);
  const end = `${'  '.repeat(depth)}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    const isShort = value.length === 1 && (typeof value[0] !== 'object' || value[0] === null);
    if (isShort && !layout.entryALine) return `[${literal(value[0], depth, layout)}]`;
    return `[\n${value.map((entry) => `${indent}${literal(entry, depth + 1, layout)},\n`).join('')}${end}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, entry]) => [attribute(key), literal(entry, depth + 1, layout)] as const,
    );
    return entries.length === 0 ? '{}' : `{\n${attributes(entries, indent).join('\n')}\n${end}}`;
  }
  return typeof value === 'string' ? hclString(value) : JSON.stringify(value ?? null);
}

/** Entries as `terraform fmt` lays them out: neighbours of one line each have their `=` below each other. */
function attributes(entries: readonly (readonly [string, string])[], indent: string): string[] {
  const lines: string[] = [];
  let group: (readonly [string, string])[] = [];
  const flush = () => {
    const width = Math.max(0, ...group.map(([key]) => key.length));
    lines.push(...group.map(([key, value]) => `${indent}${key.padEnd(width)} = ${value}`));
    group = [];
  };
  for (const [key, value] of entries) {
    if (!value.includes('\n')) {
      group.push([key, value]);
      continue;
    }
    flush();
    lines.push(`${indent}${key} = ${value}`);
  }
  flush();
  return lines;
}

function attribute(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : hclString(key);
}

function label(name: string): string {
  const word = name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 60);
  return /^[A-Za-z_]/.test(word) ? word : `_${word}`;
}
