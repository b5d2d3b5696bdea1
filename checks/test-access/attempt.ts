/** Single calls, and what AWS's answer to them means: done, refused, or neither. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { errorCode } from '../observe/live/failure';
import { redacted } from '../observe/redacted';

/** What came of a call. `refused` is AWS's 403 for want of permission and nothing else: an outage refuses nobody. */
export type Attempt<T = undefined> =
  | { readonly result: 'done'; readonly value: T }
  | { readonly result: 'refused'; readonly code: string }
  | { readonly result: 'failed'; readonly code: string; readonly message: string };

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const REFUSED = /^(AccessDenied|AccessDeniedException|AllAccessDisabled)$/;

/** Makes a call. Never throws for what AWS says. */
export async function attempt<A, T>(call: () => Promise<A>, value: (answer: A) => T): Promise<Attempt<T>> {
  try {
    return { result: 'done', value: value(await call()) };
  } catch (error) {
    const code = errorCode(error);
    if (REFUSED.test(code)) return { result: 'refused', code };
    const text = error instanceof Error ? error.message : String(error);
    return { result: 'failed', code, message: redacted(text.replaceAll(/\s+/g, ' ').slice(0, 300)) };
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
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
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

/** Where a probe lies. */
export interface Place {
  readonly bucket: string;
  readonly key: string;
}

const BODY = 'Written by altr-export test-access to see whether ALTR could write here. It may be deleted.\n';

/** @returns the version that was written, where the bucket keeps versions */
export function put(s3: S3Client, { bucket: Bucket, key: Key }: Place): Promise<Attempt<string | undefined>> {
  const command = new PutObjectCommand({ Bucket, Key, Body: BODY, ContentType: 'text/plain' });
  return attempt(
    () => s3.send(command),
    ({ VersionId }) => (VersionId === 'null' ? undefined : VersionId),
  );
}

export function get(s3: S3Client, { bucket: Bucket, key: Key }: Place): Promise<Attempt> {
  return attempt(
    () => s3.send(new GetObjectCommand({ Bucket, Key })),
    ({ Body }) => {
      // The body is not read, so that its socket is free again.
      (Body as { destroy?: () => void } | undefined)?.destroy?.();
      return undefined;
    },
  );
}

/** Lists what other tests of access may have left, and no log. */
export function list(s3: S3Client, { bucket: Bucket, key }: Place): Promise<Attempt> {
  return attempt(
    () => s3.send(new ListObjectsV2Command({ Bucket, Prefix: key.split('/')[0] ?? key, MaxKeys: 1 })),
    () => undefined,
  );
}

/** Deletes a version where one is named: without it a bucket with versions keeps the object under a marker. */
export function remove(
  s3: S3Client,
  { bucket: Bucket, key: Key }: Place,
  versionId?: string,
): Promise<Attempt> {
  const command = new DeleteObjectCommand({ Bucket, Key, ...(versionId ? { VersionId: versionId } : {}) });
  return attempt(
    () => s3.send(command),
    () => undefined,
  );
}
