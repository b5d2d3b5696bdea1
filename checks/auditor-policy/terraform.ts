/** The auditor's policies as Terraform, formatted as `terraform fmt` does. */

import type { ContractDocument } from '../../contract/statement';
import { jsonencode, resource } from '../remedy/hcl';

/** A resource `aws_iam_policy` to paste into a configuration. */
export function auditorPolicyTerraform(document: ContractDocument): string {
  return `${resource('aws_iam_policy', 'altr_auditor', {
    name: 'altr-auditor',
    description: 'Lets the ALTR audit-log export kit read what it audits, and nothing else.',
    policy: encoded(document),
  })}\n`;
}

/** A resource `aws_iam_policy` for the role that reads the organization. */
export function organizationPolicyTerraform(document: ContractDocument): string {
  return `${resource('aws_iam_policy', 'altr_auditor_organization', {
    name: 'altr-auditor-organization',
    description:
      'Lets the ALTR audit-log export kit read the policies of the organization, and nothing else.',
    policy: encoded(document),
  })}\n`;
}

/** The organization's resource-based policy. It has only one, so this replaces what is there. */
export function delegationPolicyTerraform(document: ContractDocument): string {
  return `${resource('aws_organizations_resource_policy', 'altr_auditor', { content: encoded(document) })}\n`;
}

/** Lists are to grow, so that each entry has a line. */
function encoded(document: ContractDocument) {
  return jsonencode(document, { entryALine: true });
}
