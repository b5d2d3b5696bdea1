/** `altr-export check`: its options. What it does stands in `../check-run.ts`, loaded when it runs. */
import { type Command, Option } from 'commander';

export interface CheckOptions {
  readonly config?: string;
  readonly format?: readonly string[];
  readonly output?: readonly string[];
  readonly only: readonly string[];
  readonly rule: readonly string[];
  readonly skipRule: readonly string[];
  readonly quiet?: true;
  readonly debug?: true;
}

const EXAMPLES = `
Examples:
  altr-export check                                  audit every export of altr-exports.yaml
  altr-export check --only 'acme-*' --format json    some of them, as JSON on stdout
  altr-export check --config prod.yaml --output report.json --output report.html

Exit code:
  0  every export is compliant
  1  at least one violation
  2  something could not be decided: no answer from AWS, a missing permission, a bad config (wins over 1)

It reads AWS with your usual credentials (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, …) and changes nothing.`;

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('Audit what exists in AWS against the contract; changes nothing.')
    .option('-c, --config <file>', 'config file (default: $ALTR_EXPORTS_CONFIG or altr-exports.yaml)')
    .addOption(
      new Option('-f, --format <format>', 'report format; repeat it for several with --output').argParser(
        collect,
      ),
    )
    .addOption(
      new Option('-o, --output <file>', 'write the report to a file, - is stdout').argParser(collect),
    )
    .addOption(
      new Option('--only <name>', 'only exports whose name matches; * and ? allowed')
        .argParser(collect)
        .default([]),
    )
    .addOption(new Option('--rule <id>', 'only these rules; * and ? allowed').argParser(collect).default([]))
    .addOption(
      new Option('--skip-rule <id>', 'not these rules; * and ? allowed').argParser(collect).default([]),
    )
    .option('-q, --quiet', 'no progress on stderr')
    .addHelpText('after', EXAMPLES)
    .action(async (options: CheckOptions) => {
      const { runCheck } = await import('../check-run');
      process.exitCode = await runCheck(options);
    });
}

/** Collects a repeatable option. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}
