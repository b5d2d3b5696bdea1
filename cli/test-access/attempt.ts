/** Single calls, and what AWS's answer to them means: done, refused, or neither. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { errorCode } from '../../checks/observe/live/aws-error';
import { toBucket } from '../../checks/observe/live/bucket-region';
import type { Clients } from '../../checks/observe/live/clients';
import { redacted } from '../../checks/observe/redacted';

/** What came of a call. `refused` is AWS's 403 for want of permission and nothing else: an outage refuses nobody. */
export type Attempt<T = undefined> =
  | { readonly result: 'done'; readonly value: T }
  | { readonly result: 'refused'; readonly code: string }
  | {
      readonly result: 'failed';
      readonly code: string;
      readonly message: string;
      /** AWS gave no answer, or an error of its own: it may have been done all the same. */
      readonly mayBeDone: boolean;
    };

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const REFUSED = /^(AccessDenied|AccessDeniedException)$/;

/** Makes a call. Never throws for what AWS says. */
export async function attempt<A, T>(call: () => Promise<A>, value: (answer: A) => T): Promise<Attempt<T>> {
  try {
    return { result: 'done', value: value(await call()) };
  } catch (error) {
    const code = errorCode(error);
    if (REFUSED.test(code)) return { result: 'refused', code };
    const text = error instanceof Error ? error.message : String(error);
    const { httpStatusCode: status = 0 } =
      (error as { $metadata?: { httpStatusCode?: number } })?.$metadata ?? {};
    const message = redacted(text.replaceAll(/\s+/g, ' ').slice(0, 300));
    return { result: 'failed', code, message, mayBeDone: status < 300 || status >= 500 };
  }
}

export interface AssumeInput {
  readonly roleArn: string;
  readonly externalId?: string | undefined;
}

export function assume(
  sts: STSClient,
  { roleArn, externalId }: AssumeInput,
): Promise<Attempt<RoleCredentials>> {
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: 'altr-export-test-access',
    DurationSeconds: 900,
    ExternalId: externalId,
  });
  return attempt(
    () => sts.send(command),
    ({ Credentials }) => ({
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    }),
  );
}

/** Where a probe is, and who reaches for it. The region may be wrong: the bucket is asked in its own. */
export interface Place {
  readonly clients: Clients;
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
}

/** An object, a version of it, or a delete marker. */
export interface Written {
  /** The bucket's own region. */
  readonly region: string;
  /** Missing if the bucket never kept versions. */
  readonly version: string | undefined;
}

const BODY = 'Written by altr-export test-access to see whether ALTR could write here. It may be deleted.\n';

export function put({ bucket: Bucket, key: Key, ...at }: Place): Promise<Attempt<Written>> {
  const command = new PutObjectCommand({ Bucket, Key, Body: BODY, ContentType: 'text/plain' });
  return attempt(
    () =>
      toBucket(at, at.region, async (s3, region) => {
        const { VersionId: version } = await s3.send(command);
        return { region, version };
      }),
    (written) => written,
  );
}

export function get({ bucket: Bucket, key: Key, ...at }: Place): Promise<Attempt> {
  return attempt(
    () => toBucket(at, at.region, (s3) => s3.send(new GetObjectCommand({ Bucket, Key }))),
    ({ Body }) => {
      // The body is not read, so that its socket is free again.
      (Body as { destroy?: () => void } | undefined)?.destroy?.();
      return undefined;
    },
  );
}

/** Lists what other tests of access may have left, and no log. */
export function list({ bucket: Bucket, key, ...at }: Place): Promise<Attempt> {
  const command = new ListObjectsV2Command({ Bucket, Prefix: key.split('/')[0] ?? key, MaxKeys: 1 });
  return attempt(
    () => toBucket(at, at.region, (s3) => s3.send(command)),
    () => undefined,
  );
}

/**
 * Deletes a version if one is named. Without one a bucket with versions keeps the object under a delete marker
 * (Amazon S3 User Guide, "Working with delete markers").
 * @returns the marker that this left; `undefined` if it left none
 */
export function remove(
  { bucket: Bucket, key: Key, ...at }: Place,
  version?: string,
): Promise<Attempt<Written | undefined>> {
  const command = new DeleteObjectCommand({ Bucket, Key, VersionId: version });
  return attempt(
    () =>
      toBucket(at, at.region, async (s3, region) => {
        const { DeleteMarker, VersionId } = await s3.send(command);
        return version === undefined && DeleteMarker && VersionId
          ? { region, version: VersionId }
          : undefined;
      }),
    (marker) => marker,
  );
}
