/** The stack of one export: its provider, the construct, and what to enter in ALTR's portal. */
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformElement, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct, Node } from 'constructs';
import { hasIpHost } from '../contract/endpoint';
import { handoffFor } from '../contract/handoff';
import { formatHandoff } from '../contract/handoff-format';
import { AltrAuditLogExport, type AltrAuditLogExportProps } from './altr-audit-log-export';

/**
 * The AWS provider's versions that what we emit works with. The provider bindings would write a constraint of their own
 * that shuts out provider 5.
 */
export const PROVIDER_VERSIONS = '>= 5.100.0, < 7.0.0';

/** A stack named after its export; it lies in `cdktf.out/stacks/<name>/`. State is local. */
export class ExportStack extends TerraformStack {
  readonly export: AltrAuditLogExport;

  constructor(scope: Construct, props: AltrAuditLogExportProps) {
    super(scope, props.name);
    new AwsProvider(this, 'aws', {
      region: props.region,
      // The provider has no environment variable for path style.
      ...(hasIpHost(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL)
        ? { s3UsePathStyle: true }
        : {}),
    });
    this.addOverride('terraform.required_providers.aws.version', PROVIDER_VERSIONS);
    this.export = new AltrAuditLogExport(this, 'Export', props);
    const { bucket, role } = this.export;
    const roleArn = role.arn;
    this.output('role_arn', roleArn, 'ARN of the role that ALTR assumes.');
    this.output('bucket_name', bucket.bucket, 'Bucket that ALTR writes to.');
    this.output('bucket_region', props.region, 'Region of the bucket.');
    this.output(
      'portal_handoff',
      formatHandoff(handoffFor({ bucket: props.bucket, region: props.region, roleArn })),
      'What to enter in ALTR’s portal.',
    );
  }

  /** Resource addresses without cdktf's hashes: `aws_iam_role.export_role`. The path within the stack is unique. */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const { path } = element instanceof TerraformElement ? element.node : element;
    const words = path.split('/').slice(1).join('_');
    return words.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  }

  /** An output named as it is given. */
  output(name: string, value: string, description: string): void {
    new TerraformOutput(this, name, { value, description, staticId: true });
  }
}
