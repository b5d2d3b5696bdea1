/** What the rule says of each loss, and how it says to keep what would be lost. */
import { parse } from 'yaml';
import type { PlanLoss } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import { EXAMPLE, findingsOf, verdicts } from './support';

const LOSS: PlanLoss = { address: 'aws_s3_bucket.logs', kind: 'bucket', name: 'old', isReplaced: true };
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/k';

function finding(loss: Partial<PlanLoss>) {
  const [only, ...more] = findingsOf({ planLosses: [{ ...LOSS, ...loss }] }).filter(
    ({ rule }) => rule === 'plan-keeps-logs',
  );
  if (!only || more.length > 0) throw new Error(`${more.length + 1} findings`);
  return only;
}

test('it is silent where no plan is judged', () => {
  expect(findingsOf({}).filter(({ rule }) => rule === 'plan-keeps-logs')).toEqual([]);
});

test('each loss is a violation, or unknown if it may be another’s', () => {
  expect(verdicts({ planLosses: [LOSS] })).toEqual({ fail: ['plan-keeps-logs'] });
  expect(verdicts({ planLosses: [{ ...LOSS, doubt: 'nobody knows' }] })).toEqual({
    unknown: ['plan-keeps-logs'],
  });
  expect(verdicts({ planLosses: [] })).toEqual({});
});

test.each<
  [what: string, Partial<PlanLoss>, message: string, terraform: string | undefined, cdktf: string | undefined]
>([
  [
    'a renamed bucket',
    {},
    'The plan replaces the bucket old (aws_s3_bucket.logs) with acme-altr-audit-logs. If logs are in it, S3 refuses to delete it, and by then it has lost its policy, encryption and public access block.',
    'resource "aws_s3_bucket" "logs" {\n  bucket = "old"\n\n  lifecycle {\n    prevent_destroy = true\n  }\n}',
    'bucket: old\npreventDestroy: true',
  ],
  [
    'a destroyed bucket with a key in its address',
    {
      address: 'module.a["x.y"].aws_s3_bucket.this[0]',
      name: EXAMPLE.bucket,
      isReplaced: false,
      withLogs: true,
    },
    'The plan destroys the bucket acme-altr-audit-logs (module.a["x.y"].aws_s3_bucket.this[0]), and deletes all logs in it (force_destroy).',
    `# By a command, since a removed block would name every instance; terraform state list shows them:\n# terraform state rm 'module.a["x.y"].aws_s3_bucket.this[0]'`,
    'existingBucket: true # the bucket is forgotten, not destroyed',
  ],
  [
    'a bucket at another address',
    { name: EXAMPLE.bucket, isReplaced: false, madeAgainAt: 'aws_s3_bucket.new' },
    'The plan destroys the bucket acme-altr-audit-logs (aws_s3_bucket.logs) and makes it again at aws_s3_bucket.new. If logs are in it, S3 refuses to delete it, and by then it has lost its policy, encryption and public access block.',
    'moved {\n  from = aws_s3_bucket.logs\n  to   = aws_s3_bucket.new\n}',
    undefined,
  ],
  [
    'a key that the bucket stops using',
    { address: 'aws_s3_bucket_server_side_encryption_configuration.logs', kind: 'former-key', name: KEY },
    `The plan switches the bucket from the KMS key ${KEY} (aws_s3_bucket_server_side_encryption_configuration.logs), and encryption.formerKeys does not name it: readers can no longer decrypt the logs under it.`,
    `former_key_arns = ["${KEY}"]`,
    `encryption:\n  formerKeys:\n    - ${KEY}`,
  ],
  [
    'a key',
    { address: 'aws_kms_key.logs', kind: 'key', name: KEY, isReplaced: false },
    `The plan destroys the KMS key ${KEY} (aws_kms_key.logs). Once its deletion window ends, nobody can read the logs that it encrypts.`,
    'removed {\n  from = aws_kms_key.logs # delete its block\n  lifecycle {\n    destroy = false\n  }\n}',
    `encryption:\n  formerKeys:\n    - ${KEY}`,
  ],
  [
    'a public access block',
    { address: 'aws_s3_bucket_public_access_block.a', kind: 'public-access-block', isReplaced: false },
    'The plan destroys the public access block of the bucket old (aws_s3_bucket_public_access_block.a).',
    'removed {\n  from = aws_s3_bucket_public_access_block.a # delete its block\n  lifecycle {\n    destroy = false\n  }\n}',
    undefined,
  ],
  [
    'a bucket of copies, whose name is not for the config’s bucket',
    { name: 'copies', ofCopies: true },
    'The plan replaces the bucket copies, for copies of the logs (aws_s3_bucket.logs). If logs are in it, S3 refuses to delete it, and by then it has lost its policy, encryption and public access block.',
    'resource "aws_s3_bucket" "logs" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}',
    undefined,
  ],
  [
    'a stack',
    {
      address: 'aws_cloudformation_stack.a',
      kind: 'stack',
      name: 's',
      isReplaced: false,
      doubt: 'nobody knows',
    },
    'It can’t be decided: the plan destroys the CloudFormation stack s (aws_cloudformation_stack.a), and nobody knows.',
    undefined,
    undefined,
  ],
])('%s', (_what, loss, message, terraform, cdktf) => {
  const { message: said, remediation, severity } = finding(loss);
  expect(said).toBe(message);
  expect(severity).toBe('critical');
  expect(remediation?.terraform).toBe(terraform);
  expect(remediation?.cdktf?.split('\n').slice(1).join('\n')).toBe(cdktf);
  expect(remediation?.commands).toBeUndefined();
});

