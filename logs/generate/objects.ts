/** Puts events into objects as an export would: partitioned by event time. The vendor documents no more of the keys. */
import { gzipSync } from 'node:zlib';
import { Random } from './random';

export interface GeneratedObject {
  readonly key: string;
  readonly body: Buffer;
}

export interface ObjectOptions {
  readonly seed: number;
  /** What keys begin with, for example `altr/`; nothing by default. */
  readonly prefix?: string;
  /** Events in one object at most. */
  readonly eventsPerObject?: number;
  /** Whether objects are packed with gzip. */
  readonly gzip?: boolean;
}

/** Objects of newline-delimited JSON, one partition an hour: `year=2026/month=01/day=31/hour=09/`. Events come in order of time. */
export function* objectsOf(
  events: Iterable<{ readonly eventTime: number }>,
  options: ObjectOptions,
): Generator<GeneratedObject> {
  const random = new Random(options.seed);
  const most = options.eventsPerObject ?? 500;
  let partition = '';
  let lines: string[] = [];
  const finish = (): GeneratedObject => {
    const text = Buffer.from(lines.join(''));
    const suffix = options.gzip ? '.json.gz' : '.json';
    lines = [];
    return {
      key: `${options.prefix ?? ''}${partition}${random.uuid()}${suffix}`,
      body: options.gzip ? gzipSync(text) : text,
    };
  };
  for (const event of events) {
    const its = partitionFor(event.eventTime);
    if (lines.length > 0 && (its !== partition || lines.length >= most)) yield finish();
    partition = its;
    lines.push(`${JSON.stringify(event)}\n`);
  }
  if (lines.length > 0) yield finish();
}

function partitionFor(eventTime: number): string {
  const [year, month, day, hour] = new Date(eventTime).toISOString().split(/[-T:]/);
  return `year=${year}/month=${month}/day=${day}/hour=${hour}/`;
}
