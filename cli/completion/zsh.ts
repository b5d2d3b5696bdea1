/** The completion of zsh, through its `_arguments`. */
import type { CommandNode, CompletedOption, Values } from './tree';

export function zshCompletion(program: CommandNode): string {
  return `#compdef altr-export
# zsh completion of altr-export. Load it: source <(altr-export completion zsh)
${group(program)}
# Found in $fpath it is the function's own body; sourced it has to be made known.
if [[ $funcstack[1] == _altr-export ]]; then _altr-export "$@"; else compdef _altr-export altr-export; fi
`;
}

/** A function for a command that has others below it, after theirs. */
function group(command: CommandNode): string {
  const { options, commands } = command;
  const described = commands.map(({ name, description }) => quote(`${name}:${escaped(description)}`));
  const own = `${functionOf(command)}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C ${options.map(optionSpec).join(' ')} '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      local -a commands
      commands=(
${described.map((spec) => `        ${spec}`).join('\n')}
      )
      _describe command commands ;;
    argument)
      case $line[1] in
${commands.map((below) => `        ${below.name}) ${callOf(below)} ;;`).join('\n')}
      esac ;;
  esac
}`;
  return [...commands.filter((below) => below.commands.length > 0).map(group), own].join('\n');
}

function callOf(command: CommandNode): string {
  if (command.commands.length > 0) return functionOf(command);
  const specs = command.options.map(optionSpec);
  if (command.argument !== undefined) specs.push(quote(`*:argument${action(command.argument)}`));
  return `_arguments ${specs.join(' ')}`;
}

function functionOf({ path }: CommandNode): string {
  return ['_altr-export', ...path.split(' ').filter((word) => word !== '')].join('-');
}

/** `*` since options may be repeated. */
function optionSpec({ flags, description, values }: CompletedOption): string {
  const tail = `[${escaped(description)}]${values === undefined ? '' : `:value${action(values)}`}`;
  return flags.map((flag) => quote(`*${flag}${tail}`)).join(' ');
}

function action(values: Values): string {
  if (values === 'anything') return ': ';
  return values === 'files' ? ':_files' : `:(${values.join(' ')})`;
}

function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
