/** `altr-export logs validate`: reads files as the reader reads objects, and reports every fault with its place. */
import { createReadStream } from 'node:fs';
import { counted } from '../../checks/report/order';
import { writeStdout } from '../../checks/report/output';
import { json, line } from '../../checks/report/sanitise';
import { UserError } from '../../contract/user-error';
import { type ByteSource, EVENT_KINDS, type KindCounts, noEvents, readEvents } from '../../logs';
import { filesIn } from '../files-in';
import { faultLine, kindsInWords } from './print';

export interface ValidateOptions {
  readonly maxRecord: number;
  readonly format: 'text' | 'json';
}

/** Faults, and warnings, that are shown per file; all are counted. */
const SHOWN = 20;

/**
 * Faults after which the rest of a file is not read: it is no file of audit logs, or a hostile one. A gzip file of 291 KB that
 * holds nothing but quotes has 150 million.
 */
const MOST_FAULTS = 100_000;

interface FileReport {
  readonly file: string;
  readonly events: KindCounts;
  readonly faults: number;
  /** True if reading ended at the most faults, so that the counts are not whole. */
  readonly stopped: boolean;
  /** Fields that are not as documented. */
  readonly warnings: number;
  /** The first of them. */
  readonly shown: readonly {
    readonly offset: number;
    readonly length: number;
    readonly code: string;
    readonly message: string;
  }[];
  /** The first warnings. */
  readonly shownWarnings: readonly {
    readonly offset: number;
    readonly path: string;
    readonly message: string;
  }[];
}

/** @returns 0 if every record is an event, 1 if one is not; warnings don't count */
export async function runValidate(files: readonly string[], options: ValidateOptions): Promise<0 | 1> {
  const reports: FileReport[] = [];
  for (const file of files.flatMap(filesIn)) {
    const report = await validateFile(file, options);
    reports.push(report);
    if (options.format === 'text') await writeStdout(validationText(report));
  }
  if (options.format === 'json') {
    await writeStdout(`${json({ schemaVersion: 1, files: reports }, 2)}\n`);
  }
  return reports.some(({ faults }) => faults > 0) ? 1 : 0;
}

async function validateFile(file: string, { maxRecord }: ValidateOptions): Promise<FileReport> {
  const key = file === '-' ? 'stdin' : file;
  const source: ByteSource = file === '-' ? process.stdin : createReadStream(file);
  const events = noEvents();
  const shown: FileReport['shown'][number][] = [];
  const shownWarnings: FileReport['shownWarnings'][number][] = [];
  let [faults, warnings] = [0, 0];
  try {
    for await (const record of readEvents(source, { key, maxRecord })) {
      const { offset, length, event, fault } = record;
      if (fault) {
        faults++;
        if (shown.length < SHOWN) shown.push({ offset, length, ...fault });
        if (faults >= MOST_FAULTS) break;
        continue;
      }
      events[event.kind]++;
      for (const warning of event.warnings) {
        warnings++;
        if (shownWarnings.length < SHOWN) shownWarnings.push({ offset, ...warning });
      }
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`${file} can't be read (${code}); correct its name`);
  }
  const stopped = faults >= MOST_FAULTS;
  return { file: key, events, faults, stopped, warnings, shown, shownWarnings };
}

function validationText({
  file,
  events,
  faults,
  stopped,
  warnings,
  shown,
  shownWarnings,
}: FileReport): string {
  const total = EVENT_KINDS.reduce((sum, kind) => sum + events[kind], 0);
  const moreWarnings = warnings - shownWarnings.length;
  const rest = faults - shown.length;
  return [
    ...shown.map(({ offset, length, code, message }) =>
      faultLine({ key: file, offset, length, fault: { code: code as 'schema', message } }),
    ),
    ...(rest > 0 ? [`… and ${rest} more faults`] : []),
    ...(stopped
      ? [`${line(file)}: reading ended after ${MOST_FAULTS} faults; the counts are not whole`]
      : []),
    ...shownWarnings.map(({ offset, path, message }) =>
      line(`${file}: byte ${offset}: warning: ${path} ${message}`),
    ),
    ...(moreWarnings > 0 ? [`… and ${moreWarnings} more warnings`] : []),
    `${line(file)}: ${total} events (${kindsInWords(events)}), ${counted(faults, 'fault')}${warnings > 0 ? `, ${counted(warnings, 'warning')}` : ''}`,
    '',
  ].join('\n');
}
