/** Unpacks gzip where an object is packed, by its first two bytes: neither its name nor its metadata need be right. */
import { createGunzip, type Gunzip } from 'node:zlib';
import type { ReadFault } from './fault';
import { type ByteSource, withHead } from './head';

const MAGIC = [0x1f, 0x8b];

/**
 * Compressed bytes that are handed over at once. Gzip packs up to 1000 times, so they may become 8 MiB. Where zlib meets a
 * damaged byte, what it has unpacked since its last output is lost: 16 KiB at most, and on average more with longer steps.
 */
const STEP = 8 * 1024;

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
  if (unpacker) yield* await unpacker.end();
}

/** zlib, asked step by step: its stream would throw away all that was not yet read when it meets an error. */
class Unpacker {
  readonly #gunzip: Gunzip = createGunzip();
  readonly #fault: (fault: ReadFault) => void;
  #out: Buffer[] = [];
  #fed = 0;
  /** zlib takes nothing more: a fault, or bytes behind the last member. */
  ended = false;

  /** Ends the wait for the step at hand. */
  #settle = () => {};

  constructor(fault: (fault: ReadFault) => void) {
    this.#gunzip.on('data', (chunk: Buffer) => this.#out.push(chunk));
    this.#gunzip.on('end', () => {
      this.ended = true;
      this.#settle();
    });
    this.#gunzip.on('error', (error: NodeJS.ErrnoException) => {
      this.ended = true;
      const message =
        error.code === 'Z_BUF_ERROR'
          ? 'the gzip data ends before it is complete'
          : `the gzip data is damaged: ${error.message}`;
      fault({ code: 'gzip', message });
      this.#settle();
    });
    this.#fault = fault;
  }

  async push(chunk: Buffer): Promise<Buffer[]> {
    this.#fed += chunk.length;
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
