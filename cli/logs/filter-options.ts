/** The options that choose among events, the same for every command that prints them. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EventFilter, EventKind } from '../../logs';
import { addressesOf } from '../../logs/addresses';
import { kinds, wholeNumber } from './option-types';

export interface FilterOptions {
  readonly kind: readonly EventKind[];
  readonly event?: string;
  readonly category?: string;
  readonly user?: string;
  readonly role?: string;
  readonly tag?: string;
  readonly text?: string;
  readonly column?: string;
  readonly decision?: string;
  readonly minRows?: number;
  readonly maxRows?: number;
  readonly ip?: NonNullable<EventFilter['addresses']>;
  readonly id?: string;
}

export function addFilterOptions(command: Command): Command {
  return command
    .addOption(kinds(['query', 'system', 'custom', 'other']))
    .option(
      '--event <name>',
      'only events of this name, such as “Create Lock”; in all of these, * is any text',
    )
    .option('--category <category>', 'only this category, type of Custom Audit, or type of query')
    .option('--user <name>', 'only events of this user, or about their access')
    .option('--role <role>', 'only events of users with this role')
    .option('--tag <tag>', 'only queries that touch this tag: NAME, or NAME=VALUE')
    .option('--text <text>', 'only queries with this in their text, such as a table’s name')
    .option('--column <column>', 'only events that name this column in a column policy')
    .option('--decision <decision>', 'only queries that ALTR decided on so, such as ALLOW')
    .addOption(new Option('--min-rows <n>', 'only queries that gave as many rows').argParser(wholeNumber))
    .addOption(new Option('--max-rows <n>', 'only queries that gave no more rows').argParser(wholeNumber))
    .addOption(
      new Option('--ip <address>', 'only from this client address, or network such as 10.0.0.0/8').argParser(
        (text) => {
          const addresses = addressesOf(text);
          if (!addresses)
            throw new InvalidArgumentError('It must be an address, or a network such as 10.0.0.0/8.');
          return addresses;
        },
      ),
    )
    .option('--id <id>', 'only the event with this ID');
}

export function filterOf(options: FilterOptions): EventFilter {
  const { kind, event, category, user, role, tag, text, column, decision, minRows, maxRows, ip, id } =
    options;
  return {
    kinds: kind.length > 0 ? kind : undefined,
    eventName: event,
    category,
    user,
    role,
    tag,
    text,
    column,
    decision,
    minRows,
    maxRows,
    addresses: ip,
    eventId: id,
  };
}
