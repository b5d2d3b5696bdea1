/** The command line `altr-export`: its subcommands, and how it ends. Each command loads its own parts when it runs. */
import { Command, CommanderError } from 'commander';
import { registerAuditorPolicy } from './commands/auditor-policy';
import { registerCheck } from './commands/check';
import { registerExplain } from './commands/explain';
import { registerHandoff } from './commands/handoff';
import { registerInit } from './commands/init';
import { registerRules } from './commands/rules';
import { registerStart } from './commands/start';
import { commanderExitCode, EXIT_UNDECIDED, failureText } from './failure';
import { TOOL } from './version';

/** Every command, in the order of the help. */
const COMMANDS: readonly ((program: Command) => void)[] = [
  registerStart,
  registerCheck,
  registerHandoff,
  registerInit,
  registerAuditorPolicy,
  registerRules,
  registerExplain,
];

/** The whole command line, for parsing, help and completion. */
export function buildProgram(): Command {
  const program = new Command('altr-export')
    .description('Provision and audit the S3 bucket, IAM policy and role that ALTR exports audit logs to.')
    .version(TOOL.version)
    .option('--debug', 'show the stack trace of an error')
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .exitOverride();
  for (const register of COMMANDS) register(program);
  // Subcommands inherit neither the override nor `--debug`; people write `check --debug`.
  for (const command of program.commands) {
    command.exitOverride();
    if (!command.options.some((option) => option.long === '--debug')) {
      command.option('--debug', 'show the stack trace of an error');
    }
  }
  return program;
}

/** Runs the command line and sets the process's exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : EXIT_UNDECIDED),
  );
  try {
    await buildProgram().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = commanderExitCode(error);
      return;
    }
    process.stderr.write(`${failureText(error, argv.includes('--debug'))}\n`);
    process.exitCode = EXIT_UNDECIDED;
  }
}
