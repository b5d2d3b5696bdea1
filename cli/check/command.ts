/** `altr-export check`: its options. `run.ts` is loaded when it runs. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { FORMAT_NAMES } from '../../checks/report/formats';
import { FAIL_ON } from '../../checks/verdict/fail-on';
import { collect, only } from '../options';
import type { CheckOptions } from './run';

const EXAMPLES = `
Examples:
  altr-export check                                  audit every export of altr-exports.yaml
  altr-export check --only 'acme-*' --format json    some of them, as JSON on stdout
  altr-export check --config prod.yaml --output report.json --output report.html
  altr-export check --baseline last.json --fail-on new    only what is new since that report ends with 1
  altr-export check --baseline last.json --baseline-optional --output last.json    the same file every night

Exit code:
  0  every export is compliant
  1  at least one violation that --fail-on counts
  2  something could not be decided: no answer from AWS, a missing permission, a bad config (wins over 1)

It reads AWS with your usual credentials (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, …) and changes nothing.`;

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('Audit what exists in AWS against the contract; changes nothing.')
    .option('-c, --config <file>', 'config file (default: $ALTR_EXPORTS_CONFIG or altr-exports.yaml)')
    .addOption(
      new Option(
        '--terraform-output <file>',
        'audit what was deployed: terraform output -json of a stack, instead of the config; repeat it for several',
      )
        .argParser(collect)
        .conflicts('config'),
    )
    .addOption(
      offering(
        FORMAT_NAMES,
        new Option(
          '-f, --format <format>',
          'format of the report; repeat it for several, with an --output each',
        ),
      ).argParser(collect),
    )
    .addOption(
      new Option('-o, --output <file>', 'write the report to a file, - is stdout').argParser(collect),
    )
    .addOption(
      new Option('--max-bytes <n>', 'how long --format brief may be (default: 8192)').argParser(bytes),
    )
    .addOption(only())
    .addOption(
      new Option('--rule <rule>', 'only these rules; * and ? allowed').argParser(collect).default([], 'all'),
    )
    .addOption(
      new Option('--skip-rule <rule>', 'not these rules; * and ? allowed')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--plan <file>',
        'judge a Terraform plan or state (terraform show -json) instead of AWS',
      ).conflicts('observation'),
    )
    .option('--observation <file>', 'judge a saved observation instead of AWS')
    .option(
      '--organization <file>',
      'judge with a saved copy of the AWS organization: altr-export organization save',
    )
    .option('--save-observation <file>', 'save what was seen, to judge it again')
    .option('--baseline <file>', 'compare with the JSON report of an earlier run')
    .option(
      '--baseline-optional',
      'without an error if there is no such file yet: every violation is new then',
    )
    .addOption(
      offering(
        FAIL_ON,
        new Option(
          '--fail-on <what>',
          'violations that end the run with 1: any, new ones (needs --baseline), or those at least so severe',
        ).default('any'),
      ),
    )
    .addOption(
      new Option('--timeout <seconds>', 'end the run after this time, with a partial report').argParser(
        seconds,
      ),
    )
    .addOption(
      new Option(
        '--wait <seconds>',
        'keep looking this long for a role, its policies or a bucket that do not exist yet, as after a deployment',
      ).argParser(seconds),
    )
    .addOption(new Option('-q, --quiet', 'no progress, and no summary beside --output').conflicts('verbose'))
    .option('-v, --verbose', 'show each API call on stderr')
    .addHelpText('after', EXAMPLES)
    .action(async (options: CheckOptions) => {
      const { runCheck } = await import('./run');
      // Calls that a cancelled run gave up may still hold timers and sockets; the report has been taken by now.
      process.exit(await runCheck(options));
    });
}

/** Shows values in help and completion. The command itself judges them, and names the nearest one. */
function offering(values: readonly string[], option: Option): Option {
  option.argChoices = [...values];
  return option;
}

/** What every brief holds fits in this. */
const SMALLEST_BRIEF = 1_024;

/** A day; a timer of Node's can't wait for more than 24 of them, and would end at once. */
const MOST_SECONDS = 86_400;

function seconds(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= MOST_SECONDS))
    throw new InvalidArgumentError(
      `It must be a number of seconds above 0, and at most ${MOST_SECONDS}, a day.`,
    );
  return number;
}

function bytes(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < SMALLEST_BRIEF)
    throw new InvalidArgumentError(`It must be a whole number of bytes, at least ${SMALLEST_BRIEF}.`);
  return number;
}
