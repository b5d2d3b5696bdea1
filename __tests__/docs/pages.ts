/** The pages that a reader sees, and what stands in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

/** Paths of all pages, from the project's root. */
export const PAGES: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...(readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }) as string[])
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .sort(),
];

export const readPage = (page: string) => readFileSync(join(ROOT, page), 'utf8');

/** Fenced blocks of code, those in lists included: their language and text. */
export function blocksOf(text: string): { language: string; code: string }[] {
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = '', language = '', code = '']) => ({
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/** Every command line of ours that a page shows, in a block or in its text, up to a pipe, a redirection or a comment. */
export function commandLinesOf(text: string): string[] {
  const joined = text.replaceAll(/\\\n\s*/g, ' ');
  const blocks = blocksOf(joined).map(({ code }) => code);
  const indented = [
    ...joined.matchAll(
      /^ {4}((?:\w+=\S+ |npx |node )*(?:altr-export|altr-audit-log-export-kit|npm run) .*)$/gm,
    ),
  ].map(([, line = '']) => line);
  const inline = [...joined.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, code = '']) => code,
  );
  return (
    [...blocks, ...indented, ...inline]
      .flatMap((code) => code.split('\n'))
      // There altr-export is a user.
      .filter((line) => !/^(useradd|install) /.test(line))
      .flatMap((line) =>
        [
          ...line
            .replaceAll(/ \d>/g, ' >')
            .matchAll(
              /(?:altr-export(?:\.mjs)?|altr-audit-log-export-kit|npm run (?:-s )?check --) +([a-z-][^|;&<>#)`]*)/g,
            ),
        ].map(([whole, rest = '']) => (whole.startsWith('npm') ? `check ${rest}` : rest)),
      )
      .map((line) => line.replace(/ {2,}.*$/, '').trim())
  );
}

/** The words of a command line, as a shell splits it; enough for what a page shows. */
export function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}
