/** `altr-export logs validate`: reads files as the reader reads objects, and reports every fault with its place. */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeStdout } from '../../checks/report/output';
import { line } from '../../checks/report/sanitise';
import { UserError } from '../../contract/user-error';
import { type ByteSource, EVENT_KINDS, type KindCounts, noEvents, readEvents } from '../../logs';
import { faultLine, kindsInWords } from './print';

export interface ValidateOptions {
  readonly maxRecord: number;
  readonly format: 'text' | 'json';
}

/** Faults, and warnings, that are shown per file; all are counted. */
const SHOWN = 20;

interface FileReport {
  readonly file: string;
  readonly events: KindCounts;
  readonly faults: number;
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
    if (options.format === 'text') await writeStdout(textOf(report));
  }
  if (options.format === 'json') {
    await writeStdout(`${JSON.stringify({ schemaVersion: 1, files: reports }, null, 2)}\n`);
  }
  return reports.some(({ faults }) => faults > 0) ? 1 : 0;
}

/** The file itself, or every file of a folder and those below it, in the order of their names. */
function filesIn(path: string): string[] {
  if (path === '-' || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const found = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  if (found.length === 0) throw new UserError(`the folder ${path} holds no file; name another`);
  return found;
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
  return { file: key, events, faults, warnings, shown, shownWarnings };
}

function textOf({ file, events, faults, warnings, shown, shownWarnings }: FileReport): string {
  const total = EVENT_KINDS.reduce((sum, kind) => sum + events[kind], 0);
  const moreWarnings = warnings - shownWarnings.length;
  const rest = faults - shown.length;
  return [
    ...shown.map(({ offset, length, code, message }) =>
      faultLine({ key: file, offset, length, fault: { code: code as 'schema', message } }),
    ),
    ...(rest > 0 ? [`… and ${rest} more faults`] : []),
    ...shownWarnings.map(({ offset, path, message }) =>
      line(`${file}: byte ${offset}: warning: ${path} ${message}`),
    ),
    ...(moreWarnings > 0 ? [`… and ${moreWarnings} more warnings`] : []),
    `${line(file)}: ${total} events (${kindsInWords(events)}), ${faults === 1 ? '1 fault' : `${faults} faults`}${warnings > 0 ? `, ${warnings === 1 ? '1 warning' : `${warnings} warnings`}` : ''}`,
    '',
  ].join('\n');
}
