/** One export: the bucket that ALTR writes to, and the role by which it does. */
import type { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { Construct } from 'constructs';
import { contractFor, type ExportContract, type ExportDefinition } from '../contract/contract';
import { definitionFaults } from '../contract/definition-faults';
import { UserError } from '../contract/user-error';
import { policyDocument } from './policy-document';

export interface AltrAuditLogExportProps extends ExportDefinition {
  /**
   * Whether `terraform destroy` may delete the bucket with the audit logs in it.
   * @default false
   */
  readonly forceDestroy?: boolean;
}

/**
 * Provisions what the vendor's page has a person click together: a bucket with AWS's defaults made explicit, a policy
 * that allows `s3:PutObject` on its objects, and a role that only ALTR's account may assume, only with the
 * customer's client ID.
 *
 * The props are validated with the same contract that the auditor judges by; every fault is in one error.
 *
 * Not for a bucket that already exists: Terraform would try to create it.
 */
export class AltrAuditLogExport extends Construct {
  readonly contract: ExportContract;
  readonly bucket: S3Bucket;
  readonly role: IamRole;
  readonly policy: IamPolicy;

  /** @throws UserError with every fault of the props */
  constructor(scope: Construct, id: string, props: AltrAuditLogExportProps) {
    super(scope, id);
    const faults = definitionFaults(props);
    if (faults.length > 0)
      throw new UserError(faults.map((fault) => `export ${props.name}: ${fault}`).join('\n'));
    this.contract = contractFor(props);

    this.bucket = new S3Bucket(this, 'Bucket', {
      bucket: props.bucket,
      forceDestroy: props.forceDestroy ?? false,
    });
    const bucket = this.bucket.id;
    new S3BucketOwnershipControls(this, 'BucketOwnership', {
      bucket,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    new S3BucketPublicAccessBlock(this, 'BucketPublicAccessBlock', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'BucketEncryption', {
      bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    });

    const trust = policyDocument(this, 'Trust', this.contract.trust);
    this.role = new IamRole(this, 'Role', {
      name: props.roleName,
      description: 'Assumed by ALTR to export audit logs to S3.',
      assumeRolePolicy: trust.json,
    });
    const permissions: DataAwsIamPolicyDocument = policyDocument(
      this,
      'Permissions',
      this.contract.permissions,
    );
    this.policy = new IamPolicy(this, 'Policy', {
      name: props.roleName,
      description: `Lets ALTR put audit logs into ${props.bucket}.`,
      policy: permissions.json,
    });
    new IamRolePolicyAttachment(this, 'PolicyAttachment', {
      role: this.role.name,
      policyArn: this.policy.arn,
    });
  }
}
