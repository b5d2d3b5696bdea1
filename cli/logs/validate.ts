/** `altr-export logs validate`: reads files as the reader reads objects, and reports every fault with its place. */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeStdout } from '../../checks/report/output';
import { line } from '../../checks/report/sanitise';
import { UserError } from '../../contract/user-error';
import { type AuditKind, type ByteSource, type EventRecord, readEvents } from '../../logs';
import { faultLine } from './print';

export interface ValidateOptions {
  readonly maxRecord: number;
  readonly format: 'text' | 'json';
}

/** Faults that are shown of each file; all are counted. */
const SHOWN = 20;

interface FileReport {
  readonly file: string;
  readonly events: Record<AuditKind, number>;
  readonly faults: number;
  /** The first of them. */
  readonly shown: readonly {
    readonly offset: number;
    readonly length: number;
    readonly code: string;
    readonly message: string;
  }[];
}

/** @returns 0 where every record is a valid event, 1 where one is not */
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
  const events = { query: 0, system: 0, custom: 0 };
  const shown: FileReport['shown'][number][] = [];
  let faults = 0;
  try {
    for await (const record of readEvents(source, { key, maxRecord })) {
      if (record.event) events[record.event.kind]++;
      const fault = faultOf(record);
      if (!fault) continue;
      faults++;
      if (shown.length < SHOWN) shown.push({ offset: record.offset, length: record.length, ...fault });
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`${file} can't be read (${code}); correct its name`);
  }
  return { file: key, events, faults, shown };
}

/** A Custom Audit's details are the customer's own words; where they are no JSON, whoever validates wants to know. */
function faultOf({ event, fault }: EventRecord): { code: string; message: string } | undefined {
  if (fault) return fault;
  return event?.kind === 'custom' && event.detailsFault
    ? { code: 'details', message: event.detailsFault }
    : undefined;
}

function textOf({ file, events, faults, shown }: FileReport): string {
  const total = events.query + events.system + events.custom;
  const kinds = `${events.query} query, ${events.system} system, ${events.custom} custom`;
  const rest = faults - shown.length;
  return [
    ...shown.map(({ offset, length, code, message }) =>
      faultLine({ key: file, offset, length, fault: { code: code as 'schema', message } }),
    ),
    ...(rest > 0 ? [`… and ${rest} more faults`] : []),
    `${line(file)}: ${total} events (${kinds}), ${faults === 1 ? '1 fault' : `${faults} faults`}`,
    '',
  ].join('\n');
}
