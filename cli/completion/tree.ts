/** The command line as a shell's completion needs it, read from commander's own tree. */
import type { Argument, Command, Option } from 'commander';

/** What may follow: some words, a file's name, or something that nobody can guess. */
export type Values = readonly string[] | 'files' | 'anything';

export interface CompletedOption {
  /** For example `-f` and `--format`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** What its value may be; `undefined` if it takes none. */
  readonly values: Values | undefined;
}

export interface CommandNode {
  /** Empty for the program itself. */
  readonly name: string;
  /** The words after the program's name, for example `logs tail`; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments may be; `undefined` if it takes none. */
  readonly argument: Values | undefined;
  readonly commands: readonly CommandNode[];
}

/** Words for a placeholder, for example the ids of all rules for `<rule>`. */
export type Known = Readonly<Record<string, readonly string[]>>;

/** The program, with its commands below it. */
export function completedProgram(program: Command, known: Known): CommandNode {
  return completedCommand(program, undefined, known);
}

function completedCommand(command: Command, parentPath: string | undefined, known: Known): CommandNode {
  const name = parentPath === undefined ? '' : command.name();
  const path = `${parentPath ?? ''} ${name}`.trim();
  return {
    name,
    path,
    description: command.description(),
    // `visibleOptions` has --help as well, which is no option of the command's own.
    options: command
      .createHelp()
      .visibleOptions(command)
      .map((option) => completedOption(option, known)),
    argument: argumentValues(command.registeredArguments[0], known),
    commands: command.commands.map((below) => completedCommand(below, path, known)),
  };
}

/** A command, then all commands below it. */
export function flattened(command: CommandNode): CommandNode[] {
  return [command, ...command.commands.flatMap(flattened)];
}

function completedOption(option: Option, known: Known) {
  const placeholder = /[<[]([^\]>.]+)/.exec(option.flags)?.[1];
  return {
    flags: [option.short, option.long].filter((flag): flag is string => typeof flag === 'string'),
    description: option.description,
    values: placeholder === undefined ? undefined : valuesOf(placeholder, option.argChoices, known),
  };
}

function argumentValues(argument: Argument | undefined, known: Known): Values | undefined {
  return argument && valuesOf(argument.name(), argument.argChoices, known);
}

function valuesOf(placeholder: string, choices: readonly string[] | undefined, known: Known): Values {
  if (choices) return choices;
  return known[placeholder] ?? (/^(file|dir|folder)/.test(placeholder) ? 'files' : 'anything');
}
