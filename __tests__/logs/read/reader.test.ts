import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type JsonRecord, type ReadOptions, readEvents, readRecords } from '../../../logs';
import { type Piece, RecordSplitter } from '../../../logs/read/splitter';
import { fixture } from '../fixtures';

/** A short form of what was read: the value, or the fault's code, each with its place. */
type Seen = readonly [offset: number, length: number, seen: unknown];

const short = ({ offset, length, value, fault }: JsonRecord): Seen => [
  offset,
  length,
  fault ? fault.code : value,
];

async function read(chunks: readonly Uint8Array[], options?: ReadOptions): Promise<Seen[]> {
  const seen: Seen[] = [];
  for await (const record of readRecords(chunks, options)) seen.push(short(record));
  return seen;
}

const readText = (text: string, options?: ReadOptions) => read([Buffer.from(text)], options);

/** The bytes in pieces that end at these places. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

const bytewise = (bytes: Buffer) => [...bytes].map((byte) => Buffer.of(byte));

describe('every form of an object', () => {
  const [one, two] = [fixture('query-audit'), fixture('system-audit')];
  const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
  test.each<[string, string, number[]]>([
    ['one object', JSON.stringify(one), [0]],
    ['an object over many lines', JSON.stringify(one, null, 2), [0]],
    ['an object a line', `${JSON.stringify(one)}\n${JSON.stringify(two)}\n`, [0, size(one) + 1]],
    [
      'lines that end as on Windows',
      `${JSON.stringify(one)}\r\n${JSON.stringify(two)}\r\n`,
      [0, size(one) + 2],
    ],
    ['objects one after the other', `${JSON.stringify(one)}${JSON.stringify(two)}`, [0, size(one)]],
    ['an array', JSON.stringify([one, two]), [1, size(one) + 2]],
    ['two arrays', `[${JSON.stringify(one)}]\n[${JSON.stringify(two)}]`, [1, size(one) + 4]],
    ['a byte-order mark', `\ufeff${JSON.stringify(one)}`, [3]],
  ])('%s, plain and packed, in any chunking', async (_why, text, offsets) => {
    const bytes = Buffer.from(text);
    const expected = offsets.map((offset, index) => [offset, index === 0 ? one : two]);
    for (const packed of [bytes, gzipSync(bytes)]) {
      const chunkings = [[packed], bytewise(packed), ...[1, 2, 3, 10].map((at) => cutAt(packed, [at]))];
      for (const chunks of chunkings) {
        const seen = await read(chunks);
        expect(seen.map(([offset, , value]) => [offset, value])).toEqual(expected);
      }
    }
  });

  test('an array over many lines, its objects at the beginning of a line', async () => {
    const seen = await readText('[\n{"a":[\n{"b":1},\n{"b":2}],"c":\n{"d":3}},\n{"e":4}\n]\n');
    expect(seen.map(([, , value]) => value)).toEqual([{ a: [{ b: 1 }, { b: 2 }], c: { d: 3 } }, { e: 4 }]);
  });

  test('gzip of several members, cut at every byte', async () => {
    const packed = Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"b":'), gzipSync('2}')]);
    for (let at = 0; at <= packed.length; at++) {
      expect(await read(cutAt(packed, [at]))).toEqual([
        [0, 7, { a: 1 }],
        [8, 7, { b: 2 }],
      ]);
    }
  });
});

describe('what is bad is reported with its place, and the rest is read', () => {
  test.each<[string, string, Seen[]]>([
    ['nothing', '', [[0, 0, 'empty']]],
    ['white space', ' \n', [[0, 2, 'empty']]],
    ['an empty array', '[]', [[0, 2, 'empty']]],
    ['text', 'no JSON\n', [[0, 7, 'unexpected-text']]],
    [
      'a line of text between',
      '{"a":1}\nno JSON\n{"b":2}',
      [
        [0, 7, { a: 1 }],
        [8, 7, 'unexpected-text'],
        [16, 7, { b: 2 }],
      ],
    ],
    [
      'brackets that match around nonsense',
      '{a}{"b":2}',
      [
        [0, 3, 'not-json'],
        [3, 7, { b: 2 }],
      ],
    ],
    [
      'a line that ends early',
      '{"a":{"b":1\n{"c":2}\n',
      [
        [0, 12, 'truncated'],
        [12, 7, { c: 2 }],
      ],
    ],
    [
      'a line that ends after a comma',
      '{"a":1,\n{"c":2}\n',
      [
        [0, 8, 'truncated'],
        [8, 7, { c: 2 }],
      ],
    ],
    [
      'a line that ends in a string',
      '{"a":"b\n{"c":2}\n',
      [
        [0, 8, 'truncated'],
        [8, 7, { c: 2 }],
      ],
    ],
    [
      'a line that ends in an escape',
      '{"a":"b\\\n{"c":2}\n',
      [
        [0, 9, 'truncated'],
        [9, 7, { c: 2 }],
      ],
    ],
    [
      'a line feed in a string',
      '{"a":"b\nc"}{"d":1}',
      [
        [0, 11, 'not-json'],
        [11, 7, { d: 1 }],
      ],
    ],
    [
      'an object that ends early',
      '{"a":1}{"b":',
      [
        [0, 7, { a: 1 }],
        [7, 5, 'truncated'],
      ],
    ],
    [
      'an array that ends early',
      '[{"a":1},',
      [
        [1, 7, { a: 1 }],
        [0, 9, 'truncated'],
      ],
    ],
    [
      'the wrong bracket',
      '{"a":[1}{"b":2}',
      [
        [0, 8, 'not-json'],
        [8, 7, { b: 2 }],
      ],
    ],
    [
      'an object open at the array’s end',
      '[{"a":1]{"b":2}',
      [
        [1, 6, 'truncated'],
        [8, 7, { b: 2 }],
      ],
    ],
    [
      'no comma between elements',
      '[{"a":1}{"b":2}]',
      [
        [1, 7, { a: 1 }],
        [8, 0, 'unexpected-text'],
        [8, 7, { b: 2 }],
      ],
    ],
    [
      'a comma too many',
      '[{"a":1},]',
      [
        [1, 7, { a: 1 }],
        [9, 0, 'unexpected-text'],
      ],
    ],
    [
      'two commas',
      '[{"a":1},,{"b":2}]',
      [
        [1, 7, { a: 1 }],
        [9, 1, 'unexpected-text'],
        [10, 7, { b: 2 }],
      ],
    ],
    [
      'commas without an array',
      '{"a":1},{"b":2}',
      [
        [0, 7, { a: 1 }],
        [7, 1, 'unexpected-text'],
        [8, 7, { b: 2 }],
      ],
    ],
    [
      'a bracket that closes nothing',
      '{"a":1}]',
      [
        [0, 7, { a: 1 }],
        [7, 1, 'unexpected-text'],
      ],
    ],
    [
      'numbers in an array',
      '[1,{"a":1},2]',
      [
        [1, 1, 'unexpected-text'],
        [3, 7, { a: 1 }],
        [11, 1, 'unexpected-text'],
      ],
    ],
    ['UTF-16', '\u0000{\u0000}', [[0, 0, 'encoding']]],
  ])('%s', async (_why, text, expected) => {
    expect(await readText(text)).toEqual(expected);
    // In whatever chunks it comes.
    expect(await read(bytewise(Buffer.from(text)))).toEqual(expected);
    expect(await read([gzipSync(text)])).toEqual(expected);
  });

  test('strings and lists are values that are no objects: the event says so', async () => {
    const seen = [];
    for await (const { fault } of readEvents([Buffer.from('"{a}"\n[[1]]')], { key: 'k' }))
      seen.push(fault?.code);
    expect(seen).toEqual(['not-an-object', 'not-an-object']);
  });

  test('invalid UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xc3, 0x28), Buffer.from('"}\n{"b":1}')]);
    expect(await read([bytes])).toEqual([
      [0, 10, 'encoding'],
      [11, 7, { b: 1 }],
    ]);
  });

  test('deep nesting', async () => {
    const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    const seen = await readText(`${deep(20)}${deep(21)}${deep(100_000)}{"b":1}`, { maxDepth: 20 });
    expect(seen.map(([, , what]) => (typeof what === 'string' ? what : 'read'))).toEqual([
      'read',
      'too-deep',
      'too-deep',
      'read',
    ]);
  });

  test('a record that is too long is passed over, and never kept', async () => {
    const size = 200 * 1024 * 1024;
    const block = Buffer.alloc(1024 * 1024, 'x');
    function* chunks() {
      yield Buffer.from('{"a":1}\n{"a":"');
      for (let sent = 0; sent < size; sent += block.length) yield block;
      yield Buffer.from('"}\n{"b":2}\n');
    }
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const seen: Seen[] = [];
    for await (const record of readRecords(chunks())) {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      seen.push(short(record));
    }
    expect(seen).toEqual([
      [0, 7, { a: 1 }],
      [8, size + 8, 'too-large'],
      [size + 17, 7, { b: 2 }],
    ]);
    expect(most).toBeLessThan(64 * 1024 * 1024);
  });

  test('gzip that ends early, at every byte: what was whole is read, the end is reported', async () => {
    const text = Array.from({ length: 30 }, (_, index) =>
      JSON.stringify({ index, noise: Math.sin(index) }),
    ).join('\n');
    const packed = gzipSync(text);
    const whole = await read([packed]);
    for (let end = 3; end < packed.length; end++) {
      const seen = await read([packed.subarray(0, end)]);
      const good = seen.filter(([, , what]) => typeof what !== 'string');
      expect(good).toEqual(whole.slice(0, good.length));
      expect(seen.map(([, , what]) => what)).toContain('gzip');
    }
    const almost = await read([packed.subarray(0, packed.length - 8)]);
    expect(almost).toHaveLength(whole.length + 1);
  });

  test('gzip with a damaged byte, and with bytes behind it', async () => {
    const text = Array.from(
      { length: 2000 },
      (_, index) => `${JSON.stringify({ noise: Math.sin(index) })}\n`,
    ).join('');
    const packed = gzipSync(text);
    const good = (seen: Seen[]) => seen.filter(([, , what]) => typeof what !== 'string').length;
    const damaged = Buffer.from(packed);
    damaged[packed.length - 6]! ^= 0xff;
    for (const bytes of [damaged, Buffer.concat([packed, Buffer.from('behind')])]) {
      const seen = await read([bytes]);
      expect(seen.map(([, , what]) => what)).toContain('gzip');
      // All but what zlib had in hand.
      expect(good(seen)).toBeGreaterThan(1950);
    }
    const padded = await read([Buffer.concat([packed, Buffer.alloc(4)])]);
    expect([good(padded), padded.at(-1)]).toEqual([2000, [text.length, 0, 'gzip']]);
  });
});

test('offsets are right beyond 4 GiB', () => {
  const pieces: Piece[] = [];
  const splitter = new RecordSplitter({ maxRecord: 100, maxDepth: 10 }, (piece) => pieces.push(piece));
  splitter.skip(5 * 1024 ** 3);
  splitter.push(Buffer.from('{"a":1}\n{"b"'));
  splitter.push(Buffer.from(':2}'));
  expect(pieces.map(({ offset, length }) => offset - 5 * 1024 ** 3 + length)).toEqual([7, 15]);
});

test('what the source throws is thrown: it is no fault of the object', async () => {
  async function* broken() {
    yield Buffer.from('{"a":1}');
    throw new Error('connection lost');
  }
  const seen: unknown[] = [];
  await expect(async () => {
    for await (const record of readRecords(broken())) seen.push(record.value);
  }).rejects.toThrow('connection lost');
  expect(seen).toEqual([{ a: 1 }]);
});

describe('against a naive reader', () => {
  const record = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
  const gap = fc.constantFrom('', '\n', ' ', '\r\n', '\n\n\t');
  const places = fc.array(fc.nat(5000), { maxLength: 12 });

  test('well-formed objects of any form, chunking and packing', async () => {
    const layout = fc.constantFrom('lines', 'array', 'pretty', 'gaps');
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 6 }),
        layout,
        gap,
        places,
        fc.boolean(),
        fc.boolean(),
        async (records, form, between, cuts, isPacked, hasMark) => {
          const texts = records.map((value) => JSON.stringify(value, null, form === 'pretty' ? 2 : 0));
          const body =
            form === 'array'
              ? `[${between}${texts.join(`,${between}`)}${between}]`
              : texts.join(form === 'lines' ? '\n' : between);
          const bytes = Buffer.from((hasMark ? '\ufeff' : '') + body);
          const seen = await read(cutAt(isPacked ? gzipSync(bytes) : bytes, cuts));
          expect(seen.map(([, , value]) => value)).toEqual(
            records.map((value) => JSON.parse(JSON.stringify(value))),
          );
          // Each place holds just that record.
          for (const [offset, length, value] of seen) {
            expect(JSON.parse(bytes.subarray(offset, offset + length).toString())).toEqual(value);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a line that is cut off costs no line but at most the next', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 3, maxLength: 6 }),
        fc.nat(),
        fc.nat(),
        places,
        async (records, which, length, cuts) => {
          const lines = records.map((value, index) => JSON.stringify({ index, value }));
          const cut = which % lines.length;
          lines[cut] = lines[cut]!.slice(0, 1 + (length % (lines[cut]!.length - 1)));
          const seen = await read(cutAt(Buffer.from(`${lines.join('\n')}\n`), cuts));
          const good = seen
            .map(([, , value]) => (value as { index?: number }).index)
            .filter((i) => i !== undefined);
          expect(seen.length).toBeGreaterThan(good.length);
          for (const index of records.keys())
            if (index < cut || index > cut + 1) expect(good).toContain(index);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('any bytes: the same in every chunking, and no byte is passed over in silence', async () => {
    const soup = fc
      .array(
        fc.oneof(
          {
            weight: 6,
            arbitrary: fc.constantFrom(...'{}[]",:\n\\ a1'.split(''), '{"a":1}', '{"b":[{', '\n{', '"x"'),
          },
          { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
        ),
        { maxLength: 40 },
      )
      .map((parts) => Buffer.from(parts.join('')));
    await fc.assert(
      fc.asyncProperty(soup, places, async (bytes, cuts) => {
        const options = { maxDepth: 4, maxRecord: 30 };
        const seen = await read([bytes], options);
        expect(await read(bytewise(bytes), options)).toEqual(seen);
        expect(await read(cutAt(bytes, cuts), options)).toEqual(seen);
        if (seen.some(([, , what]) => what === 'encoding')) return;
        const covered = new Uint8Array(bytes.length);
        for (const [offset, length] of seen) covered.fill(1, offset, offset + length);
        const left = [...bytes].filter((_, index) => !covered[index]);
        expect(Buffer.from(left).toString('latin1')).toMatch(/^[\s[\],]*$/);
        for (const [offset, length, what] of seen) {
          if (typeof what === 'string') continue;
          expect(JSON.parse(bytes.subarray(offset, offset + length).toString())).toEqual(what);
        }
      }),
      { numRuns: 600 },
    );
  });
});

test('a long record in chunks of one byte takes memory of its own size', () => {
  const text = Buffer.from(JSON.stringify({ a: 'x'.repeat(2_000_000) }));
  const pieces: Piece[] = [];
  const splitter = new RecordSplitter({ maxRecord: 4_000_000, maxDepth: 10 }, (piece) => pieces.push(piece));
  const before = process.memoryUsage().heapUsed;
  let most = 0;
  for (let at = 0; at < text.length; at++) {
    if (at % 100_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
    splitter.push(text.subarray(at, at + 1));
  }
  expect(pieces[0]?.bytes?.equals(text)).toBe(true);
  expect(most - before).toBeLessThan(100_000_000);
});
