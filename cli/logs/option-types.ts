/** Options, and types of values, that several of the commands have. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { durationMs, sizeBytes } from '../../config/duration';

export function kinds(choices: string[]): Option {
  return new Option('--kind <kind...>', 'only these kinds').choices(choices).default([]);
}

export function maxRecord(): Option {
  return new Option(
    '--max-record <size>',
    'longest record that is read, at most 256MB; longer ones are reported',
  )
    .argParser((text) => {
      const bytes = sizeBytes(text);
      if (bytes === undefined || bytes > 256 * 1024 ** 2) {
        throw new InvalidArgumentError('It must be a size of at most 256MB, for example 64MB.');
      }
      return bytes;
    })
    .default(16 * 1024 ** 2, '16MB');
}

export function duration(flags: string, description: string, byDefault?: string): Option {
  const option = new Option(flags, description).argParser((text) => {
    const ms = durationMs(text);
    if (ms === undefined)
      throw new InvalidArgumentError('It must be a length of time, for example 90m, 24h or 7d.');
    return ms;
  });
  return byDefault === undefined ? option : option.default(durationMs(byDefault), byDefault);
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new InvalidArgumentError('It must be a whole number.');
  return number;
}

/** How a command shows what it does. */
export function addShownOptions(command: Command): Command {
  return command
    .addOption(new Option('-q, --quiet', 'no progress, and no summary').conflicts('verbose'))
    .option('-v, --verbose', 'show each API call on stderr');
}
