import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';
import { readerDocument, readerTrustDocument } from '../../config/options/readers';
import type { ExportContract } from '../../contract/contract';
import { type Conventions, conventionsOfPolicy, conventionsOfRole } from '../conventions';
import { policyDocument } from '../policy-document';

export interface ReaderProps {
  /** Name of the policy and of the role. */
  readonly name: string;
  readonly contract: ExportContract;
  /** Keys that logs in the bucket are encrypted with. */
  readonly keyArns: readonly string[];
  /** Who may assume the reader's role. @default no role is made */
  readonly trustedPrincipals?: readonly string[];
  readonly externalId?: string;
  readonly conventions: Conventions;
}

/** A consumer of the logs: a read-only policy for bucket and key, and on request a role that has it. */
export class Reader extends Construct {
  readonly policy: IamPolicy;
  readonly role: IamRole | undefined;

  constructor(scope: Construct, id: string, props: ReaderProps) {
    super(scope, id);
    const { name, contract, trustedPrincipals } = props;
    this.policy = new IamPolicy(this, 'Policy', {
      name,
      description: `Reads ALTR's audit logs in ${contract.bucket}.`,
      policy: policyDocument(this, 'Permissions', readerDocument(contract, contract.bucket, props.keyArns))
        .json,
      ...conventionsOfPolicy(props.conventions),
    });
    if (!trustedPrincipals) return;
    const trust = readerTrustDocument(contract.partition, trustedPrincipals, props.externalId);
    this.role = new IamRole(this, 'Role', {
      name,
      description: `Reads ALTR's audit logs in ${contract.bucket}.`,
      assumeRolePolicy: policyDocument(this, 'Trust', trust).json,
      ...conventionsOfRole(props.conventions),
    });
    new IamRolePolicyAttachment(this, 'Attachment', { role: this.role.id, policyArn: this.policy.arn });
  }
}
