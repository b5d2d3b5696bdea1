/** Reads the records of a stored object as they stream by, in constant memory, and every fault with its place. */
import { isUtf8 } from 'node:buffer';
import { type AuditEvent, type EventFault, parseAuditEvent } from '../events/event';
import type { ReadFault } from './fault';
import { plain } from './gzip';
import { type ByteSource, withHead } from './head';
import { type Piece, RecordSplitter } from './splitter';

export type { ByteSource };
/** Longest record by default: 16 MiB. Snowflake's longest query is 1 MB. */
export const DEFAULT_MAX_RECORD = 16 * 1024 * 1024;

/** The longest `maxRecord`: a JavaScript string can't hold more than about 512 MB. */
export const LARGEST_MAX_RECORD = 256 * 1024 * 1024;

/** Deepest nesting by default: what walks a record afterwards may recurse. */
const DEFAULT_MAX_DEPTH = 500;

/** Bytes that are looked at between two yields, whatever size the source's chunks have. */
const WINDOW = 64 * 1024;

export interface ReadOptions {
  /** Longest record in bytes; longer ones are reported and passed over. */
  readonly maxRecord?: number;
  readonly maxDepth?: number;
  /** Plain bytes to read at most; where there is more, the last record is a fault `limit`. */
  readonly maxBytes?: number;
}

/** Where a record stands: byte offset and length in the object, after gzip. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

export type JsonRecord = Place &
  (
    | { readonly value: unknown; readonly fault?: undefined }
    | { readonly fault: ReadFault; readonly value?: undefined }
  );

/** A record that is an event, or what is wrong with it. */
export type EventRecord = Place & { readonly key: string } & (
    | { readonly event: AuditEvent; readonly fault?: undefined }
    | { readonly fault: ReadFault | EventFault; readonly event?: undefined }
  );

/**
 * The JSON values of an object: one, an array's elements, one a line, or one after the other; gzip or not; with a
 * byte-order mark or not. What can't be read is given as a fault with its place, and does not stop the rest.
 * Throws only what the source throws.
 */
export async function* readRecords(
  source: ByteSource,
  options: ReadOptions = {},
): AsyncGenerator<JsonRecord> {
  let records: JsonRecord[] = [];
  let position = 0;
  let count = 0;
  let streamFault: ReadFault | undefined;
  const splitter = new RecordSplitter(
    {
      maxRecord: Math.min(options.maxRecord ?? DEFAULT_MAX_RECORD, LARGEST_MAX_RECORD),
      maxDepth: options.maxDepth ?? DEFAULT_MAX_DEPTH,
    },
    (piece) => records.push(parsed(piece)),
  );
  const maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
  let isFirst = true;
  for await (const chunk of withHead(
    plain(source, (fault) => {
      streamFault = fault;
    }),
    4,
  )) {
    let from = 0;
    if (isFirst) {
      isFirst = false;
      const encoding = foreignEncoding(chunk);
      if (encoding) {
        yield {
          offset: 0,
          length: 0,
          fault: { code: 'encoding', message: `the text is ${encoding}, not UTF-8` },
        };
        return;
      }
      if (startsWith(chunk, UTF8_MARK)) {
        from = UTF8_MARK.length;
        splitter.skip(from);
      }
    }
    for (let at = from; at < chunk.length; at += WINDOW) {
      if (position >= maxBytes) {
        const message = `only the first ${position} bytes were read`;
        yield { offset: position, length: 0, fault: { code: 'limit', message } };
        return;
      }
      const window = chunk.subarray(at, at + WINDOW);
      splitter.push(window);
      position += window.length;
      count += records.length;
      // Not yield*, which would wait three times for each.
      for (const record of records) yield record;
      records = [];
    }
  }
  // After all that could be unpacked.
  if (streamFault) records.push({ offset: position, length: 0, fault: streamFault });
  splitter.end();
  count += records.length;
  for (const record of records) yield record;
  if (count === 0)
    yield { offset: 0, length: position, fault: { code: 'empty', message: 'the object holds no record' } };
}

/** The audit events of an object, as `readRecords` finds its records. `key` names the object in what is given. */
export async function* readEvents(
  source: ByteSource,
  options: ReadOptions & { readonly key: string },
): AsyncGenerator<EventRecord> {
  const { key } = options;
  for await (const { offset, length, value, fault } of readRecords(source, options)) {
    if (fault) {
      yield { key, offset, length, fault };
      continue;
    }
    const result = parseAuditEvent(value);
    yield result.ok
      ? { key, offset, length, event: result.event }
      : { key, offset, length, fault: result.fault };
  }
}

function parsed({ offset, length, bytes, fault }: Piece): JsonRecord {
  if (!bytes) return { offset, length, fault: fault ?? { code: 'not-json', message: 'the record is empty' } };
  if (!isUtf8(bytes)) {
    return { offset, length, fault: { code: 'encoding', message: 'the record is not valid UTF-8' } };
  }
  try {
    return { offset, length, value: JSON.parse(bytes.toString('utf8')) };
  } catch (error) {
    const message = `the record is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    return { offset, length, fault: { code: 'not-json', message } };
  }
}

const UTF8_MARK = [0xef, 0xbb, 0xbf];

/** An encoding that JSON no longer may have (RFC 8259, section 8.1), told by its mark or by the zeros beside a bracket. */
function foreignEncoding(head: Buffer): string | undefined {
  const patterns: readonly (readonly [string, readonly number[]])[] = [
    ['UTF-32', [0xff, 0xfe, 0, 0]],
    ['UTF-32', [0, 0, 0xfe, 0xff]],
    ['UTF-16', [0xff, 0xfe]],
    ['UTF-16', [0xfe, 0xff]],
    ['UTF-16', [0x7b, 0]],
    ['UTF-16', [0, 0x7b]],
    ['UTF-16', [0x5b, 0]],
    ['UTF-16', [0, 0x5b]],
  ];
  return patterns.find(([, bytes]) => startsWith(head, bytes))?.[0];
}

function startsWith(buffer: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => buffer[index] === byte);
}
