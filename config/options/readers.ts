/** Those who consume the logs: Splunk, an analyst account. */
import * as z from 'zod';
import { principalPatternFaults, trustedPrincipalFaults } from '../../contract/arn';
import { exportNameFaults, externalIdFaults, roleNameFaults } from '../../contract/names';
import { judged } from './text';

export const attachedToSchema = z
  .array(judged(principalPatternFaults, 'ARN of a role or user of this account; * allowed in its name.'))
  .min(1, 'must name at least one')
  .describe(
    'Whom you attach the policy to, where no role is made: bucketPolicy.onlyReaders and the policy of a key that is made let them through.',
  );

export const readersSchema = z
  .array(
    z
      .strictObject({
        name: judged(exportNameFaults, 'Short name of the reader, unique in the export.'),
        trustedPrincipals: z
          .array(judged(trustedPrincipalFaults, 'Account ID, or ARN of a root, role or user.'))
          .min(1, 'must name at least one')
          .optional()
          .describe(
            'Who may assume the reader’s role. Without it no role is made, only a policy to attach to one of your own.',
          ),
        attachedTo: attachedToSchema.optional(),
        externalId: judged(externalIdFaults, 'sts:ExternalId that they must send.').optional(),
        roleName: judged(roleNameFaults, 'Name of the role and policy; derived by default.').optional(),
      })
      .describe('A reader of the logs.'),
  )
  .describe('Readers: each gets a policy, read-only on bucket and key, and on demand a role.');