const BLOCK = 'lifecycle {\n    prevent_destroy = true\n  }\n}';
const FORGET =
  '# By a command, since a removed block would name every instance; terraform state list shows them:\n';
const IN_MODULE = (call: string) =>
  `# in guard_override.tf, in the folder of ${call}: Terraform merges it into the resource, for every call of the module\n`;

describe('where there are several of it', () => {
  test.each<[what: string, Partial<PlanLoss>, terraform: string | undefined]>([
    [
      'one instance is forgotten by its address, and the others are not',
      { address: 'aws_s3_bucket.logs["a"]', isReplaced: false },
      `${FORGET}# terraform state rm 'aws_s3_bucket.logs["a"]'`,
    ],
    [
      'one of a module',
      { address: 'module.altr_export.aws_kms_key.this[0]', kind: 'key', name: KEY, isReplaced: false },
      `${FORGET}# terraform state rm 'module.altr_export.aws_kms_key.this[0]'`,
    ],
    [
      'the only one of a module goes with its block or with the call',
      { address: 'module.a.module.b.aws_s3_bucket.logs', isReplaced: false },
      'removed {\n  from = module.a.module.b.aws_s3_bucket.logs # delete its block, or the call of its module\n  lifecycle {\n    destroy = false\n  }\n}',
    ],
    [
      'the guard of a bucket in a module is a file in the module’s folder, and names no bucket',
      { address: 'module.export["acme"].aws_s3_bucket.logs[0]' },
      `${IN_MODULE('module.export["acme"]')}resource "aws_s3_bucket" "logs" {\n  ${BLOCK}`,
    ],
    [
      'the guard of one instance names no bucket, either',
      { address: 'aws_s3_bucket.logs["a.b[0]"]' },
      `resource "aws_s3_bucket" "logs" {\n  ${BLOCK}`,
    ],
    [
      'what a replacement left behind can’t be forgotten alone',
      { address: 'aws_s3_bucket.logs (deposed 1a2b)', isReplaced: false },
      undefined,
    ],
  ])('%s', (_what, loss, terraform) => {
    expect(finding(loss).remediation?.terraform).toBe(terraform);
  });

  test('the name is given back where the module is called', () => {
    const { remediation } = finding({ address: 'module.export["acme"].aws_s3_bucket.logs[0]' });
    expect(remediation?.summary).toContain('its name old back where module.export["acme"] is called;');
  });
});

describe('what the config declares already stays in it', () => {
  const remedyOf = (declares: SetUp['declares'], loss: Partial<PlanLoss>) =>
    findingsOf({ declares, planLosses: [{ ...LOSS, ...loss }] }).find(
      ({ rule }) => rule === 'plan-keeps-logs',
    )?.remediation;
  const policyLoss = { address: 'aws_s3_bucket_policy.a', kind: 'bucket-policy', isReplaced: false } as const;

  test('the declared bucket policy is printed, all of it', () => {
    const onlyReaders = ['arn:aws:iam::123456789012:role/siem'];
    const cdktf = remedyOf({ bucketPolicy: { requireTls: true, onlyReaders } }, policyLoss)?.cdktf ?? '';
    expect(parse(cdktf)).toEqual({ bucketPolicy: { requireTls: true, onlyReaders } });
  });

  test('one that nobody declares is not made up', () => {
    const remedy = remedyOf({}, policyLoss);
    expect(remedy?.cdktf).toBeUndefined();
    expect(remedy?.summary).toContain('declare bucketPolicy again as it was');
  });

  test.each(['key', 'former-key'] as const)('former keys, beside a %s', (kind) => {
    const formerKeys = [KEY.replace(/k$/, 'older')];
    const remedy = remedyOf(
      { encryption: { type: 's3', formerKeys } },
      { kind, name: KEY, isReplaced: false },
    );
    expect(parse(remedy?.cdktf ?? '')).toEqual({ encryption: { formerKeys: [...formerKeys, KEY] } });
    if (kind === 'former-key') expect(remedy?.terraform).toContain(`"${formerKeys[0]}",\n`);
  });
});
