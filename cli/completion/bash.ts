/** The completion of bash, version 3.2 and later. */
import { type CommandNode, flattened, type Values } from './tree';

export function bashCompletion(program: CommandNode): string {
  const commands = flattened(program);
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const values = commands.flatMap(({ path, options }) =>
    options
      .filter((option) => option.values !== undefined)
      .map(
        ({ flags, values }) =>
          `    ${flags.map((flag) => `'${path} ${flag}'`).join('|')}) ${reply(values ?? [])} ;;`,
      ),
  );
  const words = commands.map(({ path, options, argument, commands: below }) => {
    const first = Array.isArray(argument) ? argument : below.map(({ name }) => name);
    const all = [...first, ...options.flatMap(({ flags }) => flags.slice(-1))];
    const files = argument === 'files' ? `${FILES}; ` : '';
    return `    '${path}') ${files}words='${all.join(' ')}' ;;`;
  });
  return `# bash completion of altr-export. Load it: source <(altr-export completion bash)
_altr_export() {
  local IFS=$'\\n' word words='' command='' cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  # bash makes three words of --format=json.
  if [[ $cur == '=' ]]; then cur=''; elif [[ $prev == '=' ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${command:+$command }$word" in ${paths.join('|')}) command=\${command:+$command }$word ;; esac
  done
  case "$command $prev" in
${values.join('\n')}
  esac
  case $command in
${words.join('\n')}
  esac
  COMPREPLY+=($(IFS=' '; compgen -W "$words" -- "$cur"))
}
complete -F _altr_export altr-export
`;
}

const FILES = 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))';

/** Completes a value, and ends there. */
function reply(values: Values): string {
  if (values === 'anything') return 'return';
  if (values === 'files') return `${FILES}; return`;
  return `COMPREPLY=($(IFS=' '; compgen -W '${values.join(' ')}' -- "$cur")); return`;
}
