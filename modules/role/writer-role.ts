/** The role that ALTR assumes, and the policy by which it writes. */
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePoliciesExclusive } from '@cdktf/provider-aws/lib/iam-role-policies-exclusive';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { IamRolePolicyAttachmentsExclusive } from '@cdktf/provider-aws/lib/iam-role-policy-attachments-exclusive';
import { Construct } from 'constructs';
import { permissionPolicyName } from '../../config/names';
import type { ExportOptions } from '../../config/options';
import { roleOptionsSchema } from '../../config/options/role';
import type { ExportContract } from '../../contract/contract';
import { permissionDocument } from '../../contract/policies';
import { type Conventions, conventionsOfPolicy, conventionsOfRole } from '../conventions';
import { policyDocument } from '../policy-document';

/** The role with its trust policy. */
export class WriterRole extends Construct {
  readonly resource: IamRole;

  constructor(
    scope: Construct,
    id: string,
    props: { contract: ExportContract; options: ExportOptions; conventions: Conventions },
  ) {
    super(scope, id);
    const { contract, options, conventions } = props;
    const { description, maxSessionHours } = roleOptionsSchema.parse(options.role ?? {});
    this.resource = new IamRole(this, 'Resource', {
      name: contract.roleName,
      description,
      maxSessionDuration: maxSessionHours * 3600,
      assumeRolePolicy: policyDocument(this, 'Trust', contract.trust).json,
      ...conventionsOfRole(conventions),
    });
  }
}

/** The permission policy, attached to the role; and, with `exclusive`, nothing else attached to it. */
export class WriterPolicy extends Construct {
  readonly resource: IamPolicy;

  constructor(
    scope: Construct,
    id: string,
    props: {
      contract: ExportContract;
      options: ExportOptions;
      conventions: Conventions;
      role: IamRole;
      kmsKeyArn?: string;
    },
  ) {
    super(scope, id);
    const { contract, options, role, kmsKeyArn } = props;
    const { exclusive } = roleOptionsSchema.parse(options.role ?? {});
    const permissions = permissionDocument(contract.partition, contract.bucket, kmsKeyArn);
    this.resource = new IamPolicy(this, 'Resource', {
      name: permissionPolicyName(contract, options),
      description: `Lets ALTR put audit logs into ${contract.bucket}.`,
      policy: policyDocument(this, 'Permissions', permissions).json,
      ...conventionsOfPolicy(props.conventions),
    });
    const attachment = new IamRolePolicyAttachment(this, 'Attachment', {
      role: role.id,
      policyArn: this.resource.arn,
    });
    if (!exclusive) return;
    new IamRolePoliciesExclusive(this, 'NoInline', {
      roleName: role.id,
      policyNames: [],
      // Removes an inline policy by which ALTR writes today only after this policy is attached.
      dependsOn: [attachment],
    });
    new IamRolePolicyAttachmentsExclusive(this, 'NothingElseAttached', {
      roleName: role.id,
      policyArns: [this.resource.arn],
      // Both resources would attach the policy; only one should.
      dependsOn: [attachment],
    });
  }
}
