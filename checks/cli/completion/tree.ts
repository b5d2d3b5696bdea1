/** The command line as a shell's completion needs it, read from commander's own tree. */
import type { Argument, Command, Option } from 'commander';

/** What may follow: some words, a file's name, or something that nobody can guess. */
export type Values = readonly string[] | 'files' | 'anything';

export interface CompletedOption {
  /** For example `-f` and `--format`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** What its value may be; `undefined` where it takes none. */
  readonly values: Values | undefined;
}

export interface CompletedCommand {
  /** Empty for the program itself. */
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments may be; `undefined` where it takes none. */
  readonly argument: Values | undefined;
}

/**
 * The program and its commands, the program first.
 * @param known words for a placeholder, for example the ids of all rules for `<rule>`
 */
export function completedCommands(
  program: Command,
  known: Readonly<Record<string, readonly string[]>>,
): readonly CompletedCommand[] {
  return [program, ...program.commands].map((command) => ({
    name: command === program ? '' : command.name(),
    description: command.description(),
    // `visibleOptions` has --help as well, which is no option of the command's own.
    options: command
      .createHelp()
      .visibleOptions(command)
      .map((option) => completedOption(option, known)),
    argument: argumentValues(command.registeredArguments[0], known),
  }));
}

function completedOption(option: Option, known: Readonly<Record<string, readonly string[]>>) {
  const placeholder = /[<[]([^\]>.]+)/.exec(option.flags)?.[1];
  return {
    flags: [option.short, option.long].filter((flag): flag is string => typeof flag === 'string'),
    description: option.description,
    values: placeholder === undefined ? undefined : valuesOf(placeholder, option.argChoices, known),
  };
}

function argumentValues(
  argument: Argument | undefined,
  known: Readonly<Record<string, readonly string[]>>,
): Values | undefined {
  return argument && valuesOf(argument.name(), argument.argChoices, known);
}

function valuesOf(
  placeholder: string,
  choices: readonly string[] | undefined,
  known: Readonly<Record<string, readonly string[]>>,
): Values {
  if (choices) return choices;
  return known[placeholder] ?? (/^(file|dir|folder)/.test(placeholder) ? 'files' : 'anything');
}
