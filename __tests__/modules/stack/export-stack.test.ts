import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Testing } from 'cdktf';
import { configSchema } from '../../../config/schema';
import { contractFor } from '../../../contract/contract';
import { AltrAuditLogExport } from '../../../modules/altr-audit-log-export';
import { ExportStack, type ExportStackProps } from '../../../modules/stack/export-stack';
import { synthesise } from '../../../modules/stack/synthesise';

const definition = {
  name: 'acme',
  altrAccountId: '000011112222',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'acme-logs',
  region: 'eu-west-1',
  roleName: 'ALTRPublishSIEMDataAcme',
};

type Json = Record<string, never>;
type Stack = {
  terraform: { required_providers: { aws: { version: string } } };
  provider: { aws: [Record<string, unknown>] };
  resource: Record<string, Record<string, Record<string, unknown>>>;
  data: { aws_iam_policy_document: Record<string, { statement: Json[] }> };
  output: Record<string, { value: string }>;
};

const synth = (props: ExportStackProps = definition): Stack =>
  JSON.parse(Testing.synth(new ExportStack(Testing.app(), props)));

describe('the stack of an export', () => {
  const stack = synth();

  test('accepts the provider’s versions 5.100 to 6.x', () => {
    expect(stack.terraform.required_providers.aws.version).toBe('>= 5.100.0, < 7.0.0');
  });

  test('makes AWS’s defaults of the bucket explicit', () => {
    const { resource } = stack;
    expect(resource.aws_s3_bucket?.export_bucket).toMatchObject({
      bucket: 'acme-logs',
      force_destroy: false,
    });
    expect(resource.aws_s3_bucket_ownership_controls?.export_bucket_ownership).toMatchObject({
      rule: { object_ownership: 'BucketOwnerEnforced' },
    });
    expect(resource.aws_s3_bucket_public_access_block?.export_bucket_public_access_block).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(
      resource.aws_s3_bucket_server_side_encryption_configuration?.export_bucket_encryption,
    ).toMatchObject({
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
    });
  });

  test('writes both documents with constants, so that a plan shows them before anything exists', () => {
    const documents = stack.data.aws_iam_policy_document;
    expect(documents.export_policy_permissions?.statement).toEqual([
      { sid: 'ALTR0', effect: 'Allow', actions: ['s3:PutObject'], resources: ['arn:aws:s3:::acme-logs/*'] },
    ]);
    expect(documents.export_role_trust?.statement).toEqual([
      {
        effect: 'Allow',
        actions: ['sts:AssumeRole'],
        principals: [{ type: 'AWS', identifiers: ['arn:aws:iam::000011112222:root'] }],
        condition: [{ test: 'StringEquals', variable: 'sts:ExternalId', values: [definition.clientId] }],
      },
    ]);
  });

  test('hands over what the portal asks for', () => {
    const { output } = stack;
    expect(Object.keys(output).sort()).toEqual([
      'altr_export',
      'bucket_name',
      'bucket_region',
      'portal_handoff',
      'role_arn',
    ]);
    expect(output.portal_handoff?.value).toMatch(
      /S3 Bucket Name +acme-logs\n.*ARN for IAM Role +\$\{aws_iam_role\.export_role\.arn\}/,
    );
    expect(output.portal_handoff?.value).toMatch(/eu-west-1.*support@altr\.com/);
  });

  test('uses path style against an IP address, which a bucket’s name can’t be put before', () => {
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:5000';
    try {
      expect(synth().provider.aws[0].s3_use_path_style).toBe(true);
    } finally {
      delete process.env.AWS_ENDPOINT_URL;
    }
    expect(synth().provider.aws[0].s3_use_path_style).toBeUndefined();
  });

  test('writes ARNs of the region’s partition', () => {
    const text = JSON.stringify(synth({ ...definition, region: 'cn-north-1', partitionConfirmed: true }));
    expect(text).toContain('arn:aws-cn:s3:::acme-logs/*');
    expect(text).not.toContain('arn:aws:');
  });
});

describe('the construct', () => {
  test('refuses what the contract forbids, every fault at once', () => {
    expect(() => synth({ ...definition, roleName: 'Acme', bucket: 'Acme_logs', altrAccountId: '1' })).toThrow(
      /altrAccountId "1".*\n.*bucket "Acme_logs".*\n.*roleName "Acme" must start with ALTRPublishSIEMData/,
    );
  });

  test('refuses a definition that lacks something, for those who write JavaScript', () => {
    const { clientId: _, ...partial } = definition;
    expect(() => synth(partial as typeof definition)).toThrow(/^export acme: clientId is missing$/);
  });

  test('may stand twice in a stack of one’s own', () => {
    const stack = JSON.parse(
      Testing.synthScope((scope) => {
        new AltrAuditLogExport(scope, 'One', definition);
        new AltrAuditLogExport(scope, 'Two', {
          ...definition,
          bucket: 'acme-logs-2',
          roleName: 'ALTRPublishSIEMDataTwo',
        });
      }),
    ) as Stack;
    expect(Object.keys(stack.resource.aws_iam_role ?? {})).toHaveLength(2);
  });

  test('knows its contract', () => {
    expect(new ExportStack(Testing.app(), definition).export.contract).toEqual(contractFor(definition));
  });
});

test('a stack for each export lies in a folder of its name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-synth-'));
  try {
    const { name, clientId, bucket, region, roleName } = definition;
    const one = { name, clientId, bucket, region, roleName };
    const two = { ...one, name: 'acme-2', bucket: 'acme-logs-2', roleName: 'ALTRPublishSIEMDataAcme2' };
    synthesise({ altr: { awsAccountId: '000011112222' }, exports: [one, two] }, folder);
    for (const stack of ['acme', 'acme-2']) {
      expect(readFileSync(join(folder, 'stacks', stack, 'cdk.tf.json'), 'utf8')).toContain('"aws_iam_role"');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is for the audit alone changes nothing of a stack', () => {
  const { altrAccountId: _, ...input } = definition;
  const folder = mkdtempSync(join(tmpdir(), 'altr-audit-alone-'));
  const stackOf = (name: string, more: object) => {
    const outdir = join(folder, name);
    synthesise(
      configSchema.parse({ altr: { awsAccountId: '000011112222' }, exports: [{ ...input, ...more }] }),
      outdir,
    );
    return readFileSync(join(outdir, 'stacks', 'acme', 'cdk.tf.json'), 'utf8');
  };
  try {
    const plain = stackOf('plain', {});
    expect(stackOf('audited', { accessGrants: true, delivery: { expectEvery: '24h' } })).toBe(plain);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
