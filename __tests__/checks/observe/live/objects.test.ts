/** Objects as they come over a connection: a real server that goes silent. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { objectStore } from '../../../../checks/observe/live/objects';
import { sessionOf } from '../../../../checks/observe/live/session-of';

describe('a body of which nothing more comes', () => {
  const before = { ...process.env };
  const address = { bucket: 'logs', region: 'us-east-1' };
  let server: Server;
  let isClosed: Promise<void>;

  beforeEach(async () => {
    isClosed = new Promise((resolve) => {
      server = createServer((_request, response) => {
        response.on('close', resolve);
        response.writeHead(200, { 'content-length': '100' });
        response.write('a part');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env = {
      ...before,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'k',
      AWS_SECRET_ACCESS_KEY: 's',
    };
  });

  afterEach(async () => {
    process.env = before;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const read = async (body: AsyncIterable<Uint8Array>) => {
    let text = '';
    for await (const chunk of body) text += Buffer.from(chunk).toString();
    return text;
  };

  test('is given up in the time of a call, and its connection closed', async () => {
    const store = objectStore(await sessionOf(address, { callDeadline: 1000 }), address);
    const { body } = await store.get('dt=2026-01-31/x');
    await expect(read(body)).rejects.toMatchObject({
      name: 'StoreError',
      message: 'the object dt=2026-01-31/x gave no more bytes within 1 seconds',
      detail: { api: 's3:GetObject' },
    });
    await isClosed;
  });

  test('is given up when the run is cancelled', async () => {
    const run = new AbortController();
    const store = objectStore(await sessionOf(address, { signal: run.signal }), address);
    const { body } = await store.get('dt=2026-01-31/x');
    setTimeout(() => run.abort(), 50);
    await expect(read(body)).rejects.toMatchObject({ name: 'StoreError' });
    await isClosed;
  });
});

test('an answer without anything in it is no empty bucket', async () => {
  const before = { ...process.env };
  const server = createServer((_request, response) => response.writeHead(200).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env = {
    ...before,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'k',
    AWS_SECRET_ACCESS_KEY: 's',
  };
  try {
    const address = { bucket: 'logs', region: 'us-east-1' };
    const store = objectStore(await sessionOf(address), address);
    await expect(store.list({ prefix: '' })).rejects.toMatchObject({
      name: 'StoreError',
      message: expect.stringContaining('s3:ListObjectsV2 answered without what was asked for'),
    });
  } finally {
    process.env = before;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
