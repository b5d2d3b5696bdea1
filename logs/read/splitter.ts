/**
 * Finds where records begin and end in a stream of bytes that comes in chunks of any size: one JSON object, an array of
 * them, one a line, or one after the other. It looks at structure only (brackets, strings), so that each record can be
 * parsed, or found bad, by itself.
 *
 * After a record that was cut off it goes on at the next line that begins with `{`, where no JSON text could go on so. In
 * a JSON text a line feed is white space or an error, never part of a string (RFC 8259, section 7).
 */
import type { ReadFault } from './fault';

/** A record's bytes, or a piece of the stream that is none. */
export interface Piece {
  /** Byte offset in the (decompressed) object. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  /** The record; missing where `fault` says why. */
  readonly bytes?: Buffer;
  readonly fault?: ReadFault;
}

export interface SplitOptions {
  /** Longest record in bytes. A longer one is passed over without being kept in memory. */
  readonly maxRecord: number;
  /** Deepest nesting of a record. */
  readonly maxDepth: number;
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Bytes from which on a part is kept as it is. */
const SMALL = 16 * 1024;

/** What the bytes at hand belong to. */
type Mode = 'between' | 'value' | 'string' | 'text';

export class RecordSplitter {
  readonly #options: SplitOptions;
  readonly #sink: (piece: Piece) => void;
  #mode: Mode = 'between';
  /** Offset of the current chunk's first byte. */
  #base = 0;
  /** Open brackets of the current record. */
  #depth = 0;
  /** 1 where that bracket is `[`, by depth. */
  readonly #lists: Uint8Array;
  /** A backslash was the last byte. */
  #escaped = false;
  /** The last byte, and the last one that is no white space, of earlier chunks. */
  #last = 0;
  #lastSolid = 0;
  /** Offset of the current piece, and what earlier chunks hold of it. */
  #start = 0;
  #parts: Buffer[] = [];
  #kept = 0;
  /** Offset of the `[` of an array of records; -1 outside of one. */
  #list = -1;
  /** In an array of records: what may come next. */
  #next: 'value-or-end' | 'comma-or-end' | 'value' = 'value-or-end';
  #tooDeep = false;

  /** @param sink takes every piece, in the order of the stream; a piece's bytes are not touched afterwards */
  constructor(options: SplitOptions, sink: (piece: Piece) => void) {
    this.#options = options;
    this.#sink = sink;
    this.#lists = new Uint8Array(options.maxDepth + 2);
  }

  /** Takes the next chunk, which must not be changed while a record in it is unfinished. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    let at = 0;
    while (at < chunk.length) {
      switch (this.#mode) {
        case 'between':
          at = this.#between(chunk, at);
          break;
        case 'value':
          at = this.#value(chunk, at);
          break;
        case 'string':
          at = this.#string(chunk, at);
          break;
        case 'text':
          at = this.#text(chunk, at);
          break;
      }
    }
    if (this.#mode !== 'between') this.#keep(chunk);
    this.#last = chunk[chunk.length - 1] ?? 0;
    this.#lastSolid = this.#solidBefore(chunk, chunk.length);
    this.#base += chunk.length;
  }

  /** Passes over bytes that belong to no record, such as a byte-order mark. */
  skip(length: number): void {
    this.#base += length;
  }

  /** The stream is at its end: what is unfinished is reported. */
  end(): void {
    const length = this.#base - this.#start;
    if (this.#mode === 'text') this.#unexpected(length);
    else if (this.#mode !== 'between') this.#truncated(length);
    else if (this.#list >= 0) {
      const message = 'the object ends before its list is closed';
      this.#sink({
        offset: this.#list,
        length: this.#base - this.#list,
        fault: { code: 'truncated', message },
      });
    }
    this.#mode = 'between';
    this.#list = -1;
  }

