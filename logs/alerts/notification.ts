/** Which objects are new, from a message of the queue. */

export interface NewObject {
  readonly bucket: string;
  readonly key: string;
  /** The version that is new; missing in a bucket without versioning. */
  readonly versionId?: string;
}

/**
 * The objects of a message: S3's event, in SNS's envelope or bare. Empty for S3's test event, which names none, and for
 * markers of folders. Throws if the text is neither.
 * Source: Amazon S3 User Guide, "Event message structure" (keys are URL-encoded, spaces as `+`); Amazon SNS Developer
 * Guide, "Fanout to Amazon SQS queues".
 */
export function objectsIn(body: string): NewObject[] {
  const outer = object(JSON.parse(body));
  const event = typeof outer.Message === 'string' ? object(JSON.parse(outer.Message)) : outer;
  if (event.Event === 's3:TestEvent') return [];
  if (!Array.isArray(event.Records)) throw new Error('the message holds no event of S3');
  return event.Records.flatMap((record) => {
    const s3 = object(object(record).s3);
    const bucket = object(s3.bucket).name;
    const { key, size, versionId } = object(s3.object);
    if (typeof bucket !== 'string' || typeof key !== 'string') {
      throw new Error('the message holds an event of S3 without bucket and key');
    }
    // The S3 console's marker of a folder, which holds nothing.
    if (key.endsWith('/') && size === 0) return [];
    const place = { bucket, key: decodeURIComponent(key.replaceAll('+', ' ')) };
    return typeof versionId === 'string' && versionId !== '' ? { ...place, versionId } : place;
  });
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
