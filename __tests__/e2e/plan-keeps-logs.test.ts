/**
 * Plans of real Terraform that would take logs, their key or their protection away, and plans that would not. All cases are in
 * one stack, which is applied once and planned once: Terraform takes seconds for each command, whatever it plans. A case is
 * judged by its own part of that plan, since the rule looks at all that a plan changes.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, LocalBackend, type TerraformElement, TerraformStack } from 'cdktf';
import type { Node } from 'constructs';
import { observePlan } from '../../checks/observe/terraform';
import { planKeepsLogs } from '../../checks/rules/plan-keeps-logs';
import { judge } from '../../checks/verdict/judge';
import type { ExportInput } from '../../config/schema';
import { contractFor } from '../../contract/contract';
import { AltrAuditLogExport } from '../../modules/altr-audit-log-export';
import { ExportStack, PROVIDER_VERSIONS } from '../../modules/stack/export-stack';
import { TERRAFORM_MODULE } from '../../modules/terraform-files';
import { type Emulator, startEmulator } from './support/emulator';
import { planJson } from './support/planned';
import { describeOnRealParts } from './support/real-parts';
import { arnIn } from './support/state';
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
const ALL = [BUCKET, BLOCK, POLICY, KEY, WRITER, OTHERS].join('');
const without = (...parts: string[]) => parts.reduce((text, part) => text.replace(part, ''), ALL);
const removed = (...addresses: string[]) =>
  addresses
    .map((from) => `removed {\n  from = ${from}\n  lifecycle {\n    destroy = false\n  }\n}\n`)
    .join('');

const MODULE = (bucket: string, encryption = 'kms') => `
module "altr" {
  source          = ${JSON.stringify(TERRAFORM_MODULE)}
  altr_account_id = "${ALTR}"
  client_id       = "client-1"
  bucket          = "${bucket}"
  role_name       = "${EXPORT.roleName}"
  encryption_type = "${encryption}"
}
`;

const ENCRYPTION = 'aws_s3_bucket_server_side_encryption_configuration';
const key = 'KMS key arn:aws:kms:us-east-1:123456789012:key/…';

const OWN: readonly [what: string, main: string, lost: readonly string[], args?: readonly ['-destroy']][] = [
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
    without(BLOCK, POLICY) + removed('aws_s3_bucket_public_access_block.logs', 'aws_s3_bucket_policy.logs'),
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
    ALL.replace('"aws_s3_bucket_public_access_block" "logs"', '"aws_s3_bucket_public_access_block" "new"'),
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
];

const OF_THE_MODULE: typeof OWN = [
  ['nothing changes', MODULE('kept-logs'), []],
  [
    'the bucket is renamed',
    MODULE('new-logs'),
    ['fail: The plan replaces the bucket kept-logs (module.altr.aws_s3_bucket.this[0])'],
  ],
  [
    'the key goes',
    MODULE('kept-logs', 's3'),
    [`fail: The plan destroys the ${key} (module.altr.aws_kms_key.this[0])`],
  ],
];

type Options = Pick<ExportInput, 'encryption' | 'bucketPolicy' | 'tags' | 'existingBucket'> & {
  readonly bucket?: string;
};
const ANOTHER_KEY = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555';
const kms = { type: 'kms' } as const;
const DECLARED: Options = { encryption: kms, bucketPolicy: { requireTls: true } };

const OF_THE_CONSTRUCT: readonly [
  what: string,
  options: (madeKey: string) => Options,
  lost: readonly string[],
][] = [
  ['nothing changes', () => DECLARED, []],
  ['tags', () => ({ ...DECLARED, tags: { a: 'b' } }), []],
  [
    'the bucket is renamed',
    () => ({ ...DECLARED, bucket: 'new-logs' }),
    ['fail: The plan replaces the bucket kept-logs (aws_s3_bucket.export_bucket)'],
  ],
  [
    'the policy goes',
    () => ({ encryption: kms }),
    [
      'fail: The plan destroys the policy of the bucket kept-logs (aws_s3_bucket_policy.export_bucket_policy)',
    ],
  ],
  [
    // The construct forgets a key that it no longer makes, and readers lose it unless it is named.
    'another key takes over',
    () => ({ ...DECLARED, encryption: { ...kms, kmsKeyArn: ANOTHER_KEY } }),
    [`fail: The plan switches the bucket from the ${key} (${ENCRYPTION}.export_bucket_encryption)`],
  ],
  [
    'another key takes over, and the former is named',
    (madeKey) => ({ ...DECLARED, encryption: { ...kms, kmsKeyArn: ANOTHER_KEY, formerKeys: [madeKey] } }),
    [],
  ],
  ['the bucket gets another owner', () => ({ existingBucket: true }), []],
];

/** Names that set a case apart from the others in the one stack. */
const idOf = (kind: string, index: number) => `${kind}${String(index).padStart(2, '0')}x`;
const named = (text: string, id: string) =>
  text.replaceAll(/\b(logs|new|other|altr)\b/g, `$1-${id}`).replaceAll(EXPORT.roleName, EXPORT.roleName + id);
