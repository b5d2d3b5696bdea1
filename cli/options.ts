/** Options that several commands have. */
import { Option } from 'commander';

/** Collects a repeatable option. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

export function only(): Option {
  return new Option('--only <name>', 'only exports whose name matches; * and ? allowed')
    .argParser(collect)
    .default([], 'all');
}

export function format(): Option {
  return new Option('-f, --format <format>', 'how to print it').choices(['text', 'json']).default('text');
}
