/** Plans of real Terraform that would take logs, their key or their protection away, and plans that would not. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { observePlan } from '../../checks/observe/terraform';
import { planKeepsLogs } from '../../checks/rules/plan-keeps-logs';
import { judge } from '../../checks/verdict/judge';
import type { ExportInput } from '../../config/schema';
import { contractFor } from '../../contract/contract';
import { TERRAFORM_MODULE } from '../../modules/terraform-files';
import { synthesise } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { terraform, terraformCliConfig } from './support/terraform';

const ALTR = '098765432109';
const EXPORT = {
  name: 'kept',
  altrAccountId: ALTR,
  clientId: 'client-1',
  bucket: 'kept-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataKept',
} as const;

const PROVIDER = `
provider "aws" {
  region            = "us-east-1"
  s3_use_path_style = true
}
`;
const BUCKET = `
resource "aws_s3_bucket" "logs" {
  bucket = "kept-logs"
}
`;
const BLOCK = `
resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = "kept-logs"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
  depends_on              = [aws_s3_bucket.logs]
}
`;
const POLICY = `
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*",
    Resource = "\${aws_s3_bucket.logs.arn}/*", Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}
`;
const KEY = `
resource "aws_kms_key" "logs" {}
resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.logs.arn
    }
  }
}
`;
const WRITER = `
resource "aws_iam_role" "altr" {
  name               = "${EXPORT.roleName}"
  assume_role_policy = ${JSON.stringify(JSON.stringify(contractFor(EXPORT).trust))}
}
resource "aws_iam_role_policy" "altr" {
  role = aws_iam_role.altr.name
  name = "put"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:PutObject",
    Resource = "\${aws_s3_bucket.logs.arn}/*" }] })
}
`;
const OTHERS = `
resource "aws_s3_bucket" "other" {
  bucket = "other-logs"
}
resource "aws_kms_key" "other" {}
`;
const ALL = [PROVIDER, BUCKET, BLOCK, POLICY, KEY, WRITER, OTHERS].join('');
const without = (...parts: string[]) => parts.reduce((text, part) => text.replace(part, ''), ALL);
const removed = (...addresses: string[]) =>
  addresses
    .map((from) => `removed {\n  from = ${from}\n  lifecycle {\n    destroy = false\n  }\n}\n`)
    .join('');

const MODULE = (bucket: string) => `${PROVIDER}
module "altr" {
  source          = ${JSON.stringify(TERRAFORM_MODULE)}
  altr_account_id = "${ALTR}"
  client_id       = "client-1"
  bucket          = "${bucket}"
  role_name       = "ALTRPublishSIEMDataModule"
  encryption_type = "kms"
}
`;

jest.setTimeout(600_000);

describeOnRealParts('plans that would take logs away', ['emulator', 'terraform'], () => {
  const root = mkdtempSync(join(tmpdir(), 'altr-keep-'));
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;

  /** What the rule says of a plan: nothing if it passes. */
  const losses = async (
    cwd: string,
    target: typeof EXPORT & Pick<ExportInput, 'encryption'>,
    ...args: string[]
  ) => {
    await terraform(['plan', '-input=false', '-no-color', '-out=next.plan', ...args], { cwd, env });
    const { stdout } = await terraform(['show', '-json', 'next.plan'], { cwd, env });
    const observation = observePlan(stdout, 'the plan', [target]);
    const [report] = judge(observation, {
      contracts: [contractFor(target)],
      declaredRoles: [target],
      rules: [planKeepsLogs],
    });
    return (report?.findings ?? []).flatMap(({ status, message }) =>
      status === 'pass'
        ? []
        : [`${status}: ${message.replace(/(key\/)[-0-9a-f]+/, '$1…').replace(/\)[.,]? .*$|\)\.$/, ')')}`],
    );
  };
  const inFolder = async (name: string, main: string, isApplied = false) => {
    const cwd = join(root, name);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, 'main.tf'), main);
    await terraform(['init', '-input=false', '-no-color'], { cwd, env });
    if (isApplied) await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], { cwd, env });
    return cwd;
  };

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
  });
  afterAll(async () => {
    await emulator?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const ENCRYPTION = 'aws_s3_bucket_server_side_encryption_configuration';
  const key = 'KMS key arn:aws:kms:us-east-1:123456789012:key/…';

  describe('of a configuration of one’s own', () => {
    beforeAll(() => inFolder('own', ALL, true));

    test.each<[what: string, main: string, lost: string[], args?: string[]]>([
      ['nothing changes', ALL, []],
      [
        'tags and a lifecycle',
        `${ALL.replace('bucket = "kept-logs"\n}', 'bucket = "kept-logs"\n  tags = { a = "b" }\n}')}
resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    id     = "all"
    status = "Enabled"
    filter {}
    expiration { days = 700 }
  }
}`,
        [],
      ],
      ['another bucket and another key go', without(OTHERS), []],
      [
        'the bucket is renamed',
        ALL.replaceAll('kept-logs', 'new-logs'),
        ['fail: The plan replaces the bucket kept-logs (aws_s3_bucket.logs)'],
      ],
      [
        'the bucket is renamed at another address',
        ALL.replaceAll('kept-logs', 'new-logs')
          .replaceAll('aws_s3_bucket.logs', 'aws_s3_bucket.new')
          .replace('"aws_s3_bucket" "logs"', '"aws_s3_bucket" "new"'),
        ['fail: The plan destroys the bucket kept-logs (aws_s3_bucket.logs)'],
      ],
      [
        'the public access block goes',
        without(BLOCK),
        [
          'fail: The plan destroys the public access block of the bucket kept-logs (aws_s3_bucket_public_access_block.logs)',
        ],
      ],
      [
        'the policy goes',
        without(POLICY),
        ['fail: The plan destroys the policy of the bucket kept-logs (aws_s3_bucket_policy.logs)'],
      ],
      [
        'both are forgotten',
        without(BLOCK, POLICY) +
          removed('aws_s3_bucket_public_access_block.logs', 'aws_s3_bucket_policy.logs'),
        [],
      ],
      ['the key goes', without(KEY), [`fail: The plan destroys the ${key} (aws_kms_key.logs)`]],
      [
        'another key takes over',
        ALL.replace('"aws_kms_key" "logs"', '"aws_kms_key" "new"').replace(
          'aws_kms_key.logs.arn',
          'aws_kms_key.new.arn',
        ),
        [`fail: The plan destroys the ${key} (aws_kms_key.logs)`],
      ],
      [
        'another key takes over, and the former is forgotten',
        `${ALL.replace('"aws_kms_key" "logs"', '"aws_kms_key" "new"').replace('aws_kms_key.logs.arn', 'aws_kms_key.new.arn')}${removed('aws_kms_key.logs')}`,
        // The new key's ARN is known after apply.
        [`unknown: It can’t be decided: the plan switches the bucket from the ${key} (${ENCRYPTION}.logs)`],
      ],
      [
        'the block has another address',
        ALL.replace(
          '"aws_s3_bucket_public_access_block" "logs"',
          '"aws_s3_bucket_public_access_block" "new"',
        ),
        [
          'fail: The plan destroys the public access block of the bucket kept-logs (aws_s3_bucket_public_access_block.logs)',
        ],
      ],
      [
        'the same, told by a moved block',
        `${ALL.replace('"aws_s3_bucket_public_access_block" "logs"', '"aws_s3_bucket_public_access_block" "new"')}
moved {
  from = aws_s3_bucket_public_access_block.logs
  to   = aws_s3_bucket_public_access_block.new
}`,
        [],
      ],
      [
        'all is destroyed',
        ALL,
        [
          'fail: The plan destroys the bucket kept-logs (aws_s3_bucket.logs)',
          `fail: The plan destroys the ${key} (aws_kms_key.logs)`,
        ],
        ['-destroy'],
      ],
    ])('%s', async (...[, main, lost, args = []]) => {
      const bucket = main.includes('new-logs') ? 'new-logs' : 'kept-logs';
      const cwd = await inFolder('own', main);
      expect(await losses(cwd, { ...EXPORT, bucket } as never, ...args)).toEqual(lost);
    });
  });

  test('of the Terraform module', async () => {
    const target = { ...EXPORT, roleName: 'ALTRPublishSIEMDataModule' } as never as typeof EXPORT;
    const cwd = await inFolder('module', MODULE('module-logs'), true);
    expect(await losses(cwd, { ...target, bucket: 'module-logs' as never })).toEqual([]);
    writeFileSync(join(cwd, 'main.tf'), MODULE('renamed-logs'));
    expect(await losses(cwd, { ...target, bucket: 'renamed-logs' as never })).toEqual([
      'fail: The plan replaces the bucket module-logs (module.altr.aws_s3_bucket.this[0])',
    ]);
    writeFileSync(join(cwd, 'main.tf'), MODULE('module-logs').replace('"kms"', '"s3"'));
    expect(await losses(cwd, { ...target, bucket: 'module-logs' as never })).toEqual([
      `fail: The plan destroys the ${key} (module.altr.aws_kms_key.this[0])`,
    ]);
  });

  test('of the construct', async () => {
    const cwd = join(root, 'construct', 'cdktf.out', 'stacks', 'kept');
    const config = join(root, 'altr-exports.json');
    const given = { ...EXPORT, bucket: 'construct-logs', roleName: 'ALTRPublishSIEMDataConstruct' };
    const planned = async (options: Partial<ExportInput>) => {
      const { altrAccountId, ...rest } = given;
      const entry = { ...rest, accountId: '123456789012', ...options };
      writeFileSync(config, JSON.stringify({ altr: { awsAccountId: altrAccountId }, exports: [entry] }));
      await synthesise(config, join(root, 'construct', 'cdktf.out'), env);
      await terraform(['init', '-input=false', '-no-color'], { cwd, env });
      return losses(cwd, { ...given, ...options } as never);
    };
    const kms: ExportInput['encryption'] = { type: 'kms' };
    const policy: ExportInput['bucketPolicy'] = { requireTls: true };
    expect(await planned({ encryption: kms, bucketPolicy: policy })).toEqual([]);
    await terraform(['apply', '-input=false', '-no-color', 'next.plan'], { cwd, env });
    expect(await planned({ encryption: kms, bucketPolicy: policy, tags: { a: 'b' } })).toEqual([]);
    expect(
      await planned({ encryption: kms, bucketPolicy: policy, bucket: 'renamed-construct-logs' }),
    ).toEqual(['fail: The plan replaces the bucket construct-logs (aws_s3_bucket.export_bucket)']);
    expect(await planned({ encryption: kms })).toEqual([
      'fail: The plan destroys the policy of the bucket construct-logs (aws_s3_bucket_policy.export_bucket_policy)',
    ]);
    const { stdout } = await terraform(['state', 'show', '-no-color', 'aws_kms_key.export_key'], {
      cwd,
      env,
    });
    const madeKey = /\barn\s+= "([^"]+)"/.exec(stdout)?.[1] ?? '';
    const kmsKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555';
    // The construct forgets a key that it no longer makes, and readers lose it unless it is named.
    expect(await planned({ bucketPolicy: policy, encryption: { ...kms, kmsKeyArn } })).toEqual([
      `fail: The plan switches the bucket from the ${key} (${ENCRYPTION}.export_bucket_encryption)`,
    ]);
    expect(
      await planned({ bucketPolicy: policy, encryption: { ...kms, kmsKeyArn, formerKeys: [madeKey] } }),
    ).toEqual([]);
    expect(await planned({ existingBucket: true })).toEqual([]);
  });
});
