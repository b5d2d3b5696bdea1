/**
 * What ALTR's PutObject carries about S3. The vendor's page has customers accept every default of bucket creation, so ALTR's
 * PutObject works against a bucket with S3's defaults, by a role that may do nothing but s3:PutObject: it carries nothing that S3
 * refuses there. Keys: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".
 */
import { type Assumptions, SSE_HEADERS } from '../../config/options/assumptions';
import type { Fact } from '../policy';

const never = (why: string): Fact => ({ kind: 'absent', why });
const is = (value: string, why: string): Fact => ({ kind: 'value', value, why });

/** A header that ALTR sends or not, with one of the values that S3 takes. */
const perhaps = (...values: string[]): Fact => ({
  kind: 'open',
  ...(values.length > 0 ? { domain: { kind: 'one-of', values } } : {}),
  why: 'only ALTR knows which headers it sends',
});

const ACLS_OFF =
  'a bucket with S3’s defaults takes no ACL but bucket-owner-full-control, and ALTR writes to such buckets';
const NO_LOCK = 'a bucket with S3’s defaults has no Object Lock and refuses the header';
const NOT_A_COPY = 'ALTR writes logs and copies no object';

/** Amazon S3 API Reference, PutObject, `x-amz-storage-class`, without those of other kinds of buckets. */
const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'GLACIER_IR',
  'DEEP_ARCHIVE',
];

/** Facts by condition key. Keys that PutObject never carries are not named: they are absent anyway. */
export function putObjectFacts({
  serverSideEncryptionHeader,
  aclHeader,
}: Assumptions): Readonly<Record<string, Fact>> {
  const header = (value: string | undefined, possible: readonly string[]): Fact => {
    if (value === undefined) return perhaps(...possible);
    return value === 'none'
      ? never('ALTR sends no such header, as the config declares')
      : is(value, 'ALTR’s header, as the config declares it');
  };
  return {
    's3:x-amz-acl': header(aclHeader, ['bucket-owner-full-control']),
    's3:x-amz-grant-full-control': never(ACLS_OFF),
    's3:x-amz-grant-read': never(ACLS_OFF),
    's3:x-amz-grant-read-acp': never(ACLS_OFF),
    's3:x-amz-grant-write': never(ACLS_OFF),
    's3:x-amz-grant-write-acp': never(ACLS_OFF),
    's3:x-amz-server-side-encryption': header(serverSideEncryptionHeader, SSE_HEADERS),
    // Nobody could read the logs but ALTR.
    's3:x-amz-server-side-encryption-customer-algorithm': never(
      'ALTR has no key of the customer’s to encrypt with',
    ),
    's3:x-amz-server-side-encryption-aws-kms-key-id':
      serverSideEncryptionHeader === undefined || serverSideEncryptionHeader.startsWith('aws:kms')
        ? perhaps()
        : never('ALTR sends no such header beside the encryption that the config declares'),
    's3:object-lock-mode': never(NO_LOCK),
    's3:object-lock-legal-hold': never(NO_LOCK),
    's3:object-lock-retain-until-date': never(NO_LOCK),
    's3:object-lock-remaining-retention-days': never(NO_LOCK),
    's3:object-lock-event-hold': never(NO_LOCK),
    's3:object-lock-event-hold-duration-days': never(NO_LOCK),
    's3:RequestObjectTag/': never('to set tags, ALTR would need s3:PutObjectTagging'),
    's3:RequestObjectTagKeys': never('to set tags, ALTR would need s3:PutObjectTagging'),
    's3:x-amz-copy-source': never(NOT_A_COPY),
    's3:x-amz-metadata-directive': never(NOT_A_COPY),
    's3:x-amz-object-annotation-directive': never(NOT_A_COPY),
    // S3 API Reference, PutObject: If-None-Match "Expects the '*' character".
    's3:if-none-match': perhaps('*'),
    // Amazon S3 User Guide, "How to prevent object overwrites with conditional writes": it needs s3:GetObject as well.
    's3:if-match': never('to overwrite by ETag, ALTR would need s3:GetObject'),
    's3:x-amz-storage-class': perhaps(...STORAGE_CLASSES),
    's3:authType': perhaps('REST-HEADER', 'REST-QUERY-STRING', 'POST'),
    's3:signatureversion': is('AWS4-HMAC-SHA256', 'the only version that S3 takes for new buckets'),
    's3:TlsVersion': {
      kind: 'present',
      domain: { kind: 'at-least', number: 1.2 },
      why: 'S3 refuses older versions of TLS',
    },
    's3:AccessGrantsInstanceArn': never('ALTR uses the role’s credentials, not those of S3 Access Grants'),
  };
}
