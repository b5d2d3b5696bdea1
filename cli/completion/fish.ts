/** The completion of fish. */
import { type CommandNode, type CompletedOption, flattened, type Values } from './tree';

export function fishCompletion(program: CommandNode): string {
  const lines = flattened(program).flatMap((command) => {
    const { path, options, argument, commands } = command;
    const here = condition(path.split(' ').filter((word) => word !== ''));
    // Only until one of the commands below is named.
    const open =
      path === ''
        ? here
        : `${here}; and not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(' ')}`;
    return [
      ...commands.map(({ name, description }) => `-n ${quote(open)} -a ${name} -d ${quote(description)}`),
      ...options.map((option) => `-n ${quote(here)} ${optionWords(option)}`),
      ...(argument === undefined ? [] : [`-n ${quote(here)} ${offered(argument)}`]),
    ];
  });
  return `# fish completion of altr-export. Load it: altr-export completion fish | source
complete -c altr-export -f
${lines.map((line) => `complete -c altr-export ${line}`).join('\n')}
`;
}

/** Whether these commands were named. */
function condition(path: readonly string[]): string {
  if (path.length === 0) return '__fish_use_subcommand';
  return path.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
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
