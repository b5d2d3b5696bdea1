/** The role that the config declares exists. */

import { unread } from '../evidence/outcome';
import { NO_ACCOUNT } from '../observe/observation';
import { createRole } from '../remedy/missing';
import type { Rule } from './rule';

export const roleExists: Rule = {
  metadata: {
    id: 'role-exists',
    title: 'The declared role exists',
    severity: 'high',
    reportsMissing: 'role',
    requirement: {
      text: 'The ALTR platform will use an IAM Role to ensure it has authorization to write objects into the S3 bucket.',
      source: 'vendor page, step 4 “Configure an IAM Role”',
    },
    risk: 'ALTR can’t assume a role that does not exist: no audit log reaches the bucket.',
    remediation: 'Deploy the export (`npx cdktf deploy <name>`), or correct `roleName` in the config.',
    examples: {
      violating: { summary: 'The role was deleted, or never created.', setUp: { roleExists: false } },
      compliant: { summary: 'The role exists.', setUp: {} },
    },
  },
  resource: ({ contract, observation }) =>
    observation.role.state === 'value' ? observation.role.value.arn : contract.roleName,
  judge: (context) => {
    const { contract, observation } = context;
    const { role } = observation;
    if (role.state === 'unreadable') return [unread(role.reason)];
    if (role.state === 'value') return [{ status: 'pass', fact: 'exists', message: 'The role exists.' }];
    const account =
      observation.accountId.state === 'value' && observation.accountId.value !== NO_ACCOUNT
        ? ` in account ${observation.accountId.value}`
        : '';
    return [
      {
        status: 'fail',
        fact: 'missing',
        message: `There is no role ${contract.roleName}${account}.`,
        expected: contract.roleName,
        actual: null,
        remediation: createRole(context),
      },
    ];
  },
};