  /** Between records: looks for the next. Returns the index to go on at. */
  #between(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at];
      switch (byte) {
        case SPACE:
        case LINE_FEED:
        case CARRIAGE_RETURN:
        case TAB:
          continue;
        case OPEN_OBJECT:
          return this.#begin('value', at);
        case QUOTE:
          return this.#begin('string', at) + 1;
        case OPEN_LIST:
          if (this.#list >= 0) return this.#begin('value', at);
          this.#list = this.#base + at;
          this.#next = 'value-or-end';
          continue;
        case CLOSE_LIST:
          if (this.#list < 0) return this.#begin('text', at);
          if (this.#next === 'value') this.#misplaced(at, 'the list ends after a comma');
          this.#list = -1;
          continue;
        case COMMA:
          if (this.#list < 0 || this.#next !== 'comma-or-end') return this.#begin('text', at);
          this.#next = 'value';
          continue;
        default:
          return this.#begin('text', at);
      }
    }
    return chunk.length;
  }

  /** Inside a record, outside of a string. */
  #value(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte < OPEN_LIST && byte !== QUOTE) continue;
      if (byte === QUOTE) {
        this.#mode = 'string';
        return at + 1;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        if (byte === OPEN_OBJECT && this.#depth > 0 && this.#cantGoOn(chunk, at)) {
          this.#cut(at);
          return at;
        }
        if (++this.#depth <= this.#options.maxDepth) this.#lists[this.#depth] = byte === OPEN_LIST ? 1 : 0;
        else this.#tooDeep = true;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (this.#close(byte === CLOSE_LIST ? 1 : 0) === 'list of records') {
          this.#cut(at);
          return at;
        }
        if (this.#depth === 0) return this.#finish(chunk, at + 1);
      }
    }
    return chunk.length;
  }

  /** Inside a string. */
  #string(chunk: Buffer, from: number): number {
    let at = from;
    if (this.#last === LINE_FEED && at === 0 && chunk[0] === OPEN_OBJECT) {
      this.#cut(0);
      return 0;
    }
    if (this.#escaped) {
      this.#escaped = false;
      if (chunk[at] !== LINE_FEED) at++;
    }
    for (; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      // Most bytes of a string are lower-case letters.
      if (byte > BACKSLASH) continue;
      if (byte === QUOTE) {
        if (this.#depth === 0) return this.#finish(chunk, at + 1);
        this.#mode = 'value';
        return at + 1;
      }
      if (byte === BACKSLASH) {
        if (at + 1 === chunk.length) this.#escaped = true;
        else if (chunk[at + 1] !== LINE_FEED) at++;
      } else if (byte === LINE_FEED && chunk[at + 1] === OPEN_OBJECT) {
        this.#cut(at + 1);
        return at + 1;
      }
    }
    return chunk.length;
  }

  /** Inside text that belongs to no record. */
  #text(chunk: Buffer, from: number): number {
    const inList = this.#list >= 0;
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at];
      const isFirst = this.#base + at === this.#start;
      if (
        byte === LINE_FEED ||
        byte === OPEN_OBJECT ||
        (inList && !isFirst && (byte === CLOSE_LIST || byte === COMMA))
      ) {
        this.#unexpected(this.#base + at - this.#start);
        this.#next = byte === OPEN_OBJECT ? 'value-or-end' : 'comma-or-end';
        return at;
      }
    }
    return chunk.length;
  }

  #begin(mode: Mode, at: number): number {
    if (mode !== 'text' && this.#list >= 0 && this.#next === 'comma-or-end') {
      this.#misplaced(at, 'a comma is missing before this record');
    }
    this.#mode = mode;
    this.#start = this.#base + at;
    return at;
  }

  /** Whether an object at the beginning of a line can't belong to the record that is open: no JSON text goes on so. */
  #cantGoOn(chunk: Buffer, at: number): boolean {
    const before = at > 0 ? chunk[at - 1] : this.#last;
    if (before !== LINE_FEED) return false;
    const solid = this.#solidBefore(chunk, at);
    if (solid === COLON || solid === OPEN_LIST) return false;
    return solid !== COMMA || (this.#depth <= this.#options.maxDepth && this.#lists[this.#depth] === 0);
  }

  /** The last byte before an index that is no white space. */
  #solidBefore(chunk: Buffer, index: number): number {
    for (let at = index - 1; at >= 0; at--) {
      const byte = chunk[at] ?? 0;
      if (byte !== LINE_FEED && byte !== SPACE && byte !== CARRIAGE_RETURN && byte !== TAB) return byte;
    }
    return this.#lastSolid;
  }

  /**
   * Closes a bracket, and with it those inside it that were left open: such a record is bad, but its end is found.
   * @returns what the bracket belongs to; not to the record where it has none of this kind open
   */
  #close(list: 0 | 1): 'record' | 'list of records' {
    if (this.#depth > this.#options.maxDepth || this.#lists[this.#depth] === list) {
      this.#depth--;
      return 'record';
    }
    let depth = this.#depth;
    while (depth > 0 && this.#lists[depth] !== list) depth--;
    if (depth === 0 && list === 1 && this.#list >= 0) return 'list of records';
    if (depth > 0) this.#depth = depth - 1;
    return 'record';
  }

  /** The record's last byte is the one before `end`. */
  #finish(chunk: Buffer, end: number): number {
    const length = this.#base + end - this.#start;
    const { maxRecord, maxDepth } = this.#options;
    if (length > maxRecord) {
      this.#bad(length, 'too-large', `the record has ${length} bytes, more than the ${maxRecord} allowed`);
    } else if (this.#tooDeep) {
      this.#bad(length, 'too-deep', `the record is nested deeper than ${maxDepth} levels`);
    } else {
      this.#sink({ offset: this.#start, length, bytes: this.#bytes(chunk, end) });
      this.#reset();
    }
    this.#next = 'comma-or-end';
    return end;
  }

  /** The record is cut off before `end`. */
  #cut(end: number): void {
    this.#truncated(this.#base + end - this.#start);
    this.#next = 'value-or-end';
  }

  #truncated(length: number): void {
    this.#bad(length, 'truncated', 'the record ends before it is complete');
  }

  #unexpected(length: number): void {
    this.#bad(length, 'unexpected-text', 'this is no JSON object');
  }

  #bad(length: number, code: ReadFault['code'], message: string): void {
    this.#sink({ offset: this.#start, length, fault: { code, message } });
    this.#reset();
  }

  /** A fault between two records. */
  #misplaced(at: number, message: string): void {
    this.#sink({ offset: this.#base + at, length: 0, fault: { code: 'unexpected-text', message } });
  }

  #reset(): void {
    this.#mode = 'between';
    this.#depth = 0;
    this.#tooDeep = false;
    this.#escaped = false;
    this.#parts = [];
    this.#kept = 0;
  }

  /** Keeps a chunk's share of the unfinished record, unless it is too large already. */
  #keep(chunk: Buffer): void {
    if (this.#mode === 'text') return;
    const part = chunk.subarray(Math.max(0, this.#start - this.#base));
    this.#kept += part.length;
    if (this.#kept > this.#options.maxRecord) this.#parts = [];
    else this.#add(part);
  }

  /** Small parts are joined, each with those behind it: a Buffer costs more memory than the few bytes that it may hold. */
  #add(part: Buffer): void {
    this.#parts.push(part);
    for (;;) {
      const last = this.#parts.at(-1);
      const before = this.#parts.at(-2);
      if (!last || !before || before.length > last.length || before.length >= SMALL) return;
      this.#parts.splice(-2, 2, Buffer.concat([before, last]));
    }
  }

  #bytes(chunk: Buffer, end: number): Buffer {
    const part = chunk.subarray(Math.max(0, this.#start - this.#base), end);
    return this.#parts.length === 0 ? part : Buffer.concat([...this.#parts, part]);
  }
}
