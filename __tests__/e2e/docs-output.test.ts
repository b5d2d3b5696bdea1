/**
 * What the docs show of commands is what they print: each `console` block is run in a copy of `examples/audit`. With
 * `UPDATE_DOCS=1` the blocks are written anew instead.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blocksOf, PAGES, ROOT, readPage } from '../docs/pages';

const folder = mkdtempSync(join(tmpdir(), 'altr-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Exceptions end on a day that must lie ahead: the page's day stands for one that does. */
const AHEAD = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
const DAY = /\b20\d\d-\d\d-\d\d\b(?!T)/g;
/** When an earlier run began differs with each run. */
const TIME = /\b20\d\d-\d\d-\d\dT[\d:.]+Z/g;
const SHOWN_TIME = '2026-11-24T03:17:04.512Z';
/** The example's observation grows older every day. */
const AGE = /\b\d+ days old\b/g;
const SHOWN_AGE = '327 days old';

/** What the commands of a page print, each after its `$` line, block by block. */
function printed(text: string): string[] {
  const place = mkdtempSync(join(folder, 'page-'));
  cpSync(join(ROOT, 'examples', 'audit'), place, { recursive: true });
  const exceptions = blocksOf(text).filter(({ code }) => code.startsWith('exceptions:'));
  const day = exceptions.map(({ code }) => DAY.exec(code)?.[0]).find((found) => found !== undefined);
  for (const { code } of exceptions)
    appendFileSync(join(place, 'altr-exports.yaml'), code.replaceAll(DAY, AHEAD));
  const command = `'${process.execPath}' '${join(ROOT, 'bin', 'altr-export.js')}'`;
  return consoleBlocks(text).map((code) =>
    code
      .split('\n')
      .filter((line) => line.startsWith('$ '))
      .map((line) => {
        const script = `npx() { shift; ${command} "$@"; }; ${line.slice(2)}`;
        const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], {
          cwd: place,
          env: { PATH: process.env.PATH ?? '', HOME: folder },
          encoding: 'utf8',
        });
        const output = `${stdout}${stderr}`.replaceAll(TIME, SHOWN_TIME).replaceAll(AGE, SHOWN_AGE);
        return `${line}\n${day ? output.replaceAll(AHEAD, day) : output}`;
      })
      .join(''),
  );
}

const consoleBlocks = (text: string) =>
  blocksOf(text)
    .filter(({ language }) => language === 'console')
    .map(({ code }) => code);

const shown = PAGES.filter((page) => consoleBlocks(readPage(page)).length > 0);

test.each(shown)('%s shows what is printed; UPDATE_DOCS=1 writes it anew', (page) => {
  const text = readPage(page);
  const outputs = printed(text);
  if (process.env.UPDATE_DOCS) {
    let next = 0;
    const updated = text.replaceAll(
      /^```console\n[\s\S]*?^```$/gm,
      () => `\`\`\`console\n${outputs[next++]}\`\`\``,
    );
    writeFileSync(join(ROOT, page), updated);
    return;
  }
  expect(outputs).toEqual(consoleBlocks(text));
});

test('there is something to show', () => expect(shown.length).toBeGreaterThan(2));
