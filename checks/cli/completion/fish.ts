/** The completion of fish. */
import type { CompletedCommand, CompletedOption, Values } from './tree';

export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, description, options, argument }) => {
    const when =
      name === '' ? '-n __fish_use_subcommand' : `-n ${quote(`__fish_seen_subcommand_from ${name}`)}`;
    const itself = name === '' ? [] : [`-n __fish_use_subcommand -a ${name} -d ${quote(description)}`];
    const argued = argument === undefined ? [] : [`${when} ${offered(argument)}`];
    return [...itself, ...options.map((option) => `${when} ${optionWords(option)}`), ...argued];
  });
  return `# fish completion of altr-export. Load it: altr-export completion fish | source
complete -c altr-export -f
${lines.map((line) => `complete -c altr-export ${line}`).join('\n')}
`;
}

function optionWords({ flags, description, values }: CompletedOption): string {
  const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = values === undefined ? [] : ['-r', offered(values)];
  return [...named, ...value, `-d ${quote(description)}`].join(' ');
}

function offered(values: Values): string {
  if (values === 'files') return '-F';
  return values === 'anything' ? '-f' : `-f -a ${quote(values.join(' '))}`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
