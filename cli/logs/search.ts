/** `altr-export logs search`: the events of a time range that are looked for, from a bucket or files; or their number. */
import { counted } from '../../checks/report/order';
import { writeStdout } from '../../checks/report/output';
import { csv, json, line } from '../../checks/report/sanitise';
import { UserError } from '../../contract/user-error';
import { type EventFilter, FIELD_NAMES, FieldCounter, matches, ocsfEvent } from '../../logs';
import { filterOf } from './filter-options';
import { instant } from './instant';
import { csvHeader, csvLine, eventJson, eventLine } from './print';
import type { SearchFormat, SearchOptions } from './search-options';
import { areFiles, EventSource, type FoundRecord, type Read, type Take } from './source';

/** How far to look back in a bucket. */
const BY_DEFAULT = '24h';

/** @returns 0, also if nothing is found; 1 if a record is bad; 2 if an object could not be read: something may be missing */
export async function runSearch(from: readonly string[], options: SearchOptions): Promise<0 | 1 | 2> {
  const { format, countBy, verbose } = options;
  if (countBy !== undefined && format === 'ocsf')
    throw new UserError('OCSF has no form for numbers of events; choose another --format for --count-by');
  const isFiles = areFiles(from, options.config);
  const now = Date.now();
  const since = instantOf('--since', options.since ?? (isFiles ? undefined : BY_DEFAULT), now);
  const until = instantOf('--until', options.until, now);
  if (since !== undefined && since >= (until ?? now))
    throw new UserError('--since must be earlier than --until');

  const filter: EventFilter = { ...filterOf(options), since, until };
  const counter = new FieldCounter(countBy ?? '');
  let [events, found] = [0, 0];
  // A line that changes would run into the events on a terminal.
  const isQuiet = countBy === undefined && process.stdout.isTTY && !verbose;
  const source = new EventSource(isQuiet ? { ...options, quiet: true } : options);
  const take: Take = (record, _, write) => {
    events++;
    if (!matches(record.event, filter)) return;
    found++;
    if (countBy === undefined) return write(PRINT[format](record));
    counter.addEvent(record.event);
  };
  if (countBy === undefined && format === 'csv') await writeStdout(csvHeader());
  const read = isFiles
    ? await source.readFiles(from, writeStdout, take)
    : await source.readBucket(
        from[0] ?? '',
        // Events may be dated a little after now.
        { since: since ?? 0, until: until ?? now },
        writeStdout,
        take,
      );
  if (countBy !== undefined) await writeStdout(countsOf(counter, format));
  if (!options.quiet)
    process.stderr.write(summaryOf(read, found, events, countBy === undefined ? undefined : counter));
  if (read.unreadable > 0) return 2;
  return read.faults > 0 ? 1 : 0;
}

const PRINT: Readonly<Record<SearchFormat, (record: FoundRecord) => string>> = {
  text: ({ event }) => `${eventLine(event)}\n`,
  ndjson: (record) => `${eventJson(record)}\n`,
  csv: csvLine,
  ocsf: ({ event }) => `${json(ocsfEvent(event))}\n`,
};

function instantOf(option: string, text: string | undefined, now: number): number | undefined {
  return text === undefined ? undefined : instant(option, text, now);
}

/** A line for each value of the field, the most frequent first. */
function countsOf(counter: FieldCounter, format: SearchFormat): string {
  const counts = counter.top(Number.POSITIVE_INFINITY);
  switch (format) {
    case 'csv':
      return [[counter.field, 'events'], ...counts.map(({ name, events }) => [name, String(events)])]
        .map((row) => `${row.map(csv).join(',')}\r\n`)
        .join('');
    case 'ndjson':
      return counts.map(({ name, events }) => `${json({ value: name, events })}\n`).join('');
    default:
      return counts.map(({ name, events }) => `${String(events).padStart(9)} ${line(name)}\n`).join('');
  }
}

function summaryOf(
  { objects, faults, unreadable, listCalls }: Read,
  found: number,
  events: number,
  counter?: FieldCounter,
): string {
  const where = listCalls === undefined ? counted(objects, 'file') : counted(objects, 'object');
  const calls = listCalls === undefined ? '' : `, ${counted(listCalls, 'list call')}`;
  return [
    `${found} of ${counted(events, 'event')} in ${where}${calls}${faults > 0 ? `, ${counted(faults, 'fault')}` : ''}`,
    ...(counter && counter.without > 0 ? [`${counter.without} of them have no ${line(counter.field)}`] : []),
    ...(counter && counter.without > 0 && counter.without === found && !FIELD_NAMES.includes(counter.field)
      ? [`--count-by takes ${FIELD_NAMES.join(', ')}, or a path of the record`]
      : []),
    ...(counter?.isApproximate
      ? ['there are more values than are counted one by one: the list may miss some']
      : []),
    ...(unreadable > 0
      ? [`${counted(unreadable, 'object')} could not be read: something may be missing`]
      : []),
    '',
  ].join('\n');
}
