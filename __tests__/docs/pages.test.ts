/** Links lead somewhere, and command lines are ones that the command line takes. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommanderError } from 'commander';
import { planOutputs } from '../../checks/report/output';
import { RULES } from '../../checks/rules';
import { parseFailOn } from '../../checks/verdict/fail-on';
import { callOf, withSubcommands } from '../../cli/command-tree';
import { buildProgram } from '../../cli/main';
import { selectByName } from '../../cli/select-by-name';
import { blocksOf, commandLinesOf, PAGES, ROOT, readPage, words } from './pages';

/** GitHub's anchor of each heading. */
function anchorsOf(page: string): string[] {
  const text = readPage(page).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Parses a command line and judges the values that its command would judge. @throws where it is wrong */
function takes(line: string): void {
  const program = buildProgram();
  let seen: { name: string; options: Record<string, unknown>; args: readonly string[] } | undefined;
  for (const command of withSubcommands(program)) {
    command.configureOutput({ writeOut: () => {}, writeErr: () => {}, outputError: () => {} });
    if (command.commands.length > 0) continue;
    command.action(() => {
      seen = { name: command.name(), options: command.opts(), args: command.args };
    });
  }
  try {
    program.parse(words(line), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // `explain` alone, in a sentence, is a name and no call; so is `logs`, which then shows its help.
    const named = words(line).every((word) => /^[a-z][a-z-]*$/.test(word));
    if (error.exitCode === 0 || (named && /missingArgument|commander\.help$/.test(error.code))) return;
    throw error;
  }
  if (seen?.name === 'check') {
    const { format, output, rule, skipRule, failOn } = seen.options as Record<string, string[]> & {
      failOn: string;
    };
    // A word in capitals stands for something.
    planOutputs(
      (format ?? []).filter((name) => name !== 'NAME'),
      output ?? [],
    );
    parseFailOn(failOn, true);
    selectByName(
      RULES.map(({ metadata }) => ({ name: metadata.id })),
      [...(rule ?? []), ...(skipRule ?? [])].filter((id) => id !== 'RULE'),
      'rule',
    );
  }
}

describe.each(PAGES)('%s', (page) => {
  const text = readPage(page);

  test('has links that lead somewhere', () => {
    const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const dead = links
      .filter((link) => !/^(https?|mailto):/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? page : join(dirname(page), path);
        return (
          !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor))
        );
      });
    expect(dead).toEqual([]);
  });

  test('shows command lines that exist', () => {
    const wrong = commandLinesOf(text).flatMap((line) => {
      try {
        takes(line);
        return [];
      } catch (error) {
        return [`${line}: ${(error as Error).message}`];
      }
    });
    expect(wrong).toEqual([]);
  });
});

test('SECURITY.md says of every command what it does in AWS', () => {
  const [table = ''] = readPage('SECURITY.md').match(/^\| command[\s\S]*?\n\n/m) ?? [];
  const named = [...table.matchAll(/`([a-z -]+?)(?: --[a-z-]+)?`/g)].map(([, name]) => name);
  const commands = withSubcommands(buildProgram()).filter(({ commands }) => commands.length === 0);
  const names = commands.map((command) => callOf(command).replace('altr-export ', ''));
  expect(names.filter((name) => !named.includes(name))).toEqual([]);
});

test('the examples in every help are command lines that exist', () => {
  const program = buildProgram();
  for (const command of withSubcommands(program)) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    const lines = commandLinesOf(`\`\`\`\n${help.split('\nExamples:\n')[1] ?? ''}\n\`\`\``);
    // Those of `logs tail` stand in the help of `logs`.
    if (command === program || command.parent === program) expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(() => takes(line)).not.toThrow();
  }
});

test('a wrong command line is noticed', () => {
  const lines = [
    'check --formt json',
    'chek',
    'check --format jsn',
    'check --rule nope',
    'check --fail-on never',
  ];
  for (const line of lines) expect(() => takes(line)).toThrow();
  expect(
    commandLinesOf(
      'Run `npx altr-audit-log-export-kit chek`, `altr-export chck` and\n\n    npm run -s check -- --only a | jq   # all\n    npx altr-audit-log-export-kit rulez\n',
    ),
  ).toEqual(['check --only a', 'rulez', 'chek', 'chck']);
});

// Outside a project that has the package, npx asks the registry for a package of that name, which is not ours.
test.each(PAGES.filter((page) => page !== 'CHANGELOG.md' && !page.startsWith('docs/rules/')))(
  '%s has npx take the package',
  (page) => {
    expect(readPage(page)).not.toMatch(/npx (-\S+ )*altr-export\b/);
  },
);

test.each(
  PAGES.filter(
    (page) => /^docs\/(readers\/)?[a-z-]+\.md$/.test(page) && !readPage(page).includes('Generated by npm'),
  ),
)('%s starts with what its reader wants to do', (page) => {
  expect(readPage(page)).toMatch(/^# .+\n\nYou want /);
});

test('the index names every page', () => {
  const index = readPage('docs/README.md');
  const missing = PAGES.filter(
    (page) => /^docs\/(readers\/)?[^/]+\.md$/.test(page) && page !== 'docs/README.md',
  ).filter((page) => !index.includes(`](${page.slice('docs/'.length)})`));
  expect(missing).toEqual([]);
});

test('there are command lines and blocks to check', () => {
  const all = PAGES.map(readPage).join('\n');
  expect(commandLinesOf(all).length).toBeGreaterThan(30);
  expect(blocksOf(all).length).toBeGreaterThan(30);
});
