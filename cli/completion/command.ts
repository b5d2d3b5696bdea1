/** `altr-export completion SHELL`: prints the shell's completion, made from the command tree itself. */
import { Argument, type Command } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

const EXAMPLES = `
Examples:
  source <(altr-export completion bash)      in ~/.bashrc
  source <(altr-export completion zsh)       in ~/.zshrc, after compinit
  altr-export completion fish | source       in ~/.config/fish/config.fish`;

export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('Print the completion for a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: (typeof SHELLS)[number]) => {
      const [{ RULES }, { completedProgram }, { writeStdout }] = await Promise.all([
        import('../../checks/rules'),
        import('./tree'),
        import('../../checks/report/output'),
      ]);
      const tree = completedProgram(program, { rule: RULES.map(({ metadata }) => metadata.id) });
      await writeStdout(await completionOf(shell, tree));
    });
}

async function completionOf(
  shell: (typeof SHELLS)[number],
  tree: import('./tree').CommandNode,
): Promise<string> {
  if (shell === 'bash') return (await import('./bash')).bashCompletion(tree);
  if (shell === 'zsh') return (await import('./zsh')).zshCompletion(tree);
  return (await import('./fish')).fishCompletion(tree);
}
