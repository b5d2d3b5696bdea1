/** The role's name starts with the prefix that ALTR demands. */
import { hasRoleNamePrefix, ROLE_NAME_PREFIX } from '../../contract/names';
import { replaceRole } from '../remedy/missing';
import { roleRule } from './rule';

export const roleNamePrefix = roleRule(
  {
    id: 'role-name-prefix',
    title: `The role’s name starts with ${ROLE_NAME_PREFIX}, case-sensitively`,
    severity: 'high',
    requirement: {
      text: 'The name must start with ‘ALTRPublishSIEMData’. For example: “ALTRPublishSIEMDataMyRoleName”.',
      source: 'vendor page, step 4.6',
    },
    risk: 'ALTR’s own policy lets it assume roles with this prefix only: under another name no audit log is delivered.',
    remediation: 'IAM can’t rename a role: deploy one with a right name, and enter its ARN in ALTR’s portal.',
    examples: {
      violating: { summary: 'The prefix has another case.', setUp: { roleName: 'altrpublishsiemdataAcme' } },
      compliant: { summary: 'The prefix is exact.', setUp: {} },
    },
  },
  (role, context) => {
    if (hasRoleNamePrefix(role.name)) {
      return [{ status: 'pass', fact: 'has-prefix', message: `The name starts with ${ROLE_NAME_PREFIX}.` }];
    }
    const sameInAnotherCase = role.name.toLowerCase().startsWith(ROLE_NAME_PREFIX.toLowerCase());
    return [
      {
        status: 'fail',
        fact: 'lacks-prefix',
        message: `The role is named ${role.name}, which does not start with ${ROLE_NAME_PREFIX}${
          sameInAnotherCase ? ' (upper and lower case count)' : ''
        }.`,
        expected: `${ROLE_NAME_PREFIX}…`,
        actual: role.name,
        remediation: replaceRole(role, context),
      },
    ];
  },
);
