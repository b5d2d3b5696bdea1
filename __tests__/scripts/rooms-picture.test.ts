/** The pictures in docs/architecture.md say what the imports say; `generated.test.ts` checks that they are not stale. */
import { essential, importsIn, mermaid, type RoomImport, roomImports } from '../../scripts/rooms-picture';

const edge = (from: string, to: string, typesOnly = false): RoomImport => ({ from, to, typesOnly });
const firstFolder = (path: string) => path.split('/')[0];

test.each([
  ["import { a } from '../rules/x';", false],
  ["import a, { b } from '../rules/x';", false],
  ["import * as a from '../rules/x';", false],
  ["import {\n  a,\n  type B,\n} from '../rules/x';", false],
  ["import '../rules/x';", false],
  ["export { a } from '../rules/x';", false],
  ["export * from '../rules/x';", false],
  ["  const { a } = await import('../rules/x');", false],
  ["import type { A } from '../rules/x';", true],
  ["export type { A } from '../rules/x';", true],
])('an import is seen in %s', (code, isType) => {
  expect(importsIn('verdict/judge.ts', code)).toEqual([
    { source: 'verdict/judge.ts', target: 'rules/x', isType },
  ]);
});

test.each(["import { z } from 'zod';", "// import { a } from '../rules/x';"])(
  'no import of ours is seen in %s',
  (code) => expect(importsIn('verdict/judge.ts', code)).toEqual([]),
);

test('one import that is not of types alone makes the arrow solid, in either order', () => {
  const imports = [
    ...importsIn('a/1.ts', "import type { A } from '../b/x';\nimport { a } from '../b/y';\nimport './2';"),
    ...importsIn('b/1.ts', "import { c } from '../c/x';\nimport type { C } from '../c/y';"),
    ...importsIn('c/1.ts', "import type { D } from '../d/x';"),
  ];
  expect(roomImports(imports, firstFolder)).toEqual([edge('a', 'b'), edge('b', 'c'), edge('c', 'd', true)]);
});

test('an arrow that follows from others is left out, unless they are of types alone', () => {
  const all = [edge('a', 'b'), edge('b', 'c'), edge('a', 'c'), edge('c', 'd', true), edge('a', 'd', true)];
  expect(essential(all)).toEqual([
    edge('a', 'b'),
    edge('b', 'c'),
    edge('c', 'd', true),
    edge('a', 'd', true),
  ]);
});

test('rooms that import each other can’t be drawn, unless one imports types alone', () => {
  const circle = [edge('a', 'b'), edge('b', 'c'), edge('c', 'a')];
  expect(() => essential(circle)).toThrow('import each other');
  expect(essential([edge('a', 'b'), edge('b', 'a', true)])).toHaveLength(2);
});

test('a dotted arrow imports types alone', () => {
  expect(mermaid([edge('main.ts', 'auditor-policy'), edge('a', 'main.ts', true)])).toBe(
    [
      '```mermaid',
      'flowchart TD',
      '  a["a"]',
      '  auditor_policy["auditor-policy"]',
      '  main_ts["main.ts"]',
      '  a -.-> main_ts',
      '  main_ts --> auditor_policy',
      '```',
    ].join('\n'),
  );
});
