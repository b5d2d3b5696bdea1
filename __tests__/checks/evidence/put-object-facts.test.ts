/** What the config may declare of ALTR’s PutObject. What holds without it is in request-context.test.ts. */
import { putObjectFacts } from '../../../checks/evidence/put-object-facts';
import type { Fact } from '../../../checks/policy';
import type { Assumptions } from '../../../config/options/assumptions';

const ACL = 's3:x-amz-acl';
const SSE = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';

const NO_SUCH_HEADER = 'ALTR sends no such header, as the config declares';
const AS_DECLARED = 'ALTR’s header, as the config declares it';
const ONLY_ALTR_KNOWS = 'only ALTR knows which headers it sends';
const NONE_BESIDE = 'ALTR sends no such header beside the encryption that the config declares';

test.each<[what: string, declared: Assumptions, key: string, fact: Fact]>([
  [
    'an ACL',
    { aclHeader: 'bucket-owner-full-control' },
    ACL,
    { kind: 'value', value: 'bucket-owner-full-control', why: AS_DECLARED },
  ],
  ['no ACL', { aclHeader: 'none' }, ACL, { kind: 'absent', why: NO_SUCH_HEADER }],
  [
    'SSE-S3',
    { serverSideEncryptionHeader: 'AES256' },
    SSE,
    { kind: 'value', value: 'AES256', why: AS_DECLARED },
  ],
  ['no encryption', { serverSideEncryptionHeader: 'none' }, SSE, { kind: 'absent', why: NO_SUCH_HEADER }],
  [
    'SSE-S3, which has no key of KMS',
    { serverSideEncryptionHeader: 'AES256' },
    KEY_ID,
    { kind: 'absent', why: NONE_BESIDE },
  ],
  [
    'no encryption, and so no key',
    { serverSideEncryptionHeader: 'none' },
    KEY_ID,
    { kind: 'absent', why: NONE_BESIDE },
  ],
  [
    'SSE-KMS, with a key or without',
    { serverSideEncryptionHeader: 'aws:kms' },
    KEY_ID,
    { kind: 'open', why: ONLY_ALTR_KNOWS },
  ],
  [
    'DSSE-KMS, with a key or without',
    { serverSideEncryptionHeader: 'aws:kms:dsse' },
    KEY_ID,
    { kind: 'open', why: ONLY_ALTR_KNOWS },
  ],
  [
    'an ACL, which tells nothing of encryption',
    { aclHeader: 'none' },
    SSE,
    {
      kind: 'open',
      domain: { kind: 'one-of', values: ['AES256', 'aws:kms', 'aws:kms:dsse'] },
      why: ONLY_ALTR_KNOWS,
    },
  ],
  [
    'an ACL, which tells nothing of a key',
    { aclHeader: 'none' },
    KEY_ID,
    { kind: 'open', why: ONLY_ALTR_KNOWS },
  ],
])('the config declares %s', (_what, declared, key, fact) => {
  expect(putObjectFacts(declared)[key]).toStrictEqual(fact);
});
