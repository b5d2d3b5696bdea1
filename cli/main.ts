/** The command line `altr-export`: its subcommands, and how it ends. Each command loads its own parts when it runs. */
import { Command, CommanderError } from 'commander';
import { registerAdopt } from './adopt/command';
import { registerAuditorPolicy } from './auditor-policy';
import { registerCheck } from './check/command';
import { withSubcommands } from './command-tree';
import { registerCompletion } from './completion/command';
import { registerDoctor } from './doctor/command';
import { commanderExitCode, EXIT_UNDECIDED, failureText, misuseSentence } from './errors';
import { registerExplain } from './explain';
import { registerHandoff } from './handoff/command';
import { registerHistory } from './history/command';
import { registerInit } from './init/command';
import { registerLogs } from './logs/command';
import { registerOrganization } from './organization/command';
import { registerRules } from './rules';
import { registerStart } from './start/command';
import { listenToStreams } from './streams';
import { registerTestAccess } from './test-access/command';
import { TOOL } from './version';

/** Every command, in the order of the help. */
const COMMANDS: Readonly<Record<string, (program: Command) => void>> = {
  start: registerStart,
  check: registerCheck,
  doctor: registerDoctor,
  history: registerHistory,
  handoff: registerHandoff,
  init: registerInit,
  adopt: registerAdopt,
  'test-access': registerTestAccess,
  'auditor-policy': registerAuditorPolicy,
  organization: registerOrganization,
  logs: registerLogs,
  rules: registerRules,
  explain: registerExplain,
  completion: registerCompletion,
};

const EXAMPLES = `
Examples:
  altr-export start                      try everything out; needs no account
  altr-export init                       write altr-exports.yaml
  altr-export doctor                     tell whether a check can run
  altr-export check                      audit what exists in AWS
  altr-export explain trust-external-id  why a rule exists, and how to fix what breaks it

altr-export <command> --help shows more of each.`;

/**
 * The whole command line, for help and completion.
 * @param called the command that is run, if it is known: it needs no other
 */
export function buildProgram(called?: string): Command {
  const program = new Command('altr-export')
    .description('Provision and audit the S3 bucket, IAM policy and role that ALTR exports audit logs to.')
    .version(TOOL.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--debug', 'show the stack trace of an error')
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', EXAMPLES);
  for (const [name, register] of Object.entries(COMMANDS))
    if (called === undefined || called === name) register(program);
  for (const command of withSubcommands(program)) {
    command.configureOutput({
      outputError: (text, write) => write(misuseSentence(text, command)),
    });
    // Subcommands don't inherit it; people write `check --debug`.
    if (command !== program) command.option('--debug', 'show the stack trace of an error');
  }
  return program;
}

/** Runs the command line and sets the process's exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  listenToStreams();
  try {
    const first = argv[2] ?? '';
    // `completion` describes all of them.
    const isAlone = Object.hasOwn(COMMANDS, first) && first !== 'completion';
    await buildProgram(isAlone ? first : undefined).parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = commanderExitCode(error);
      return;
    }
    process.stderr.write(`${failureText(error, argv.includes('--debug'))}\n`);
    process.exitCode = EXIT_UNDECIDED;
  }
}
