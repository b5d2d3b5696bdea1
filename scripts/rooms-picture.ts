/** The pictures in `docs/architecture.md`: which room imports which, read from the imports themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { between } from '../modules/terraform-files';

const ROOT = join(__dirname, '..');
const PAGE = 'docs/architecture.md';

/** Top-level rooms in the order of the picture. The rooms of `checks/` are its folders. */
const ROOMS = ['main.ts', 'package', 'cli', 'lambda', 'modules', 'checks', 'logs', 'config', 'contract'];

export interface RoomImport {
  readonly from: string;
  readonly to: string;
  /** No import between the two is there at run time. */
  readonly typesOnly: boolean;
}

interface FileImport {
  readonly source: string;
  readonly target: string;
  readonly isType: boolean;
}

/** `import … from '…'`, `export … from '…'`, `import '…'` and `import('…')`, with relative paths. */
const IMPORT = /^(?:import|export) +(type )?(?:[\w*{][^;'"]*? from )?'(\.[^']*)'|\bimport\('(\.[^']*)'\)/gm;

export function importsIn(path: string, code: string): FileImport[] {
  return [...code.matchAll(IMPORT)].map(([, type, atTop, inCode]) => ({
    source: path,
    target: normalize(join(dirname(path), atTop ?? inCode ?? '')),
    isType: type !== undefined,
  }));
}

/** Every arrow between two rooms once. */
export function roomImports(
  imports: readonly FileImport[],
  roomOf: (path: string) => string | undefined,
): RoomImport[] {
  const found = new Map<string, RoomImport>();
  for (const { source, target, isType } of imports) {
    const [from, to] = [roomOf(source), roomOf(target)];
    if (from === undefined || to === undefined || from === to) continue;
    const key = `${from} ${to}`;
    found.set(key, { from, to, typesOnly: isType && (found.get(key)?.typesOnly ?? true) });
  }
  return [...found.values()];
}

/** Without the arrows that follow from others: `a → c` where `a → b → c`. */
export function essential(imports: readonly RoomImport[]): RoomImport[] {
  const atRunTime = imports.filter(({ typesOnly }) => !typesOnly);
  const reaches = (from: string, to: string, without?: RoomImport): boolean =>
    atRunTime.some(
      (edge) => edge !== without && edge.from === from && (edge.to === to || reaches(edge.to, to, without)),
    );
  const cycle = atRunTime.find(({ from, to }) => reaches(to, from));
  if (cycle) throw new Error(`${cycle.from} and ${cycle.to} import each other`);
  return imports.filter((edge) => !reaches(edge.from, edge.to, edge));
}

/** A flow chart of Mermaid: a solid arrow is an import, a dotted one an import of types alone. */
export function mermaid(imports: readonly RoomImport[]): string {
  const id = (room: string) => room.replaceAll(/\W/g, '_');
  const rooms = [...new Set(imports.flatMap(({ from, to }) => [from, to]))].sort();
  return [
    '```mermaid',
    'flowchart TD',
    ...rooms.map((room) => `  ${id(room)}["${room}"]`),
    ...imports
      .map(({ from, to, typesOnly }) => `  ${id(from)} ${typesOnly ? '-.->' : '-->'} ${id(to)}`)
      .sort(),
    '```',
  ].join('\n');
}

function allImports(): FileImport[] {
  return ROOMS.flatMap((room) =>
    room.endsWith('.ts')
      ? [room]
      : readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)),
  )
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .flatMap((path) => importsIn(path, readFileSync(join(ROOT, path), 'utf8')));
}

const houseRoom = (path: string) => ROOMS.find((room) => path === room || path.startsWith(`${room}/`));

const checksRoom = (path: string) => /^checks\/([^/]+)\//.exec(`${path}/`)?.[1];

/** `docs/architecture.md` with its pictures as the imports are. */
export function generatedFiles(): Record<string, string> {
  const imports = allImports();
  const page = readFileSync(join(ROOT, PAGE), 'utf8');
  const house = mermaid(essential(roomImports(imports, houseRoom)));
  const checks = mermaid(essential(roomImports(imports, checksRoom)));
  return { [PAGE]: between(between(page, 'house', house), 'checks', checks) };
}
