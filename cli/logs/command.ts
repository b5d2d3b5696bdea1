/** `altr-export logs`: its subcommands and their options. Each loads its own file when it runs. */
import { type Command, Option } from 'commander';
import { collect, format } from '../options';
import { addFilterOptions } from './filter-options';
import type { GenerateCommandOptions } from './generate';
import type { HealthOptions } from './health';
import { addShownOptions, duration, kinds, maxRecord, wholeNumber } from './option-types';
import type { ReplayOptions } from './replay';
import { SEARCH_FORMATS, type SearchOptions } from './search-options';
import type { StatsOptions } from './stats';
import type { TailOptions } from './tail';
import type { ValidateOptions } from './validate';

const EXAMPLES = `
Examples:
  altr-export logs validate events.json.gz
  altr-export logs tail acme-prod --kind query --tag PII
  altr-export logs search acme-prod --since 7d --tag PII --count-by user
  altr-export logs search events/ --event "* Lock" --format csv
  altr-export logs stats acme-prod --since 7d
  altr-export logs health acme-prod
  altr-export logs replay acme-prod --since 24h --to alerts --dry-run
  altr-export logs generate --count 1000 --seed 1 --out events/

They read the logs themselves, for which the auditor's policy needs --read-logs.`;

const CONFIG = [
  '-c, --config <file>',
  'config file (default: $ALTR_EXPORTS_CONFIG or altr-exports.yaml)',
] as const;
const PREFIX = [
  '--prefix <prefix>',
  'only objects with this prefix (default: the export’s delivery.prefix)',
] as const;

export function registerLogs(program: Command): void {
  const logs = program
    .command('logs')
    .description('Look at the delivered audit logs: whether they arrive, what they say.')
    .addHelpText('after', EXAMPLES);

  registerValidate(logs);
  registerSearch(logs);
  registerTail(logs);
  registerStats(logs);
  registerHealth(logs);
  registerGenerate(logs);
  registerReplay(logs);
}

function registerValidate(logs: Command): void {
  logs
    .command('validate')
    .description(
      'Read files as ALTR writes objects; report every record that is no valid event, with its place.',
    )
    .argument('<file...>', 'files or folders of files, plain or gzip; - is stdin')
    .addOption(maxRecord())
    .addOption(format())
    .action(async (files: string[], options: ValidateOptions) => {
      const { runValidate } = await import('./validate');
      process.exitCode = await runValidate(files, options);
    });
}

function registerSearch(logs: Command): void {
  const search = logs
    .command('search')
    .description('Print the events of a time range that are looked for, or count them by a field.')
    .argument('<from...>', 'name of an export, or files or folders of files; - is stdin')
    .option(...CONFIG)
    .option(...PREFIX)
    .option(
      '--since <time>',
      'events since then: a time in UTC, or a time ago such as 24h (default: 24h; all of files)',
    )
    .option('--until <time>', 'and before then (default: now)');
  addShownOptions(addFilterOptions(search))
    .option(
      '--count-by <field>',
      'print how many events have each value of a field: user, tag, hour, … or a path such as eventDetails.query.warehouse',
    )
    .addOption(maxRecord())
    .addOption(new Option('-f, --format <format>', 'how to print it').choices(SEARCH_FORMATS).default('text'))
    .action(async (from: string[], options: SearchOptions) => {
      const { runSearch } = await import('./search');
      process.exitCode = await runSearch(from, options);
    });
}

function registerTail(logs: Command): void {
  const tail = logs
    .command('tail')
    .description('Print new events as they arrive, until it is stopped.')
    .argument('<name>', 'name of an export')
    .option(...CONFIG)
    .option(...PREFIX);
  addShownOptions(addFilterOptions(tail))
    .addOption(duration('--since <time>', 'how far back to begin', '10m'))
    .addOption(duration('--interval <time>', 'time between two looks for new objects', '10s'))
    .option('--no-follow', 'print what is there, and end')
    .addOption(maxRecord())
    .addOption(format())
    .action(async (name: string, options: TailOptions) => {
      const { runTail } = await import('./tail');
      process.exitCode = await runTail(name, options);
    });
}

function registerStats(logs: Command): void {
  const stats = logs
    .command('stats')
    .description(
      'Count what arrived: by kind and hour, by user, tag or any field, with the delay from event to object.',
    )
    .argument('<from...>', 'name of an export, or files or folders of files; - is stdin')
    .option(...CONFIG)
    .option(...PREFIX)
    .addOption(duration('--since <time>', 'how far to look back in a bucket (default: 24h)'))
    .addOption(
      new Option('--by <field>', 'also count the values of this field; may be given again')
        .argParser(collect)
        .default([], 'user and tag'),
    )
    .addOption(
      new Option('--top <n>', 'how many of the most frequent values').argParser(wholeNumber).default(5),
    );
  addShownOptions(stats)
    .addOption(maxRecord())
    .addOption(format())
    .action(async (from: string[], options: StatsOptions) => {
      const { runStats } = await import('./stats');
      process.exitCode = await runStats(from, options);
    });
}

function registerHealth(logs: Command): void {
  logs
    .command('health')
    .description(
      'Tell whether delivery is alive, as the rule delivery-alive does. Exit code: 0 alive, 1 not, 2 unknown.',
    )
    .argument('<name>', 'name of an export')
    .option(...CONFIG)
    .addOption(format())
    .action(async (name: string, options: HealthOptions) => {
      const { runHealth } = await import('./health');
      process.exitCode = await runHealth(name, options);
    });
}

function registerGenerate(logs: Command): void {
  logs
    .command('generate')
    .description('Make up events of the three kinds, the same for the same seed.')
    .addOption(new Option('--count <n>', 'how many').argParser(wholeNumber).default(100))
    .addOption(new Option('--seed <n>', 'same number, same events').argParser(wholeNumber).default(1))
    .addOption(kinds(['query', 'system', 'custom']))
    .option('--client-id <id>', 'client ID of the events', '1c42465e-4bf2-4e83-90d6-f6fbcac03634')
    .option('--until <time>', 'the last event’s time, ISO 8601 (default: now)')
    .addOption(duration('--spread <time>', 'how long before that the first event is', '24h'))
    .option(
      '--out <folder>',
      'write objects into a folder, partitioned by event time (default: lines on stdout)',
    )
    .option('--gzip', 'pack the objects')
    .option('--put <name>', 'put the objects into the bucket of this export, beside real ones; asks first')
    .option('--yes', 'don’t ask')
    .option(...CONFIG)
    .action(async (options: GenerateCommandOptions) => {
      const { runGenerate } = await import('./generate');
      await runGenerate(options);
    });
}

function registerReplay(logs: Command): void {
  const replay = logs
    .command('replay')
    .description(
      'Tell readers again about the objects of a time range, for example after an outage of Splunk; asks first. ' +
        'The alerts mail no event twice.',
    )
    .argument('<name>', 'name of an export')
    .requiredOption(
      '--since <time>',
      'objects that arrived since then: a time in UTC, or a time ago such as 24h',
    )
    .option('--until <time>', 'and before then (default: now)')
    .addOption(
      new Option('--to <reader>', 'which reader; all is the topic that they share')
        .choices(['all', 'splunk', 'alerts'])
        .default('all'),
    )
    .option('--dry-run', 'print the objects, and send nothing')
    .option('--yes', 'don’t ask')
    .option(...CONFIG)
    .option(...PREFIX);
  addShownOptions(replay).action(async (name: string, options: ReplayOptions) => {
    const { runReplay } = await import('./replay');
    await runReplay(name, options);
  });
}
