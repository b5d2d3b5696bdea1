/** The completion of zsh, through its `_arguments`. */
import type { CompletedCommand, CompletedOption, Values } from './tree';

export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const [program, ...named] = commands;
  const cases = named.map(({ name, options, argument }) => {
    const specs = options.map(optionSpec);
    if (argument !== undefined) specs.push(quote(`*:argument${action(argument)}`));
    return `        ${name}) _arguments ${specs.join(' ')} ;;`;
  });
  return `#compdef altr-export
# zsh completion of altr-export. Load it: source <(altr-export completion zsh)
_altr-export() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C ${(program?.options ?? []).map(optionSpec).join(' ')} '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      local -a commands
      commands=(
${named.map(({ name, description }) => `        ${quote(`${name}:${escaped(description)}`)}`).join('\n')}
      )
      _describe command commands ;;
    argument)
      case $line[1] in
${cases.join('\n')}
      esac ;;
  esac
}
# Found in $fpath it is the function's own body; sourced it has to be made known.
if [[ $funcstack[1] == _altr-export ]]; then _altr-export "$@"; else compdef _altr-export altr-export; fi
`;
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
