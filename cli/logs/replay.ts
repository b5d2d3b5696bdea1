/** `altr-export logs replay`: tells readers again about objects that arrived in a time range. */
import { counted } from '../../checks/report/order';
import { writeStdout } from '../../checks/report/output';
import type { ExportConfig } from '../../config/schema';
import { partitionOf } from '../../contract/partition';
import { bucketArn } from '../../contract/policies';
import { UserError } from '../../contract/user-error';
import { type ListedObject, objectsSince, StoreError } from '../../logs';
import { Progress } from '../progress';
import {
  type BucketOptions,
  exportNamed,
  LISTS_AT_ONCE,
  openBucket,
  type ShownOptions,
  storeFailure,
} from './bucket';
import { confirm } from './confirm';
import { instant } from './instant';

export interface ReplayOptions extends BucketOptions, ShownOptions {
  readonly since: string;
  readonly until?: string;
  /** A reader that has a queue, or `all` for the topic that they share. */
  readonly to: 'all' | 'splunk' | 'alerts';
  readonly dryRun?: true;
  readonly yes?: true;
}

/** @throws UserError with a sentence for a bad option, a missing feed, or a refusal of AWS */
export async function runReplay(name: string, options: ReplayOptions): Promise<void> {
  const now = Date.now();
  const since = instant('--since', options.since, now);
  const until = options.until === undefined ? now : instant('--until', options.until, now);
  if (since >= until) throw new UserError('--since must be earlier than --until');
  const entry = exportNamed(name, options.config);
  assertReader(entry, options.to);

  const objects = await objectsBetween(name, options, since, until, now);
  const bytes = objects.reduce((sum, { size }) => sum + size, 0);
  const range = `${new Date(since).toISOString()} to ${new Date(until).toISOString()}`;
  const target = options.to === 'all' ? 'every reader of the feed' : `the reader ${options.to}`;
  const count = counted(objects.length, 'notification');
  if (options.dryRun) {
    const keys = objects.map(({ key }) => `${key}\n`).join('');
    await writeStdout(`${keys}${count} (objects of ${bytes} bytes, ${range}) would be sent to ${target}\n`);
    return;
  }
  if (objects.length === 0) {
    if (!options.quiet) process.stderr.write(`no object arrived from ${range}; nothing was sent\n`);
    return;
  }
  if (!options.yes)
    await confirm(`sends ${count} (${range}) to ${target} again`, entry.name, 'the export’s name');
  await sendAll(entry, objects, options.to);
  if (!options.quiet) process.stderr.write(`${count} were sent to ${target}\n`);
}

function assertReader({ name, splunkFeed, alerts }: ExportConfig, to: ReplayOptions['to']): void {
  const readers = { splunk: splunkFeed, alerts };
  if (to === 'all' ? splunkFeed || alerts : readers[to]) return;
  const missing =
    to === 'all' ? 'neither splunkFeed nor alerts' : `no ${to === 'splunk' ? 'splunkFeed' : to}`;
  throw new UserError(`export ${name} declares ${missing}, so there is no queue to send to`);
}

async function objectsBetween(
  name: string,
  options: ReplayOptions,
  since: number,
  until: number,
  now: number,
): Promise<ListedObject[]> {
  const { quiet, verbose } = options;
  const objects: ListedObject[] = [];
  const progress = new Progress(process.stderr, () => counted(objects.length, 'object'), { quiet, verbose });
  try {
    const { store, prefix, listCalls } = await openBucket(name, options, {
      onCall: (call) => progress.called(call),
      onThrottle: () => progress.throttled(),
    });
    for await (const object of objectsSince(store, { now, since, prefix, atOnce: LISTS_AT_ONCE })) {
      if (object.lastModified < until) objects.push(object);
    }
    if (verbose)
      process.stderr.write(`${counted(objects.length, 'object')}, ${counted(listCalls(), 'list call')}\n`);
  } catch (error) {
    throw error instanceof StoreError ? storeFailure(error) : error;
  } finally {
    progress.end();
  }
  // In the order in which they arrived, as readers saw them the first time.
  return objects.sort((a, b) => a.lastModified - b.lastModified);
}

async function sendAll(
  entry: ExportConfig,
  objects: readonly ListedObject[],
  to: ReplayOptions['to'],
): Promise<void> {
  const { sessionOf } = await import('../../checks/observe/live/session-of');
  const { BATCH_SIZE, toQueue, toTopic } = await import('./send-notifications');
  const session = await sessionOf(entry);
  const send = to === 'all' ? await toTopic(session, entry) : await toQueue(session, entry, to);
  for (let start = 0; start < objects.length; start += BATCH_SIZE) {
    const batch = objects.slice(start, start + BATCH_SIZE);
    await send(batch.map((object) => notification(entry, object)));
  }
}

/** S3's event about a new object (Amazon S3 User Guide, "Event message structure"): keys are URL-encoded, spaces as `+`. */
export function notification(
  { bucket, region }: Pick<ExportConfig, 'bucket' | 'region'>,
  object: ListedObject,
): string {
  const key = encodeURIComponent(object.key).replaceAll('%2F', '/').replaceAll('%20', '+');
  const s3 = {
    s3SchemaVersion: '1.0',
    configurationId: 'altr-export-logs-replay',
    bucket: { name: bucket, arn: bucketArn(partitionOf(region) ?? 'aws', bucket) },
    object: { key, size: object.size },
  };
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(object.lastModified).toISOString(),
    eventName: 'ObjectCreated:Put',
    s3,
  };
  return JSON.stringify({ Records: [record] });
}
