/**
 * The bundled Lambda function as a process of its own, against AWS's APIs in memory: a flood of alerts, each in two objects, each
 * object notified twice. What it claims in the ledger is told when the run ends.
 */
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ALERT_ENVIRONMENT, DEFAULT_ALERT_FILTER } from '../../config/options/alerts';
import { fixture } from '../logs/fixtures';
import { ROOT } from './support/command';

/** Of 20 000 alerts, a former version left thousands claimed. It takes half a minute of CPU. */
const OBJECTS = 80;
/** In each object; half of them are in the next one, too. */
const EVENTS = 500;
const ALERTS = (OBJECTS * EVENTS) / 2;

const alert = (number: number) =>
  JSON.stringify({
    ...fixture('system-audit'),
    eventID: `alert-${number % ALERTS}`,
    eventName: 'Threshold Exceeded',
    category: 'Thresholds',
    thresholdAudit: { id: number },
  });
const bodies = Array.from({ length: OBJECTS }, (_, object) =>
  Array.from({ length: EVENTS }, (_, index) => alert((object * EVENTS) / 2 + index)).join('\n'),
);
const messages = bodies.flatMap((_, object) => {
  const s3 = { bucket: { name: 'logs' }, object: { key: `${object}.json`, size: 1 } };
  const body = JSON.stringify({ Records: [{ s3 }] });
  return [0, 1].map((time) => ({ messageId: `${object}-${time}`, body }));
});

/** The ledger, and what was mailed. */
class Aws {
  readonly ledger = new Map<string, { told: boolean; claims: number }>();
  mailed = 0;
  #server: Server | undefined;

  async start(): Promise<string> {
    this.#server = createServer(async (request, response) => {
      const { status, text } = this.#answer(request, await bodyOf(request));
      response.writeHead(status).end(text);
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  #answer({ method, url = '' }: IncomingMessage, body: string): { status: number; text: string } {
    if (method === 'GET')
      return { status: 200, text: bodies[Number.parseInt(url.split('/')[2] ?? '', 10)] ?? '' };
    if (body.startsWith('{')) return this.#put(JSON.parse(body));
    const message = new URLSearchParams(body).get('Message') ?? '';
    this.mailed += Number(/^(\d+) alerts in the ALTR audit logs/.exec(message)?.[1] ?? 1);
    return { status: 200, text: '<PublishResponse><PublishResult/></PublishResponse>' };
  }

  /** PutItem, with the one condition that the function uses: claims of these runs are never old. */
  #put({
    Item,
    ConditionExpression,
  }: {
    Item: { eventID: { S: string }; told: { BOOL: boolean } };
    ConditionExpression?: string;
  }) {
    const entry = this.ledger.get(Item.eventID.S) ?? { told: false, claims: 0 };
    if (ConditionExpression !== undefined) {
      if (entry.claims > 0) {
        const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
        return { status: 400, text: JSON.stringify({ __type }) };
      }
      entry.claims++;
    }
    entry.told = Item.told.BOOL;
    this.ledger.set(Item.eventID.S, entry);
    return { status: 200, text: '{}' };
  }

  get claimedButNotTold(): number {
    return [...this.ledger.values()].filter(({ told }) => !told).length;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

const CHILD = `
  const [bundle, left] = process.argv.slice(1);
  const { handler } = await import(bundle);
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  const end = Date.now() + Number(left);
  const result = await handler({ Records: JSON.parse(input) }, { getRemainingTimeInMillis: () => end - Date.now() });
  process.stderr.write(JSON.stringify(result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)));
`;

/** @returns IDs of the messages to deliver again */
async function run(url: string, records: typeof messages, leftMs: number): Promise<string[]> {
  const bundle = join(ROOT, 'dist', 'lambda', 'alerts', 'index.mjs');
  const child = spawn(process.execPath, ['--input-type=module', '-e', CHILD, bundle, String(leftMs)], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      [ALERT_ENVIRONMENT.topicArn]: 'arn:aws:sns:us-east-1:111122223333:mail',
      [ALERT_ENVIRONMENT.ledgerTable]: 'ledger',
      [ALERT_ENVIRONMENT.exportName]: 'acme',
      [ALERT_ENVIRONMENT.filter]: JSON.stringify(DEFAULT_ALERT_FILTER),
    },
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  child.stdin.end(JSON.stringify(records));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(said);
  return JSON.parse(said.slice(said.lastIndexOf('[')));
}

test('alerts with duplicates are told once each, and no claim outlives its run', async () => {
  const aws = new Aws();
  const url = await aws.start();
  try {
    // The first run has a second to read, and gives back what it could not.
    const again = await run(url, messages, 21_500);
    expect(again.length).toBeGreaterThan(0);
    expect(again.length).toBeLessThan(messages.length + 1);
    expect([aws.claimedButNotTold, aws.mailed]).toEqual([0, aws.ledger.size]);

    const rest = messages.filter(({ messageId }) => again.includes(messageId));
    expect(await run(url, rest, 900_000)).toEqual([]);
    expect([aws.claimedButNotTold, aws.mailed, aws.ledger.size]).toEqual([0, ALERTS, ALERTS]);

    // All of it once more, as a queue may deliver it.
    expect(await run(url, messages.slice(0, 4), 900_000)).toEqual([]);
    expect([aws.claimedButNotTold, aws.mailed]).toEqual([0, ALERTS]);
    expect(Math.max(...[...aws.ledger.values()].map(({ claims }) => claims))).toBe(1);
  } finally {
    aws.stop();
  }
}, 600_000);
