/** The role that a scheduled scan runs as: it reads what the audit needs, and nothing else. */
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { type AuditedExport, auditorPolicy } from '../checks/auditor-policy';
import { type AuditorTrust, auditorTrustDocument, auditorTrustFaults } from '../checks/auditor-policy/trust';
import { tagsSchema } from '../config/options/tags';
import { policyArnFaults } from '../contract/arn';
import { iamPathFaults, ROLE_NAME_PREFIX, roleNameFaults } from '../contract/names';
import { UserError } from '../contract/user-error';
import { type Conventions, conventionsOfRole } from './conventions';
import { policyDocument } from './policy-document';

export interface AltrAuditorRoleProps extends Conventions {
  /** The exports to audit: their roles, buckets, and the keys of their regions can be read. */
  readonly exports: readonly AuditedExport[];
  /** Who may assume the role: a CI system by its OIDC tokens, or an AWS account. */
  readonly trust: AuditorTrust;
  /** @default altr-auditor */
  readonly roleName?: string;
  /**
   * Seconds that a session may last, 3,600 to 43,200.
   * @default 3600
   */
  readonly maxSessionDuration?: number;
  /**
   * Whether the role may read the logs themselves, which the rule `delivery-alive` and `altr-export logs` do; what
   * `altr-export auditor-policy --read-logs` adds. A bucket under a key of your own needs `kms:Decrypt` on the key as well.
   * @default false
   */
  readonly readLogs?: boolean;
}

/** IAM and STS quotas: the inline policies of a role have at most 10,240 characters together. */
const INLINE_POLICY_LIMIT = 10_240;

/**
 * A read-only role for `altr-export check`, with the permissions that `altr-export auditor-policy` prints.
 *
 * Make one in every account that is audited. Not for a scan that runs as a principal which may read already: it needs
 * no role of its own.
 */
export class AltrAuditorRole extends Construct {
  readonly role: IamRole;
  readonly policy: IamRolePolicy;

  /** @throws UserError with every fault of the props, or if the logs of too many exports must be named in one policy */
  constructor(scope: Construct, id: string, props: AltrAuditorRoleProps) {
    super(scope, id);
    const roleName = props.roleName ?? 'altr-auditor';
    const faults = auditorRoleFaults(roleName, props);
    if (faults.length > 0)
      throw new UserError(faults.map((fault) => `auditor role ${roleName}: ${fault}`).join('\n'));

    const [first] = props.exports;
    const trust = policyDocument(this, 'Trust', auditorTrustDocument(props.trust, first?.region ?? ''));
    this.role = new IamRole(this, 'Role', {
      name: roleName,
      description: 'Reads what the ALTR audit-log export kit audits, and nothing else.',
      assumeRolePolicy: trust.json,
      maxSessionDuration: props.maxSessionDuration ?? 3600,
      ...conventionsOfRole(props),
    });
    const { document } = auditorPolicy(props.exports, {
      limit: INLINE_POLICY_LIMIT,
      readLogs: props.readLogs ?? false,
    });
    this.policy = new IamRolePolicy(this, 'Policy', {
      name: 'read-what-is-audited',
      role: this.role.id,
      policy: policyDocument(this, 'Permissions', document).json,
    });
  }
}

function auditorRoleFaults(roleName: string, props: AltrAuditorRoleProps): string[] {
  const { exports, trust, maxSessionDuration = 3600, path = '/', permissionsBoundary, tags = {} } = props;
  const faults = [
    ...roleNameFaults(roleName).map((fault) => `roleName ${JSON.stringify(roleName)} ${fault}`),
    ...auditorTrustFaults(trust),
    ...iamPathFaults(path).map((fault) => `path ${JSON.stringify(path)} ${fault}`),
    ...(permissionsBoundary === undefined ? [] : policyArnFaults(permissionsBoundary)).map(
      (fault) => `permissionsBoundary ${JSON.stringify(permissionsBoundary)} ${fault}`,
    ),
    ...(tagsSchema.safeParse(tags).error?.issues ?? []).map(
      ({ path: keys, message }) => `${['tags', ...keys].join('.')} ${message}`,
    ),
  ];
  if (roleName.toLowerCase().startsWith(ROLE_NAME_PREFIX.toLowerCase()))
    faults.push(`roleName must not start with ${ROLE_NAME_PREFIX}: that marks the roles that ALTR assumes`);
  if (exports.length === 0) faults.push('exports must name at least one export');
  if (!Number.isInteger(maxSessionDuration) || maxSessionDuration < 3600 || maxSessionDuration > 43_200)
    faults.push(`maxSessionDuration ${maxSessionDuration} must be 3600 to 43200 seconds`);
  return faults;
}
