/** The auditor's policies as Terraform, formatted as `terraform fmt` does. */

import { hclString } from '../../contract/hcl';
import { type ContractDocument, type ContractStatement, listOf } from '../../contract/statement';

/** A resource `aws_iam_policy` to paste into a configuration. */
export function auditorPolicyTerraform(document: ContractDocument): string {
  return resource('aws_iam_policy', 'altr_auditor', [
    '  name        = "altr-auditor"',
    '  description = "Lets the ALTR audit-log export kit read what it audits, and nothing else."',
    ...encoded('policy', document),
  ]);
}

/** A resource `aws_iam_policy` for the role that reads the organization. */
export function organizationPolicyTerraform(document: ContractDocument): string {
  return resource('aws_iam_policy', 'altr_auditor_organization', [
    '  name        = "altr-auditor-organization"',
    '  description = "Lets the ALTR audit-log export kit read the policies of the organization, and nothing else."',
    ...encoded('policy', document),
  ]);
}

/** The organization's resource-based policy. It has only one, so this replaces what is there. */
export function delegationPolicyTerraform(document: ContractDocument): string {
  return resource('aws_organizations_resource_policy', 'altr_auditor', encoded('content', document));
}

function resource(type: string, name: string, lines: readonly string[]): string {
  return `${[`resource ${hclString(type)} ${hclString(name)} {`, ...lines, '}'].join('\n')}\n`;
}

function encoded(argument: string, { Version, Statement }: ContractDocument): string[] {
  return [
    `  ${argument} = jsonencode({`,
    `    Version = ${hclString(Version)}`,
    '    Statement = [',
    ...Statement.flatMap(statement),
    '    ]',
    '  })',
  ];
}

function statement({ Sid, Effect, Principal, Action, Resource }: ContractStatement): string[] {
  const principals = typeof Principal === 'object' ? Object.entries(Principal) : [];
  return [
    '      {',
    `        Sid    = ${hclString(Sid ?? '')}`,
    `        Effect = ${hclString(Effect)}`,
    ...(principals.length > 0
      ? [
          '        Principal = {',
          ...principals.map(
            ([kind, ids]) =>
              `          ${kind} = ${typeof ids === 'string' ? hclString(ids) : `[${ids.map(hclString).join(', ')}]`}`,
          ),
          '        }',
        ]
      : []),
    `        Action = [`,
    ...listOf(Action).map((action) => `          ${hclString(action)},`),
    '        ]',
    '        Resource = [',
    ...listOf(Resource ?? []).map((name) => `          ${hclString(name)},`),
    '        ]',
    '      },',
  ];
}