const HCL = [
  ...OWN.map(([what, main, lost, args], index) => ({
    what: `of a configuration of one’s own: ${what}`,
    id: idOf('own', index),
    before: ALL,
    main,
    lost,
    isDestroy: args !== undefined,
  })),
  ...OF_THE_MODULE.map(([what, main, lost], index) => ({
    what: `of the Terraform module: ${what}`,
    id: idOf('module', index),
    before: MODULE('kept-logs'),
    main,
    lost,
    isDestroy: false,
  })),
];
const CONSTRUCTS = OF_THE_CONSTRUCT.map(([what, options, lost], index) => ({
  what: `of the construct: ${what}`,
  id: idOf('construct', index),
  options,
  lost,
}));

/** A stack with several exports, whose addresses are those that they have in stacks of their own. */
class Several extends TerraformStack {
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    // biome-ignore lint/complexity/useLiteralKeys: it is protected.
    return ExportStack.prototype['allocateLogicalId'].call(this, element);
  }
}

jest.setTimeout(600_000);

describeOnRealParts('plans that would take logs away', ['emulator', 'terraform'], () => {
  const root = mkdtempSync(join(tmpdir(), 'altr-keep-'));
  const cwd = join(root, 'stacks', 'kept');
  const state = join(root, 'kept.tfstate');
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  const planned: { change?: string; destroy?: string } = {};
  /** The options of each case of the construct after the change. */
  const declared = new Map<string, Options>();

  const write = (hcl: string, optionsOf: (id: string, at: number) => Options) => {
    const app = new App({ outdir: root });
    const stack = new Several(app, 'kept');
    new LocalBackend(stack, { path: state });
    new AwsProvider(stack, 'aws', { region: EXPORT.region, s3UsePathStyle: true });
    stack.addOverride('terraform.required_providers.aws.version', PROVIDER_VERSIONS);
    CONSTRUCTS.forEach(({ id }, index) => {
      const { bucket = 'kept-logs', ...options } = optionsOf(id, index);
      new AltrAuditLogExport(stack, id, {
        ...EXPORT,
        accountId: '123456789012',
        bucket: named(bucket, id),
        roleName: named(EXPORT.roleName, id),
        ...options,
      });
    });
    app.synth();
    writeFileSync(join(cwd, 'main.tf'), hcl);
  };

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    write(HCL.map(({ before, id }) => named(before, id)).join('\n'), () => DECLARED);
    await terraform(['init', '-input=false', '-no-color'], { cwd, env });
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], { cwd, env });
    for (const { id, options } of CONSTRUCTS)
      declared.set(id, options(arnIn(state, `aws_kms_key.${id}_key`)));
    write(HCL.map(({ main, id }) => named(main, id)).join('\n'), (id) => declared.get(id) ?? {});
    planned.change = await planJson({ cwd, env });
    planned.destroy = await planJson({ cwd, env }, '-destroy', '-refresh=false');
  });
  afterAll(async () => {
    await emulator?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  /** What the rule says of a case's part of the plan: nothing if it passes. */
  const losses = (
    id: string,
    target: { readonly bucket: string; readonly encryption?: ExportInput['encryption'] },
    plan = planned.change,
  ) => {
    const whole = JSON.parse(plan ?? '') as { resource_changes: { address: string }[] };
    const part = whole.resource_changes.filter(({ address }) => address.includes(id));
    expect(part.length).toBeGreaterThan(4);
    const own = {
      ...EXPORT,
      encryption: target.encryption,
      bucket: named(target.bucket, id),
      roleName: named(EXPORT.roleName, id),
    };
    const text = JSON.stringify({ ...whole, resource_changes: part });
    const [report] = judge(observePlan(text, 'the plan', [own]), {
      contracts: [contractFor(own)],
      declaredRoles: [own],
      rules: [planKeepsLogs],
    });
    const findings = report?.findings ?? [];
    expect(findings).not.toEqual([]);
    return findings.flatMap(({ status, message }) =>
      status === 'pass'
        ? []
        : [
            `${status}: ${message
              .replaceAll(`-${id}`, '')
              .replace(`.${id}_`, '.export_')
              .replace(/(key\/)[-0-9a-f]+/, '$1…')
              .replace(/\)[.,]? .*$|\)\.$/, ')')}`,
          ],
    );
  };

  test.each(HCL.map((each) => [each.what, each] as const))('%s', (_what, { id, main, lost, isDestroy }) => {
    const bucket = main.includes('new-logs') ? 'new-logs' : 'kept-logs';
    expect(losses(id, { bucket }, isDestroy ? planned.destroy : planned.change)).toEqual(lost);
  });

  test.each(CONSTRUCTS.map((each) => [each.what, each] as const))('%s', (_what, { id, lost }) => {
    const { bucket = 'kept-logs', encryption } = declared.get(id) ?? {};
    expect(losses(id, { bucket, encryption })).toEqual(lost);
  });
});
