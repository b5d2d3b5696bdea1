/** A YAML or JSON text that knows the line of each of its values. */
import { isMap, isScalar, LineCounter, type Node, type Pair, parseDocument } from 'yaml';

export type Path = readonly (string | number)[];

export interface SourceFault {
  readonly line: number;
  readonly message: string;
}

export interface YamlSource {
  /** The plain value of the whole text; `undefined` if it has faults. */
  readonly value: unknown;
  /** What is wrong with the YAML itself. */
  readonly faults: readonly SourceFault[];
  /** The 1-based line of the value at the path, or of the nearest part of the path that exists. */
  lineOf(path: Path): number;
  /** The 1-based line of a key of the object at the path. */
  lineOfKey(path: Path, key: string): number;
  /** The value at the path as it was typed, for example `011122223333`, if it is a scalar. */
  typed(path: Path): string | undefined;
}

/** Reads a text. Never throws: faults of the YAML are in the result. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number | undefined) =>
    offset === undefined ? 1 : Math.max(1, lines.linePos(offset).line);
  const faults: SourceFault[] = document.errors.map((error) => ({
    line: lineAt(error.pos[0]),
    message: sentence(error.code, error.message),
  }));
  let value: unknown;
  if (faults.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: 50 });
    } catch (error) {
      faults.push({ line: 1, message: `can't be expanded: ${(error as Error).message}` });
    }
  }
  const nodeAt = (path: Path): Node | undefined => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    return (node as Node | null | undefined) ?? undefined;
  };
  const pairAt = (path: Path, key: string): Pair | undefined => {
    const map = nodeAt(path);
    return isMap(map)
      ? map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)
      : undefined;
  };
  const lineOf = (path: Path): number => {
    for (let length = path.length; length > 0; length--) {
      const part = path.slice(0, length);
      const key = part[length - 1];
      if (typeof key === 'string') {
        const pair = pairAt(part.slice(0, -1), key);
        if (pair) return lineAt((pair.key as Node).range?.[0]);
      }
      const node = nodeAt(part);
      if (node?.range) return lineAt(node.range[0]);
    }
    return lineAt(document.contents?.range?.[0]);
  };
  return {
    value,
    faults,
    lineOf,
    lineOfKey: (path, key) => {
      const pair = pairAt(path, key);
      return pair ? lineAt((pair.key as Node).range?.[0]) : lineOf(path);
    },
    typed: (path) => {
      const node = nodeAt(path);
      return isScalar(node) ? (node.source ?? undefined) : undefined;
    },
  };
}

function sentence(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'has the same key twice in one object; keep one of them';
  if (code === 'TAB_AS_INDENT') return 'is indented with a tab; YAML wants spaces';
  return `is not valid YAML: ${message.split('\n')[0]}`;
}
