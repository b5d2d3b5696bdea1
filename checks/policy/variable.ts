/** Policy variables. Source: IAM User Guide, "IAM policy elements: Variables and tags". */
import type { RequestContext } from './context';
import { type Glob, glob, literal } from './glob';

/** A text with its variables replaced. */
export interface Expanded {
  /** The widest reading: a variable whose value is open may be any text. */
  readonly widest: Glob;
  /** The one text, where no wildcard and no open variable is in it. */
  readonly text: string | undefined;
  /** Whether every variable had a known value. */
  readonly certain: boolean;
}

/** Replaces `${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}`, which stand for the plain characters. */
export function expand(text: string, context?: RequestContext): Expanded {
  const tokens: number[] = [];
  const plain: string[] = [];
  let certain = true;
  let from = 0;
  while (from < text.length) {
    const start = text.indexOf('${', from);
    const end = start < 0 ? -1 : text.indexOf('}', start);
    const before = text.slice(from, end < 0 ? undefined : start);
    tokens.push(...glob(before));
    plain.push(before);
    if (end < 0) break;
    const value = valueOfVariable(text.slice(start + 2, end), context);
    if (value === undefined) {
      certain = false;
      tokens.push(...glob('*'));
    } else {
      tokens.push(...literal(value));
      plain.push(value);
    }
    from = end + 1;
  }
  return { widest: tokens, text: certain ? plain.join('') : undefined, certain };
}

function valueOfVariable(variable: string, context: RequestContext | undefined): string | undefined {
  if (variable === '*' || variable === '?' || variable === '$') return variable;
  const [, key, fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(variable) ?? [];
  // This is no name of a key, so nobody knows what it stands for.
  if (key === undefined) return undefined;
  const fact = context?.fact(key);
  if (fact?.kind === 'value') return fact.value;
  return fact?.kind === 'absent' ? fallback : undefined;
}
