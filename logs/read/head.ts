/** The bytes of an object, in chunks of any size. A chunk must not be changed once it was given. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** The same bytes, the first chunk at least `length` long unless the stream is shorter; no chunk is empty. */
export async function* withHead(source: ByteSource, length: number): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const bytes of source) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!head) {
      if (chunk.length > 0) yield chunk;
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length >= length) {
      yield head;
      head = undefined;
    }
  }
  if (head && head.length > 0) yield head;
}
