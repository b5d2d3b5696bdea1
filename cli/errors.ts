/** How the command line ends when something goes wrong: three kinds of error, one exit code. */
import type { Command, CommanderError } from 'commander';
import { UserError } from '../contract/user-error';
import { callOf } from './command-tree';

/** Something could not be decided or done. */
export const EXIT_UNDECIDED = 2;

/**
 * What to print on stderr for an error, without a stack trace unless `debug`.
 * A user's error is its own sentences; anything else is a bug of ours, and says so.
 */
export function failureText(error: unknown, debug: boolean): string {
  const stack = debug && error instanceof Error && error.stack ? `\n${error.stack}` : '';
  if (error instanceof UserError) return `${error.message}${stack}`;
  const message = error instanceof Error ? error.message : String(error);
  const hint = debug ? '' : '; run it again with --debug and report what it prints';
  return `altr-export failed because of a bug of its own: ${message}${hint}${stack}`;
}

/** The exit code of an error that commander threw: 0 for help and version, 2 for a wrong command line. */
export function commanderExitCode(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : EXIT_UNDECIDED;
}

/**
 * What commander says of a wrong command line, as one sentence.
 * @param text for example `error: unknown command 'chek'\n(Did you mean check?)`
 */
export function misuseSentence(text: string, command: Command): string {
  const [said = '', hint] = text.trim().split('\n');
  const what = said.replace(/^error: /, '').replace(/\.$/, '');
  const meant = /^\(Did you mean (.*)\?\)$/.exec(hint ?? '')?.[1];
  return `${what}; ${meant ? `did you mean ${meant}?` : `${callOf(command)} --help shows how it is used`}\n`;
}
