/**
 * The log reader against `JSON.parse` of the same text, which is the floor: every reader of events has to parse them. And
 * against what people would write: `readline` with `JSON.parse` (at least 0.6 of it), and `zcat |` for gzip (at least 0.8).
 */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { generateEvents, readEvents, readRecords } from '../logs';

/** Bytes of each form. */
const SIZE = 64 * 1024 * 1024;
const ROUNDS = 5;
/** As the SDK's stream of an object gives them. */
const CHUNK = 64 * 1024;

type Source = Iterable<Buffer>;

export async function benchLogs(): Promise<void> {
  const to = Date.UTC(2026, 0, 31);
  const records = [...generateEvents({ count: 4000, seed: 1, clientId: 'bench', from: to - 1e8, to })].map(
    (event) => JSON.stringify(event),
  );
  const times = Math.ceil(SIZE / Buffer.byteLength(records.join('\n')));
  const many = Array.from({ length: times }, () => records).flat();
  const lines = Buffer.from(`${many.join('\n')}\n`);
  const forms: Readonly<
    Record<string, { readonly bytes: Buffer; readonly read: (source: Source) => Promise<number> }>
  > = {
    lines: { bytes: lines, read: count(readRecords) },
    array: { bytes: Buffer.from(`[${many.join(',')}]`), read: count(readRecords) },
    gzip: { bytes: gzipSync(lines), read: count(readRecords) },
    // Unpacked by another program, and read from its pipe.
    zcat: { bytes: gzipSync(lines), read: (source) => count(readRecords)(chunksOf(unpacked(source))) },
    readline: { bytes: lines, read: readByLine },
    events: { bytes: lines, read: count((source) => readEvents(source, { key: 'bench' })) },
  };
  const spent: Record<string, number[]> = { floor: [] };
  for (let round = 0; round < ROUNDS; round++) {
    spent.floor?.push(await timed(async () => parseLines(lines), many.length));
    for (const [name, { bytes, read }] of Object.entries(forms)) {
      spent[name] = [...(spent[name] ?? []), await timed(() => read(chunksOf(bytes)), many.length)];
    }
  }
  // Other work on the machine makes a round slower, never faster.
  const rate = (name: string) => lines.length / 1e6 / Math.min(...(spent[name] ?? []));
  process.stdout.write(
    `Reading ${many.length} events (${(lines.length / 1e6).toFixed(0)} MB), CPU time, the least of ${ROUNDS}:\n`,
  );
  for (const name of Object.keys(spent)) {
    const ratio = (rate(name) / rate('floor')).toFixed(2);
    process.stdout.write(
      `${name.padEnd(10)} ${rate(name).toFixed(0).padStart(6)} MB/s  ${ratio} of JSON.parse\n`,
    );
  }
  const ratio = (name: string, other: string) => (rate(name) / rate(other)).toFixed(2);
  process.stdout.write(
    `lines: ${ratio('lines', 'readline')} of readline; gzip: ${ratio('gzip', 'zcat')} of zcat |\n`,
  );
}

/** The least that anybody can do: decode, cut at line feeds, parse. */
function parseLines(bytes: Buffer): number {
  let parsed = 0;
  for (let from = 0, end = bytes.indexOf(10); end >= 0; from = end + 1, end = bytes.indexOf(10, from)) {
    if (typeof JSON.parse(bytes.toString('utf8', from, end)) === 'object') parsed++;
  }
  return parsed;
}

async function readByLine(source: Source): Promise<number> {
  let parsed = 0;
  for await (const line of createInterface({ input: Readable.from(source) })) {
    if (typeof JSON.parse(line) === 'object') parsed++;
  }
  return parsed;
}

function unpacked(source: Source): Buffer {
  return gunzipSync(Buffer.concat([...source]));
}

function count(read: (source: Source) => AsyncIterable<{ readonly fault?: unknown }>) {
  return async (source: Source): Promise<number> => {
    let good = 0;
    for await (const { fault } of read(source)) if (!fault) good++;
    return good;
  };
}

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

/** Seconds of CPU, so that other work on the machine does not count. @throws if a record was not read: a fast reader must still read everything */
async function timed(work: () => Promise<number>, expected: number): Promise<number> {
  const start = process.cpuUsage();
  const got = await work();
  if (got !== expected) throw new Error(`${got} records were read, not ${expected}`);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
