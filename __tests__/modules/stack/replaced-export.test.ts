/** Of two exports that share a bucket, one makes bucket and key, and its key lets both roles write. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, type ExportInput } from '../../../config/schema';
import { synthesise } from '../../../modules/stack/synthesise';
import { GIVEN_KEY, MATRIX_ACCOUNT } from '../option-matrix';

const EXPORT: ExportInput = {
  name: 'former',
  accountId: MATRIX_ACCOUNT,
  clientId: 'client-1',
  bucket: 'acme-logs',
  region: 'us-east-1',
};
const OWNS: Partial<ExportInput> = { encryption: { type: 'kms' }, retention: { versioning: true } };
const LEAVES: Partial<ExportInput> = {
  existingBucket: true,
  encryption: { type: 'kms', kmsKeyArn: GIVEN_KEY },
};
const ROLES = {
  former: `arn:aws:iam::${MATRIX_ACCOUNT}:role/ALTRPublishSIEMDataFormer`,
  next: `arn:aws:iam::${MATRIX_ACCOUNT}:role/altr/ALTRPublishSIEMDataNext`,
};

interface Stack {
  readonly resource: Readonly<Record<string, object>>;
  readonly data: {
    readonly aws_iam_policy_document: Readonly<
      Record<
        string,
        {
          readonly statement: readonly {
            readonly sid?: string;
            readonly condition?: readonly { readonly variable: string; readonly values: string[] }[];
          }[];
        }
      >
    >;
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'altr-replaced-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function stacks(former: Partial<ExportInput>, next: Partial<ExportInput>): Record<'former' | 'next', Stack> {
  const exports = [
    { ...EXPORT, ...former },
    { ...EXPORT, name: 'next', replaces: 'former', role: { path: '/altr/' }, ...next },
  ];
  synthesise(configSchema.parse({ altr: { awsAccountId: '000011112222' }, exports }), folder);
  const read = (name: string): Stack =>
    JSON.parse(readFileSync(join(folder, 'stacks', name, 'cdk.tf.json'), 'utf8'));
  return { former: read('former'), next: read('next') };
}

function writersOf({ data }: Stack): string[] | undefined {
  const statements = data.aws_iam_policy_document.export_key_policy?.statement ?? [];
  return statements
    .find(({ sid }) => sid === 'ALTRWritesThroughS3')
    ?.condition?.find(({ variable }) => variable === 'aws:PrincipalArn')?.values;
}

const bucketsOf = ({ resource }: Stack) => Object.keys(resource).filter((type) => /^aws_(s3|kms)/.test(type));

test.each([
  ['former', 'next', OWNS, LEAVES],
  ['next', 'former', LEAVES, OWNS],
] as const)('%s makes bucket and key, and %s nothing of them', (owner, other, former, next) => {
  const made = stacks(former, next);
  expect(writersOf(made[owner])).toEqual([ROLES[owner], ROLES[other]]);
  expect(bucketsOf(made[owner])).toEqual(expect.arrayContaining(['aws_s3_bucket', 'aws_kms_key']));
  expect(bucketsOf(made[other])).toEqual([]);
});

test('a key lets no role write that replaces another export', () => {
  const made = stacks(OWNS, { ...OWNS, bucket: 'acme-logs-2', replaces: undefined });
  expect(writersOf(made.former)).toEqual([ROLES.former]);
});
