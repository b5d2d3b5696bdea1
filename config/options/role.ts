/** The role that ALTR assumes, beyond what the vendor's page says about it. */
import * as z from 'zod';
import { policyArnFaults } from '../../contract/arn';
import { iamPathFaults, policyNameFaults } from '../../contract/names';
import { EXPORT_ACTION, KMS_WRITE_ACTIONS } from '../../contract/policies';
import { permissionPolicyName, replicationRoleName } from '../names';
import { type OptionGroup, validText, whenGiven } from './option';
import { readerRoleNames } from './readers';

/** What the construct and the Terraform module write unless told otherwise. A check takes it as the mark of a role that the kit made. */
export const KIT_DESCRIPTION = 'Assumed by ALTR to export audit logs to S3.';

export const roleOptionsSchema = whenGiven(() =>
  z
    .strictObject({
      description: z
        .string()
        .max(1000, 'must have at most 1000 characters')
        .regex(
          /^[\t\n\r\u0020-\u007E\u00A1-\u00FF]*$/,
          'must be Latin characters, which is all that IAM takes',
        )
        .default(KIT_DESCRIPTION)
        .describe('Description of the role.'),
      path: validText(
        iamPathFaults,
        'IAM path of every role and policy that the export makes, for example /altr/.',
      ).default('/'),
      permissionsBoundary: validText(
        policyArnFaults,
        'ARN of the policy that bounds every role that the export makes; it must allow ALTR’s role to put objects into the bucket, and the other roles what their own policies allow.',
      ).optional(),
      maxSessionHours: z
        .int()
        .min(1, 'must be 1 to 12 hours')
        .max(12, 'must be 1 to 12 hours')
        .default(1)
        .describe('Longest session that ALTR may ask for, in hours.'),
      policyName: validText(
        policyNameFaults,
        'Name of the permission policy; that of the role by default.',
      ).optional(),
      exclusive: z
        .boolean()
        .default(true)
        .describe(
          'Makes policies that somebody else adds to the role show up in terraform plan, and takes them off at the next apply.',
        ),
    })
    .describe(
      'The role that ALTR assumes; path and permissionsBoundary are for every role that the export makes.',
    ),
);

export const roleShape = { role: roleOptionsSchema.optional() };

export const role: OptionGroup = {
  arns: ({ role }) => [{ option: 'role.permissionsBoundary', arn: role?.permissionsBoundary }],
  names: (options, definition) => [
    {
      kind: 'policy',
      option: 'role.policyName',
      name: permissionPolicyName(definition, options),
      isWritten: options.role?.policyName !== undefined,
    },
  ],
  notes: (options, { contract, otherReaders }) => {
    if (!options.role?.permissionsBoundary) return [];
    const needsKey = options.encryption?.type === 'kms';
    const replication = replicationRoleName(contract, options);
    const others = [
      ...(replication ? [replication] : []),
      ...readerRoleNames(contract, options, otherReaders),
    ];
    return [
      `role.permissionsBoundary must allow ${EXPORT_ACTION} on ${contract.bucketArn}/*` +
        `${needsKey ? `, and ${KMS_WRITE_ACTIONS.join(' and ')} on the bucket’s key` : ''}: without that ALTR can’t write.`,
      ...(others.length > 0
        ? [
            `role.permissionsBoundary bounds ${others.join(', ')} as well: what it does not allow of their own policies, they can’t do.`,
          ]
        : []),
    ];
  },
};
