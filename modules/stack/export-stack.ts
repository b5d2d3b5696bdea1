/** The stack of one export: its provider, the construct, and what to enter in ALTR's portal. */
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformElement, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct, Node } from 'constructs';
import { hasIpHost } from '../../config/endpoint';
import { CONTRACT_OUTPUT, contractOutput } from '../../config/file/terraform-output';
import type { FeedOptions } from '../../config/options';
import { type Access, declaredAccount } from '../../config/options/access';
import type { Adopted } from '../../config/options/adopt';
import type { BackendConfig } from '../../config/options/backend';
import { preventsDestroy } from '../../config/options/destruction';
import { handoffFor } from '../../contract/handoff';
import { handoffOutput } from '../../contract/handoff-format';
import { AltrAuditLogExport, type AltrAuditLogExportProps } from '../altr-audit-log-export';
import { addBackend } from './backend';
import { importExisting } from './import-existing';

/**
 * The AWS provider's versions that what we emit works with. The provider bindings would write a constraint of their own
 * that shuts out provider 5.
 */
export const PROVIDER_VERSIONS = '>= 5.100.0, < 7.0.0';

/** Feeds are named in the outputs; `addReaders` makes them. */
export interface ExportStackProps
  extends Omit<AltrAuditLogExportProps, 'replicaProvider'>,
    Access,
    FeedOptions {
  /** The backend of the state. @default a file in the working directory */
  readonly backend?: BackendConfig;
  /** The provider's default tags. */
  readonly defaultTags?: Readonly<Record<string, string>>;
  /** What exists already and is imported. @default nothing */
  readonly adopt?: Adopted;
}

/** A stack named after its export, written to `cdktf.out/stacks/<name>/`. */
export class ExportStack extends TerraformStack {
  readonly export: AltrAuditLogExport;
  private rendered: ReturnType<TerraformStack['toTerraform']> | undefined;

  constructor(scope: Construct, props: ExportStackProps) {
    super(scope, props.name);
    const { backend, defaultTags, adopt, assumeRoleArn, externalId, profile, ...more } = props;
    const { logEvents, splunkFeed, alerts, ...definition } = more;
    const beside = { logEvents, alerts };
    const account = declaredAccount(props);
    const access = {
      ...(account ? { allowedAccountIds: [account] } : {}),
      profile,
      ...(assumeRoleArn ? { assumeRole: [{ roleArn: assumeRoleArn, externalId }] } : {}),
      ...(defaultTags ? { defaultTags: [{ tags: { ...defaultTags } }] } : {}),
      // The provider has no environment variable for path style.
      ...(hasIpHost(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL)
        ? { s3UsePathStyle: true }
        : {}),
    };
    new AwsProvider(this, 'aws', { region: props.region, ...access });
    this.addOverride('terraform.required_providers.aws.version', PROVIDER_VERSIONS);
    addBackend(this, props.name, backend);
    const replicaProvider =
      props.replication &&
      new AwsProvider(this, 'replica', { alias: 'replica', region: props.replication.region, ...access });
    this.export = new AltrAuditLogExport(this, 'Export', {
      ...definition,
      preventDestroy:
        props.preventDestroy ?? (adopt && !props.existingBucket ? preventsDestroy(props) : undefined),
      accountId: account,
      replicaProvider,
    });
    if (adopt) importExisting(this.export, adopt, !props.tags && !defaultTags);
    const roleArn = this.export.role.arn;
    this.output('role_arn', roleArn, 'ARN of the role that ALTR assumes.');
    this.output('bucket_name', this.export.bucket?.bucket ?? props.bucket, 'Bucket that ALTR writes to.');
    this.output('bucket_region', props.region, 'Region of the bucket.');
    this.output(
      CONTRACT_OUTPUT,
      contractOutput(this.export.contract, roleArn, { ...definition, splunkFeed, alerts }),
      'What was deployed, for altr-export check --terraform-output.',
    );
    this.output(
      'portal_handoff',
      handoffOutput(
        handoffFor({ bucket: props.bucket, region: props.region, roleArn, notes: this.export.notes(beside) }),
      ),
      'What to enter in ALTR’s portal.',
    );
  }

  /**
   * Renders the stack once, for its judgement and for its file: rendering takes most of the time of a synth. Nothing can be
   * added afterwards.
   */
  seal(): void {
    this.prepareStack();
    this.rendered = super.toTerraform();
  }

  override toTerraform(): ReturnType<TerraformStack['toTerraform']> {
    return this.rendered ?? super.toTerraform();
  }

  /** Resource addresses without cdktf's hashes: `aws_iam_role.export_role`. The path within the stack is unique. */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const { path } = element instanceof TerraformElement ? element.node : element;
    const words = path
      .split('/')
      .slice(1)
      .filter((id) => id !== 'Resource')
      .join('_');
    return words.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  }

  /** An output named as it is given. */
  output(name: string, value: string | object, description: string): void {
    new TerraformOutput(this, name, { value, description, staticId: true });
  }
}
