/** Unpacks gzip where an object is packed, by its first two bytes: neither its name nor its metadata need be right. */
import { createGunzip, type Gunzip } from 'node:zlib';
import type { ReadFault } from './fault';
import { type ByteSource, withHead } from './head';

const MAGIC = [0x1f, 0x8b];

/** Compressed bytes that are handed over at once. Gzip packs up to 1000 times, so they may become 8 MiB. */
const STEP = 8 * 1024;

/** Plain bytes that zlib gives at once. Each time costs a change of threads. */
const OUTPUT = 64 * 1024;

/**
 * At a damaged byte, zlib loses what it has unpacked since its last output. Then what was kept of the compressed bytes, these at
 * most, is unpacked once more with small outputs.
 */
const KEPT = 1024 * 1024;
const SMALL_OUTPUT = 1024;

/**
 * The plain bytes of a stream; gzip of any number of members is unpacked.
 * @param fault is told what is wrong with the gzip; all that could be unpacked is given all the same
 */
export async function* plain(source: ByteSource, fault: (fault: ReadFault) => void): AsyncGenerator<Buffer> {
  let unpacker: Unpacker | undefined;
  let isFirst = true;
  for await (const chunk of withHead(source, MAGIC.length)) {
    if (isFirst && MAGIC.every((byte, index) => chunk[index] === byte)) unpacker = new Unpacker(fault);
    isFirst = false;
    if (!unpacker) {
      yield chunk;
      continue;
    }
    for (let at = 0; at < chunk.length && !unpacker.ended; at += STEP) {
      yield* await unpacker.push(chunk.subarray(at, at + STEP));
    }
    if (unpacker.ended) break;
  }
  if (!unpacker) return;
  yield* await unpacker.end();
  yield* unpacker.lost();
}

/** zlib, asked step by step: its stream would throw away all that was not yet read when it meets an error. */
class Unpacker {
  readonly #gunzip: Gunzip;
  readonly #fault: (fault: ReadFault) => void;
  #out: Buffer[] = [];
  #fed = 0;
  #given = 0;
  /** All that was fed; `undefined` once that is too much to keep. */
  #kept: Buffer[] | undefined = [];
  #isDamaged = false;
  /** zlib takes nothing more: a fault, or bytes behind the last member. */
  ended = false;

  /** Ends the wait for the step at hand. */
  #settle = () => {};

  constructor(fault: (fault: ReadFault) => void, output = OUTPUT) {
    this.#gunzip = createGunzip({ chunkSize: output });
    this.#gunzip.on('data', (chunk: Buffer) => {
      this.#given += chunk.length;
      this.#out.push(chunk);
    });
    this.#gunzip.on('end', () => {
      this.ended = true;
      this.#settle();
    });
    this.#gunzip.on('error', (error: NodeJS.ErrnoException) => {
      this.ended = true;
      this.#isDamaged = error.code !== 'Z_BUF_ERROR';
      const message = this.#isDamaged
        ? `the gzip data is damaged: ${error.message}`
        : 'the gzip data ends before it is complete';
      fault({ code: 'gzip', message });
      this.#settle();
    });
    this.#fault = fault;
  }

  async push(chunk: Buffer): Promise<Buffer[]> {
    this.#fed += chunk.length;
    if (this.#fed > KEPT) this.#kept = undefined;
    this.#kept?.push(chunk);
    // Of an error, and of the end of the last member, the write's own callback may never hear.
    await this.#step(() => this.#gunzip.write(chunk, () => this.#settle()));
    return this.#take();
  }

  async end(): Promise<Buffer[]> {
    if (!this.ended) await this.#step(() => this.#gunzip.end());
    // zlib passes over what follows the last member, such as padding.
    if (!this.#gunzip.errored && this.#gunzip.bytesWritten < this.#fed) {
      this.#fault({ code: 'gzip', message: 'bytes that are no gzip follow the gzip data' });
    }
    this.#gunzip.destroy();
    return this.#take();
  }

  /** What could be unpacked before a damaged byte, but was not given. */
  async *lost(): AsyncGenerator<Buffer> {
    if (!this.#isDamaged || !this.#kept) return;
    const again = new Unpacker(() => {}, SMALL_OUTPUT);
    let given = this.#given;
    for (const chunk of this.#kept) {
      for (const plain of await again.push(chunk)) {
        if (plain.length > given) yield plain.subarray(given);
        given = Math.max(0, given - plain.length);
      }
    }
    await again.end();
  }

  #step(start: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      start();
    });
  }

  #take(): Buffer[] {
    const taken = this.#out;
    this.#out = [];
    return taken;
  }
}
