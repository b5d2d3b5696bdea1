/** `altr-export history`: its options. `run.ts` is loaded when it runs. */
import type { Command } from 'commander';
import { format, only } from '../options';
import type { HistoryOptions } from './run';

const NOTES = `
Examples:
  altr-export history reports/                       a folder of JSON reports
  altr-export history monday.json tuesday.json --only acme-prod --format json

It reads reports that check wrote with --format json, and nothing else. What a run could not judge counts neither as gone
nor as new.`;

export function registerHistory(program: Command): void {
  program
    .command('history')
    .description('Tell from the JSON reports of earlier runs when each violation came and went.')
    .argument('<report...>', 'JSON reports, or folders of them')
    .addOption(only())
    .addOption(format())
    .addHelpText('after', NOTES)
    .action(async (paths: string[], options: HistoryOptions) => {
      const { runHistory } = await import('./run');
      await runHistory(paths, options);
    });
}
