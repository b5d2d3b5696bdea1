/** The completion of each shell, loaded and asked in that shell itself. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RULES } from '../../checks/rules';
import { buildProgram } from '../../cli/main';
import { altrExport } from './support/command';

const RULE_IDS = RULES.map(({ metadata }) => metadata.id);
const COMMANDS = buildProgram().commands.map((command) => command.name());

const folder = mkdtempSync(join(tmpdir(), 'altr-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));

const env = { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'dumb' };
const script = (shell: string) => join(folder, `completion.${shell}`);

beforeAll(async () => {
  writeFileSync(join(folder, 'my config.yaml'), '');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await altrExport(['completion', shell], { env });
    expect(code).toBe(0);
    writeFileSync(script(shell), stdout);
  }
});

/** What a shell offers for a line with the cursor at its end. */
type Ask = (line: string) => string[];

function shell(command: string, args: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync(command, args, {
    env,
    cwd: folder,
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.split('\n').filter((word) => word !== '');
}

const bash: Ask = (line) => {
  const words = line.split(/(=)| /).filter((word) => word !== undefined);
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const ask = `source '${script('bash')}'; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _altr_export; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return shell('bash', ['--norc', '-c', ask]);
};

/** fish says a description after a tab. */
const fish: Ask = (line) =>
  shell('fish', ['--no-config', '-c', `source '${script('fish')}'; complete -C '${line}'`]).map(
    (word) => word.split('\t')[0] ?? '',
  );

/** zsh completes on a terminal only: it gets one, and a compadd that writes down the words that match. */
const zsh: Ask = (line) => {
  const offered = join(folder, 'offered');
  writeFileSync(offered, '');
  writeFileSync(
    join(folder, 'inside.zsh'),
    `autoload -Uz compinit; compinit -u -d '${join(folder, 'zcompdump')}'; source '${script('zsh')}'
    compadd() {
      local -a kept; builtin compadd -O kept "$@" 2>/dev/null; print -rl -- $kept >> '${offered}'
      builtin compadd "$@"
    }
    finish() { print -r FINI''SHED }
    zle -N finish; bindkey '^I' complete-word '^G' finish; print -r REA''DY`,
  );
  const outside = `
    zmodload zsh/zpty
    zpty z env TERM=vt100 PS1= zsh -f -i
    zpty -w z 'source ${join(folder, 'inside.zsh')}'
    zpty -r z seen '*READY*'
    zpty -w -n z $'${line}\\t\\a'
    zpty -r z seen '*FINISHED*'
    zpty -d z`;
  shell('zsh', ['-f', '-c', outside]);
  return readFileSync(offered, 'utf8')
    .split('\n')
    .filter((word) => word !== '');
};

const SHELLS: readonly (readonly [string, Ask])[] = [
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
];

for (const [name, ask] of SHELLS) {
  const there = spawnSync(name, ['-c', 'true']).status === 0;
  if (!there) process.stderr.write(`SKIPPED completion of ${name}: the shell is not installed\n`);
  (there ? describe : describe.skip)(name, () => {
    test('offers every command', () => {
      expect(ask('altr-export ')).toEqual(expect.arrayContaining(COMMANDS));
      expect(ask('altr-export che')).toEqual(['check']);
    });

    test('offers what lies below a command', () => {
      expect(ask('altr-export logs ta')).toEqual(['tail']);
      expect(ask('altr-export logs tail --no-f')).toEqual(['--no-follow']);
    });

    // zsh starts anew for each question, which takes a second.
    test.each(name === 'zsh' ? ['check'] : COMMANDS)('offers every option of %s', (command) => {
      const options = buildProgram()
        .commands.find((entry) => entry.name() === command)
        ?.options.map(({ long }) => long);
      expect(ask(`altr-export ${command} --`)).toEqual(
        expect.arrayContaining([...(options ?? []), '--help']),
      );
    });

    test('offers the values of options and arguments', () => {
      expect(ask('altr-export check --format j')).toEqual(['json', 'junit']);
      expect(ask('altr-export check --config x.yaml --fail-on n')).toEqual(['new']);
      expect(ask('altr-export check --rule trust-u').sort()).toEqual(['trust-usable']);
      expect(ask('altr-export explain ')).toEqual(expect.arrayContaining(RULE_IDS));
      expect(ask('altr-export completion z')).toEqual(['zsh']);
    });

    test('offers files where a file is meant', () => {
      expect(ask('altr-export check --config my').map((word) => word.replaceAll('\\', ''))).toContain(
        'my config.yaml',
      );
    });
  });
}

test('bash understands --format=json, too', () => {
  expect(bash('altr-export check --format=j')).toEqual(['json', 'junit']);
  expect(bash('altr-export check --fail-on=')).toContain('new');
});

test('another shell is refused', async () => {
  const { code, stderr } = await altrExport(['completion', 'csh'], { env });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      "command-argument value 'csh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish; altr-export completion --help shows how it is used\n",
  });
});
