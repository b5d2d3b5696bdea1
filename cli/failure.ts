/** How the command line ends when something goes wrong: three kinds of error, one exit code. */
import type { CommanderError } from 'commander';
import { UserError } from '../contract/user-error';

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
  return `altr-export broke down, which is a bug of its own: ${message}${hint}${stack}`;
}

/** The exit code of an error that commander threw: 0 for help and version, 2 for a wrong command line. */
export function commanderExitCode(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : EXIT_UNDECIDED;
}
