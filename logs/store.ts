/** A bucket, as far as the logs need one. The S3 implementation lives with the auditor's AWS session. */

export interface ListRequest {
  /** Only keys that begin so. */
  readonly prefix?: string;
  /** Groups keys by what comes before its next occurrence. */
  readonly delimiter?: '/';
  /** Only keys, and groups, behind this one in the order of their UTF-8 bytes. */
  readonly startAfter?: string;
  /** `next` of the page before. */
  readonly token?: string;
  /** At most so many keys and groups; S3's limit is 1000. */
  readonly limit?: number;
}

export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** Canonical user ID of the owner, where the store tells. */
  readonly owner?: string;
}

export interface ListPage {
  readonly objects: readonly ListedObject[];
  /** With a delimiter: what keys begin with, each once, delimiter included. */
  readonly groups: readonly string[];
  /** Where there is more. */
  readonly next?: string;
}

export interface GetResult {
  readonly body: AsyncIterable<Uint8Array>;
  /** The `x-amz-server-side-encryption` of the object, for example `AES256`; missing where the store does not tell. */
  readonly encryption?: string;
  /** ARN of the KMS key that it is encrypted with. */
  readonly kmsKeyArn?: string;
}

/** Keys in the order of their UTF-8 bytes, as S3's ListObjectsV2 gives them. Both methods throw `StoreError`. */
export interface ObjectStore {
  list(request: ListRequest): Promise<ListPage>;
  get(key: string): Promise<GetResult>;
}

/** The store could not be asked, or did not answer. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  /**
   * @param message one sentence without a full stop
   * @param detail what the store said, for whoever reports it
   */
  constructor(
    message: string,
    readonly detail: {
      readonly api?: string;
      readonly code?: string;
      readonly permission?: string;
      /** Who was refused, and by which kind of policy. */
      readonly caller?: string;
      readonly deniedBy?: string;
      readonly explicitDeny?: true;
      readonly region?: string;
      readonly requestId?: string;
      readonly accountId?: string;
    } = {},
  ) {
    super(message);
  }
}
