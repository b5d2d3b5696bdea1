/**
 * A bucket's objects, for what looks at the delivered logs: `altr-export logs` and the opt-in rule delivery-alive. A plain
 * check never comes here.
 */
import type { Readable } from 'node:stream';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { GetResult, ListPage, ListRequest, ObjectStore } from '../../../logs/store';
import { StoreError } from '../../../logs/store';
import type { Observed } from '../observation';
import { unreadableBecause } from './aws-error';
import { toBucket } from './bucket-region';
import { DeadlineExceeded } from './deadline';
import type { Session } from './session';

export interface BucketAddress {
  readonly bucket: string;
  readonly region: string;
  /** The account that has to own the bucket: S3 refuses the call where it is another's. */
  readonly accountId?: string;
}

/** The objects of a bucket, read with a session's credentials. */
export function objectStore(session: Session, address: BucketAddress): ObjectStore {
  const { region, bucket, accountId } = address;
  const owned = { Bucket: bucket, ExpectedBucketOwner: accountId };
  return {
    async list(request: ListRequest): Promise<ListPage> {
      const page = await session.ask(
        's3:ListObjectsV2',
        region,
        (options) =>
          toBucket(session, region, (s3) =>
            s3.send(new ListObjectsV2Command({ ...owned, ...inputOf(request) }), options),
          ),
        ({ Contents = [], CommonPrefixes = [], IsTruncated, NextContinuationToken }) => {
          const objects = Contents.map(({ Key, Size, LastModified, Owner }) => ({
            key: Key ?? '',
            size: Size ?? 0,
            lastModified: LastModified?.getTime() ?? Number.NaN,
            owner: Owner?.ID,
          }));
          const groups = CommonPrefixes.map(({ Prefix }) => Prefix ?? '');
          const isWhole = objects.every(({ key, lastModified }) => key !== '' && !Number.isNaN(lastModified));
          // S3 always says whether there is more (Amazon S3 API Reference, ListObjectsV2, `IsTruncated`): what doesn't is no listing.
          if (!isWhole || IsTruncated === undefined || (IsTruncated && !NextContinuationToken))
            return undefined;
          return { objects, groups, ...(IsTruncated ? { next: NextContinuationToken! } : {}) };
        },
      );
      return present(page, `the bucket ${bucket}`);
    },

    async get(key: string): Promise<GetResult> {
      const object = await session.ask(
        's3:GetObject',
        region,
        (options) =>
          toBucket(session, region, (s3) => s3.send(new GetObjectCommand({ ...owned, Key: key }), options)),
        ({ Body, ServerSideEncryption, SSEKMSKeyId }) =>
          Body && {
            body: guarded(session, region, key, Body as Readable),
            encryption: ServerSideEncryption,
            kmsKeyArn: SSEKMSKeyId,
          },
      );
      return present(object, `the object ${key}`);
    },
  };
}

function inputOf({ prefix, delimiter, startAfter, token, limit }: ListRequest) {
  return {
    // Without asking, S3 leaves the owner out.
    FetchOwner: true,
    Prefix: prefix,
    Delimiter: delimiter,
    StartAfter: startAfter,
    ContinuationToken: token,
    MaxKeys: limit,
  };
}

function present<T>(observed: Observed<T>, what: string): T {
  switch (observed.state) {
    case 'value':
      return observed.value;
    case 'absent':
      throw new StoreError(`${what} does not exist`);
    case 'unreadable': {
      const { message, ...detail } = observed.reason;
      throw new StoreError(message, detail);
    }
  }
}

/** A connection may break long after the answer has begun, or stay open and give nothing more. */
async function* guarded(
  session: Session,
  region: string,
  key: string,
  body: Readable,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const chunk = await session.part(() => chunks.next());
      if (chunk.done) return;
      yield chunk.value;
    }
  } catch (error) {
    const { message, ...detail } = unreadableBecause('s3:GetObject', error, { region });
    const stalled = error instanceof DeadlineExceeded;
    throw new StoreError(
      stalled ? `the object ${key} gave no more bytes within ${error.seconds} seconds` : message,
      detail,
    );
  } finally {
    // Not the iterator's return: it waits for the chunk that does not come.
    body.destroy();
  }
}
